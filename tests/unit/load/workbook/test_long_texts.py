"""Names of 120 letters and notes of 200 words: every row holds its text, every column its numbers, no sheet is cut."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from bench.made_cities import PERIOD, made_city
from pipeline import quarter
from pipeline.load.excel.sheet_writer import SheetWriter
from pipeline.load.excel.styles import NOTE, new_workbook
from pipeline.load.excel.text_size import POINTS_PER_UNIT, line_count, row_height, text_width
from pipeline.load.workbook.workbooks import render_workbooks
from pipeline.result import Stamp
from pipeline.rulebooks import choose
from pipeline.text import vn_int

ENDING = " và các đơn vị trực thuộc theo quyết định sắp xếp tổ chức bộ máy hành chính của Ủy ban nhân dân thành phố"
NOTE_TEXT = " ".join(f"Lý do thứ {i}: chờ cơ quan phối hợp trả lời, đã xin lỗi và hẹn lại." for i in range(13))


@pytest.fixture(scope="module")
def workbooks() -> dict[str, bytes]:
    """The workbooks of a city with four units a level."""
    city = made_city(3, 4, ENDING, NOTE_TEXT)
    checked = quarter.check(quarter.read_period(PERIOD, city.files, city.registry))
    return render_workbooks(quarter.score(checked, choose(PERIOD, "qd-1187-2019")), Stamp("r1"))


def cells(sheet: Worksheet) -> Iterator[tuple[object, float, float, float, bool]]:
    """(value, width and height of its area in points, size, bold) of every filled cell."""
    merged = {area.coord.split(":")[0]: area for area in sheet.merged_cells.ranges}
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is None:
                continue
            area = merged.get(cell.coordinate)
            columns = range(cell.column, (area.max_col if area else cell.column) + 1)
            rows = range(cell.row, (area.max_row if area else cell.row) + 1)
            width = sum(sheet.column_dimensions[get_column_letter(c)].width for c in columns) * POINTS_PER_UNIT
            height = sum(sheet.row_dimensions[r].height or 15.0 for r in rows)
            yield cell.value, width, height, cell.font.sz, bool(cell.font.b)


def test_every_text_and_number_has_room(workbooks: dict[str, bytes]) -> None:
    seen = 0
    for name, data in workbooks.items():
        for sheet in load_workbook(io.BytesIO(data)).worksheets:
            for value, width, height, size, bold in cells(sheet):
                place = f"{name}, {sheet.title}: {value}"
                if isinstance(value, str):
                    assert row_height(line_count(value, size, width, bold=bold), size) <= height + 0.3, place
                    seen += len(value) > 1000
                else:
                    assert isinstance(value, int | float)
                    assert text_width(vn_int(int(value)), size, bold=bold) <= width, place
            assert max((d.height or 0 for d in sheet.row_dimensions.values()), default=0) <= 409
    assert seen > 3  # long reasons are in the sheets


def test_a_text_that_no_row_can_hold_gets_smaller_letters() -> None:
    sheet = SheetWriter(new_workbook(), "x", [30.0, 30.0])
    sheet.put(1, 1, "một lý do rất dài " * 70, NOTE)
    sheet.put(1, 2, "ngắn", NOTE)
    sheet.fit()
    long, short = sheet.ws["A1"], sheet.ws["B1"]
    assert 5 <= long.font.sz < NOTE.size == short.font.sz
    assert long.border.left.style == "thin"
    room = 30.0 * POINTS_PER_UNIT
    assert row_height(line_count(long.value, long.font.sz, room), long.font.sz) <= sheet.ws.row_dimensions[1].height
