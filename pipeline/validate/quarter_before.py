"""The levels of the published quarter just before, which the report compares with."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from pipeline.arithmetic.wide_counts import MEASURES, complete, value_of, wide
from pipeline.publish.published_quarters import PastQuarter, PastScores
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
    if scores is None:
        return QuarterBefore(quarter.period, quarter.used.revision, ("", ""), {})
    used = scores.rulebook.id, scores.rulebook.sha256
    return QuarterBefore(quarter.period, quarter.used.revision, used, _levels(quarter.counts, scores))


def _levels(counts: pd.DataFrame, scores: PastScores) -> dict[str, LevelBefore]:
    """counts: Counts frame of the quarter."""
    levels, units = scores.levels, scores.units
    ids = [str(i) for i in levels["unit_id"]]
    names = {i: i for i in ids}
    of_level = dict(zip(ids, levels["level"], strict=True))
    members = {i: units.loc[units["level"] == of_level[i], "unit_id"].tolist() for i in ids}
    usable_ids = set(units.loc[units["status"].isin(USABLE), "unit_id"])
    usable = {i: [u for u in members[i] if u in usable_ids] for i in ids}
    completed, _ = complete(wide(counts))
    of_units = completed.loc[~completed.index.isin(ids)]
    table = level_counts(of_units, completed.loc[completed.index.isin(ids)], counts, members, usable, names).table
    totals, maxima = pd.to_numeric(levels["total"]).tolist(), pd.to_numeric(levels["total_max"]).tolist()
    found = {}
    rows = zip(ids, levels["status"], levels["basis"], totals, maxima, strict=True)
    for level, status, basis, total, most in rows:
        numbers = {} if status in NOT_SCORED else {m: value_of(table, level, m) for m in MEASURES}
        found[level] = LevelBefore(
            figures={m: number for m, number in numbers.items() if number is not None},
            basis=str(basis),
            complete=len(usable[level]) == len(members[level]),
            total=None if pd.isna(total) else float(total),
            total_max=None if pd.isna(most) else float(most),
        )
    return found
