"""The scoring of `imported`: the points that another system published."""

from __future__ import annotations

import numpy as np

from pipeline.score.kinds.base import NOT_COUNTED, EvidenceLine, KindScore, Outcome, ScoringInput
from schemas.rulebook import ImportedCriterion


def score_imported(criterion: ImportedCriterion, given: ScoringInput) -> KindScore:
    """The published points, exact; not counted where none are published."""
    known = given.published_points(criterion.import_code).known
    outcome = Outcome.not_counted(given.rows)
    outcome = outcome.taken_over(known, given.published_points(criterion.import_code))
    outcome = outcome.explained(~known, f"{NOT_COUNTED}chưa có điểm công bố (mã {criterion.import_code}).")
    return KindScore(outcome, [published_line(criterion.import_code, given)])


def published_line(code: str, given: ScoringInput) -> EvidenceLine:
    """The published points of one name as evidence, with their cell, where there are some."""
    points = given.published_points(code)
    return EvidenceLine(
        role="published",
        text="Điểm công bố",
        measures=code,
        value=np.where(points.known, points.numerator / points.denominator, np.nan),
        origin=np.where(points.known, "entered", "").astype(object),
        source=points.source,
        where=points.known,
    )
