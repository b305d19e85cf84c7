"""Which units and levels of a period are scored, which are not, and why.

`members` maps each level's id to the ids of its units, and `names` each id to its name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from pipeline.arithmetic.wide_counts import MEASURES
from pipeline.extract.replacement_files import is_replacement
from pipeline.finding_catalogue import catalogue, units_set_aside
from pipeline.findings import NO_PLACE, Finding, Place
from pipeline.registry import UnitIndex
from pipeline.validate.level_totals import LevelCounts
from schemas.frames import TOTALLED, Entities

#: Statuses of units and levels that are scored; those of `USABLE` without dossiers have nothing to score.
SCORED = frozenset({"scored", "no_resolved"})
#: Statuses of units whose counts are used: a level's sums add them up.
USABLE = SCORED | {"no_dossiers"}
#: the others: the counts cannot be used, or there are none; there may be dossiers
NOT_SCORED = frozenset({"set_aside", "missing"})
#: The notice of a status that is no error.
_NOTICES = {"no_dossiers": "unit_no_dossiers", "no_resolved": "unit_no_resolved"}


class Status(NamedTuple):
    """A status as in Entities, and its reason in Vietnamese ("" for none)."""

    status: str
    reason: str = ""


def with_status(
    members: Mapping[str, list[str]], statuses: Mapping[str, Status], wanted: Collection[str]
) -> dict[str, list[str]]:
    """Level -> those of its units whose status is one of `wanted`."""
    return {level: [u for u in ids if statuses[u].status in wanted] for level, ids in members.items()}


def units_without_counts(
    index: UnitIndex,
    counted: Collection[str],
    places: Mapping[str, Sequence[Place]],
    excluded: Collection[str],
    asked: Collection[str] = (),
    published: Collection[str] = (),
) -> list[Finding]:
    """One finding for each unit of the registry that no file lists, or that has rows only in a file set aside.

    counted: ids with counts; places: unit_id -> the places of its rows in all exports; excluded: the files set aside;
    asked: the files that wait for an answer of the office, which may list the unit; published: the ids with published
    points, which can be scored without counts.
    """
    waiting = ", ".join(sorted(asked))
    findings = []
    for unit_id in index.units():
        set_aside = [p for p in places.get(unit_id, []) if p.file in excluded]
        if unit_id in counted or (unit_id in places and not set_aside) or (unit_id in published and not set_aside):
            continue
        name = index.names[unit_id]
        if set_aside:
            place = set_aside[-1]
            code = "replacement_waits" if is_replacement(place.file) else "unit_in_file_set_aside"
            findings.append(place.finding(code, unit_id, found=place.file, row=name))
        else:
            code, found = ("unit_waits", waiting) if waiting else ("unit_missing", name)
            findings.append(NO_PLACE.finding(code, unit_id, found=found, expected="một dòng số liệu", row=name))
    return findings


def _unlisted_units(findings: Iterable[Finding]) -> set[str]:
    """The ids of the units that no file lists, of the findings of `units_without_counts`."""
    return {f.unit_id for f in findings if f.code in {"unit_missing", "unit_waits"}}


def unit_statuses(
    index: UnitIndex, counts: pd.DataFrame, findings: Iterable[Finding], published: Collection[str] = ()
) -> dict[str, Status]:
    """The status of every unit of the period.

    counts: completed counts, index unit_id, one Int64 column a count measure; findings: all errors so far;
    published: the ids with published points, which have something to score without any dossier.
    """
    findings = list(findings)
    missing, set_aside, reasons = _unlisted_units(findings), units_set_aside(findings), _reasons(findings)
    statuses: dict[str, Status] = {}
    for unit_id in index.units():
        if unit_id in missing:
            statuses[unit_id] = Status("missing", "Chưa có số liệu")
        elif unit_id in published and unit_id not in set_aside and unit_id not in counts.index:
            statuses[unit_id] = Status("published", "Chỉ có điểm công bố, chưa có số liệu hồ sơ")
        elif unit_id in published and unit_id not in set_aside:
            statuses[unit_id] = Status("scored")
        elif unit_id in set_aside or unit_id not in counts.index:
            statuses[unit_id] = Status("set_aside", reasons.get(unit_id, "Số liệu có lỗi"))
        else:
            statuses[unit_id] = _by_counts(pd.Series(counts.loc[unit_id]))
    return statuses


def _by_counts(row: pd.Series) -> Status:
    """The status of a unit or level whose counts hold no error."""
    if (row[MEASURES].fillna(0) == 0).all():
        return Status("no_dossiers", "Không có hồ sơ phát sinh")
    if pd.notna(row["resolved_total"]) and row["resolved_total"] == 0:
        return Status("no_resolved", "Chưa có hồ sơ giải quyết xong")
    return Status("scored")


def has_scorable_unit(entities: pd.DataFrame, *, by_rulebook: bool) -> bool:
    """Whether a quarter has something to publish. `entities`: Entities; `by_rulebook`: a rulebook applies.

    At least one unit can be scored; without a rulebook at least one has counts that can be used and received a dossier.
    In an office without units it is a level.
    """
    units = entities.loc[entities["kind"] == "unit"]
    subjects = units if len(units) else entities
    return bool(subjects["status"].isin(TOTALLED if by_rulebook else SCORED).any())


def _reasons(findings: Iterable[Finding]) -> dict[str, str]:
    """Unit or level -> the titles of the errors that set it aside."""
    titles: dict[str, list[str]] = {}
    for finding in findings:
        entry = catalogue()[finding.code]
        for unit in finding.unit_ids if entry.sets_aside in {"unit", "level"} else ():
            titles.setdefault(unit, []).append(entry.title)
    return {u: "; ".join(dict.fromkeys(x[0].lower() + x[1:] for x in t)) for u, t in titles.items()}


def status_notices(
    statuses: Mapping[str, Status], places: Mapping[str, Sequence[Place]], names: Mapping[str, str]
) -> list[Finding]:
    """One notice for each unit without dossiers, or without a dossier resolved, at the place of its row."""
    return [
        places[unit_id][0].finding(_NOTICES[status.status], unit_id, found=names[unit_id])
        for unit_id, status in statuses.items()
        if status.status in _NOTICES
    ]


def level_statuses(
    index: UnitIndex,
    levels: LevelCounts,
    members: Mapping[str, list[str]],
    units: Mapping[str, Status],
    findings: Iterable[Finding],
) -> dict[str, Status]:
    """The status of every level of the period. units: the statuses of units; findings: all errors so far."""
    findings = list(findings)
    missing, set_aside, reasons = _unlisted_units(findings), units_set_aside(findings), _reasons(findings)
    statuses: dict[str, Status] = {}
    for level in index.level_ids():
        row = levels.table.loc[level]
        if level in set_aside:
            statuses[level] = Status("set_aside", reasons.get(level, "Số liệu của cấp có lỗi"))
        elif row.isna().all():
            statuses[level] = _without_counts([u for u in members[level] if u not in missing], units)
        else:
            statuses[level] = _by_counts(pd.Series(row))
            left_out = [index.names[u] for u in members[level] if units[u].status not in USABLE]
            if left_out and levels.basis[level] != "own":
                reason = f"Tính từ tổng các đơn vị còn lại, chưa gồm: {', '.join(left_out)}"
                statuses[level] = Status(statuses[level].status, reason)
    return statuses


def _without_counts(listed: Sequence[str], units: Mapping[str, Status]) -> Status:
    """The status of a level without counts. listed: its units that some file lists."""
    if listed and all(units[u].status == "published" for u in listed):
        return Status("published", "Các đơn vị chỉ có điểm công bố, cấp không có điểm chung")
    return Status("missing", "Số liệu của các đơn vị còn lỗi" if listed else "Chưa có số liệu")


def incomplete_levels(
    levels: LevelCounts, members: Mapping[str, list[str]], statuses: Mapping[str, Status], names: Mapping[str, str]
) -> list[Finding]:
    """One finding for each level whose sums lack units: those that are missing or set aside."""
    findings = []
    for level, basis in levels.basis.items():
        left_out = tuple(u for u in members[level] if statuses[u].status not in USABLE)
        if basis != "own" and left_out and statuses[level].status in USABLE:
            found = ", ".join(names[u] for u in left_out)
            findings.append(
                NO_PLACE.finding("level_without_units", level, found=found, units=left_out, level=names[level])
            )
    return findings


def entities_frame(index: UnitIndex, statuses: Mapping[str, Status], basis: Mapping[str, str]) -> pd.DataFrame:
    """The Entities frame: units and levels of the period in registry order.

    basis: level -> where its counts come from. A level without counts and without units is left out.
    """
    rows = []
    for row in index.current.itertuples():
        unit_id = str(row.unit_id)
        status, reason = statuses[unit_id]
        if row.kind == "level" and status == "missing" and not index.units(str(row.level)):
            continue
        rows.append((unit_id, row.name, row.kind, row.level, status, reason, basis.get(unit_id, "own")))
    frame = pd.DataFrame(rows, columns=list(Entities.to_schema().columns), dtype="str")
    return Entities.validate(frame, lazy=True)
