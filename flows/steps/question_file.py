"""Writes `cach-doc.xlsx`, the questions about the exports of a period. Nothing that was typed in it is lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from flows.steps.file_names import lock_file_of
from flows.steps.job import Job
from flows.steps.run_values import Inputs
from flows.steps.shared_paths import readable_path
from pipeline.layouts.question_sheets import FILE_NAME, QuestionSheet, question_sheets
from pipeline.load.forms.layout_workbook import layout_workbook
from pipeline.publish.atomic_files import readable_bytes, replace_file, write_error_text
from pipeline.publish.fingerprint import sha256
from pipeline.text import vn_int

#: in a period's output folder: the hash of the workbook as the program wrote it last, for the watcher
WRITTEN = ".cach-doc"
#: findings of a workbook that cannot be written again without loss
_KEEP_AS_IT_IS = frozenset({"layout_sheet_damaged", "layout_sheet_foreign"})


def write_questions(job: Job, inputs: Inputs, *, everything: bool = False) -> Iterator[str]:
    """Write the open questions of a period, if there are any; a workbook that asks them already is kept as it is.

    `everything`: all layouts of the period, with the answers given before. Yields Vietnamese lines. Does not raise
    OSError.
    """
    sheets = question_sheets(inputs.reading.files.layouts, inputs.reading.answers.sheets, everything=everything)
    count = sum(sheet.open for sheet in sheets)
    path = job.raw / FILE_NAME
    if not sheets or not (everything or count):
        return
    try:
        problem = _problem(inputs, path)
        if problem:
            yield f"Chưa ghi câu hỏi vào {readable_path(path, job.data_dir)}: {problem}."
            return
        written = everything or _asks_more(sheets, inputs.reading.answers.sheets)
        if written:
            data = layout_workbook(sheets, job.period)
            replace_file(path, data)
            job.out.mkdir(parents=True, exist_ok=True)
            replace_file(job.out / WRITTEN, sha256(data).encode())
    except OSError as error:
        yield f"Chưa ghi được câu hỏi. {write_error_text(path.parent, error, '')}"
        return
    yield from _told(readable_path(path, job.data_dir), count, written=written)


def _told(path: str, count: int, *, written: bool) -> Iterator[str]:
    """Vietnamese: where the questions are, how many, and what to do."""
    if not count:
        yield f"Đã ghi cách đọc các tệp: {path}. Không có câu nào chưa rõ; muốn đổi câu trả lời thì chọn lại ở ô trắng."
        return
    yield f"{'Đã ghi' if written else 'Đang có'} {vn_int(count)} câu hỏi về cách đọc tệp của cổng: {path}"
    yield "    → Mở tệp này, chọn câu trả lời ở các ô trắng, ghi tên người trả lời, lưu lại rồi chạy lại lệnh này."


def _problem(inputs: Inputs, path: Path) -> str:
    """Why the workbook must not be replaced (Vietnamese); "" if it may be written."""
    if lock_file_of(path.parent, path.name):
        return "tệp đang mở trong Excel, đóng lại rồi chạy lại"
    read, now = inputs.raw.files.get(FILE_NAME), readable_bytes(path)
    if now != read:
        return "tệp vừa được sửa trong lúc kiểm tra, chạy lại"
    if path.exists() and FILE_NAME not in inputs.reading.files.question_files:
        return "đã có một tệp khác mang tên này, đổi tên tệp đó rồi chạy lại"
    findings = [*inputs.reading.files.findings, *inputs.reading.answers.findings]
    if any(f.file == FILE_NAME and f.code in _KEEP_AS_IT_IS for f in findings):
        return "tệp có trang lạ hoặc không còn nguyên (xem ở trên), xử lý xong thì chạy lại"
    return ""


def _asks_more(sheets: Sequence[QuestionSheet], before: Sequence[QuestionSheet]) -> bool:
    """Whether there is a question that the workbook does not ask yet."""
    asked = {(sheet.layout.signature, question) for sheet in before for question in sheet.asked}
    return any((sheet.layout.signature, question) not in asked for sheet in sheets for question in sheet.asked)


def questions_written(out: Path) -> frozenset[str]:
    """The hash of the workbook as the program wrote it last, for one period's output folder. Raises OSError."""
    data = readable_bytes(out / WRITTEN)
    return frozenset() if data is None else frozenset({data.decode("ascii", "replace")})
