"""A sheet without unit names: its tab and the texts above its table may not speak of two units."""

from typing import Any

import pytest

TITLES = (
    ("- Đơn vị báo cáo: Phòng A", "Quý I năm 2022"),
    ("TÌNH HÌNH GIẢI QUYẾT TẠI PHÒNG A", "Quý I năm 2022"),
)


@pytest.mark.parametrize("titles", TITLES)
@pytest.mark.parametrize(("tab", "units"), [("Sheet1", {"phong-a"}), ("P. A", {"phong-a"}), ("Phòng B", set())])
def test_two_units_refuse_the_table(
    export: Any, read: Any, row: Any, titles: tuple[str, ...], tab: str, units: set[str]
) -> None:
    def change(sheet: Any) -> None:
        sheet.title = tab

    reading = read(export([row(1, "Đất đai", 1, 2, 0, 3, 0, 0)], titles=titles, change=change))
    assert set(reading.frame(set())["unit_id"]) == units
    said = [(f.code, f.found) for f in reading.findings]
    assert said == ([] if units else [("unit_unclear", "Phòng A (phía trên bảng), Phòng B (tên trang)")])


def test_a_table_that_names_its_units_is_not_asked(export: Any, read: Any, row: Any) -> None:
    def change(sheet: Any) -> None:
        sheet.title = "Phòng B"

    reading = read(export([row(1, "Phòng C", 1, 2, 0, 3, 0, 0)], titles=TITLES[0], change=change))
    assert set(reading.frame(set())["unit_id"]) == {"phong-c"}
