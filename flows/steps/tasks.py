"""The Prefect tasks of a run: one for each step of `flows.steps.scoring_steps`.

Tasks pass values on as `Handle`. Prefect searches every collection, dataclass and model for futures, hashes parameters
for caching and pickles persisted results. It cannot look into a `Handle`, so it does not process the frames of a
quarter. Nothing is cached: equal frames have different hashes, and a cached result of older code would be wrong.
Nothing is persisted: the published revision is the result.
"""

import functools
from collections.abc import Callable
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.states import Completed, Failed, State

from flows.steps import run_states
from flows.steps import scoring_steps as steps
from flows.steps.failures import JobFailed, NothingArrived, disk_errors_as_failures, is_own, unforeseen
from flows.steps.progress import report_line
from pipeline import quarter


class Handle:
    """Wraps one value so that Prefect does not look into it."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


#: seconds before the second and the third try. Few, because the period stays locked meanwhile
RETRY_SECONDS = [10, 30]


def _is_transient(_task: Any, _run: Any, state: State) -> bool:
    """Whether to try again: only after a transient JobFailed. An error in the data would occur again."""
    error = state.data.value if isinstance(state.data, Handle) else None
    return isinstance(error, JobFailed) and error.transient


def _task(name: str, *, input_output: bool = False) -> Any:
    """A decorator that makes a step a task. A JobFailed becomes a state, so Prefect does not log its traceback.

    `input_output`: the step uses the disk and is tried again after a transient failure.
    """
    retries = {"retries": len(RETRY_SECONDS), "retry_delay_seconds": RETRY_SECONDS, "retry_condition_fn": _is_transient}

    def make(step: Callable[..., Handle]) -> Any:
        @functools.wraps(step)
        def run(*arguments: Any) -> Any:
            try:
                return step(*arguments)
            except NothingArrived as nothing:  # no failure of the task: the flow decides whether it waits or fails
                return Completed(name=run_states.WAITING, message=str(nothing), data=Handle(nothing))
            except JobFailed as error:
                if error.transient and input_output:
                    report_line(f"{error} Tự thử lại trong giây lát …")
                return Failed(name=run_states.FAILED, message=str(error), data=Handle(error))
            except Exception as error:  # Prefect logs and keeps the message of an exception
                if is_own(error):
                    raise
                raise unforeseen(error) from None

        options = retries if input_output else {}
        return task(name=name, task_run_name=name, cache_policy=NO_CACHE, persist_result=False, **options)(run)

    return make


def task_result(result: Handle | State) -> Handle:
    """The value a task returned. Raises the JobFailed, or NothingArrived, with which it ended."""
    if isinstance(result, State):
        raise (NothingArrived if result.name == run_states.WAITING else JobFailed)(result.message or "")
    return result


@_task("Đọc tệp", input_output=True)
def read_inputs_task(job: Handle) -> Handle:
    """`read_inputs`: Handle of Job -> Handle of Inputs."""
    return Handle(steps.read_inputs(job.value))


@_task("Kiểm tra số liệu")
def check_counts_task(job: Handle, inputs: Handle) -> Handle:
    """`check_counts`: Handles of Job and Inputs -> Handle of Checked. For runs that publish."""
    return Handle(steps.check_counts(job.value, inputs.value))


@_task("Kiểm tra số liệu")
def check_inputs_task(job: Handle, inputs: Handle) -> Handle:
    """`check_inputs`: Handles of Job and Inputs -> Handle of Checked. For reviews: accepts a period without counts."""
    return Handle(steps.check_inputs(job.value, inputs.value))


@_task("Chấm điểm")
def score_units_task(job: Handle, checked: Handle) -> Handle:
    """`score_units`: Handles of Job and Checked -> Handle of Scored."""
    return Handle(steps.score_units(job.value, checked.value))


@_task("Tính điểm tạm")
def score_provisionally_task(job: Handle, checked: Handle) -> Handle:
    """Provisional scores of a review, without `strict`: Handles of Job and Checked -> Handle of Scored."""
    with disk_errors_as_failures():
        return Handle(quarter.score(checked.value, job.value.choice))


@_task("Lập báo cáo", input_output=True)
def write_reports_task(job: Handle, inputs: Handle, scored: Handle) -> Handle:
    """`write_reports`: Handles of Job, Inputs and Scored -> Handle of Draft."""
    return Handle(steps.write_reports(job.value, inputs.value, scored.value))


@_task("Công bố", input_output=True)
def publish_task(job: Handle, draft: Handle, flow_run_id: str) -> Handle:
    """`publish_draft`: Handles of Job and Draft -> Handle of RunResult."""
    return Handle(steps.publish_draft(job.value, draft.value, flow_run_id))
