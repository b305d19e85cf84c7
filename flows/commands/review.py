"""What `tthc check` and the review deployment leave to work with, beside the revisions and never one of them: the
review workbook and the marked copies of the files, together or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from flows.commands.review_file import forget_beside
from flows.steps.file_names import REVIEWS, opened_by
from flows.steps.job import Inputs, Job
from flows.steps.progress import say, shown
from flows.steps.shared_paths import told
from pipeline.load.review.copy_names import SUFFIX
from pipeline.load.review.marked_copies import MarkedCopies
from pipeline.load.review.review_workbook import FILE_NAME, render_review
from pipeline.publish.atomic_files import PublishError, explain, period_lock, replace_files
from pipeline.result import Scored
from pipeline.review import marked_copies
from pipeline.text import shortened_list, vn_int

_STILL_RIGHT = "Kết quả kiểm tra ở trên vẫn đúng"


@dataclass(frozen=True)
class Review:
    """Lines to say, and the copies that lie in `folder` now (none where nothing could be written)."""

    lines: tuple[str, ...]
    folder: Path
    copies: MarkedCopies = field(default_factory=MarkedCopies)


def write_review(job: Job, inputs: Inputs, scored: Scored) -> Review:
    """Write workbook and copies; copies of an earlier check that this one does not make again are removed.

    Checks of one period wait for each other here (a lock of the folder's own): a run that publishes holds up no check.
    Nothing changes where the disk is full, the folder read-only, or a file that would change is open in Excel.
    """
    folder = job.out / REVIEWS
    sources = [s.path for s in scored.checked.sources]
    copies = marked_copies(inputs.raw.files, sources, scored.findings, inputs.reading.index)
    files = {**copies.files, FILE_NAME: render_review(scored, copies)}
    try:
        gone = _replace(folder, files)
    except PublishError as error:
        return Review((f"{_STILL_RIGHT}, chỉ chưa ghi được sổ rà soát và bản đánh dấu. {error}",), folder)
    except OSError as error:
        why = explain(folder, error, f"{_STILL_RIGHT}; sổ và bản đánh dấu của lần trước, nếu có, còn nguyên.")
        return Review((f"Chưa ghi được sổ rà soát và bản đánh dấu. {why}",), folder)
    lines = [f"Sổ rà soát để mở bằng Excel: {told(folder / FILE_NAME, job.data_dir)}"]
    if copies.files:
        names = shortened_list(sorted(copies.files), unit="tệp")
        lines.append(f"Bản đánh dấu (ô có phát hiện được tô màu, có ghi chú) trong cùng thư mục: {names}")
    if gone:
        lines.append(f"Đã xoá {vn_int(len(gone))} bản đánh dấu cũ không còn đúng.")
    return Review(tuple(lines), folder, copies)


def forget_review(job: Job) -> None:
    """No file has arrived: what an earlier check left speaks of files that are gone. What cannot be removed stays."""
    folder = job.out / REVIEWS
    if folder.is_dir():
        with suppress(PublishError, OSError):
            _replace(folder, {}, also=[FILE_NAME])
    forget_beside(job.raw)


def _replace(folder: Path, files: dict[str, bytes], also: Iterable[str] = ()) -> list[str]:
    """Under the folder's lock; gives the names of the copies that were removed. Raises PublishError, OSError."""
    with period_lock(folder, lambda: say("Kỳ này đang được kiểm tra ở nơi khác; đợi đến lượt …")):
        there = sorted(p.name for p in folder.iterdir())
        gone = [n for n in there if n.endswith(SUFFIX) and n not in files and not n.startswith(("~$", "."))]
        drafts = [n for n in there if n.startswith(".") and n.endswith(SUFFIX)]  # of a check that was killed
        changing = {*gone, *also, *(n for n, data in files.items() if _differs(folder / n, data))}
        for name in sorted(changing):
            _refuse_open(folder, name)
        replace_files(folder, files, [*gone, *also, *drafts])
        return gone


def _differs(path: Path, data: bytes) -> bool:
    try:
        return path.is_file() and path.read_bytes() != data
    except OSError:
        return True


def _refuse_open(folder: Path, name: str) -> None:
    """Raises PublishError where Excel or LibreOffice has the file open: it would be written over when they save."""
    owner = opened_by(folder, name)
    if owner:
        raise PublishError(
            f"“{name}” trong {shown(folder)} đang mở trong Excel: đóng lại rồi kiểm tra lại "
            f"(không ai mở thì xoá tệp “{owner}”). Chưa tệp nào được ghi."
        )
