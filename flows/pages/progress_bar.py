"""How far a run is, as a bar in Prefect's pages: one artifact a period, `tien-do-2022-q1`, renewed now and then.

The bar never says more than is known: it names the moment it speaks of (a machine that dies cannot take its words
back), is full only when the run has done what it was for, and stays where it was when the run ends otherwise. What a
killed run left behind is closed by its worker, or, when that died too, by the next run of the period, which holds
the period's lock: nobody else is at work.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from prefect import get_run_logger
from prefect.artifacts import Artifact, create_progress_artifact, update_progress_artifact
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterFlowRunId

from flows.pages.artifacts import key
from flows.steps.job import Job
from flows.steps.progress import STEPS, Stage, following
from flows.steps.schedule import ZONE

KIND = "tien-do"
#: at least this long between two updates within a step; one takes 10 to 30 ms
SECONDS = 2.0
#: where the bar stands when a step begins, and at the end; reading is what takes long
MARKS = (0.0, 60.0, 75.0, 80.0, 95.0, 100.0)
#: what a bar says last of a run at work; its card shows the beginning of a line only, so how far comes first
AT_WORK, LAST_HEARD = "đang chạy, lúc ", "tín hiệu cuối lúc "
STOPPED = "Dừng giữa chừng"


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
            self._put(_percent(stage), f"{_where(stage)} – {AT_WORK}{_now()}")

    def end(self, how: str, *, full: bool = False) -> None:
        """The last word, once. `full`: the run has done what it was for."""
        if self.ended:
            return
        self.ended = True
        if self._stage.number:
            after = "" if full else f". {_where(self._stage)}"
            self._put(100.0 if full else _percent(self._stage), f"{how}{after} – lúc {_now()}")

    def _put(self, percent: float, text: str) -> None:
        if self._dead:
            return
        try:
            if self._id is None:
                name = key(KIND, self._job)
                _close(Artifact.get(name))
                self._id = create_progress_artifact(percent, key=name, description=text)
            else:
                update_progress_artifact(self._id, percent, text)
        except Exception:
            self._dead = True  # not asked again: each try could take as long as the server's time limit
            get_run_logger().warning("the progress bar could not be written", exc_info=True)
        self._shown_at = time.monotonic()


@contextmanager
def bar(job: Job) -> Iterator[Bar]:
    """The bar of what is done inside. Left without `end` (time up, cancelled, stopped) it says it was broken off."""
    made = Bar(job)
    try:
        with following(made.follow):
            yield made
    finally:
        made.end(STOPPED)


def broken_off(flow: Any, flow_run: Any, state: Any) -> None:
    """`on_crashed`: the worker that sees a run of its own die says so on the bar."""
    mine = ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[flow_run.id]))
    with get_client(sync_client=True) as client:
        for artifact in client.read_artifacts(artifact_filter=mine):
            _close(artifact)


def _close(left: Any) -> None:
    """A bar that says it is at work and cannot be: where it was and when it was last heard of."""
    said = (left.description or "") if left is not None else ""
    if AT_WORK in said:
        update_progress_artifact(left.id, float(left.data), f"{STOPPED}. {said.replace(AT_WORK, LAST_HEARD)}")


def _percent(stage: Stage) -> float:
    if not stage.number:
        return 0.0
    low, high = MARKS[stage.number - 1], MARKS[stage.number]
    return round(low + (high - low) * min(max(stage.share, 0.0), 1.0), 1)


def _where(stage: Stage) -> str:
    return f"Bước {stage.number}/{STEPS}, {stage.name.lower()}: {stage.detail}"


def _now() -> str:
    """The office's time, whatever clock the machine is set to."""
    return dt.datetime.now(ZONE).strftime("%H:%M:%S ngày %d/%m/%Y")
