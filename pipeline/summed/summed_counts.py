"""The counts of a half-year or year: resolved dossiers add up, carried over of the first quarter, pending of the last.

A dossier that a quarter carries over was received before: of later quarters only what was received in them counts.
Where a quarter does not carry over what was pending before, the received dossiers of the unit are not known. A number
is used only where every quarter has it.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipeline.arithmetic.identities import PENDING_BY_DEADLINE, RECEIVED_BY_PERIOD
from pipeline.arithmetic.wide_counts import MEASURES, value_of
from pipeline.extract.count_records import CountBlock, CountReading
from pipeline.findings import NO_PLACE, Finding
from pipeline.registry import UnitIndex
from pipeline.summed.quarter_tables import PublishedQuarter
from pipeline.text import vn_int

#: measures of the last quarter, of the first, and those that a break between two quarters leaves unknown
_OF_LAST = frozenset((PENDING_BY_DEADLINE.total, *PENDING_BY_DEADLINE.parts))
_OF_FIRST = "carried_over"
_RECEIVED = frozenset((*RECEIVED_BY_PERIOD.measures, "received_online", "received_direct"))


def summed_counts(quarters: Sequence[PublishedQuarter], index: UnitIndex) -> CountReading:
    """The counts of all quarters as they add up, each number with its cell in the quarter's counts.csv; findings.

    `quarters`: oldest first, of the same units.
    """
    unusable = {u for quarter in quarters for u in quarter.unusable}
    findings = [_unusable(unit, quarters, index) for unit in index.order if unit in unusable]
    broken, about_breaks = _breaks(quarters, index, unusable)
    findings += about_breaks
    dropped = {u for u, whole in broken.items() if whole}
    ids = [u for u in index.current["unit_id"] if u not in unusable and u not in dropped]
    blocks: list[CountBlock] = []
    for measure in MEASURES:
        parts = _parts(quarters, measure, ids)
        known = np.logical_and.reduce([part.notna().to_numpy() for _, part in parts])
        if measure in _RECEIVED:
            known = known & np.array([u not in broken for u in ids], dtype=np.bool_)
        blocks += [_block(quarter, measure, ids, part, known) for quarter, part in parts if known.any()]
    counted = {unit for block in blocks for unit, kept in zip(block.units, block.kept[:, 0], strict=True) if kept}
    last = quarters[-1]
    places = {u: (last.place(u, ""),) for u in (*ids, *unusable) if u in counted or u in unusable}
    return CountReading(tuple(blocks), places, tuple(findings))


def _parts(
    quarters: Sequence[PublishedQuarter], measure: str, ids: Sequence[str]
) -> list[tuple[PublishedQuarter, pd.Series]]:
    """The numbers of a measure that add up to the period's: (quarter, Int64 series by `ids`, NA where not known)."""
    used = quarters[-1:] if measure in _OF_LAST else quarters[:1] if measure == _OF_FIRST else quarters
    parts = []
    for quarter in used:
        table = quarter.figures.reindex(list(ids))
        part = table[measure]
        if measure == RECEIVED_BY_PERIOD.total and quarter is not quarters[0]:
            part = part - table[_OF_FIRST]
            part = part.where((part >= 0).fillna(False))
        parts.append((quarter, part))
    return parts


def _block(
    quarter: PublishedQuarter, measure: str, ids: Sequence[str], part: pd.Series, known: np.ndarray
) -> CountBlock:
    """The numbers of one measure in one quarter. `known`: of each of `ids`, whether every quarter has the number."""
    places = [quarter.place(unit, measure) for unit in ids]
    return CountBlock(
        file=f"{quarter.folder}/counts.csv",
        sheet="",
        measures=(measure,),
        units=list(ids),
        places=places,
        letters=("C",),
        rows=[place.cell[1:] for place in places],
        values=part.fillna(0).to_numpy(dtype=np.int64)[:, None],
        kept=known[:, None],
    )


def _unusable(unit: str, quarters: Sequence[PublishedQuarter], index: UnitIndex) -> Finding:
    """The finding of a unit or level that a quarter did not score."""
    without = [quarter for quarter in quarters if unit in quarter.unusable]
    reasons = [f"{quarter.shown}: {quarter.unusable[unit] or 'không được chấm'}" for quarter in without]
    name = index.names[unit]
    shown = ", ".join(quarter.period.name for quarter in without)
    return (
        without[0].place(unit, "").finding("quarter_unusable", unit, found="; ".join(reasons), row=name, quarters=shown)
    )


def _breaks(
    quarters: Sequence[PublishedQuarter], index: UnitIndex, unusable: set[str]
) -> tuple[dict[str, bool], list[Finding]]:
    """Units and levels of which a quarter does not carry over what was pending before, and a finding for each break.

    A level is mapped to True if its units do not explain the break: its own numbers are not used then.
    """
    gaps: dict[str, dict[int, int]] = {}
    for number, (before, after) in enumerate(itertools.pairwise(quarters), 1):
        carried, pending = after.figures[_OF_FIRST].align(before.figures["pending_total"], join="inner")
        differ = (carried - pending).dropna()
        for unit, gap in differ[differ != 0].items():
            if str(unit) not in unusable and str(unit) in index.names:
                gaps.setdefault(str(unit), {})[number] = int(gap)
    broken: dict[str, bool] = {}
    findings = []
    for unit in (u for u in index.order if u in gaps):
        is_level = index.kinds[unit] == "level"
        of_units = {n: sum(gaps.get(u, {}).get(n, 0) for u in index.units(index.levels[unit])) for n in gaps[unit]}
        broken[unit] = is_level and of_units != gaps[unit]
        outcome = "Số tiếp nhận cả kỳ không cộng được nên để trống"
        if broken[unit]:
            outcome = "Số riêng của cấp không dùng cho cả kỳ, cấp được tính bằng tổng các đơn vị"
        if is_level and not broken[unit]:
            continue  # the findings of its units tell the same
        for number in gaps[unit]:
            findings.append(_break(unit, quarters[number - 1], quarters[number], outcome, index))
    return broken, findings


def _break(unit: str, before: PublishedQuarter, after: PublishedQuarter, outcome: str, index: UnitIndex) -> Finding:
    place = after.place(unit, _OF_FIRST) if unit in after.figures.index else NO_PLACE
    return place.finding(
        "quarters_do_not_join",
        unit,
        found=vn_int(value_of(after.figures, unit, _OF_FIRST) or 0),
        expected=vn_int(value_of(before.figures, unit, "pending_total") or 0),
        row=index.names[unit],
        quarter=after.shown,
        before=before.shown,
        outcome=outcome,
    )
