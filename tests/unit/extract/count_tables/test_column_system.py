"""The equations of a reading: what holds, what is tested, what the columns determine."""

import numpy as np
import pytest

from pipeline.extract.count_tables.column_roles import IN_TIME, LATE_ANY, OUTSIDE, RESOLVED_OTHER, UNUSED, WAITING
from pipeline.extract.count_tables.column_system import system_of

RESOLVED = ("resolved_total", "resolved_early", "resolved_on_time", "resolved_late")


def roles(*names: str, parts: tuple[int, ...] = ()) -> tuple[tuple[str, bool], ...]:
    return tuple((name, i in parts) for i, name in enumerate(names))


@pytest.mark.parametrize(
    ("names", "parts", "good", "bad"),
    [
        (RESOLVED, (), [10, 5, 4, 1], [10, 5, 4, 2]),
        (("resolved_total", IN_TIME, "resolved_late", "resolved_early"), (), [10, 9, 1, 5], [10, 9, 1, 9.5]),
        ((*RESOLVED, RESOLVED_OTHER), (), [12, 5, 4, 1, 2], [12, 5, 4, 1, 1]),
        (("resolved_late", "pending_overdue", LATE_ANY), (), [3, 4, 7], [3, 4, 6]),
        (("received_total", "received_online", "received_direct", "received_direct", "carried_over"), (2, 3),
         [10, 3, 4, 1, 2], [10, 3, 4, 2, 2]),
        (("received_total", "resolved_total", "pending_total", WAITING, WAITING, OUTSIDE), (),
         [20, 10, 5, 2, 1, 2], [20, 10, 5, 2, 1, 1]),
        (("received_in_period", "received_online", "received_direct"), (), [9, 4, 5], [9, 4, 4]),
    ],
)  # fmt: skip
def test_sums_that_hold_and_do_not(names: tuple[str, ...], parts: tuple[int, ...], good: list, bad: list) -> None:
    system = system_of(roles(*names, parts=parts), balanced=True)
    if bad[-1] != 9.5:
        assert system.holds(np.array([good, bad])).tolist() == [True, False]
    else:
        assert system.holds(np.array([good])).tolist() == [True]
    assert system.tested.all() or names[-1] == "resolved_early"


def test_a_part_is_never_more_than_its_whole() -> None:
    system = system_of(roles(IN_TIME, "resolved_early"), balanced=True)
    assert system.holds(np.array([[9, 5], [9, 10]])).tolist() == [True, False]
    assert not system.tested.any()


def test_an_unused_column_takes_part_in_nothing() -> None:
    system = system_of(roles(*RESOLVED, UNUSED), balanced=True)
    assert system.tested.tolist() == [True, True, True, True, False]
    assert system.holds(np.array([[10, 5, 4, 1, 77]])).tolist() == [True]


def test_what_the_columns_determine() -> None:
    system = system_of(roles("resolved_total", IN_TIME, "resolved_early"), balanced=False)
    row = np.array([10, 9, 5])
    assert {m: round(float(row @ w)) for m, w in system.weights.items()} == {
        "resolved_early": 5,
        "resolved_on_time": 4,
        "resolved_late": 1,
    }


def test_a_part_beside_its_whole_leaves_a_rest_and_parts_alone_are_all() -> None:
    beside = system_of(roles("resolved_late", "resolved_late", parts=(1,)), balanced=True)
    assert not beside.tested.any()
    alone = system_of(roles("resolved_late", "resolved_late", parts=(0, 1)), balanced=True)
    assert round(float(np.array([2, 3]) @ alone.weights["resolved_late"])) == 5


def test_an_index_row_says_which_columns_add_up() -> None:
    system = system_of(roles(*RESOLVED, UNUSED), balanced=True)
    assert system.adds_up(0, [1, 2, 3])
    assert not system.adds_up(0, [1, 2]) and not system.adds_up(0, [1, 2, 4]) and not system.adds_up(4, [1, 2])
