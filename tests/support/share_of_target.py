"""A kind of criterion that no rulebook uses: points by how much of a target a share reaches. Model and scoring.

This is all that a kind needs; `tests/unit/test_criterion_kinds.py` scores a quarter by it.
"""

from collections.abc import Mapping
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from pipeline.score.kinds import register_scoring
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
from pipeline.text import vn_decimal
from schemas.rulebook import Criterion, Exact, Ratio, Signed, criterion_kind, unsigned


@criterion_kind
class ShareOfTargetCriterion(Criterion):
    """Points = maximum × share ÷ target, at most the maximum. A share over nothing is not counted."""

    kind: Literal["share_of_target"]
    share: str  # in words
    numerator: list[Signed] = Field(min_length=1)
    denominator: list[Signed] = Field(min_length=1)
    target: Exact = Field(gt=0)
    how: ClassVar[str] = "tính theo tỷ lệ so với chỉ tiêu"

    def measures(self, ratios: Mapping[str, Ratio]) -> tuple[str, ...]:
        return unsigned([*self.numerator, *self.denominator])

    def dossiers(self) -> tuple[Signed, ...]:
        return tuple(self.denominator)


def score_share_of_target(criterion: ShareOfTargetCriterion, given: ScoringInput) -> KindScore:
    part, part_known = given.values.signed(criterion.numerator)
    whole, whole_known = given.values.signed(criterion.denominator)
    known = part_known & whole_known
    impossible = known & ((part < 0) | (part > whole))
    empty = known & ~impossible & (whole == 0)
    counted = known & ~impossible & ~empty
    most, target = criterion.max_points, criterion.target
    points, over = part * (most / target).numerator, whole * (most / target).denominator
    reached = part * target.denominator >= whole * target.numerator
    outcome = (
        Outcome.of(counted, np.where(reached, most.numerator, points), np.where(reached, most.denominator, over))
        .explained(impossible, f"{NOT_COUNTED}“{criterion.share}” không thể đúng (phần lớn hơn toàn thể).")
        .explained(empty, f"{NOT_COUNTED}không có gì để tính “{criterion.share}” (mẫu số bằng 0).")
        .explained(~known, missing_figures(given.values, [*criterion.numerator, *criterion.denominator], ~known))
    )
    everywhere = np.ones(given.rows, dtype=bool)
    share_trace = given.values.trace([*criterion.numerator, *criterion.denominator])
    whole_trace = given.values.trace(criterion.denominator)
    shown_target = vn_decimal(float(target * 100), 2, trim=True)
    return KindScore(
        outcome,
        [
            EvidenceLine(
                role="condition",
                text=f"{criterion.share} so với chỉ tiêu {shown_target}%",
                measures=share_in_signs(criterion.numerator, criterion.denominator),
                value=np.where(counted, part / np.where(counted, whole, 1), np.nan),
                origin=share_trace[0],
                source=share_trace[1],
                where=everywhere,
                points=float(most),
                outcome=np.where(counted, np.where(reached, MET, FAILED), UNKNOWN).astype(object),
            ),
            EvidenceLine(
                role="denominator",
                text="Mẫu số của tỷ lệ",
                measures=sum_in_signs(criterion.denominator),
                value=np.where(whole_known, whole.astype(np.float64), np.nan),
                origin=whole_trace[0],
                source=whole_trace[1],
                where=everywhere,
            ),
        ],
    )


register_scoring(ShareOfTargetCriterion, score_share_of_target)
