"""Numbers right of their headings, as report programs place them: read where the shift is certain, else refused."""

from collections.abc import Callable
from typing import Any

import pytest
from readings import codes

from pipeline.extract.count_records import CountReading, combined
from pipeline.extract.count_tables.read_table import read_tables
from pipeline.extract.count_tables.tables import find_tables
from pipeline.extract.sheet.grid import Grid, MergedRange
from pipeline.extract.wording.vocabulary import vocabulary
from pipeline.registry import UnitIndex

HEADS = [
    "Tiếp nhận: Tổng số", "Trực tuyến", "Trực tiếp", "Kỳ trước", "Đã giải quyết: Tổng số", "Trước hạn", "Đúng hạn",
    "Quá hạn", "Đang giải quyết: Tổng số", "Trong hạn", "Quá hạn",
]  # fmt: skip
UNITS = {"Phòng A": [10, 2, 5, 3, 8, 4, 3, 1, 2, 2, 0], "Xã D": [7, 7, 0, 0, 7, 6, 1, 0, 0, 0, 0]}


def spread(cells: list[Any], first: int, step: int) -> dict[int, Any]:
    """Column -> cell, of cells `step` columns apart."""
    return {first + i * step: cell for i, cell in enumerate(cells)}


def line(cells: dict[int, Any]) -> list[Any]:
    return [cells.get(c) for c in range(max(cells) + 1)]


def sheet(shift: int = 1, step: int = 2, blank: bool = True, total: bool = False) -> list[list[Any]]:
    """STT, blank, unit, blank, then each number `shift` columns right of its heading, a blank row after each row."""
    rows = [line({0: "STT", 2: "Đơn vị", **spread(HEADS, 4, step)}), []]
    body: list[tuple[Any, str, list[int]]] = [(i, name, counts) for i, (name, counts) in enumerate(UNITS.items(), 1)]
    if total:
        body.append((None, "Tổng cộng", [sum(c) for c in zip(*UNITS.values(), strict=True)]))
    for number, name, counts in body:
        rows += [line({0: number, 2: name, **spread(counts, 4 + shift, step)}), *([[]] if blank else [])]
    return rows


@pytest.fixture
def read_rows(index: UnitIndex) -> Callable[..., CountReading]:
    def reading(rows: list[list[Any]], merges: tuple[MergedRange, ...] = ()) -> CountReading:
        grid = Grid("f.xlsx", "S", tuple(map(tuple, rows)), merges=merges)
        return combined(t.counts for t in read_tables(find_tables(grid, vocabulary()), index))

    return reading


def early(reading: CountReading) -> dict[str, tuple[int, str]]:
    frame = reading.frame(set())
    rows = frame[frame["measure"] == "resolved_early"]
    return {u: (v, c) for u, v, c in zip(rows["unit_id"], rows["value"], rows["source_cell"], strict=True)}


@pytest.mark.parametrize(("shift", "step", "cell"), [(0, 2, "O"), (1, 2, "P"), (1, 3, "U"), (2, 3, "V"), (0, 1, "J")])
@pytest.mark.parametrize("blank", [True, False])
def test_the_numbers_belong_to_the_heading_left_of_them(
    read_rows: Any, shift: int, step: int, cell: str, blank: bool
) -> None:
    reading = read_rows(sheet(shift, step, blank, total=True))
    assert codes(reading) == []
    assert early(reading) == {"phong-a": (4, f"{cell}3"), "xa-d": (6, f"{cell}{5 if blank else 4}")}
    assert any("bên phải tiêu đề" in f.found for f in reading.findings) is bool(shift)


def test_a_wrong_total_is_still_found(read_rows: Any) -> None:
    rows = sheet(total=True)
    rows[-2][15] += 1
    assert "total_row_wrong" in codes(read_rows(rows))


def test_headings_merged_over_their_columns_and_ordinals_that_are_shifted_too(read_rows: Any) -> None:
    merges = tuple(((0, c), (0, c + 1)) for c in range(4, 26, 2))
    assert early(read_rows(sheet(), merges)) == {"phong-a": (4, "P3"), "xa-d": (6, "P5")}
    moved = [rows if i < 2 else [None, *rows] for i, rows in enumerate(sheet(shift=0))]
    assert early(read_rows(moved)) == {"phong-a": (4, "P3"), "xa-d": (6, "P5")}


def test_an_index_row_below_the_headings(read_rows: Any) -> None:
    rows = sheet()
    rows[1] = line({0: 1, 2: 2, **spread(list(range(3, 14)), 4, 2)})
    assert early(read_rows(rows)) == {"phong-a": (4, "P3"), "xa-d": (6, "P5")}


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda rows: rows[0].__setitem__(12, None), id="a heading is missing in the middle"),
        pytest.param(lambda rows: rows[0].__setitem__(4, None), id="the first heading is missing"),
        pytest.param(lambda rows: rows[0].__setitem__(24, None), id="the last heading is missing"),
        pytest.param(lambda rows: rows[2].append(9), id="a number more than there are headings"),
        pytest.param(lambda rows: rows[4].insert(5, None), id="a row that is shifted further"),
        pytest.param(lambda rows: rows[4].pop(4), id="a row that stands below the headings"),
        pytest.param(lambda rows: rows[4].__setitem__(4, 9), id="a number below a heading of its own"),
        pytest.param(lambda rows: rows[4].__setitem__(4, "x"), id="a text below a heading of its own"),
        pytest.param(lambda rows: [r.__setitem__(15, None) for r in rows[2::2]], id="a heading without numbers"),
    ],
)
def test_where_the_shift_is_not_certain_the_table_is_refused(read_rows: Any, change: Callable[[Any], Any]) -> None:
    rows = sheet()
    change(rows)
    reading = read_rows(rows)
    assert "table_unheaded_numbers" in codes(reading)
    assert early(reading) == {}


@pytest.mark.parametrize("step", [1, 2])
def test_numbers_left_of_their_headings_are_refused(read_rows: Any, step: int) -> None:
    rows = [line({0: "STT", 2: "Đơn vị", **spread(HEADS, 5, step)})]
    rows += [line({0: 1, 2: name, **spread(counts, 4, step)}) for name, counts in UNITS.items()]
    assert early(read_rows(rows)) == {}
