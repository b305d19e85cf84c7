"""Counts × rulebook → explained scores: criteria, their evidence, totals of units and levels.

Column-wise over all units and levels of a period; the loops are over the criteria of the rulebook only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.arithmetic.figure_columns import Block, Texts, Values, from_figures, joined, texts, with_defaults
from pipeline.arithmetic.rounding import Bools, Ints, half_up, half_up_units
from pipeline.findings import Finding
from pipeline.score import criteria, totals
from pipeline.score.evidence import EvidenceRows
from pipeline.score.manual_options import Assessed, over_figures, usable
from pipeline.text import shortened_list, vn_decimal, vn_int
from schemas.frames import CriterionEvidence, CriterionScores, LevelScores, UnitScores
from schemas.rulebook import Criterion, Default, Rulebook

#: entities that get criteria; all others (no dossiers, set aside, missing) are listed without scores
SCORED = ("scored", "no_resolved")


@dataclass(frozen=True)
class ScoreFrames:
    """What scoring produces. Frames as in `schemas.frames`, rows in the entities' order."""

    criterion_scores: pd.DataFrame
    criterion_evidence: pd.DataFrame
    unit_scores: pd.DataFrame
    level_scores: pd.DataFrame
    findings: list[Finding]


@dataclass(frozen=True)
class _Scored:
    """One criterion: its outcome, how it was reached, and the figure added to the total."""

    outcome: criteria.Outcome
    basis: Texts
    numerator: Ints  # as added to the total
    denominator: Ints
    findings: list[Finding]


def score(
    entities: pd.DataFrame,
    figures: pd.DataFrame,
    choices: pd.DataFrame,
    assessments: pd.DataFrame,
    rulebook: Rulebook,
) -> ScoreFrames:
    """Score every unit and level. Frames: Entities, Figures, Choices, Assessments (others' ignored).

    Raises ValueError where a figure is given twice. Legal source: the rulebook, cited on every row.
    """
    entities = entities.reset_index(drop=True)
    ids = pd.Index(entities["unit_id"])
    values = from_figures(ids, figures, choices)
    scored = entities["status"].isin(SCORED).to_numpy(dtype=bool)
    rows = {unit: row for row, unit in enumerate(ids) if scored[row]}
    by_hand, findings = usable(assessments, entities, rows, rulebook)
    level_row = _level_rows(entities)
    evidence = EvidenceRows(ids.to_numpy(dtype=object))
    results = [
        _criterion(c, rulebook, values, entities, level_row, scored, by_hand[c.id], evidence) for c in rulebook.criteria
    ]
    table = totals.Table(
        np.stack([r.numerator for r in results], axis=1),
        np.stack([r.denominator for r in results], axis=1),
        np.stack([r.outcome.counted for r in results], axis=1) & scored[:, None],
    )
    frame = totals.totals(entities, table, scored, rulebook)
    return ScoreFrames(
        CriterionScores.validate(_criterion_frame(entities, scored, results, rulebook), lazy=True),
        CriterionEvidence.validate(evidence.frame(), lazy=True),
        UnitScores.validate(totals.unit_scores(frame), lazy=True),
        LevelScores.validate(totals.level_scores(frame), lazy=True),
        [
            *findings,
            *(f for r in results for f in r.findings),
            *_reduced(frame, table, rulebook),
            *_classless(frame, rulebook),
        ],
    )


def _criterion(
    criterion: Criterion,
    rulebook: Rulebook,
    base: Values,
    entities: pd.DataFrame,
    level_row: Ints,
    scored: Bools,
    by_hand: list[Assessed],
    evidence: EvidenceRows,
) -> _Scored:
    """One criterion for every entity, its evidence added for those that are scored."""
    level = entities["level"].to_numpy(dtype=object)
    measures = criteria.measures_of(criterion, rulebook)
    defaults = [
        d
        for d in rulebook.defaults
        if set(d.measures) & set(measures) and (not d.criteria or criterion.id in d.criteria)
    ]
    values, used = with_defaults(base, defaults, level_row)
    hand = np.zeros(len(entities), dtype=bool)
    hand[[entry.row for entry in by_hand]] = True
    findings: list[Finding] = []
    if criterion.kind == "average":
        outcome = criteria.average(criterion, values)
        evidence.average(criterion, values, scored)
        _say_no_resolved(outcome, entities)
    else:
        outcome = criteria.first_match(criterion, rulebook, values, level)
        evidence.first_match(criterion, rulebook, values, level, scored & ~hand)
        given = _given(criterion, base, measures)
        assumed = _assumed(used, measures, len(entities))
        findings = over_figures(criterion, by_hand, outcome, given, assumed, entities)
        _assess(outcome, by_hand)
        evidence.assessed(criterion, by_hand)
    basis = np.where(outcome.counted, "computed", "not_counted").astype(object)
    _say_defaults(outcome, basis, used, measures, ~hand)
    outcome.say(outcome.counted & ~hand, criterion.reading)
    basis[hand] = "assessed"
    return _Scored(outcome, basis, *_as_added(outcome, rulebook), findings)


def _level_rows(entities: pd.DataFrame) -> Ints:
    """The row of each unit's level; -1 for levels and where the level has no row."""
    levels = entities[entities["kind"] == "level"].drop_duplicates("level")
    rows = pd.Series(levels.index.to_numpy(), index=levels["level"].to_numpy(dtype=object))
    found = entities["level"].map(rows).fillna(-1).to_numpy(dtype=np.int64)
    return np.where(entities["kind"].to_numpy() == "unit", found, -1)


def _say_no_resolved(outcome: criteria.Outcome, entities: pd.DataFrame) -> None:
    """Nothing resolved: the criteria by dossier are not counted, whatever else is known."""
    waiting = entities["status"].to_numpy() == "no_resolved"
    outcome.counted &= ~waiting
    outcome.explanation = np.where(waiting, criteria.NO_RESOLVED, outcome.explanation)


def _assess(outcome: criteria.Outcome, by_hand: list[Assessed]) -> None:
    for entry in by_hand:
        where = np.zeros(len(outcome.counted), dtype=bool)
        where[entry.row] = True
        criteria.take(outcome, where, entry.option)
        outcome.explanation[entry.row] = entry.reason


def _given(criterion: Criterion, base: Values, measures: list[str]) -> Bools:
    """Where a figure or category that the criterion looks at was counted or entered."""
    conditions = [c for o in criterion.options for c in (*o.all, *o.any)]
    said = base.disclosure != "" if any(c.category for c in conditions) else np.zeros(base.rows, dtype=bool)
    given: Bools = np.logical_or.reduce([said, *(base.column(m).given for m in measures)])
    return given


def _assumed(used: list[tuple[Default, Mapping[str, Bools]]], measures: list[str], rows: int) -> Bools:
    """Where a default filled a measure that the criterion looks at."""
    filled = [masks[m] for default, masks in used for m in default.measures if m in measures]
    return np.logical_or.reduce(filled) if filled else np.zeros(rows, dtype=bool)


def _say_defaults(
    outcome: criteria.Outcome,
    basis: Texts,
    used: list[tuple[Default, Mapping[str, Bools]]],
    measures: list[str],
    where: Bools,
) -> None:
    """Name each default that a counted score rests on."""
    for default, filled in used:
        rests = [filled[m] for m in default.measures if m in measures]
        mask = outcome.counted & where & np.logical_or.reduce(rests)
        outcome.say(mask, default.text)
        basis[mask] = "default"


def _as_added(outcome: criteria.Outcome, rulebook: Rulebook) -> tuple[Ints, Ints]:
    """The exact figure a total adds: unrounded, or rounded to the rulebook's places."""
    places = rulebook.rounding.criterion_places
    if places is None:
        return outcome.numerator, outcome.denominator
    units = half_up_units(outcome.numerator, outcome.denominator, places)
    return units, np.full_like(units, 10**places)


def _criterion_frame(entities: pd.DataFrame, scored: Bools, results: list[_Scored], rulebook: Rulebook) -> pd.DataFrame:
    """CriterionScores of the scored entities: by entity, then in the rulebook's order."""
    at = np.flatnonzero(scored)
    if not len(at):
        return CriterionScores.empty()
    unit_ids, kinds = (entities[name].to_numpy(dtype=object)[at] for name in ("unit_id", "kind"))
    blocks: list[Block] = []
    for criterion, result in zip(rulebook.criteria, results, strict=True):
        counted = result.outcome.counted[at]
        numerator, denominator = result.numerator[at], result.denominator[at]
        printed = half_up(numerator, denominator, rulebook.rounding.print_places)
        block: Block = {
            "unit_id": unit_ids,
            "kind": kinds,
            "criterion": texts(len(at), criterion.id),
            "number": texts(len(at), criterion.number),
            "label": texts(len(at), criterion.label),
            "option": np.where(counted, result.outcome.option[at], ""),
            "option_text": np.where(counted, result.outcome.option_text[at], ""),
            "basis": result.basis[at],
            "explanation": result.outcome.explanation[at],
            "citation": texts(len(at), criterion.citation),
            "counted": counted,
            "numerator": result.outcome.numerator[at],
            "denominator": result.outcome.denominator[at],
            "score": np.where(counted, numerator / denominator, np.nan),
            "printed": np.where(counted, printed, np.nan),
            "max_points": np.full(len(at), float(criterion.max_points)),
            "_row": at,
        }
        blocks.append(block)
    columns = joined(blocks)
    order = np.argsort(columns.pop("_row"), kind="stable")
    rows = {name: column[order] for name, column in columns.items()}
    types = CriterionScores.empty().dtypes
    frame = pd.DataFrame({name: pd.array(rows[name], dtype=types[name]) for name in types.index})
    for name in ("numerator", "denominator"):
        frame[name] = frame[name].where(rows["counted"])
    return frame


def _reduced(frame: pd.DataFrame, table: totals.Table, rulebook: Rulebook) -> list[Finding]:
    """One finding for all units (or levels) of whose maximum the same criteria are missing."""
    full = float(rulebook.max_total)
    groups: dict[tuple[str, str, float], list[int]] = {}
    for row in np.flatnonzero((frame["status"] == "scored") & (frame["total_max"] < full)):
        missing = [c.number for c, yes in zip(rulebook.criteria, table.counted[row], strict=True) if not yes]
        key = (frame["kind"].iloc[row], ", ".join(missing), float(frame["total_max"].iloc[row]))
        groups.setdefault(key, []).append(int(row))
    return [
        _of_units(
            "maximum_reduced",
            frame.iloc[rows],
            vn_decimal(most, 2, trim=True),
            vn_decimal(full, 2, trim=True),
            labels=f"tiêu chí {numbers}",
        )
        for (_, numbers, most), rows in groups.items()
    ]


def _classless(frame: pd.DataFrame, rulebook: Rulebook) -> list[Finding]:
    """The units to which the local table of classes gives no class."""
    if rulebook.local_class is None or not rulebook.local_class.otherwise:
        return []
    rows = frame.loc[(frame["kind"] == "unit") & (frame["class_local"] == rulebook.local_class.otherwise)]
    return [_of_units("class_unknown", rows, rulebook.local_class.otherwise)] if len(rows) else []


def _of_units(code: str, rows: pd.DataFrame, found: str, expected: str = "", **facts: object) -> Finding:
    """A finding about one unit, or about several at once."""
    names = [f"“{name}”" for name in rows["name"]]
    who = names[0] if len(names) == 1 else f"{vn_int(len(names))} đơn vị ({shortened_list(names)})"
    unit_id = str(rows["unit_id"].iloc[0]) if len(rows) == 1 else ""
    return Finding(code, unit_id=unit_id, found=found, expected=expected, facts={"row": who, **facts})
