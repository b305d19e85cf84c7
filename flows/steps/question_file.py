"""Writes `cach-doc.xlsx`, the questions about the exports of a period. Nothing that was typed in it is lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from flows.steps.file_names import lock_file_of
from flows.steps.job import Job
from flows.steps.run_values import Inputs
from flows.steps.shared_paths import readable_path
from pipeline.layouts.contradicted import with_contradictions
from pipeline.layouts.question_sheets import FILE_NAME, TOPIC_NAMES, QuestionSheet, question_sheets
from pipeline.load.forms.layout_workbook import WrittenWorkbook, layout_workbook
from pipeline.publish.atomic_files import readable_bytes, replace_file, write_error_text
from pipeline.publish.fingerprint import sha256
from pipeline.text import shortened_list, vn_int

#: in a period's output folder: the hash of the workbook as the program wrote it last, for the watcher
WRITTEN = ".cach-doc"
#: open questions that are named on the console: where they are the subject, and beside other things to do
MOST_QUESTIONS, FEW_QUESTIONS = 12, 3
#: findings of a workbook that cannot be written again without loss
_KEEP_AS_IT_IS = frozenset({"layout_sheet_damaged", "layout_sheet_foreign"})


def write_questions(job: Job, inputs: Inputs, *, everything: bool = False, most: int = MOST_QUESTIONS) -> Iterator[str]:
    """Write the open questions of a period, if there are any, and refresh the marks of a workbook that is there.

    `everything`: all layouts of the period, with the answers given before. `most`: open questions that are named.
    Yields Vietnamese lines. Does not raise OSError.
    """
    answers = inputs.reading.answers
    layouts = with_contradictions(inputs.reading.files.layouts, inputs.reading.files.findings)
    name = _file_name(job, inputs)
    mine = [sheet for sheet, file in zip(answers.sheets, answers.files, strict=True) if file == name]
    others = [sheet for sheet, file in zip(answers.sheets, answers.files, strict=True) if file != name]
    sheets = question_sheets(layouts, (*mine, *others), everything=everything)
    count = sum(sheet.open for sheet in sheets)
    if not sheets or not (everything or count or mine):
        return
    path = job.raw / name
    shown = readable_path(path, job.data_dir)
    workbook = layout_workbook(sheets, job.period)
    try:
        problem = _problem(inputs, path)
        written = not problem and readable_bytes(path) != workbook.data
        if written:
            replace_file(path, workbook.data)
        digest = sha256(workbook.data).encode()
        if not problem and readable_bytes(job.out / WRITTEN) != digest:
            replace_file(job.out / WRITTEN, digest)
    except OSError as error:
        yield f"Chưa ghi được câu hỏi. {write_error_text(path.parent, error, '')}"
        return
    if problem:
        if everything or count:
            yield f"Chưa ghi câu hỏi vào {shown}: {problem}."
            yield from _open_lines(sheets, None, most)
        return
    yield from _told(shown, sheets, workbook, most, written=written, everything=everything)


def _told(
    path: str,
    sheets: Sequence[QuestionSheet],
    workbook: WrittenWorkbook,
    most: int,
    *,
    written: bool,
    everything: bool,
) -> Iterator[str]:
    """Vietnamese: where the questions are, which are open, and what to do."""
    count = sum(sheet.open for sheet in sheets)
    if not count and everything:
        yield f"Đã ghi cách đọc các tệp: {path}. Không có câu nào chưa rõ; muốn đổi câu trả lời thì chọn lại ở ô trắng."
    elif not count and written:
        yield f"Đã cập nhật {path}: các ô đã trả lời được đánh dấu, không còn câu nào chưa rõ."
    if not count:
        return
    yield f"{'Đã ghi' if written else 'Đang có'} {vn_int(count)} câu hỏi về cách đọc tệp của cổng: {path}"
    yield from _open_lines(sheets, workbook, most)
    unnamed = [s.layout.signature for s in sheets if s.open and not s.by]
    names = shortened_list([f"{workbook.names[s]} của trang “{workbook.tabs[s]}”" for s in unnamed], unit="trang")
    name = f"ghi tên người trả lời ở ô {names}, " if names else ""
    yield f"    → Mở tệp này, chọn câu trả lời ở các ô trắng, {name}lưu lại rồi kiểm tra lại."


def _open_lines(sheets: Sequence[QuestionSheet], workbook: WrittenWorkbook | None, most: int) -> Iterator[str]:
    """A line for each question that is not settled: its cell, where it is known, and its words."""
    asked = [(sheet.layout, question) for sheet in sheets for question in sheet.unsettled]
    for layout, question in asked[:most]:
        decision = layout.decision(question)
        if decision is None:
            continue
        key = (layout.signature, question)
        place = f"trang “{workbook.tabs[key[0]]}”, ô {workbook.cells[key]}: " if workbook is not None else ""
        against = f" (câu trả lời trái với số liệu: {decision.against})" if decision.against else ""
        yield f"    - {place}{TOPIC_NAMES[decision.topic]} – {decision.shown}{against}"
    if len(asked) > most:
        yield f"    - và {vn_int(len(asked) - most)} câu khác"


def _file_name(job: Job, inputs: Inputs) -> str:
    """The workbook to write: a copy that is there under another name, if it is the only one."""
    found = inputs.reading.files.question_files
    if (
        len(found) == 1
        and FILE_NAME not in found
        and (job.raw / found[0]).suffix == ".xlsx"
        and (job.raw / found[0]).is_file()
    ):
        return found[0] if found[0] in inputs.raw.files else FILE_NAME
    return FILE_NAME


def _problem(inputs: Inputs, path: Path) -> str:
    """Why the workbook must not be replaced (Vietnamese); "" if it may be written."""
    if lock_file_of(path.parent, path.name):
        return "tệp đang mở trong Excel, đóng lại rồi chạy lại"
    name, found = path.name, inputs.reading.files.question_files
    read, now = inputs.raw.files.get(name), readable_bytes(path)
    if now != read:
        return "tệp vừa được sửa trong lúc kiểm tra, chạy lại"
    if path.exists() and name not in found:
        return "đã có một tệp khác mang tên này, đổi tên tệp đó rồi chạy lại"
    findings = [*inputs.reading.files.findings, *inputs.reading.answers.findings]
    differ = any(f.code == "layout_answer_conflict" for f in findings)
    if differ or (found and name not in found):
        return f"đã có tệp câu hỏi {', '.join(found)}; giữ một tệp, chuyển tệp kia ra khỏi thư mục của kỳ rồi chạy lại"
    if any(f.file == name and f.code in _KEEP_AS_IT_IS for f in findings):
        return "tệp có trang lạ hoặc không còn nguyên (xem ở trên), xử lý xong thì chạy lại"
    return ""


def questions_written(out: Path) -> frozenset[str]:
    """The hash of the workbook as the program wrote it last, for one period's output folder. Raises OSError."""
    data = readable_bytes(out / WRITTEN)
    return frozenset() if data is None else frozenset({data.decode("ascii", "replace")})
