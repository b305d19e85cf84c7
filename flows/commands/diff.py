"""`tthc diff` and the deployment `so-sanh-hai-ban`: the changes between two published revisions of a period."""

from __future__ import annotations

from pathlib import Path

from flows.commands.usage_errors import UsageError
from flows.steps.failures import JobFailed
from flows.steps.file_names import lock_file_of
from flows.steps.job import Job
from flows.steps.shared_paths import office_path
from pipeline.load.workbook.changes_workbook import changes_workbook
from pipeline.publish import revisions
from pipeline.publish.atomic_files import replace_file, write_error_text
from pipeline.publish.revision_diff import Changes, changes
from pipeline.publish.revision_tables import IncomparableError, RevisionFrames, read_revision


def compare_revisions(job: Job, before: str, after: str) -> Changes:
    """The changes from one revision to another. `before`, `after`: names of revisions in the job's folder.

    Raises UsageError if a revision does not exist, JobFailed if it cannot be read.
    """
    return changes(_revision(job, before), _revision(job, after))


def newest_two(job: Job) -> tuple[str, str]:
    """The names of the newest revision and of the one before it, older first. Raises UsageError without two."""
    ids = revisions.revision_ids(job.folder)
    if len(ids) < 2:
        there = f"Mới có bản {ids[0]}" if ids else "Chưa có bản nào"
        raise UsageError(f"{there} của {job.period.name}: cần hai bản đã công bố để so sánh.")
    return ids[-2], ids[-1]


def write_comparison(job: Job, found: Changes) -> Path:
    """Write the changes as a workbook beside the revisions, over an earlier one of the same two. Returns its path.

    Raises JobFailed if it is open in an office program or cannot be written.
    """
    path = job.folder / f"so-sanh-{found.before.revision}-{found.after.revision}.xlsx"
    if lock_file_of(path.parent, path.name):
        shown = office_path(path, job.data_dir)
        raise JobFailed(f"Tệp {shown} đang mở trong Excel: đóng lại rồi chạy lại. Kết quả so sánh ở trang Artifacts.")
    try:
        replace_file(path, changes_workbook(found))
    except OSError as error:
        raise JobFailed(write_error_text(path.parent, error, "Kết quả so sánh ở trang Artifacts.")) from None
    return path


def _revision(job: Job, name: str) -> RevisionFrames:
    ids = revisions.revision_ids(job.folder)
    if name not in ids:
        raise UsageError(revisions.no_such_revision(name, office_path(job.folder, job.data_dir), ids))
    folder = job.folder / name
    try:
        return read_revision(folder, revisions.read_manifest(folder))
    except (ValueError, IncomparableError) as error:
        raise JobFailed(f"Không đọc được bản {name}: {error}.") from None
