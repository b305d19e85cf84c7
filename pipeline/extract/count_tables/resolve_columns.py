"""What the labels of a table's columns leave open, resolved by the arithmetic of its rows.

A question that the rows do not answer refuses the table: no column is guessed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.arithmetic.identities import BALANCE, BALANCE_WITH_OUTSIDE, OUTSIDE, RECEIVED_BY_PERIOD, group_of
from pipeline.extract.count_tables.count_matrix import EvidenceRows
from pipeline.extract.count_tables.header_columns import HeaderColumn
from pipeline.extract.count_tables.prove_columns import ProvenColumns, prove_columns
from pipeline.extract.wording.phrases import label_words
from schemas.measures import COUNT_NAMES

#: a column of one of these that belongs to no band is refused: without it dossiers would be missing unnoticed
_DEADLINES = frozenset(("early", "on_time", "in_time", "late"))
_EVERY_DEADLINE = frozenset(
    ("resolved_early", "resolved_on_time", "resolved_late", "pending_in_time", "pending_overdue")
)
_RESOLVED_BESIDE_LATE = frozenset(("resolved_early", "resolved_on_time", "resolved_in_time", "resolved_total"))
#: totals of which several columns may be used where they are equal in every row
_MAY_REPEAT = frozenset(("received_total", "pending_total"))

#: sheet column -> the sheet columns that it adds up, by the index row of the table
Expressions = Mapping[int, frozenset[int]]


class ColumnRefusal(NamedTuple):
    """Why the columns of a table cannot be used: a finding's code, what was found, what was expected."""

    code: str
    found: str
    expected: str = ""


@dataclass(frozen=True)
class ResolvedColumns:
    """Columns with their final meaning and what was decided about them (Vietnamese), or why they cannot be used."""

    columns: tuple[HeaderColumn, ...]
    decisions: tuple[str, ...] = ()
    refusal: ColumnRefusal | None = None

    @property
    def counted(self) -> list[HeaderColumn]:
        """The columns that hold counts."""
        return [c for c in self.columns if c.meaning.measure]


def resolve_columns(columns: Sequence[HeaderColumn], rows: EvidenceRows, expressions: Expressions) -> ResolvedColumns:
    """Decide what each column counts: unknown words, wholes beside parts, a bare "Tiếp nhận", "Trong kỳ", withdrawn."""
    proven = prove_columns(columns, rows)
    refusal = next(_refusals(columns, proven), None)
    resolved = ResolvedColumns(
        tuple(_renamed(c, "resolved_in_time", "resolved_on_time") for c in proven.columns), refusal=refusal
    )
    for step in (_several_of_one_measure, _bare_received, _in_period, _closed_outside):
        if resolved.refusal is None:
            done = step(resolved.columns, rows, expressions)
            resolved = replace(done, decisions=(*resolved.decisions, *done.decisions))
    return resolved


def _refusals(columns: Sequence[HeaderColumn], proven: ProvenColumns) -> Iterator[ColumnRefusal]:
    """Why no rows could tell what the columns count, the most telling reason first."""
    has = {c.meaning.measure for c in proven.columns}
    if proven.unproven and any("early" in c.meaning.concepts for c in columns):
        yield ColumnRefusal("table_contrary_labels", _listed(proven.unproven))
    merged = [c for c in proven.columns if {"early", "on_time"} <= set(c.meaning.concepts)]
    within = [c for c in proven.columns if c.meaning.measure in {"resolved_on_time", "resolved_in_time"}]
    if "resolved_early" not in has and (merged or within):
        yield ColumnRefusal("table_merged_deadline", (merged or within)[0].label)
    contrary = [*(c for c in proven.columns if c.meaning.contrary), *proven.unproven]
    if contrary:
        yield ColumnRefusal("table_contrary_labels", _listed(contrary))
    late = [c for c in proven.columns if c.meaning.measure == "resolved_late"]
    if late and not has & _RESOLVED_BESIDE_LATE:
        yield ColumnRefusal("table_only_late", _named(late[0]))
    without_band = [
        c
        for c in proven.columns
        if not c.meaning.measure
        and not c.meaning.derived
        and _DEADLINES & set(c.meaning.concepts)
        # "Cơ cấu › Quá hạn" beside a column for each deadline takes nothing away
        and not (c.meaning.needs_proof and has >= _EVERY_DEADLINE)
    ]
    if without_band:
        yield ColumnRefusal("table_column_without_band", ", ".join(map(_named, without_band)))


# --- several columns of one measure -----------------------------------------------------------------------------------


def _several_of_one_measure(
    columns: tuple[HeaderColumn, ...], rows: EvidenceRows, _expressions: Expressions
) -> ResolvedColumns:
    """Parts are added up; a whole beside its parts is used alone if it is their sum; other repeated columns refuse."""
    by_measure: dict[str, list[HeaderColumn]] = defaultdict(list)
    for column in columns:
        if column.meaning.measure:
            by_measure[column.meaning.measure].append(column)
    resolved = ResolvedColumns(columns)
    for measure, group in by_measure.items():
        if len(group) > 1 and resolved.refusal is None:
            decision, unused = _decided(measure, group, resolved.columns, rows)
            shown = " và ".join(map(_named, group))
            refusal = None if decision else ColumnRefusal("table_ambiguous_column", shown, _name(measure))
            decisions = (*resolved.decisions, *([decision] if decision else []))
            resolved = ResolvedColumns(_without(resolved.columns, unused), decisions, refusal)
    return resolved


def _decided(
    measure: str, group: Sequence[HeaderColumn], columns: Sequence[HeaderColumn], rows: EvidenceRows
) -> tuple[str, Sequence[HeaderColumn]]:
    """How several columns of a measure are used (Vietnamese; "" where nothing decides), and which of them are not."""
    wholes, parts = ([c for c in group if c.meaning.part is part] for part in (False, True))
    name, letters = _name(measure), ", ".join(c.letter for c in group)
    repeated = len({c.path for c in group}) < len(group)
    equal = len(rows) > 0 and all(_equal(_added([c], rows), _added(wholes[:1], rows)) for c in wholes[1:])
    balanced = _balanced_total(columns, wholes, rows) if measure == "received_total" else None
    decision = ""
    unused: Sequence[HeaderColumn] = ()
    if len(wholes) > 1 and equal and not repeated and measure in _MAY_REPEAT:
        shown = " và ".join(map(_named, group))
        decision = f"{name}: các cột {shown} luôn bằng nhau, dùng cột {wholes[0].letter}"
        unused = [*wholes[1:], *parts]
    elif repeated or len(wholes) > 1:
        if balanced is not None:
            decision = f"Tiếp nhận, tổng số: cột {balanced.letter} (bằng đã giải quyết + đang giải quyết)"
            unused = [c for c in wholes if c != balanced]
    elif wholes and parts and len(rows) and _equal(_added(parts, rows), _added(wholes, rows)):
        decision = f"{name}: cột {wholes[0].letter} là tổng của {', '.join(c.letter for c in parts)}"
        unused = parts
    elif not wholes or not parts or _closes_with_all(columns, measure, rows):
        decision = f"{name}: cộng các cột {letters}"
    return decision, unused


def _balanced_total(
    columns: Sequence[HeaderColumn], wholes: Sequence[HeaderColumn], rows: EvidenceRows
) -> HeaderColumn | None:
    """Of a bare "Tổng" and a "Tổng số" under "Tiếp nhận" the one that equals resolved + pending in every row.

    None where the other column only lacks its label under the band: it may hold anything.
    """
    sums = _sums(columns, rows)
    if not len(rows) or not sums.keys() >= set(BALANCE.parts):
        return None
    fitting = [c for c in wholes if not BALANCE.gap({**sums, BALANCE.total: _added([c], rows)}).any()]
    others = [c for c in wholes if c not in fitting]
    return fitting[0] if len(fitting) == 1 and not any(_lacks_its_label(c, columns) for c in others) else None


def _closes_with_all(columns: Sequence[HeaderColumn], measure: str, rows: EvidenceRows) -> bool:
    """Whether the total of a measure's group is the sum of its parts with all columns of the measure added up."""
    group = group_of(measure)
    total = _of(columns, group.total) if group is not None else []
    closes = False
    if group is not None and total and len(rows):
        closes = not group.gap({**_sums(columns, rows), group.total: _added(total[:1], rows)}).any()
    return closes or (measure == "received_direct" and not total)


# --- received: which dossiers a column counts -------------------------------------------------------------------------


def _bare_received(
    columns: tuple[HeaderColumn, ...], _rows: EvidenceRows, _expressions: Expressions
) -> ResolvedColumns:
    """A bare "Tiếp nhận" is the total if no other column is; else what came in during the period."""
    bare, total = _of(columns, "received_open"), _of(columns, "received_total")
    resolved = ResolvedColumns(columns)
    if bare and total and _lacks_its_label(bare[0], columns):
        resolved = replace(resolved, refusal=ColumnRefusal("table_contrary_labels", _named(bare[0])))
    elif len(bare) > 1:
        shown = " và ".join(c.label for c in bare)
        resolved = replace(resolved, refusal=ColumnRefusal("table_ambiguous_column", shown, "Tiếp nhận"))
    elif bare:
        measure = "received_in_period" if total else "received_total"
        resolved = ResolvedColumns(
            tuple(_renamed(c, "received_open", measure) for c in columns),
            (f"Cột {_named(bare[0])}: {COUNT_NAMES[measure].lower()}",),
        )
    return resolved


def _in_period(columns: tuple[HeaderColumn, ...], rows: EvidenceRows, expressions: Expressions) -> ResolvedColumns:
    """Whether "Trong kỳ" beside a channel counts all dossiers received in the period, or the direct ones."""
    column, total = _of(columns, "received_in_period"), _of(columns, "received_total")
    online, direct = _of(columns, "received_online"), _of(columns, "received_direct")
    channels = [*online, *direct]
    if not column or not channels:
        return ResolvedColumns(columns)
    label = f"Cột {_named(column[0])}"
    # by the index row of the table: (3)=(4)+(5)+(6)
    stated = expressions.get(total[0].index, frozenset()) if total else frozenset()
    gaps = RECEIVED_BY_PERIOD.gap(_sums([*column, *total, *_of(columns, "carried_over")], rows))
    others = _added(channels, rows)
    # rows that tell the two readings apart; a row with an error of its own fits neither and is found by other checks
    everything = int(((gaps == 0) & (others != 0)).sum())
    # only beside an online column can the rest be the direct dossiers
    only_direct = int(((gaps == others) & (others != 0)).sum()) if online else 0
    alike = not gaps.any() and not others.any()
    if alike and column[0].index in stated:
        only_direct = int(bool(online) and bool({c.index for c in channels} & stated))
        everything = int(not only_direct)
    decidable = bool(total) and (len(rows) > 0 or bool(stated))
    if decidable and only_direct and not everything:
        decision = f"{label}: chỉ hồ sơ trực tiếp (tổng = kỳ trước + cột này + các hình thức khác)"
        renamed = tuple(_renamed(c, "received_in_period", "received_direct") for c in columns)
        resolved = ResolvedColumns(renamed, (decision,))
    elif decidable and ((everything and not only_direct) or alike):
        resolved = ResolvedColumns(columns, (f"{label}: mọi hồ sơ nhận trong kỳ (tổng = kỳ trước + cột này)",))
    else:
        question = "Tiếp nhận trong kỳ: gồm cả trực tuyến hay chỉ trực tiếp?"
        resolved = ResolvedColumns(columns, refusal=ColumnRefusal("table_ambiguous_column", label, question))
    return resolved


def _closed_outside(
    columns: tuple[HeaderColumn, ...], rows: EvidenceRows, _expressions: Expressions
) -> ResolvedColumns:
    """Withdrawn and returned dossiers count beside the resolved and pending ones only where the rows show it."""
    extra = [c for measure in OUTSIDE for c in _of(columns, measure)]
    sums = _sums(columns, rows) if extra else {}
    resolved = ResolvedColumns(columns)
    if BALANCE.measures <= sums.keys():
        outside = int((BALANCE_WITH_OUTSIDE.gap(sums) == 0).sum())
        inside = int((BALANCE.gap(sums) == 0).sum())
        shown = ", ".join(map(_named, extra))
        if inside > outside:
            decision = f"{shown}: đã nằm trong số đã giải quyết hoặc đang giải quyết, không cộng thêm"
            resolved = ResolvedColumns(_without(columns, extra), (decision,))
        elif _added(extra, rows).any():
            decision = f"{shown}: ngoài số đã giải quyết và đang giải quyết ({BALANCE_WITH_OUTSIDE.name})"
            resolved = ResolvedColumns(columns, (decision,))
    return resolved


# --- columns and their sums -------------------------------------------------------------------------------------------


def _lacks_its_label(column: HeaderColumn, columns: Iterable[HeaderColumn]) -> bool:
    """Whether only the band over a column is written, where columns beside it have labels of their own under it."""
    own = _tiers(column)
    return any(len(t := _tiers(c)) > len(own) and t[: len(own)] == own for c in columns)


def _tiers(column: HeaderColumn) -> tuple[str, ...]:
    return tuple(p for p in column.path if label_words(p))


def _named(column: HeaderColumn) -> str:
    """`C “Đã giải quyết › Quá hạn”`."""
    return f"{column.letter} “{column.label}”"


def _listed(columns: Iterable[HeaderColumn]) -> str:
    return ", ".join(map(_named, sorted(columns, key=lambda c: c.index)))


def _name(measure: str) -> str:
    return COUNT_NAMES.get(measure, measure)


def _renamed(column: HeaderColumn, old: str, new: str) -> HeaderColumn:
    """The column, with the measure `new` where it has the measure `old`."""
    return replace(column, meaning=replace(column.meaning, measure=new)) if column.meaning.measure == old else column


def _without(columns: Iterable[HeaderColumn], unused: Collection[HeaderColumn]) -> tuple[HeaderColumn, ...]:
    """The columns, with no measure for those that are not used."""
    dropped = {c.index for c in unused}
    return tuple(
        replace(c, meaning=replace(c.meaning, measure="", derived=True)) if c.index in dropped else c for c in columns
    )


def _of(columns: Iterable[HeaderColumn], measure: str) -> list[HeaderColumn]:
    return [c for c in columns if c.meaning.measure == measure]


def _added(columns: Iterable[HeaderColumn], rows: EvidenceRows) -> NDArray[np.int64]:
    """The sum of the columns, one number a row."""
    return rows.sum(c.index for c in columns)


def _sums(columns: Iterable[HeaderColumn], rows: EvidenceRows) -> dict[str, NDArray[np.int64]]:
    """measure -> the sum of its columns, one number a row."""
    by_measure: dict[str, list[HeaderColumn]] = defaultdict(list)
    for column in columns:
        if column.meaning.measure:
            by_measure[column.meaning.measure].append(column)
    return {measure: _added(group, rows) for measure, group in by_measure.items()}


def _equal(one: NDArray[np.int64], other: NDArray[np.int64]) -> bool:
    return bool((one == other).all())
