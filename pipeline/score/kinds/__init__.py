"""The kinds of criteria: one file a kind, and here the one place that maps a kind to its scoring.

A new kind is a model in `schemas/rulebook/` (decorated with `criterion_kind`), its scoring in a file of this package,
and a line at the end of this module.
"""

from __future__ import annotations

from typing import Any, TypeVar

from pipeline.score.kinds.average import score_average
from pipeline.score.kinds.base import KindScoring
from pipeline.score.kinds.first_match import score_first_match
from pipeline.score.kinds.imported import score_imported
from pipeline.score.kinds.share import score_share
from schemas.rulebook import AverageCriterion, Criterion, FirstMatchCriterion, ImportedCriterion, ShareCriterion

_Kind = TypeVar("_Kind", bound=Criterion)
_SCORINGS: dict[type[Criterion], KindScoring[Any]] = {}


def register_scoring(model: type[_Kind], scoring: KindScoring[_Kind]) -> None:
    """Score criteria of the model by `scoring` from now on. Raises ValueError if the model has a scoring already."""
    if model in _SCORINGS:
        raise ValueError(f"{model.__name__} has a scoring already")
    _SCORINGS[model] = scoring


def scoring_of(criterion: Criterion) -> KindScoring[Any]:
    """The scoring of a criterion's kind. Raises LookupError, with criterion and kind, for a kind without one."""
    scoring = _SCORINGS.get(type(criterion))
    if scoring is None:
        raise LookupError(f"criterion {criterion.id}: the kind {criterion.kind!r} has no scoring")
    return scoring


register_scoring(AverageCriterion, score_average)
register_scoring(FirstMatchCriterion, score_first_match)
register_scoring(ImportedCriterion, score_imported)
register_scoring(ShareCriterion, score_share)
