"""Rows of places that the registry does not know: communes of another district may have the names of ours.

A row "Huyện B" over "Xã Tân Lập", a column "Huyện", a letterhead: the name of a commune does not tell whose it is. A
place that the registry names (an alias of its levels, a unit) is ours. A place that it lists as `ignore` is left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.extract.count_tables.rows import Row, rank
from pipeline.extract.count_tables.sum_rows import Resolved, SumRows
from pipeline.extract.count_tables.tables import CountTable
from pipeline.extract.wording.phrases import words
from pipeline.extract.wording.place_names import (
    foreign_place_above,
    is_ignored_place,
    is_place_name,
    names_our_communes,
    unknown_place,
)
from pipeline.findings import Finding
from pipeline.registry import UnitIndex

#: searched in all names of a table at once, each after a line break: most tables name no place
_HINTS = ("huyện", "quận", "thị xã", "thành phố", "tỉnh", "\ntp", " tp", "\ntx", " tx")
#: names of rows that a finding repeats
_SHOWN = 5
#: the heading of a column of places consists of these words, one of them a kind
_HEAD_KINDS = frozenset(("huyện", "quận", "tỉnh", "bàn"))
_HEADS = _HEAD_KINDS | {"tên", "cấp", "địa", "thị", "xã", "thành", "phố", "tp", "tx"}
#: put before a name of a column of places to look it up in the registry
_KINDS = ("huyện", "quận", "thị xã", "thành phố")


@dataclass(frozen=True)
class ForeignRows:
    """The sheet rows (from 0) of places that the registry does not know or ignores, and a finding for each place."""

    rows: frozenset[int] = frozenset()
    findings: tuple[Finding, ...] = ()


def find_foreign_rows(table: CountTable, resolved: Resolved, sums: SumRows, index: UnitIndex) -> ForeignRows:
    """The rows of a table whose place is named over the table, in a column beside them, or in a row above them."""
    above = "" if _rows_are_ours(table, resolved, index) else foreign_place_above(table.titles, index)
    beside = {} if above else _places_beside(table, index)
    names = "\n".join(["", *(r.name for r in table.rows)]).casefold()
    rows_of: dict[str, list[Row]] = defaultdict(list)
    if above or beside or any(hint in names for hint in _HINTS):
        place, high = "", None  # the last row that names an unknown place, and its rank
        for _, row in sums.no_totals(table.rows):
            own = None if row.stt == row.name else rank(row)
            heads = row.kind == "name_only" or row.index in sums.headings
            known = bool(resolved[row.index].unit_id)
            other = "" if known and not heads else unknown_place(row.name, index)
            ranks_higher = own is not None and high is not None and own <= high
            if other:
                place, high = row.name, own
            elif place and (ranks_higher or (heads and (known or is_place_name(row.name)))):
                place, high = "", None
            elif row.kind == "unit" and not row.remark and (above or place or row.index in beside):
                rows_of[above or place or beside[row.index]].append(row)
    return ForeignRows(
        frozenset(r.index for rows in rows_of.values() for r in rows),
        tuple(_finding(table, place, rows, index) for place, rows in rows_of.items()),
    )


def _rows_are_ours(table: CountTable, resolved: Resolved, index: UnitIndex) -> bool:
    """Whether the rows name units of the registry only, and so many communes that no other district has them."""
    units = [resolved[r.index].unit_id for r in table.rows if r.kind == "unit" and not r.remark]
    return all(units) and names_our_communes(units, index)


def _places_beside(table: CountTable, index: UnitIndex) -> dict[int, str]:
    """Sheet row -> the unknown place that a column beside its name gives for it."""
    found: dict[int, str] = {}
    taken = table.roles.named.union(table.roles.counts)
    for column in table.columns:
        if column.index in taken or column.meaning.derived or column.meaning.concepts:
            continue
        label = words(column.path[-1]) if column.path else ()
        heads_places = set(label) <= _HEADS and not _HEAD_KINDS.isdisjoint(label)
        for row in table.rows:
            text = table.grid.merged_text(row.index, column.index)
            if (
                text
                and row.kind == "unit"
                and _is_unknown(text, index, is_name=heads_places and not is_place_name(text))
            ):
                found[row.index] = text
    return found


def _is_unknown(text: str, index: UnitIndex, *, is_name: bool) -> bool:
    """Whether a text is a place that the registry does not know. `is_name`: the bare name of a place ("Tân Lập")."""
    names = (text, *(f"{kind} {text}" for kind in _KINDS))
    bare = is_name and not text.isdigit() and not any(index.resolve(n).unit_id for n in names)
    return bare or (not is_name and bool(unknown_place(text, index)))


def _finding(table: CountTable, place: str, rows: Sequence[Row], index: UnitIndex) -> Finding:
    """The finding of the rows of a place: an error, or a notice where the registry ignores the place."""
    names = ", ".join(r.name for r in rows[:_SHOWN]) + (", …" if len(rows) > _SHOWN else "")
    code = "rows_elsewhere" if is_ignored_place(place, index) else "unit_elsewhere"
    where = table.grid.place(rows[0].index, rows[0].name_column)
    return where.finding(code, found=names, expected=place, row=place)
