"""All cells of a sheet at once say what each says alone, whatever else was seen before."""

import datetime as dt
import random
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from pipeline.extract.sheet import cell_matrix
from pipeline.extract.sheet import grid as grid_module
from pipeline.extract.sheet.cell_matrix import Seen, Trait
from pipeline.extract.sheet.cell_values import BLANK, see
from pipeline.extract.sheet.grid import Grid

#: values that are one key of a dictionary, or look alike, and say different things
VALUES: list[Any] = [
    *(None, "", " ", 0, 0.0, "0", False, 1, 1.0, "1", True, -1.0, 1.5, 2e9, "1.502", 1502.0, "1,5", "-", "—", "null"),
    *("Quá hạn", "Qua\u0301 hạn", "(3)", "#REF!", "12%", "3\n4", "x" * 400, "1 502", "x" * 400 + "2"),
    *(dt.datetime(2022, 3, 14, 8, 30), dt.date(2022, 3, 14), dt.time(8, 30), dt.timedelta(days=1)),
]


def rows(seed: int, height: int = 40) -> list[list[Any]]:
    """Rows of different lengths."""
    rng = random.Random(seed)
    return [[rng.choice(VALUES) for _ in range(rng.randint(0, 9))] for _ in range(height)]


@pytest.mark.parametrize("seed", range(20))
def test_a_matrix_says_what_every_cell_says(seed: int) -> None:
    table = rows(seed)
    matrix = Seen(table)
    for r, row in enumerate(table):
        alone = [see(v) for v in row] + [BLANK] * (matrix.codes.shape[1] - len(row))
        assert matrix.row(r) == alone
        assert [c.number for c in alone] == matrix.numbers[r].tolist()
        text, number = any(c.text for c in alone), any(c.number for c in alone)
        assert matrix.label_rows[r] == (text and not number)
    columns = list(range(matrix.codes.shape[1]))
    counts, good, broken = matrix.counts(np.arange(len(table)), columns)
    kinds = [[see(v).counted.kind for v in row] + ["blank"] * (len(columns) - len(row)) for row in table]
    assert good.tolist() == [[k == "ok" for k in line] for line in kinds]
    assert broken.tolist() == [[k in {"bad", "error", "formula"} for k in line] for line in kinds]
    values = [[see(v).counted.value for v in row] + [0] * (len(columns) - len(row)) for row in table]
    assert counts.tolist() == values


def test_a_sheet_without_rows_or_cells_shows_nothing() -> None:
    for table in ([], [[]], [[], []]):
        matrix = Seen(table)
        assert matrix.label_rows == [False] * len(table)
        assert matrix.rows_with(Trait(lambda text: True)) == []


def test_what_was_seen_stays_when_a_new_book_is_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cell_matrix, "_MOST", 3)
    first = Seen([["Quá hạn", 5.0, "Đúng hạn", 7.0]])
    for i in range(5):
        Seen([[f"Tên {i}", 100.0 + i, "7"]])
    assert [c.text for c in first.row(0)] == ["Quá hạn", "5", "Đúng hạn", "7"]
    counts, good, _ = first.counts(np.array([0]), [1, 3])
    assert counts.tolist() == [[5, 7]] and good.all()
    assert first.rows_with(Trait(lambda text: text == "Đúng hạn")) == [0]


def test_a_trait_is_asked_of_what_came_after_it_too() -> None:
    late = Trait(lambda text: text.startswith("Quá"))
    assert Seen([["Quá hạn A"], ["Đúng hạn"]]).rows_with(late) == [0]
    assert Seen([["Đúng hạn"], [""], ["Quá hạn B"], ["Quá hạn A"]]).rows_with(late) == [2, 3]


def test_two_threads_see_what_one_does() -> None:
    tables = [[[f"Tên {n}-{i}", float(i), i % 7 == 0, f"{n}.{i:03d}"] for i in range(200)] for n in range(40)]
    trait = Trait(lambda text: text.endswith("7"))
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            matrices = list(pool.map(Seen, tables))
            found = list(pool.map(lambda m: m.rows_with(trait), matrices))
    finally:
        sys.setswitchinterval(interval)
    for table, matrix, rows_found in zip(tables, matrices, found, strict=True):
        assert [matrix.row(r) for r in range(len(table))] == [[see(v) for v in row] for row in table]
        assert rows_found == [r for r, row in enumerate(table) if any(see(v).text.endswith("7") for v in row)]


def test_a_line_of_very_many_cells_is_not_spread_over_the_rows_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grid_module, "FIRST_COLUMNS", 4)
    places: list[int] = []
    monkeypatch.setattr(cell_matrix, "Seen", lambda rows: places.append(max(map(len, rows))) or Seen(rows))
    grid = Grid("f.csv", "", [["a"] * 50, ["Mã hồ sơ", "b"], []])
    assert grid.first_rows_with(Trait(lambda text: text == "Mã hồ sơ")) == [1]
    assert places == [4]
