"""Measures how much time Prefect adds to a run: `python bench/bench_flow.py [--repeat 3]`.

The sample quarter is scored in a new process and into an empty output folder each time: without Prefect (`--direct`),
on the embedded server (first start, which creates the database, and later starts), on a running server, and as a run of
a deployment from the request to its end (with a worker that polls every second, and with one at Prefect's default).
Prints the median, the difference and the ratio to the run without Prefect. Uses a temporary folder and a free port.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.server.password import OF_CLIENT, OF_SERVER, make_password
from flows.server.runtime import SETTINGS, is_healthy

ROOT = Path(__file__).resolve().parents[1]
PERIOD = "2022-Q1"
TTHC = [sys.executable, "-c", "from flows.cli import main; main()"]
PREFECT = [sys.executable, "-m", "prefect", "--no-prompt"]
START_SECONDS = 120


class Bench:
    """A copy of the sample and the environment of its runs."""

    def __init__(self, place: Path) -> None:
        self.data = place / "data"
        for name in ("raw", "reference"):
            shutil.copytree(ROOT / "data" / name, self.data / name)
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "TTHC_"))}
        self.env = {**kept, **SETTINGS, "TTHC_DATA_DIR": str(self.data), "NO_PROXY": "127.0.0.1"}

    def timed(self, command: list[str], **env: str) -> float:
        """Run a command into an empty output folder; its time in seconds. Ends the program if nothing was published."""
        shutil.rmtree(self.data / "out", ignore_errors=True)
        (self.data / "out").mkdir()
        began = time.perf_counter()
        done = subprocess.run(
            command, cwd=ROOT, env={**self.env, **env}, capture_output=True, text=True, check=False
        )  # fmt: skip
        seconds = time.perf_counter() - began
        if not (self.data / "out" / PERIOD / "r1" / "manifest.json").is_file():
            sys.exit(f"nothing was published:\n{done.stdout}{done.stderr}")
        return seconds

    @contextmanager
    def background(self, *command: str, **env: str) -> Iterator[subprocess.Popen[bytes]]:
        """A process that is stopped at the end of the block."""
        process = subprocess.Popen(
            command, cwd=ROOT, env={**self.env, **env}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )  # fmt: skip
        try:
            yield process
        finally:
            process.terminate()
            process.wait()


def wait_for(server: subprocess.Popen[bytes], address: str) -> None:
    """Wait until the server answers. Ends the program if it does not start."""
    deadline = time.monotonic() + START_SECONDS
    while not is_healthy(address):
        if server.poll() is not None or time.monotonic() > deadline:
            sys.exit("the server did not start")
        time.sleep(0.2)


def measure(bench: Bench, place: Path, repeat: int) -> Iterator[tuple[str, list[float]]]:
    """Yields (description, seconds of each run) for every way to run."""

    def often(run: Callable[[int], float]) -> list[float]:
        return [run(number) for number in range(repeat)]

    score = [*TTHC, "score", PERIOD]
    yield "without Prefect (--direct)", often(lambda _: bench.timed([*score, "--direct"]))
    yield "embedded server, first start", often(lambda n: bench.timed(score, PREFECT_HOME=str(place / f"new-{n}")))
    home = str(place / "new-0")
    yield "embedded server, later starts", often(lambda _: bench.timed(score, PREFECT_HOME=home))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    address = f"http://127.0.0.1:{port}"
    env = {"PREFECT_HOME": str(place / "server"), "PREFECT_API_URL": f"{address}/api"}
    env |= dict.fromkeys((OF_SERVER, OF_CLIENT), make_password())
    serve = [sys.executable, "-m", "flows.server.serve", "--host", "127.0.0.1", "--port", port]
    with bench.background(*serve, **env) as server:
        wait_for(server, address)
        yield "running server", often(lambda _: bench.timed(score, **env))
        subprocess.run([*TTHC, "service"], cwd=ROOT, env={**bench.env, **env}, check=True, stdout=subprocess.DEVNULL)
        ask = [
            *PREFECT, "deployment", "run", "--watch", "Chấm điểm lại/cham-diem-lai", "-p", f"period={PERIOD}",
            "-p", "reason=đo", "-p", "requested_by=đo",
        ]  # fmt: skip
        for what, seconds in (("worker asking every second", "1"), ("worker asking every 10 s (default)", "10")):
            worker = [*PREFECT, "worker", "start", "--pool", "tthc", "--type", "process"]
            with bench.background(*worker, PREFECT_WORKER_QUERY_SECONDS=seconds, **env):
                bench.timed(ask, **env)  # not measured: it includes the start of the worker
                yield what, often(lambda _: bench.timed(ask, **env))


def main() -> None:
    """Run all measurements and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=3)
    asked = parser.parse_args()
    bare: float | None = None
    with tempfile.TemporaryDirectory(prefix="tthc-bench-") as folder:
        place = Path(folder)
        print(f"{'':<36}{'median':>9}{'range':>16}{'over bare':>11}{'ratio':>7}")
        for what, times in measure(Bench(place), place, asked.repeat):
            median = statistics.median(times)
            bare = median if bare is None else bare
            spread = f"{min(times):.1f}–{max(times):.1f}"
            print(f"{what:<36}{median:>7.1f} s{spread:>16}{median - bare:>+9.1f} s{median / bare:>7.1f}", flush=True)


if __name__ == "__main__":
    main()
