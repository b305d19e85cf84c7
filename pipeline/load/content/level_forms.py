"""Biểu mẫu 03 of each level as plain values: numbers stay numbers, rounded as printed.

Nothing here names the rulebook or a unit id: the form is part of the signed text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from pipeline.forms.catalogue import form_catalogue
from pipeline.load.content.display_names import BY_HAND
from pipeline.load.content.frame_rows import (
    Row,
    field_of,
    figures_by_unit,
    level_name,
    records,
    reduced_note,
    scores_by_unit,
    sentence,
)
from pipeline.load.content.late_reasons import LateReasons
from pipeline.load.content.sentences import level_note, lower_first, online_note, total_of
from pipeline.result import Checked, Scored
from schemas.rulebook import Criterion, Rulebook

#: (unit, criterion) -> option id -> dossiers, and "" -> the denominator
Counts = Mapping[tuple[str, str], Mapping[str, int]]


@dataclass(frozen=True)
class OptionLine:
    """A line of Biểu mẫu 03 under a criterion. `count`: dossiers that get the points; `chosen`: marked with an x."""

    text: str
    points: Fraction
    count: int | None
    chosen: bool


@dataclass(frozen=True)
class CriterionBlock:
    """A criterion of Biểu mẫu 03. `score` None = not counted; `exact`: printed with all its decimals (`2,00`)."""

    number: str
    label: str
    max_points: Fraction
    dossiers: int | None
    score: float | None
    exact: bool
    note: str
    options: tuple[OptionLine, ...]


@dataclass(frozen=True)
class LevelForm:
    """Biểu mẫu 03 of one level. `total_max` is what could be reached, `full_max` what the form allows."""

    level: str
    suffix: str
    name: str
    received: int | None
    resolved: int | None
    blocks: tuple[CriterionBlock, ...]
    total: float | None
    total_max: float | None
    full_max: float
    note: str


def level_forms(scored: Scored) -> list[LevelForm]:
    """Biểu mẫu 03 of every level that has a score, in registry order. Empty without a rulebook."""
    if scored.rulebook is None:
        return []
    rows = [r for r in records(scored.level_scores) if r["total"] is not None]
    counts, scores = _counts(scored.criterion_evidence), scores_by_unit(scored)
    return [_level_form(scored, scored.rulebook, row, scores.get(str(row["unit_id"]), {}), counts) for row in rows]


def _level_form(scored: Scored, rulebook: Rulebook, row: Row, scores: Mapping[str, Row], counts: Counts) -> LevelForm:
    unit, level = str(row["unit_id"]), str(row["level"])
    figures = figures_by_unit(scored.checked).get(unit, {})
    name = level_name(rulebook, level, str(row["name"]))
    notes = {
        "total_time": " ".join(x for x in (level_note(figures), LateReasons.of(scored.checked).of_unit(unit)) if x),
        "disclosure": sentence(field_of(scored.checked, f"disclosure_note:{level}")),
        "online": online_note(figures, name, online_grades(scored.checked, unit)),
    }
    blocks = tuple(
        _block(c, scores.get(c.id), counts.get((unit, c.id), {}), level, notes.get(c.id, "")) for c in rulebook.criteria
    )
    return LevelForm(
        level=level,
        suffix=next((x.form_suffix for x in rulebook.levels if x.id == level), "") or name,
        name=field_of(scored.checked, f"form_unit:{level}") or str(row["name"]),
        received=total_of(figures, "received"),
        resolved=total_of(figures, "resolved"),
        blocks=blocks,
        total=row["total"],
        total_max=row["total_max"],
        full_max=float(rulebook.max_total),
        note=reduced_note(rulebook, scores, row),
    )


def _counts(evidence: pd.DataFrame) -> Counts:
    """Of the points and denominators alone."""
    used = evidence.loc[evidence["role"].isin(["points", "denominator"]) & evidence["value"].notna()]
    sums: dict[tuple[str, str], dict[str, float]] = {}
    columns = (used[name].tolist() for name in ("unit_id", "criterion", "option", "value"))
    for unit, criterion, option, value in zip(*columns, strict=True):
        of = sums.setdefault((unit, criterion), {})
        of[option] = of.get(option, 0.0) + value
    return {key: {option: int(value) for option, value in of.items()} for key, of in sums.items()}


def _block(criterion: Criterion, score: Row | None, counts: Mapping[str, int], level: str, note: str) -> CriterionBlock:
    counted = score is not None and bool(score["counted"])
    chosen = str(score["option"]) if score is not None and counted else ""
    options = tuple(
        OptionLine(o.text, o.points, counts.get(o.id), chosen=bool(chosen) and chosen == o.id)
        for o in criterion.lines_at(level)
    )
    return CriterionBlock(
        number=criterion.number,
        label=criterion.label,
        max_points=criterion.max_points,
        dossiers=counts.get(""),
        score=score["printed"] if score is not None and counted else None,
        exact=not criterion.by_option and (score is None or score["basis"] not in BY_HAND),
        note=" ".join(x for x in (note, _basis_note(score)) if x),
        options=options,
    )


def _basis_note(score: Row | None) -> str:
    """What a reader of the form must know of how a score came about; the rest stands in the annex of sources."""
    if score is None or not score["counted"]:
        why = str(score["explanation"]) if score is not None else ""
        return sentence(why if why.startswith("Không tính") else f"Không tính: {why}" if why else "Không tính")
    by_hand = BY_HAND.get(str(score["basis"]))
    return sentence(f"{by_hand}: {score['explanation']}") if by_hand else ""


def online_grades(checked: Checked, unit: str) -> list[tuple[str, int]]:
    """(grade of the service, procedures) where the supplement splits the procedures offered online."""
    frame = checked.supplement
    rows = frame.loc[
        (frame["unit_id"] == unit)
        & (frame["item"] == "procedures_online")
        & (frame["part"] != "")
        & frame["value"].notna()
    ]
    grades = [(_grade(str(part)), int(value)) for part, value in zip(rows["part"], rows["value"], strict=True)]
    return grades if len(grades) > 1 else []


def _grade(part: str) -> str:
    """The column of the supplement in words: `mức độ 3`."""
    columns = (c for form in form_catalogue().forms for sheet in form.sheets for c in sheet.columns)
    return lower_first(next((c.header for c in columns if c.key == part), part))
