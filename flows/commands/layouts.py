"""`tthc layouts`: writes into `cach-doc.xlsx` how every export of a period was read, to see and change answers."""

from __future__ import annotations

from collections.abc import Iterator

from flows.steps.job import Job
from flows.steps.question_file import write_questions
from flows.steps.scoring_steps import read_inputs
from pipeline.text import vn_int


def layout_lines(job: Job) -> Iterator[str]:
    """Vietnamese: where the workbook is and how many questions are open. It is written here.

    Raises NothingArrived if the period has no file, JobFailed if its folder or the registry cannot be used.
    """
    inputs = read_inputs(job)
    layouts = {layout.signature for layout in inputs.reading.files.layouts}
    if not layouts:
        yield f"Không tệp nào của {job.period.name} có bảng số liệu hay danh sách hồ sơ: không có gì để ghi."
        return
    yield f"{job.period.name}: {vn_int(len(layouts))} mẫu bảng, danh sách."
    yield from write_questions(job, inputs, everything=True)
