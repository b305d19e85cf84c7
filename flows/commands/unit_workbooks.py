"""`tthc forms`, the workbook of each unit: written into a folder of its own, to be sent out; over nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from flows.steps.failures import JobFailed
from flows.steps.file_names import RETURNED, SENT_OUT
from flows.steps.job import Job
from pipeline.load.forms.unit_workbooks import unit_forms
from pipeline.registry import UnitIndex
from pipeline.result import Checked
from pipeline.rulebooks import installed
from pipeline.validate.submission_status import workbook_counts


def write_unit_workbooks(job: Job, index: UnitIndex, checked: Checked | None) -> Iterator[str]:
    """One line for all of them. `checked`: what the period's files count today; None without any. Raises JobFailed."""
    counts, reasons = workbook_counts(checked) if checked and len(checked.counts) else ({}, {})
    folder = job.raw / SENT_OUT
    try:
        folder.mkdir(exist_ok=True)
        (job.raw / RETURNED).mkdir(exist_ok=True)  # where they come back to
    except OSError as error:
        raise JobFailed(f"Không dùng được {error.filename}: {error.strerror}.") from None
    there = {p.name for p in folder.iterdir()}
    made = [
        _write(folder / name, content)
        for name, content in unit_forms(job.period, index, installed(), counts, reasons, there)
    ]
    written, kept = sum(made), len(index.units()) - sum(made)
    numbers = f"có số liệu của cổng cho {len(counts)} đơn vị" if counts else "chưa có số liệu của cổng"
    said = [f"đã tạo {written}, {numbers}"] if written or not kept else []
    if kept:
        said.append(
            f"giữ nguyên {kept} phiếu đã có, với số liệu của lúc tạo (xoá phiếu cũ rồi chạy lại nếu muốn số mới)"
        )
    yield f"Phiếu của từng đơn vị trong {folder}: {'; '.join(said)}."
    yield f"Phiếu đơn vị gửi về: đặt vào {job.raw / RETURNED}"


def _write(path: Path, content: bytes) -> bool:
    """Whether the file was made: never over what somebody filled in."""
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError:
        return False
    except OSError as error:
        raise JobFailed(f"Không ghi được {path}: {error.strerror}.") from None
    return True
