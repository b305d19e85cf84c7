"""The five tasks of a run, one line each over `flows.job`.

What passes between them is a `Handle`: Prefect walks through every collection, dataclass and model it is
given to look for futures, hashes parameters for caching and pickles results it persists. A quarter's frames
are none of its business, so they travel inside an object that it sees as one opaque thing. Nothing is
cached (equal frames hash differently, and an old result served for new code would be worse than none) and
nothing is persisted: the published revision is the result.
"""

import functools
from collections.abc import Callable
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.states import Failed, State

from flows import job as steps
from flows.failure import JobFailed


class Handle:
    """One value that Prefect does not look into."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


def _task(name: str) -> Any:
    """A task that fails as the analyst should read it: Prefect would log a foreseen failure with its traceback."""

    def make(step: Callable[..., Handle]) -> Any:
        @functools.wraps(step)
        def run(*arguments: Any) -> Any:
            try:
                return step(*arguments)
            except JobFailed as error:
                return Failed(message=str(error), data=Handle(error))

        return task(name=name, task_run_name=name, cache_policy=NO_CACHE, persist_result=False)(run)

    return make


def done(result: Handle | State) -> Handle:
    """What a task gave. Raises the JobFailed it failed with."""
    if isinstance(result, State):
        raise JobFailed(result.message or "")
    return result


@_task("Đọc tệp")
def read_inputs(job: Handle) -> Handle:
    """The period's files and registry."""
    return Handle(steps.read_inputs(job.value))


@_task("Kiểm tra số liệu")
def check_counts(job: Handle, inputs: Handle) -> Handle:
    """Corrections, identities, levels against units."""
    return Handle(steps.check_counts(job.value, inputs.value))


@_task("Chấm điểm")
def score_units(job: Handle, checked: Handle) -> Handle:
    """Counts x rulebook."""
    return Handle(steps.score_units(job.value, checked.value))


@_task("Lập báo cáo")
def write_reports(job: Handle, inputs: Handle, scored: Handle) -> Handle:
    """The files of a new revision, or the finding that nothing changed."""
    return Handle(steps.write_reports(job.value, inputs.value, scored.value))


@_task("Công bố")
def publish(job: Handle, draft: Handle, flow_run_id: str) -> Handle:
    """One rename."""
    return Handle(steps.publish(job.value, draft.value, flow_run_id))
