"""Files in `thay-the/`: the rows of the units that they name count instead of those units' rows in the other exports.

A unit is replaced whole, with all its measures, and as soon as a file of the folder names it: while that file cannot be
used, the unit has no counts, because its office has said that the old ones no longer hold.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.arithmetic.wide_counts import complete, wide
from pipeline.extract.count_records import NO_COUNTS, CountReading, combined
from pipeline.extract.repeats.resolve import without_units
from pipeline.findings import Finding, Place
from pipeline.registry import UnitIndex
from pipeline.text import vn_int


@dataclass(frozen=True)
class ReplacedUnits:
    """The counts of a period after replacement.

    `counts`: of the exports without the replaced units, then the new rows; `old`: the rows that no longer count;
    `units`: ids of the units and levels that a new file names.
    """

    counts: CountReading
    old: CountReading
    units: frozenset[str]
    findings: tuple[Finding, ...]


def replace_units(
    old: CountReading, new: CountReading, unread: Mapping[str, Sequence[Place]], index: UnitIndex
) -> ReplacedUnits:
    """Let the rows of `new` count instead of those that `old` has of the same units.

    `unread`: unit_id -> places in new files whose table could not be used: the unit keeps these places and no counts.
    The row of a level that adds up only the units beside it in the new files replaces nothing.
    """
    subtotals = _subtotals(new, index)
    new = without_units(new, {level for level, _ in subtotals})
    unread = {u: p for u, p in unread.items() if u not in new.places}
    units = frozenset((*new.places, *unread))
    waiting = CountReading(places=unread)
    return ReplacedUnits(
        combined([without_units(old, units), new, waiting]),
        only_units(old, units),
        units,
        tuple(finding for _, finding in subtotals),
    )


def only_units(reading: CountReading, units: Collection[str]) -> CountReading:
    """The rows of some units, without findings and notes."""
    others = {u for block in reading.blocks for u in block.units} - set(units)
    places = {u: p for u, p in reading.places.items() if u in units}
    return CountReading(without_units(reading, others).blocks, places) if places else NO_COUNTS


def rows_by_measure(reading: CountReading, excluded: Collection[str] = ()) -> dict[str, dict[str, int]]:
    """unit_id -> measure -> number, with the numbers that follow from a row; units in several places are left out.

    `excluded`: files that are set aside.
    """
    table, _ = complete(wide(reading.frame(excluded)))
    once = [u for u in table.index if len(reading.places.get(u, ())) == 1]
    return {str(unit): {str(m): int(v) for m, v in table.loc[unit].items() if pd.notna(v)} for unit in once}


def _subtotals(new: CountReading, index: UnitIndex) -> list[tuple[str, Finding]]:
    """(level, finding) of each level whose new row is only the sum of some of its units, which stand beside it."""
    levels = [level for level in index.level_ids() if level in new.places]
    if not levels:
        return []
    numbers = rows_by_measure(new)
    found = []
    for level in levels:
        members = index.units(index.levels[level])
        beside = [u for u in members if u in numbers]
        if level in numbers and beside and len(beside) < len(members) and _adds_up(numbers, level, beside):
            place = new.places[level][0]
            name, some, every = index.names[level], vn_int(len(beside)), vn_int(len(members))
            facts: dict[str, Any] = {"row": name, "some": some, "all": every}
            found.append((level, place.finding("replacement_subtotal", level, found=name, **facts)))
    return found


def _adds_up(numbers: Mapping[str, Mapping[str, int]], level: str, units: Iterable[str]) -> bool:
    rows = [numbers[u] for u in units]
    shared = [m for m in numbers[level] if all(m in row for row in rows)]
    return bool(shared) and all(numbers[level][m] == sum(row[m] for row in rows) for m in shared)


def old_findings(findings: Iterable[Finding], units: Collection[str]) -> tuple[Finding, ...]:
    """The findings of the old exports without those about the replaced units: their old rows no longer count."""
    return tuple(f for f in findings if not (f.unit_id and f.unit_id in units))
