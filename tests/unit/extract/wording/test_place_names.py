"""Communes of another district bear the names of ours: a place the registry does not know makes nobody's rows."""

from collections.abc import Callable
from typing import Any

import pytest
from offices import REGISTRY

from pipeline import quarter
from pipeline.extract.wording.place_names import foreign_place_above, unknown_place
from pipeline.periods import Period
from pipeline.registry import UnitIndex
from pipeline.registry_file import read_registry


@pytest.mark.parametrize(
    "text",
    ["Huyện Khác", "UBND HUYỆN KHÁC", "Thành phố Khác", "II. Huyện Khác", "TP. Khác", "Các xã thuộc huyện Khác", "Thị xã Khác:",
     "Uỷ ban nhân dân huyện Khác", "UBND các xã, phường của thành phố Khác"],
)  # fmt: skip
def test_a_place_nobody_knows(index: UnitIndex, text: str) -> None:
    assert unknown_place(text, index)


@pytest.mark.parametrize(
    "text",
    ["Huyện Mẫu", "UBND huyện Mẫu", "Các xã thuộc huyện Mẫu", "Huyện, thị xã, thành phố", "Xã, phường, thị trấn", "Cấp huyện",
     "Các phòng chuyên môn thuộc UBND thành phố", "Trên Hệ thống thành phố", "Thành phố trực thuộc tỉnh", "Huyện đã giải quyết", "Phòng A"],
)  # fmt: skip
def test_no_place_or_ours(index: UnitIndex, text: str) -> None:
    assert unknown_place(text, index) == ""


def units(reading: Any) -> set[str]:
    return set(reading.frame(set())["unit_id"])


def codes(reading: Any) -> list[str]:
    return [f.code for f in reading.findings]


@pytest.mark.parametrize("section", [["II", "Huyện Khác"], ["UBND huyện Khác"], [None, "HUYỆN KHÁC"]])
def test_rows_under_another_district_are_not_ours(export: Any, read: Any, row: Any, section: list[Any]) -> None:
    ours, theirs = row(1, "Xã Đông Ê", 1, 2, 0, 3, 0, 0), row(1, "Xã D", 4, 5, 1, 7, 1, 1)
    reading = read(export([["I", "Huyện Mẫu"], ours, section, theirs, row(2, "Xã Lạ", 1, 2, 0, 3, 0, 0)]))
    assert (units(reading), codes(reading)) == ({"xa-e"}, ["unit_elsewhere"])
    assert reading.findings[0].found == "Xã D, Xã Lạ"


def test_a_district_that_holds_the_sum_of_its_communes(export: Any, read: Any, row: Any) -> None:
    d, e = row(1, "Xã D", 1, 2, 0, 3, 0, 0), row(2, "Xã Đông Ê", 4, 5, 1, 7, 1, 1)
    both = ["I", "Huyện Khác", *(a + b for a, b in zip(d[2:], e[2:], strict=True))]
    reading = read(export([both, d, e, row("II", "Phòng A", 1, 2, 0, 3, 0, 0)]))
    assert units(reading) == {"phong-a"}
    assert set(codes(reading)) == {"unit_elsewhere", "row_not_counted"}


def test_a_place_the_registry_ignores_is_only_said(export: Any, row: Any) -> None:
    data = export([row(1, "Xã Đông Ê", 1, 2, 0, 3, 0, 0), ["Huyện Khác"], row(2, "Xã D", 4, 5, 1, 7, 1, 1)])
    registry = (REGISTRY + "khac,Huyện Khác,ignore,,,,,,,\n").encode()
    checked = quarter.check(quarter.read_period(Period(2022, 1), {"a.xlsx": data}, registry))
    assert set(checked.counts["unit_id"]) == {"xa-e"}
    assert set(checked.findings["code"]) & {"rows_elsewhere", "unit_elsewhere"} == {"rows_elsewhere"}


@pytest.mark.parametrize(
    ("head", "value"), [("Quận/Huyện", "Khác"), ("Địa bàn", "Huyện Khác"), ("Trực thuộc", "UBND huyện Khác")]
)
def test_a_column_of_places(export: Any, read: Any, ii06a: Any, row: Any, head: str, value: str) -> None:
    columns = [ii06a[0], (head,), ("Đơn vị",), *ii06a[2:]]
    rows = [
        [r[0], place, *r[1:]]
        for r, place in (
            (row(1, "Xã D", 1, 2, 0, 3, 0, 0), value),
            (row(2, "Xã Đông Ê", 1, 2, 0, 3, 0, 0), "Huyện Mẫu"),
        )
    ]
    reading = read(export(rows, columns=columns, index_row=False))
    assert (units(reading), codes(reading)) == ({"xa-e"}, ["unit_elsewhere"])


@pytest.mark.parametrize(
    ("titles", "place"),
    [
        (["UBND HUYỆN KHÁC", "Quý I năm 2022"], "UBND HUYỆN KHÁC"),
        (["Đơn vị báo cáo: UBND thị xã Khác"], "UBND thị xã Khác"),
        (["UBND HUYỆN KHÁC", "HUYỆN MẪU"], ""),
        (["UBND TỈNH KHÁC"], ""),
        (["UBND HUYỆN MẪU TỈNH KHÁC"], ""),
        (["UBND huyện Mẫu - Tỉnh Khác"], ""),
        (["UBND THÀNH PHỐ HÀ NỘI"], ""),
        (["UBND THÀNH PHỐ KHÁC"], ""),  # ours is a huyện: the city may be its province
        (["Kính gửi: UBND huyện Khác"], ""),
    ],
)
def test_whose_letterhead(index: UnitIndex, titles: list[str], place: str) -> None:
    assert foreign_place_above(titles, index) == place


MORE = REGISTRY + "".join(f"xa-{i},Xã Số {i},unit,xa,,,,,,\n" for i in range(1, 5))


@pytest.mark.parametrize(
    ("names", "ours"),
    [
        (["Xã D", "Xã Số 1", "Xã Số 2", "Phòng A"], True),
        (["Xã D", "Xã Số 1"], False),  # two districts may have two names in common
        (["Phòng A", "Phòng B", "Phòng C"], False),  # every district has them
        (["Xã D", "Xã Số 1", "Xã Số 2", "Xã Lạ"], False),
    ],
)
def test_the_letterhead_of_another_district_over_our_communes(
    export: Any, row: Any, names: list[str], ours: bool
) -> None:
    rows = [row(i, name, 1, 2, 0, 3, 0, 0) for i, name in enumerate(names, 1)]
    data = export(rows, titles=("UBND HUYỆN KHÁC", "Quý I năm 2022"))
    checked = quarter.check(quarter.read_period(Period(2022, 1), {"a.xlsx": data}, MORE.encode()))
    assert set(
        checked.counts["unit_id"].map(dict(zip(checked.entities["unit_id"], checked.entities["name"], strict=True)))
    ) == (set(names) if ours else set())
    assert ("unit_elsewhere" in set(checked.findings["code"])) is not ours


def test_a_registry_without_a_district_of_its_own_believes_the_letterhead() -> None:
    plain = UnitIndex(read_registry(REGISTRY.replace("UBND huyện Mẫu;", "").encode()), Period(2022, 1))
    assert foreign_place_above(["UBND HUYỆN KHÁC"], plain) == ""


# --- an office above the table that nobody knows -------------------------------------------------------------------------
@pytest.mark.parametrize(
    "title",
    ["- Đơn vị báo cáo: Phòng Lạ", "Cơ quan báo cáo: Sở Lạ", "TÌNH HÌNH GIẢI QUYẾT TTHC TẠI PHÒNG LẠ", "UBND XÃ LẠ"],
)
@pytest.mark.parametrize(("tab", "code"), [("Phòng A", "unit_unclear"), ("Sheet1", "unit_unknown")])
def test_an_unknown_office_is_not_the_one_on_the_tab(
    export: Callable[..., bytes], read: Any, row: Any, title: str, tab: str, code: str
) -> None:
    def name(sheet: Any) -> None:
        sheet.title = tab

    rows = [row(1, "Đất đai", 1, 2, 0, 3, 0, 0), row(2, "Hộ tịch", 1, 2, 0, 3, 0, 0)]
    reading = read(export(rows, titles=(title, "Quý I năm 2022"), change=name))
    assert (units(reading), codes(reading)[:1]) == (set(), [code])
    assert len([c for c in codes(reading) if c.startswith("unit_")]) == 1


@pytest.mark.parametrize("title", ["Đơn vị báo cáo: ……", "UBND TỈNH KHÁC", "SỞ LẠ", "Đơn vị tính: Hồ sơ"])
def test_what_names_no_office_of_the_table(export: Any, read: Any, row: Any, title: str) -> None:
    def name(sheet: Any) -> None:
        sheet.title = "Phòng A"

    reading = read(export([row(1, "Đất đai", 1, 2, 0, 3, 0, 0)], titles=(title, "Quý I năm 2022"), change=name))
    assert (units(reading), codes(reading)) == ({"phong-a"}, [])
