"""The sheet “Biểu đồ”: per level the totals, best first, and the shares of dossiers early, on time and late."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Final, TypeVar

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break

from pipeline.load.content.chart_findings import late_share, short_name, times_title, totals_title
from pipeline.load.content.frame_rows import Figures, Row, figures_by_unit, level_names, records
from pipeline.load.content.level_places import LevelPlaces, level_places
from pipeline.load.excel.native_charts import ChartArea, add_bars
from pipeline.load.excel.page_setup import set_up_page
from pipeline.load.excel.sheet_writer import SheetWriter
from pipeline.load.excel.styles import (
    AUDIT_BODY,
    AUDIT_SUBHEAD,
    AUDIT_TITLE,
    COUNT_FORMAT,
    TWO_PLACES_FORMAT,
    CellStyle,
    set_tab,
)
from pipeline.result import Scored
from pipeline.text import vn_int

T = TypeVar("T")

SHEET_NAME: Final = "Biểu đồ"
#: columns that are printed, and their width in Excel's units
_PRINTED, _WIDTH = 8, 12.0
#: the first column of the values of the charts, to the right of what is printed
_VALUES: Final = _PRINTED + 2
#: widths of the columns of values, in Excel's units: totals, a gap, times
_VALUE_WIDTHS: Final = (50.0, 11.0, 3.0, 44.0, 11.0, 11.0, 11.0)
_NAME, _TOTAL = _VALUES, _VALUES + 1
_TIME_NAME, _EARLY = _VALUES + 3, _VALUES + 4
_TIMES: Final = (("resolved_early", "Trước hạn"), ("resolved_on_time", "Đúng hạn"), ("resolved_late", "Quá hạn"))
#: units in one chart: more would not fit on a page
_MOST: Final = 20
#: centimetres: width of a chart, height of a bar with room for its name, of what is around the bars, and of a row
_CHART_WIDTH, _BAR, _AROUND, _ROW = 17.5, 0.75, 3.0, 0.53
#: centimetres of charts that an upright page holds
_PAGE: Final = 24.0

_NUMBER: Final = AUDIT_BODY.with_(horizontal="right")


def write_chart_sheet(workbook: Workbook, scored: Scored) -> bool:
    """Add the sheet. Returns False, and adds nothing, where no unit has resolved dossiers or a total."""
    ranked = {places.level: places for places in level_places(scored)}
    timed = _times(scored)
    levels = [(x, name) for x, name in level_names(scored.checked) if x in ranked or timed.get(x)]
    if not levels:
        return False
    widths = [_WIDTH] * _PRINTED + [3.0] + list(_VALUE_WIDTHS)
    sheet = SheetWriter(workbook, SHEET_NAME, widths)
    sheet.put(1, 1, f"BIỂU ĐỒ KẾT QUẢ {scored.checked.period.name.upper()}", AUDIT_TITLE, columns=_PRINTED)
    sheet.put(1, _VALUES, "Số liệu của các biểu đồ (không in)", AUDIT_TITLE, columns=len(_VALUE_WIDTHS))
    row = 3
    book = scored.rulebook
    for level, name in levels:
        totals = ranked[level].units if level in ranked else ()
        chunks = zip_longest(_parts(totals), _parts(timed.get(level, ())), fillvalue=())
        for units, times in chunks:
            if row > 3:
                sheet.ws.row_breaks.append(Break(id=row - 1))
            below = row
            if units:
                _totals_chart(sheet, row, ranked[level], units, float(book.max_total) if book else None)
                below += _rows(len(units))
            if times:
                if units and _height(len(units)) + _height(len(times)) > _PAGE:
                    sheet.ws.row_breaks.append(Break(id=below - 1))
                _times_chart(sheet, (row, below), times_title(name, timed[level]), times)
                below += _rows(len(times))
            row = below
    sheet.fit()
    set_up_page(sheet.ws, landscape=False)
    sheet.ws.print_area = f"A1:{get_column_letter(_PRINTED)}{row - 1}"
    set_tab(sheet.ws, "chart")
    return True


def _times(scored: Scored) -> dict[str, list[tuple[str, Figures]]]:
    """level -> (name, figures) of its units with resolved dossiers, the largest share of late ones first."""
    figures = figures_by_unit(scored.checked)
    found: dict[str, list[tuple[str, Figures]]] = {}
    for row in records(scored.checked.entities):
        mine = figures.get(str(row["unit_id"]), {})
        if row["kind"] == "unit" and row["status"] == "scored" and mine.get("resolved_total"):
            found.setdefault(str(row["level"]), []).append((str(row["name"]), mine))
    return {level: sorted(units, key=lambda u: -late_share(u[1])) for level, units in found.items()}


def _parts(units: Sequence[T]) -> list[Sequence[T]]:
    return [units[start : start + _MOST] for start in range(0, len(units), _MOST)]


def _height(units: int) -> float:
    """Height in cm of a chart of so many units."""
    return _AROUND + _BAR * max(units, 4)


def _rows(units: int) -> int:
    """Rows that a chart of so many units covers, with one to spare; its values need no more."""
    return round(_height(units) / _ROW) + 1


def _totals_chart(sheet: SheetWriter, row: int, level: LevelPlaces, units: Sequence[Row], most: float | None) -> None:
    _heads(sheet, row, _NAME, ("Hạng, đơn vị, phân loại", "Tổng điểm"))
    for at, unit in enumerate(units, row + 1):
        grade = f" – {unit['class_printed']}" if unit["class_printed"] else ""
        sheet.put(at, _NAME, f"{unit['rank']}. {short_name(unit['name'])}{grade}", AUDIT_BODY)
        sheet.put(at, _TOTAL, unit["total"], _NUMBER.with_(number=TWO_PLACES_FORMAT))
    area = ChartArea(_NAME, _TOTAL, _TOTAL, row, row + len(units))
    size = (_CHART_WIDTH, _height(len(units)))
    add_bars(sheet.ws, f"A{row}", totals_title(level), area, size=size, most=most)


def _times_chart(sheet: SheetWriter, rows: tuple[int, int], title: str, units: Sequence[tuple[str, Figures]]) -> None:
    """`rows`: of the first value, and of the chart."""
    row, top = rows
    _heads(sheet, row, _TIME_NAME, ("Đơn vị (số hồ sơ đã giải quyết)", *(name for _, name in _TIMES)))
    number: CellStyle = _NUMBER.with_(number=COUNT_FORMAT)
    for at, (name, figures) in enumerate(units, row + 1):
        sheet.put(at, _TIME_NAME, f"{short_name(name)} ({vn_int(figures['resolved_total'])})", AUDIT_BODY)
        for column, (measure, _) in enumerate(_TIMES, _EARLY):
            sheet.put(at, column, figures.get(measure, 0), number)
    area = ChartArea(_TIME_NAME, _EARLY, _EARLY + len(_TIMES) - 1, row, row + len(units))
    size = (_CHART_WIDTH, _height(len(units)))
    add_bars(sheet.ws, f"A{top}", title, area, size=size, shares=True)


def _heads(sheet: SheetWriter, row: int, first: int, heads: Sequence[str]) -> None:
    for column, head in enumerate(heads, first):
        sheet.put(row, column, head, AUDIT_SUBHEAD)
