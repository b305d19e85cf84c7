"""The identities of counts: which counts add up to which others, what a blank can be."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.arithmetic.identities import (
    BALANCE,
    BALANCE_WITH_OUTSIDE,
    GROUPS,
    PENDING_BY_DEADLINE,
    SUMS,
    Identity,
    identities_of_row,
    share_a_group,
    terms,
    total_of,
    values_of_blank,
    zero_closes,
)
from schemas.measures import COUNT_NAMES

#: a row of the form in which every identity holds
ROW = {
    "received_total": 10,
    "received_online": 3,
    "received_direct": 5,
    "received_in_period": 8,
    "carried_over": 2,
    "resolved_total": 6,
    "resolved_early": 1,
    "resolved_on_time": 4,
    "resolved_late": 1,
    "pending_total": 4,
    "pending_in_time": 3,
    "pending_overdue": 1,
}
CLOSED = {"resolved_total": 5, "resolved_early": 1, "resolved_on_time": 4}
ALL = (*SUMS, BALANCE, BALANCE_WITH_OUTSIDE)


def part(*names: str) -> dict[str, int]:
    return {name: ROW[name] for name in names}


@pytest.mark.parametrize("identity", ALL, ids=lambda i: i.name)
def test_every_identity_holds_in_a_row_of_the_form_and_in_no_other(identity: Identity) -> None:
    assert identity.measures <= COUNT_NAMES.keys()
    assert identity.gap(ROW) == 0
    for measure in identity.measures & ROW.keys():
        changed = {**ROW, measure: ROW[measure] + 3}
        assert identity.gap(changed) == (3 if measure == identity.total else -3)
        assert identity.lacks(measure, changed) == -3


def test_every_count_is_in_an_identity() -> None:
    assert set().union(*(i.measures for i in ALL)) == COUNT_NAMES.keys()


@pytest.mark.parametrize(
    ("change", "beside", "without"),
    [
        ({}, 0, 0),
        ({"withdrawn": 2}, -2, 0),
        ({"received_total": 13, "withdrawn": 2, "returned": 1}, 0, 3),
    ],
)
def test_withdrawn_and_returned_count_beside_or_inside(change: dict[str, int], beside: int, without: int) -> None:
    row = {**ROW, **change}
    assert (BALANCE_WITH_OUTSIDE.gap(row), BALANCE.gap(row)) == (beside, without)


def test_gaps_of_many_rows_at_once() -> None:
    rows = {"pending_total": np.array([4, 4]), "pending_in_time": np.array([3, 3]), "pending_overdue": np.array([1, 2])}
    assert PENDING_BY_DEADLINE.gap(rows).tolist() == [0, -1]


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (set(), []),
        ({"received_total"}, []),
        # a part without a column counts as 0
        ({"pending_total", "pending_overdue"}, [(("pending_total",), ("pending_overdue",))]),
        ({"received_in_period", "received_online"}, []),
        (
            {"received_in_period", "received_online", "received_direct"},
            [(("received_in_period",), ("received_online", "received_direct"))],
        ),
        # by period where the period has a column, else by channel
        (
            {"received_total", "received_in_period", "received_online", "carried_over"},
            [(("received_total",), ("received_in_period", "carried_over"))],
        ),
        (
            {"received_total", "received_online", "carried_over"},
            [(("received_total",), ("received_online", "carried_over"))],
        ),
        # a balance of totals, of all parts where a total is missing, with what is counted outside
        (
            {"received_total", "resolved_total", "pending_total"},
            [(("received_total",), ("resolved_total", "pending_total"))],
        ),
        (
            {"received_total", "resolved_total", "pending_in_time", "pending_overdue", "returned"},
            [(("received_total",), ("resolved_total", "pending_in_time", "pending_overdue", "returned"))],
        ),
        ({"received_total", "resolved_total", "pending_overdue"}, []),
    ],
)
def test_identities_of_a_row(known: set[str], expected: list[tuple[tuple[str, ...], tuple[str, ...]]]) -> None:
    assert [(i.whole, i.parts) for i in identities_of_row(frozenset(known))] == expected


@pytest.mark.parametrize(
    ("blank", "row", "closes"),
    [
        ("pending_overdue", {**part("pending_total", "pending_in_time"), "pending_in_time": 4}, True),
        ("pending_overdue", part("pending_total", "pending_in_time"), False),
        # no identity says anything of it
        ("pending_overdue", part("pending_in_time", "resolved_total"), False),
        # the balance says nothing of a part beside its total
        ("resolved_late", {**part("received_total", "pending_total"), **CLOSED}, True),
        # one identity confirms 0, the balance contradicts it
        ("pending_total", {**part("received_total", "resolved_total"), "pending_overdue": 0}, False),
        ("resolved_total", part("received_total", "pending_total"), False),
        ("resolved_total", {"received_total": 4, "pending_total": 4, "resolved_early": 1}, False),
    ],
)
def test_a_blank_is_0_where_the_row_confirms_it(blank: str, row: dict[str, int], closes: bool) -> None:
    assert zero_closes(blank, {**row, blank: 0}) is closes


@pytest.mark.parametrize(
    ("blank", "row", "also_unknown", "values"),
    [
        ("resolved_late", part("resolved_total", "resolved_early", "resolved_on_time"), set(), {1}),
        ("resolved_total", part("resolved_early", "resolved_on_time", "resolved_late"), set(), {6}),
        ("pending_total", part("received_total", "resolved_total"), set(), {4}),
        # two identities that disagree
        ("pending_total", {**part("received_total", "resolved_total"), "pending_in_time": 3}, set(), {3, 4}),
        # another blank in the same identity leaves both open
        ("resolved_late", part("resolved_total", "resolved_early"), {"resolved_on_time"}, set()),
        # a whole below its parts
        ("resolved_late", {"resolved_total": 2, "resolved_early": 5}, set(), {-3}),
    ],
)
def test_what_a_row_makes_of_a_blank(blank: str, row: dict[str, int], also_unknown: set[str], values: set[int]) -> None:
    counts = {**dict.fromkeys(also_unknown, 0), **row, blank: 0}
    assert values_of_blank(blank, counts, {blank, *also_unknown}) == values


@pytest.mark.parametrize(
    ("figures", "group", "total"),
    [
        (part("received_total", "received_online"), "received", 10),
        (part("received_online", "received_direct", "carried_over"), "received", 10),
        (part("received_online", "carried_over"), "received", None),
        (part("pending_in_time", "pending_overdue"), "pending", 4),
        ({"resolved_total": 0}, "resolved", 0),
        ({}, "resolved", None),
    ],
)
def test_the_total_of_a_group(figures: dict[str, int], group: str, total: int | None) -> None:
    assert total_of(figures, group) == total
    assert bool(terms(GROUPS[group], figures.keys())) is (total is not None)


def test_groups_of_measures() -> None:
    assert share_a_group("resolved_early", "resolved_late") and not share_a_group("resolved_late", "pending_overdue")
    with pytest.raises(ValueError, match="expected 1"):
        _ = Identity("", ("resolved_early", "resolved_late"), ("pending_total",)).total
