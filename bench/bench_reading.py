"""Compares the time to read a period with that of the reader library alone: `python -m bench.bench_reading [files]`.

The period has 400 exports (5 MB): once with a style on every cell, as portals write them, and once without styles,
which the library reads faster. The library alone opens every file and loads every cell. Compared are (a) opening and
cells: the limited worker process, the kind of file, hidden cells and rows, the transfer of cells between the processes;
and (b) everything: (a), the meaning of labels, the owners of rows, identities and totals. Each is the best of several
rounds, after one that loads the modules. Printed are wall time and processor time of both processes in seconds; other
programs on the machine affect the latter less.
"""

import io
import resource
import sys
import time
from collections.abc import Callable

import python_calamine

from bench.made_exports import period_files, registry
from pipeline.extract.containers.sandbox import read_all
from pipeline.extract.period import read_files
from pipeline.extract.wording.vocabulary import vocabulary
from pipeline.periods import Period
from pipeline.registry import UnitIndex, read_registry

ROUNDS = 7


def used() -> float:
    """Processor time in seconds of this process and of its finished child processes."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(u.ru_utime + u.ru_stime for u in both)


def main() -> None:
    """Print the times and their ratios, for files with styles and without."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    for title, styled in (("styled", True), ("plain", False)):
        measure(title, period_files(count, styled=styled), count)


def measure(title: str, files: dict[str, bytes], count: int) -> None:
    """Measure and print the times for the files of one period."""
    period = Period(2022, 1)
    index = UnitIndex(read_registry(registry(count)), period)

    def alone() -> int:
        cells = 0
        for data in files.values():
            book = python_calamine.load_workbook(io.BytesIO(data))
            for name in book.sheet_names:
                rows = book.get_sheet_by_name(name).to_python()
                cells += len(rows) * len(rows[0])
        return cells

    def opened() -> int:
        return sum(len(parts) for _, parts in read_all(files))

    def everything() -> int:
        reading = read_files(files, period, index, vocabulary())
        assert not [*reading.findings, *reading.counts.findings] and len(reading.counts.places) == count
        return len(reading.counts.records)

    steps: dict[str, Callable[[], int]] = {"alone": alone, "opened": opened, "everything": everything}
    cells = alone()
    for step in steps.values():
        step()
    best = {name: (float("inf"), float("inf")) for name in steps}
    for _ in range(ROUNDS):
        for name, step in steps.items():
            wall, busy = time.perf_counter(), used()
            step()
            spent = (time.perf_counter() - wall, used() - busy)
            best[name] = (min(best[name][0], spent[0]), min(best[name][1], spent[1]))
    size = sum(len(d) for d in files.values()) / 1e6
    print(f"{title}: {count} files, {size:.1f} MB, {cells} cells; best of {ROUNDS}")
    titles = {"alone": "python-calamine alone", "opened": "(a) opening and cells", "everything": "(b) everything"}
    for name, (wall, busy) in best.items():
        ratio, busier = wall / best["alone"][0], busy / best["alone"][1]
        print(f"  {titles[name]:<24}{wall:6.2f} s, ratio {ratio:4.1f};  processor {busy:5.2f} s, ratio {busier:4.1f}")


if __name__ == "__main__":
    main()
