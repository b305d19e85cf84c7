"""Where a unit or level lost points: maximum minus printed score, by criterion, or by group of an index set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pipeline.load.content.display_names import criterion_heading
from pipeline.load.content.frame_rows import Row, records
from pipeline.load.content.score_formula import score_formula
from pipeline.result import Scored
from schemas.rulebook import Rulebook

#: how the printed points of a group came about
_GROUP_POINTS: Final = {"published": "Điểm công bố", "recomputed": "Điểm tính lại", "missing": "Chưa có điểm của nhóm"}


@dataclass(frozen=True)
class CriterionLoss:
    """A criterion of a unit or level. `lost`: points, None where the criterion is not counted; `how`: the computation,
    or the option that applied; `why`: the explanation of the score, "" for none.
    """

    criterion: str
    number: str
    label: str
    max_points: float
    printed: float | None
    lost: float | None
    how: str
    why: str


def loss_columns(rulebook: Rulebook) -> list[tuple[str, str, str]]:
    """(id, heading, label) of what points are lost by: the groups of an index set, else the criteria."""
    if rulebook.groups:
        return [(g.id, g.short or g.label, g.label) for g in rulebook.groups_in_columns()]
    return [(c.id, criterion_heading(c), c.label) for c in rulebook.criteria]


def lost_points(scored: Scored) -> dict[str, tuple[CriterionLoss, ...]]:
    """unit_id -> its criteria in the order of the form, of every unit and level that has scores.

    Of an index set the groups: their printed points may be published, while no criterion is known.
    """
    if scored.rulebook is not None and scored.rulebook.groups:
        return _lost_by_group(scored)
    evidence = evidence_by_score(scored)
    found: dict[str, list[CriterionLoss]] = {}
    for row in records(scored.criterion_scores):
        key = (str(row["unit_id"]), str(row["criterion"]))
        counted = bool(row["counted"]) and row["printed"] is not None
        found.setdefault(key[0], []).append(
            CriterionLoss(
                criterion=key[1],
                number=str(row["number"]),
                label=str(row["label"]),
                max_points=float(row["max_points"]),
                printed=float(row["printed"]) if counted else None,
                lost=round(float(row["max_points"]) - float(row["printed"]), 6) if counted else None,
                how=how_scored(row, evidence.get(key, ())),
                why=str(row["explanation"]),
            )
        )
    return {unit: tuple(rows) for unit, rows in found.items()}


def _lost_by_group(scored: Scored) -> dict[str, tuple[CriterionLoss, ...]]:
    found: dict[str, list[CriterionLoss]] = {}
    for row in records(scored.group_scores):
        printed, most = row["printed"], float(row["max_points"])
        found.setdefault(str(row["unit_id"]), []).append(
            CriterionLoss(
                criterion=str(row["group"]),
                number=str(row["number"]),
                label=str(row["label"]),
                max_points=most,
                printed=printed,
                lost=None if printed is None else round(most - printed, 6),
                how=_GROUP_POINTS[str(row["which"])],
                why="",
            )
        )
    return {unit: tuple(rows) for unit, rows in found.items()}


def how_scored(score: Row, evidence: tuple[Row, ...]) -> str:
    """The computation of a score, else the option that applied, else "". `score`: of CriterionScores."""
    formula = score_formula(score, evidence)
    return formula or (f"Phương án: {score['option_text']}" if score["option_text"] else "")


def evidence_by_score(scored: Scored) -> Mapping[tuple[str, str], tuple[Row, ...]]:
    """(unit_id, criterion id) -> its rows of CriterionEvidence, in the order of the form."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in records(scored.criterion_evidence):
        found.setdefault((str(row["unit_id"]), str(row["criterion"])), []).append(row)
    return {key: tuple(rows) for key, rows in found.items()}
