"""Kills `tthc score --direct` with kill -9 at random moments: `python -m bench.kill_runs [n] [--seed 1]`.

Every round changes an input, starts a run in a new process and kills it: a third of them anywhere in the run, a third
while it writes the reports and publishes, a third while the files of the revision reach the disk. After each kill the
current revision must be complete. The next run must succeed, publish the killed run's revision (or adopt it if it was
published) and leave no other files. Uses a copy of the sample in a temporary folder. Ends with status 1 at the first
violation.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

from flows.steps.job import Job
from flows.steps.scoring_steps import run
from pipeline.publish import revisions
from pipeline.publish.atomic_files import LOCK
from pipeline.publish.ledger import LEDGER
from pipeline.publish.verification import verify
from schemas.manifest import Current

PERIOD = "2022-Q1"
ROOT = Path(__file__).parents[1]
CODE = "from flows.cli import main; main()"
#: what a killed run may leave until the next one: the staging folder and a temporary file of current.json
LEFT = (f"{revisions.STAGING}*", ".tthc-*.tmp")
#: folder for temporary files of the killed runs, and what may stay there: the printed report of a killed LibreOffice
TEMPORARY, OF_OFFICE = "tmp", "tthc-pdf-"
STAYS = {LOCK, revisions.CURRENT}


class BrokenError(Exception):
    """A revision was lost or damaged, or files were left behind."""


class Run:
    """`tthc score --direct` in a new process. A thread collects its lines as they are printed."""

    def __init__(self, data: Path) -> None:
        command = [sys.executable, "-u", "-c", CODE, "score", PERIOD, "--direct", "--data", str(data)]
        env = {**os.environ, "TMPDIR": str(data.parent / TEMPORARY)}
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=env)
        self.lines: list[str] = []
        self.writes, self.published = threading.Event(), threading.Event()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)
            if line.startswith("[4/"):
                self.writes.set()
            elif line.startswith("[5/"):
                self.published.set()
        self.writes.set()
        self.published.set()

    def wait_for(self, staging: Path) -> None:
        """Wait until the staging folder exists or the revision is published."""
        while not list(staging.parent.glob(f"{staging.name}*")) and not self.published.is_set():
            time.sleep(0.0005)

    def end(self) -> int:
        """Wait for the end of the process and of its output; the exit status."""
        status = self.process.wait()
        self._reader.join()
        return status

    @property
    def step(self) -> str:
        """The last step that the run began."""
        steps = [line[1] for line in self.lines if line.startswith("[")]
        return f"step {steps[-1]}" if steps else "starting"


def change(data: Path, text: str, number: int) -> None:
    """Change the inputs: write the registry with `number` empty lines at the end."""
    (data / "reference" / "units.csv").write_text(text + "\n" * number, "utf-8")


def check_whole(folder: Path, least: int) -> None:
    """The current revision must be complete, named in a valid current.json, and at least r`least`."""
    found = revisions.current_revision(folder)
    if found.manifest is None or found.altered or found.damage:
        raise BrokenError(f"the current revision is not whole: {found.damage}")
    if int(found.manifest.revision[1:]) < least:
        raise BrokenError(f"{found.manifest.revision} is current, r{least} was published")
    named = Current.model_validate_json((folder / revisions.CURRENT).read_bytes())
    if named.revision not in revisions.revision_ids(folder):
        raise BrokenError(f"current.json names {named.revision}, which is not there")


def check_clean(folder: Path) -> None:
    """The folder must contain only revisions, current.json and the lock."""
    rest = {p.name for p in folder.iterdir()} - STAYS - set(revisions.revision_ids(folder))
    if rest:
        raise BrokenError(f"left behind after a whole run: {sorted(rest)}")


def check_ledger(out: Path) -> None:
    """Everything must be as it was published, also for `tthc verify`."""
    found = verify(out)
    if found.problems or found.notes or any(not p.name.endswith(".json") for p in (out / LEDGER).iterdir()):
        raise BrokenError(f"the ledger: {found.problems} {found.notes}")


def check_history(folder: Path) -> None:
    """Every revision must have its published files and no others."""
    for revision in revisions.revision_ids(folder):
        path = folder / revision
        manifest = revisions.read_manifest(path)
        there = {p.relative_to(path).as_posix() for p in path.rglob("*") if p.is_file()}
        if revisions.altered_files(path, manifest) or there != {*manifest.files, revisions.MANIFEST}:
            raise BrokenError(f"{revision} is not as it was published")


def rounds(data: Path, count: int, seed: int) -> None:
    """Run and check `count` rounds. Raises BrokenError at the first violation."""
    dice, folder = random.Random(seed), data / "out" / PERIOD
    text = (data / "reference" / "units.csv").read_text("utf-8")
    first = Run(data)
    began = time.perf_counter()
    first.writes.wait()
    reading = time.perf_counter() - began
    first.wait_for(folder / revisions.STAGING)
    staged = time.perf_counter()
    first.published.wait()
    publishing = time.perf_counter() - staged
    if first.end() not in (0, 3):  # 3: something is set aside
        raise BrokenError("the first run did not end well")
    whole = time.perf_counter() - began
    moments: Counter[str] = Counter()
    left: Counter[str] = Counter()
    for number in range(1, count + 1):
        change(data, text, number)
        before = len(revisions.revision_ids(folder))
        victim = Run(data)
        if number % 3 == 0:
            time.sleep(dice.uniform(0, whole))
        elif number % 3 == 1:
            victim.writes.wait()
            time.sleep(dice.uniform(0, whole - reading))
        else:
            victim.wait_for(folder / revisions.STAGING)
            time.sleep(dice.uniform(0, 2 * publishing))
        victim.process.send_signal(signal.SIGKILL)
        ended = victim.end()
        moments[victim.step if ended == -signal.SIGKILL else "it was quicker"] += 1
        check_whole(folder, before)
        left.update(name for name in LEFT if any(folder.glob(name)))
        found = revisions.current_revision(folder)
        left["a revision that current.json does not name"] += found.adopted
        published = len(revisions.revision_ids(folder)) > before
        result = run(Job.of(PERIOD, data, None))
        if result.unchanged != published or len(revisions.revision_ids(folder)) != before + 1:
            raise BrokenError(f"round {number}: the next run ended as {result.state}")
        check_whole(folder, before + 1)
        check_clean(folder)
        check_ledger(folder.parent)
        if number % 25 == 0:
            print(f"{number} killed", flush=True)
    check_history(folder)
    temporary = [p for p in (data.parent / TEMPORARY).iterdir() if not p.name.startswith(OF_OFFICE)]
    if temporary:
        raise BrokenError(f"{len(temporary)} temporary files were left behind")
    kept = len(revisions.revision_ids(folder))
    print(f"{count} runs killed (a whole one takes {whole:.1f} s), {kept} revisions whole")
    print("killed during:", ", ".join(f"{what}: {n}" for what, n in sorted(moments.items())))
    print("left until the next run:", ", ".join(f"{what}: {n}" for what, n in sorted(left.items())))


def main() -> int:
    """Exit status 0, or 1 after a violation."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=200)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        data = Path(place) / "data"
        (data.parent / TEMPORARY).mkdir()
        for name in ("raw", "reference"):
            shutil.copytree(ROOT / "data" / name, data / name)
        try:
            rounds(data, asked.count, asked.seed)
        except BrokenError as error:
            print(f"broken: {error}")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
