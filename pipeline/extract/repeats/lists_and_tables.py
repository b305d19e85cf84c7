"""A list of dossiers and a table that counts the same ones: where all their numbers agree, the table stands alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import groupby

import numpy as np

from pipeline.extract.count_records import CountBlock, CountReading
from pipeline.extract.repeats.unit_counts import UnitCounts, common_measures, unit_counts
from pipeline.findings import Finding, Place

#: common measures, and numbers above 0 that agree, from which it is no coincidence
_MEASURES, _NUMBERS = 4, 6


def without_summaries(
    tables: CountReading, lists: CountReading, excluded_files: Collection[str]
) -> tuple[CountReading, list[Finding]]:
    """The counts of lists without the sheets whose dossiers a table counts as well, and a notice for each of them.

    The numbers of all units of the sheet have to be those of one table. A sheet with other numbers stays: its units are
    then in two places.
    """
    of_tables = [b for b in tables.blocks if b.file not in excluded_files and b.kept.any()]
    sheets = Counter(u for b in lists.blocks for u in b.units)
    left: list[CountBlock] = []
    notices: list[Finding] = []
    for (file, sheet), blocks in groupby(lists.blocks, key=lambda b: (b.file, b.sheet)):
        of_sheet = list(blocks)
        alone = all(sheets[u] == 1 for b in of_sheet for u in b.units)  # no other sheet has dossiers of its units
        same = next(
            (t for t in of_tables if alone and _agree(unit_counts(t), [unit_counts(b) for b in of_sheet])), None
        )
        if same is None:
            left += of_sheet
            continue
        facts = {"why": "số của mọi đơn vị giống nhau"}
        expected = _shown(same.file, same.sheet)
        found = f"danh sách {_shown(file, sheet)}"
        notices.append(Place(file, sheet).finding("table_counted_elsewhere", found=found, expected=expected, **facts))
    if not notices:
        return lists, []
    gone = {(n.file, n.sheet) for n in notices}
    places = {u: [p for p in found if (p.file, p.sheet) not in gone] for u, found in lists.places.items()}
    return replace(lists, blocks=tuple(left), places={u: p for u, p in places.items() if p}), notices


def _agree(table: UnitCounts, units: Sequence[UnitCounts]) -> bool:
    """Whether a table has the same numbers for every unit of a list. `units`: the numbers of each unit of the list."""
    if {u for x in units for u in x.units} != set(table.units):
        return False
    telling = 0
    for mine in units:
        measures = common_measures([mine, table])
        (values, known), (others, known_too) = (t.part(mine.units, measures) for t in (mine, table))
        both = known & known_too
        if len(measures) < _MEASURES or not both.any() or not np.array_equal(values[both], others[both]):
            return False
        telling += int((values[both] > 0).sum())
    return telling >= _NUMBERS


def _shown(file: str, sheet: str) -> str:
    return f"{file}, trang “{sheet}”" if sheet else file
