"""Checks explanations of late dossiers against the counts. `pipeline.extract.forms.explanations` reads them.

Late dossiers are those resolved after their deadline (`resolved_late`) and those still open after it
(`pending_overdue`); each kind is explained for itself. Both are numbers of the export after declared corrections.

An explanation changes no count. Only an explanation that was accepted by a numbered document, with the approver and the
day of approval, may be counted again: it then is a correction like any other (`corrections`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.arithmetic.wide_counts import complete, value_of, wide
from pipeline.findings import NO_PLACE, Finding, Place, source_place
from pipeline.forms.catalogue import forms
from pipeline.text import fold, listed, vn_int
from schemas.frames import Corrections, Explanations
from schemas.measures import COUNT_NAMES, LATE_MEASURES

#: One row of Explanations: column -> value.
Row = dict[str, Any]
#: Two rows of one unit and reason are the same statement if these columns are equal.
_STATEMENT = ("late", "count", "evidence", "opinion", "document", "recount", "approver", "approved_on", "note")
#: The status of a row that another row contradicts, or that is about no late dossiers.
_UNUSED = "unused"


@dataclass(frozen=True)
class Explained:
    """Explanations with their status, the corrections that they declare, and findings."""

    explanations: pd.DataFrame  # Explanations
    corrections: pd.DataFrame  # Corrections, status declared
    findings: list[Finding]


@dataclass(frozen=True)
class _Context:
    """`late`: (unit_id, measure) -> number of late dossiers, absent where no file has it. `names`: unit_id -> name."""

    late: Mapping[tuple[str, str], int]
    names: Mapping[str, str]

    def finding(
        self, code: str, row: Row, *, cell: str = "source_cell", found: str = "", expected: str = "", **facts: object
    ) -> Finding:
        """A finding about a row, at the cell in its column `cell`."""
        unit, measure = str(row["unit_id"]), str(row["measure"])
        place = source_place(row)
        at = Place(place.file, place.sheet, str(row[cell] or place.cell))
        common = {
            "row": self.names.get(unit, unit),
            "explanation": row["explanation_id"],
            "label": COUNT_NAMES[measure].lower() if measure else "hồ sơ quá hạn",
        }
        return at.finding(code, unit, found=found, expected=expected, **{**common, **facts})


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
    context = _Context(late_counts(counts), names)
    rows: list[Row] = [{str(k): v for k, v in row.items()} for row in explanations.to_dict("records")]
    rows, about_measures = _with_measures(_renumbered(rows, set(taken)), context)
    rows, about_repetitions = _without_repetitions(rows, context)
    contested = {(r["unit_id"], r["measure"]) for r in rows if r["status"] == _UNUSED}
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        if row["status"] != _UNUSED:
            groups[row["unit_id"], row["measure"]].append(row)
    findings = [*about_measures, *about_repetitions]
    corrections: list[Row] = []
    statuses: dict[str, str] = {}
    for key, group in groups.items():
        changed = _changed_rows(group, context.late[key])
        findings += _change_findings(changed, context.late[key], context)
        if key not in contested and key[0] not in unread:
            findings += _sum_finding(group, context.late[key], context, changed=bool(changed))
        recounts = _recounts(group, counts, context, changed=bool(changed))
        corrections += recounts.corrections
        statuses |= recounts.statuses
        findings += recounts.findings
    rows = [{**row, "status": _final_status(row, statuses)} for row in rows]
    findings += _unexplained(rows, members, {*unread, *(unit for unit, _ in contested)}, context)
    findings += _not_appraised(rows, context)
    frame = pd.DataFrame(rows, columns=explanations.columns).astype(explanations.dtypes.to_dict())
    return Explained(Explanations.validate(frame, lazy=True), _corrections_frame(corrections), findings)


def _renumbered(rows: Sequence[Row], taken: Collection[str]) -> list[Row]:
    """The rows with ids that no declared correction has: a recount becomes a correction with the same id."""
    renumbered = []
    number = 0
    for row in rows:
        number += 1
        while f"GT-{number:02d}" in taken:
            number += 1
        renumbered.append({**row, "explanation_id": f"GT-{number:02d}"})
    return renumbered


def _with_measures(rows: Sequence[Row], context: _Context) -> tuple[list[Row], list[Finding]]:
    """The rows with the kind of late dossiers they are about, and findings about rows that cannot be used.

    A row that names no kind is about the only kind its unit has.
    """
    settled, findings = [], []
    for row in rows:
        late = [m for m in LATE_MEASURES if context.late.get((row["unit_id"], m))]
        if not row["measure"] and len(late) > 1:
            which = " hay ".join(COUNT_NAMES[m].lower() for m in late)
            settled.append({**row, "status": _UNUSED})
            findings.append(context.finding("explanation_which", row, expected=which))
            continue
        measure = row["measure"] or (late[0] if late else LATE_MEASURES[0])
        named = {**row, "measure": measure, "status": row["status"] if measure in late else _UNUSED}
        settled.append(named)
        if measure not in late:
            findings.append(context.finding("explanation_of_nothing", named, found=vn_int(row["count"]), expected="0"))
    return settled, findings


def _without_repetitions(rows: Sequence[Row], context: _Context) -> tuple[list[Row], list[Finding]]:
    """The rows with repetitions marked unused, and findings that name all their cells.

    Of the same statement, made several times, the first row is used. Of different statements for one reason none is.
    """
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        if row["status"] != _UNUSED:
            words = fold(row["detail"]) if row["reason"] == "other" else ""
            groups[row["unit_id"], row["measure"], row["reason"], words].append(number)
    unused: set[int] = set()
    findings = []
    for numbers in (g for g in groups.values() if len(g) > 1):
        group = [rows[n] for n in numbers]
        same = len({tuple(str(row[k]) for k in _STATEMENT) for row in group}) == 1
        unused.update(numbers[1:] if same else numbers)
        found = "; ".join("!".join(str(r[k]) for k in ("source_file", "source_sheet", "source_cell")) for r in group)
        label = f"lý do “{reason_words(group[0])}”"
        code = "form_repeated" if same else "explanation_twice"
        findings.append(context.finding(code, group[-1], found=found, label=label))
    return [{**row, "status": _UNUSED} if n in unused else row for n, row in enumerate(rows)], findings


def _changed_rows(group: Sequence[Row], late: int) -> list[Row]:
    """The rows written for another number of late dossiers than there is now, one for each such number."""
    first: dict[int, Row] = {}
    for row in group:
        if pd.notna(row["late"]) and row["late"] != late:
            first.setdefault(row["late"], row)
    return list(first.values())


def _change_findings(changed: Iterable[Row], late: int, context: _Context) -> list[Finding]:
    """One finding for each row of `_changed_rows`."""
    return [
        context.finding(
            "explanation_late_changed", row, cell="late_cell", found=vn_int(row["late"]), expected=vn_int(late)
        )
        for row in changed
    ]


def _sum_finding(group: Sequence[Row], late: int, context: _Context, *, changed: bool) -> list[Finding]:
    """A finding if the rows of a unit and kind do not add up to its late dossiers.

    There is none if they add up to the number that the form was written for: `_change_findings` reports that.
    """
    total = _explained_count(group)
    if total == late or (changed and total in {row["late"] for row in group}):
        return []
    return [context.finding("explanation_sum_differs", group[0], found=vn_int(total), expected=vn_int(late))]


def _explained_count(group: Sequence[Row]) -> int:
    return sum(int(row["count"]) for row in group)


@dataclass(frozen=True)
class _Recounts:
    """`corrections`: rows of Corrections; `statuses`: explanation_id -> new status; findings of refused recounts."""

    corrections: list[Row]
    statuses: dict[str, str]
    findings: list[Finding]


def _recounts(group: Sequence[Row], counts: pd.DataFrame, context: _Context, *, changed: bool) -> _Recounts:
    """The recounts of a unit and kind, in the order of rows: each starts from the number the one before leaves."""
    unit, measure = group[0]["unit_id"], group[0]["measure"]
    late = present = context.late[unit, measure]
    has_number = any(pd.notna(row["late"]) for row in group)
    over = _explained_count(group) > late
    columns = set(counts.loc[counts["unit_id"] == unit, "measure"])
    corrections, statuses, findings = [], {}, []
    for row in (r for r in group if r["recount"] and r["status"] == "declared"):
        lacking = [COUNT_NAMES[m].lower() for m in (measure, row["recount"]) if m not in columns]
        why = ""
        if changed:
            why = "số hồ sơ quá hạn của biểu khác số liệu của cổng"
        elif not has_number:
            why = "không dòng nào của đơn vị có “Số hồ sơ quá hạn” của lúc lập biểu"
        elif over:
            why = "giải trình nhiều hơn số hồ sơ quá hạn"
        elif row["count"] == 0:
            why = "số hồ sơ theo lý do bằng 0"
        elif lacking:
            why = f"tệp của cổng không có cột {', '.join(lacking)} cho đơn vị"
        if why:
            statuses[row["explanation_id"]] = "refused"
            target = forms().recounts[row["recount"]]
            findings.append(
                context.finding("explanation_recount_refused", row, cell="recount_cell", target=target, why=why)
            )
            continue
        statuses[row["explanation_id"]] = "recounted"
        corrections.append(_correction(row, present))
        present -= int(row["count"])
    return _Recounts(corrections, statuses, findings)


def _final_status(row: Row, statuses: Mapping[str, str]) -> str:
    """The status of a row after recounts: an explanation without a recount stands."""
    status = statuses.get(row["explanation_id"], str(row["status"]))
    return "stands" if status == "declared" else status


def _correction(row: Row, present: int) -> Row:
    """The correction of a recount: a row of Corrections. `present`: the late dossiers before it."""
    kept = ("unit_id", "measure", "approver", "approved_on", "source_file", "source_sheet", "source_cell")
    return {
        **{k: row[k] for k in kept},
        "correction_id": row["explanation_id"],
        "expected": present,
        "value": present - int(row["count"]),
        "counter_measure": row["recount"],
        "reason": f"giải trình được chấp nhận theo văn bản số {row['document']}: {reason_words(row)}",
        "note": row["evidence"],
        "status": "declared",
        "expected_cell": row["source_cell"],
    }


def _corrections_frame(rows: Sequence[Row]) -> pd.DataFrame:
    empty = Corrections.empty()
    frame = pd.DataFrame(list(rows), columns=empty.columns).astype(empty.dtypes.to_dict())
    return Corrections.validate(frame, lazy=True)


def _unexplained(
    rows: Sequence[Row], members: Mapping[str, list[str]], excused: Collection[str], context: _Context
) -> list[Finding]:
    """One finding for each level with late dossiers that no row explains, if other units of the level are explained.

    `excused`: units whose rows could not be read or contradict each other; they are not named.
    """
    units_explained = {row["unit_id"] for row in rows}
    explained = {(row["unit_id"], row["measure"]) for row in rows}
    findings = []
    for level, units in members.items():
        missing = [
            f"{context.names[u]} ({COUNT_NAMES[m].lower()}: {vn_int(context.late[u, m])})"
            for u in units
            for m in LATE_MEASURES
            if u not in excused and context.late.get((u, m)) and (u, m) not in explained
        ]
        if missing and units_explained & set(units):
            found = listed(missing)
            findings.append(NO_PLACE.finding("explanation_missing", level, found=found, row=context.names[level]))
    return findings


def _not_appraised(rows: Sequence[Row], context: _Context) -> list[Finding]:
    """One finding, at the first of them, for all explanations on which no opinion was given."""
    waiting = [row for row in rows if row["status"] == "stands" and not row["opinion"]]
    return [context.finding("explanation_not_appraised", waiting[0], found=vn_int(len(waiting)))] if waiting else []


def reason_words(row: Mapping[str, Any]) -> str:
    """The reason of a row of Explanations, as words that follow "do": of the list, or the analyst's own for "khác"."""
    if row["reason"] == "other":
        words = str(row["detail"]).strip().rstrip(".;, ")
        return words[3:] if words.lower().startswith("do ") else words
    return forms().reasons[str(row["reason"])]
