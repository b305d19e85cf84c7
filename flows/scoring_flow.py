"""The common part of all scoring flows: the tasks under the period's lock, artifacts, the run's name and final state.

The flows `score_period` (command line), `score_scheduled` and `rescore` (deployments) differ only in their `Job`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from prefect import flow, get_run_logger
from prefect.runtime import flow_run
from prefect.states import Completed, Failed, State

from flows.commands.summary import summary_sentences, summary_text
from flows.commands.usage_errors import UsageError
from flows.pages import artifacts, run_names
from flows.pages.progress_bar import mark_stopped_bars, progress_bar
from flows.steps import run_states, tasks
from flows.steps.failures import JobFailed, NothingArrived, unforeseen
from flows.steps.job import Job
from flows.steps.progress import lines_to
from flows.steps.run_values import RunResult
from flows.steps.schedule import ScheduledRun, decide
from flows.steps.shared_paths import office_path
from flows.steps.tasks import Handle, task_result
from flows.steps.terminal import terminal_text
from flows.steps.waiting_reminder import Reminder
from pipeline.load.word.papers import REPORT
from pipeline.publish import revisions

#: message of a run that failed with an unexpected exception
UNFORESEEN = (
    "Chương trình gặp lỗi ngoài dự kiến ({kind}). Không có gì được công bố; bản đã công bố trước đó vẫn nguyên. "
    "Việc cần làm: chạy lại một lần; nếu vẫn lỗi, gửi nhật ký của lần chạy này cho người quản trị."
)


def run_scoring(job: Job, kind: str, scheduled: ScheduledRun | None = None) -> State:
    """Score one period inside a flow and return the run's final state (`flows.steps.run_states`).

    `kind`: Vietnamese, the kind of run for its name and tag. `scheduled`: of a scheduled run, which publishes only if
    every unit has sent its data or on the last call. Raises nothing except a cancellation: an unexpected exception
    becomes a failed state too; the log says where it happened, without its message, which may repeat a cell.
    """
    logger = get_run_logger()
    run_names.tag_run(str(job.period), kind)
    with lines_to(logger.info), progress_bar(job) as progress:
        try:
            ended = _run(job, scheduled)
        except Exception as error:
            progress.end(run_states.FAILED)
            return failed_state(job, kind, error)
        waits = isinstance(ended, Reminder)
        progress.end(run_states.WAITING if waits else run_states.OF_RESULT[ended.state], full=not waits)
    if isinstance(ended, Reminder):
        run_names.rename_run(run_names.run_name(job, kind, run_states.WAITING.lower(), ended.short))
        logger.info(ended.text)
        return Completed(name=run_states.WAITING, message=ended.text, data=Handle(ended))
    run_names.rename_run(run_names.result_name(job, ended))
    logger.info(
        terminal_text(summary_text(ended))
    )  # several lines; Prefect's own last line shows the message as one paragraph
    message = summary_sentences(ended, office_path(ended.path / REPORT, job.data_dir))
    return Completed(name=run_states.OF_RESULT[ended.state], message=message, data=Handle(ended))


def failed_state(job: Job, kind: str, error: Exception) -> State:
    """The failed state of a run of a period, as `failed_run`. `kind`: Vietnamese, the kind of run."""
    return failed_run(run_names.run_name(job, kind, run_states.FAILED.lower()), error)


def failed_run(name: str, error: Exception) -> State:
    """Rename the run, log a failure and return the failed state. The last line of the log states what to do."""
    logger = get_run_logger()
    run_names.rename_run(name)
    if isinstance(error, JobFailed | UsageError):
        message = terminal_text(str(error))
    else:
        error = unforeseen(error)
        message = UNFORESEEN.format(kind=error.kind)
        logger.error("unexpected exception\n%s", error)
    logger.error(message)
    _drop_engine_lines(error)
    return Failed(name=run_states.FAILED, message=message, data=error)


def _drop_engine_lines(error: Exception | None = None) -> None:
    """Drop lines of Prefect's engine that would follow the last line: the traceback of `error`, and calls of hooks."""

    def keep(record: logging.LogRecord) -> bool:
        text = record.getMessage()
        is_traceback = record.exc_info is not None and record.exc_info[1] is error and "Engine" in text
        return not is_traceback and not text.startswith(("Running hook", "Hook "))

    logging.getLogger("prefect.flow_runs").addFilter(keep)


def _run(job: Job, scheduled: ScheduledRun | None) -> RunResult | Reminder:
    """The tasks in order. A Reminder if a scheduled run waits for data. Raises JobFailed."""
    with job.lock():
        handle = Handle(job)
        try:
            inputs = task_result(tasks.read_inputs_task(handle))
            checked = task_result(tasks.check_counts_task(handle, inputs))
        except NothingArrived:
            if scheduled is None or decide(scheduled.last_call, arrived=False, missing=0, unchanged=False) == "fail":
                raise
            return _wait(job, Reminder.nothing_arrived(job))
        reminder = Reminder.of_checked(job, checked.value, inputs.value.raw.sent_out)
        # without a revision the result cannot be unchanged, so a run that waits need not score
        if not revisions.revision_ids(job.folder) and _waits(scheduled, reminder, unchanged=False):
            return _wait(job, reminder)
        scored = task_result(tasks.score_units_task(handle, checked))
        draft = task_result(tasks.write_reports_task(handle, inputs, scored))
        if _waits(scheduled, reminder, unchanged=draft.value.unchanged):
            return _wait(job, reminder)
        result: RunResult = task_result(tasks.publish_task(handle, draft, str(flow_run.id))).value
    artifacts.write_revision_artifacts(job, scored.value, result, draft.value.changes)
    return result


def _waits(scheduled: ScheduledRun | None, reminder: Reminder, *, unchanged: bool) -> bool:
    if scheduled is None:
        return False
    missing = len(reminder.missing)
    return decide(scheduled.last_call, arrived=True, missing=missing, unchanged=unchanged) == "wait"


def _wait(job: Job, reminder: Reminder) -> Reminder:
    artifacts.write_reminder_artifact(job, reminder)
    return reminder


def log_advice(flow: Any, flow_run: Any, state: State) -> None:
    """Prefect's hook `on_failure`: logs what to do if Prefect itself ended the run (timeout, wrong parameter).

    `run_scoring` does not return then; failures that it returns have their advice in the log already.
    """
    if state.name == run_states.FAILED:
        return
    from prefect.logging.loggers import flow_run_logger

    _drop_engine_lines()
    advice = (
        "Lần chạy vượt quá thời gian cho phép nên bị dừng; không có gì dở dang, kỳ này chạy lại được. Việc cần làm: "
        "kiểm tra ổ đĩa mạng và cỡ các tệp, rồi chạy lại."
        if state.name == "TimedOut"
        else "Việc cần làm: xem dòng lỗi ở trên, sửa các ô đã nhập, rồi chạy lại; không có gì được công bố."
    )
    flow_run_logger(flow_run, flow).error(advice)


#: time limit of a run, with the wait for the period's lock. A large district takes minutes
TIMEOUT_SECONDS = 2 * 60 * 60


def entry_flow(name: str, description: str, run_name: str | Callable[[], str], seconds: int = TIMEOUT_SECONDS) -> Any:
    """Prefect's decorator `flow` with the settings of this program.

    Results are not persisted, the flow as a whole is not retried, and hooks complete the log and the bar. `seconds`:
    time limit of a run.
    """
    return flow(
        name=name,
        description=description,
        flow_run_name=run_name,
        timeout_seconds=seconds,
        persist_result=False,
        on_failure=[log_advice],
        on_crashed=[mark_stopped_bars],
    )
