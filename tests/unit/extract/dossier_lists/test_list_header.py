"""Which sheets are dossier lists: codes stand under the heading of codes, not numbers of dossiers."""

from typing import Any

import pytest
from workbooks import of_rows

from pipeline.extract.period import read_files
from pipeline.extract.wording.vocabulary import vocabulary
from pipeline.periods import Period
from pipeline.registry import UnitIndex

COUNTED = ["Tiếp nhận", None, None, "Đã giải quyết", None, None, None]
BELOW = ["Tổng số", "Kỳ trước chuyển sang", "Trong kỳ", "Tổng số", "Trước hạn", "Đúng hạn", "Quá hạn"]


def layouts(rows: list[list[Any]], period: Period, index: UnitIndex) -> list[str]:
    reading = read_files({"a.xlsx": of_rows(rows)}, period, index, vocabulary())
    return [layout.kind for layout in reading.layouts]


@pytest.mark.parametrize(
    ("heading", "values"),
    [("Số hồ sơ", (17, 5)), ("Số HS", ("1.217", "0")), ("Số hồ sơ", (12, None)), ("Số HS", (45_000, 3))],
)
def test_a_table_with_numbers_of_dossiers_is_no_list(
    heading: str, values: tuple[Any, Any], period: Period, index: UnitIndex
) -> None:
    rows = [["Đơn vị", *COUNTED, "Hạn", "Trạng thái"], [None, *BELOW, heading, None]]
    rows += [[unit, 9, 2, 7, 6, 3, 2, 1, v, None] for unit, v in zip(("Phòng A", "Phòng B"), values, strict=True)]
    assert "list" not in layouts(rows, period, index)


@pytest.mark.parametrize("code", ["H18.12-220110-0001", "000.00.01.H18-220110-0001", 12, "2201100001", "0012"])
def test_a_list_has_codes_or_dates(code: Any, period: Period, index: UnitIndex) -> None:
    head = ["Số hồ sơ", "Đơn vị", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý"]
    rows = [head, [code, "Phòng A", "10/01/2022", "20/01/2022", "19/01/2022"]]
    assert layouts(rows, period, index) == ["list"]
