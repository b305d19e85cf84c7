"""Places that the registry does not know: communes of another district may bear the names of ours.

A row "Huyện B" over "Xã Tân Lập", a column "Huyện", a letterhead: the name alone says nothing of whose commune it is.
A place that the registry names (an alias of its levels, a unit) is ours; one it lists as `ignore` is nobody's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set

from pipeline.extract.count_tables.row_rank import rank
from pipeline.extract.count_tables.rows import Row
from pipeline.extract.count_tables.tables import Table
from pipeline.extract.wording.phrases import words
from pipeline.extract.wording.place_names import foreign_place_above, is_ignored_place, is_place_name, unknown_place
from pipeline.findings import Finding
from pipeline.registry import Resolution, UnitIndex

#: looked for in all names of a table at once, each after a line break: most tables name no place
_HINTS = ("huyện", "quận", "thị xã", "thành phố", "tỉnh", "\ntp", " tp", "\ntx", " tx")
#: names of rows that a finding repeats
_SHOWN = 5
#: heads of a column of places: nothing but these words, one of them a kind
_HEAD_KINDS = frozenset(("huyện", "quận", "tỉnh", "bàn"))
_HEADS = _HEAD_KINDS | {"tên", "cấp", "địa", "thị", "xã", "thành", "phố", "tp", "tx"}


def places_beside(table: Table, index: UnitIndex) -> dict[int, str]:
    """Row -> the unknown place that a column beside its name says it lies in."""
    shape, found = table.shape, {}
    taken = {shape.unit, shape.stt, shape.field, *shape.counts}
    for column in table.columns:
        if column.index in taken or column.meaning.derived or column.meaning.concepts:
            continue
        label = words(column.path[-1]) if column.path else ()
        heads = set(label) <= _HEADS and not _HEAD_KINDS.isdisjoint(label)
        for row in table.rows:
            text = table.grid.merged_text(row.index, column.index)
            if text and row.kind == "unit" and _is_elsewhere(text, index, heads=heads):
                found[row.index] = text
    return found


def _is_elsewhere(text: str, index: UnitIndex, *, heads: bool) -> bool:
    if not heads or is_place_name(text):
        return bool(unknown_place(text, index))
    names = (text, *(f"{kind} {text}" for kind in ("huyện", "quận", "thị xã", "thành phố")))
    return not text.isdigit() and not any(index.resolve(n).unit_id for n in names)


def elsewhere(table: Table, place: str, rows: Sequence[Row], index: UnitIndex) -> Finding:
    """The finding of rows that lie in a place the registry does not know; of one it ignores only said."""
    first = rows[0]
    names = ", ".join(r.name for r in rows[:_SHOWN]) + (", …" if len(rows) > _SHOWN else "")
    cell = table.grid.address(first.index, first.name_column)
    code = "rows_elsewhere" if is_ignored_place(place, index) else "unit_elsewhere"
    return Finding(code, "", table.grid.file, table.grid.sheet, cell, names, place, {"row": place})


def rows_elsewhere(
    table: Table, resolved: Mapping[int, Resolution], headings: Set[int], totals: Set[int], index: UnitIndex
) -> tuple[set[int], list[Finding]]:
    """The rows of places that the registry does not know: named in a row above them, beside them, or over the table.

    `headings`: rows that hold the sum of those below; `totals`: rows that are totals by their numbers.
    """
    above = foreign_place_above(table.titles, index)
    beside = {} if above else places_beside(table, index)
    rows_of: dict[str, list[Row]] = defaultdict(list)
    names = "\n".join(["", *(r.name for r in table.rows)]).casefold()
    if not above and not beside and not any(hint in names for hint in _HINTS):
        return set(), []
    place, high = "", None
    for row in table.rows:
        if row.kind == "total" or row.index in totals:
            continue
        own = None if row.stt == row.name else rank(row)
        heads = row.kind == "loose" or row.index in headings
        known = bool(resolved[row.index].unit_id)
        other = "" if known and not heads else unknown_place(row.name, index)
        if other:
            place, high = row.name, own
        elif place and (
            (own is not None and high is not None and own <= high) or (heads and (known or is_place_name(row.name)))
        ):
            place, high = "", None
        elif row.kind == "unit" and not row.aside and (above or place or row.index in beside):
            rows_of[above or place or beside[row.index]].append(row)
    said = [elsewhere(table, name, rows, index) for name, rows in rows_of.items()]
    return {r.index for rows in rows_of.values() for r in rows}, said
