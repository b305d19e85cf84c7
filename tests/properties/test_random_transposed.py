"""Tables with units across the columns: the truth is read, and from a damaged table no other number."""

from collections.abc import Mapping

import pytest
from offices import REGISTRY
from random_exports import Export
from random_transposed import MARKS, make

from pipeline.extract.containers.open_file import open_file
from pipeline.extract.count_records import combined
from pipeline.extract.count_tables.read_table import read_tables
from pipeline.extract.count_tables.tables import find_tables
from pipeline.extract.wording.vocabulary import vocabulary
from pipeline.finding_catalogue import catalogue
from pipeline.findings import Finding
from pipeline.periods import Period
from pipeline.registry import UnitIndex
from pipeline.registry_file import read_registry
from pipeline.validate.consistency import check_identities

INDEX = UnitIndex(read_registry(REGISTRY.encode()), Period(2022, 1))
BATCHES, SIZE = 4, 50


def read(export: Export) -> tuple[Mapping[tuple[str, str], int], list[Finding]]:
    """((unit, measure) -> number of those that stand, findings)."""
    tables = []
    for part in open_file(export.name, export.data):
        for grid in part.grids:
            found = find_tables(grid, vocabulary())
            assert isinstance(found, list), export.layout
            tables += read_tables(found, INDEX)
    reading = combined(t.counts for t in tables)
    frame = reading.frame(set())
    findings = [*reading.findings, *check_identities(frame, INDEX.names, {}).findings]
    errors = [f for f in findings if catalogue()[f.code].severity == "error"]
    if any(not f.unit_id or catalogue()[f.code].sets_aside == "file" for f in errors):
        return {}, findings
    numbers = frame[~frame["unit_id"].isin([f.unit_id for f in errors])].groupby(["unit_id", "measure"])["value"].sum()
    return {(str(u), str(m)): int(v) for (u, m), v in numbers.items()}, findings


@pytest.mark.parametrize("batch", range(BATCHES))
def test_every_count_is_read(batch: int) -> None:
    for seed in range(batch * SIZE, (batch + 1) * SIZE):
        export = make(seed)
        numbers, findings = read(export)
        truth = {
            (u, m): v for u, counts in export.truth.items() for m, v in counts.items() if m != "received_in_period"
        }
        if any(truth.values()):
            assert numbers == truth, (export.layout, findings)
        else:  # no dossier anywhere proves which column is a total
            assert numbers.items() <= truth.items(), (export.layout, findings)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_a_damaged_table_gives_no_other_number(batch: int) -> None:
    accepted = 0
    for seed in range(10_000 + batch * SIZE, 10_000 + (batch + 1) * SIZE):
        export = make(seed, damage=True)
        numbers, _ = read(export)
        accepted += bool(numbers)
        wrong = {(u, m): v for (u, m), v in numbers.items() if v != export.truth[u].get(m, v)}
        assert not wrong, (export.layout, wrong)
    assert accepted >= SIZE // 5  # refusing everything would be easy


def test_every_way_to_mark_levels_is_tried() -> None:
    assert {make(seed).layout.split(": ")[1].split(",")[0] for seed in range(BATCHES * SIZE)} == set(MARKS)
