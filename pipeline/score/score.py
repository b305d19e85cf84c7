"""Figures × rulebook → explained scores: criteria, their evidence, totals of units and levels.

Column-wise over all units and levels of a period; only the criteria of the rulebook are looped over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.arithmetic.figure_columns import Block, Texts, Values, from_figures, joined, texts, with_defaults
from pipeline.arithmetic.rounding import Bools, Ints, compare, half_up, half_up_units
from pipeline.findings import Finding
from pipeline.score.evidence import assessed_lines, evidence_blocks, evidence_frame
from pipeline.score.finding_of_units import finding_of_units
from pipeline.score.groups import GroupTable, group_differences, group_scores, group_table
from pipeline.score.kinds import scoring_of
from pipeline.score.kinds.base import Outcome, PublishedPoints, ScoringInput
from pipeline.score.manual_options import (
    AssessedOption,
    assessed_rows,
    over_figures,
    usable_assessments,
    with_assessed,
)
from pipeline.score.points_table import PointsTable
from pipeline.score.portal_points import points_differ, usable_points
from pipeline.score.totals import level_scores, unit_scores, with_totals
from pipeline.text import vn_decimal
from schemas.frames import TOTALLED, CriterionEvidence, CriterionScores, LevelScores, PortalPoints, UnitScores
from schemas.rulebook import Criterion, Default, Rulebook

#: statuses of entities that get criteria; all others (no dossiers, set aside, missing) are listed without scores
SCORED = (*TOTALLED, "no_resolved")

#: each default of a criterion, and where it filled which measure
_Filled = Sequence[tuple[Default, Mapping[str, Bools]]]


@dataclass(frozen=True)
class ScoreFrames:
    """What scoring produces. Frames as in `schemas.frames`, rows in the entities' order."""

    criterion_scores: pd.DataFrame
    criterion_evidence: pd.DataFrame
    unit_scores: pd.DataFrame
    level_scores: pd.DataFrame
    group_scores: pd.DataFrame  # empty for a rulebook without groups
    findings: list[Finding]


@dataclass(frozen=True)
class _Period:
    """The entities of a period and their figures, one element of each array for each entity."""

    entities: pd.DataFrame  # Entities, index 0 …
    values: Values  # without defaults
    scored: Bools  # gets criteria at all
    level_row: Ints  # row of each unit's level, -1 for levels and where the level has no row
    published: Mapping[str, PublishedPoints]  # points that another system published, by their name

    @property
    def unit_ids(self) -> Texts:
        return self.entities["unit_id"].to_numpy(dtype=object)


@dataclass(frozen=True)
class _CriterionResult:
    """One criterion: its outcome, how it was reached, the figure added to the total and the rows of its evidence."""

    outcome: Outcome
    basis: Texts
    numerator: Ints  # as added to the total
    denominator: Ints
    evidence: list[Block]
    findings: list[Finding]


def score_entities(
    entities: pd.DataFrame,
    figures: pd.DataFrame,
    choices: pd.DataFrame,
    assessments: pd.DataFrame,
    rulebook: Rulebook,
    portal_points: pd.DataFrame | None = None,
) -> ScoreFrames:
    """Score every unit and level of a period by one rulebook, which every row cites.

    Frames: Entities, Figures, Choices, Assessments, PortalPoints; assessments of other rulebooks are left out. Raises
    ValueError where a figure is given twice or a kind of criterion gives points outside 0 … maximum, LookupError for a
    kind without a scoring.
    """
    entities = entities.reset_index(drop=True)
    ids = pd.Index(entities["unit_id"])
    scored = entities["status"].isin(SCORED).to_numpy(dtype=bool)
    points = usable_points(PortalPoints.empty() if portal_points is None else portal_points, entities, rulebook)
    values = from_figures(ids, figures, choices)
    period = _Period(entities, values, scored, _level_rows(entities), points.columns)
    applies = _applies(rulebook, entities)
    rows = {unit: row for row, unit in enumerate(ids) if scored[row]}
    by_hand, findings = usable_assessments(assessments, entities, rows, rulebook)
    results = [
        _score_criterion(c, rulebook, period, by_hand[c.id], scored & applies[:, i])
        for i, c in enumerate(rulebook.criteria)
    ]
    table = PointsTable(
        np.stack([r.numerator for r in results], axis=1),
        np.stack([r.denominator for r in results], axis=1),
        np.stack([r.outcome.counted for r in results], axis=1) & applies & scored[:, None],
    )
    groups = group_table(rulebook, table, applies, points.columns, scored)
    frame = with_totals(entities, table, applies, scored, rulebook, groups)
    of_groups = group_scores(groups, entities, scored & applies.any(axis=1))
    names = dict(zip(ids, entities["name"], strict=True))
    evidence = evidence_frame([block for r in results for block in r.evidence])
    return ScoreFrames(
        CriterionScores.validate(_criterion_frame(entities, scored[:, None] & applies, results, rulebook), lazy=True),
        CriterionEvidence.validate(evidence, lazy=True),
        UnitScores.validate(unit_scores(frame), lazy=True),
        LevelScores.validate(level_scores(frame), lazy=True),
        of_groups,
        [
            *findings,
            *points.findings,
            *(f for r in results for f in r.findings),
            *group_differences(of_groups, names),
            *(_reduced(frame, table, applies, rulebook) if groups is None else _incomplete(frame, groups, rulebook)),
        ],
    )


def _applies(rulebook: Rulebook, entities: pd.DataFrame) -> Bools:
    """Whether a criterion scores an entity, shape (entities, criteria).

    A rulebook with groups scores no level that it does not name; one without does, where the criteria allow it.
    """
    levels = entities["level"].to_numpy(dtype=object)
    named = np.isin(levels, [level.id for level in rulebook.levels]) | (not rulebook.groups)
    of_criteria = [
        np.isin(levels, c.levels) if c.levels else np.ones(len(levels), dtype=bool) for c in rulebook.criteria
    ]
    return np.stack(of_criteria, axis=1) & named[:, None]


def _score_criterion(
    criterion: Criterion, rulebook: Rulebook, period: _Period, by_hand: Sequence[AssessedOption], scored: Bools
) -> _CriterionResult:
    """One criterion for every entity; its evidence for those that it scores (`scored`)."""
    entities, rows = period.entities, len(period.entities)
    measures = criterion.measures(rulebook.ratios)
    values, filled = with_defaults(period.values, rulebook.defaults_of(criterion), period.level_row)
    waiting = entities["status"].to_numpy() == "no_resolved"
    given = ScoringInput(rulebook, values, entities["level"].to_numpy(dtype=object), waiting, period.published)
    score = scoring_of(criterion)(criterion, given)
    _refuse_impossible_points(criterion, score.outcome)
    hand = assessed_rows(by_hand, rows)
    findings = []
    if by_hand:
        known, assumed = _given(criterion, period.values, measures), _assumed(filled, measures, rows)
        findings = over_figures(criterion, by_hand, score.outcome, known, assumed, entities)
    outcome = with_assessed(score.outcome, by_hand)
    basis = np.where(outcome.counted, "computed", "not_counted").astype(object)
    for default, where in filled:  # every default that a counted score rests on is named
        rests = outcome.counted & ~hand & _assumed([(default, where)], measures, rows)
        outcome = outcome.explained(rests, default.text)
        basis[rests] = "default"
    outcome = outcome.explained(outcome.counted & ~hand, criterion.reading) if criterion.reading else outcome
    basis[hand] = "assessed"
    findings += _published_differences(criterion, given, score.outcome, entities, scored & ~hand, rulebook)
    if outcome.imported is not None:
        basis[outcome.imported & ~hand] = "imported"
    evidence = [
        *evidence_blocks(criterion.id, score.evidence, period.unit_ids, scored & ~hand),
        *evidence_blocks(criterion.id, assessed_lines(by_hand, rows), period.unit_ids, hand),
    ]
    return _CriterionResult(outcome, basis, *_as_added(outcome, rulebook), evidence, findings)


def _published_differences(
    criterion: Criterion,
    given: ScoringInput,
    outcome: Outcome,
    entities: pd.DataFrame,
    where: Bools,
    rulebook: Rulebook,
) -> list[Finding]:
    """The finding about units whose published points of the criterion differ from those that are recomputed."""
    found = []
    places = rulebook.rounding.print_places
    recomputed = where & outcome.counted & ~(np.zeros_like(where) if outcome.imported is None else outcome.imported)
    for code in criterion.import_codes():
        points = given.published_points(code)
        at = np.flatnonzero(recomputed & points.known)
        printed = half_up(outcome.numerator[at], outcome.denominator[at], places)
        published = half_up(points.numerator[at], points.denominator[at], places)
        label = f"Tiêu chí {criterion.number} “{criterion.label}”"
        columns = (list(published), list(printed), list(points.source[at]))
        found.append(points_differ(label, "Tiêu chí in điểm tính lại.", entities.iloc[at], *columns))
    return [finding for finding in found if finding is not None]


def _refuse_impossible_points(criterion: Criterion, outcome: Outcome) -> None:
    """Raises ValueError where a scoring gives points below 0 or above the criterion's maximum."""
    above = compare(outcome.numerator, outcome.denominator, criterion.max_points) > 0
    if (outcome.counted & (above | (outcome.numerator < 0) | (outcome.denominator <= 0))).any():
        most = vn_decimal(float(criterion.max_points), 2, trim=True)
        raise ValueError(f"criterion {criterion.id}: the kind {criterion.kind!r} gives points outside 0 … {most}")


def _level_rows(entities: pd.DataFrame) -> Ints:
    """The row of each unit's level; -1 for levels and where the level has no row."""
    levels = entities[entities["kind"] == "level"].drop_duplicates("level")
    rows = pd.Series(levels.index.to_numpy(), index=levels["level"].to_numpy(dtype=object))
    found = entities["level"].map(rows).fillna(-1).to_numpy(dtype=np.int64)
    return np.where(entities["kind"].to_numpy() == "unit", found, -1)


def _given(criterion: Criterion, values: Values, measures: Sequence[str]) -> Bools:
    """Where a figure or category that the criterion looks at was counted or entered."""
    category = values.disclosure != "" if criterion.categories() else np.zeros(values.rows, dtype=bool)
    given: Bools = np.logical_or.reduce([category, *(values.column(m).given for m in measures)])
    return given


def _assumed(filled: _Filled, measures: Sequence[str], rows: int) -> Bools:
    """Where a default filled a measure that the criterion looks at."""
    masks = [where[m] for default, where in filled for m in default.measures if m in measures]
    return np.logical_or.reduce(masks) if masks else np.zeros(rows, dtype=bool)


def _as_added(outcome: Outcome, rulebook: Rulebook) -> tuple[Ints, Ints]:
    """The exact points a total adds: unrounded, or rounded to the rulebook's places."""
    places = rulebook.rounding.criterion_places
    if places is None:
        return outcome.numerator, outcome.denominator
    units = half_up_units(outcome.numerator, outcome.denominator, places)
    return units, np.full_like(units, 10**places)


def _criterion_frame(
    entities: pd.DataFrame, scored: Bools, results: Sequence[_CriterionResult], rulebook: Rulebook
) -> pd.DataFrame:
    """CriterionScores: one row for each entity and criterion that scores it, by entity, then in the rulebook's order.

    `scored`: shape (entities, criteria).
    """
    blocks: list[Block] = []
    for position, (criterion, result) in enumerate(zip(rulebook.criteria, results, strict=True)):
        at = np.flatnonzero(scored[:, position])
        unit_ids, kinds = (entities[name].to_numpy(dtype=object)[at] for name in ("unit_id", "kind"))
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
    if not len(columns["_row"]):
        return CriterionScores.empty()
    order = np.argsort(columns.pop("_row"), kind="stable")
    rows = {name: column[order] for name, column in columns.items()}
    types = CriterionScores.empty().dtypes
    frame = pd.DataFrame({name: pd.array(rows[name], dtype=types[name]) for name in types.index})
    for name in ("numerator", "denominator"):
        frame[name] = frame[name].where(rows["counted"])
    return frame


def _incomplete(frame: pd.DataFrame, table: GroupTable, rulebook: Rulebook) -> list[Finding]:
    """One finding for all units of which the same groups are not known: they have no class. Levels have none anyway."""
    units = ((frame["kind"] == "unit") & frame["total"].notna()).to_numpy()
    groups: dict[str, list[int]] = {}
    for row in np.flatnonzero(units & ~table.complete):
        groups.setdefault(", ".join(f"“{g.label}”" for g in table.missing(int(row))), []).append(int(row))
    sheet = rulebook.points_sheet or "Điểm công bố"
    return [
        finding_of_units("groups_missing", frame.iloc[rows], missing, form_sheet=sheet)
        for missing, rows in groups.items()
    ]


def _reduced(frame: pd.DataFrame, table: PointsTable, applies: Bools, rulebook: Rulebook) -> list[Finding]:
    """One finding for all units (or levels) of whose maximum the same criteria are missing."""
    full = float(rulebook.max_total)
    groups: dict[tuple[str, str, float], list[int]] = {}
    for row in np.flatnonzero(frame["status"].isin(TOTALLED).to_numpy() & ~(table.counted | ~applies).all(axis=1)):
        lacks = ~table.counted[row] & applies[row]
        missing = [c.number for c, yes in zip(rulebook.criteria, lacks, strict=True) if yes]
        key = (frame["kind"].iloc[row], ", ".join(missing), float(frame["total_max"].iloc[row]))
        groups.setdefault(key, []).append(int(row))
    return [
        finding_of_units(
            "maximum_reduced",
            frame.iloc[rows],
            vn_decimal(most, 2, trim=True),
            vn_decimal(full, 2, trim=True),
            labels=f"tiêu chí {numbers}",
        )
        for (_, numbers, most), rows in groups.items()
    ]
