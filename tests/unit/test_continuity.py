"""This quarter against the published ones before it."""

import pandas as pd
import pytest

from pipeline.continuity import PublishedQuarter, check_continuity
from pipeline.periods import Period
from pipeline.tally import complete, wide
from schemas.frames import Counts

NAMES = {"a": "Phòng A", "b": "Phòng B", "c": "Phòng C"}
Q2 = Period(2022, 2)


def counts(units: dict[str, dict[str, int]]) -> pd.DataFrame:
    rows = [
        (u, m, v, None, "", "f.xlsx", "S", f"C{i}")
        for i, (u, values) in enumerate(units.items(), 1)
        for m, v in values.items()
    ]
    frame = pd.DataFrame(rows, columns=list(Counts.to_schema().columns))
    frame = frame.astype({c: "Int64" if c in {"value", "original_value"} else "str" for c in frame.columns})
    return Counts.validate(frame)


def unit(early: int = 40, late: int = 10, carried: int = 0, pending: int = 0) -> dict[str, int]:
    return {
        "resolved_early": early, "resolved_on_time": 0, "resolved_late": late, "resolved_total": early + late,
        "carried_over": carried, "pending_in_time": pending, "pending_overdue": 0,
    }  # fmt: skip


def findings(
    now: dict[str, dict[str, int]], *history: tuple[Period, dict[str, dict[str, int]]]
) -> list[tuple[str, str, str, str]]:
    published = [PublishedQuarter(p, "r1", counts(u)) for p, u in history]
    current = complete(wide(counts(now)))[0]
    return [(f.code, f.unit_id, f.found, f.expected) for f in check_continuity(current, published, Q2, NAMES, {})]


def test_what_was_pending_is_carried_over() -> None:
    before = (Period(2022, 1), {"a": unit(pending=7), "b": unit(pending=3)})
    assert findings({"a": unit(carried=7), "b": unit(carried=4)}, before) == [("continuity_broken", "b", "4", "3")]


def test_only_the_quarter_just_before_is_compared() -> None:
    assert findings({"a": unit(carried=7)}, (Period(2021, 4), {"a": unit(pending=3)})) == []


def test_units_that_vanish_or_appear() -> None:
    before = (Period(2022, 1), {"a": unit(), "c": unit()})
    assert [f[:2] for f in findings({"a": unit(), "b": unit()}, before)] == [
        ("unit_vanished", "c"),
        ("unit_appeared", "b"),
    ]


@pytest.mark.parametrize(("late", "said"), [(10, False), (22, False), (25, True)])
def test_a_share_beyond_all_it_was_before(late: int, said: bool) -> None:
    history = [(Period(2022, 1), {"a": unit(40, 10)}), (Period(2021, 4), {"a": unit(38, 12)})]
    found = findings({"a": unit(50 - late, late)}, *history)
    assert [f[0] for f in found] == (["share_jumps", "share_jumps"] if said else [])


def test_few_dossiers_say_nothing() -> None:
    assert findings({"a": unit(0, 9)}, (Period(2022, 1), {"a": unit(9, 0)})) == []


def test_without_history_nothing_is_said() -> None:
    assert findings({"a": unit()}) == []
