"""Places that the registry does not know: communes of another district may bear the names of ours.

A row "Huyện B" over "Xã Tân Lập", a column "Huyện", a letterhead: the name alone says nothing of whose commune it is.
A place that the registry names (an alias of its levels, a unit) is ours; one it lists as `ignore` is nobody's.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from functools import lru_cache

from pipeline.extract.count_tables.row_rank import rank
from pipeline.extract.count_tables.rows import Row
from pipeline.extract.count_tables.tables import Table
from pipeline.extract.wording.phrases import words
from pipeline.extract.wording.title_periods import reporter
from pipeline.findings import Finding
from pipeline.registry import Resolution, UnitIndex
from pipeline.text import fold

_KINDS = r"huyện|quận|thị xã|thành phố|tỉnh|tp\.?|tx\.?"
#: looked for in all names of a table at once, each after a line break: most tables name no place
_HINTS = ("huyện", "quận", "thị xã", "thành phố", "tỉnh", "\ntp", " tp", "\ntx", " tx")
_MANY = (
    r"(?:các\s+)?(?:xã|phường|thị trấn|đơn vị|phòng|ban|cơ quan)"
    r"(?:[,\s]+(?:xã|phường|thị trấn|phòng|ban|và|đơn vị|chuyên môn))*"
)
_OFFICE = r"(?:(?:hđnd(?:\s+và\s+|-))?(?:ubnd|[uủ][ỷy] ban nhân dân)\s+)?"
_PLACE = re.compile(
    rf"^(?:[ivx\d]+[.)]\s*)?{_OFFICE}(?:{_MANY}\s+(?:trực thuộc|thuộc|của|tại|trên địa bàn)\s+)?"
    rf"(?:địa bàn\s+)?{_OFFICE}"
    rf"(?P<place>(?P<kind>{_KINDS})\s+(?P<name>[^\W\d][^:(\d]*))$"
)
#: after the kind they make it no name: "Thành phố trực thuộc tỉnh", "Huyện thị xã thành phố"
_GENERIC = frozenset(("và", "các", "trực", "thuộc", "của", "trên", "tại", "này", "theo", "có", "đã", "đang", "tổng"))
_GENERIC |= {"cộng", "cấp", "huyện", "thị", "thành", "tỉnh", "quận", "xã", "phường"}
#: heads of a column of places: nothing but these words, one of them a kind
_HEAD_KINDS = frozenset(("huyện", "quận", "tỉnh", "bàn"))
_HEADS = _HEAD_KINDS | {"tên", "cấp", "địa", "thị", "xã", "thành", "phố", "tp", "tx"}
#: letters of a line that may be a place
_LONGEST, _SHOWN = 80, 5


@lru_cache(maxsize=1 << 12)
def _named(text: str) -> tuple[str, str]:
    """(kind, place) that a text names and nothing else: `("huyện", "huyện b")`; ("", "") of any other."""
    match = _PLACE.match(fold(text).strip(" .:;")) if len(text) <= _LONGEST else None
    if match is None or match["name"].split()[0].strip(",") in _GENERIC:
        return "", ""
    return match["kind"], match["place"].strip()


def unknown_place(text: str, index: UnitIndex) -> str:
    """The place a text names that the registry does not know; "" where it names none, or one of ours."""
    kind, place = _named(text)
    if not kind:
        return ""
    return "" if any(index.resolve(t).unit_id for t in (text, place)) else place


def is_place(text: str) -> bool:
    """Whether a text is the name of a district, a city, a province."""
    return bool(_named(text)[0])


def is_ignored(text: str, index: UnitIndex) -> bool:
    """Whether the registry lists a place as none of its own."""
    return any(index.resolve(t).ignored for t in (text, _named(text)[1]) if t)


def place_above(titles: Sequence[str], index: UnitIndex) -> str:
    """The district that a letterhead or the reporter names where the registry names another; "" where all may be ours.

    A city may be a province: it is another district only where ours is a city too.
    """
    ours, lines = _own_kinds(index), [reporter(titles), *titles]
    if not ours or any(index.resolve(t).unit_id for t in lines if t):
        return ""
    others = {"huyện", "quận", "thị xã", "tx", "tx."} | (ours & {"thành phố", "tp", "tp."})
    return next((t for t in lines if _named(t)[0] in others and unknown_place(t, index)), "")


@lru_cache(maxsize=4)  # an index serves all files of a period
def _own_kinds(index: UnitIndex) -> frozenset[str]:
    """The kinds of places that the registry names: a huyện, a thành phố."""
    names = [*index.registry["name"].tolist(), *(a for x in index.registry["aliases"].tolist() for a in x.split(";"))]
    return frozenset(kind for name in names if (kind := _named(name)[0]))


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
    if not heads or is_place(text):
        return bool(unknown_place(text, index))
    names = (text, *(f"{kind} {text}" for kind in ("huyện", "quận", "thị xã", "thành phố")))
    return not text.isdigit() and not any(index.resolve(n).unit_id for n in names)


def elsewhere(table: Table, place: str, rows: Sequence[Row], index: UnitIndex) -> Finding:
    """The finding of rows that lie in a place the registry does not know; of one it ignores only said."""
    first = rows[0]
    names = ", ".join(r.name for r in rows[:_SHOWN]) + (", …" if len(rows) > _SHOWN else "")
    cell = table.grid.address(first.index, first.name_column)
    code = "rows_elsewhere" if is_ignored(place, index) else "unit_elsewhere"
    return Finding(code, "", table.grid.file, table.grid.sheet, cell, names, place, {"row": place})


def rows_elsewhere(
    table: Table, resolved: Mapping[int, Resolution], headings: Set[int], totals: Set[int], index: UnitIndex
) -> tuple[set[int], list[Finding]]:
    """The rows of places that the registry does not know: named in a row above them, beside them, or over the table.

    `headings`: rows that hold the sum of those below; `totals`: rows that are totals by their numbers.
    """
    above = place_above(table.titles, index)
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
            (own is not None and high is not None and own <= high) or (heads and (known or is_place(row.name)))
        ):
            place, high = "", None
        elif row.kind == "unit" and not row.aside and (above or place or row.index in beside):
            rows_of[above or place or beside[row.index]].append(row)
    said = [elsewhere(table, name, rows, index) for name, rows in rows_of.items()]
    return {r.index for rows in rows_of.values() for r in rows}, said
