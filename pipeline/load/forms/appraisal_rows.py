"""The rows of the form of appraisals: a criterion of a unit or level each, with the scores that are known already."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from pipeline.forms.labels import criterion_text
from pipeline.load.content.frame_rows import records
from pipeline.load.forms.form_rows import PreparedRow
from pipeline.registry import UnitIndex
from pipeline.result import Checked, Scored
from pipeline.text import vn_decimal
from schemas.rulebook import Criterion, Rulebook

#: (unit_id of a unit or level, criterion id)
ScoreKey = tuple[str, str]
#: texts in the column “Hệ thống tính” where the computation gives no score
NOT_COUNTED: Final = "không tính"
NOT_SCORED: Final = "không chấm"


@dataclass(frozen=True)
class KnownScores:
    """Scores of a quarter before appraisal, by unit or level and criterion.

    `own`: self-scores; `computed`: scores from figures alone, or why there is none; `assessed`: scores of options that
    were assessed directly.
    """

    own: Mapping[ScoreKey, float] = field(default_factory=dict)
    computed: Mapping[ScoreKey, float | str] = field(default_factory=dict)
    assessed: Mapping[ScoreKey, float] = field(default_factory=dict)


NOTHING_KNOWN: Final = KnownScores()


def known_scores(checked: Checked, rulebook: Rulebook, scored: Scored | None, alone: Scored | None) -> KnownScores:
    """The known scores of a checked quarter. `scored`: scored without appraisals; `alone`: without assessments too.

    `scored` and `alone` are None where the quarter cannot be scored yet: then only self-scores are known.
    """
    printed = records(checked.printed.loc[checked.printed["rulebook"] == rulebook.id])
    own = {(r["unit_id"], r["item"]): float(r["value"]) for r in printed if r["value"] is not None}
    if scored is None or alone is None:
        return KnownScores(own)
    computed: dict[ScoreKey, float | str] = {
        (u, c.id): NOT_SCORED for u in checked.entities["unit_id"] for c in rulebook.criteria
    }
    for row in records(alone.criterion_scores):
        score = row["printed"]
        computed[row["unit_id"], row["criterion"]] = NOT_COUNTED if score is None else float(score)
    by_hand = records(scored.criterion_scores.loc[scored.criterion_scores["basis"] == "assessed"])
    assessed = {(r["unit_id"], r["criterion"]): float(r["printed"]) for r in by_hand}
    return KnownScores(own, computed, assessed)


def appraisal_rows(index: UnitIndex, rulebook: Rulebook, known: KnownScores) -> list[PreparedRow]:
    """Rows in registry order, each level before its units, criteria in the order of the rulebook."""
    return list(_rows(index, rulebook, known))


def _rows(index: UnitIndex, rulebook: Rulebook, known: KnownScores) -> Iterator[PreparedRow]:
    for level_id in index.level_ids():
        level = index.levels[level_id]
        for unit in (level_id, *index.units(level)):
            for criterion in rulebook.criteria:
                key = (unit, criterion.id)
                texts: dict[str, str | float] = {"unit": index.names[unit], "criterion": criterion_text(criterion)}
                if key in known.own:
                    texts["self"] = known.own[key]
                if key in known.computed:
                    texts["computed"] = known.computed[key]
                if key in known.assessed:
                    texts["assessed"] = known.assessed[key]
                yield PreparedRow(
                    texts,
                    unit == level_id,
                    fixed=True,
                    points=_points(criterion, level),
                    most=float(criterion.max_points),
                )


def _points(criterion: Criterion, level: str) -> tuple[str, ...]:
    """The points that an appraiser chooses from at a level; none if any number up to the maximum is allowed."""
    return tuple(dict.fromkeys(vn_decimal(float(p), 2, trim=True) for p in criterion.possible_points(level)))
