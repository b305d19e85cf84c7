"""Rows in other grains than a unit each: added up to the truth, or refused with a finding."""

from collections import Counter
from unittest import mock

import pytest
from offices import REGISTRY
from random_exports import Export
from random_grains import make

from pipeline.extract import period as files_module
from pipeline.extract.containers.open_file import open_file
from pipeline.extract.count_records import repeated_units
from pipeline.extract.wording.vocabulary import vocabulary
from pipeline.finding_catalogue import catalogue
from pipeline.periods import Period
from pipeline.registry import UnitIndex
from pipeline.registry_file import read_registry
from pipeline.validate.consistency import check_identities
from schemas.measures import COUNT_NAMES

PERIOD = Period(2022, 1)
INDEX = UnitIndex(read_registry(REGISTRY.encode()), PERIOD)
BATCHES, SIZE = 4, 50
DEADLINES = ("resolved_early", "resolved_on_time", "resolved_late", "pending_in_time", "pending_overdue")


def read(export: Export) -> tuple[dict[str, dict[str, int]], set[str], bool]:
    """(unit -> measure -> number of those that stand, units set aside, whether a whole file or an unnamed row is)."""
    with mock.patch.object(
        files_module, "open_all", lambda files, budget: iter([(n, open_file(n, d)) for n, d in files.items()])
    ):
        reading = files_module.read_files({export.name: export.data}, PERIOD, INDEX, vocabulary())
    aside = reading.files_set_aside()
    counts, repeated = repeated_units(reading.counts, INDEX, aside)
    findings = [*reading.findings, *reading.counts.findings, *repeated]
    frame = counts.frame(aside)
    findings += check_identities(frame, INDEX.names, {}).findings
    errors = [f for f in findings if catalogue()[f.code].severity == "error"]
    numbers: dict[str, dict[str, int]] = {}
    for (unit, measure), value in frame.groupby(["unit_id", "measure"])["value"].sum().items():
        numbers.setdefault(str(unit), {})[str(measure)] = int(value)
    return numbers, {f.unit_id for f in errors if f.unit_id}, any(not f.unit_id for f in errors)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_rows_of_any_grain_add_up_to_the_truth(batch: int) -> None:
    refused = 0
    for seed in range(batch * SIZE, (batch + 1) * SIZE):
        export = make(seed)
        numbers, broken, partly = read(export)
        refused += partly or bool(broken)
        for unit, counts in export.truth.items():
            if unit in broken or (partly and unit not in numbers):
                continue
            got = numbers[unit]
            assert set(DEADLINES) <= got.keys(), (export.layout, unit, got)
            expected = {m: counts[m] for m in got if m in COUNT_NAMES}
            assert got == expected, (export.layout, unit)
    # refusing everything would be easy; a page that breaks after the first total is refused for good reason
    assert refused <= SIZE * 0.1


def test_the_generator_makes_what_it_says() -> None:
    made = Counter(tuple(make(seed).layout.split(": ")[1].split(", ")[:2]) for seed in range(240))
    grains, containers = ({k[i] for k in made} for i in (0, 1))
    assert grains == {"sheet_a_unit", "sections", "headed", "pairs", "levels", "several"}
    assert containers == {"xlsx", "sheets", "html", "csv", "zip"}
