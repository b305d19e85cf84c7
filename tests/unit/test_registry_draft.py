"""The draft of a registry from exports: which names are units, of which level, in which order, and what is left out."""

from typing import Any

import pytest
from offices import export_bytes, full_row, totals
from repository import ROOT

from pipeline import quarter
from pipeline.extract.containers.excel import read_workbook
from pipeline.extract.wording.vocabulary import vocabulary
from pipeline.periods import Period
from pipeline.registry import UnitIndex
from pipeline.registry_draft import (
    SUM_ROW,
    DraftLevel,
    RegistryDraft,
    draft_registry,
    is_of_communes,
    levels_of,
    registry_csv,
)
from pipeline.registry_file import read_registry

LEVELS = (DraftLevel("huyen", "Cấp huyện", False), DraftLevel("xa", "Cấp xã", True))
UPPER = [full_row(1, "Phòng Tư pháp", 1, 20, 0, 20, 1, 0), full_row(2, "Thanh tra", 0, 4, 0, 4, 0, 0)]
COMMUNES = [
    full_row(1, "UBND xã Mai Sơn", 3, 30, 1, 30, 2, 0),
    full_row(2, "Phường Đông Hải", 0, 9, 0, 9, 0, 0),
    full_row(3, "X. Bản Ưỡn", 0, 5, 0, 4, 1, 0),
]


def draft(rows: list[list[Any]], office: str = "", **export: Any) -> RegistryDraft:
    return draft_registry(read_workbook("cong.xlsx", export_bytes(rows, **export)), vocabulary(), office)


def names(found: RegistryDraft) -> list[str]:
    return [unit.name for unit in found.units]


def left_out(found: RegistryDraft) -> dict[str, str]:
    return {left.name: left.why for left in found.left_out}


def sum_row(stt: Any, name: str, rows: list[list[Any]]) -> list[Any]:
    return [stt, *totals(rows, name)[1:]]


def empty(stt: Any, name: str) -> list[Any]:
    return [stt, name, *[None] * 11]


ALL = ["Phòng Tư pháp", "Thanh tra", "Xã Mai Sơn", "Phường Đông Hải", "X. Bản Ưỡn"]


@pytest.mark.parametrize(
    ("rows", "out"),
    [
        ([*UPPER, *COMMUNES, totals([*UPPER, *COMMUNES])], {"Tổng số": "dòng tổng"}),
        ([sum_row(None, "Toàn thành phố", [*UPPER, *COMMUNES]), *UPPER, *COMMUNES], {"Toàn thành phố": "dòng tổng"}),
        ([*UPPER, *COMMUNES, sum_row(None, "UBND thành phố Vân Sơn", [*UPPER, *COMMUNES])], {"UBND thành phố Vân Sơn": SUM_ROW}),
        (
            [empty("A", "KHỐI PHÒNG BAN"), *UPPER, empty("B", "KHỐI XÃ PHƯỜNG"), *COMMUNES],
            {"KHỐI PHÒNG BAN": "tên nhóm đơn vị", "KHỐI XÃ PHƯỜNG": "tên nhóm đơn vị"},
        ),
        (
            [sum_row("I", "Các phòng, ban", UPPER), *UPPER, sum_row("II", "UBND các xã, phường", COMMUNES), *COMMUNES],
            {"Các phòng, ban": "tên nhóm đơn vị", "UBND các xã, phường": "tên nhóm đơn vị"},
        ),
        (
            [empty(None, "I. Khối phòng ban"), *UPPER, empty(None, "II. Khối xã"), *COMMUNES, totals([*UPPER, *COMMUNES], "Cộng")],
            {"Khối phòng ban": "tên nhóm đơn vị", "Khối xã": "tên nhóm đơn vị", "Cộng": "dòng tổng"},
        ),
    ],
)  # fmt: skip
def test_totals_and_sections_are_no_units(rows: list[list[Any]], out: dict[str, str]) -> None:
    found = draft(rows)
    assert names(found) == ALL
    assert left_out(found) == out
    of = {level: [unit.name for unit in units] for level, units in levels_of(found, LEVELS).items()}
    assert of == {"huyen": ALL[:2], "xa": ALL[2:]}


def test_the_signatures_are_no_units() -> None:
    found = draft([*UPPER, *COMMUNES])
    assert names(found) == ALL
    assert not {"Người làm báo cáo", "THỦ TRƯỞNG ĐƠN VỊ"} & set(names(found))


def test_a_unit_without_any_number_is_listed() -> None:
    found = draft([UPPER[0], empty(2, "Phòng Y tế"), full_row(3, "Thanh tra", 0, 4, 0, 4, 0, 0)])
    assert names(found) == ["Phòng Tư pháp", "Phòng Y tế", "Thanh tra"]


def test_the_order_is_that_of_the_ordinals() -> None:
    found = draft([COMMUNES[2], COMMUNES[0], COMMUNES[1]])
    assert names(found) == ALL[2:]


def test_the_section_decides_where_a_name_does_not() -> None:
    desk = full_row(4, "Bộ phận Một cửa Đông Hải", 0, 5, 0, 5, 0, 0)
    found = draft([empty("A", "Khối phòng ban"), *UPPER, empty("B", "Khối xã"), *COMMUNES, desk])
    assert [unit.name for unit in levels_of(found, LEVELS)["xa"]][-1] == "Bộ phận Một cửa Đông Hải"


def test_a_town_is_no_commune() -> None:
    found = draft(
        [empty("A", "Các cơ quan thuộc thị xã"), UPPER[0], COMMUNES[0], empty("B", "Các xã của thị xã"), *COMMUNES[1:]]
    )
    of = {level: [unit.name for unit in units] for level, units in levels_of(found, LEVELS).items()}
    assert of == {"huyen": ["Phòng Tư pháp", "Xã Mai Sơn"], "xa": ["Phường Đông Hải", "X. Bản Ưỡn"]}
    assert [is_of_communes(name) for name in ("Cấp thị xã", "Cấp xã", "Cấp xã của thị xã")] == [False, True, True]


def test_the_office_itself_is_no_unit() -> None:
    found = draft([full_row(1, "UBND thành phố Vân Sơn", 0, 1, 0, 1, 0, 0), *UPPER], "thành phố Vân Sơn")
    assert names(found) == ALL[:2]
    assert "chính văn phòng" in left_out(found)["UBND thành phố Vân Sơn"]


def test_rows_of_levels_name_the_level() -> None:
    rows = [full_row(1, "Cấp thành phố", 0, 24, 0, 24, 0, 0), full_row(2, "Cấp xã, phường", 0, 44, 0, 44, 0, 0)]
    found = draft([*rows, *UPPER, *COMMUNES])
    assert names(found) == ALL
    registry = read_registry(registry_csv(found, LEVELS).encode()).set_index("unit_id")
    assert registry.loc["huyen", "aliases"] == "Cấp thành phố"
    assert registry.loc["xa", "aliases"] == "Cấp xã, phường"


def test_the_row_of_the_whole_city_is_a_total_when_the_draft_is_used() -> None:
    rows = [*UPPER, *COMMUNES, sum_row(None, "UBND thành phố Vân Sơn", [*UPPER, *COMMUNES])]
    registry = registry_csv(draft(rows, "UBND thành phố Vân Sơn"), LEVELS).encode()
    assert read_registry(registry)["aliases"].tolist()[0] == "UBND thành phố Vân Sơn"
    read = quarter.check(quarter.read_period(Period(2022, 1), {"cong.xlsx": export_bytes(rows)}, registry))
    assert set(read.entities["status"]) == {"scored"}
    assert not (read.findings["severity"] == "error").any()


def test_names_of_several_files_stand_once() -> None:
    grids = [g for rows in (UPPER, COMMUNES, UPPER) for g in read_workbook("a.xlsx", export_bytes(rows))]
    assert names(draft_registry(grids, vocabulary())) == ALL


def test_the_title_names_the_quarter() -> None:
    assert draft(UPPER).periods == (Period(2022, 1),)
    assert draft(UPPER, titles=("Biểu số II.06a/VPCP/KSTT", "Từ ngày 01/01/2022 đến ngày 31/12/2022")).periods == ()


def test_the_file_is_a_registry() -> None:
    found = draft([empty("A", "Khối phòng ban"), *UPPER, empty("B", "Khối xã"), *COMMUNES])
    frame = read_registry(registry_csv(found, LEVELS).encode())
    assert frame["unit_id"].tolist() == [
        "huyen", "phong-tu-phap", "thanh-tra", "xa", "xa-mai-son", "phuong-dong-hai", "x-ban-uon",
    ]  # fmt: skip
    assert frame["kind"].tolist() == ["level", "unit", "unit", "level", "unit", "unit", "unit"]
    assert frame.loc[0, "aliases"] == "Khối phòng ban"


def test_a_level_without_units_is_left_out_and_one_level_takes_all() -> None:
    frame = read_registry(registry_csv(draft(COMMUNES), LEVELS).encode())
    assert set(frame["level"]) == {"xa"}
    one = (DraftLevel("so", "Cấp sở", False),)
    frame = read_registry(registry_csv(draft([*UPPER, *COMMUNES]), one).encode())
    assert set(frame["level"]) == {"so"}
    assert len(frame) == 6


def test_a_sheet_without_units_gives_none() -> None:
    found = draft([], footer=False)
    assert (found.units, found.left_out) == ((), ())


def test_the_forms_of_the_quarter_name_no_units() -> None:
    form = (ROOT / "data/raw/2022-Q1/bo-sung.xlsx").read_bytes()
    assert draft_registry(read_workbook("bo-sung.xlsx", form), vocabulary()) == RegistryDraft()


def test_the_export_of_the_sample_gives_its_registry() -> None:
    files = [f"II.06a-{part}.xlsx" for part in ("phong-ban", "xa-phuong", "cap")]
    grids = [g for f in files for g in read_workbook(f, (ROOT / "data/raw/2022-Q1" / f).read_bytes())]
    registry = read_registry((ROOT / "data/reference/units.csv").read_bytes())
    sample = UnitIndex(registry, Period(2022, 1))
    drafted = read_registry(registry_csv(draft_registry(grids, vocabulary()), LEVELS).encode())
    units = drafted.loc[drafted["kind"] == "unit", "name"]
    assert [sample.resolve(name).unit_id for name in units] == sample.units()
    assert drafted.loc[drafted["kind"] == "level", "aliases"].tolist() == ["Cấp thành phố", "Cấp xã, phường"]


def test_fields_of_work_are_no_units() -> None:
    rows = [full_row(1, "Đất đai", 1, 20, 0, 20, 1, 0), full_row(2, "Hộ tịch", 0, 4, 0, 4, 0, 0)]
    assert names(draft(rows)) == []
    assert names(draft(rows, titles=("Biểu số II.06a/VPCP/KSTT", "Đơn vị báo cáo: UBND xã Mai Sơn"))) == ["Xã Mai Sơn"]
