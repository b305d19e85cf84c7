"""`ket-qua-ra-soat.xlsx` beside the files of a period, also while somebody has the last one open in Excel."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from flows.steps.file_names import opened_by
from pipeline.load.review.review_workbook import FILE_NAME as FILE
from pipeline.publish.atomic_files import replace_file

OTHER = f"{FILE.removesuffix('.xlsx')} (2).xlsx"


def leave_beside(folder: Path, data: bytes) -> str:
    """Write it in one step; a Vietnamese line: where it lies, or why it could not be written. Never raises OSError.

    While Excel has it open (its `~$…` lies there, or the share refuses) the result goes to a second file, which the
    next review that can write the first one removes.
    """
    if not opened_by(folder, FILE):
        try:
            replace_file(folder / FILE, data)
            (folder / OTHER).unlink(missing_ok=True)
        except OSError:
            pass
        else:
            return f"Kết quả rà soát: {folder / FILE}"
    if opened_by(folder, OTHER):
        return (
            f"“{FILE}” và “{OTHER}” trong {folder} đều đang mở: đóng lại rồi rà soát lại. Hai tệp đó là của lần trước."
        )
    try:
        replace_file(folder / OTHER, data)
    except OSError as error:
        return (
            f"Không ghi được kết quả rà soát vào {folder}: {error.strerror}. Các phát hiện ở trang Artifacts vẫn đúng."
        )
    return (
        f"“{FILE}” đang mở trong Excel nên kết quả rà soát ở “{OTHER}”, trong {folder}; đóng tệp cũ để lần sau ghi lại."
    )


def forget_beside(folder: Path) -> None:
    """No file is left: what a review said of them is no longer true. What cannot be removed, or is open, stays."""
    for name in (FILE, OTHER):
        if not opened_by(folder, name):
            with suppress(OSError):
                (folder / name).unlink()
