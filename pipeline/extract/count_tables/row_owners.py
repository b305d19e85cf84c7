"""The unit of each row: named in the row, in the section above it, or above the table."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.extract.count_tables.count_matrix import CountMatrix
from pipeline.extract.count_tables.foreign_rows import find_foreign_rows
from pipeline.extract.count_tables.rows import Row
from pipeline.extract.count_tables.sum_rows import Resolved, SumRows, find_sum_rows, unnumbered_sums
from pipeline.extract.count_tables.tables import CountTable
from pipeline.extract.wording.phrases import Phrase, words
from pipeline.extract.wording.reporting_office import reporting_unit, tab_conflict, unknown_office
from pipeline.findings import Finding, Place
from pipeline.registry import Resolution, UnitIndex

#: codes of findings that report a row, or a table, of which the unit is not known
UNKNOWN_UNIT = frozenset(
    ("unit_unknown", "unit_ambiguous", "unit_unclear", "unit_elsewhere", "unit_not_in_period", "level_not_in_period")
)


@dataclass(frozen=True)
class Owner:
    """The unit or level that a row counts for."""

    unit_id: str
    place: Place  # the row that names it; of fields of work the first of its fields


@dataclass(frozen=True)
class Owners:
    """The unit of each row of a table, the rows that add up others, and what could not be decided."""

    of: Mapping[int, Owner]  # sheet row -> owner
    sums: SumRows
    findings: tuple[Finding, ...] = ()

    def added(self, rows: Sequence[Row]) -> NDArray[np.bool_]:
        """Which rows a total adds up: units, no totals, no sums of other rows, no remarks. Shape (rows,)."""
        sums = self.sums.totals.union(self.sums.headings)
        return np.array(
            [r.kind == "unit" and r.index not in sums and (not r.remark or r.index in self.of) for r in rows],
            dtype=np.bool_,
        )

    def places(self) -> dict[str, list[Place]]:
        """unit_id -> the places of its rows, each once."""
        found: dict[str, list[Place]] = defaultdict(list)
        # most rows of a unit share one owner object: comparing identities first saves comparing values
        for owner in dict.fromkeys({id(o): o for o in self.of.values()}.values()):
            found[owner.unit_id].append(owner.place)
        return dict(found)


def find_owners(table: CountTable, matrix: CountMatrix, index: UnitIndex) -> Owners:
    """Decide the unit of every row of a table. Rows that add up others have none of their own, but for a unit's."""
    resolved = {r.index: index.resolve_row(r.name) for r in table.rows if r.kind != "total"}
    sums = find_sum_rows(table, matrix, resolved, index)
    office = _office_of_table(table, resolved, index)
    if isinstance(office, Finding):
        return Owners({}, sums, (office,))
    foreign = find_foreign_rows(table, resolved, sums, index)
    assigned, unresolved = _assign(table, resolved, sums, foreign.rows, office, index)
    totals, in_question = _sums_among_fields(table, resolved, assigned, matrix)
    of = {row: owner for row, owner in assigned.items() if row not in totals}
    return Owners(of, sums.with_totals(totals), (*foreign.findings, *unresolved, *in_question))


def _office_of_table(table: CountTable, resolved: Resolved, index: UnitIndex) -> str | Finding:
    """The unit that a table without unit names is about, "" where it is about none; a finding where it is unclear."""
    grid = table.grid
    named = any(r.kind == "unit" and resolved[r.index].unit_id for r in table.rows)
    above = ""
    if not named and not table.names_units:
        above = reporting_unit(table.titles, grid.sheet, index, reporter_line_only=not table.names_fields)
    two_offices = tab_conflict(above, table.titles, grid, index) if not named else None
    not_in_registry = unknown_office(table.titles, index) if table.names_fields and not named and not above else ""
    office: str | Finding = above
    if two_offices is not None:
        office = two_offices
    elif not_in_registry:  # one finding for the table, not one for each field
        place = grid.place(table.header[0], table.roles.unit)
        office = _unknown(not_in_registry, place, index.resolve(not_in_registry))
    return office


def _assign(
    table: CountTable, resolved: Resolved, sums: SumRows, foreign: frozenset[int], office: str, index: UnitIndex
) -> tuple[dict[int, Owner], list[Finding]]:
    """Sheet row -> owner, and a finding for each row without one. `office`: the unit that the table is about, or ""."""
    scanner = _OwnerScanner(table, resolved, sums, office, index)
    of: dict[int, Owner] = {}
    findings: list[Finding] = []
    for position, row in sums.no_totals(table.rows):
        decided = scanner.decide(position, row) if row.index not in foreign else None
        if isinstance(decided, Owner):
            of[row.index] = decided
        elif decided is not None:
            findings.append(decided)
    return of, findings


class _OwnerScanner:
    """Decides rows from the top down; remembers the section and the unit that rows below may belong to."""

    def __init__(self, table: CountTable, resolved: Resolved, sums: SumRows, office: str, index: UnitIndex) -> None:
        self.table, self.resolved, self.sums, self.office, self.index = table, resolved, sums, office, index
        self.section = ""  # the unit named in a row without numbers, of the fields below it
        self.before = ""  # the unit of the fields above, where the name is in the first row of its fields only
        self.fields_of: dict[str, Owner] = {}  # unit_id -> the owner that its fields share
        self.seen: set[tuple[str, Phrase]] = set()  # (unit_id, field)

    def decide(self, position: int, row: Row) -> Owner | Finding | None:
        """The owner of a row, a finding where it has none, None where it needs none."""
        found, sums = self.resolved[row.index], self.sums
        unit_id = found.unit_id
        decided: Owner | Finding | None = None
        if row.kind == "name_only":
            is_unit = bool(unit_id) and self.index.kinds[unit_id] == "unit"
            heads = is_unit and self._heads_fields(position)
            self.section, self.before = (unit_id if heads else ""), ""
            decided = self._own(unit_id, row) if is_unit and not heads else None
        elif row.index in sums.details or (row.index in sums.headings and not unit_id):
            pass
        elif unit_id and row.field:
            decided = self._of_field(unit_id, row)
            self.section, self.before = "", unit_id
        elif unit_id:
            decided = self._own(unit_id, row)
            self.section = self.before = ""
        elif found.ignored and not self.section:  # below a unit it is one of the unit's fields
            decided = _place(self.table, row).finding("row_ignored", found=row.name)
        elif row.remark:
            pass
        elif not row.name and row.field and self.before:
            decided = self.fields_of[self.before]
        elif above := self.section or self.office:
            decided = self.fields_of.get(above) or self._first_of(above, row)
        else:
            self.before = ""
            decided = unresolved(row.name, _place(self.table, row), found, self.index)
        return decided

    def _own(self, unit_id: str, row: Row) -> Owner:
        return Owner(unit_id, _place(self.table, row))

    def _of_field(self, unit_id: str, row: Row) -> Owner:
        """The owner that the fields of a unit share; a field that the unit has twice is a conflict and not added up."""
        field = (unit_id, words(row.field))
        again = field in self.seen
        self.seen.add(field)
        return self._own(unit_id, row) if again else self.fields_of.get(unit_id) or self._first_of(unit_id, row)

    def _first_of(self, unit_id: str, row: Row) -> Owner:
        """The owner that the fields of a unit share from now on: the row is the first of them."""
        return self.fields_of.setdefault(unit_id, self._own(unit_id, row))

    def _heads_fields(self, position: int) -> bool:
        """Whether only rows that name no unit follow a row, up to the next section or total."""
        following = itertools.islice(self.table.rows, position + 1, None)
        rows = itertools.takewhile(lambda r: r.kind == "unit" and not self.sums.is_total(r), following)
        inside = [self.resolved[r.index] for r in rows]
        return bool(inside) and not any(found.unit_id or found.candidates for found in inside)


def _sums_among_fields(
    table: CountTable, resolved: Resolved, assigned: Mapping[int, Owner], matrix: CountMatrix
) -> tuple[frozenset[int], list[Finding]]:
    """The sheet rows among a unit's fields that are totals of the others, and a finding for each that may be one."""
    if all(r.stt for r in table.rows if r.kind == "unit"):
        return frozenset(), []
    fields_of: dict[Owner, list[Row]] = defaultdict(list)
    for row in table.rows:
        if row.kind == "unit" and not row.field and row.index in assigned and not resolved[row.index].unit_id:
            fields_of[assigned[row.index]].append(row)
    found = [(owner, *unnumbered_sums(rows, matrix)) for owner, rows in fields_of.items()]
    findings = [
        _place(table, row).finding("row_sum_or_field", owner.unit_id, found=row.name)
        for owner, _, in_question in found
        for row in in_question
    ]
    return frozenset(row.index for _, totals, _ in found for row in totals), findings


def _place(table: CountTable, row: Row) -> Place:
    return table.grid.place(row.index, row.name_column)


def unresolved(name: str, place: Place, found: Resolution, index: UnitIndex) -> Finding:
    """Why a row has no unit: several have its name, its unit is not of this period, or no unit has its name."""
    if found.candidates:
        options = ", ".join(f"{index.names[c]} ({c})" for c in found.candidates)
        finding = place.finding("unit_ambiguous", found=name, expected=options)
    elif found.outside:
        gone = set(index.registry["unit_id"]) - set(index.current["unit_id"])
        levels_gone = {index.levels[u] for u in gone if index.kinds[u] == "level"}
        code = "level_not_in_period" if index.levels[found.outside[0]] in levels_gone else "unit_not_in_period"
        finding = place.finding(code, found=name, expected=str(index.period))
    else:
        finding = _unknown(name or "(ô tên để trống)", place, found)
    return finding


def _unknown(name: str, place: Place, found: Resolution) -> Finding:
    near = f" Gần nhất trong danh mục: {', '.join(found.near)}." if found.near else ""
    return place.finding("unit_unknown", found=name, expected="; ".join(found.near), near=near)


def unit_is_unknown(findings: Iterable[Finding]) -> bool:
    """Whether a finding reports a row or a table of which the unit is not known."""
    return any(f.code in UNKNOWN_UNIT for f in findings)
