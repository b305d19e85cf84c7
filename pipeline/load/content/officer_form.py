"""Biểu mẫu 01 as plain values: the officers under their level, with score and class."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.load.content.frame_rows import Row, level_names, records
from pipeline.result import Scored


@dataclass(frozen=True)
class OfficerLine:
    """An officer. `score`: None for none; `marks`: whether the officer has the class, by `OfficerForm.classes`."""

    name: str
    position: str
    score: float | None
    marks: tuple[bool, ...]
    note: str


@dataclass(frozen=True)
class OfficerForm:
    """Biểu mẫu 01. `groups`: (level's name, lines); no groups where no officer was declared."""

    classes: tuple[str, ...]
    groups: tuple[tuple[str, tuple[OfficerLine, ...]], ...]


def officer_form(scored: Scored) -> OfficerForm:
    """Biểu mẫu 01 of a quarter, officers in the order declared under their level. Empty without a rulebook."""
    rulebook = scored.rulebook
    if rulebook is None or rulebook.officer_class is None:
        return OfficerForm((), ())
    rows = records(scored.officer_scores)
    labels = [b.label for b in rulebook.officer_class.bands]
    classes = tuple(dict.fromkeys([*labels, *(str(r["class_law"]) for r in rows if r["class_law"])]))
    groups = []
    for level, registry_name in level_names(scored.checked):
        lines = tuple(
            OfficerLine(
                name=str(r["officer"]),
                position=str(r["position"]),
                score=r["score"],
                marks=tuple(r["class_law"] == c for c in classes),
                note=_officer_note(r),
            )
            for r in rows
            if r["level"] == level
        )
        if lines:
            groups.append((registry_name, lines))
    return OfficerForm(classes, tuple(groups))


def _officer_note(row: Row) -> str:
    """Why there is no score; for a score taken from the unit's average, which criteria it lacks."""
    if row["score"] is None:
        return str(row["note"]) or "chưa có điểm"
    return str(row["note"]) if row["basis"] == "unit_average" else ""
