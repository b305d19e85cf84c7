"""How much reading costs over the reader library alone: a period of 400 small exports, both measured in one run.

python -m bench.bench_reading [files]
"""

import io
import sys
import time
from pathlib import Path

import python_calamine

from pipeline.extract.files import read_files
from pipeline.extract.labels import vocabulary
from pipeline.periods import Period
from pipeline.units import UnitIndex, read_registry

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests/support"))


def main() -> None:
    from offices import REGISTRY
    from random_exports import make

    count = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    files = {f"{i}.xlsx": make(i, "xlsx").data for i in range(count)}
    index = UnitIndex(read_registry(REGISTRY.encode()), Period(2022, 1))
    rounds = []
    for _ in range(3):
        start = time.perf_counter()
        for data in files.values():
            book = python_calamine.load_workbook(io.BytesIO(data))
            for name in book.sheet_names:
                book.get_sheet_by_name(name).to_python()
        alone = time.perf_counter() - start
        start = time.perf_counter()
        read_files(files, Period(2022, 1), index, vocabulary())
        rounds.append((alone, time.perf_counter() - start))
    alone, whole = min(rounds, key=lambda r: r[1])
    size = sum(len(d) for d in files.values()) / 1e6
    print(
        f"{count} files, {size:.1f} MB: calamine alone {alone:.2f} s, "
        f"read_files {whole:.2f} s, ratio {whole / alone:.1f}"
    )


if __name__ == "__main__":
    main()
