"""Which cell is wrong where a total is not the sum of its rows: rows, totals, what cannot be told."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from pipeline.arithmetic.diagnosis import Explanation, explanations, identity_weights

MEASURES = (
    "received_total", "received_online", "received_direct", "carried_over", "resolved_total", "resolved_early",
    "resolved_on_time", "resolved_late", "pending_total", "pending_in_time", "pending_overdue",
)  # fmt: skip
ROWS = np.array(
    [
        [60, 10, 40, 10, 50, 30, 15, 5, 10, 8, 2],
        [25, 5, 20, 0, 25, 25, 0, 0, 0, 0, 0],
        [90, 0, 88, 2, 80, 20, 50, 10, 10, 10, 0],
        [7, 1, 6, 0, 4, 2, 1, 1, 3, 2, 1],
    ]
)
NOTHING = np.zeros(ROWS.shape, dtype=bool)
ALL = np.ones(len(MEASURES), dtype=bool)


def told(rows: np.ndarray, total: np.ndarray, unknown: np.ndarray = NOTHING) -> list[Explanation] | None:
    return explanations(rows, total, ALL, unknown, identity_weights(MEASURES))


@pytest.mark.parametrize(("row", "column"), itertools.product(range(4), range(11)))
def test_a_wrong_cell_of_a_row(row: int, column: int) -> None:
    rows = ROWS.copy()
    rows[row, column] += 9
    assert told(rows, ROWS.sum(axis=0)) == [Explanation({row: {column: -9}}, {})]


@pytest.mark.parametrize("column", range(11))
def test_a_wrong_total(column: int) -> None:
    total = ROWS.sum(axis=0)
    total[column] -= 2
    assert told(ROWS, total) == [Explanation({}, {column: -2})]


def test_two_wrong_rows_one_of_them_in_the_same_column() -> None:
    rows = ROWS.copy()
    rows[0, 5], rows[2, 5] = 33, 2
    assert told(rows, ROWS.sum(axis=0)) == [Explanation({0: {5: -3}, 2: {5: 18}}, {})]
    rows[2, 5], rows[2, 1] = 20, 4
    assert told(rows, ROWS.sum(axis=0)) == [Explanation({0: {5: -3}, 2: {1: -4}}, {})]


def test_a_row_that_contradicts_itself_and_its_total_are_both_named() -> None:
    rows = ROWS.copy()
    rows[1] = [25, 5, 20, 0, 27, 27, 0, 0, 0, 0, 0]  # as the portal states it: the total adds it up
    total = rows.sum(axis=0)
    rows[1, 4] += 1
    found = told(rows, total)
    assert found is not None and Explanation({1: {4: -1}}, {}) in found


@pytest.mark.parametrize(
    "change",
    [
        {5: 1, 6: -1},  # within one group: no identity of a row shows it
        {0: 5, 2: 5, 4: 5, 5: 5},  # like a row that is missing
    ],
)
def test_what_cannot_be_told(change: dict[int, int]) -> None:
    total = ROWS.sum(axis=0)
    for column, more in change.items():
        total[column] += more
    assert told(ROWS, total) is None


def test_a_column_of_no_identity_tells_no_row() -> None:
    weights = identity_weights(["resolved_early", "resolved_on_time"])
    rows = ROWS[:, 5:7]
    free = np.zeros(rows.shape, dtype=bool)
    assert explanations(rows, rows.sum(axis=0) + np.array([1, 0]), np.ones(2, dtype=bool), free, weights) is None


def test_blanks_take_what_the_total_leaves_for_them_and_hide_no_error() -> None:
    rows, unknown = ROWS.copy(), NOTHING.copy()
    rows[0, 5], unknown[0, 5] = 0, True
    assert told(rows, ROWS.sum(axis=0), unknown) == []
    rows[2, 6] += 1  # an error beside it: the row is named
    assert told(rows, ROWS.sum(axis=0), unknown) == [Explanation({2: {6: -1}}, {})]
    rows[2, 5] -= 1  # moved within its group: the total of the blank's column could hide it
    assert told(rows, ROWS.sum(axis=0), unknown) is None


def test_identities_that_tell_nothing() -> None:
    # without the channels, received = carried over is none; two identities are left
    assert identity_weights(["received_total", "carried_over", "resolved_total", "pending_total"]).shape == (1, 4)
    # a portal that counts withdrawn dossiers otherwise: an identity that fails in most rows tells nothing
    rows = ROWS.copy()
    rows[:, 0] += 3
    rows[:, 2] += 3
    total = rows.sum(axis=0)
    rows[3, 7] += 1
    assert told(rows, total) == [Explanation({3: {7: -1}}, {})]
