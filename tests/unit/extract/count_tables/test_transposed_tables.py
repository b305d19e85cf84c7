"""Measures down the rows, units across the columns: read as the same table turned round, with the sheet's addresses."""

from collections.abc import Callable
from typing import Any

import pytest
from readings import codes
from workbooks import of_rows

from pipeline.extract.count_records import CountReading, combined
from pipeline.extract.count_tables.read_table import read_tables
from pipeline.extract.count_tables.tables import CountTable, find_tables
from pipeline.extract.period import FilesReading, read_files
from pipeline.extract.sheet.grid import Grid, MisreadCell
from pipeline.extract.sheet.transposed_grid import TransposedGrid
from pipeline.extract.showable_cells import showable_cells
from pipeline.extract.wording.vocabulary import vocabulary
from pipeline.periods import Period
from pipeline.registry import UnitIndex

Rows = list[list[Any]]


def sheet() -> Rows:
    return [
        ["TỔNG HỢP KẾT QUẢ GIẢI QUYẾT TTHC"],
        ["Quý I năm 2022"],
        ["STT", "Chỉ tiêu", "Phòng A", "Xã D", "Tổng số"],
        [1, "Hồ sơ tiếp nhận", 10, 7, 17],
        ["1.1", "Trực tuyến", 2, 7, 9],
        ["1.2", "Trực tiếp", 5, 0, 5],
        ["1.3", "Kỳ trước chuyển qua", 3, 0, 3],
        [2, "Hồ sơ đã giải quyết", 8, 7, 15],
        ["2.1", "Trước hạn", 4, 6, 10],
        ["2.2", "Đúng hạn", 3, 1, 4],
        ["2.3", "Quá hạn", 1, 0, 1],
        [3, "Hồ sơ đang giải quyết", 2, 0, 2],
        ["3.1", "Trong hạn", 1, 0, 1],
        ["3.2", "Quá hạn", 1, 0, 1],
    ]


MEASURES = [
    "received_total", "received_online", "received_direct", "carried_over", "resolved_total", "resolved_early",
    "resolved_on_time", "resolved_late", "pending_total", "pending_in_time", "pending_overdue",
]  # fmt: skip
TRUTH = {
    "phong-a": dict(zip(MEASURES, [10, 2, 5, 3, 8, 4, 3, 1, 2, 1, 1], strict=True)),
    "xa-d": dict(zip(MEASURES, [7, 7, 0, 0, 7, 6, 1, 0, 0, 0, 0], strict=True)),
}


def grid_of(rows: Rows, **more: Any) -> Grid:
    return Grid("f.xlsx", "S", tuple(map(tuple, rows)), **more)


@pytest.fixture
def read_grid(index: UnitIndex) -> Callable[[Grid], CountReading]:
    def reading(grid: Grid) -> CountReading:
        tables = find_tables(grid, vocabulary())
        assert isinstance(tables, list)
        return combined(t.counts for t in read_tables(tables, index))

    return reading


@pytest.fixture
def read_rows(read_grid: Any) -> Callable[[Rows], CountReading]:
    return lambda rows: read_grid(grid_of(rows))  # type: ignore[no-any-return]


def counts(reading: CountReading) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for _, line in reading.frame(set()).iterrows():
        found.setdefault(line["unit_id"], {})[line["measure"]] = int(line["value"])
    return found


def found_in(reading: CountReading) -> list[tuple[str, str]]:
    return [(f.code, f.cell) for f in reading.findings if f.code != "table_settled"]


def labelled(column: list[str], numbers_as: Rows | None = None) -> Rows:
    """The sheet with other labels, and without ordinals."""
    rows = numbers_as or sheet()
    return [*rows[:2], rows[2][1:], *([label, *row[2:]] for label, row in zip(column, rows[3:], strict=True))]


def test_every_count_with_its_cell(read_rows: Any) -> None:
    reading = read_rows(sheet())
    assert counts(reading) == TRUTH
    assert codes(reading) == []
    cells = {
        (u, m): c for u, m, c in reading.frame(set())[["unit_id", "measure", "source_cell"]].itertuples(index=False)
    }
    assert (cells["phong-a", "received_total"], cells["xa-d", "pending_overdue"]) == ("C4", "D14")
    assert "  dòng 9 “Hồ sơ đã giải quyết › Trước hạn” = Đã giải quyết trước hạn" in reading.notes


@pytest.mark.parametrize(
    "labels",
    [
        ["1. Tiếp nhận", "a) Trực tuyến", "b) Trực tiếp", "c) Kỳ trước", "2. Đã giải quyết", "a) Trước hạn",
         "b) Đúng hạn", "c) Quá hạn", "3. Đang giải quyết", "a) Trong hạn", "b) Quá hạn"],
        ["Tiếp nhận", "- Trực tuyến", "- Trực tiếp", "- Kỳ trước", "Đã giải quyết", "- Trước hạn", "- Đúng hạn",
         "- Quá hạn", "Đang giải quyết", "- Trong hạn", "- Quá hạn"],
        ["I. Tiếp nhận", "  + Trực tuyến", "  + Trực tiếp", "  + Kỳ trước", "II. Đã giải quyết", "  + Trước hạn",
         "  + Đúng hạn", "  + Quá hạn", "III. Đang giải quyết", "  + Trong hạn", "  + Quá hạn"],
        ["Tiếp nhận", "Trực tuyến", "Trực tiếp", "Kỳ trước", "Đã giải quyết", "Trước hạn", "Đúng hạn", "Quá hạn",
         "Đang giải quyết", "Trong hạn", "Quá hạn"],
        ["Tổng tiếp nhận", "Tiếp nhận trực tuyến", "Tiếp nhận trực tiếp", "Kỳ trước chuyển qua", "Đã giải quyết",
         "Đã giải quyết trước hạn", "Đã giải quyết đúng hạn", "Đã giải quyết quá hạn", "Đang giải quyết",
         "Đang giải quyết trong hạn", "Đang giải quyết quá hạn"],
        ["2.1. Tiếp nhận", "2.1.1. Trực tuyến", "2.1.2. Trực tiếp", "2.1.3. Kỳ trước", "2.2. Đã giải quyết",
         "2.2.1. Trước hạn", "2.2.2. Đúng hạn", "2.2.3. Quá hạn", "2.3. Đang giải quyết", "2.3.1. Trong hạn",
         "2.3.2. Quá hạn"],
        # the last band without an ordinal is no part of "Quá hạn" above it
        ["1. Tiếp nhận", "1.1. Trực tuyến", "1.2. Trực tiếp", "1.3. Kỳ trước", "2. Đã giải quyết", "2.1. Trước hạn",
         "2.2. Đúng hạn", "2.3. Quá hạn", "Đang giải quyết", "Trong hạn", "Quá hạn"],
    ],
)  # fmt: skip
def test_the_band_of_a_label(read_rows: Any, labels: list[str]) -> None:
    reading = read_rows(labelled(labels))
    assert (counts(reading), codes(reading)) == (TRUTH, [])


def test_of_which_below_a_total(read_rows: Any) -> None:
    rows = sheet()
    rows.insert(4, [None, "Trong đó:"])
    assert counts(read_rows(rows)) == TRUTH


def test_a_row_of_blanks_is_a_measure_and_no_band(read_rows: Any) -> None:
    """A label of a deadline above the next band would make its total a number of late dossiers."""
    rows = labelled(
        ["Tiếp nhận", "Trực tuyến", "Trực tiếp", "Kỳ trước", "Đã giải quyết", "Trước hạn", "Đúng hạn", "Quá hạn",
         "Đang giải quyết", "Trong hạn", "Quá hạn"]
    )  # fmt: skip
    rows[10] = ["Quá hạn", None, None, None]
    rows[7], rows[8] = ["Đã giải quyết", 7, 7, 14], ["Trước hạn", 4, 6, 10]
    rows[11], rows[12] = ["Đang giải quyết", 3, 0, 3], ["Trong hạn", 2, 0, 2]
    found = counts(read_rows(rows))
    assert {m: v for m, v in found["phong-a"].items() if m.startswith("pending")} == {
        "pending_total": 3, "pending_in_time": 2, "pending_overdue": 1
    }  # fmt: skip
    assert found["phong-a"].get("resolved_late", 0) == 0


def test_bands_in_merged_cells_and_an_index_row(read_grid: Any) -> None:
    rows = [
        ["Nhóm", "Chỉ tiêu", "Phòng A", "Xã D"],
        ["A", "B", 1, 2],
        *([["Tiếp nhận", "Tổng số", 10, 7], [None, "Trực tuyến", 2, 7], [None, "Trực tiếp", 5, 0]]),
        *([[None, "Kỳ trước", 3, 0], ["Đã giải quyết", "Tổng số", 8, 7], [None, "Trước hạn", 4, 6]]),
        *([[None, "Đúng hạn", 3, 1], [None, "Quá hạn", 1, 0], ["Đang giải quyết", "Tổng số", 2, 0]]),
        *([[None, "Trong hạn", 1, 0], [None, "Quá hạn", 1, 0]]),
    ]
    merges = (((2, 0), (5, 0)), ((6, 0), (9, 0)), ((10, 0), (12, 0)))
    reading = read_grid(grid_of(rows, merges=merges))
    assert (counts(reading), codes(reading)) == (TRUTH, [])


def test_groups_of_units_above_their_names(read_grid: Any) -> None:
    rows = sheet()
    rows.insert(2, ["STT", "Chỉ tiêu", "Cấp huyện", None, "Tổng số"])
    rows = [[*row[:3], row[2], *row[3:]] if i > 2 else row for i, row in enumerate(rows)]
    rows[3][3] = "Phòng B"
    merges = (((2, 2), (2, 3)),)
    reading = read_grid(grid_of([row[:5] for row in rows], merges=merges))
    assert set(counts(reading)) == {"phong-a", "phong-b", "xa-d"}


def test_the_office_named_above_a_single_column(read_rows: Any) -> None:
    rows = [row[:3] for row in sheet()]
    rows[2][2], rows[1] = "Số lượng", ["Đơn vị báo cáo: Phòng A"]
    assert counts(read_rows(rows)) == {"phong-a": TRUTH["phong-a"]}
    rows[2][2] = "Tổng số"
    assert counts(read_rows(rows)) == {"phong-a": TRUTH["phong-a"]}
    rows[1] = []
    assert codes(read_rows(rows)) == ["unit_unknown"]


def test_two_tables_one_below_the_other(read_rows: Any) -> None:
    first, second = ([row[:3] for row in sheet()], [[*row[:2], *row[3:4]] for row in sheet()[2:]])
    reading = read_rows([*first, [], ["Cấp xã"], *second])
    assert counts(reading) == TRUTH
    assert [f.cell for f in reading.findings if "mỗi cột" in f.found] == ["3:3", "17:17"]


# --- findings name the cells of the sheet -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "column", "value", "expected"),
    [
        (2, 2, "Phòng lạ", ("unit_unknown", "C3")),
        (2, 2, None, ("unit_unknown", "C3")),
        (8, 2, "bốn", ("cell_not_a_count", "C9")),
        (8, 2, 4.5, ("cell_not_a_count", "C9")),
        (8, 4, 99, ("total_row_wrong", "E9")),
        (9, 1, None, ("table_unheaded_numbers", "C10")),
    ],
)
def test_findings(read_rows: Any, row: int, column: int, value: Any, expected: tuple[str, str]) -> None:
    rows = sheet()
    rows[row][column] = value
    assert expected in found_in(read_rows(rows))


def test_an_error_cell_and_hidden_rows_and_columns(read_grid: Any) -> None:
    more: dict[str, Any] = {"hidden_rows": frozenset({8}), "hidden_columns": frozenset({3, 4})}
    rows = sheet()
    rows[8][2] = None
    reading = read_grid(grid_of(rows, misread={(8, 2): MisreadCell("#REF!", formula=False)}, **more))
    hidden = next(f for f in reading.findings if f.code == "rows_hidden")
    assert ("cell_error", "C9") in found_in(reading)
    assert (hidden.cell, hidden.found) == ("D9", "dòng 9 và cột D")


def test_a_number_merged_over_two_measures_or_units(read_grid: Any) -> None:
    rows = sheet()
    rows[9][2] = None
    assert ("cell_not_a_count", "C9") in found_in(read_grid(grid_of(rows, merges=(((8, 2), (9, 2)),))))
    rows = sheet()
    rows[8][3] = None
    shared = counts(read_grid(grid_of(rows, merges=(((8, 2), (8, 3)),))))
    assert all("resolved_early" not in measures for measures in shared.values())


def test_a_title_of_another_period_is_found_in_the_sheet(period: Period, index: UnitIndex) -> None:
    def reading(rows: Rows) -> FilesReading:
        return read_files({"a.xlsx": of_rows(rows)}, period, index, vocabulary())

    rows = sheet()
    assert codes(reading(rows)) == []
    rows[1] = ["Quý II năm 2022"]
    assert [(f.code, f.cell) for f in reading(rows).findings] == [("period_mismatch", "A2")]


def test_a_copy_shows_the_cells_that_were_read(index: UnitIndex) -> None:
    rows = [*sheet(), [], [None, "Người lập biểu: Công chức 1"]]
    shown = showable_cells(grid_of(rows), vocabulary(), index)
    assert shown.kind == "counts"
    assert {(0, 0), (1, 0), (2, 2), (3, 1), (3, 2), (13, 3)} <= set(shown.cells)
    assert (15, 1) not in shown.cells
    assert shown.heads == {2}


# --- no such table ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda rows: rows[2].__setitem__(slice(2, 5), ["Trực tuyến", "Trực tiếp", "Tổng"]), id="channels"),
        pytest.param(lambda rows: rows[2].__setitem__(slice(2, 5), ["Trước hạn", "Quá hạn", "x"]), id="deadlines"),
        pytest.param(lambda rows: [r.__setitem__(1, f"Lĩnh vực {i}") for i, r in enumerate(rows[3:])], id="fields"),
        pytest.param(lambda rows: [r.__setitem__(1, "Trước hạn") for r in rows[3:]], id="one measure"),
        pytest.param(lambda rows: [r.__setitem__(slice(2, 5), ["x", "y", "z"]) for r in rows[3:]], id="no numbers"),
    ],
)
def test_columns_or_rows_of_something_else(read_rows: Any, change: Callable[[Rows], Any]) -> None:
    rows = sheet()
    change(rows)
    assert counts(read_rows(rows)) == {}


def test_a_table_with_units_down_the_rows_is_not_turned_round(export: Any, grids: Any, row: Any) -> None:
    (grid,) = grids(export([row(1, "Phòng A", 1, 2, 0, 3, 0, 0), row(2, "Xã D", 1, 2, 0, 3, 0, 0)]))
    tables = find_tables(grid, vocabulary())
    assert isinstance(tables, list) and [type(t) for t in tables] == [CountTable]
    assert not isinstance(tables[0].grid, TransposedGrid)
