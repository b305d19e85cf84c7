"""The results of a review in out/<period>/ra-soat: the review workbook and marked copies of the input files.

`tthc check` and the review deployment write them, either all of them or none. The folder is not a revision.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from flows.commands.review_file import remove_beside
from flows.steps.file_names import REVIEW_FOLDER, lock_file_of
from flows.steps.job import Job
from flows.steps.progress import report_line
from flows.steps.run_values import Inputs
from flows.steps.shared_paths import readable_path, typed_path
from pipeline.load.review.copy_names import SUFFIX
from pipeline.load.review.marked_copies import MarkedCopies
from pipeline.load.review.review_summary import ReviewSummary
from pipeline.load.review.review_workbook import FILE_NAME, render_review
from pipeline.publish.atomic_files import PublishError, period_lock, regular_bytes, replace_files, write_error_text
from pipeline.result import Scored
from pipeline.review import marked_copies
from pipeline.text import shortened_list, vn_int

#: marked copies that are named
_MOST_COPIES = 3
_STILL_RIGHT = "Kết quả kiểm tra ở trên vẫn đúng"


@dataclass(frozen=True)
class Review:
    """What `write_review` wrote. `lines`: Vietnamese, to print. `copies`: marked copies; empty if writing failed."""

    lines: tuple[str, ...]
    folder: Path
    copies: MarkedCopies = field(default_factory=MarkedCopies)


def write_review(job: Job, inputs: Inputs, scored: Scored, summary: ReviewSummary) -> Review:
    """Write the workbook and the copies, and remove copies of an earlier review that are not made again.

    `summary`: of the same period; the workbook opens on it.

    The folder has its own lock, so reviews of a period wait for each other but not for a run that publishes. If the
    disk is full, the folder read-only, or a file to change is open in an office program, nothing changes and `lines`
    states why. Does not raise OSError or PublishError.
    """
    folder = job.out / REVIEW_FOLDER
    sources = [s.path for s in scored.checked.sources]
    copies = marked_copies(inputs.raw.files, sources, scored.findings, inputs.reading.index)
    files = {**copies.files, FILE_NAME: render_review(scored, copies, summary=summary)}
    try:
        gone = _replace(folder, files)
    except PublishError as error:
        return Review((f"{_STILL_RIGHT}, chỉ chưa ghi được sổ rà soát và bản đánh dấu. {error}",), folder)
    except OSError as error:
        why = write_error_text(folder, error, f"{_STILL_RIGHT}; sổ và bản đánh dấu của lần trước, nếu có, còn nguyên.")
        return Review((f"Chưa ghi được sổ rà soát và bản đánh dấu. {why}",), folder)
    lines = [f"Sổ rà soát để mở bằng Excel: {readable_path(folder / FILE_NAME, job.data_dir)}"]
    if copies.files:
        names = shortened_list(sorted(copies.files), _MOST_COPIES, unit="tệp")
        lines.append(f"Bản đánh dấu (ô tô màu, có ghi chú) trong cùng thư mục: {names}")
    if gone:
        lines.append(f"Đã xoá {vn_int(len(gone))} bản đánh dấu cũ không còn đúng.")
    return Review(tuple(lines), folder, copies)


def remove_review(job: Job) -> None:
    """Remove an earlier review of a period that has no file any more. Files that cannot be removed stay."""
    folder = job.out / REVIEW_FOLDER
    if folder.is_dir():
        with suppress(PublishError, OSError):
            _replace(folder, {}, also_remove=[FILE_NAME])
    remove_beside(job.raw)


def _replace(folder: Path, files: dict[str, bytes], also_remove: Iterable[str] = ()) -> list[str]:
    """Replace the files under the folder's lock. Returns the names of removed copies. Raises PublishError, OSError."""
    with period_lock(folder, lambda: report_line("Kỳ này đang được kiểm tra ở nơi khác; đợi đến lượt …")):
        there = sorted(p.name for p in folder.iterdir())
        gone = [n for n in there if n.endswith(SUFFIX) and n not in files and not n.startswith(("~$", "."))]
        drafts = [n for n in there if n.startswith(".") and n.endswith(SUFFIX)]  # left by a killed review
        changing = {*gone, *also_remove, *(n for n, data in files.items() if _differs(folder / n, data))}
        for name in sorted(changing):
            _require_closed(folder, name)
        replace_files(folder, files, [*gone, *also_remove, *drafts])
        return gone


def _differs(path: Path, data: bytes) -> bool:
    """Whether the file exists with other bytes; also true if it cannot be read."""
    try:
        return path.is_file() and regular_bytes(path) != data
    except OSError:
        return True


def _require_closed(folder: Path, name: str) -> None:
    """Raises PublishError if an office program has the file open: it would overwrite the new file when it saves."""
    owner = lock_file_of(folder, name)
    if owner:
        raise PublishError(
            f"“{name}” trong {typed_path(folder)} đang mở trong Excel: đóng lại rồi kiểm tra lại "
            f"(không ai mở thì xoá tệp “{owner}”). Chưa tệp nào được ghi."
        )
