"""The levels of the published quarter just before, which the report compares with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.arithmetic.wide_counts import MEASURES, complete, value_of, wide
from pipeline.publish.published_quarters import PastQuarter
from pipeline.publish.published_scores import PublishedScore
from pipeline.registry import UnitIndex
from pipeline.result import LevelBefore, QuarterBefore
from pipeline.validate.level_totals import level_counts
from pipeline.validate.statuses import NOT_SCORED, USABLE


def quarter_before(index: UnitIndex, past: Sequence[PastQuarter]) -> QuarterBefore | None:
    """The quarter just before the period of `index`, of `past`; None if it is not there or its counts cannot be used.

    A level's figures are counted as in that quarter: its own row by groups, else the sum of the units that were used.
    """
    quarter = next((q for q in past if q.period == index.period.previous), None)
    if quarter is None or quarter.counts is None:
        return None
    scores = quarter.scores
    if scores is None or scores.damage:
        return QuarterBefore(quarter.period, quarter.used.revision, ("", ""), {})
    used = scores.rulebook, scores.rulebook_sha256
    return QuarterBefore(quarter.period, quarter.used.revision, used, _levels(quarter.counts, scores.scores))


def _levels(counts: pd.DataFrame, scores: Mapping[str, PublishedScore]) -> dict[str, LevelBefore]:
    """counts: Counts frame of the quarter. `scores`: by the id of the unit or level."""
    levels = {i: score for i, score in scores.items() if score.is_level}
    names = {i: i for i in levels}
    units: dict[str, list[str]] = {level.level: [] for level in levels.values()}
    for unit, score in scores.items():
        if not score.is_level:
            units.setdefault(score.level, []).append(unit)
    members = {i: units[level.level] for i, level in levels.items()}
    usable = {i: [u for u in members[i] if scores[u].status in USABLE] for i in levels}
    completed, _ = complete(wide(counts))
    of_units = completed.loc[~completed.index.isin(names)]
    table = level_counts(of_units, completed.loc[completed.index.isin(names)], counts, members, usable, names).table
    found = {}
    for i, level in levels.items():
        numbers = {} if level.status in NOT_SCORED else {m: value_of(table, i, m) for m in MEASURES}
        found[i] = LevelBefore(
            figures={m: number for m, number in numbers.items() if number is not None},
            basis=level.basis,
            complete=len(usable[i]) == len(members[i]),
            total=level.total,
            total_max=level.most,
        )
    return found
