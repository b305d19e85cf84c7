"""Layouts offices really produce: sums in section rows, repeated headers, unmerged bands, units and fields side by side."""

from collections.abc import Callable
from typing import Any

import pytest

from pipeline.extract.count_records import CountReading, combined
from pipeline.extract.count_tables.read_table import read_tables
from pipeline.extract.count_tables.tables import find_tables
from pipeline.extract.sheet.grid import Grid
from pipeline.extract.wording.vocabulary import vocabulary
from pipeline.registry import UnitIndex


def codes(reading: Any) -> list[str]:
    return [f.code for f in reading.findings if f.code != "row_not_counted"]


def early(reading: Any) -> dict[str, int]:
    frame = reading.frame(set())
    rows = frame[frame["measure"] == "resolved_early"]
    return {str(k): int(v) for k, v in rows.groupby("unit_id")["value"].sum().items()}


def sums(*rows: list[Any]) -> list[int]:
    return [sum(r[i] for r in rows) for i in range(2, len(rows[0]))]


@pytest.fixture
def read_rows(index: UnitIndex) -> Callable[..., CountReading]:
    """Rows of cells without any merge -> what their tables give."""

    def reading(rows: list[list[Any]], sheet: str = "S") -> CountReading:
        grid = Grid("f.xlsx", sheet, tuple(tuple(r) for r in rows))
        return combined(t.counts for t in read_tables(find_tables(grid, vocabulary()), index))

    return reading


HEAD = [
    ["STT", "Đơn vị", "Tiếp nhận", None, None, None, "Đã giải quyết", None, None, None, "Đang giải quyết", None, None],
    [None, None, "Tổng số", "Trực tuyến", "Trực tiếp", "Kỳ trước", "Tổng số", "Trước hạn", "Đúng hạn", "Quá hạn",
     "Tổng số", "Trong hạn", "Quá hạn"],
]  # fmt: skip


@pytest.mark.parametrize("name", ["UBND HUYỆN MẪU", "Cấp huyện", "TỔNG TOÀN HUYỆN"])
@pytest.mark.parametrize("first", [False, True])
def test_a_total_row_named_in_the_column_of_ordinals(read_rows: Any, row: Any, name: str, first: bool) -> None:
    units = [row(i, n, i, 2, 0, i, 0, 0) for i, n in ((1, "Phòng A"), (2, "Phòng B"), (3, "Xã D"))]
    total = [name, None, *sums(*units)]
    reading = read_rows([*HEAD, *([total, *units] if first else [*units, total])])
    assert early(reading) == {"phong-a": 1, "phong-b": 2, "xa-d": 3}
    assert "control_total" not in codes(reading)


# --- rows that add up others ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("marks", [("I", "II"), (None, None), ("A", "B")])
def test_section_rows_that_carry_their_sums(export: Any, read: Any, row: Any, total_row: Any, marks: Any) -> None:
    a, b, d, e = (
        row(i, n, i, 2, 0, i, 0, 0) for i, n in ((1, "Phòng A"), (2, "Phòng B"), (1, "Xã D"), (2, "Xã Đông Ê"))
    )
    rows = [[marks[0], "Sở ban ngành", *sums(a, b)], a, b, [marks[1], "Xã, phường, thị trấn", *sums(d, e)], d, e]
    reading = read(export([*rows, total_row([a, b, d, e])]))
    assert codes(reading) == []
    assert early(reading) == {"phong-a": 1, "phong-b": 2, "xa-d": 1, "xa-e": 2}
    assert [f.found for f in reading.findings] == ["Xã, phường, thị trấn", "Sở ban ngành"]


def test_an_unknown_unit_is_no_section_because_its_numbers_repeat(export: Any, read: Any, row: Any) -> None:
    rows = [row(1, "Phòng lạ", 1, 2, 0, 3, 0, 0), row(2, "Phòng A", 1, 2, 0, 3, 0, 0)]
    assert codes(read(export(rows))) == ["unit_unknown"]
    assert codes(read(export([[None, *r[1:]] for r in rows]))) == ["unit_unknown"]


def test_a_level_row_above_its_units_is_not_added_to_them(export: Any, read: Any, row: Any, total_row: Any) -> None:
    d, e = row(1, "Xã D", 1, 2, 0, 3, 0, 0), row(2, "Xã Đông Ê", 2, 2, 0, 1, 1, 0)
    level = ["II", "UBND các xã, phường", *sums(d, e)]
    assert codes(read(export([level, d, e, total_row([d, e])]))) == []
    own = row("II", "UBND các xã, phường", 9, 2, 0, 3, 0, 0)
    assert codes(read(export([own, d, e, total_row([d, e])]))) == []
    assert set(codes(read(export([own, d, e, total_row([own, d, d])])))) == {"control_total"}


def test_fields_of_work_under_a_unit_row_with_its_own_sums(export: Any, read: Any, row: Any, total_row: Any) -> None:
    land, civil = row(1, "Đất đai", 1, 2, 0, 3, 0, 0), row(2, "Hộ tịch", 4, 5, 1, 7, 1, 1)
    rows = [["I", "Xã D", *sums(land, civil)], land, civil, ["II", "Xã Đông Ê", *sums(land)], land]
    reading = read(export([*rows, total_row([land, civil, land])]))
    assert codes(reading) == []
    assert early(reading) == {"xa-d": 10, "xa-e": 3}
    rows[0][2] += 1
    assert codes(read(export(rows))) == ["own_row_differs"]


@pytest.mark.parametrize("name", ["Cộng cấp huyện", "Tổng cộng (I + II)", "Tổng số các phòng", "Cộng chuyển trang"])
def test_total_rows_with_a_name(export: Any, read: Any, row: Any, total_row: Any, name: str) -> None:
    rows = [row(1, "Phòng A", 1, 2, 0, 3, 0, 0), row(2, "Phòng B", 4, 5, 1, 7, 1, 1)]
    assert codes(read(export([*rows, total_row(rows, name)]))) == []
    wrong = total_row(rows, name)
    wrong[7] += 1
    assert codes(read(export([*rows, wrong]))) == ["total_row_wrong"]


def test_a_total_above_its_rows_is_checked_too(export: Any, read: Any, row: Any, total_row: Any) -> None:
    rows = [row(1, "Phòng A", 1, 2, 0, 3, 0, 0), row(2, "Phòng B", 4, 5, 1, 7, 1, 1)]
    total = total_row(rows)
    assert codes(read(export([total, *rows]))) == []
    total[7] += 1
    assert codes(read(export([total, *rows]))) == ["total_row_wrong"]


def test_rows_of_within_and_notes_below_count_for_nobody_and_are_said(
    export: Any, read: Any, row: Any, total_row: Any
) -> None:
    a, b = row(1, "Phòng A", 1, 2, 0, 3, 0, 0), row(2, "Phòng B", 4, 5, 1, 7, 1, 1)
    within = row(None, "+ Hộ tịch", 1, 0, 0, 1, 0, 0)
    notes = [[None, "Điện thoại liên hệ", None, 1022], ["(1)", "Gồm hồ sơ liên thông"]]
    reading = read(export([a, [None, "Trong đó:"], within, b, total_row([a, b]), *notes]))
    assert codes(reading) == []
    assert early(reading) == {"phong-a": 3, "phong-b": 7}
    assert [f.found for f in reading.findings] == ["+ Hộ tịch", "Điện thoại liên hệ"]


def test_units_listed_under_within_still_count(export: Any, read: Any, row: Any) -> None:
    d, e = row(None, "- Xã D", 1, 2, 0, 3, 0, 0), row(None, "- Xã Đông Ê", 2, 2, 0, 1, 1, 0)
    reading = read(export([["I", "UBND các xã, phường", *sums(d, e)], [None, "Trong đó:"], d, e]))
    assert early(reading) == {"xa": 4, "xa-d": 3, "xa-e": 1}


def test_an_ordinal_in_the_name_is_not_part_of_it(export: Any, read: Any, row: Any) -> None:
    rows = [row(None, "1. Phòng A", 1, 2, 0, 3, 0, 0), row(None, "X. Đông Ê", 0, 1, 0, 1, 0, 0)]
    reading = read(export(rows))
    assert codes(reading) == [] and early(reading) == {"phong-a": 3, "xa-e": 1}


# --- headers ---------------------------------------------------------------------------------------------------------
def test_bands_that_were_not_merged(read_rows: Any, row: Any) -> None:
    rows = [row(1, "Phòng A", 1, 2, 3, 2, 1, 1, 1), row(2, "Phòng B", 4, 5, 1, 7, 1, 1)]
    reading = read_rows([*HEAD, *rows])
    assert codes(reading) == []
    frame = reading.frame(set())
    found = dict(zip(frame["measure"][frame["unit_id"] == "phong-a"], frame["value"], strict=False))
    assert list(found.values()) == rows[0][2:]
    labels = {
        c.label for t in find_tables(Grid("f", "S", tuple(map(tuple, [*HEAD, *rows]))), vocabulary()) for c in t.columns
    }
    assert {"Đã giải quyết › Quá hạn", "Đang giải quyết › Tổng số"} <= labels


def test_an_unmerged_band_whose_total_stands_last(read_rows: Any) -> None:
    order = [0, 1, 3, 4, 5, 2, 7, 8, 9, 6, 11, 12, 10]
    lower = [HEAD[1][i] for i in order]
    reading = read_rows([HEAD[0], lower, [1, "Phòng A", 1, 2, 3, 6, 2, 1, 1, 4, 1, 1, 2]])
    assert codes(reading) == [] and early(reading) == {"phong-a": 2}


def test_the_numbers_tell_what_centred_bands_do_not(read_rows: Any, row: Any) -> None:
    centred = [
        "STT",
        "Đơn vị",
        None,
        "Tiếp nhận",
        None,
        None,
        None,
        "Đã giải quyết",
        None,
        None,
        None,
        "Đang giải quyết",
    ]
    reading = read_rows([centred, HEAD[1], row(1, "Phòng A", 4, 5, 3, 2, 1, 4, 2)])
    frame = reading.frame(set())
    found = dict(zip(frame["measure"], frame["value"], strict=True))
    assert (found["received_total"], found["resolved_late"], found["pending_overdue"]) == (12, 4, 2)


def test_a_share_of_a_band_is_not_all_of_it(read_rows: Any, row: Any) -> None:
    top, lower = [*HEAD[0], "Hồ sơ đã giải quyết"], [*HEAD[1], "Có thu phí"]
    reading = read_rows([top, lower, [*row(1, "Phòng A", 1, 2, 3, 2, 1, 1, 1), 3]])
    assert codes(reading) == ["column_ignored"] and early(reading) == {"phong-a": 2}


def test_cumulative_columns_are_no_counts_of_the_period(read_rows: Any, row: Any) -> None:
    top, lower = [*HEAD[0], "Đã giải quyết lũy kế"], [*HEAD[1], "Trước hạn"]
    reading = read_rows([top, lower, [*row(1, "Phòng A", 1, 2, 3, 2, 1, 1, 1), 30]])
    assert codes(reading) == [] and early(reading) == {"phong-a": 2}


@pytest.mark.parametrize(
    "marks",
    [
        [-i for i in range(1, 14)],
        [f"[{i}]" for i in range(1, 14)],
        ["a", "b", *range(1, 12)],
        ["(1)", "(2)", "(3 = 4 + 5 + 6)", "(4)", "(5)", "(6)", "(7 = 8 + 9 + 10)", "(8)", "(9)", "(10)", -11, -12, -13],
    ],
)
def test_index_rows_in_any_dress(read_rows: Any, row: Any, total_row: Any, marks: list[Any]) -> None:
    rows = [row(1, "Phòng A", 1, 2, 3, 2, 1, 1, 1), row(2, "Phòng B", 4, 5, 1, 7, 1, 1)]
    total = total_row(rows)
    assert codes(read_rows([*HEAD, marks, *rows, total])) == []
    total[7] += 1  # the index row must not switch the check off
    assert codes(read_rows([*HEAD, marks, *rows, total])) == ["total_row_wrong"]


# --- several tables, several pages ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("between", [[], [["Trang 2"]], [[], ["2/3"]]])
def test_a_header_repeated_on_the_next_page(read_rows: Any, row: Any, total_row: Any, between: Any) -> None:
    a, b, c = (
        row(1, "Phòng A", 1, 2, 3, 2, 1, 1, 1),
        row(2, "Phòng B", 4, 5, 1, 7, 1, 1),
        row(3, "Phòng C", 1, 1, 0, 1, 0, 0),
    )
    reading = read_rows([*HEAD, a, b, *between, *HEAD, c, total_row([a, b, c])])
    assert codes(reading) == [] and early(reading) == {"phong-a": 2, "phong-b": 7, "phong-c": 1}
    assert codes(read_rows([*HEAD, a, b, *between, *HEAD, c, total_row([b, c])]))[0] == "control_total"


def test_a_total_above_its_rows_ends_no_page(read_rows: Any, row: Any, total_row: Any) -> None:
    a, b, c = (
        row(1, "Phòng A", 1, 2, 3, 2, 1, 1, 1),
        row(2, "Phòng B", 4, 5, 1, 7, 1, 1),
        row(3, "Xã D", 1, 1, 0, 1, 0, 0),
    )
    reading = read_rows([*HEAD, total_row([a, b, c]), a, b, ["Trang 2"], *HEAD, c])
    assert codes(reading) == [] and early(reading) == {"phong-a": 2, "phong-b": 7, "xa-d": 1}
    assert "control_total" in codes(read_rows([*HEAD, total_row([a, b]), a, b, ["Trang 2"], *HEAD, c]))


def test_a_total_of_several_tables(read_rows: Any, row: Any, total_row: Any) -> None:
    a, d = row(1, "Phòng A", 1, 2, 3, 2, 1, 1, 1), row(1, "Xã D", 4, 5, 1, 7, 1, 1)
    tables = [["I. Cấp huyện"], *HEAD, a, total_row([a]), [], ["II. Cấp xã"], *HEAD, d, total_row([d])]
    assert codes(read_rows([*tables, total_row([a, d], "TỔNG CỘNG")])) == []
    assert "control_total" in codes(read_rows([*tables, total_row([a, a], "TỔNG CỘNG")]))


def test_every_table_of_a_sheet_has_its_own_titles(read_rows: Any, row: Any, total_row: Any) -> None:
    head = [["STT", "Lĩnh vực", *HEAD[0][2:]], HEAD[1]]
    land, civil = row(1, "Đất đai", 1, 2, 0, 3, 0, 0), row(2, "Hộ tịch", 4, 5, 1, 7, 1, 1)
    for total in ([], [total_row([land, civil])]):
        rows = [["Đơn vị báo cáo: Xã D"], *head, land, civil, *total, [], ["Đơn vị báo cáo: Xã Đông Ê"], *head, land]
        reading = read_rows(rows)
        assert codes(reading) == [] and early(reading) == {"xa-d": 10, "xa-e": 3}
    unnamed = read_rows([["Đơn vị báo cáo: Xã D"], *head, land, civil, [], *head, land])
    assert codes(unnamed) == ["unit_unknown"] and early(unnamed) == {"xa-d": 10}


# --- whose table -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("titles", "sheet"),
    [
        ([["- Đơn vị báo cáo:", None, "UBND xã D"]], "S"),
        ([["- Đơn vị báo cáo: UBND xã D - Đơn vị nhận báo cáo: UBND huyện Mẫu"]], "S"),
        ([["TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH TẠI XÃ D"]], "S"),
        ([["XÃ D"], ["BÁO CÁO"]], "S"),
        ([], "Xã D"),
    ],
)
def test_the_office_a_table_by_field_is_about(read_rows: Any, row: Any, titles: Any, sheet: str) -> None:
    head = [["STT", "Lĩnh vực", *HEAD[0][2:]], HEAD[1]]
    reading = read_rows([*titles, *head, row(1, "Đất đai", 1, 2, 0, 3, 0, 0)], sheet)
    assert codes(reading) == [] and early(reading) == {"xa-d": 3}


def test_unknown_units_are_not_the_fields_of_who_reports(read_rows: Any, row: Any) -> None:
    rows = [["Đơn vị báo cáo: UBND huyện Mẫu"], *HEAD, row(1, "Phòng lạ", 1, 2, 0, 3, 0, 0)]
    reading = read_rows(rows)
    assert codes(reading) == ["unit_unknown"] and early(reading) == {}


def test_units_and_fields_in_two_columns(read_rows: Any) -> None:
    def head(first: str, second: str) -> list[list[Any]]:
        return [["STT", first, second, *HEAD[0][2:]], [None, None, None, *HEAD[1][2:]]]

    one, two, both = (
        [3, 1, 2, 0, 3, 3, 0, 0, 0, 0, 0],
        [5, 2, 2, 1, 4, 4, 0, 0, 1, 1, 0],
        [8, 3, 4, 1, 7, 7, 0, 0, 1, 1, 0],
    )
    fields = [[1, "Xã D", "Đất đai", *one], [2, None, "Hộ tịch", *two], [3, "Phòng A", "Đất đai", *one]]
    plain = read_rows([*head("Đơn vị", "Lĩnh vực"), *fields])
    assert codes(plain) == [] and early(plain) == {"xa-d": 7, "phong-a": 3}
    with_sums = read_rows([*head("Đơn vị", "Lĩnh vực"), *fields[:2], [None, None, "Cộng", *both], fields[2]])
    assert codes(with_sums) == [] and early(with_sums) == {"xa-d": 7, "phong-a": 3}
    own_row = [[1, "Xã D", None, *both], [None, None, "Đất đai", *one], [None, None, "Hộ tịch", *two]]
    assert early(read_rows([*head("Đơn vị", "Lĩnh vực"), *own_row])) == {"xa-d": 7}
    swapped = read_rows([*head("Lĩnh vực", "Đơn vị"), [1, "Đất đai", "Xã D", *one]])
    assert codes(swapped) == [] and early(swapped) == {"xa-d": 3}


def test_a_signature_with_numbers_beyond_the_table(export: Any, read: Any, row: Any, total_row: Any) -> None:
    rows = [row(1, "Phòng A", 1, 2, 0, 3, 0, 0), row(2, "Phòng B", 4, 5, 1, 7, 1, 1)]
    signature = [*[None] * 8, "Tỉnh Mẫu, ngày", 18, "tháng", 3, "năm", 2022]
    assert codes(read(export([*rows, total_row(rows), [], signature]))) == []
