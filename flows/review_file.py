"""`ket-qua-ra-soat.xlsx` beside the files of a period, also while somebody has the last one open in Excel."""

from __future__ import annotations

from pathlib import Path

from pipeline.disk import replace_file

FILE, OTHER = "ket-qua-ra-soat.xlsx", "ket-qua-ra-soat (2).xlsx"


def leave_beside(folder: Path, data: bytes) -> str:
    """Write it in one step; a Vietnamese line: where it lies, or why it could not be written. Never raises OSError.

    While Excel has it open (its `~$…` lies there, or the share refuses) the result goes to a second file, which the
    next review that can write the first one removes.
    """
    if not (folder / f"~${FILE}").exists():
        try:
            replace_file(folder / FILE, data)
            (folder / OTHER).unlink(missing_ok=True)
        except OSError:
            pass
        else:
            return f"Kết quả rà soát: {folder / FILE}"
    try:
        replace_file(folder / OTHER, data)
    except OSError as error:
        return (
            f"Không ghi được kết quả rà soát vào {folder}: {error.strerror}. Các phát hiện ở trang Artifacts vẫn đúng."
        )
    return (
        f"“{FILE}” đang mở trong Excel nên kết quả rà soát ở “{OTHER}”, trong {folder}; đóng tệp cũ để lần sau ghi lại."
    )
