"""Processes of a test that must not outlive it, whatever they start and however they group themselves."""

import os
import signal
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from repository import ROOT

T = TypeVar("T")
#: carried in the environment by every process of a family, and so by whatever those start
MARK = "TTHC_TEST_FAMILY"


def until(what: str, probe: Callable[[], T | None], seconds: float, every: float = 0.2) -> T:
    """What `probe` gives, once that is something. AssertionError, naming `what`, after the deadline."""
    deadline = time.monotonic() + seconds
    while True:
        found = probe()
        if found:
            return found
        assert time.monotonic() < deadline, f"after {seconds:.0f} s still not: {what}"
        time.sleep(every)


class Family:
    """Processes started together; `end` leaves none of them and none of their descendants.

    Prefect starts each run in a session of its own, so a process group does not hold them together: what they have in
    common is a variable of the environment.
    """

    def __init__(self, env: Mapping[str, str], logs: Path) -> None:
        self.name = uuid.uuid4().hex
        self.env = {**env, MARK: self.name}
        self.logs = logs
        self._started: list[subprocess.Popen[bytes]] = []

    def start(
        self, name: str, command: Sequence[str], pass_fds: Sequence[int] = (), **more: str
    ) -> subprocess.Popen[bytes]:
        """Start one, its output appended to `<name>.log`; `more`: variables for it and its descendants alone."""
        with (self.logs / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                command, env={**self.env, **more}, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                pass_fds=pass_fds, cwd=ROOT,
            )  # fmt: skip
        self._started.append(process)
        return process

    def members(self, **carrying: str) -> list[int]:
        """Process ids, of those only whose environment holds all of `carrying` too."""
        wanted = {f"{k}={v}".encode() for k, v in {MARK: self.name, **carrying}.items()}
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                with suppress(OSError):  # ended, or another user's
                    if wanted <= set((entry / "environ").read_bytes().split(b"\0")):
                        found.append(int(entry.name))
        return found

    def kill(self, **carrying: str) -> None:
        """SIGKILL to all of them at once, as a service manager does to what is left of a service."""

        killed: set[int] = set()

        def gone() -> bool:
            left = self.members(**carrying)
            for pid in left:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            killed.update(left)
            for process in self._started:
                process.poll()  # no zombies
            return not left and not any(_alive(pid) for pid in killed)

        until("its processes are gone", gone, 20, every=0.05)

    def end(self) -> None:
        """SIGTERM to those that were started here, last one first; SIGKILL to whatever is left."""
        for process in reversed(self._started):
            if process.poll() is None:
                process.terminate()
                with suppress(subprocess.TimeoutExpired):
                    process.wait(15)
        self.kill()


def _alive(pid: int) -> bool:
    """Whether it still holds files and locks: those go with its last thread, long after its environment has."""
    for thread in Path(f"/proc/{pid}/task").glob("*/stat"):
        with suppress(OSError):
            if thread.read_text("utf-8", "replace").rpartition(")")[2].split()[0] not in ("Z", "X"):
                return True
    return False


@contextmanager
def family(env: Mapping[str, str], logs: Path) -> Iterator[Family]:
    """A family that has ended when the block is left."""
    processes = Family(env, logs)
    try:
        yield processes
    finally:
        processes.end()
