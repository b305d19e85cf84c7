"""`make ui` leaves nothing behind, also of a worker that does not heed: its runs have sessions of their own."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from processes import until

from flows import ui

#: starts a run in a session of its own, as Prefect's worker does, tells its id, and does not heed SIGTERM
WORKER = """
import signal, subprocess, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)
run = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"], start_new_session=True)
print(run.pid, flush=True)
signal.pause()
"""


def gone(pid: int) -> bool:
    """Whether a process has ended; as a zombie of nobody's it has, too."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("utf-8")
        return stat.rpartition(")")[2].split()[0] in ("Z", "X")
    except OSError:
        return True


def test_runs_of_a_worker_that_had_to_be_killed_end_with_it() -> None:
    environment = {**os.environ, ui.MARK: str(os.getpid())}
    bystander = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
    worker = subprocess.Popen([sys.executable, "-c", WORKER], env=environment, stdout=subprocess.PIPE, text=True)
    run = 0
    try:
        assert worker.stdout is not None
        run = int(worker.stdout.readline())
        worker.kill()
        worker.wait()
        assert not gone(run)
        ui._end_runs()
        until("the run is gone", lambda: gone(run), 10)
        assert bystander.poll() is None
    finally:
        for pid in (worker.pid, run, bystander.pid):
            if pid and not gone(pid):
                os.kill(pid, signal.SIGKILL)
        bystander.wait()
        worker.stdout.close() if worker.stdout else None
