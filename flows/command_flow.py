"""The common part of the flows that do what a command does beside scoring: forms, differences, signing.

The command line and these flows call the same functions of `flows.commands`. A refusal is the run's final state with
the same Vietnamese text that the command prints.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from prefect import get_run_logger
from prefect.states import Completed, State

from flows.commands.usage_errors import UsageError
from flows.pages import run_names
from flows.pages.form_fields import rulebook_id
from flows.scoring_flow import failed_run, failed_state
from flows.server.runtime import default_data_dir
from flows.steps import run_states
from flows.steps.failures import JobFailed, disk_errors_as_failures
from flows.steps.job import Job
from flows.steps.progress import lines_to
from flows.steps.terminal import terminal_text

#: time limit of a run, with the wait for the period's lock
TIMEOUT_SECONDS = 60 * 60


@dataclass(frozen=True)
class Outcome:
    """How a run ended that was not refused. All texts are Vietnamese."""

    state: str  # name of the final state (`flows.steps.run_states`)
    message: str  # of the final state, and the last lines of the log
    name: tuple[str, ...]  # parts of the run's name after the period and the kind of run


def run_command(
    period: str,
    kind: str,
    command: Callable[[Job], Outcome],
    rulebook: str | None = None,
    requested_by: str = "",
    *,
    summed: bool = False,
) -> State:
    """Run a command for a period inside a flow and return the run's final state.

    `period`, `rulebook`, `requested_by`: as typed into the form. `summed`: half-years and years too. `kind`:
    Vietnamese, for the run's name and tag. Raises nothing except a cancellation: a refusal and an unexpected exception
    become failed states.
    """
    try:
        typed = period.strip().replace("-q", "-Q").replace("-h", "-H")
        job = Job.of(typed, default_data_dir(), rulebook_id(rulebook), requested_by=requested_by, summed=summed)
    except (ValueError, JobFailed) as error:
        run_names.tag_run(kind)
        name = f"{' '.join(period.split())} · {kind} · {run_states.FAILED.lower()}"
        return failed_run(name, error if isinstance(error, JobFailed) else UsageError(str(error)))
    logger = get_run_logger()
    run_names.tag_run(str(job.period), kind)
    with lines_to(logger.info):
        try:
            with disk_errors_as_failures():
                outcome = command(job)
        except Exception as error:
            return failed_state(job, kind, error)
    run_names.rename_run(run_names.run_name(job, kind, *outcome.name))
    logger.info(terminal_text(outcome.message))
    return Completed(name=outcome.state, message=outcome.message)
