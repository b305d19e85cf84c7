"""Columns whose labels say more than the vocabulary knows: counts only where the rows prove what they hold.

"Thanh toán trực tuyến" names a channel and counts payments; "Quá hạn dưới 5 ngày" is a part of what is late; "Trong đó
trực tuyến" after what is resolved is no receipt. A sum of the table's own rows tells such a column from the real one;
where none does, it is not used, and a deadline that is known from no other column refuses its table.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pipeline.extract.count_tables.count_matrix import Lines
from pipeline.extract.count_tables.header_columns import Column
from pipeline.extract.wording.column_meaning import Meaning
from pipeline.extract.wording.phrases import words
from schemas.measures import GROUPS

_DEADLINES = {"resolved_early", "resolved_on_time", "resolved_late", "pending_in_time", "pending_overdue"}
#: a total of which all parts are known may go without its own column
_WHOLES = {f"{group}_total": frozenset(GROUPS[group][1]) for group in ("resolved", "pending")}
_NONE: frozenset[str] = frozenset()
#: whether they count beside what is resolved the rows decide elsewhere
_OUTSIDE = ("withdrawn", "returned")
#: one of the parts alone is not all of these ("Toàn trình" without "Một phần")
_NEVER_ALONE = {"received_online", "resolved_late", "pending_in_time", "pending_overdue"}


def prove(columns: Sequence[Column], rows: Lines) -> tuple[list[Column], list[Column]]:
    """(the columns, with those nothing proves taken for no count; those without which a deadline is missing)."""
    groups = _groups(columns)
    out = {c.index: c for c in columns}
    open_: list[Column] = []
    for measure, group in groups.items():
        if not any(map(_is_loose, group)) and not _is_lone_part(measure, group):
            continue
        firm = [c for c in group if not _is_loose(c)]
        kept, proven = _kept(measure, group, firm, groups, rows)
        for column in group:
            meaning = column.meaning
            if column in kept:
                part = meaning.part or (proven and len(kept) > 1)
                out[column.index] = replace(column, meaning=replace(meaning, loose=False, part=part))
            else:
                out[column.index] = replace(column, meaning=Meaning(band=meaning.band))
        if not kept and (measure in _DEADLINES or not _WHOLES.get(measure, _NONE) <= groups.keys()):
            open_ += group  # without it a deadline may be missing
    return list(out.values()), open_


def _groups(columns: Sequence[Column]) -> dict[str, list[Column]]:
    groups: dict[str, list[Column]] = defaultdict(list)
    total = any(c.meaning.measure == "received_total" and not c.meaning.loose for c in columns)
    alike = {
        "resolved_in_time": "resolved_on_time",
        "received_open": "received_in_period" if total else "received_total",
    }
    for column in columns:
        measure = column.meaning.measure
        if measure and measure not in _OUTSIDE:
            groups[alike.get(measure, measure)].append(column)
    return dict(groups)


def _is_loose(column: Column) -> bool:
    return column.meaning.loose


def _is_lone_part(measure: str, group: Sequence[Column]) -> bool:
    return measure in _NEVER_ALONE and len(group) == 1 and group[0].meaning.part


def _kept(
    measure: str, group: list[Column], firm: list[Column], groups: Mapping[str, list[Column]], rows: Lines
) -> tuple[list[Column], bool]:
    """The columns of a measure that stay, and whether the rows prove that together they are all of it."""
    if any(not c.meaning.part for c in firm):
        # a column says just this: what says more is something else. One label twice under two bands stays a question
        leaves = {words(c.path[-1]) for c in firm}
        return (group if any(words(c.path[-1]) in leaves for c in group if c not in firm) else firm), False
    for some in (firm, group):
        if some and _closes(measure, some, groups, rows):
            return some, True
    return (firm, False) if len(firm) > 1 else ([], False)


def _closes(measure: str, some: Sequence[Column], groups: Mapping[str, list[Column]], rows: Lines) -> bool:
    """Whether a sum of the rows that takes in the measure holds on most of them."""
    if not len(rows):
        return False
    sums = {m: rows.sum(c.index for c in _surest(g)) for m, g in groups.items()}
    sums[measure] = rows.sum(c.index for c in some)
    return any(2 * int((gap == 0).sum()) > len(rows) for gap in _gaps(measure, sums))


def _surest(group: Sequence[Column]) -> Sequence[Column]:
    """The columns of another measure as they will be read: a whole rather than its parts, known rather than loose."""
    firm = [c for c in group if not _is_loose(c)] or group
    return [c for c in firm if not c.meaning.part][:1] or firm


def _gaps(measure: str, sums: Mapping[str, NDArray[np.int64]]) -> Iterator[NDArray[np.int64]]:
    """What each sum that takes in the measure leaves over, row by row."""
    online, direct, carried = GROUPS["received"][1]
    for whole, parts in (
        *GROUPS.values(),
        ("received_total", ("received_in_period", carried)),
        ("received_in_period", (online, direct)),
    ):
        if measure in {whole, *parts} and {whole, *parts} <= sums.keys():
            yield sums[whole] - _added(parts, sums)
    sides = [_side(group, sums) for group in ("received", "resolved", "pending")]
    if all(sides) and any(measure in side for side in sides):
        received, resolved, pending = (_added(side, sums) for side in sides)
        yield received - resolved - pending
        yield received - resolved - pending - _added([m for m in _OUTSIDE if m in sums], sums)


def _side(group: str, sums: Mapping[str, NDArray[np.int64]]) -> tuple[str, ...]:
    """The measures that make up what is received, resolved or pending: its total, or all its parts."""
    whole, parts = GROUPS[group]
    return (whole,) if whole in sums else parts if set(parts) <= sums.keys() else ()


def _added(measures: Collection[str], sums: Mapping[str, NDArray[np.int64]]) -> NDArray[np.int64]:
    """The sum of measures, row by row; 0 of none."""
    first = next(iter(sums.values()))
    return sum((sums[m] for m in measures), np.zeros_like(first))
