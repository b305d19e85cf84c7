"""History, for any series of quarters: what agrees is never told, what does not is told with its numbers."""

from fractions import Fraction
from math import sqrt

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from past import NOTHING_SAID, counts, quarter, unit

from pipeline.periods import Period
from pipeline.registry import UnitIndex
from pipeline.registry_file import read_registry
from pipeline.text import vn_int
from pipeline.validate.continuity import check_continuity
from pipeline.validate.share_jumps import JUMP, JUMP_FROM_ONE, LEAST_Z, jumped

HEAD = "unit_id,name,kind,level,parent,aliases,valid_from,valid_to,successor,note\nxa,Cấp xã,level,xa,,,,,,\n"
FEW = settings(deadline=None, max_examples=40)
SMALL = st.integers(0, 300)
#: (early, on time, late, online, pending): the shares of a unit stay what they are
UNIT = st.tuples(SMALL, SMALL, SMALL, SMALL, SMALL).map(lambda u: (*u[:3], min(u[3], sum(u[:3])), u[4]))


def office(units: list[tuple[int, ...]], merged: int) -> tuple[UnitIndex, dict, dict]:
    """The first `merged` units end and the last one has their dossiers; before and now, in agreement."""
    last = f"u{len(units) - 1}"
    lines = [
        f"u{i},Xã {i},unit,xa,xa,,,{'2022-03-01' if i < merged else ''},{last if i < merged else ''},\n"
        for i in range(len(units))
    ]
    index = UnitIndex(read_registry((HEAD + "".join(lines)).encode()), Period(2022, 2))
    before, now = {}, {}
    for i, (early, on_time, late, online, pending) in enumerate(units):
        before[f"u{i}"] = unit(early, on_time, late, online, 0, pending)
        now[f"u{i}"] = unit(early, on_time, late, online, pending, pending)
        # the channels of what came in the quarter stay as they are
        now[f"u{i}"]["received_direct"] = before[f"u{i}"]["received_direct"]
    for i in range(merged):
        for measure, value in now.pop(f"u{i}").items():
            now[last][measure] += value
    return index, before, now


@st.composite
def offices(draw: st.DrawFn) -> tuple[list[tuple[int, ...]], int]:
    units = draw(st.lists(UNIT, min_size=1, max_size=5))
    return units, draw(st.integers(0, len(units) - 1))


@FEW
@given(offices())
def test_quarters_that_agree_are_never_told(drawn):
    index, before, now = office(*drawn)
    assert check_continuity(counts(now), NOTHING_SAID, index, [quarter("2022-Q1", before)]) == []


@FEW
@given(offices(), st.integers(1, 50), st.data())
def test_one_number_that_differs_is_told_once_with_both(drawn, more, data):
    index, before, now = office(*drawn)
    unit_id = data.draw(st.sampled_from(sorted(now)))
    was = now[unit_id]["carried_over"]
    now[unit_id]["carried_over"] += more
    found = check_continuity(counts(now), NOTHING_SAID, index, [quarter("2022-Q1", before)])
    assert [(f.code, f.unit_id, f.found, f.expected) for f in found] == [
        ("continuity_broken", unit_id, vn_int(was + more), vn_int(was))
    ]


PAIR = st.integers(30, 400).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))


@settings(deadline=None, max_examples=300)
@given(PAIR, st.lists(st.one_of(st.none(), PAIR), max_size=4))
def test_jumps_are_what_the_arithmetic_says(now, past):
    """The same rule for one unit, in fractions."""
    known = [Fraction(*p) for p in past if p is not None]
    share, points = Fraction(*now), Fraction(JUMP_FROM_ONE if len(known) == 1 else JUMP, 100)
    expected = False
    if known:
        high, low = max(known), min(known)
        nearest = high if share > high else low
        whole = next(p[1] for p in past if p is not None and Fraction(*p) == nearest)
        pooled = (now[0] + float(nearest) * whole) / (now[1] + whole)
        spread = sqrt(max(pooled * (1 - pooled), 0) * (1 / now[1] + 1 / whole))
        outside = share >= high + points or share <= low - points
        z = abs(float(share - nearest)) / spread if spread else 0.0
        if abs(z - LEAST_Z) < 1e-9:
            return
        expected = outside and z >= LEAST_Z
    arrays = [np.array([[np.nan], [np.nan]]) if p is None else np.array([[p[0]], [p[1]]], dtype=float) for p in past]
    assert bool(jumped(np.array([[now[0]], [now[1]]], dtype=float), arrays)[0]) == expected
