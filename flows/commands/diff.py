"""`tthc diff`: the changes between two published revisions of a period."""

from __future__ import annotations

from flows.commands.usage_errors import UsageError
from flows.steps.failures import JobFailed
from flows.steps.job import Job
from pipeline.load.content.changes import changes_markdown
from pipeline.publish import revisions
from pipeline.publish.revision_diff import changes
from pipeline.publish.revision_tables import IncomparableError, RevisionFrames, read_revision


def diff_text(job: Job, before: str, after: str) -> str:
    """Vietnamese Markdown, ending with a line break. `before`, `after`: names of revisions in the job's folder.

    Raises UsageError if a revision does not exist, JobFailed if it cannot be read.
    """
    return changes_markdown(changes(_revision(job, before), _revision(job, after)))


def _revision(job: Job, name: str) -> RevisionFrames:
    ids = revisions.revision_ids(job.folder)
    if name not in ids:
        there = ", ".join(ids) or "chưa có bản nào"
        raise UsageError(f"Không có bản “{name}” trong {job.folder} (có: {there}).")
    folder = job.folder / name
    try:
        return read_revision(folder, revisions.read_manifest(folder))
    except (ValueError, IncomparableError) as error:
        raise JobFailed(f"Không đọc được bản {name}: {error}.") from None
