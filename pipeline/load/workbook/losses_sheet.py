"""The sheet “Mất điểm”: points lost by unit and criterion, and a chart per level of the criteria that cost most."""

from __future__ import annotations

from typing import Final

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from pipeline.load.content.chart_findings import losses_title
from pipeline.load.content.frame_rows import level_names, records
from pipeline.load.content.lost_points import loss_columns, lost_points
from pipeline.load.excel.native_charts import ChartArea, add_bars
from pipeline.load.excel.page_setup import set_up_page
from pipeline.load.excel.sheet_writer import SheetWriter
from pipeline.load.excel.styles import (
    AUDIT_BODY,
    AUDIT_HEAD,
    AUDIT_NAME,
    AUDIT_SUBHEAD,
    AUDIT_TITLE,
    DIFFERENCE_FILL,
    SMALL,
    set_tab,
)
from pipeline.result import Scored

LOSSES_SHEET: Final = "Mất điểm"
_NUMBER: Final = AUDIT_BODY.with_(horizontal="right", number="[$-42A]0.00")
_HEAD: Final = 4
#: points lost from which a cell is coloured
_MUCH: Final = 1.0
#: centimetres: width of a chart, height of a bar and of what is around the bars; height of a row
_CHART_WIDTH, _BAR, _AROUND, _ROW = 18.0, 0.7, 3.0, 0.53


def write_losses_sheet(workbook: Workbook, scored: Scored) -> bool:
    """Add the sheet; False, and nothing added, where there are no scores."""
    book, losses = scored.rulebook, lost_points(scored)
    if book is None or not losses:
        return False
    criteria = [(name, heading) for name, heading, _ in loss_columns(book)]
    width = 3 + len(criteria)
    sheet = SheetWriter(workbook, LOSSES_SHEET, [22.0, 36.0, *[8.5] * len(criteria), 10.0])
    sheet.put(1, 1, "ĐIỂM MẤT Ở TỪNG NHÓM" if book.groups else "ĐIỂM MẤT Ở TỪNG TIÊU CHÍ", AUDIT_TITLE, columns=width)
    note = "Điểm tối đa trừ điểm in; “–”: tiêu chí không tính; tô màu: mất từ 1 điểm. Xếp theo số điểm mất."
    sheet.put(2, 1, note, SMALL, columns=width)
    for column, head in enumerate(("Cấp", "Đơn vị", *(h for _, h in criteria), "Cộng"), 1):
        sheet.put(_HEAD, column, head, AUDIT_HEAD)
    row, sums = _HEAD, {}
    for level, name in level_names(scored.checked):
        units = [
            (str(r["name"]), {x.criterion: x.lost for x in losses[str(r["unit_id"])]})
            for r in records(scored.unit_scores)
            if r["level"] == level and r["total"] is not None and str(r["unit_id"]) in losses
        ]
        for unit, lost in sorted(units, key=lambda u: -sum(v or 0.0 for v in u[1].values())):
            row += 1
            sheet.put(row, 1, name, AUDIT_BODY)
            sheet.put(row, 2, unit, AUDIT_BODY)
            for column, (criterion, _) in enumerate(criteria, 3):
                value = lost.get(criterion)
                style = _NUMBER.with_(fill=DIFFERENCE_FILL) if (value or 0.0) >= _MUCH else _NUMBER
                sheet.put(row, column, "–" if value is None else value, style)
            sheet.put(row, width, sum(v or 0.0 for v in lost.values()), _NUMBER.with_(bold=True))
        if units:
            sums[name] = {head: sum(lost.get(c) or 0.0 for _, lost in units) for c, head in criteria}
    last = row
    row += 2
    for name, by_criterion in sums.items():
        row = _level_chart(sheet, row, name, by_criterion)
    sheet.fit()
    sheet.ws.auto_filter.ref = f"A{_HEAD}:{get_column_letter(width)}{last}"
    sheet.ws.freeze_panes = f"C{_HEAD + 1}"
    set_up_page(sheet.ws, landscape=True, repeat=f"{_HEAD}:{_HEAD}")
    set_tab(sheet.ws, "score")
    return True


def _level_chart(sheet: SheetWriter, row: int, name: str, by_criterion: dict[str, float]) -> int:
    """The points that the units of a level lost together, by criterion, and their chart. Returns the next free row."""
    sheet.put(row, 1, name, AUDIT_NAME)
    sheet.put(row, 2, "Điểm các đơn vị mất, cộng lại", AUDIT_SUBHEAD)
    ordered = sorted(by_criterion.items(), key=lambda item: -item[1])
    for offset, (head, points) in enumerate(ordered, 1):
        sheet.put(row + offset, 1, head, AUDIT_BODY)
        sheet.put(row + offset, 2, round(points, 6), _NUMBER)
    area = ChartArea(1, 2, 2, row, row + len(ordered))
    height = _AROUND + _BAR * len(ordered)
    title = losses_title(name, by_criterion)
    add_bars(sheet.ws, f"D{row}", title, area, size=(_CHART_WIDTH, height))
    return row + max(len(ordered) + 3, round(height / _ROW) + 2)
