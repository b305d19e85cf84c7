"""Measures the time of each step of a quarter: `make bench`, or `python bench/bench_quarter.py 2022-Q1 --repeat 5`.

Prints the best of several times in milliseconds. Publishes nothing and checks no limit.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flows.server.runtime import default_data_dir
from flows.steps.raw_folder import read_raw
from flows.steps.stored_office import stored_office
from flows.steps.stored_registry import stored_registry
from pipeline import quarter
from pipeline.periods import Period
from pipeline.result import Stamp
from pipeline.rulebooks import choose


def best(repeat: int, name: str, step: Callable[[], Any]) -> Any:
    """Run a step several times and print its best time. Returns its result."""
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        result = step()
        times.append(time.perf_counter() - start)
    print(f"{name:<10} {min(times) * 1000:8.0f} ms")
    return result


def main() -> None:
    """Time reading, checking, scoring and rendering of one period."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("period", type=Period.parse)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--data", type=Path, default=default_data_dir())
    asked = parser.parse_args()
    registry, office = stored_registry(asked.data).data, stored_office(asked.data)
    raw = best(asked.repeat, "files", lambda: read_raw(asked.data / "raw" / str(asked.period)))
    reading = best(asked.repeat, "read", lambda: quarter.read_period(asked.period, raw.files, registry))
    checked = best(asked.repeat, "check", lambda: quarter.check(reading))
    scored = best(asked.repeat, "score", lambda: quarter.score(checked, choose(asked.period, office=office)))
    files = best(asked.repeat, "render", lambda: quarter.render(scored, Stamp("r1")))
    print(f"{len(raw.files)} files in, {len(files)} files out, {sum(map(len, files.values()))} bytes")


if __name__ == "__main__":
    main()
