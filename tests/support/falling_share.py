"""A kind of criterion that no rulebook uses: points that fall to 0 as a share
nears a limit. Model and scoring.

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
class FallingShareCriterion(Criterion):
    """Points = maximum × (1 - share ÷ limit), at least 0. A share over nothing is not counted."""

    kind: Literal["falling_share"]
    share: str  # in words
    numerator: list[Signed] = Field(min_length=1)
    denominator: list[Signed] = Field(min_length=1)
    limit: Exact = Field(gt=0)
    how: ClassVar[str] = "tính giảm dần theo tỷ lệ"

    def measures(self, ratios: Mapping[str, Ratio]) -> tuple[str, ...]:
        return unsigned([*self.numerator, *self.denominator])

    def dossiers(self) -> tuple[Signed, ...]:
        return tuple(self.denominator)


def score_falling_share(criterion: FallingShareCriterion, given: ScoringInput) -> KindScore:
    part, part_known = given.values.signed(criterion.numerator)
    whole, whole_known = given.values.signed(criterion.denominator)
    known = part_known & whole_known
    impossible = known & ((part < 0) | (part > whole))
    empty = known & ~impossible & (whole == 0)
    counted = known & ~impossible & ~empty
    most, limit = criterion.max_points, criterion.limit
    scale = most / limit
    points = most.numerator * whole * scale.denominator - part * scale.numerator * most.denominator
    over = whole * scale.denominator * most.denominator
    below = part * limit.denominator < whole * limit.numerator
    outcome = (
        Outcome.of(counted, np.where(below, points, 0), np.where(below, over, 1))
        .explained(impossible, f"{NOT_COUNTED}“{criterion.share}” không thể đúng (phần lớn hơn toàn thể).")
        .explained(empty, f"{NOT_COUNTED}không có gì để tính “{criterion.share}” (mẫu số bằng 0).")
        .explained(~known, missing_figures(given.values, [*criterion.numerator, *criterion.denominator], ~known))
    )
    everywhere = np.ones(given.rows, dtype=bool)
    share_trace = given.values.trace([*criterion.numerator, *criterion.denominator])
    whole_trace = given.values.trace(criterion.denominator)
    shown_limit = vn_decimal(float(limit * 100), 2, trim=True)
    return KindScore(
        outcome,
        [
            EvidenceLine(
                role="condition",
                text=f"{criterion.share} so với mức {shown_limit}%",
                measures=share_in_signs(criterion.numerator, criterion.denominator),
                value=np.where(counted, part / np.where(counted, whole, 1), np.nan),
                origin=share_trace[0],
                source=share_trace[1],
                where=everywhere,
                points=float(most),
                outcome=np.where(counted, np.where(below, MET, FAILED), UNKNOWN).astype(object),
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


register_scoring(FallingShareCriterion, score_falling_share)
