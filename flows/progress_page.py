"""How far a run is, as a bar in Prefect's pages: one artifact a period, `tien-do-2022-q1`, renewed now and then.

The bar never says more than is known: it names the moment it speaks of (a machine that dies cannot take its words
back), is full only when the run has done what it was for, and stays where it was when the run ends otherwise. What a
dead run left behind is closed by the next run of its period, which holds the period's lock: nobody else is at work.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from prefect import get_run_logger
from prefect.artifacts import Artifact, create_progress_artifact, update_progress_artifact

from flows.artifacts import key
from flows.job import Job
from flows.progress import STEPS, Stage, following

KIND = "tien-do"
#: at least this long between two updates within a step; one takes 10 to 30 ms
SECONDS = 2.0
#: where the bar stands when a step begins, and at the end; reading is what takes long
MARKS = (0.0, 60.0, 75.0, 80.0, 95.0, 100.0)
AT_WORK, STOPPED = "Đang chạy", "Dừng giữa chừng"


class Bar:
    """The bar of one run. Only an ornament: a server that does not answer costs it, never the run."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._id: UUID | None = None
        self._dead = False
        self._stage = Stage(0, "", "")
        self._shown_at = 0.0
        self.ended = False

    def follow(self, stage: Stage) -> None:
        """A follower of the run's progress: puts up a new step at once, its parts every few seconds."""
        began, self._stage = stage.number != self._stage.number, stage
        if began or time.monotonic() - self._shown_at >= SECONDS:
            self._put(_percent(stage), f"{AT_WORK}: {_where(stage)} (lúc {_now()})")

    def end(self, how: str, *, full: bool = False) -> None:
        """The last word, once. `full`: the run has done what it was for."""
        if self.ended:
            return
        self.ended = True
        if self._stage.number or full:
            after = "" if full or not self._stage.number else f", ở {_where(self._stage)}"
            self._put(100.0 if full else _percent(self._stage), f"{how}{after} (lúc {_now()})")

    def _put(self, percent: float, text: str) -> None:
        if self._dead:
            return
        try:
            if self._id is None:
                self._close_left_behind()
                about = f"Tiến độ {self._job.period.name}. {text}"
                self._id = create_progress_artifact(percent, key=key(KIND, self._job), description=about)
            else:
                update_progress_artifact(self._id, percent, f"Tiến độ {self._job.period.name}. {text}")
        except Exception:
            self._dead = True  # not asked again: each try could take as long as the server's time limit
            get_run_logger().warning("the progress bar could not be written", exc_info=True)
        self._shown_at = time.monotonic()

    def _close_left_behind(self) -> None:
        last = Artifact.get(key(KIND, self._job))
        if last is not None and last.id is not None and f". {AT_WORK}: " in (last.description or ""):
            said = (last.description or "").replace(f"{AT_WORK}: ", f"{STOPPED}, tín hiệu cuối: ", 1)
            update_progress_artifact(last.id, float(str(last.data)), said)


@contextmanager
def bar(job: Job) -> Iterator[Bar]:
    """The bar of what is done inside. Left without `end` (time up, cancelled, stopped) it says it was broken off."""
    made = Bar(job)
    try:
        with following(made.follow):
            yield made
    finally:
        made.end(STOPPED)


def _percent(stage: Stage) -> float:
    if not stage.number:
        return 0.0
    low, high = MARKS[stage.number - 1], MARKS[stage.number]
    return round(low + (high - low) * min(max(stage.share, 0.0), 1.0), 1)


def _where(stage: Stage) -> str:
    return f"bước {stage.number} trên {STEPS}, {stage.name.lower()}, {stage.detail}"


def _now() -> str:
    """The machine's own time."""
    return dt.datetime.now().astimezone().strftime("%H:%M:%S ngày %d/%m/%Y")
