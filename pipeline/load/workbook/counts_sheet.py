"""The sheet "Tổng hợp" of a quarter without a rulebook: the counts of every unit, and why there are no scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from openpyxl import Workbook

from pipeline.load.content.frame_rows import Figures, Row, figures_by_unit, level_names, records
from pipeline.load.content.headings import SheetHeadings
from pipeline.load.content.remarks import unit_remark
from pipeline.load.excel.sheet_writer import SheetWriter
from pipeline.load.excel.styles import BODY, COUNT_FORMAT, FORM_SIZE, HEAD, NOTE, ORDINAL, SMALL_HEAD
from pipeline.load.excel.text_size import column_units, text_width
from pipeline.load.workbook.summary_table import SHEET_NAME, finish_table, put_group_title, put_heading
from pipeline.result import Scored
from pipeline.text import vn_int
from schemas.measures import COUNT_NAMES

#: heading of a group of columns -> (measure, heading)
_BANDS: Final = {
    "Tiếp nhận": (
        ("received_total", "Tổng số"),
        ("received_online", "Trực tuyến"),
        ("received_direct", "Trực tiếp, bưu chính"),
        ("carried_over", "Kỳ trước chuyển qua"),
    ),
    "Đã giải quyết": (
        ("resolved_total", "Tổng số"),
        ("resolved_early", "Trước hạn"),
        ("resolved_on_time", "Đúng hạn"),
        ("resolved_late", "Quá hạn"),
    ),
    "Đang giải quyết": (
        ("pending_total", "Tổng số"),
        ("pending_in_time", "Trong hạn"),
        ("pending_overdue", "Quá hạn"),
    ),
}
#: measures that have a column only if some unit has such dossiers
_OTHERS: Final = ("withdrawn", "returned")


def write_counts_sheet(workbook: Workbook, scored: Scored, headings: SheetHeadings) -> SheetWriter:
    """Dossiers received, resolved and pending: under each level its own row, then its units."""
    checked = scored.checked
    figures = figures_by_unit(checked)
    others = [m for m in _OTHERS if any(f.get(m) for f in figures.values())]
    measures = [m for columns in _BANDS.values() for m, _ in columns] + others
    sheet = SheetWriter(workbook, SHEET_NAME, [5.5, 30.0, *[count_width(figures, 9.5)] * len(measures), 34.0])
    head = put_heading(sheet, headings.counts_title, headings, headings.no_rulebook)
    _put_head(sheet, head, others)
    row, rows = head + 2, records(checked.entities)
    for position, (level, name) in enumerate(level_names(checked), 1):
        put_group_title(sheet, row, position, name)
        own = [r for r in rows if r["level"] == level and r["kind"] == "level"]
        units = [r for r in rows if r["level"] == level and r["kind"] == "unit"]
        for offset, entity in enumerate([*own, *units], 1):
            number = offset - len(own) if entity["kind"] == "unit" else None
            _put_row(sheet, row + offset, number, entity, measures, figures.get(str(entity["unit_id"]), {}))
        row += len(own) + len(units) + 1
    return finish_table(sheet, head)


def count_width(figures: Mapping[str, Figures], least: float) -> float:
    """Width of a column, in Excel's units, that holds the largest count: one that does not fit is shown as ####."""
    largest = max((value for mine in figures.values() for value in mine.values()), default=0)
    return max(least, column_units(text_width(vn_int(largest), FORM_SIZE, bold=True)))


def _put_row(
    sheet: SheetWriter,
    row: int,
    number: int | None,
    entity: Row,
    measures: Sequence[str],
    figures: Figures,
) -> None:
    """The row of a unit, or of the level itself, whose `number` is None."""
    bold = number is None
    sheet.put(row, 1, number, ORDINAL)
    sheet.put(row, 2, entity["name"], BODY.with_(bold=bold))
    count = BODY.with_(horizontal="right", number=COUNT_FORMAT, bold=bold)
    for column, measure in enumerate(measures, 3):
        sheet.put(row, column, figures.get(measure), count)
    status = str(entity["status"])
    note = "" if status == "scored" else unit_remark(status, str(entity["status_reason"]), {})
    sheet.put(row, 3 + len(measures), note, NOTE)


def _put_head(sheet: SheetWriter, row: int, others: Sequence[str]) -> None:
    """The two rows of headers."""
    sheet.put(row, 1, "STT", HEAD, rows=2)
    sheet.put(row, 2, "TÊN CƠ QUAN, ĐƠN VỊ", HEAD, rows=2)
    column = 3
    for band, columns in _BANDS.items():
        sheet.put(row, column, band, HEAD, columns=len(columns))
        for offset, (_, title) in enumerate(columns):
            sheet.put(row + 1, column + offset, title, SMALL_HEAD)
        column += len(columns)
    for measure in others:
        sheet.put(row, column, COUNT_NAMES[measure], SMALL_HEAD, rows=2)
        column += 1
    sheet.put(row, column, "GHI CHÚ", HEAD, rows=2)
