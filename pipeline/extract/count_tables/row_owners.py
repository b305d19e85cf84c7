"""Whose row is it: named in the row, in the section above it, or above the table; and which rows only add others up."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from pipeline.extract.count_tables.count_matrix import Body
from pipeline.extract.count_tables.foreign_rows import rows_elsewhere
from pipeline.extract.count_tables.row_rank import rank
from pipeline.extract.count_tables.rows import Row, ordinal
from pipeline.extract.count_tables.tables import Table
from pipeline.extract.wording.phrases import Phrase, words
from pipeline.extract.wording.reporting_office import reporting_unit, tab_conflict, unknown_office
from pipeline.findings import Finding, Place
from pipeline.registry import Resolution, UnitIndex


@dataclass(frozen=True)
class Owner:
    """The unit or level a row counts for."""

    unit_id: str
    place: Place  # of the unit's row; of the first one where a row is one field of work of the unit


@dataclass
class Owners:
    """Row -> owner; the rows that add others up, the details under a unit's own row, and what could not be settled."""

    of: dict[int, Owner] = field(default_factory=dict)
    headings: dict[int, tuple[Row, ...]] = field(default_factory=dict)  # row that holds the sum of those below it
    details: set[int] = field(default_factory=set)
    totals: set[int] = field(default_factory=set)
    levels: set[int] = field(default_factory=set)
    wrong: list[tuple[Row, tuple[Row, ...]]] = field(default_factory=list)  # a unit's row that is not its fields' sum
    findings: list[Finding] = field(default_factory=list)


def find_owners(table: Table, body: Body, index: UnitIndex) -> Owners:
    """Decide every row of a table."""
    resolved = {r.index: index.resolve_row(r.name) for r in table.rows if r.kind != "total"}
    result = Owners()
    for row in table.rows:
        if row.kind == "unit" and row.total_like and not resolved[row.index].unit_id:
            result.totals.add(row.index)
        elif row.kind == "unit" and index.kinds.get(resolved[row.index].unit_id) == "level":
            result.levels.add(row.index)
    _find_sums(table, body, resolved, result)
    _assign(table, resolved, index, result)
    return result


def _assign(table: Table, resolved: Mapping[int, Resolution], index: UnitIndex, result: Owners) -> None:
    rows = table.rows
    named = [r for r in rows if r.kind == "unit" and resolved[r.index].unit_id]
    above = ""
    if not named and not table.names_units:
        above = reporting_unit(table.titles, table.grid.sheet, index, reporter_line_only=not table.names_fields)
    two_offices = tab_conflict(above, table.titles, table.grid, index) if not named else None
    if two_offices is not None:
        result.findings.append(two_offices)
        return
    stranger = unknown_office(table.titles, index) if table.names_fields and not named and not above else ""
    if stranger:  # one finding, not one a field
        where = (table.grid.file, table.grid.sheet, table.grid.address(table.header[0], table.shape.unit))
        result.findings.append(_unknown(stranger, where, index.resolve(stranger)))
        return
    away, said = rows_elsewhere(table, resolved, {*result.headings}, result.totals, index)
    result.findings += said
    fields_of: dict[str, Owner] = {}
    section = before = ""
    seen: set[tuple[str, Phrase]] = set()
    for position, row in enumerate(rows):
        if row.kind == "total" or row.index in result.totals or row.index in away:
            continue
        found = resolved[row.index]
        unit_id = found.unit_id
        if row.kind == "loose":
            is_unit = bool(unit_id) and index.kinds[unit_id] == "unit"
            heads = is_unit and _heads_fields(itertools.islice(rows, position + 1, None), resolved)
            section, before = (unit_id if heads else ""), ""
            if is_unit and not heads:
                result.of[row.index] = Owner(unit_id, _place(table, row))
        elif row.index in result.details or (row.index in result.headings and not unit_id):
            continue
        elif unit_id and row.field:
            again = (unit_id, words(row.field)) in seen  # one field of a unit in two rows is a conflict, not a sum
            seen.add((unit_id, words(row.field)))
            if again or unit_id not in fields_of:
                own = Owner(unit_id, _place(table, row))
                fields_of.setdefault(unit_id, own)
            result.of[row.index] = own if again else fields_of[unit_id]
            section, before = "", unit_id
        elif unit_id:
            result.of[row.index] = Owner(unit_id, _place(table, row))
            section = before = ""
        elif found.ignored:
            place = _place(table, row)
            result.findings.append(Finding("row_ignored", "", place.file, place.sheet, place.cell, row.name))
        elif row.aside:
            continue
        elif not row.name and row.field and before:
            result.of[row.index] = fields_of[before]  # the name stands in the first row of its fields only
        elif section or above:
            owner = section or above
            if owner not in fields_of:
                fields_of[owner] = Owner(owner, _place(table, row))
            result.of[row.index] = fields_of[owner]
        else:
            before = ""
            result.findings.append(_unresolved(table, row, found, index))


def _heads_fields(following: Iterable[Row], resolved: Mapping[int, Resolution]) -> bool:
    inside = []
    for row in following:
        if row.kind != "unit":
            break
        inside.append(row)
    return bool(inside) and not any(resolved[r.index].unit_id or resolved[r.index].candidates for r in inside)


# --- rows that add up the rows below them ---------------------------------------------------------------------------


def _find_sums(table: Table, body: Body, resolved: Mapping[int, Resolution], result: Owners) -> None:
    """Section rows that carry the sum of their rows, and units whose fields of work stand below their own row."""
    rows = [r for r in table.rows if r.index not in result.totals and not (r.aside and not resolved[r.index].unit_id)]
    ranks = [rank(r) for r in rows]
    for position in range(len(rows) - 1, -1, -1):
        row = rows[position]
        if row.kind != "unit":
            continue
        known = bool(resolved[row.index].unit_id)
        is_unit = known and row.index not in result.levels
        run = _run(rows, ranks, position, resolved, known=known)
        if not run:
            continue
        inner = {r.index for r in run if r.index in result.headings for r in result.headings[r.index]}
        children = tuple(r for r in run if r.index not in inner)
        details = is_unit and not any(resolved[r.index].unit_id for r in children)
        pair = [ranks[position], ranks[position + 1]]  # the row and the first of its children
        certain = None not in pair and pair[0] != pair[1]
        certain = certain or bool(children[0].field and not children[0].name and not row.field)
        if _adds_up(row, children, body, certain=certain or len(children) > 1 or row.index in result.levels):
            result.headings[row.index] = children
            if details:
                result.details |= {r.index for r in run}
        elif details and certain:
            result.details |= {r.index for r in run}
            result.wrong.append((row, children))


def _run(
    rows: Sequence[Row],
    ranks: Sequence[int | None],
    position: int,
    resolved: Mapping[int, Resolution],
    *,
    known: bool,
) -> list[Row]:
    """The rows below one that may belong to it: lower in rank; without ranks, named where it is not or the reverse."""
    own = ranks[position]
    run: list[Row] = []
    for following in range(position + 1, len(rows)):
        row, rank = rows[following], ranks[following]
        if row.kind != "unit" or (own is not None and rank is not None and rank <= own):
            break
        if (own is None or rank is None) and known and bool(resolved[row.index].unit_id):
            break
        if own is None and rank is None and not known and not resolved[row.index].unit_id:
            break
        run.append(row)
    return run


def _adds_up(row: Row, children: Sequence[Row], body: Body, *, certain: bool) -> bool:
    """Whether the row holds the sums of the others in every column, and holds something at all."""
    own, lines = body.at[row.index], body.lines(children)
    if not certain or body.broken[own].any() or body.broken[lines].any():
        return False
    return bool((body.values[lines].sum(axis=0) == body.values[own]).all() and body.values[own].any())


def _place(table: Table, row: Row) -> Place:
    return Place(table.grid.file, table.grid.sheet, table.grid.address(row.index, row.name_column))


def _unresolved(table: Table, row: Row, found: Resolution, index: UnitIndex) -> Finding:
    place = _place(table, row)
    where = ("", place.file, place.sheet, place.cell)
    if found.candidates:
        options = ", ".join(f"{index.names[c]} ({c})" for c in found.candidates)
        return Finding("unit_ambiguous", *where, row.name, options)
    if found.outside:
        gone = set(index.registry["unit_id"]) - set(index.current["unit_id"])
        levels_gone = {index.levels[u] for u in gone if index.kinds[u] == "level"}
        code = "level_not_in_period" if index.levels[found.outside[0]] in levels_gone else "unit_not_in_period"
        return Finding(code, *where, row.name, str(index.period))
    return _unknown(row.name or "(ô tên để trống)", where[1:], found)


def _unknown(name: str, where: tuple[str, str, str], found: Resolution) -> Finding:
    near = f" Gần nhất trong danh mục: {', '.join(found.near)}." if found.near else ""
    return Finding("unit_unknown", "", *where, name, "; ".join(found.near), {"near": near})


def find_last_sums(table: Table, body: Body, index: UnitIndex, owners: Owners) -> None:
    """Rows without an ordinal below fields of work that they add up in every column.

    Where the fields are numbered such a row is a total; where nothing is, it may be a field like any other: said.
    """
    if all(r.stt for r in table.rows if r.kind == "unit"):
        return
    rows_of: dict[int, list[Row]] = defaultdict(list)
    for row in table.rows:
        if row.kind == "unit" and not row.field and row.index in owners.of and not index.resolve_row(row.name).unit_id:
            rows_of[id(owners.of[row.index])].append(row)
    for rows in rows_of.values():
        _find_among(rows, table, body, owners)


def _find_among(rows: Sequence[Row], table: Table, body: Body, owners: Owners) -> None:
    values = body.values[body.lines(rows)]
    filled: NDArray[np.bool_] = np.any(values, axis=1)
    running = values.cumsum(axis=0)
    for i, row in enumerate(rows):
        if not i or ordinal(row) is not None or not filled[i] or (running[i - 1] != values[i]).any():
            continue
        if any(ordinal(r) is not None for r in rows[:i]):
            del owners.of[row.index]
            owners.totals.add(row.index)
        elif filled[:i].sum() > 1:
            cell = table.grid.address(row.index, row.name_column)
            where = (owners.of[row.index].unit_id, table.grid.file, table.grid.sheet, cell)
            owners.findings.append(Finding("row_sum_or_field", *where, row.name))
