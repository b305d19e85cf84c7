"""Columns whose label holds unknown words: used only if a sum of the table's rows confirms them.

"Thanh toán trực tuyến" names a channel and counts payments. "Quá hạn dưới 5 ngày" is a part of what is late. "Trong đó
trực tuyến" below the resolved dossiers counts none that were received. An identity that holds in the rows distinguishes
such a column from the right one. A column that no identity confirms is not used. A table that then lacks a deadline is
refused.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.arithmetic.identities import (
    OUTSIDE,
    PENDING_BY_DEADLINE,
    RESOLVED_BY_DEADLINE,
    identities_of_columns,
)
from pipeline.extract.count_tables.count_matrix import EvidenceRows
from pipeline.extract.count_tables.header_columns import HeaderColumn
from pipeline.extract.wording.column_meaning import Meaning
from pipeline.extract.wording.phrases import words

_DEADLINES = frozenset((*RESOLVED_BY_DEADLINE.parts, *PENDING_BY_DEADLINE.parts))
#: total -> its parts: a table that has all of them does without the column of the total
_REPLACED_BY_PARTS = {g.total: frozenset(g.parts) for g in (RESOLVED_BY_DEADLINE, PENDING_BY_DEADLINE)}
_NO_PARTS: frozenset[str] = frozenset()
#: a column of a part ("Toàn trình") is not all dossiers of these measures where no other part ("Một phần") is beside it
_NEVER_ONE_PART = frozenset(("received_online", "resolved_late", *PENDING_BY_DEADLINE.parts))

#: measure -> its columns
_ByMeasure = Mapping[str, Sequence[HeaderColumn]]


@dataclass(frozen=True)
class ProvenColumns:
    """The columns of a table; one that no identity confirms has no measure any more.

    `unproven`: the columns that are not confirmed and without which the number of a deadline may be missing.
    """

    columns: tuple[HeaderColumn, ...]
    unproven: tuple[HeaderColumn, ...]


def prove_columns(columns: Sequence[HeaderColumn], rows: EvidenceRows) -> ProvenColumns:
    """Confirm by the rows, or drop, the columns whose labels hold unknown words and lone columns of a part."""
    by_measure = _by_measure(columns)
    changed: dict[int, HeaderColumn] = {}
    unproven: list[HeaderColumn] = []
    for measure, group in by_measure.items():
        if not any(map(_has_unknown_words, group)) and not _is_lone_part(measure, group):
            continue
        kept, proven = _kept(measure, by_measure, rows)
        for column in group:
            meaning = column.meaning
            used = replace(meaning, needs_proof=False, part=meaning.part or (proven and len(kept) > 1))
            new = used if column in kept else Meaning(band=meaning.band)
            changed[column.index] = replace(column, meaning=new)
        needed = measure in _DEADLINES or not _REPLACED_BY_PARTS.get(measure, _NO_PARTS) <= by_measure.keys()
        if not kept and needed:
            unproven += group
    return ProvenColumns(tuple(changed.get(c.index, c) for c in columns), tuple(unproven))


def _by_measure(columns: Sequence[HeaderColumn]) -> _ByMeasure:
    """The columns by the measure they will have. Whether withdrawn and returned dossiers count is decided later."""
    has_total = any(c.meaning.measure == "received_total" and not _has_unknown_words(c) for c in columns)
    same = {
        "resolved_in_time": "resolved_on_time",
        "received_open": "received_in_period" if has_total else "received_total",
    }
    found: dict[str, list[HeaderColumn]] = defaultdict(list)
    for column in columns:
        measure = column.meaning.measure
        if measure and measure not in OUTSIDE:
            found[same.get(measure, measure)].append(column)
    return dict(found)


def _has_unknown_words(column: HeaderColumn) -> bool:
    return column.meaning.needs_proof


def _is_lone_part(measure: str, group: Sequence[HeaderColumn]) -> bool:
    return measure in _NEVER_ONE_PART and len(group) == 1 and group[0].meaning.part


def _kept(measure: str, by_measure: _ByMeasure, rows: EvidenceRows) -> tuple[Sequence[HeaderColumn], bool]:
    """The columns of a measure that stay, and whether the rows prove that together they are all of it."""
    group = by_measure[measure]
    known = [c for c in group if not _has_unknown_words(c)]
    whole = any(not c.meaning.part for c in known)
    proven = None if whole else next((s for s in (known, group) if s and _closes(measure, s, by_measure, rows)), None)
    if whole:
        # a column has just this label: one with more words counts something else. The same label twice, under two
        # bands, stays for `resolve_columns` to decide
        labels = {words(c.path[-1]) for c in known}
        repeated = any(words(c.path[-1]) in labels for c in group if c not in known)
        kept: Sequence[HeaderColumn] = group if repeated else known
    elif proven is not None:
        kept = proven
    else:
        kept = known if len(known) > 1 else []
    return kept, proven is not None


def _closes(measure: str, some: Sequence[HeaderColumn], by_measure: _ByMeasure, rows: EvidenceRows) -> bool:
    """Whether an identity that holds the measure closes on most rows if the columns `some` are all of it."""
    if not len(rows):
        return False
    sums = {m: rows.sum(c.index for c in _as_read(group)) for m, group in by_measure.items()}
    sums[measure] = rows.sum(c.index for c in some)
    gaps = (i.gap(sums) for i in identities_of_columns(frozenset(sums)) if measure in i.measures)
    return any(2 * int((gap == 0).sum()) > len(rows) for gap in gaps)


def _as_read(group: Sequence[HeaderColumn]) -> Sequence[HeaderColumn]:
    """The columns of another measure as they will be used: known words before unknown ones, a whole before parts."""
    known = [c for c in group if not _has_unknown_words(c)] or group
    return [c for c in known if not c.meaning.part][:1] or known
