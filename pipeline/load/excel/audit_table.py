"""A table to check rather than to sign: one header row with filters, frozen panes, columns as wide as their content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import pandas as pd
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from pipeline.load.content.display_names import Names
from pipeline.load.excel import styles
from pipeline.load.excel.sheet import Sheet, content_width
from pipeline.load.excel.text_size import text_width, units_for

Kind = Literal["text", "center", "count", "score", "exact"]

_LOOKS: Final = {
    "text": styles.AUDIT_BODY,
    "center": styles.AUDIT_BODY.with_(horizontal="center"),
    "count": styles.AUDIT_BODY.with_(horizontal="right", number=styles.COUNT),
    "score": styles.AUDIT_BODY.with_(horizontal="right", number=styles.TWO_PLACES),
    "exact": styles.AUDIT_BODY.with_(horizontal="right", number=styles.EXACT),
}
_NUMBERS: Final = {"count": 11.0, "score": 9.0, "exact": 11.0}
#: the row of the headings; the first row of values follows
HEAD_ROW: Final = 3
#: room for the filter's arrow beside a heading's longest word
_ARROW: Final = 3.0


@dataclass(frozen=True)
class Column:
    """A column: heading, values (text, numbers, None or NA for nothing), what they are, and how wide it may become."""

    title: str
    values: Sequence[object]
    kind: Kind = "text"
    most: float = 40.0


@dataclass(frozen=True)
class Table:
    """A sheet of columns of one length. `fills`: a colour a row or "", in the columns `filled` (or all)."""

    name: str
    title: str
    columns: Sequence[Column]
    note: str = ""
    fills: Sequence[str] = field(default_factory=tuple)
    filled: Sequence[str] = field(default_factory=tuple)
    frozen: int = 1  # columns that stay in view
    footnotes: Sequence[str] = field(default_factory=tuple)  # under the table, out of the filter's reach


def subjects(frame: pd.DataFrame, names: Names, unit: float, criterion: float) -> list[Column]:
    """Whose score and of what a row is; how wide each of the two columns may become."""
    labels = zip(frame["number"], frame["label"], strict=True)
    return [
        Column("Đơn vị", [names.unit(u) for u in frame["unit_id"]], most=unit),
        Column("Tiêu chí", [f"{number}. {label}" for number, label in labels], most=criterion),
    ]


def texts(frame: pd.DataFrame, column: str) -> list[str]:
    """A text column as a list."""
    return [str(x) for x in frame[column]]


def numbers(frame: pd.DataFrame, column: str) -> list[object]:
    """A nullable number column as a list with None for NA."""
    return [None if pd.isna(x) else x for x in frame[column]]


def write_table(workbook: Workbook, table: Table) -> Sheet:
    """Add the table as a sheet, ready to print on A4 landscape. Rows keep the order given."""
    count = len(table.columns)
    lengths = {len(c.values) for c in table.columns}
    if len(lengths) != 1:
        raise ValueError(f"{table.name}: columns of different lengths {sorted(lengths)}")
    length = lengths.pop()
    sheet = Sheet(workbook, table.name, [_width(c) for c in table.columns])
    note = table.note if length else f"{table.note} Không có dòng nào.".strip()
    sheet.put(1, 1, table.title, styles.AUDIT_TITLE, columns=count)
    sheet.put(2, 1, note, styles.SMALL, columns=count)
    head = HEAD_ROW
    for position, column in enumerate(table.columns, 1):
        sheet.put(head, position, column.title, styles.AUDIT_HEAD)
        look = _LOOKS[column.kind]
        coloured = bool(table.fills) and column.title in (table.filled or [c.title for c in table.columns])
        for row, value in enumerate(column.values):
            fill = table.fills[row] if coloured else ""
            sheet.put(head + 1 + row, position, value, look.with_(fill=fill) if fill else look)
    for offset, footnote in enumerate(table.footnotes):
        sheet.put(head + length + 2 + offset, 1, footnote, styles.LINE.with_(size=styles.AUDIT_SIZE), columns=count)
    sheet.fit()
    last = get_column_letter(count)
    sheet.ws.auto_filter.ref = f"A{head}:{last}{head + length}"
    sheet.ws.freeze_panes = f"{get_column_letter(table.frozen + 1)}{head + 1}"
    styles.page(sheet.ws, landscape=True, repeat=f"{head}:{head}")
    return sheet


def _width(column: Column) -> float:
    """Wide enough for the heading's longest word with its filter arrow and the content, up to the column's limit."""
    words = column.title.split()
    longest = max(text_width(w, styles.AUDIT_SIZE, bold=True) for w in words)
    least = max(units_for(longest) + _ARROW, _NUMBERS.get(column.kind, 6.0))
    found = [v for v in column.values if isinstance(v, str)]
    return content_width(found, _LOOKS[column.kind], least=round(least, 1), most=max(column.most, least))
