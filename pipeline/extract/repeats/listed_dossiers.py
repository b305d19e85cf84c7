"""Dossier lists beside count tables of the same units: where both say the same, the table counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from pipeline.extract.count_records import CountBlock, CountReading
from pipeline.extract.repeats.resolve import EQUAL, without_units
from pipeline.extract.repeats.unit_counts import UnitCounts, equal, unit_counts
from pipeline.findings import Finding, Place


def without_tabled(
    dossiers: CountReading, tables: CountReading, excluded: Collection[str]
) -> tuple[CountReading, tuple[Finding, ...]]:
    """The counts of dossier lists without the units of which a table gives the same numbers, and a finding each list.

    `excluded`: the files that other findings set aside; their tables prove nothing. A unit whose list and table differ
    stays in both: `count_records.repeated_units` reports it.
    """
    shared = [u for u in dossiers.places if u in tables.places]
    if not shared:
        return dossiers, ()
    of_tables = [b for b in tables.blocks if b.file not in excluded]
    listed, tabled = _by_unit(dossiers.blocks), _by_unit(of_tables)
    numbers = {id(b): unit_counts(b) for b in (*dossiers.blocks, *of_tables)}
    same: dict[str, CountBlock] = {}
    for unit_id in shared:
        holding = [b for b in tabled.get(unit_id, ()) if numbers[id(b)].known_cells(unit_id)]
        of_list = _added_up([numbers[id(b)] for b in listed.get(unit_id, ())], unit_id)
        once = len(holding) == 1 and len(tables.places[unit_id]) == 1
        if once and of_list is not None and equal(of_list, numbers[id(holding[0])], unit_id):
            same[unit_id] = holding[0]
    return without_units(dossiers, same.keys()), tuple(_notices(listed, same))


def _by_unit(blocks: Sequence[CountBlock]) -> Mapping[str, list[CountBlock]]:
    found: dict[str, list[CountBlock]] = defaultdict(list)
    for block in blocks:
        for unit_id in dict.fromkeys(block.units):
            found[unit_id].append(block)
    return found


def _added_up(parts: Sequence[UnitCounts], unit_id: str) -> UnitCounts | None:
    """The numbers of a unit in several lists as one; None where the lists do not know the same measures."""
    if not parts or any(p.measures != parts[0].measures for p in parts):
        return None
    shown = [p.part([unit_id], p.measures) for p in parts]
    values, known = shown[0]
    for more, known_too in shown[1:]:
        values, known = values + more, known & known_too
    return UnitCounts((unit_id,), parts[0].measures, values, known)


def _notices(listed: Mapping[str, Sequence[CountBlock]], same: Mapping[str, CountBlock]) -> Iterator[Finding]:
    compared: dict[Place, Place] = {}
    for unit_id, table in same.items():
        for block in listed[unit_id]:
            compared.setdefault(Place(block.file, block.sheet), Place(table.file, table.sheet))
    for place, of_table in compared.items():
        yield place.finding("table_counted_elsewhere", found=f"danh sách {place}", expected=str(of_table), why=EQUAL)
