"""The numbers of a table by unit and measure, and comparisons of several tables: equal, sum of parts, months."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pipeline.arithmetic.identities import (
    BALANCE,
    IN_PERIOD_BY_CHANNEL,
    OUTSIDE,
    PENDING_BY_DEADLINE,
    RESOLVED_BY_DEADLINE,
    SUMS,
)
from pipeline.extract.count_records import CountBlock

#: sums that a table may give as one column and another table in parts
_SUMMED: Final = {
    "resolved_in_time": ("resolved_early", "resolved_on_time"),
    **{i.total: i.parts for i in (RESOLVED_BY_DEADLINE, PENDING_BY_DEADLINE, IN_PERIOD_BY_CHANNEL)},
}
#: what stands at one day: months do not add up to the quarter
_OPENING: Final = frozenset(("carried_over",))
_CLOSING: Final = PENDING_BY_DEADLINE.measures
#: measures in which a month may exceed its quarter
AT_ONE_DAY: Final = _OPENING | _CLOSING
#: numbers from which two tables that agree do so by no coincidence; a table with fewer has to agree in all
_ENOUGH: Final = 3


@dataclass(frozen=True)
class UnitCounts:
    """Numbers of dossiers. `values` and `known` have the shape (units, measures); 0 where a number is not known."""

    units: tuple[str, ...]
    measures: tuple[str, ...]
    values: NDArray[np.int64]
    known: NDArray[np.bool_]

    def part(self, units: Sequence[str], measures: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """(values, known) of some units and measures, in their order. A unit that is not here has no dossiers: 0."""
        row, column = ({x: i for i, x in enumerate(names)} for names in (self.units, self.measures))
        values = np.zeros((len(units), len(measures)), dtype=np.int64)
        known = np.ones(values.shape, dtype=np.bool_)
        lines = [i for i, u in enumerate(units) if u in row]
        chosen = np.ix_([row[units[i]] for i in lines], [column[m] for m in measures])
        values[lines], known[lines] = self.values[chosen], self.known[chosen]
        return values, known

    def known_cells(self, unit_id: str) -> int:
        """How many numbers of a unit are known."""
        return int(self.known[self.units.index(unit_id)].sum()) if unit_id in self.units else 0


def unit_counts(block: CountBlock) -> UnitCounts:
    """The numbers of a block, rows of one unit and columns of one measure added up, with the sums that follow."""
    units, measures = tuple(dict.fromkeys(block.units)), tuple(dict.fromkeys(block.measures))
    row, column = ({x: i for i, x in enumerate(names)} for names in (units, measures))
    at = np.ix_([row[u] for u in block.units], [column[m] for m in block.measures])
    values = np.zeros((len(units), len(measures)), dtype=np.int64)
    missing = np.zeros(values.shape, dtype=np.int64)
    np.add.at(values, at, np.where(block.kept, block.values, 0))
    np.add.at(missing, at, (~block.kept).astype(np.int64))
    return _with_sums(UnitCounts(units, measures, values, missing == 0))


def _with_sums(counts: UnitCounts) -> UnitCounts:
    for total, parts in _SUMMED.items():
        if total not in counts.measures and set(parts) <= set(counts.measures):
            values, known = counts.part(counts.units, parts)
            counts = UnitCounts(
                counts.units,
                (*counts.measures, total),
                np.hstack([counts.values, values.sum(axis=1, keepdims=True)]),
                np.hstack([counts.known, known.all(axis=1, keepdims=True)]),
            )
    return counts


def common_measures(tables: Sequence[UnitCounts]) -> list[str]:
    """The measures that all tables have."""
    return [m for m in tables[0].measures if all(m in t.measures for t in tables)] if tables else []


def equal(a: UnitCounts, b: UnitCounts, unit_id: str) -> bool:
    """Whether two tables give a unit the same numbers: in three measures at least, or in all of one of them."""
    measures = common_measures([a, b])
    (values, known), (others, known_too) = (t.part([unit_id], measures) for t in (a, b))
    both = known & known_too
    enough = both.sum() >= min(_ENOUGH, len(a.measures), len(b.measures))
    return bool(enough and (values[both] == others[both]).all())


def adds_up(parts: Sequence[UnitCounts], whole: UnitCounts) -> bool:
    """Whether parts add up to a whole in all its units and common measures, and their numbers are no coincidence.

    A unit that a part does not show has no dossiers in it. Each part has to add dossiers.
    """
    measures = common_measures([*parts, whole])
    if len(parts) < 2 or not measures or not _within(parts, whole):
        return False
    values, known = whole.part(whole.units, measures)
    shown = [p.part(whole.units, measures) for p in parts]
    together = np.sum([v for v, _ in shown], axis=0)
    readable = known & np.all([k for _, k in shown], axis=0)
    telling = sum(bool(v.any()) for v, _ in shown) >= 2 and (values[readable] > 0).sum() >= _ENOUGH
    return bool(telling and (together == values)[readable].all())


def complete_each_other(tables: Sequence[UnitCounts]) -> bool:
    """Whether tables of the same units have no measure in common, and all identities of the form hold in them together.

    An identity holds where a number of it is not known.
    """
    measures = [m for t in tables for m in t.measures]
    if len(set(measures)) < len(measures):
        return False
    units = tables[0].units
    shown = {m: tuple(x[:, 0] for x in t.part(units, [m])) for t in tables for m in t.measures}
    balance = () if shown.keys() & set(OUTSIDE) else (BALANCE,)  # some portals count those beside the resolved ones
    for identity in (*SUMS, *balance):
        if identity.measures <= shown.keys():
            readable = np.all([shown[m][1] for m in identity.measures], axis=0)
            together = np.sum([shown[m][0] for m in identity.parts], axis=0)
            if (together != shown[identity.total][0])[readable].any():
                return False
    return True


def does_not_exceed(part: UnitCounts, whole: UnitCounts, *, without: Collection[str] = ()) -> bool:
    """Whether every number of a part is at most that of the whole, in all units and common measures."""
    measures = [m for m in common_measures([part, whole]) if m not in without]
    if not measures or not _within([part], whole):
        return False
    (values, known), (most, known_too) = (t.part(part.units, measures) for t in (part, whole))
    return bool((values <= most)[known & known_too].all())


def months_add_up(months: Sequence[UnitCounts], quarter: UnitCounts) -> bool:
    """Whether the tables of all months, in their order, give the quarter.

    What came and what was resolved adds up. What was carried over is that of the first month, what is pending that of
    the last one, and the total received is what was carried over and what came.
    """
    measures = common_measures([*months, quarter])
    if not measures or not _within(months, quarter):
        return False
    values, known = quarter.part(quarter.units, measures)
    shown = [m.part(quarter.units, measures) for m in months]
    readable = known & np.all([k for _, k in shown], axis=0)
    together = np.sum([v for v, _ in shown], axis=0)
    position = {m: i for i, m in enumerate(measures)}
    for measure, i in position.items():
        if measure in _OPENING:
            together[:, i] = shown[0][0][:, i]
        elif measure in _CLOSING:
            together[:, i] = shown[-1][0][:, i]
    if "received_total" in position:
        came = np.sum([v[:, position["received_total"]] for v, _ in shown], axis=0)
        together[:, position["received_total"]] = came - _carried_between(shown, position)
    return bool((together == values)[readable].all())


def _carried_between(
    shown: Sequence[tuple[NDArray[np.int64], NDArray[np.bool_]]], position: dict[str, int]
) -> NDArray[np.int64]:
    """What the totals received of the later months count again: what was carried over into them. Shape (units,)."""
    later = [values for values, _ in shown[1:]]
    if "carried_over" in position:
        again = [values[:, position["carried_over"]] for values in later]
    elif "pending_total" in position:
        again = [values[:, position["pending_total"]] for values, _ in shown[:-1]]
    else:
        again = []
    return np.sum(again, axis=0) if again else np.zeros(len(shown[0][0]), dtype=np.int64)


def _within(parts: Sequence[UnitCounts], whole: UnitCounts) -> bool:
    """Whether the whole shows all units of its parts."""
    return all(set(part.units) <= set(whole.units) for part in parts)
