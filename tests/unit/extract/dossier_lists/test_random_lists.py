"""Lists in words that nobody has listed: right without a question, or asked and right after the answer; never wrong."""

import datetime as dt
from collections import Counter
from unittest import mock

import pytest
from list_exports import ListExport, make
from offices import REGISTRY

from pipeline.extract import period as files_module
from pipeline.extract.containers.open_file import open_file
from pipeline.extract.count_records import repeated_units
from pipeline.extract.wording.vocabulary import vocabulary
from pipeline.finding_catalogue import units_set_aside
from pipeline.layouts.confirmed import ConfirmedLayout, ConfirmedLayouts
from pipeline.periods import Period
from pipeline.registry import UnitIndex
from pipeline.registry_file import read_registry

PERIOD = Period(2022, 1)
INDEX = UnitIndex(read_registry(REGISTRY.encode()), PERIOD)
BATCHES, SIZE = 6, 25


def read(
    export: ListExport, *, answered: bool
) -> tuple[dict[str, dict[str, int]], list[str], files_module.FilesReading]:
    """(unit -> measure -> number of those that stand, codes of the findings, the reading)."""
    layouts = ConfirmedLayouts(
        [ConfirmedLayout("danh-sach", "list", export.labels, export.answers, "Công chức 1", dt.date(2022, 3, 20))]  # type: ignore[arg-type]
        if answered
        else []
    )
    with mock.patch.object(
        files_module, "open_all", lambda files, budget: iter([(n, open_file(n, d)) for n, d in files.items()])
    ):
        reading = files_module.read_files(export.files, PERIOD, INDEX, vocabulary(), confirmed=layouts)
    aside = reading.files_set_aside()
    counts, repeated = repeated_units(reading.counts, INDEX, aside)
    findings = [*reading.findings, *reading.counts.findings, *repeated]
    out = units_set_aside(findings)
    numbers: dict[str, dict[str, int]] = {}
    for unit, measure, value in counts.frame(aside)[["unit_id", "measure", "value"]].itertuples(index=False):
        if unit not in out:
            numbers.setdefault(INDEX.names[unit], {})[measure] = int(value)
    return numbers, [f.code for f in findings], reading


def differing(numbers: dict[str, dict[str, int]], truth: dict[str, dict[str, int]]) -> list[tuple[str, str, int, int]]:
    return [(u, m, v, truth[u][m]) for u, ms in numbers.items() for m, v in ms.items() if truth[u][m] != v]


@pytest.mark.parametrize("batch", range(BATCHES))
def test_right_or_asked_and_right_after_the_answer(batch: int) -> None:
    for seed in range(batch * SIZE, (batch + 1) * SIZE):
        export = make(seed)
        said = f"seed {seed}: {export.layout}"
        numbers, codes, reading = read(export, answered=False)
        assert differing(numbers, export.truth) == [], said
        if export.provable and numbers:
            assert export.truth.keys() - export.units_asked == numbers.keys(), said
        elif export.whole:
            assert (numbers, set(codes)) == ({}, {"layout_open"}), said
        else:
            assert numbers.keys() == export.truth.keys() - export.units_asked, said
        asked = {(d.topic, d.subject) for layout in reading.layouts for d in layout.open}
        topics = {topic for topic, _ in export.answers}
        assert {t for t, _ in asked} <= topics, said
        numbers, codes, reading = read(export, answered=True)
        assert differing(numbers, export.truth) == [] and numbers.keys() == export.truth.keys(), (said, codes)
        assert ("layout_confirmed" in codes) == bool(export.answers) or export.provable, said
        assert not any(layout.open for layout in reading.layouts), said


def test_the_generator_makes_what_it_says() -> None:
    told = Counter(part for seed in range(BATCHES * SIZE) for part in make(seed).layout.split("; "))
    for kind in (
        "end known",
        "end asked",
        "due asked",
        "received only submitted",
        "office asked",
        "office title",
        "status asked",
    ):
        assert told[kind] >= 5
    assert {"utc", "oracle", "short", "before", "epoch", "weekday"} <= set(told)
