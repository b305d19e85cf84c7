"""The rows of the form of appraisals: a criterion of a unit or level each, with the scores known when it is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from pipeline.forms.labels import criterion_text
from pipeline.load.content.frame_rows import records
from pipeline.load.forms.form_sheet import Prepared
from pipeline.registry import UnitIndex
from pipeline.result import Checked, Scored
from pipeline.text import vn_decimal
from schemas.rulebook import Criterion, Rulebook

Key = tuple[str, str]
#: what stands on the form where there is no score: it was known, and there was none
NOT_COUNTED: Final = "không tính"
NOT_SCORED: Final = "không chấm"


@dataclass(frozen=True)
class KnownScores:
    """(unit or level, criterion) -> its self-score; what figures give, or why nothing; the option assessed directly."""

    own: Mapping[Key, float] = field(default_factory=dict)
    computed: Mapping[Key, float | str] = field(default_factory=dict)
    assessed: Mapping[Key, float] = field(default_factory=dict)


NOTHING_KNOWN: Final = KnownScores()


def known_scores(checked: Checked, rulebook: Rulebook, scored: Scored | None, alone: Scored | None) -> KnownScores:
    """Self-scores of a checked quarter, and its scores if there are any.

    `scored`: without appraisals; `alone`: without assessments either.
    """
    printed = records(checked.printed.loc[checked.printed["rulebook"] == rulebook.id])
    own = {(r["unit_id"], r["item"]): float(r["value"]) for r in printed if r["value"] is not None}
    if scored is None or alone is None:
        return KnownScores(own)
    computed: dict[Key, float | str] = {
        (u, c.id): NOT_SCORED for u in checked.entities["unit_id"] for c in rulebook.criteria
    }
    for row in records(alone.criterion_scores):
        score = row["printed"]
        computed[row["unit_id"], row["criterion"]] = NOT_COUNTED if score is None else float(score)
    by_hand = records(scored.criterion_scores.loc[scored.criterion_scores["basis"] == "assessed"])
    assessed = {(r["unit_id"], r["criterion"]): float(r["printed"]) for r in by_hand}
    return KnownScores(own, computed, assessed)


def appraisal_rows(index: UnitIndex, rulebook: Rulebook, known: KnownScores) -> list[Prepared]:
    """In registry order, each level before its units; criteria as the rulebook numbers them."""
    return list(_rows(index, rulebook, known))


def _rows(index: UnitIndex, rulebook: Rulebook, known: KnownScores) -> Iterator[Prepared]:
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
                yield Prepared(
                    texts,
                    unit == level_id,
                    fixed=True,
                    points=_points(criterion, level),
                    most=float(criterion.max_points),
                )


def _points(criterion: Criterion, level: str) -> tuple[str, ...]:
    """The points an appraiser chooses from at a level, as written; none where any number up to the maximum goes."""
    return tuple(dict.fromkeys(vn_decimal(float(p), 2, trim=True) for p in criterion.possible_points(level)))
