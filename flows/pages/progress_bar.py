"""The progress of a run as a bar in Prefect's pages: one artifact per period, `tien-do-2022-q1`.

The text of a bar contains the time of its last update, because a machine that dies cannot correct it. The bar is full
only if the run did its work; otherwise it keeps its last value. The bar of a killed run is marked as stopped by the
worker, or, if the worker ended too, by the next run of the period. That run holds the period's lock, so no other run of
the period can be at work.
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

from flows.pages.artifacts import artifact_key
from flows.steps.failures import where_it_happened
from flows.steps.job import Job
from flows.steps.progress import STEPS, Stage, stages_to
from flows.steps.schedule import ZONE

#: kind of the artifact, the beginning of its key
KIND = "tien-do"
#: least time in seconds between two updates within a step; an update takes 10 to 30 ms
SECONDS = 2.0
#: percent at the begin of each step and at the end; reading takes the longest
MARKS = (0.0, 60.0, 75.0, 80.0, 95.0, 100.0)
#: end of a bar's text while the run is at work, and after it was marked as stopped
AT_WORK, LAST_UPDATE = "đang chạy, lúc ", "tín hiệu cuối lúc "
STOPPED = "Dừng giữa chừng"


class ProgressBar:
    """The bar of one run. If the server does not answer, the bar is given up and the run continues."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._id: UUID | None = None
        self._gave_up = False
        self._stage = Stage(0, "", "")
        self._shown_at = 0.0
        self.ended = False

    def follow(self, stage: Stage) -> None:
        """Callback for `stages_to`: shows a new step at once, progress within a step at most every SECONDS."""
        began, self._stage = stage.number != self._stage.number, stage
        if began or time.monotonic() - self._shown_at >= SECONDS:
            self._put(_percent(stage), f"{_where(stage)} – {AT_WORK}{_now()}")

    def end(self, how: str, *, full: bool = False) -> None:
        """Show the end of the run; only the first call counts. `how`: Vietnamese. `full`: the run did its work."""
        if self.ended:
            return
        self.ended = True
        if self._stage.number:
            after = "" if full else f". {_where(self._stage)}"
            self._put(100.0 if full else _percent(self._stage), f"{how}{after} – lúc {_now()}")

    def _put(self, percent: float, text: str) -> None:
        if self._gave_up:
            return
        try:
            if self._id is None:
                name = artifact_key(KIND, self._job)
                _mark_stopped(Artifact.get(name))
                self._id = create_progress_artifact(percent, key=name, description=text)
            else:
                update_progress_artifact(self._id, percent, text)
        except Exception as error:
            self._gave_up = True  # no further try: each could take as long as the client's time limit
            get_run_logger().warning("the progress bar could not be written:\n%s", where_it_happened(error))
        self._shown_at = time.monotonic()


@contextmanager
def progress_bar(job: Job) -> Iterator[ProgressBar]:
    """A bar that follows the run in the block; marked as stopped if `end` was not called (timeout, cancellation)."""
    made = ProgressBar(job)
    try:
        with stages_to(made.follow):
            yield made
    finally:
        made.end(STOPPED)


def mark_stopped_bars(flow: Any, flow_run: Any, state: Any) -> None:
    """Prefect's hook `on_crashed`, called by the worker of a run whose process ended: marks its bar as stopped."""
    mine = ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[flow_run.id]))
    with get_client(sync_client=True) as client:
        for artifact in client.read_artifacts(artifact_filter=mine):
            _mark_stopped(artifact)


def _mark_stopped(left: Any) -> None:
    """If an earlier run's bar still reads as at work, mark it as stopped, with its last value and time."""
    text = (left.description or "") if left is not None else ""
    if AT_WORK in text:
        update_progress_artifact(left.id, float(left.data), f"{STOPPED}. {text.replace(AT_WORK, LAST_UPDATE)}")


def _percent(stage: Stage) -> float:
    if not stage.number:
        return 0.0
    low, high = MARKS[stage.number - 1], MARKS[stage.number]
    return round(low + (high - low) * min(max(stage.share, 0.0), 1.0), 1)


def _where(stage: Stage) -> str:
    return f"Bước {stage.number}/{STEPS}, {stage.name.lower()}: {stage.detail}"


def _now() -> str:
    """The time in the offices' time zone, whatever the machine's is."""
    return dt.datetime.now(ZONE).strftime("%H:%M:%S ngày %d/%m/%Y")
