"""`tthc check`: reads and checks a period and scores it provisionally. Writes the review, publishes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flows.commands.review_folder import remove_review, write_review
from flows.commands.submission_status import submission_lines
from flows.commands.summary import check_text
from flows.steps.failures import NothingArrived
from flows.steps.job import Job
from flows.steps.question_file import write_questions
from flows.steps.run_values import Inputs
from flows.steps.scoring_steps import check_inputs, read_inputs
from pipeline import quarter
from pipeline.result import Checked, Scored


@dataclass(frozen=True)
class CheckResult:
    """What `check_job` read and computed. The scores are provisional."""

    inputs: Inputs
    checked: Checked
    scored: Scored

    @property
    def has_counts(self) -> bool:
        """Whether any file contains a count."""
        return len(self.checked.counts) > 0

    @property
    def sets_aside(self) -> bool:
        """Whether a unit, level, file or row is set aside."""
        return bool((self.scored.findings["sets_aside"] != "none").any())


def check_job(job: Job) -> CheckResult:
    """Read, check and score a period.

    Raises NothingArrived if the period has no file (an earlier review is removed then), JobFailed if its folder or the
    registry cannot be used.
    """
    try:
        inputs = read_inputs(job)
    except NothingArrived:
        remove_review(job)
        raise
    checked = check_inputs(job, inputs)
    return CheckResult(inputs, checked, quarter.score(checked, job.choice))


def check_lines(job: Job, result: CheckResult) -> Iterator[str]:
    """Vietnamese: files, findings and scores, the state of submissions, the questions about exports and the review.

    Questions and review are written here.

    Lines that the review reports while it waits for another check go to `lines_to`.
    """
    yield check_text(result.checked, result.scored if result.has_counts else None)
    yield from submission_lines(job, result.inputs, result.checked)
    yield ""
    yield from write_questions(job, result.inputs)
    yield from write_review(job, result.inputs, result.scored).lines
