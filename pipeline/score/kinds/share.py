"""The scoring of `share`: points by how much of a target a share reaches."""

from __future__ import annotations

import numpy as np

from pipeline.arithmetic.rounding import Bools, Ints
from pipeline.score.kinds.base import (
    FAILED,
    MET,
    NOT_COUNTED,
    UNKNOWN,
    EvidenceLine,
    KindScore,
    Outcome,
    ScoringInput,
    missing_figures,
    share_in_signs,
    sum_in_signs,
)
from pipeline.score.kinds.imported import published_line
from pipeline.text import vn_decimal
from schemas.rulebook import ShareCriterion, Signed

TAKEN_OVER = "Lấy điểm công bố, vì chưa đủ số liệu để tính lại."


def score_share(criterion: ShareCriterion, given: ScoringInput) -> KindScore:
    """min(max_points, max_points × share ÷ target), exact; `empty_points` where the denominator is 0.

    Where the figures do not give the points, those that another system published under `import_code` are used. Not
    counted without them: where a figure is unknown, where the part exceeds the whole, and over nothing without
    `empty_points`.
    """
    ratio = given.rulebook.ratios[criterion.ratio]
    part, part_known = given.values.signed(ratio.numerator)
    whole, whole_known = given.values.signed(ratio.denominator)
    known = part_known & whole_known
    empty = whole_known & (whole == 0)
    impossible = known & ((part < 0) | (part > whole))
    empty &= ~impossible
    judged = known & ~impossible & ~empty
    reached = judged & (part * criterion.target.denominator >= whole * criterion.target.numerator)
    outcome = _points(criterion, part, whole, judged, reached)
    outcome = outcome.explained(impossible, f"{NOT_COUNTED}“{ratio.label}” không thể đúng (phần lớn hơn toàn thể).")
    outcome = _over_nothing(criterion, outcome, empty, ratio.label)
    unknown = ~known & ~empty
    if unknown.any():
        wanted = [*ratio.numerator, *ratio.denominator]
        outcome = outcome.explained(unknown, missing_figures(given.values, wanted, unknown))
    evidence = _evidence(criterion, given, judged, reached)
    if not criterion.import_code:
        return KindScore(outcome, evidence)
    published = given.published_points(criterion.import_code)
    instead = published.known & ~outcome.counted
    outcome = outcome.taken_over(instead, published).explained(instead, TAKEN_OVER)
    return KindScore(outcome, [*evidence, published_line(criterion.import_code, given)])


def _points(criterion: ShareCriterion, part: Ints, whole: Ints, judged: Bools, reached: Bools) -> Outcome:
    """The points where the share can be judged."""
    factor, most = criterion.max_points / criterion.target, criterion.max_points
    numerator = np.where(reached, most.numerator, part * factor.numerator)
    denominator = np.where(reached, most.denominator, whole * factor.denominator)
    return Outcome.of(judged, numerator, denominator)


def _over_nothing(criterion: ShareCriterion, outcome: Outcome, empty: Bools, label: str) -> Outcome:
    """The outcome with what an empty denominator gives."""
    if criterion.empty_points is None:
        reason = f"{NOT_COUNTED}không có gì để tính “{label}” (mẫu số bằng 0), và chưa rõ khi đó được mấy điểm."
        return outcome.explained(empty, reason)
    points = criterion.empty_points
    shown = vn_decimal(float(points), 2, trim=True)
    reason = f"Không có gì để tính “{label}” (mẫu số bằng 0): được {shown} điểm."
    return outcome.with_points(empty, points).explained(empty, reason)


def _evidence(criterion: ShareCriterion, given: ScoringInput, judged: Bools, reached: Bools) -> list[EvidenceLine]:
    """The share against its target, and its two sides."""
    ratio = given.rulebook.ratios[criterion.ratio]
    (part, part_known), (whole, whole_known) = map(given.values.signed, (ratio.numerator, ratio.denominator))
    origin, source = given.values.trace([*ratio.numerator, *ratio.denominator])
    against = EvidenceLine(
        role="condition",
        text=f"{ratio.label} so với chỉ tiêu {vn_decimal(float(criterion.target * 100), 2, trim=True)}%",
        measures=share_in_signs(ratio.numerator, ratio.denominator),
        value=np.where(judged, part / np.where(judged, whole, 1), np.nan),
        origin=origin,
        source=source,
        where=np.ones(given.rows, dtype=bool),
        points=float(criterion.max_points),
        outcome=np.where(reached, MET, np.where(judged, FAILED, UNKNOWN)).astype(object),
    )
    sides = (
        ("numerator", "Tử số của tỷ lệ", ratio.numerator, part, part_known),
        ("denominator", "Mẫu số của tỷ lệ", ratio.denominator, whole, whole_known),
    )
    return [against, *(_side(*side, given) for side in sides)]


def _side(role: str, text: str, side: list[Signed], value: Ints, known: Bools, given: ScoringInput) -> EvidenceLine:
    """The numerator or denominator of the share."""
    origin, source = given.values.trace(side)
    return EvidenceLine(
        role=role,
        text=text,
        measures=sum_in_signs(side),
        value=np.where(known, value.astype(np.float64), np.nan),
        origin=origin,
        source=source,
        where=np.ones(given.rows, dtype=bool),
    )
