"""Damaged headers over honest numbers: nothing that is read is wrong."""

import pytest
from perturbed_tables import make

from pipeline.extract.count_records import combined
from pipeline.extract.count_tables.read_table import read_tables
from pipeline.extract.count_tables.tables import find_tables
from pipeline.extract.wording.vocabulary import vocabulary
from pipeline.findings import Finding
from pipeline.registry import UnitIndex
from pipeline.validate.consistency import check_identities


def wrong(seed: int, index: UnitIndex) -> list[tuple[str, str, int, int]]:
    """(unit, measure, read, true) of the numbers that are read and are not the truth."""
    made = make(seed)
    tables = find_tables(made.grid, vocabulary())
    assert not isinstance(tables, Finding)
    frame = combined(t.counts for t in read_tables(tables, index)).frame(set())
    broken = {f.unit_id for f in check_identities(frame, index.names, dict.fromkeys(index.level_ids(), ())).findings}
    read = frame[~frame["unit_id"].isin(broken)].groupby(["unit_id", "measure"])["value"].sum()
    return [
        (unit, measure, int(value), made.truth[unit][measure])
        for (unit, measure), value in read.items()
        if measure in made.truth[unit] and value != made.truth[unit][measure]
    ]


@pytest.mark.parametrize("block", range(8))
def test_nothing_that_is_read_from_a_damaged_header_is_wrong(block: int, index: UnitIndex) -> None:
    found = {seed: w for seed in range(block * 60, block * 60 + 60) if (w := wrong(seed, index))}
    assert found == {}
