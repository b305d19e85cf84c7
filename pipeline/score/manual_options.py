"""Options assessed by hand: which of them can give a criterion its points, and a finding for each that cannot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.arithmetic.rounding import Bools
from pipeline.findings import Finding, Place, source_place
from pipeline.score.kinds.base import Outcome
from pipeline.score.source_text import source_text
from pipeline.text import vn_decimal
from schemas.rulebook import Criterion, Option, Rulebook


@dataclass(frozen=True)
class AssessedOption:
    """A hand-entered option that is used."""

    row: int  # of the entity
    option: Option
    reason: str
    source: str
    place: Place  # of the first entry


@dataclass(frozen=True)
class _Entry:
    """A row of Assessments."""

    unit_id: str
    criterion: str
    option: str
    reason: str
    place: Place


@dataclass(frozen=True)
class _Refusal:
    """Why entries cannot be used: the finding's code, and what is found at each."""

    code: str
    found: Sequence[tuple[_Entry, str]]

    @classmethod
    def of_all(cls, code: str, entries: Sequence[_Entry], what: str) -> _Refusal:
        return cls(code, [(entry, what) for entry in entries])


def usable_assessments(
    assessments: pd.DataFrame, entities: pd.DataFrame, scored: Mapping[str, int], rulebook: Rulebook
) -> tuple[dict[str, list[AssessedOption]], list[Finding]]:
    """The assessed options of this rulebook by criterion id, and findings for those that cannot be used.

    Frames: Assessments, Entities. `scored`: row by id of the units and levels that get scores. Assessments of another
    rulebook are left out without a finding. Two assessments of one criterion that disagree are both left out.
    """
    used: dict[str, list[AssessedOption]] = {c.id: [] for c in rulebook.criteria}
    findings: list[Finding] = []
    names = dict(zip(entities["unit_id"], entities["name"], strict=True))
    levels = dict(zip(entities["unit_id"], entities["level"], strict=True))
    criteria = {c.id: c for c in rulebook.criteria}
    for (unit_id, criterion_id), entries in _groups(assessments, rulebook).items():
        chosen = _option_of(entries, criteria.get(criterion_id), levels.get(unit_id, ""), unit_id in scored)
        if isinstance(chosen, Option):
            reason = "; ".join(dict.fromkeys(e.reason for e in entries))
            source = "; ".join(source_text(e.place) for e in entries)
            used[criterion_id].append(AssessedOption(scored[unit_id], chosen, reason, source, entries[0].place))
        else:
            name = names.get(unit_id, unit_id)
            findings += [
                entry.place.finding(chosen.code, unit_id, found=what, expected=rulebook.short, row=name)
                for entry, what in chosen.found
            ]
    return used, findings


def _option_of(entries: Sequence[_Entry], criterion: Criterion | None, level: str, scored: bool) -> Option | _Refusal:
    """The option that all entries about one criterion of a unit name, or why there is none."""
    if criterion is None:
        return _Refusal.of_all("assessment_unknown", entries, f"tiêu chí “{entries[0].criterion}”")
    label = f"tiêu chí {criterion.number}"
    if not scored:
        return _Refusal.of_all("assessment_not_possible", entries, f"{label}: đơn vị không được chấm điểm")
    if not criterion.by_option:
        why = f"{label} {criterion.how}, không đánh giá bằng một mức"
        return _Refusal.of_all("assessment_not_possible", entries, why)
    options = [_option(criterion, entry.option, level) for entry in entries]
    unknown = [entry for entry, option in zip(entries, options, strict=True) if option is None]
    if unknown:
        return _Refusal("assessment_unknown", [(e, f"mức “{e.option}” của {label}") for e in unknown])
    named = {option.id: option for option in options if option is not None}
    if len(named) > 1:
        return _Refusal.of_all("assessment_not_possible", entries, f"{label}: hai đánh giá khác nhau")
    return next(iter(named.values()))


def over_figures(
    criterion: Criterion,
    entries: Sequence[AssessedOption],
    computed: Outcome,
    given: Bools,
    assumed: Bools,
    entities: pd.DataFrame,
) -> list[Finding]:
    """A notice for each assessed option that is used although figures give another one.

    `computed`: the criterion before assessments; `given`: entities of which some figure of it was entered or counted;
    `assumed`: those where a default of the rulebook filled in the rest.
    """
    findings = []
    for entry in entries:
        row, option = entry.row, entry.option
        other = criterion.line(str(computed.option[row]))
        if not (computed.counted[row] and given[row]) or other is None or other.id == option.id:
            continue
        alike = option.points == other.points
        found, expected = (
            vn_decimal(float(o.points), 2, trim=True) + (f" (“{o.text}”)" if alike else "") for o in (option, other)
        )
        finding = entry.place.finding(
            "assessment_over_figures",
            str(entities["unit_id"].iloc[row]),
            found=found,
            expected=expected,
            row=str(entities["name"].iloc[row]),
            label=f"tiêu chí {criterion.number}",
            criterion=criterion.id,
            how=" và mặc định của biểu" if assumed[row] else "",
        )
        findings.append(finding)
    return findings


def assessed_rows(entries: Sequence[AssessedOption], rows: int) -> Bools:
    """The entities (of `rows`) that an assessed option is used for."""
    where: Bools = np.zeros(rows, dtype=bool)
    where[[entry.row for entry in entries]] = True
    return where


def with_assessed(computed: Outcome, entries: Sequence[AssessedOption]) -> Outcome:
    """The outcome with the assessed options in the place of what figures give; the reason is the explanation."""
    outcome = computed
    for entry in entries:
        where = assessed_rows([entry], len(computed.counted))
        outcome = outcome.given(where, entry.option).with_explanation(where, entry.reason)
    return outcome


def _groups(assessments: pd.DataFrame, rulebook: Rulebook) -> dict[tuple[str, str], list[_Entry]]:
    """(unit_id, criterion id) -> the entries under this rulebook, in their order."""
    groups: dict[tuple[str, str], list[_Entry]] = {}
    for row in assessments[assessments["rulebook"] == rulebook.id].to_dict("records"):
        unit_id, criterion, option, reason = (str(row[c]) for c in ("unit_id", "criterion", "option", "reason"))
        entry = _Entry(unit_id, criterion, option, reason, source_place(row))
        groups.setdefault((entry.unit_id, entry.criterion), []).append(entry)
    return groups


def _option(criterion: Criterion, written: str, level: str) -> Option | None:
    """The option by its id, or by its points where one option of the level alone gives them."""
    options = criterion.choices(level)
    by_id = [o for o in options if o.id == written]
    if by_id:
        return by_id[0]
    by_points = [o for o in options if str(o.points) == written]
    return by_points[0] if len(by_points) == 1 else None
