"""Measures the time of each step of a quarter: `make bench`, or `python bench/bench_quarter.py 2022-Q1 --repeat 5`.

Prints the best of several times in milliseconds, and the time of the papers as a multiple of all that precedes them.
`--units 200`: a made city of so many units in place of the files of the period. Publishes nothing, checks no limit.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.made_cities import PERIOD, made_city
from flows.server.runtime import default_data_dir
from flows.steps.raw_folder import read_raw
from flows.steps.stored_office import stored_office
from flows.steps.stored_registry import stored_registry
from pipeline import quarter
from pipeline.periods import Period
from pipeline.result import Stamp
from pipeline.rulebooks import choose


def best(repeat: int, name: str, step: Callable[[], Any]) -> tuple[Any, float]:
    """Run a step several times and print its best time. Returns its result and that time in seconds."""
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        result = step()
        times.append(time.perf_counter() - start)
    print(f"{name:<10} {min(times) * 1000:8.0f} ms")
    return result, min(times)


def main() -> None:
    """Time reading, checking, scoring and rendering of one period."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("period", type=Period.parse)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--units", type=int, default=0)
    parser.add_argument("--data", type=Path, default=default_data_dir())
    asked = parser.parse_args()
    period, registry, office = asked.period, stored_registry(asked.data).data, stored_office(asked.data)
    if asked.units:
        city = made_city(1, max(1, asked.units // 2))
        period, registry, files = PERIOD, city.registry, city.files
    else:
        folder = asked.data / "raw" / str(period)
        files = best(asked.repeat, "files", lambda: read_raw(folder))[0].files
    choice = choose(period, office=office)
    reading, reads = best(asked.repeat, "read", lambda: quarter.read_period(period, files, registry))
    checked, checks = best(asked.repeat, "check", lambda: quarter.check(reading))
    scored, scores = best(asked.repeat, "score", lambda: quarter.score(checked, choice))
    papers, writes = best(asked.repeat, "papers", lambda: quarter.render(scored, Stamp("r1")))
    print(f"papers: {writes / (reads + checks + scores):.1f} times read, check and score")
    print(f"{len(files)} files in, {len(papers)} files out, {sum(map(len, papers.values()))} bytes")


if __name__ == "__main__":
    main()
