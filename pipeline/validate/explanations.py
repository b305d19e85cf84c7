"""Explanations of late dossiers against the counts: do they add up, and which of them become corrections.

An explanation changes no count. Only one that was accepted by a numbered document, with who approved it and when, may
be counted again; it then is a correction like any other (`pipeline.corrections`). Late are the dossiers resolved after
their deadline and those still open after it, each explained for itself; both as the export counts them, with the
declared corrections in force, before what the explanations themselves move.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from pipeline.arithmetic.wide_counts import complete, value_of, wide
from pipeline.findings import Finding
from pipeline.forms.catalogue import forms
from pipeline.text import fold, shortened_list, vn_int
from schemas.frames import Corrections, Explanations
from schemas.measures import COUNT_NAMES, LATE_MEASURES

Row = dict[str, Any]
#: What makes two rows of one unit and reason the same statement: everything but the place.
_SAID = ("late", "count", "evidence", "opinion", "document", "recount", "approver", "approved_on", "note")


@dataclass(frozen=True)
class Explained:
    """Explanations with their status, the corrections declared by them, and what has to be said."""

    explanations: pd.DataFrame  # Explanations
    corrections: pd.DataFrame  # Corrections, status declared
    findings: list[Finding]


@dataclass
class _Check:
    """What the steps share. `late`: (unit, measure) -> late dossiers; absent where no file tells."""

    late: Mapping[tuple[str, str], int]
    names: Mapping[str, str]
    findings: list[Finding] = field(default_factory=list)

    def say(
        self, code: str, row: Row, *, cell: str = "source_cell", found: str = "", expected: str = "", **facts: object
    ) -> None:
        """A finding about a row, at one of its cells."""
        unit, measure = str(row["unit_id"]), str(row["measure"])
        where = (str(row["source_file"]), str(row["source_sheet"]), str(row[cell] or row["source_cell"]))
        label = COUNT_NAMES[measure].lower() if measure else "hồ sơ quá hạn"
        common = {"row": self.names.get(unit, unit), "explanation": row["explanation_id"], "label": label}
        self.findings.append(Finding(code, unit, *where, found, expected, {**common, **facts}))


def late_dossiers(counts: pd.DataFrame) -> dict[tuple[str, str], int]:
    """(unit_id, measure) -> late dossiers, 0 included, of every unit or level whose counts tell."""
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
    """Check Explanations as read against Counts with the declared corrections in force.

    `members`: level -> its units. `unread`: units a row of which could not be read, whose sum means nothing.
    `taken`: ids of declared corrections. Nothing here sets a unit aside.
    """
    if explanations.empty:
        return Explained(explanations, Corrections.empty(), [])
    check = _Check(late_dossiers(counts), names)
    rows: list[Row] = [{str(k): v for k, v in row.items()} for row in explanations.to_dict("records")]
    _rename(rows, set(taken))
    for row in rows:
        _settle_measure(row, check)
    _settle_repetitions(rows, check)
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        if row["status"] != "unused":
            groups[row["unit_id"], row["measure"]].append(row)
    contested = {(r["unit_id"], r["measure"]) for r in rows if r["status"] == "unused"}
    corrections: list[Row] = []
    for key, group in groups.items():
        changed = _say_changed(group, check.late[key], check)
        said = key in contested or key[0] in unread
        over = _say_sum(group, check.late[key], check, silent=said, changed=changed)
        corrections += _recounts(group, counts, check, over=over, changed=changed)
    for row in rows:
        row["status"] = "stands" if row["status"] == "declared" else row["status"]
    _say_gaps(rows, members, {*unread, *(u for u, _ in contested)}, check)
    frame = pd.DataFrame(rows, columns=explanations.columns).astype(explanations.dtypes.to_dict())
    return Explained(Explanations.validate(frame, lazy=True), _corrections(corrections), check.findings)


def _rename(rows: list[Row], taken: set[str]) -> None:
    """Ids that a declared correction has already are passed over: both are ids of corrections."""
    number = 0
    for row in rows:
        number += 1
        while f"GT-{number:02d}" in taken:
            number += 1
        row["explanation_id"] = f"GT-{number:02d}"


def _settle_measure(row: Row, check: _Check) -> None:
    """Which late dossiers a row speaks of, where it does not say: the only ones the unit has."""
    late = {m: check.late.get((row["unit_id"], m)) for m in LATE_MEASURES}
    if not row["measure"]:
        some = [m for m in LATE_MEASURES if late[m]]
        if len(some) > 1:
            row["status"] = "unused"
            check.say("explanation_which", row, expected=" hay ".join(COUNT_NAMES[m].lower() for m in some))
            return
        row["measure"] = some[0] if some else LATE_MEASURES[0]
    if not late[row["measure"]]:
        row["status"] = "unused"
        check.say("explanation_of_nothing", row, found=vn_int(row["count"]), expected="0")


def _settle_repetitions(rows: list[Row], check: _Check) -> None:
    """The same reason of a unit twice: the same statement counts once, two statements not at all."""
    groups: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        if row["status"] != "unused":
            words = fold(row["detail"]) if row["reason"] == "other" else ""
            groups[row["unit_id"], row["measure"], row["reason"], words].append(row)
    for group in (g for g in groups.values() if len(g) > 1):
        same = len({tuple(str(row[k]) for k in _SAID) for row in group}) == 1
        for row in group[1:] if same else group:
            row["status"] = "unused"
        places = "; ".join("!".join(str(r[k]) for k in ("source_file", "source_sheet", "source_cell")) for r in group)
        code = "form_repeated" if same else "explanation_twice"
        check.say(code, group[-1], found=places, label=f"lý do “{reason_words(group[0])}”")


def _say_changed(group: list[Row], late: int, check: _Check) -> bool:
    """Whether a row was written for another number of late dossiers than there are now; said once a number."""
    seen: set[int] = set()
    for row in group:
        if pd.notna(row["late"]) and row["late"] != late and row["late"] not in seen:
            seen.add(row["late"])
            check.say(
                "explanation_late_changed", row, cell="late_cell", found=vn_int(row["late"]), expected=vn_int(late)
            )
    return bool(seen)


def _say_sum(group: list[Row], late: int, check: _Check, *, silent: bool, changed: bool) -> bool:
    """Whether more is explained than is late. A sum that differs is said, unless its cause has been said."""
    total = sum(int(row["count"]) for row in group)
    known = changed and total in {row["late"] for row in group}
    if total != late and not (silent or known):
        check.say("explanation_sum_differs", group[0], found=vn_int(total), expected=vn_int(late))
    return total > late


def _recounts(group: list[Row], counts: pd.DataFrame, check: _Check, *, over: bool, changed: bool) -> list[Row]:
    """Corrections of a unit's kind of late dossiers, in the order of rows: each starts where the one before ends."""
    measure = group[0]["measure"]
    present = check.late[group[0]["unit_id"], measure]
    written = any(pd.notna(row["late"]) for row in group)
    stated = _stated(counts, group[0]["unit_id"])
    corrections = []
    for row in (r for r in group if r["recount"] and r["status"] == "declared"):
        lacking = [COUNT_NAMES[m].lower() for m in (measure, row["recount"]) if m not in stated]
        why = ""
        if changed:
            why = "số hồ sơ quá hạn của biểu khác số liệu của cổng"
        elif not written:
            why = "không dòng nào của đơn vị có “Số hồ sơ quá hạn” của lúc lập biểu"
        elif over:
            why = "giải trình nhiều hơn số hồ sơ quá hạn"
        elif row["count"] == 0:
            why = "số hồ sơ theo lý do bằng 0"
        elif lacking:
            why = f"tệp của cổng không có cột {', '.join(lacking)} cho đơn vị"
        if why:
            row["status"] = "refused"
            target = forms().recounts[row["recount"]]
            check.say("explanation_recount_refused", row, cell="recount_cell", target=target, why=why)
            continue
        row["status"] = "recounted"
        corrections.append(_correction(row, present))
        present -= int(row["count"])
    return corrections


def _stated(counts: pd.DataFrame, unit: str) -> set[str]:
    return set(counts.loc[counts["unit_id"] == unit, "measure"])


def _correction(row: Row, present: int) -> Row:
    reason = f"giải trình được chấp nhận theo văn bản số {row['document']}: {reason_words(row)}"
    kept = ("unit_id", "measure", "approver", "approved_on", "source_file", "source_sheet", "source_cell")
    return {
        **{k: row[k] for k in kept},
        "correction_id": row["explanation_id"],
        "expected": present,
        "value": present - int(row["count"]),
        "counter_measure": row["recount"],
        "reason": reason,
        "note": row["evidence"],
        "status": "declared",
        "expected_cell": row["source_cell"],
    }


def _corrections(rows: Iterable[Row]) -> pd.DataFrame:
    empty = Corrections.empty()
    frame = pd.DataFrame(list(rows), columns=empty.columns).astype(empty.dtypes.to_dict())
    return Corrections.validate(frame, lazy=True)


def _say_gaps(rows: list[Row], members: Mapping[str, list[str]], excused: set[str], check: _Check) -> None:
    """Late dossiers of which nothing is explained, a level at a time; explanations nobody appraised."""
    speaking = {row["unit_id"] for row in rows}
    explained = {(row["unit_id"], row["measure"]) for row in rows}
    for level, units in members.items():
        silent = [
            f"{check.names[u]} ({COUNT_NAMES[m].lower()}: {vn_int(check.late[u, m])})"
            for u in units
            for m in LATE_MEASURES
            if u not in excused and check.late.get((u, m)) and (u, m) not in explained
        ]
        if silent and speaking & set(units):
            found, facts = shortened_list(silent), {"row": check.names[level]}
            check.findings.append(Finding("explanation_missing", level, found=found, facts=facts))
    waiting = [row for row in rows if row["status"] == "stands" and not row["opinion"]]
    if waiting:
        check.say("explanation_not_appraised", waiting[0], found=vn_int(len(waiting)))


def reason_words(row: Mapping[str, Any]) -> str:
    """The reason as a sentence goes on after "do": the words of the list, or the analyst's own for "khác"."""
    if row["reason"] == "other":
        words = str(row["detail"]).strip().rstrip(".;, ")
        return words[3:] if words.lower().startswith("do ") else words
    return forms().reasons[str(row["reason"])]
