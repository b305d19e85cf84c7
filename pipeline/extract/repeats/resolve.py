"""Of several tables that show the same dossiers the one that counts: the whole, where the others agree with it.

A table that its words make a part ("I. Hồ sơ trực tuyến", "Tháng 7") is not needed where a table of all dossiers
shows its units. Tables that nothing narrows are compared: one that is the sum of the others is the whole, and equal
ones count once. What does not agree stays a conflict (`count_records.repeated_units`), and the office is asked which
one counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from pipeline.extract.count_records import CountReading, combined
from pipeline.extract.repeats.table_shown import PARTIAL, TableShown, stable_keys
from pipeline.extract.repeats.unit_counts import (
    AT_ONE_DAY,
    UnitCounts,
    adds_up,
    common_measures,
    complete_each_other,
    does_not_exceed,
    equal,
    months_add_up,
)
from pipeline.extract.wording.title_periods import match_period
from pipeline.findings import Finding, Place
from pipeline.layouts.confirmed import ConfirmedLayouts
from pipeline.layouts.decisions import Decision, Layout, Option
from pipeline.periods import Period

#: tables that are compared with each other at most; more of them in one period are an attack or a mistake
_MOST_TABLES = 400
#: findings of a table that is not counted which are still reported: rows of which the unit is not known
_STILL_REPORTED = frozenset(("unit_unknown", "unit_ambiguous", "unit_not_in_period", "level_not_in_period"))
EQUAL = "số liệu bằng nhau"
_SUM, _BELOW, _MONTHS, _OTHER_TIME, _ANSWERED = (
    *("các bảng chi tiết cộng lại bằng bảng này", "số của phần không vượt quá số của bảng này"),
    *("số liệu các tháng khớp với quý", "bảng kia của kỳ khác", "theo câu trả lời của đơn vị"),
)


@dataclass(frozen=True)
class Resolved:
    """The counts of all tables, each dossier once as far as that is proven, with findings and layouts."""

    counts: CountReading
    findings: tuple[Finding, ...]
    layouts: tuple[Layout, ...]


@dataclass
class _Ledger:
    """What was decided of the tables so far: table -> the units that it does not count, and why."""

    tables: Sequence[TableShown]
    left_out: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    because: dict[int, tuple[int, str]] = field(default_factory=dict)  # table -> (the one that counts, why)
    added_to: dict[int, int] = field(default_factory=dict)  # table of one channel -> the table that it is added to
    joined_to: dict[int, int] = field(default_factory=dict)  # table of other measures -> the table that it completes
    decisions: dict[int, list[Decision]] = field(default_factory=lambda: defaultdict(list))

    def leave_out(self, table: int, units: Iterable[str], whole: int, why: str) -> None:
        """The units of a table are counted from another table."""
        self.left_out[table].update(units)
        self.because.setdefault(table, (whole, why))

    def units(self, table: int) -> list[str]:
        """The units that a table still counts."""
        return [u for u in self.tables[table].reading.places if u not in self.left_out.get(table, ())]


def resolve_repeats(
    tables: Sequence[TableShown], excluded: Collection[str], period: Period, confirmed: ConfirmedLayouts
) -> Resolved:
    """The counts of the tables of a period, in their order.

    `excluded`: the files that other findings set aside; their tables prove nothing. Tables with a refusal are not
    counted, except the two channels of all dossiers, which are added up where no table has both.
    """
    ledger = _Ledger(tables)
    usable = [i for i, t in enumerate(tables) if t.file not in excluded and t.has_numbers]
    wholes = [i for i in usable if tables[i].refusal is None]
    parts = [i for i in usable if (r := tables[i].refusal) is not None and r.code in PARTIAL]
    _cover_parts(ledger, parts[:_MOST_TABLES], wholes, period)
    _add_channels(ledger, [i for i in parts[:_MOST_TABLES] if i not in ledger.because], wholes, period)
    _compare_wholes(ledger, wholes, period, confirmed)
    return _result(ledger)


# --- parts by their words ---------------------------------------------------------------------------------------------


def _cover_parts(ledger: _Ledger, parts: Sequence[int], wholes: Sequence[int], period: Period) -> None:
    """Leave out the parts whose units a table of all dossiers shows, and which agree with it."""
    shows: dict[str, list[int]] = defaultdict(list)
    for whole in wholes if parts else ():
        for unit_id in ledger.tables[whole].reading.places:
            shows[unit_id].append(whole)
    for part in parts:
        table = ledger.tables[part]
        other_time = table.refusal is not None and table.refusal.code == "period_mismatch"
        beside = shows.get(next(iter(table.reading.places)), [])  # the whole shows each unit of the part
        for whole in sorted(beside, key=lambda w: _distance(table, ledger.tables[w])):
            why = _of_other_time(ledger, part, whole, period) if other_time else _part_of(ledger, part, whole, parts)
            if why:
                ledger.leave_out(part, table.reading.places, whole, why)
                break


def _part_of(ledger: _Ledger, part: int, whole: int, parts: Sequence[int]) -> str:
    """Why a table is a part of another one, "" where it may not be: with its siblings it adds up, or it stays below.

    Two channels that do not add up to the whole contradict it.
    """
    tables = ledger.tables
    group = [p for p in parts if tables[p].file == tables[part].file and _shares_units(ledger, p, whole)]
    beside = [p for p in group if tables[p].sheet == tables[part].sheet]
    channels = [p for p in group if tables[p].channel]
    for several in (beside, group, channels):
        if part in several and adds_up([ledger.tables[p].numbers for p in several], ledger.tables[whole].numbers):
            return _SUM
    both = {tables[p].channel for p in channels} == {"online", "direct"}
    if tables[part].channel and both:
        return ""
    return _BELOW if does_not_exceed(ledger.tables[part].numbers, ledger.tables[whole].numbers) else ""


def _of_other_time(ledger: _Ledger, part: int, whole: int, period: Period) -> str:
    """Why a table of another time is not needed: one that is titled as the quarter shows all its units."""
    shown, units = ledger.tables[whole], set(ledger.tables[part].numbers.units)
    return _OTHER_TIME if _shows_period(shown, period) and units <= set(shown.numbers.units) else ""


def _shares_units(ledger: _Ledger, a: int, b: int) -> bool:
    return not set(ledger.tables[a].numbers.units).isdisjoint(ledger.tables[b].numbers.units)


def _distance(table: TableShown, other: TableShown) -> int:
    """0 for the same sheet, 1 for the same file, 2 for another file."""
    return 2 if table.file != other.file else 1 if table.sheet != other.sheet else 0


def _add_channels(ledger: _Ledger, parts: Sequence[int], wholes: Sequence[int], period: Period) -> None:
    """Add up the tables of the two channels, where they show the same units and no table shows both channels.

    The two are in one file, or alone in their files: a file that another table sets aside would take its part away.
    """
    tables = ledger.tables
    taken = {u for w in wholes for u in tables[w].reading.places}
    refused_in: dict[str, list[int]] = defaultdict(list)
    for i, table in enumerate(tables):
        if table.refusal is not None and i not in ledger.because:
            refused_in[table.file].append(i)
    alike: dict[tuple[frozenset[str], frozenset[str], str], list[int]] = defaultdict(list)
    for i in (i for i in parts if tables[i].channel):
        numbers = tables[i].numbers
        alike[frozenset(numbers.units), frozenset(numbers.measures), _within_quarter(tables[i], period)].append(i)
    for (units, _, _), members in alike.items():
        channels = {tables[i].channel for i in members}
        alone = all(set(refused_in[tables[i].file]) <= set(members) for i in members)
        if channels == {"online", "direct"} and len(members) == 2 and alone and taken.isdisjoint(units):
            ledger.added_to.update(dict.fromkeys(members, members[0]))


# --- tables that nothing narrows --------------------------------------------------------------------------------------


def _compare_wholes(ledger: _Ledger, wholes: Sequence[int], period: Period, confirmed: ConfirmedLayouts) -> None:
    for group in _groups(ledger, wholes):
        _leave_out_months(ledger, group, period)
        _leave_out_summands(ledger, group)
        _leave_out_equals(ledger, group)
        _join_measures(ledger, _in_conflict(ledger, group), period)
        _decide(ledger, _in_conflict(ledger, group), period, confirmed)


def _groups(ledger: _Ledger, wholes: Sequence[int]) -> Iterator[list[int]]:
    """The tables that share units with each other, directly or by others between them; two or more each."""
    shows: dict[str, list[int]] = defaultdict(list)
    for i in wholes:
        for unit_id in ledger.tables[i].reading.places:
            shows[unit_id].append(i)
    linked: dict[int, set[int]] = defaultdict(set)
    for members in shows.values():
        if len(members) > 1:
            for i in members:
                linked[i].update(members)
    seen: set[int] = set()
    for start in sorted(linked):
        group, waiting = set(), [start]
        while waiting:
            i = waiting.pop()
            if i not in group and i not in seen:
                group.add(i)
                waiting += linked[i]
        seen |= group
        if len(group) > 1:
            yield sorted(group)[:_MOST_TABLES]


def _leave_out_months(ledger: _Ledger, group: Sequence[int], period: Period) -> None:
    """Leave out the tables of months that agree with the table of the quarter.

    That is the one titled so; without one the only other table, where all three months give it.
    """
    months = sorted(
        (i for i in group if _month(ledger.tables[i], period)), key=lambda i: _month(ledger.tables[i], period)
    )
    titled = [i for i in group if _shows_period(ledger.tables[i], period)]
    others = titled or [i for i in group if i not in months]
    if not months or len(others) != 1:
        return
    (quarter,) = others
    numbers, whole = [ledger.tables[i].numbers for i in months], ledger.tables[quarter].numbers
    complete = [_month(ledger.tables[i], period) for i in months] == [1, 2, 3]
    below = bool(titled) and all(_is_month_of(n, whole) for n in numbers)
    if months_add_up(numbers, whole) if complete else below:
        for i in months:
            ledger.leave_out(i, ledger.units(i), quarter, _MONTHS)


def _is_month_of(month: UnitCounts, quarter: UnitCounts) -> bool:
    flows = set(common_measures([month, quarter])) - AT_ONE_DAY
    return bool(flows) and does_not_exceed(month, quarter, without=AT_ONE_DAY)


def _leave_out_summands(ledger: _Ledger, group: Sequence[int]) -> None:
    """Leave out the tables that add up to another one: all others of its sheet, of its file, or of the period."""
    for whole in group:
        others = [i for i in group if i != whole and _standing(ledger, i) and not _same(ledger, i, whole)]
        if not _standing(ledger, whole):
            continue
        tables = ledger.tables
        sheet = [i for i in others if _distance(tables[whole], tables[i]) == 0]
        file = [i for i in others if _distance(tables[whole], tables[i]) < 2]
        sheets = [i for i in file if i not in sheet]
        for several in (sheet, sheets, file, others):
            if adds_up([ledger.tables[i].numbers for i in several], ledger.tables[whole].numbers):
                for i in several:
                    ledger.leave_out(i, ledger.units(i), whole, _SUM)
                return


def _leave_out_equals(ledger: _Ledger, group: Sequence[int]) -> None:
    """Of tables that give a unit the same numbers the one with the most numbers counts, the first of several."""
    shows: dict[str, list[int]] = defaultdict(list)
    for i in group:
        for unit_id in ledger.units(i):
            shows[unit_id].append(i)
    for unit_id, members in shows.items():
        best = max(members, key=lambda i: (ledger.tables[i].numbers.known_cells(unit_id), -i))
        others = [i for i in members if i != best]
        once = all(len(ledger.tables[i].reading.places[unit_id]) == 1 for i in members)
        if once and all(equal(ledger.tables[i].numbers, ledger.tables[best].numbers, unit_id) for i in others):
            for i in others:
                ledger.leave_out(i, [unit_id], best, EQUAL)


def _join_measures(ledger: _Ledger, group: Sequence[int], period: Period) -> None:
    """Join the tables that count different measures of the same units: what is resolved, and what is pending.

    Each is of the period, shows each unit once, and has no measure of another one. Where together they have all that
    an identity of the form needs, it holds.
    """
    tables = [ledger.tables[i] for i in group]
    if len(group) < 2 or any(ledger.left_out.get(i) for i in group):
        return
    of_period = any(_shows_period(t, period) for t in tables) and all(
        t.time is None or _shows_period(t, period) for t in tables
    )
    units = {frozenset(t.reading.places) for t in tables}
    once = all(len(places) == 1 for t in tables for places in t.reading.places.values())
    if of_period and len(units) == 1 and once and complete_each_other([t.numbers for t in tables]):
        ledger.joined_to.update(dict.fromkeys(group, group[0]))


def _same(ledger: _Ledger, a: int, b: int) -> bool:
    """Whether two tables show the same units with the same numbers."""
    first, second = ledger.tables[a].numbers, ledger.tables[b].numbers
    return set(first.units) == set(second.units) and all(equal(first, second, u) for u in first.units)


def _standing(ledger: _Ledger, i: int) -> bool:
    return bool(ledger.units(i))


# --- what does not agree ----------------------------------------------------------------------------------------------


def _in_conflict(ledger: _Ledger, group: Sequence[int]) -> list[int]:
    """The tables that still count a unit which another one counts too."""
    shows: dict[str, list[int]] = defaultdict(list)
    for i in group:
        for unit_id in ledger.units(i) if i not in ledger.joined_to else ():
            shows[unit_id].append(i)
    return sorted({i for members in shows.values() if len(members) > 1 for i in members})


def _decide(ledger: _Ledger, group: Sequence[int], period: Period, confirmed: ConfirmedLayouts) -> None:
    """Which of the tables in conflict counts: as the office has answered, else an open decision.

    A month is offered by nobody: its numbers are not those of the quarter. Tables whose names do not tell them apart
    from quarter to quarter cannot be asked about.
    """
    tables = [ledger.tables[i] for i in group]
    keys = stable_keys(tables, [_within_quarter(t, period) for t in tables])
    offered = {k: i for k, i in zip(keys, group, strict=False) if not _month(ledger.tables[i], period)}
    if not keys or not offered:
        return
    subject = " | ".join(sorted(keys))
    answers = [confirmed.answers("table", t.layout.labels).get(("repeat", subject)) for t in tables]
    answer = next((a for a in answers if a is not None and a.meaning in offered), None)
    decision = Decision(
        "repeat",
        subject,
        "; ".join(t.shown for t in tables),
        answer.meaning if answer is not None else "",
        "confirmed" if answer is not None else "open",
        answer.reason if answer is not None else "cùng đơn vị, số khác nhau: chưa rõ bảng nào được tính",
        tuple(Option(key, ledger.tables[i].shown) for key, i in offered.items()),
    )
    ledger.decisions[group[0]].append(decision)
    if answer is not None:
        counts = offered[answer.meaning]
        for i in group:
            if i != counts:
                shared = set(ledger.units(i)).intersection(ledger.units(counts))
                ledger.leave_out(i, shared, counts, _ANSWERED)


# --- periods of titles ------------------------------------------------------------------------------------------------


def _shows_period(table: TableShown, period: Period) -> bool:
    return table.time is not None and match_period(table.time, period) == "same"


def _month(table: TableShown, period: Period) -> int:
    """Which month of the quarter a table is titled as: 1, 2 or 3; 0 for none."""
    if table.time is None or not 20 <= (table.time.end - table.time.start).days <= 35:
        return 0
    middle = table.time.start + (table.time.end - table.time.start) / 2
    inside = period.start <= middle <= period.end
    return 1 + min(2, (middle - period.start).days * 3 // ((period.end - period.start).days + 1)) if inside else 0


def _within_quarter(table: TableShown, period: Period) -> str:
    """What a table is within the quarter by its titles: "quý", "tháng thứ 2", "" where they name no time."""
    month = _month(table, period)
    return f"tháng thứ {month}" if month else "quý" if _shows_period(table, period) else ""


# --- the result -------------------------------------------------------------------------------------------------------


def _result(ledger: _Ledger) -> Resolved:
    readings: list[CountReading] = []
    findings: list[Finding] = []
    for i, table in enumerate(ledger.tables):
        if i in ledger.because:
            findings.append(_notice(ledger, i))
        if i in ledger.added_to or i in ledger.joined_to:
            first = ledger.tables[ledger.added_to[i] if i in ledger.added_to else ledger.joined_to[i]]
            code = "tables_added" if i in ledger.added_to else "tables_joined"
            readings.append(table.reading if first is table else _at_places_of(table.reading, first.reading.places))
            findings += [*table.findings, *([] if first is table else [_together(code, table, first)])]
        elif table.refusal is None and _standing(ledger, i):
            readings.append(without_units(table.reading, ledger.left_out.get(i, set())))
            findings += table.findings
        elif i in ledger.because:
            findings += [f for f in table.reading.findings if f.code in _STILL_REPORTED]
        else:
            readings.append(table.reading if table.refusal is None else CountReading())
            findings += [*table.findings, *([table.refusal] if table.refusal is not None else [])]
    return Resolved(combined(readings), tuple(findings), tuple(_layouts(ledger)))


def _notice(ledger: _Ledger, i: int) -> Finding:
    whole, why = ledger.because[i]
    table, counts = ledger.tables[i], ledger.tables[whole]
    return table.place.finding("table_counted_elsewhere", found=table.shown, expected=counts.shown, why=why)


def _together(code: str, table: TableShown, first: TableShown) -> Finding:
    return table.place.finding(code, found=table.shown, expected=first.shown)


def _layouts(ledger: _Ledger) -> Iterator[Layout]:
    """The layouts of the tables. What was asked of a table that is not counted any more is no question."""
    for i, table in enumerate(ledger.tables):
        asked = table.layout.decisions
        covered = i in ledger.because and not ledger.units(i)
        narrowed = table.refusal is not None and table.refusal.code != "layout_open" and i not in ledger.added_to
        if covered or narrowed:
            asked = tuple(d for d in asked if d.ground != "open")
        yield replace(table.layout, decisions=(*asked, *ledger.decisions.get(i, ())))


def without_units(reading: CountReading, units: Collection[str]) -> CountReading:
    """A reading without the rows and findings of some units."""
    if not units:
        return reading
    blocks = tuple(
        replace(b, kept=b.kept & np.array([u not in units for u in b.units], dtype=np.bool_)[:, None])
        for b in reading.blocks
    )
    return replace(
        reading,
        blocks=blocks,
        places={u: p for u, p in reading.places.items() if u not in units},
        findings=tuple(f for f in reading.findings if f.unit_id not in units),
    )


def _at_places_of(reading: CountReading, places: Mapping[str, Sequence[Place]]) -> CountReading:
    """A reading whose rows are added to those that another table has of the same units."""
    blocks = tuple(
        replace(b, places=[places[u][0] if u in places else p for u, p in zip(b.units, b.places, strict=True)])
        for b in reading.blocks
    )
    return replace(reading, blocks=blocks, places={u: p for u, p in reading.places.items() if u not in places})
