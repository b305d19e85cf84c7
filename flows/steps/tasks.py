"""The tasks of a run, one line each over `flows.steps.job`.

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
from prefect.states import Completed, Failed, State

from flows.steps import job as steps
from flows.steps import run_states
from flows.steps.failures import JobFailed, NothingArrived
from flows.steps.progress import say


class Handle:
    """One value that Prefect does not look into."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


#: a network share that is away for a moment; few, because the period is locked meanwhile
RETRY_SECONDS = [10, 30]


def _passing(_task: Any, _run: Any, state: State) -> bool:
    """Try again only what may be over in a moment; what is wrong in the data is wrong the next time too."""
    error = state.data.value if isinstance(state.data, Handle) else None
    return isinstance(error, JobFailed) and error.passing


def _task(name: str, *, input_output: bool = False) -> Any:
    """A task that fails as the analyst should read it: Prefect would log a foreseen failure with its traceback.

    `input_output`: it touches the disk and is tried again where that did not answer.
    """
    again = {"retries": len(RETRY_SECONDS), "retry_delay_seconds": RETRY_SECONDS, "retry_condition_fn": _passing}

    def make(step: Callable[..., Handle]) -> Any:
        @functools.wraps(step)
        def run(*arguments: Any) -> Any:
            try:
                return step(*arguments)
            except NothingArrived as nothing:  # nobody's mistake: the flow decides what that means
                return Completed(name=run_states.WAITING, message=str(nothing), data=Handle(nothing))
            except JobFailed as error:
                if error.passing and input_output:
                    say(f"{error} Tự thử lại trong giây lát …")
                return Failed(name=run_states.FAILED, message=str(error), data=Handle(error))

        options = again if input_output else {}
        return task(name=name, task_run_name=name, cache_policy=NO_CACHE, persist_result=False, **options)(run)

    return make


def done(result: Handle | State) -> Handle:
    """What a task gave. Raises the JobFailed it failed with, NothingArrived among them."""
    if isinstance(result, State):
        raise (NothingArrived if result.name == run_states.WAITING else JobFailed)(result.message or "")
    return result


@_task("Đọc tệp", input_output=True)
def read_inputs(job: Handle) -> Handle:
    """The period's files and registry."""
    return Handle(steps.read_inputs(job.value))


@_task("Kiểm tra số liệu")
def check_counts(job: Handle, inputs: Handle) -> Handle:
    """Corrections, identities, levels against units."""
    return Handle(steps.check_counts(job.value, inputs.value))


@_task("Kiểm tra số liệu")
def check_inputs(job: Handle, inputs: Handle) -> Handle:
    """The same for a review: a period without a count is a finding there, not an end."""
    return Handle(steps.check_inputs(job.value, inputs.value))


@_task("Chấm điểm")
def score_units(job: Handle, checked: Handle) -> Handle:
    """Counts x rulebook."""
    return Handle(steps.score_units(job.value, checked.value))


@_task("Tính điểm tạm")
def score_provisionally(job: Handle, checked: Handle) -> Handle:
    """For a review: never refused, published nowhere."""
    return Handle(steps.quarter.score(checked.value, job.value.choice))


@_task("Lập báo cáo", input_output=True)
def write_reports(job: Handle, inputs: Handle, scored: Handle) -> Handle:
    """The files of a new revision, or the finding that nothing changed."""
    return Handle(steps.write_reports(job.value, inputs.value, scored.value))


@_task("Công bố", input_output=True)
def publish(job: Handle, draft: Handle, flow_run_id: str) -> Handle:
    """One rename."""
    return Handle(steps.publish(job.value, draft.value, flow_run_id))
