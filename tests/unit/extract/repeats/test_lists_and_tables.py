"""A list and a table of the same dossiers are counted once where all numbers agree; else the units are in two places."""

from typing import Any

import numpy as np
import pytest

from pipeline.extract.count_records import CountBlock, CountReading
from pipeline.extract.repeats.lists_and_tables import without_summaries
from pipeline.findings import Place

MEASURES = ["received_total", "resolved_total", "resolved_late", "pending_total"]


def block(file: str, units: dict[str, list[int]]) -> CountBlock:
    places = [Place(file, "", u) for u in units]
    values = np.array(list(units.values()), dtype=np.int64)
    kept = np.ones(values.shape, dtype=np.bool_)
    return CountBlock(file, "", MEASURES, list(units), places, [""] * 4, [""] * len(units), values, kept)


def reading(*blocks: CountBlock) -> CountReading:
    places: dict[str, Any] = {}
    for b in blocks:
        for unit, place in zip(b.units, b.places, strict=True):
            places.setdefault(unit, []).append(place)
    return CountReading(blocks, places)


A, B = [14, 13, 7, 1], [12, 10, 5, 2]
TABLE = block("t.xlsx", {"a": A, "b": B})


@pytest.mark.parametrize(
    ("lists", "left"),
    [
        ([block("l.xlsx", {"a": A}), block("l.xlsx", {"b": B})], 0),
        ([block("l.xlsx", {"a": A}), block("l.xlsx", {"b": [12, 11, 5, 1]})], 2),
        ([block("l.xlsx", {"a": A})], 1),
        ([block("l.xlsx", {"a": A}), block("l.xlsx", {"b": B}), block("l.xlsx", {"c": A})], 3),
        ([block("l.xlsx", {"a": A}), block("l.xlsx", {"b": B}), block("m.xlsx", {"a": B})], 3),
    ],
)
def test_a_list_that_a_table_counts(lists: list[CountBlock], left: int) -> None:
    counts, notices = without_summaries(reading(TABLE), reading(*lists), ())
    assert (len(counts.blocks), [n.code for n in notices]) == (left, [] if left else ["table_counted_elsewhere"])
    assert bool(counts.places) == bool(left)


def test_a_table_of_a_file_that_is_set_aside_counts_nothing() -> None:
    lists = reading(block("l.xlsx", {"a": A}), block("l.xlsx", {"b": B}))
    assert without_summaries(reading(TABLE), lists, {"t.xlsx"}) == (lists, [])


def test_few_small_numbers_may_agree_by_accident() -> None:
    none = [0, 0, 0, 0]
    lists = reading(block("l.xlsx", {"a": [1, 1, 0, 0]}), block("l.xlsx", {"b": none}))
    table = reading(block("t.xlsx", {"a": [1, 1, 0, 0], "b": none}))
    assert without_summaries(table, lists, ()) == (lists, [])
