"""The same dossiers in several tables: the whole counts, what agrees with it is no conflict, what does not is refused."""

from collections.abc import Mapping

import pytest
from offices import REGISTRY
from repeated_tables import KINDS, Case, make

from pipeline.extract import period as files_module
from pipeline.extract.containers.open_file import open_file
from pipeline.extract.count_records import repeated_units
from pipeline.extract.period import FilesReading, read_files
from pipeline.extract.wording.vocabulary import vocabulary
from pipeline.finding_catalogue import units_set_aside
from pipeline.layouts.confirmed import NONE_CONFIRMED, ConfirmedLayouts
from pipeline.periods import Period
from pipeline.registry import UnitIndex
from pipeline.registry_file import read_registry

PERIOD = Period(2022, 1)
INDEX = UnitIndex(read_registry(REGISTRY.encode()), PERIOD)


@pytest.fixture(autouse=True)
def without_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are opened here and not in a process of their own."""
    monkeypatch.setattr(files_module, "open_all", lambda files: iter([(n, open_file(n, d)) for n, d in files.items()]))


def read(files: Mapping[str, bytes], confirmed: ConfirmedLayouts = NONE_CONFIRMED) -> FilesReading:
    return read_files(files, PERIOD, INDEX, vocabulary(), confirmed=confirmed)


def counted(reading: FilesReading) -> dict[str, dict[str, int]]:
    aside = reading.files_set_aside()
    counts, repeated = repeated_units(reading.counts, INDEX, aside)
    broken = units_set_aside([*reading.findings, *reading.counts.findings, *repeated])
    frame = counts.frame(aside)
    numbers: dict[str, dict[str, int]] = {}
    for (unit, measure), value in frame.groupby(["unit_id", "measure"])["value"].sum().items():
        if unit not in broken:
            numbers.setdefault(str(unit), {})[str(measure)] = int(value)
    return numbers


def questions(reading: FilesReading, topic: str) -> list[tuple[str, tuple[str, ...]]]:
    decisions = [d for layout in reading.layouts for d in layout.open if d.topic == topic]
    return [(d.subject, tuple(o.value for o in d.options)) for d in decisions]


def wrong(case: Case, numbers: Mapping[str, Mapping[str, int]]) -> list[str]:
    found = [f"{u} is counted" for u in case.refused & numbers.keys()]
    return found + [f"{u}: {numbers.get(u)} is not {c}" for u, c in case.truth.items() if numbers.get(u) != c]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("kind", KINDS)
def test_each_dossier_counts_once_or_not_at_all(kind: str, seed: int) -> None:
    case = make(kind, seed)
    assert not wrong(case, counted(read(case.files)))
