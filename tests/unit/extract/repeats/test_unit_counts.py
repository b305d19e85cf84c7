"""Comparisons of tables by numbers: equal, sums of parts, months of a quarter."""

import numpy as np
import pytest

from pipeline.extract.count_records import CountBlock
from pipeline.extract.repeats.unit_counts import (
    UnitCounts,
    adds_up,
    does_not_exceed,
    equal,
    months_add_up,
    unit_counts,
)
from pipeline.findings import Place

MEASURES = ("received_total", "carried_over", "received_in_period", "pending_total")


def table(rows: dict[str, list[int]], measures: tuple[str, ...] = MEASURES) -> UnitCounts:
    values = np.array(list(rows.values()), dtype=np.int64)
    return UnitCounts(tuple(rows), measures, values, np.ones(values.shape, dtype=np.bool_))


def test_rows_of_a_unit_and_columns_of_a_measure_are_added_up_and_a_gap_stays_one() -> None:
    place = Place("a.xlsx", "S", "B2")
    block = CountBlock(
        "a.xlsx", "S", ["resolved_early", "resolved_on_time", "resolved_late", "resolved_late"], ["a", "a", "b"], [place] * 3,
        ["C", "D", "E", "F"], ["2", "3", "4"],
        np.array([[1, 2, 3, 4], [5, 6, 7, 8], [9, 9, 9, 9]]), np.array([[True] * 4, [True] * 4, [True, False, True, True]]),
    )  # fmt: skip
    counts = unit_counts(block)
    values, known = counts.part(["a", "b"], ["resolved_early", "resolved_late", "resolved_in_time", "resolved_total"])
    assert values.tolist()[0] == [6, 22, 14, 36]
    assert known.tolist() == [[True] * 4, [True, True, False, False]]


@pytest.mark.parametrize(
    ("other", "measures", "same"),
    [
        ([9, 2, 7, 3], MEASURES, True),
        ([9, 2, 7, 4], MEASURES, False),
        ([9, 2, 7], MEASURES[:3], True),
        ([9], ("received_total",), True),  # all that the other table has
        ([9, 5, 5], ("received_total", "received_online", "received_direct"), False),  # too little in common
    ],
)
def test_equal_rows(other: list[int], measures: tuple[str, ...], same: bool) -> None:
    assert equal(table({"a": [9, 2, 7, 3]}), table({"a": other}, measures), "a") is same


@pytest.mark.parametrize(
    ("parts", "whole", "proven"),
    [
        ([{"a": [5, 1, 4, 1]}, {"a": [4, 1, 3, 2]}], {"a": [9, 2, 7, 3]}, True),
        ([{"a": [5, 1, 4, 1]}, {"b": [4, 1, 3, 2]}], {"a": [5, 1, 4, 1], "b": [4, 1, 3, 2]}, True),
        ([{"a": [5, 1, 4, 1]}, {"a": [4, 1, 3, 2]}], {"a": [9, 2, 7, 4]}, False),
        ([{"a": [5, 1, 4, 1]}, {"c": [4, 1, 3, 2]}], {"a": [9, 2, 7, 3]}, False),  # the whole does not show c
        ([{"a": [9, 2, 7, 3]}, {"a": [0, 0, 0, 0]}], {"a": [9, 2, 7, 3]}, False),  # only one part has dossiers
        ([{"a": [9, 2, 7, 3]}], {"a": [9, 2, 7, 3]}, False),  # that is a copy, no sum
        ([{"a": [0, 0, 0, 0]}, {"a": [0, 0, 0, 0]}], {"a": [0, 0, 0, 0]}, False),
    ],
)
def test_sums_of_parts(parts: list[dict[str, list[int]]], whole: dict[str, list[int]], proven: bool) -> None:
    assert adds_up([table(p) for p in parts], table(whole)) is proven


def test_a_part_stays_below_the_whole() -> None:
    whole = table({"a": [9, 2, 7, 3], "b": [1, 0, 1, 0]})
    assert does_not_exceed(table({"a": [9, 2, 7, 3]}), whole)
    assert not does_not_exceed(table({"a": [9, 3, 6, 3]}), whole)
    assert does_not_exceed(table({"a": [9, 3, 6, 3]}), whole, without={"carried_over"})
    assert not does_not_exceed(table({"c": [0, 0, 0, 0]}), whole)


@pytest.mark.parametrize(
    ("quarter", "proven"), [([17, 2, 15, 3], True), ([20, 2, 15, 3], False), ([17, 2, 15, 6], False)]
)
def test_months_of_a_quarter(quarter: list[int], proven: bool) -> None:
    months = [table({"a": row}) for row in ([7, 2, 5, 1], [6, 1, 5, 2], [7, 2, 5, 3])]
    assert months_add_up(months, table({"a": quarter})) is proven
