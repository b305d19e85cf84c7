"""The office's own rulebooks of a data folder (reference/rulebooks/*.toml) beside those that are installed."""

from __future__ import annotations

from pathlib import Path

from flows.steps.failures import JobFailed
from pipeline.publish.atomic_files import is_transient, regular_bytes
from pipeline.rulebook_file import rulebook_of
from pipeline.rulebooks import installed
from schemas.rulebook import Rulebook

#: size limit in bytes, far above what a person writes
_MAX_BYTES = 1_000_000


def rulebook_folder(data_dir: Path) -> Path:
    """The folder of a data folder's own rulebooks, whether it exists or not."""
    return data_dir / "reference" / "rulebooks"


def stored_rulebooks(data_dir: Path) -> dict[str, Rulebook]:
    """The rulebooks of an office by id: those installed, then its own.

    Raises JobFailed for a file that cannot be used: a rulebook that is passed over could be the one in force.
    """
    books = dict(installed())
    folder = rulebook_folder(data_dir)
    for path in sorted(folder.glob("*.toml")) if folder.is_dir() else ():
        book = own_rulebook(path)
        if book.id in books:
            raise JobFailed(
                f"{path}: mã quy định “{book.id}” đã có. Việc cần làm: đặt mã (id) khác, lưu lại rồi chạy lại."
            )
        books[book.id] = book
    return books


def own_rulebook(path: Path) -> Rulebook:
    """The rulebook of one file. Raises JobFailed with the first fault."""
    book, faults = rulebook_of(rulebook_bytes(path))
    if book is None:
        step = f"chạy “tthc rulebooks check {path}” để xem mọi chỗ sai, sửa rồi chạy lại"
        raise JobFailed(f"Tệp quy định {path} không dùng được. {faults[0]} Việc cần làm: {step}.")
    return book


def rulebook_bytes(path: Path) -> bytes:
    """The bytes of a rulebook's file. Raises JobFailed if it cannot be read."""
    try:
        data = regular_bytes(path, most=_MAX_BYTES + 1)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise JobFailed(f"Không đọc được tệp quy định {path}: {why}.", transient=is_transient(error)) from None
    if len(data) > _MAX_BYTES:
        raise JobFailed(f"Tệp quy định {path} lớn hơn 1 MB: không phải tệp này.")
    return data
