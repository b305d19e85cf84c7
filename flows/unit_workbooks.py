"""`tthc forms`, the workbook of each unit: written into a folder of its own, to be sent out; over nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from flows.failure import JobFailed
from flows.job import Job
from flows.names import RETURNED, SENT_OUT
from flows.raw import read_raw
from pipeline import quarter
from pipeline.load.unit_forms import unit_forms
from pipeline.returns import counts_shown
from pipeline.rulebooks import installed
from pipeline.units import UnitIndex


def _counted(job: Job, registry: bytes) -> tuple[dict[str, dict[str, int]], dict[str, str]]:
    """What `tthc check` would count today: unit -> measure -> number, and why a unit has none."""
    try:
        raw = read_raw(job.raw)
    except OSError as error:
        raise JobFailed(f"Không đọc được thư mục {job.raw}: {error.strerror}.") from None
    if not raw.files:
        return {}, {}
    checked = quarter.check(quarter.read_period(job.period, raw.files, registry, raw.findings))
    return counts_shown(checked) if len(checked.counts) else ({}, {})


def write_unit_workbooks(job: Job, registry: bytes, index: UnitIndex) -> Iterator[str]:
    """One line for all of them. Raises JobFailed."""
    counts, reasons = _counted(job, registry)
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
