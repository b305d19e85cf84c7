"""`tthc check`: reads and checks a period and scores it provisionally. Writes the review, publishes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flows.commands.check_text import detail_lines, summary_lines
from flows.commands.review_folder import remove_review, write_review
from flows.commands.submission_status import reminder_lines, submission_table
from flows.commands.template_notes import template_notes
from flows.steps.failures import NothingArrived
from flows.steps.job import Job
from flows.steps.question_file import FEW_QUESTIONS, MOST_QUESTIONS, write_questions
from flows.steps.run_values import Inputs
from flows.steps.scoring_steps import check_inputs, read_inputs
from flows.steps.typed_commands import office_command
from pipeline import quarter
from pipeline.load.review.review_summary import review_summary
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


def check_lines(job: Job, result: CheckResult, *, everything: bool = False) -> Iterator[str]:
    """Vietnamese: what to do, the state of the period, the questions about exports, and where the review is.

    `everything`: all findings, the state of submissions, scores and the meaning of every column too. Questions, the
    draft of the reminder and the review are written here. Lines that the review reports while it waits for another
    check go to `lines_to`.
    """
    summary = review_summary(result.scored, result.inputs.raw.sent_out)
    yield from summary_lines(job.period, summary)
    if everything:
        table = list(submission_table(result.inputs, result.checked))
        yield from detail_lines(result.checked, result.scored if result.has_counts else None, table)
    yield ""
    yield from write_questions(job, result.inputs, most=MOST_QUESTIONS if everything else FEW_QUESTIONS)
    yield from reminder_lines(job, result.inputs, result.checked)
    yield from template_notes(job, result.scored)
    yield from write_review(job, result.inputs, result.scored, summary).lines
    if not everything:
        command = office_command(job.data_dir, f"check {job.period} --all")
        yield f"Mọi phát hiện, cách hiểu từng cột, điểm từng đơn vị: sổ này, hoặc “{command}”."
