"""No wrong number is accepted: what is read from a random layout is the truth, or it is refused with a finding."""

import random
from collections.abc import Mapping

import pandas as pd
import pytest
from offices import REGISTRY
from random_exports import Export, make

from pipeline.extract.containers.open_file import open_file
from pipeline.extract.containers.text_encoding import decode_text
from pipeline.extract.count_records import combined
from pipeline.extract.count_tables.read_table import read_tables
from pipeline.extract.count_tables.tables import find_tables
from pipeline.extract.wording.vocabulary import vocabulary
from pipeline.finding_catalogue import catalogue
from pipeline.periods import Period
from pipeline.registry import UnitIndex
from pipeline.registry_file import read_registry
from pipeline.validate.consistency import check_identities

INDEX = UnitIndex(read_registry(REGISTRY.encode()), Period(2022, 1))
BATCHES, SIZE = 6, 100


def read(name: str, data: bytes) -> tuple[Mapping[tuple[str, str], int], set[str], bool]:
    """((unit, measure) -> number), units in error, and whether the file is refused."""
    tables = []
    refused = False
    for part in open_file(name, data):
        refused |= bool(part.code) or not part.grids
        for grid in part.grids:
            tables += read_tables(find_tables(grid, vocabulary()), INDEX)
    reading = combined(t.counts for t in tables)
    frame = reading.frame(set())
    findings = [*reading.findings, *check_identities(frame, INDEX.names, {}).findings]
    costs = [(catalogue()[f.code], f) for f in findings]
    refused |= any(entry.sets_aside == "file" or (entry.severity == "error" and not f.unit_id) for entry, f in costs)
    broken = {f.unit_id for entry, f in costs if entry.severity == "error" and f.unit_id}
    numbers = frame.groupby(["unit_id", "measure"])["value"].sum()
    return {(str(u), str(m)): int(v) for (u, m), v in numbers.items()}, broken, refused


def wrong_numbers(export: Export, numbers: Mapping[tuple[str, str], int], broken: set[str]) -> list[str]:
    """What was accepted and is not the truth, lost dossiers included."""
    wrong = []
    for unit, counts in export.truth.items():
        if unit in broken:
            continue
        for measure in ("resolved_early", "resolved_on_time", "resolved_late", "pending_in_time", "pending_overdue"):
            if numbers.get((unit, measure)) != counts[measure]:
                wrong.append(f"{unit} {measure}: {numbers.get((unit, measure))} ≠ {counts[measure]}")
        wrong += [
            f"{unit} {m}: {v} ≠ {counts[m]}"
            for (u, m), v in numbers.items()
            if u == unit and m in counts and v != counts[m]
        ]
    return wrong


def text_of(export: Export) -> tuple[list[str], str]:
    """(lines, delimiter) of a text export."""
    lines = decode_text(export.data).removeprefix("\ufeff").split("\r\n")
    return lines, "\t" if "\t" in lines[-1] else ";"


@pytest.mark.parametrize("batch", range(BATCHES))
def test_read_right_or_refused(batch: int) -> None:
    refused = 0
    for seed in range(batch * SIZE, (batch + 1) * SIZE):
        export = make(seed)
        numbers, broken, rejected = read(export.name, export.data)
        if rejected:
            refused += 1
            continue
        wrong = wrong_numbers(export, numbers, broken)
        assert not wrong, (export.layout, wrong)
    # refusing everything would be easy: these layouts are all readable
    assert refused <= SIZE * 0.05


@pytest.mark.parametrize("batch", range(4))
def test_a_changed_number_is_never_accepted(batch: int) -> None:
    """One count of a text file is changed: the row, the total row or the whole table says so, or the number is the same."""
    for seed in range(10_000 + batch * 25, 10_000 + (batch + 1) * 25):
        export = make(seed, "csv")
        rng = random.Random(seed)
        lines, delimiter = text_of(export)
        rows = [i for i, line in enumerate(lines) if line.split(delimiter)[0].isdigit()]
        at = rng.choice(rows)
        cells = lines[at].split(delimiter)
        numeric = [i for i, c in enumerate(cells) if i > 1 and c.replace(".", "").isdigit()]
        if not numeric:
            continue
        column = rng.choice(numeric)
        cells[column] = str(int(cells[column].replace(".", "")) + rng.choice([1, 7, 100]))
        lines[at] = delimiter.join(cells)
        numbers, broken, rejected = read(export.name, "\r\n".join(lines).encode("utf-8"))
        if not rejected:
            wrong = wrong_numbers(export, numbers, broken)
            assert not wrong, (export.layout, at, column, wrong)


@pytest.mark.parametrize("batch", range(4))
def test_a_label_nobody_knows_loses_no_dossier_in_silence(batch: int) -> None:
    """With one heading made meaningless the file is refused, its rows break, or its measure is missing: never another number."""
    for seed in range(20_000 + batch * 25, 20_000 + (batch + 1) * 25):
        export = make(seed, "csv")
        rng = random.Random(seed)
        lines, delimiter = text_of(export)
        at = next(i for i, line in enumerate(lines) if line.split(delimiter)[0] in {"STT", "TT"})
        cells = lines[at].split(delimiter)
        cells[rng.randrange(2, len(cells))] = "Cột lạ"
        lines[at] = delimiter.join(cells)
        numbers, broken, rejected = read(export.name, "\r\n".join(lines).encode("utf-8"))
        wrong = {
            (u, m): v
            for (u, m), v in numbers.items()
            if not rejected and u not in broken and v != export.truth[u].get(m, v)
        }
        assert not wrong, (export.layout, wrong)


def test_the_generator_makes_what_it_says() -> None:
    kinds = pd.Series([make(seed).name.rpartition(".")[2] for seed in range(60)]).value_counts()
    assert set(kinds.index) == {"xlsx", "html", "csv"} and kinds.min() >= 5
