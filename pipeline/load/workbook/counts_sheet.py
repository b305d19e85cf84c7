"""The sheet "Tổng hợp" where no rulebook is in force: every unit's counts, and that nothing may be scored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from openpyxl import Workbook

from pipeline.load.content.frame_rows import figures_by_unit, levels_of, records, unit_remark
from pipeline.load.content.headings import Headings
from pipeline.load.excel import styles
from pipeline.load.excel.sheet import Sheet
from pipeline.load.excel.styles import BODY, CENTER, HEAD, LINE, SECTION
from pipeline.load.report.templating import roman
from pipeline.load.workbook.summary_sheet import NAME, finish, put_heading
from pipeline.result import Scored
from schemas.measures import COUNT_NAMES

#: band -> (measure, heading)
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
#: shown only where there are any
_OTHERS: Final = ("withdrawn", "returned")


def counts_sheet(workbook: Workbook, scored: Scored, headings: Headings) -> Sheet:
    """What every unit received, resolved and still has, each level's own row before its units."""
    checked = scored.checked
    figures = figures_by_unit(checked)
    others = [m for m in _OTHERS if any(f.get(m) for f in figures.values())]
    measures = [m for columns in _BANDS.values() for m, _ in columns] + others
    sheet = Sheet(workbook, NAME, [5.5, 30.0, *[9.5] * len(measures), 34.0])
    alone = LINE.with_(bold=True, horizontal="center")
    head = put_heading(sheet, headings.counts_title, headings, headings.no_rulebook, alone)
    _put_head(sheet, head, others)
    row, rows = head + 2, records(checked.entities)
    for position, (level, name) in enumerate(levels_of(checked), 1):
        sheet.put(row, 1, f"{roman(position)}. {name.upper()}", SECTION, columns=len(sheet.widths))
        own = [r for r in rows if r["level"] == level and r["kind"] == "level"]
        units = [r for r in rows if r["level"] == level and r["kind"] == "unit"]
        for offset, entity in enumerate([*own, *units], 1):
            number = offset - len(own) if entity["kind"] == "unit" else None
            _put_row(sheet, row + offset, number, entity, measures, figures.get(str(entity["unit_id"]), {}))
        row += len(own) + len(units) + 1
    return finish(sheet, head)


def _put_row(
    sheet: Sheet,
    row: int,
    number: int | None,
    entity: Mapping[str, Any],
    measures: Sequence[str],
    known: Mapping[str, int],
) -> None:
    bold = number is None  # the level itself
    sheet.put(row, 1, number, CENTER.with_(number=styles.WHOLE))
    sheet.put(row, 2, entity["name"], BODY.with_(bold=bold))
    for column, measure in enumerate(measures, 3):
        look = BODY.with_(horizontal="right", number=styles.COUNT, bold=bold)
        sheet.put(row, column, known.get(measure), look)
    status = str(entity["status"])
    note = "" if status == "scored" else unit_remark(status, str(entity["status_reason"]), {})
    sheet.put(row, 3 + len(measures), note, BODY.with_(size=11))


def _put_head(sheet: Sheet, row: int, others: Sequence[str]) -> None:
    small = HEAD.with_(size=11)
    sheet.put(row, 1, "STT", HEAD, rows=2)
    sheet.put(row, 2, "TÊN CƠ QUAN, ĐƠN VỊ", HEAD, rows=2)
    column = 3
    for band, columns in _BANDS.items():
        sheet.put(row, column, band, HEAD, columns=len(columns))
        for offset, (_, title) in enumerate(columns):
            sheet.put(row + 1, column + offset, title, small)
        column += len(columns)
    for measure in others:
        sheet.put(row, column, COUNT_NAMES[measure], small, rows=2)
        column += 1
    sheet.put(row, column, "GHI CHÚ", HEAD, rows=2)
