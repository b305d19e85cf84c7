"""Reads thousands of damaged files: `python bench/fuzz_reading.py [count] [seed]`.

Valid exports, dossier lists and the sample's files are damaged in their bytes, in the XML inside them and in their
cells, and read through the limited worker. Reading must not crash, hang or raise. It must not accept a number that the
damaged file does not state; an independent reader finds what the file states. A unit whose rows contradict themselves
must be refused. A damaged label may have another meaning: the result is then counted as `relabelled`. It must still be
right if the damage only removed a label.
"""

from __future__ import annotations

import collections
import dataclasses
import random
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "bench"), str(ROOT / "tests/support")]

import fuzz_damage as damage  # noqa: E402
import fuzz_truth as truth  # noqa: E402

from pipeline.extract import period as files_module  # noqa: E402
from pipeline.extract.containers import sandbox  # noqa: E402
from pipeline.extract.containers.open_file import OpenedFile  # noqa: E402
from pipeline.extract.count_records import repeated_units  # noqa: E402
from pipeline.extract.forms.read_forms import read_form_sheets  # noqa: E402
from pipeline.extract.period import read_files  # noqa: E402
from pipeline.extract.wording.vocabulary import vocabulary  # noqa: E402
from pipeline.finding_catalogue import units_set_aside  # noqa: E402
from pipeline.rulebooks import installed  # noqa: E402
from pipeline.validate.consistency import check_identities  # noqa: E402

BATCH = 50
sandbox.SECONDS = 60.0


@dataclasses.dataclass
class Tally:
    """Numbers of results by kind, and every failure with the seed that repeats it."""

    outcomes: collections.Counter[str] = dataclasses.field(default_factory=collections.Counter)
    kinds: collections.Counter[str] = dataclasses.field(default_factory=collections.Counter)
    failures: list[str] = dataclasses.field(default_factory=list)
    relabelled: list[str] = dataclasses.field(default_factory=list)


def inputs(count: int, seed: int) -> Iterator[tuple[truth.Source, damage.Damaged]]:
    """`count` damaged files. Each has its own `random.Random`, so that a single one can be repeated."""
    for number in range(seed, seed + count):
        yield one(number)


def one(number: int) -> tuple[truth.Source, damage.Damaged]:
    """The damaged file of one seed."""
    rng = random.Random(number)
    source = truth.source(rng, number)
    return source, damage.damage(rng, source.name, source.data)


def run(count: int, seed: int) -> Tally:
    """Read and judge `count` inputs."""
    tally = Tally()
    batch: list[tuple[int, truth.Source, damage.Damaged]] = []
    for offset, (source, damaged) in enumerate(inputs(count, seed)):
        batch.append((seed + offset, source, damaged))
        if len(batch) == BATCH or offset == count - 1:
            _read(batch, tally)
            batch = []
    return tally


def _read(batch: list[tuple[int, truth.Source, damage.Damaged]], tally: Tally) -> None:
    named = {f"{n}/{source.name}": damaged.data for n, source, damaged in batch}
    answers = dict(sandbox.open_all(named))
    for number, source, damaged in batch:
        tally.kinds[damaged.kind.partition(":")[0]] += 1
        parts = [
            dataclasses.replace(
                p, name=source.name, grids=tuple(dataclasses.replace(g, file=source.name) for g in p.grids)
            )
            for p in answers[f"{number}/{source.name}"]
        ]
        where = f"{number} {source.name} [{damaged.kind}]"
        try:
            outcome, wrong = judge(source, damaged, parts)
        except Exception:
            tally.failures.append(f"{where}: {traceback.format_exc()}")
            continue
        tally.outcomes[outcome] += 1
        if outcome == "relabelled":
            lost = [w for w in wrong if damaged.restates or "nothing read" in w]
            tally.relabelled += [f"{where}: {w}" for w in lost]
            tally.failures += [f"{where}: {w}" for w in wrong if w not in lost]
        else:
            tally.failures += [f"{where}: {w}" for w in wrong]


def judge(source: truth.Source, damaged: damage.Damaged, parts: list[OpenedFile]) -> tuple[str, list[str]]:
    """(how reading ended, what was accepted wrongly) for one file."""
    with mock.patch.object(files_module, "open_all", lambda files, budget: iter([(name, parts) for name in files])):
        files = read_files({source.name: damaged.data}, source.period, source.index, vocabulary())
    findings = [*files.findings, *files.counts.findings]
    cells: list[truth.Taken] = []
    excluded = files.files_set_aside()
    if files.form_grids:
        forms = read_form_sheets(files.form_grids, source.period, source.index, installed())
        findings += forms.findings
        filled = forms.supplement[forms.supplement["value"].notna()]
        cells = [(r.unit_id, r.source_sheet, r.source_cell, int(r.value)) for r in filled.itertuples()]
    counts, repeated = repeated_units(files.counts, source.index, excluded)
    findings += repeated
    frame = counts.frame(excluded)
    findings += check_identities(frame, source.index.names, dict.fromkeys(source.index.level_ids(), ())).findings
    broken = units_set_aside(findings)
    got: dict[str, dict[str, int]] = {}
    for row in frame[~frame["unit_id"].isin(broken)].itertuples():
        of_unit = got.setdefault(str(row.unit_id), {})
        of_unit[str(row.measure)] = of_unit.get(str(row.measure), 0) + int(row.value)
        cells.append((row.unit_id, row.source_sheet, row.source_cell, int(row.value)))
    return truth.verdict(source, damaged.data, got, [c for c in cells if c[0] not in broken])


def main() -> int:
    """Exit status 0, or 1 if any file failed."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    start = time.perf_counter()
    tally = run(count, seed)
    print(f"{count} inputs, seed {seed}, {time.perf_counter() - start:.0f} s")
    print("outcomes:", dict(tally.outcomes.most_common()))
    print("damage:  ", dict(tally.kinds.most_common()))
    for line in tally.relabelled:
        print("relabelled", line)
    for line in tally.failures:
        print("FAILED", line)
    return 1 if tally.failures else 0


if __name__ == "__main__":
    sys.exit(main())
