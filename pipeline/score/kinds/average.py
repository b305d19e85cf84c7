"""The scoring of `average`: points per dossier, over the dossiers of the denominator.

The rulebook chooses the denominator; it may leave out late dossiers.
"""

from __future__ import annotations

import math

import numpy as np

from pipeline.arithmetic.figure_columns import Texts, Values, texts
from pipeline.arithmetic.rounding import Bools
from pipeline.score.kinds.base import (
    NOT_COUNTED,
    EvidenceLine,
    KindScore,
    Outcome,
    ScoringInput,
    missing_figures,
    sum_in_signs,
)
from schemas.measures import MEASURE_NAMES, PART_OF
from schemas.rulebook import AverageCriterion, CountedOption

#: the explanation where nothing is resolved yet
NO_RESOLVED = "Chưa có hồ sơ giải quyết xong"


def score_average(criterion: AverageCriterion, given: ScoringInput) -> KindScore:
    """The average of points over dossiers (Thông tư 01/2018/TT-VPCP, art. 15.2a), exact.

    Counted where every count is known, none is negative, the options add up to the denominator and it is not 0. Not
    counted where nothing is resolved, whatever else is known.
    """
    evidence = [_count(criterion, option, given) for option in (*criterion.options, None)]
    return KindScore(_outcome(criterion, given), evidence)


def _outcome(criterion: AverageCriterion, given: ScoringInput) -> Outcome:
    values = given.values
    # an option may give a broken number of points: numerator and denominator are multiplied by `scale`
    scale = math.lcm(*(o.points.denominator for o in criterion.options))
    denominator, known = values.signed(criterion.denominator)
    impossible = known & (denominator < 0)
    numerator = np.zeros(values.rows, dtype=np.int64)
    total = np.zeros(values.rows, dtype=np.int64)
    for option in criterion.options:
        count, count_known = values.signed(option.count)
        impossible |= count_known & (count < 0)
        numerator += int(option.points * scale) * count
        total += count
        known &= count_known
    used = criterion.measures(given.rulebook.ratios)
    above = _part_above_whole(values, used)
    impossible |= above != ""
    above[impossible & (above == "")] = "phần lớn hơn toàn thể"
    uneven = known & ~impossible & (total != denominator)
    empty = known & ~impossible & ~uneven & (denominator == 0)
    counted = known & ~impossible & ~uneven & ~empty
    unknown = ~known & ~impossible
    outcome = (
        Outcome.of(counted, numerator, denominator * scale)
        .explained(impossible, texts(values.rows, f"{NOT_COUNTED}số liệu không thể đúng: ") + above + ".")
        .explained(uneven, f"{NOT_COUNTED}các dòng của tiêu chí không cộng thành số hồ sơ được tính.")
        .explained(empty, f"{NOT_COUNTED}không có hồ sơ nào được tính (mẫu số bằng 0).")
    )
    if unknown.any():
        outcome = outcome.explained(unknown, missing_figures(values, used, unknown))
    return outcome.without(given.no_resolved, NO_RESOLVED)


def _part_above_whole(values: Values, used: tuple[str, ...]) -> Texts:
    """`“…” lớn hơn “…”` where a measure that is used exceeds the measure it is part of; "" elsewhere."""
    above = texts(values.rows)
    for part, whole in PART_OF:
        if part in used:
            a, b = values.column(part), values.column(whole)
            exceeds: Bools = a.known & b.known & (a.value > b.value)
            above[exceeds] = f"“{MEASURE_NAMES[part]}” lớn hơn “{MEASURE_NAMES[whole]}”"
    return above


def _count(criterion: AverageCriterion, option: CountedOption | None, given: ScoringInput) -> EvidenceLine:
    """The dossiers of an option, or of the denominator (None)."""
    measures = criterion.denominator if option is None else option.count
    value, known = given.values.signed(measures)
    origin, source = given.values.trace(measures)
    return EvidenceLine(
        role="denominator" if option is None else "points",
        text="Số hồ sơ được tính" if option is None else option.text,
        measures=sum_in_signs(measures),
        value=np.where(known, value.astype(np.float64), np.nan),
        origin=origin,
        source=source,
        where=np.ones(given.rows, dtype=bool),
        option="" if option is None else option.id,
        points=np.nan if option is None else float(option.points),
    )
