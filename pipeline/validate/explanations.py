"""Checks explanations of late dossiers against the counts. `pipeline.extract.forms.explanations` reads them.

Late dossiers are those resolved after their deadline (`resolved_late`) and those still open after it
(`pending_overdue`); each kind is explained for itself. Both are numbers of the export after declared corrections.

An explanation changes no count. Only an explanation that was accepted by a numbered document, with the approver and the
day of approval, may be counted again: `recounts` makes it a correction like any other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.arithmetic.wide_counts import complete, value_of, wide
from pipeline.findings import NO_PLACE, Finding
from pipeline.text import vn_int
from pipeline.validate.explanation_rows import (
    UNUSED,
    ExplanationContext,
    Row,
    renumbered_rows,
    rows_with_measures,
    rows_without_repetitions,
)
from pipeline.validate.recounts import corrections_frame, explained_count, find_recounts
from schemas.frames import Corrections, Explanations
from schemas.measures import COUNT_NAMES, LATE_MEASURES


@dataclass(frozen=True)
class Explained:
    """Explanations with their status, the corrections that they declare, and findings."""

    explanations: pd.DataFrame  # Explanations
    corrections: pd.DataFrame  # Corrections, status declared
    findings: list[Finding]


def late_counts(counts: pd.DataFrame) -> dict[tuple[str, str], int]:
    """(unit_id, measure) -> number of late dossiers, 0 included, of a Counts frame; absent where it is not known."""
    table = complete(wide(counts))[0]
    found = {(str(u), m): value_of(table, str(u), m) for m in LATE_MEASURES for u in table.index}
    return {key: value for key, value in found.items() if value is not None}


def check_explanations(
    explanations: pd.DataFrame,
    counts: pd.DataFrame,
    names: Mapping[str, str],
    members: Mapping[str, list[str]],
    *,
    unread: Collection[str] = (),
    taken: Collection[str] = (),
) -> Explained:
    """Check Explanations, as read, against Counts after declared corrections. No unit is set aside here.

    names: id -> name; members: level -> its units; unread: units with a row that could not be read, so that the sum of
    their rows means nothing; taken: ids of declared corrections.
    """
    if explanations.empty:
        return Explained(explanations, Corrections.empty(), [])
    context = ExplanationContext(late_counts(counts), names)
    rows: list[Row] = [{str(k): v for k, v in row.items()} for row in explanations.to_dict("records")]
    rows, about_measures = rows_with_measures(renumbered_rows(rows, set(taken)), context)
    rows, about_repetitions = rows_without_repetitions(rows, context)
    contested = {(r["unit_id"], r["measure"]) for r in rows if r["status"] == UNUSED}
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        if row["status"] != UNUSED:
            groups[row["unit_id"], row["measure"]].append(row)
    findings = [*about_measures, *about_repetitions]
    corrections: list[Row] = []
    statuses: dict[str, str] = {}
    for key, group in groups.items():
        changed = _changed_rows(group, context.late[key])
        findings += _change_findings(changed, context.late[key], context)
        if key not in contested and key[0] not in unread:
            findings += _sum_finding(group, context.late[key], context, changed=bool(changed))
        recounts = find_recounts(group, counts, context, changed=bool(changed))
        corrections += recounts.corrections
        statuses |= recounts.statuses
        findings += recounts.findings
    rows = [{**row, "status": _final_status(row, statuses)} for row in rows]
    findings += _unexplained(rows, members, {*unread, *(unit for unit, _ in contested)}, context)
    findings += _not_appraised(rows, context)
    frame = pd.DataFrame(rows, columns=explanations.columns).astype(explanations.dtypes.to_dict())
    return Explained(Explanations.validate(frame, lazy=True), corrections_frame(corrections), findings)


def _changed_rows(group: Sequence[Row], late: int) -> list[Row]:
    """The rows written for another number of late dossiers than there is now, one for each such number."""
    first: dict[int, Row] = {}
    for row in group:
        if pd.notna(row["late"]) and row["late"] != late:
            first.setdefault(row["late"], row)
    return list(first.values())


def _change_findings(changed: Iterable[Row], late: int, context: ExplanationContext) -> list[Finding]:
    """One finding for each row of `_changed_rows`."""
    return [
        context.finding(
            "explanation_late_changed", row, cell="late_cell", found=vn_int(row["late"]), expected=vn_int(late)
        )
        for row in changed
    ]


def _sum_finding(group: Sequence[Row], late: int, context: ExplanationContext, *, changed: bool) -> list[Finding]:
    """A finding if the rows of a unit and kind do not add up to its late dossiers.

    There is none if they add up to the number that the form was written for: `_change_findings` reports that.
    """
    total = explained_count(group)
    if total == late or (changed and total in {row["late"] for row in group}):
        return []
    return [context.finding("explanation_sum_differs", group[0], found=vn_int(total), expected=vn_int(late))]


def _final_status(row: Row, statuses: Mapping[str, str]) -> str:
    """The status of a row after recounts: an explanation without a recount stands."""
    status = statuses.get(row["explanation_id"], str(row["status"]))
    return "stands" if status == "declared" else status


def _unexplained(
    rows: Sequence[Row], members: Mapping[str, list[str]], excused: Collection[str], context: ExplanationContext
) -> list[Finding]:
    """One finding for each level with late dossiers that no row explains, if other units of the level are explained.

    `excused`: units whose rows could not be read or contradict each other; they are not named.
    """
    units_explained = {row["unit_id"] for row in rows}
    explained = {(row["unit_id"], row["measure"]) for row in rows}
    findings = []
    for level, units in members.items():
        missing = [
            (u, m)
            for u in units
            for m in LATE_MEASURES
            if u not in excused and context.late.get((u, m)) and (u, m) not in explained
        ]
        if missing and units_explained & set(units):
            found = ", ".join(
                f"{context.names[u]} ({COUNT_NAMES[m].lower()}: {vn_int(context.late[u, m])})" for u, m in missing
            )
            named = tuple(dict.fromkeys(u for u, _ in missing))
            row = context.names[level]
            findings.append(NO_PLACE.finding("explanation_missing", level, found=found, units=named, row=row))
    return findings


def _not_appraised(rows: Sequence[Row], context: ExplanationContext) -> list[Finding]:
    """One finding, at the first of them, for all explanations on which no opinion was given."""
    waiting = [row for row in rows if row["status"] == "stands" and not row["opinion"]]
    return [context.finding("explanation_not_appraised", waiting[0], found=vn_int(len(waiting)))] if waiting else []
