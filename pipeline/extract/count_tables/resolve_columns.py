"""What labels leave open, settled by the arithmetic of the table's rows; what stays open is refused, never guessed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from pipeline.extract.count_tables.count_matrix import Lines
from pipeline.extract.count_tables.header_columns import Column
from pipeline.extract.count_tables.prove_columns import prove
from pipeline.extract.wording.phrases import label_words
from schemas.measures import COUNT_NAMES


@dataclass
class Settled:
    """Columns with their final meaning, what was decided (Vietnamese), or why the table cannot serve."""

    columns: list[Column]
    decisions: list[str] = field(default_factory=list)
    refusal: tuple[str, str, str] | None = None  # (finding code, found, expected)


#: a column of one of these that belongs to nothing would drop dossiers from the count in silence
_DEADLINES = {"early", "on_time", "in_time", "late"}
#: column -> the columns that the table's index row says it adds up
Expressions = Mapping[int, frozenset[int]]


def settle(columns: Sequence[Column], rows: Lines, expressions: Expressions) -> Settled:
    """Decide merged deadlines, "Trong kỳ", a bare "Tiếp nhận", wholes beside their parts, withdrawn and returned."""
    early = any("early" in c.meaning.concepts for c in columns)
    columns, unproven = prove(columns, rows)
    if early and unproven:
        return Settled(columns, refusal=_contrary(unproven))
    merged = next((c for c in columns if {"early", "on_time"} <= set(c.meaning.concepts)), None)
    has = {c.meaning.measure for c in columns}
    if merged is None and "resolved_early" not in has:
        merged = next((c for c in columns if c.meaning.measure in {"resolved_on_time", "resolved_in_time"}), None)
    if merged is not None and "resolved_early" not in has:
        return Settled(list(columns), refusal=("table_merged_deadline", merged.label, ""))
    contrary = [*(c for c in columns if c.meaning.contrary), *unproven]
    if contrary:
        return Settled(list(columns), refusal=_contrary(contrary))
    late = next((c for c in columns if c.meaning.measure == "resolved_late"), None)
    if late is not None and not has & {"resolved_early", "resolved_on_time", "resolved_in_time", "resolved_total"}:
        return Settled(list(columns), refusal=("table_only_late", f"{late.letter} “{late.label}”", ""))
    known = {"resolved_early", "resolved_on_time", "resolved_late", "pending_in_time", "pending_overdue"} <= has
    lost = [
        c
        for c in columns
        if not c.meaning.measure
        and not c.meaning.derived
        and _DEADLINES & set(c.meaning.concepts)
        and not (known and c.meaning.loose)  # "Cơ cấu › Quá hạn" beside every deadline by its own name
    ]
    if lost:
        shown = ", ".join(f"{c.letter} “{c.label}”" for c in lost)
        return Settled(list(columns), refusal=("table_column_without_band", shown, ""))
    result = Settled([_rename(c, "resolved_in_time", "resolved_on_time") for c in columns])
    for step in (_whole_or_parts, _open_received, _in_period, _outside):
        if result.refusal is None:
            step(result, rows, expressions)
    return result


def _contrary(columns: Iterable[Column]) -> tuple[str, str, str]:
    shown = ", ".join(f"{c.letter} “{c.label}”" for c in sorted(columns, key=lambda c: c.index))
    return "table_contrary_labels", shown, ""


def _rename(column: Column, old: str, new: str) -> Column:
    return replace(column, meaning=replace(column.meaning, measure=new)) if column.meaning.measure == old else column


def _drop(columns: Iterable[Column], dropped: set[int]) -> list[Column]:
    return [
        replace(c, meaning=replace(c.meaning, measure="", derived=True)) if c.index in dropped else c for c in columns
    ]


def _of(columns: Iterable[Column], measure: str) -> list[Column]:
    return [c for c in columns if c.meaning.measure == measure]


def _sum(columns: Iterable[Column], rows: Lines) -> NDArray[np.int64]:
    """The sum of the columns in each row."""
    return rows.sum(c.index for c in columns)


def _alike(one: NDArray[np.int64], other: NDArray[np.int64]) -> bool:
    return bool((one == other).all())


_TOTAL_OF = {
    **dict.fromkeys(("received_online", "received_direct", "carried_over"), "received_total"),
    **dict.fromkeys(("resolved_early", "resolved_on_time", "resolved_late"), "resolved_total"),
    **dict.fromkeys(("pending_in_time", "pending_overdue"), "pending_total"),
}


def _whole_or_parts(result: Settled, rows: Lines, expressions: Expressions) -> None:
    """Several columns of one measure: parts are added up; a whole beside its parts is used alone if it is their sum."""
    by_measure: dict[str, list[Column]] = defaultdict(list)
    for column in result.columns:
        if column.meaning.measure:
            by_measure[column.meaning.measure].append(column)
    for measure, group in by_measure.items():
        if len(group) == 1:
            continue
        wholes = [c for c in group if not c.meaning.part]
        parts = [c for c in group if c.meaning.part]
        name = COUNT_NAMES.get(measure, measure)
        shown = " và ".join(f"{c.letter} “{c.label}”" for c in group)
        if len({c.path for c in group}) < len(group) or len(wholes) > 1:
            same = len(wholes) > 1 and all(_alike(_sum([c], rows), _sum(wholes[:1], rows)) for c in wholes[1:])
            if (
                same
                and len(rows)
                and len({c.path for c in group}) == len(group)
                and measure in {"received_total", "pending_total"}
            ):
                result.columns = _drop(result.columns, {c.index for c in [*wholes[1:], *parts]})
                result.decisions.append(f"{name}: các cột {shown} luôn bằng nhau, dùng cột {wholes[0].letter}")
                continue
            if measure == "received_total" and _first_of_totals(result, wholes, rows):
                continue
            result.refusal = ("table_ambiguous_column", shown, name)
            return
        if wholes and parts:
            if len(rows) and _alike(_sum(parts, rows), _sum(wholes[:1], rows)):
                result.columns = _drop(result.columns, {c.index for c in parts})
                result.decisions.append(
                    f"{name}: cột {wholes[0].letter} là tổng của {', '.join(c.letter for c in parts)}"
                )
            elif _closes_with_all(result.columns, measure, group, rows):
                result.decisions.append(f"{name}: cộng các cột {', '.join(c.letter for c in group)}")
            else:
                result.refusal = ("table_ambiguous_column", shown, name)
                return
        else:
            result.decisions.append(f"{name}: cộng các cột {', '.join(c.letter for c in group)}")


def _first_of_totals(result: Settled, wholes: list[Column], rows: Lines) -> bool:
    """A bare "Tổng" beside a "Tổng số" under "Tiếp nhận" …: the one that equals resolved + pending on every row.

    Not where the other one only lost its own label under the band: it may hold anything.
    """
    done, open_ = _of(result.columns, "resolved_total"), _of(result.columns, "pending_total")
    if not (len(rows) and done and open_):
        return False
    fitting = [c for c in wholes if _alike(_sum([c], rows), _sum([*done, *open_], rows))]
    others = [c for c in wholes if c not in fitting]
    if len(fitting) != 1 or any(_lacks_its_label(c, result.columns) for c in others):
        return False
    result.columns = _drop(result.columns, {c.index for c in others})
    result.decisions.append(f"Tiếp nhận, tổng số: cột {fitting[0].letter} (bằng đã giải quyết + đang giải quyết)")
    return True


def _closes_with_all(columns: list[Column], measure: str, group: list[Column], rows: Lines) -> bool:
    whole = _TOTAL_OF.get(measure)
    total = _of(columns, whole) if whole else []
    siblings = [c for c in columns if whole and _TOTAL_OF.get(c.meaning.measure) == whole]
    if measure == "received_direct" and not total:
        return True
    return bool(total and len(rows)) and _alike(_sum(siblings, rows), _sum(total[:1], rows))


def _open_received(result: Settled, rows: Lines, expressions: Expressions) -> None:
    """A bare "Tiếp nhận": the total if none is named; else what came in during the period."""
    bare = _of(result.columns, "received_open")
    if not bare:
        return
    if _of(result.columns, "received_total") and _lacks_its_label(bare[0], result.columns):
        result.refusal = ("table_contrary_labels", f"{bare[0].letter} “{bare[0].label}”", "")
        return
    if len(bare) > 1:
        result.refusal = ("table_ambiguous_column", " và ".join(c.label for c in bare), "Tiếp nhận")
        return
    meaning = "received_in_period" if _of(result.columns, "received_total") else "received_total"
    result.columns = [_rename(c, "received_open", meaning) for c in result.columns]
    result.decisions.append(f"Cột {bare[0].letter} “{bare[0].label}”: {COUNT_NAMES[meaning].lower()}")


def _lacks_its_label(column: Column, columns: Iterable[Column]) -> bool:
    """Whether only the band over a column is written, where the columns beside it bear labels of their own under it."""
    own = _tiers(column)
    return any(len(t := _tiers(c)) > len(own) and t[: len(own)] == own for c in columns)


def _tiers(column: Column) -> tuple[str, ...]:
    return tuple(p for p in column.path if label_words(p))


def _in_period(result: Settled, rows: Lines, expressions: Expressions) -> None:
    """Does "Trong kỳ" hold everything received in the period, or the direct ones beside an online column?"""
    column = _of(result.columns, "received_in_period")
    channels = [*_of(result.columns, "received_online"), *_of(result.columns, "received_direct")]
    if not column or not channels:
        return
    total, carried = _of(result.columns, "received_total"), _of(result.columns, "carried_over")
    label = f"Cột {column[0].letter} “{column[0].label}”"
    named = expressions.get(total[0].index, frozenset()) if total else frozenset()
    if not total or not (len(rows) or named):
        result.refusal = (
            "table_ambiguous_column",
            label,
            "Tiếp nhận trong kỳ: gồm cả trực tuyến hay chỉ trực tiếp?",
        )
        return
    gaps = _sum(total, rows) - _sum(carried, rows) - _sum(column, rows)
    others = _sum(channels, rows)
    # rows that tell the two readings apart; a row with an error of its own fits neither and is found later
    everything = int(((gaps == 0) & (others != 0)).sum())
    # only beside an online column can what is left be the direct ones
    beside_online = bool(_of(result.columns, "received_online"))
    direct_only = int(((gaps == others) & (others != 0)).sum()) if beside_online else 0
    alike = not gaps.any() and not others.any()
    if alike and column[0].index in named:
        # the rows tell nothing apart: the index row does
        direct_only = int(beside_online and bool({c.index for c in channels} & named))
        everything = int(not direct_only)
    if direct_only and not everything:
        result.columns = [_rename(c, "received_in_period", "received_direct") for c in result.columns]
        result.decisions.append(f"{label}: chỉ hồ sơ trực tiếp (tổng = kỳ trước + cột này + các hình thức khác)")
    elif (everything and not direct_only) or alike:
        result.decisions.append(f"{label}: mọi hồ sơ nhận trong kỳ (tổng = kỳ trước + cột này)")
    else:
        result.refusal = (
            "table_ambiguous_column",
            label,
            "Tiếp nhận trong kỳ: gồm cả trực tuyến hay chỉ trực tiếp?",
        )


def _outside(result: Settled, rows: Lines, expressions: Expressions) -> None:
    """Withdrawn and returned dossiers count beside resolved and pending only where the rows say so."""
    extra = [*_of(result.columns, "withdrawn"), *_of(result.columns, "returned")]
    total, done, open_ = (_of(result.columns, m) for m in ("received_total", "resolved_total", "pending_total"))
    if not extra or not (total and done and open_):
        return
    whole, beside = _sum(total, rows), _sum(extra, rows)
    ended = _sum([*done, *open_], rows)
    outside, inside = int((whole == ended + beside).sum()), int((whole == ended).sum())
    named = ", ".join(f"{c.letter} “{c.label}”" for c in extra)
    if inside > outside:
        result.columns = _drop(result.columns, {c.index for c in extra})
        result.decisions.append(f"{named}: đã nằm trong số đã giải quyết hoặc đang giải quyết, không cộng thêm")
    elif beside.any():
        result.decisions.append(
            f"{named}: ngoài số đã giải quyết và đang giải quyết (tiếp nhận = đã + đang giải quyết + rút, trả lại)"
        )
