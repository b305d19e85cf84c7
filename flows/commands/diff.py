"""`tthc diff` and the deployment `so-sanh-hai-ban`: what differs between two published revisions, or two periods."""

from __future__ import annotations

from pathlib import Path

from flows.commands.usage_errors import UsageError
from flows.steps.failures import JobFailed
from flows.steps.file_names import lock_file_of
from flows.steps.job import Job
from flows.steps.shared_paths import office_path
from pipeline.load.workbook.changes_workbook import changes_workbook
from pipeline.periods import Period
from pipeline.publish import revisions
from pipeline.publish.atomic_files import replace_file, write_error_text
from pipeline.publish.revision_diff import Changes, changes, period_changes
from pipeline.publish.revision_tables import IncomparableError, RevisionFrames, read_revision
from pipeline.publish.signed_revisions import reference_revision


def compare_revisions(job: Job, before: str, after: str) -> Changes:
    """The changes from one revision to another. `before`, `after`: names of revisions in the job's folder.

    Raises UsageError if a revision does not exist, JobFailed if it cannot be read.
    """
    return changes(_revision(job, before), _revision(job, after))


def is_period(text: str) -> bool:
    """Whether a typed text names a period and not a revision."""
    try:
        Period.parse_any(text)
    except ValueError:
        return False
    return True


def compare_periods(job: Job, other: str) -> Changes:
    """What differs between the job's period and another one (`2022-Q1`), the earlier one first.

    Of each the signed revision is compared, else the current one. Raises UsageError if they cannot be compared,
    JobFailed if a revision cannot be read.
    """
    first, second = sorted((job.period, Period.parse_any(other)))
    if first == second:
        raise UsageError(f"Cùng một kỳ ({first}): so hai bản của kỳ này thì ghi tên hai bản, như {first} r1 r2.")
    if first.length != second.length:
        raise UsageError(f"{first} và {second} dài khác nhau: chỉ so sánh hai quý, hai nửa năm hoặc hai năm.")
    if job.choice.alternative:
        raise UsageError("So sánh hai kỳ không dùng cùng việc chọn quy định: chỉ so hai bản chính.")
    if not first.same_bodies(second):
        raise UsageError(
            f"Không so sánh {first.name} với {second.name}: từ ngày 01/7/2025 không còn cấp huyện, đơn vị cùng tên là "
            "đơn vị khác. Chọn hai kỳ cùng trước hoặc cùng sau ngày đó."
        )
    return period_changes(_of_period(job, first), _of_period(job, second))


def _of_period(job: Job, period: Period) -> RevisionFrames:
    found = reference_revision(job.published, period)
    if found is None:
        raise UsageError(
            f"Chưa công bố bản nào của {period.name}: chấm điểm, công bố kỳ này trước (tthc score {period})."
        )
    try:
        return read_revision(found.path, found.manifest)
    except (ValueError, IncomparableError) as error:
        raise JobFailed(f"Không đọc được bản {found.manifest.revision} của {period.name}: {error}.") from None


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
    before, after = found.before, found.after
    sides = (before.period, after.period) if found.of_two_periods else (before.revision, after.revision)
    path = job.folder / f"so-sanh-{'-'.join(sides)}.xlsx"
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
