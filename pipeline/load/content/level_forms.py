"""Biểu mẫu 03 of each level and of each unit as plain values: numbers stay numbers, rounded as printed.

The form is part of the signed report: it contains neither the rulebook's name nor ids.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from pipeline.arithmetic.identities import total_of
from pipeline.forms.catalogue import form_catalogue
from pipeline.load.content.display_names import BY_HAND
from pipeline.load.content.frame_rows import (
    Figures,
    Row,
    figures_by_unit,
    records,
    report_field,
    scores_by_unit,
)
from pipeline.load.content.late_reasons import LateReasons
from pipeline.load.content.remarks import level_title, reduced_note
from pipeline.load.content.sentences import as_sentence, level_note, lower_first, online_note
from pipeline.result import Checked, Scored
from schemas.rulebook import Criterion, Rulebook

#: (unit_id, criterion id) -> option id -> dossiers; "" -> the denominator
OptionCounts = Mapping[tuple[str, str], Mapping[str, int]]


@dataclass(frozen=True)
class OptionLine:
    """An option under a criterion. `count`: the dossiers that get its points; `chosen`: marked with x."""

    text: str
    points: Fraction
    count: int | None
    chosen: bool


@dataclass(frozen=True)
class CriterionBlock:
    """A criterion of Biểu mẫu 03. `score`: None if not counted; `exact`: printed with all its decimals (`2,00`)."""

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
    """Biểu mẫu 03 of one level or unit. `total_max`: maximum of the criteria that are counted."""

    level: str
    suffix: str
    name: str
    received: int | None
    resolved: int | None
    blocks: tuple[CriterionBlock, ...]
    total: float | None
    total_max: float | None
    note: str


def level_forms(scored: Scored) -> list[LevelForm]:
    """Biểu mẫu 03 of every level that has a score, in registry order. Empty without a rulebook, and for an index set:
    the form is of Thông tư 01/2018/TT-VPCP, whose criteria have no groups.
    """
    if scored.rulebook is None or scored.rulebook.groups:
        return []
    rows = [r for r in records(scored.level_scores) if r["total"] is not None]
    counts, scores = _option_counts(scored.criterion_evidence), scores_by_unit(scored)
    figures, reasons = figures_by_unit(scored.checked), LateReasons.of(scored.checked)
    forms = []
    for row in rows:
        unit, level = str(row["unit_id"]), str(row["level"])
        title = level_title(scored.rulebook, level, str(row["name"]))
        mine = figures.get(unit, {})
        notes = {
            **_time_note(mine, unit, reasons),
            "disclosure": as_sentence(report_field(scored.checked, f"disclosure_note:{level}")),
            "online": online_note(mine, title, _online_grades(scored.checked, unit)),
        }
        suffix = next((x.form_suffix for x in scored.rulebook.levels if x.id == level), "") or title
        name = report_field(scored.checked, f"form_unit:{level}") or str(row["name"])
        forms.append(_form(scored.rulebook, row, scores.get(unit, {}), counts, mine, suffix, name, notes))
    return forms


def unit_forms(scored: Scored) -> dict[str, LevelForm]:
    """unit_id -> Biểu mẫu 03 of every unit that has a total score. Empty without a rulebook."""
    if scored.rulebook is None:
        return {}
    counts, scores = _option_counts(scored.criterion_evidence), scores_by_unit(scored)
    figures, reasons = figures_by_unit(scored.checked), LateReasons.of(scored.checked)
    forms = {}
    for row in records(scored.unit_scores):
        unit, name = str(row["unit_id"]), str(row["name"])
        if row["total"] is not None:
            mine = figures.get(unit, {})
            notes = {**_time_note(mine, unit, reasons), "online": online_note(mine, name)}
            forms[unit] = _form(scored.rulebook, row, scores.get(unit, {}), counts, mine, "đơn vị", name, notes)
    return forms


def _time_note(figures: Figures, unit: str, reasons: LateReasons) -> dict[str, str]:
    """The note of the criterion on time, by the criterion's id."""
    return {"total_time": " ".join(x for x in (level_note(figures), reasons.of_unit(unit)) if x)}


def _form(
    rulebook: Rulebook,
    row: Row,
    scores: Mapping[str, Row],
    counts: OptionCounts,
    figures: Figures,
    suffix: str,
    name: str,
    notes: Mapping[str, str],
) -> LevelForm:
    """`row`: of LevelScores or UnitScores; `scores`, `notes`: by criterion id; `figures`: of the level or unit."""
    unit, level = str(row["unit_id"]), str(row["level"])
    blocks = tuple(
        _block(c, scores.get(c.id), counts.get((unit, c.id), {}), level, notes.get(c.id, "")) for c in rulebook.criteria
    )
    return LevelForm(
        level=level,
        suffix=suffix,
        name=name,
        received=total_of(figures, "received"),
        resolved=total_of(figures, "resolved"),
        blocks=blocks,
        total=row["total"],
        total_max=row["total_max"],
        note=reduced_note(rulebook, scores, row),
    )


def _option_counts(evidence: pd.DataFrame) -> OptionCounts:
    """Sums of the evidence with the roles `points` and `denominator`. `evidence`: CriterionEvidence."""
    used = evidence.loc[evidence["role"].isin(["points", "denominator"]) & evidence["value"].notna()]
    sums: dict[tuple[str, str], dict[str, float]] = {}
    columns = (used[name].tolist() for name in ("unit_id", "criterion", "option", "value"))
    for unit, criterion, option, value in zip(*columns, strict=True):
        options = sums.setdefault((unit, criterion), {})
        options[option] = options.get(option, 0.0) + value
    return {key: {option: int(value) for option, value in options.items()} for key, options in sums.items()}


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
    """Why a criterion is not counted, or that a person decided its score. The annex of sources has the other bases."""
    if score is None or not score["counted"]:
        why = str(score["explanation"]) if score is not None else ""
        return as_sentence(why if why.startswith("Không tính") else f"Không tính: {why}" if why else "Không tính")
    by_hand = BY_HAND.get(str(score["basis"]))
    return as_sentence(f"{by_hand}: {score['explanation']}") if by_hand else ""


def _online_grades(checked: Checked, unit: str) -> list[tuple[str, int]]:
    """(grade of the service, procedures offered online) where the supplement splits them into several grades."""
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
    """The header of a column of the supplement, by its key: `mức độ 3`."""
    columns = (c for form in form_catalogue().forms for sheet in form.sheets for c in sheet.columns)
    return lower_first(next((c.header for c in columns if c.key == part), part))
