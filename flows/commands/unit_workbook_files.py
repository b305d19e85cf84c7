"""`tthc forms`: writes the workbook of each unit into the folder of those sent out. Overwrites none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from flows.steps.failures import JobFailed
from flows.steps.file_names import REPLACEMENTS_FOLDER, RETURNED_FOLDER, SENT_OUT_FOLDER
from flows.steps.job import Job
from flows.steps.shared_paths import readable_path
from pipeline.forms.carry_over import CarriedOver
from pipeline.load.forms.unit_workbooks import unit_forms
from pipeline.publish.atomic_files import create_file, error_reason, is_left_empty, remove_left
from pipeline.registry import UnitIndex
from pipeline.result import Checked
from pipeline.validate.submission_status import workbook_counts


def write_unit_workbooks(job: Job, index: UnitIndex, checked: Checked | None, carried: CarriedOver) -> Iterator[str]:
    """Write the workbooks that do not exist yet. Yields two Vietnamese lines.

    `checked`: the checked files of the period, None if it has none; `carried`: answers of earlier quarters. Raises
    JobFailed if a file cannot be written.
    """
    counts, reasons = workbook_counts(checked) if checked and len(checked.counts) else ({}, {})
    folder = job.raw / SENT_OUT_FOLDER
    try:
        folder.mkdir(exist_ok=True)
        # what units send is put here: their workbooks, and new exports
        for name in (RETURNED_FOLDER, REPLACEMENTS_FOLDER):
            (job.raw / name).mkdir(exist_ok=True)
    except OSError as error:
        raise JobFailed(f"Không dùng được {error.filename}: {error_reason(error)}.") from None
    remove_left(folder)
    there = {p.name for p in folder.iterdir() if not is_left_empty(p)}
    made = [
        _write(folder / name, content)
        for name, content in unit_forms(job.period, index, job.rulebooks, counts, reasons, there, carried)
    ]
    written, kept = sum(made), len(index.units()) - sum(made)
    numbers = f"có số liệu của cổng cho {len(counts)} đơn vị" if counts else "chưa có số liệu của cổng"
    parts = [f"đã tạo {written}, {numbers}"] if written or not kept else []
    if kept:
        parts.append(
            f"giữ nguyên {kept} phiếu đã có, với số liệu của lúc tạo (xoá phiếu cũ rồi chạy lại nếu muốn số mới)"
        )
    yield f"Phiếu của từng đơn vị, trong {readable_path(folder, job.data_dir)}: {'; '.join(parts)}."
    yield f"Phiếu đơn vị gửi về: đặt vào {readable_path(job.raw / RETURNED_FOLDER, job.data_dir)}"


def _write(path: Path, content: bytes) -> bool:
    """Create the file; false if it exists with content. Raises JobFailed if it cannot be written."""
    try:
        create_file(path, content)
    except FileExistsError:
        return False
    except OSError as error:
        raise JobFailed(f"Không ghi được {path}: {error_reason(error)}.") from None
    return True
