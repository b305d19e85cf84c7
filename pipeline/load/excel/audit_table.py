"""A table for checking as a sheet: a header row with filters, frozen panes, columns as wide as their texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import pandas as pd
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from pipeline.load.content.display_names import DisplayNames
from pipeline.load.excel import styles
from pipeline.load.excel.page_setup import set_up_page
from pipeline.load.excel.sheet_writer import SheetWriter, content_width
from pipeline.load.excel.text_size import column_units, text_width
from pipeline.text import vn_int

Kind = Literal["text", "center", "count", "score", "exact"]

_STYLES: Final = {
    "text": styles.AUDIT_BODY,
    "center": styles.AUDIT_BODY.with_(horizontal="center"),
    "count": styles.AUDIT_BODY.with_(horizontal="right", number=styles.COUNT_FORMAT),
    "score": styles.AUDIT_BODY.with_(horizontal="right", number=styles.TWO_PLACES_FORMAT),
    "exact": styles.AUDIT_BODY.with_(horizontal="right", number=styles.EXACT_FORMAT),
}
#: least width of a column of numbers, in Excel's units
_NUMBER_WIDTHS: Final = {"count": 11.0, "score": 9.0, "exact": 11.0}
#: the row of the headings; the first row of values follows
HEAD_ROW: Final = 3
#: Excel's units for the filter's arrow beside the longest word of a heading
_ARROW: Final = 3.0
#: lines of a text in the tallest row, part of which are not full; a text of so many letters fits into any column
_MOST_LINES: Final = 18
_SHORT: Final = 150
#: Excel's limit for the width of a column
_WIDEST: Final = 255.0


@dataclass(frozen=True)
class AuditColumn:
    """A column of an audit table: its heading, a value a row (text or number, None or NA for an empty cell).

    `kind`: alignment and number format; `most`: its greatest width, in Excel's units, unless a text would not fit into
    the tallest row; `links`: a place in the workbook (`'Số liệu'!A4:H9`) or "" a row, () for a column without links.
    """

    title: str
    values: Sequence[object]
    kind: Kind = "text"
    most: float = 40.0
    links: Sequence[str] = field(default_factory=tuple)


@dataclass(frozen=True)
class AuditTable:
    """A sheet with a table for checking. All columns have one length.

    `name`: of the sheet; `title` and `note`: above the table; `fills`: a colour (RRGGBB) or "" a row, in the columns
    with the headings `filled`, or in all; `frozen`: columns that stay in view; `footnotes`: lines below the table,
    outside of its filter.
    """

    name: str
    title: str
    columns: Sequence[AuditColumn]
    note: str = ""
    fills: Sequence[str] = field(default_factory=tuple)
    filled: Sequence[str] = field(default_factory=tuple)
    frozen: int = 1
    footnotes: Sequence[str] = field(default_factory=tuple)


def score_subjects(
    frame: pd.DataFrame, names: DisplayNames, unit_width: float, criterion_width: float
) -> list[AuditColumn]:
    """The columns “Đơn vị” and “Tiêu chí” of a frame with `unit_id`, `number` and `label`; widths are the greatest."""
    labels = zip(frame["number"], frame["label"], strict=True)
    return [
        AuditColumn("Đơn vị", [names.unit(u) for u in frame["unit_id"]], most=unit_width),
        AuditColumn("Tiêu chí", [f"{number}. {label}" for number, label in labels], most=criterion_width),
    ]


def text_values(frame: pd.DataFrame, column: str) -> list[str]:
    """A column of a frame as texts."""
    return [str(x) for x in frame[column]]


def number_values(frame: pd.DataFrame, column: str) -> list[object]:
    """A column of a frame as numbers, None for NA."""
    return [None if pd.isna(x) else x for x in frame[column]]


def write_audit_table(workbook: Workbook, table: AuditTable) -> SheetWriter:
    """Add the table as a sheet, ready to print on A4 landscape. Rows keep their order.

    Raises ValueError for columns of different lengths.
    """
    count = len(table.columns)
    lengths = {len(c.values) for c in table.columns}
    if len(lengths) != 1:
        raise ValueError(f"{table.name}: columns of different lengths {sorted(lengths)}")
    length = lengths.pop()
    sheet = SheetWriter(workbook, table.name, [_width(c) for c in table.columns])
    note = table.note if length else f"{table.note} Không có dòng nào.".strip()
    sheet.put(1, 1, table.title, styles.AUDIT_TITLE, columns=count)
    sheet.put(2, 1, note, styles.SMALL, columns=count)
    head = HEAD_ROW
    for position, column in enumerate(table.columns, 1):
        sheet.put(head, position, column.title, styles.AUDIT_HEAD)
        style = _STYLES[column.kind]
        coloured = bool(table.fills) and column.title in (table.filled or [c.title for c in table.columns])
        for row, value in enumerate(column.values):
            fill = table.fills[row] if coloured else ""
            link = column.links[row] if column.links else ""
            shown = style.with_(fill=fill) if fill else style
            sheet.put(head + 1 + row, position, value, styles.as_link(shown) if link else shown)
            if link:
                styles.point_cell(sheet.ws.cell(head + 1 + row, position), location=link)
    for offset, footnote in enumerate(table.footnotes):
        sheet.put(head + length + 2 + offset, 1, footnote, styles.AUDIT_FOOTNOTE, columns=count)
    sheet.fit()
    last = get_column_letter(count)
    sheet.ws.auto_filter.ref = f"A{head}:{last}{head + length}"
    sheet.ws.freeze_panes = f"{get_column_letter(table.frozen + 1)}{head + 1}"
    set_up_page(sheet.ws, landscape=True, repeat=f"{head}:{head}")
    return sheet


def _width(column: AuditColumn) -> float:
    """Width, in Excel's units, for the heading's longest word with the filter's arrow and the texts up to `most`."""
    words = column.title.split()
    longest = max(text_width(w, styles.AUDIT_SIZE, bold=True) for w in words)
    least = max(column_units(longest) + _ARROW, _NUMBER_WIDTHS.get(column.kind, 6.0), _number_width(column))
    found = [v for v in column.values if isinstance(v, str)]
    most = max(column.most, least, column_units(max(map(_narrowest, found), default=0.0)))
    return content_width(found, _STYLES[column.kind], least=round(least, 1), most=min(most, _WIDEST))


def _number_width(column: AuditColumn) -> float:
    """Width that the largest whole number needs: a number that does not fit is shown as ####."""
    numbers = [abs(float(v)) for v in column.values if not isinstance(v, str) and hasattr(v, "__float__")]
    return column_units(text_width(vn_int(int(max(numbers, default=0.0))), styles.AUDIT_SIZE))


def _narrowest(text: str) -> float:
    """Points of width at which a text still fits into the tallest row."""
    return text_width(text, styles.AUDIT_SIZE) / _MOST_LINES if len(text) > _SHORT else 0.0
