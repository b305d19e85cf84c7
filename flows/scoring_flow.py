"""The frame of every scoring flow: tasks under the lock of the period, artifacts, the name and final state of the run.

`score_period` (the command line), `score_scheduled` and `rescore` (deployments) differ in what they ask for only.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from prefect import flow, get_run_logger
from prefect.runtime import flow_run
from prefect.states import Completed, Failed, State

from flows.commands.summary import sentences, summary
from flows.pages import artifacts, run_names
from flows.pages.progress_bar import bar, broken_off
from flows.steps import run_states, tasks
from flows.steps.failures import JobFailed, NothingArrived
from flows.steps.job import Job, Outcome
from flows.steps.progress import listening
from flows.steps.reminder import Reminder
from flows.steps.schedule import Due, decide
from flows.steps.shared_paths import shown
from flows.steps.tasks import Handle, done
from pipeline.publish import revisions

UNFORESEEN = (
    "Chương trình gặp lỗi ngoài dự kiến ({kind}). Không có gì được công bố; bản đã công bố trước đó vẫn nguyên. "
    "Việc cần làm: chạy lại một lần; nếu vẫn lỗi, gửi nhật ký của lần chạy này cho người quản trị."
)


def carry_out(job: Job, kind: str, due: Due | None = None) -> State:
    """Score one period and say how it ended. `kind`: Vietnamese, what the run's name and tag say it is.

    With `due`, a scheduled run, the period is not published before every unit is there or nothing more is waited for.
    Never raises but when it is cancelled: what nobody foresaw is a failed state too, with its traceback in the log.
    """
    logger = get_run_logger()
    run_names.tag(str(job.period), kind)
    with listening(logger.info), bar(job) as progress:
        try:
            ended = _run(job, due)
        except Exception as error:
            progress.end(run_states.FAILED)
            return failed(job, kind, error)
        waits = isinstance(ended, Reminder)
        progress.end(run_states.WAITING if waits else run_states.OF_OUTCOME[ended.state], full=not waits)
    if isinstance(ended, Reminder):
        run_names.rename(run_names.name(job, kind, run_states.WAITING.lower(), ended.short))
        logger.info(ended.text)
        return Completed(name=run_states.WAITING, message=ended.text, data=Handle(ended))
    run_names.rename(run_names.outcome_name(job, ended))
    logger.info(summary(ended))  # as lines; the last line of Prefect shows it as one
    told = sentences(ended, shown(ended.path / "bao-cao.md", job.data_dir))
    return Completed(name=run_states.OF_OUTCOME[ended.state], message=told, data=Handle(ended))


def failed(job: Job, kind: str, error: Exception) -> State:
    """The failed state of a run. Its log ends with what to do."""
    logger = get_run_logger()
    run_names.rename(run_names.name(job, kind, run_states.FAILED.lower()))
    if isinstance(error, JobFailed):
        message = str(error)
    else:
        message = UNFORESEEN.format(kind=type(error).__name__)
        logger.error("unforeseen", exc_info=error)
    logger.error(message)
    _last_words(error)
    return Failed(name=run_states.FAILED, message=message, data=error)


def _last_words(error: Exception | None = None) -> None:
    """Let the log end with what to do: Prefect's engine would add the traceback of what the run has told in words, and
    that it has called `advise` and the like.
    """

    def ours(record: logging.LogRecord) -> bool:
        text = record.getMessage()
        told = record.exc_info is not None and record.exc_info[1] is error and "Engine" in text
        return not told and not text.startswith(("Running hook", "Hook "))

    logging.getLogger("prefect.flow_runs").addFilter(ours)


def _run(job: Job, due: Due | None) -> Outcome | Reminder:
    with job.lock():
        handle = Handle(job)
        try:
            inputs = done(tasks.read_inputs(handle))
            checked = done(tasks.check_counts(handle, inputs))
        except NothingArrived:
            if due is None or decide(due.last_call, arrived=False, missing=0, unchanged=False) == "fail":
                raise
            return _wait(job, Reminder.of_nobody(job))
        reminder = Reminder.of_checked(job, checked.value, inputs.value.raw.sent_out)
        # without a revision there is nothing it could be unchanged from: no need to score before it waits
        if not revisions.revision_ids(job.folder) and _waits(due, reminder, unchanged=False):
            return _wait(job, reminder)
        scored = done(tasks.score_units(handle, checked))
        draft = done(tasks.write_reports(handle, inputs, scored))
        if _waits(due, reminder, unchanged=draft.value.unchanged):
            return _wait(job, reminder)
        outcome: Outcome = done(tasks.publish(handle, draft, str(flow_run.id))).value
    artifacts.leave(job, scored.value, outcome, draft.value.found)
    return outcome


def _waits(due: Due | None, reminder: Reminder, *, unchanged: bool) -> bool:
    missing = len(reminder.missing)
    return due is not None and decide(due.last_call, arrived=True, missing=missing, unchanged=unchanged) == "wait"


def _wait(job: Job, reminder: Reminder) -> Reminder:
    artifacts.leave_reminder(job, reminder)
    return reminder


def advise(flow: Any, flow_run: Any, state: State) -> None:
    """`on_failure`: what `carry_out` could not say, because Prefect itself ended the run (time, a wrong parameter)."""
    if state.name == run_states.FAILED:
        return
    from prefect.logging.loggers import flow_run_logger

    _last_words()
    what = (
        "Lần chạy vượt quá thời gian cho phép nên bị dừng; không có gì dở dang, kỳ này chạy lại được. Việc cần làm: "
        "kiểm tra ổ đĩa mạng và cỡ các tệp, rồi chạy lại."
        if state.name == "TimedOut"
        else "Việc cần làm: xem dòng lỗi ở trên, sửa các ô đã nhập, rồi chạy lại; không có gì được công bố."
    )
    flow_run_logger(flow_run, flow).error(what)


#: what a run of a large district takes in minutes, waiting for its turn included
TIMEOUT_SECONDS = 2 * 60 * 60


def entry(name: str, description: str, run_name: str | Callable[[], str], seconds: int = TIMEOUT_SECONDS) -> Any:
    """A flow as this program has them: nothing persisted, never retried as a whole, its end told in words."""
    return flow(
        name=name,
        description=description,
        flow_run_name=run_name,
        timeout_seconds=seconds,
        persist_result=False,
        on_failure=[advise],
        on_crashed=[broken_off],
    )
