"""The review workbook `ket-qua-ra-soat.xlsx` beside the input files of a period."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from flows.steps.file_names import lock_file_of
from pipeline.load.review.review_workbook import FILE_NAME as FILE
from pipeline.publish.atomic_files import error_reason, replace_file

#: name while FILE is open in an office program
OTHER = f"{FILE.removesuffix('.xlsx')} (2).xlsx"


def write_beside(folder: Path, data: bytes) -> str:
    """Write the review workbook into `folder`. Returns Vietnamese: its path, or why it was not written.

    While FILE is open in an office program, or the share refuses to replace it, the workbook is written as OTHER. The
    next review that can write FILE removes OTHER. Does not raise OSError.
    """
    if not lock_file_of(folder, FILE):
        try:
            replace_file(folder / FILE, data)
            (folder / OTHER).unlink(missing_ok=True)
        except OSError:
            pass
        else:
            return f"Kết quả rà soát: {folder / FILE}"
    if lock_file_of(folder, OTHER):
        return (
            f"“{FILE}” và “{OTHER}” trong {folder} đều đang mở: đóng lại rồi rà soát lại. Hai tệp đó là của lần trước."
        )
    try:
        replace_file(folder / OTHER, data)
    except OSError as error:
        why = error_reason(error)
        return f"Không ghi được kết quả rà soát vào {folder}: {why}. Các phát hiện ở trang Artifacts vẫn đúng."
    return (
        f"“{FILE}” đang mở trong Excel nên kết quả rà soát ở “{OTHER}”, trong {folder}; đóng tệp cũ để lần sau ghi lại."
    )


def remove_beside(folder: Path) -> None:
    """Remove the review workbook of a folder without input files. Files that are open or cannot be removed stay."""
    for name in (FILE, OTHER):
        if not lock_file_of(folder, name):
            with suppress(OSError):
                (folder / name).unlink()
