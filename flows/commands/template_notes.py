"""What is wrong in the office's own template of the report, said before a quarter is scored."""

from __future__ import annotations

from flows.steps.job import Job
from flows.steps.word_templates import own_template
from pipeline.load.word.papers import REPORT, word_report
from pipeline.result import Scored, Stamp


def template_notes(job: Job, scored: Scored) -> tuple[str, ...]:
    """Vietnamese lines; none if the office has no template, or it can be filled. `scored`: provisional scores."""
    template = own_template(job.data_dir, REPORT)
    problem = word_report(scored, Stamp("r1"), template.data).problem if template.data is not None else ""
    return template.notes(problem)
