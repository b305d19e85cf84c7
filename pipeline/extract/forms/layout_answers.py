"""The answers in `cach-doc.xlsx`: the sheets as they were written, with the name and the texts that were typed.

A sheet is recognised by its title in the first row. Its cells are found by the texts beside them; what is asked is in a
hidden sheet, which the program wrote.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pipeline.extract.sheet.grid import Grid
from pipeline.findings import Finding, Place
from pipeline.layouts.confirmed import NONE_CONFIRMED, Answer, ConfirmedLayouts, Question
from pipeline.layouts.decisions import Decision
from pipeline.layouts.question_sheets import QuestionSheet, meaning_text
from pipeline.layouts.sheet_marks import (
    ANSWER_HEAD,
    FACTS_TITLE,
    NAME_LABEL,
    NUMBER_HEAD,
    is_marked,
    sheet_of_cells,
    signature_in,
)
from pipeline.layouts.stored_layouts import ClearedCell, GivenAnswer
from pipeline.text import fold, nfc, shortened_list, spelling_key, vn_day

#: rows in which the header of the questions and the name are looked for
_SEARCHED_ROWS = 60
#: letters of a name, and of a text that a finding repeats
_LONGEST_NAME = 80
_LONGEST_TEXT = 120
_NO_ANSWER = "chưa có câu trả lời"
#: the day at the end of the ground of an answer: see `Answer.reason`
_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})$")


@dataclass(frozen=True)
class AnswerReading:
    """What the workbooks of questions hold.

    `sheets`: as typed; `files`: the file of each sheet; `given`: the answers that count; `cleared`: cells that are
    blank under a name.
    """

    sheets: tuple[QuestionSheet, ...] = ()
    files: tuple[str, ...] = ()
    given: tuple[GivenAnswer, ...] = ()
    cleared: tuple[ClearedCell, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class _Typed:
    """A sheet as typed, and the places of its white cells."""

    sheet: QuestionSheet
    name: Place
    places: Mapping[Question, Place]
    kept: Mapping[Question, Answer]  # the answers that hold for its layout
    withdrawn: Mapping[Question, Answer]


def is_question_sheet(grid: Grid) -> bool:
    """Whether this is a sheet of a workbook of questions, a hidden one too."""
    return is_marked(_title(grid))


def read_answers(grids: Sequence[Grid], confirmed: ConfirmedLayouts = NONE_CONFIRMED) -> AnswerReading:
    """The answers in sheets for which `is_question_sheet` holds.

    An answer counts if its sheet has a name and its cell one of the texts of its list. Two different answers to one
    question are a conflict, and neither counts. Every other cell still counts. `confirmed`: the answers that hold
    already, which the findings name.
    """
    typed: list[_Typed] = []
    findings: list[Finding] = []
    files = dict.fromkeys(grid.file for grid in grids)
    for file in files:
        of_file = [grid for grid in grids if grid.file == file]
        facts = _facts(of_file)
        seen: set[str] = set()
        for grid in of_file:
            signature = _signature(grid)
            if not signature:
                continue
            seen.add(signature)
            sheet = facts.get(signature)
            read = _read_sheet(grid, sheet, confirmed) if sheet is not None else grid.place(grid.top, grid.left)
            if isinstance(read, _Typed):
                typed.append(read)
            else:
                findings.append(read.finding("layout_sheet_damaged", found=grid.sheet))
        findings += _lost_sheets(file, facts, seen)
    cells = _Cells(typed)
    return AnswerReading(
        tuple(t.sheet for t in typed),
        tuple(t.name.file for t in typed),
        tuple(cells.given),
        tuple(cells.cleared),
        (*findings, *cells.findings),
    )


def _title(grid: Grid) -> str:
    return grid.text(grid.top, grid.left) if grid.rows else ""


def _signature(grid: Grid) -> str:
    """The signature of a sheet's layout: in its title, else in the last row that has one."""
    found = signature_in(_title(grid))
    rows = reversed(range(grid.top, grid.height)) if is_marked(_title(grid)) and not found else ()
    return found or next((s for row in rows for _, text in grid.row_texts(row) if (s := signature_in(text))), "")


def _facts(grids: Iterable[Grid]) -> dict[str, QuestionSheet]:
    """Signature -> the sheet as it was written, without texts; rows of facts that were altered are left out."""
    found: dict[str, QuestionSheet] = {}
    for grid in grids:
        if fold(_title(grid)) != fold(FACTS_TITLE):
            continue
        for row in range(grid.top + 1, grid.height):
            cells = [str(value) for value in grid.rows[row - grid.top] if value not in (None, "")]
            sheet = sheet_of_cells(cells) if len(cells) > 2 else None
            if sheet is not None:
                found[sheet.layout.signature] = sheet
    return found


def _lost_sheets(file: str, facts: Mapping[str, QuestionSheet], seen: set[str]) -> Iterator[Finding]:
    """A finding for each sheet that was written and is no longer recognised."""
    for signature, sheet in facts.items():
        if signature not in seen:
            tab = next((tab or name for name, tab, _ in sheet.layout.places), signature)
            yield Place(file).finding("layout_sheet_damaged", found=tab)


def _read_sheet(grid: Grid, sheet: QuestionSheet, confirmed: ConfirmedLayouts) -> _Typed | Place:
    """The sheet as typed; the place that is damaged if a text by which cells are found is no longer there."""
    name = next(_cells(grid, NAME_LABEL), None)
    head = next(_cells(grid, NUMBER_HEAD), None)
    heads = grid.row_texts(head[0]) if head is not None else []
    answers = next((c for c, text in heads if fold(text) == fold(ANSWER_HEAD)), None)
    if name is None or head is None or answers is None:
        return grid.place(grid.top, grid.left)
    rows = {grid.text(row, head[1]): row for row in reversed(range(head[0] + 1, grid.height))}
    missing = [number for number in range(1, len(sheet.asked) + 1) if str(number) not in rows]
    if missing:
        return grid.place(head[0], head[1])
    places = {q: grid.place(rows[str(number)], answers) for number, q in enumerate(sheet.asked, 1)}
    texts = {q: _typed_text(grid, rows[str(number)], answers) for number, q in enumerate(sheet.asked, 1)}
    by = nfc(grid.text(name[0], answers))[:_LONGEST_NAME] if not _is_struck(grid, name[0], answers) else ""
    kept = confirmed.answers(sheet.layout.kind, sheet.layout.labels)
    withdrawn = confirmed.withdrawn(sheet.layout.kind, sheet.layout.labels)
    return _Typed(replace(sheet, by=by, texts=texts), grid.place(name[0], answers), places, kept, withdrawn)


def _cells(grid: Grid, label: str) -> Iterator[tuple[int, int]]:
    """The cells that hold this label, top to bottom."""
    for row in range(grid.top, min(grid.height, grid.top + _SEARCHED_ROWS)):
        for column, text in grid.row_texts(row):
            if fold(text).rstrip(": ") == fold(label):
                yield row, column


class _Cells:
    """The white cells of all sheets: the answers that count, the blank cells, and a finding for every other one."""

    def __init__(self, typed: Iterable[_Typed]) -> None:
        self.given: list[GivenAnswer] = []
        self.cleared: list[ClearedCell] = []
        self.findings: list[Finding] = []
        cells: dict[tuple[str, Question], list[tuple[_Typed, Question]]] = {}
        for read in typed:
            if not read.sheet.by:
                self.findings += _unnamed(read)
                continue
            for question in read.sheet.asked:
                cells.setdefault((read.sheet.layout.signature, question), []).append((read, question))
        for same in cells.values():
            self._add(same)

    def _add(self, same: Sequence[tuple[_Typed, Question]]) -> None:
        """The cells of one question in one or several workbooks."""
        answers: list[tuple[GivenAnswer, _Typed]] = []
        blank: list[_Typed] = []
        for read, question in same:
            answer = _answer(read, question)
            if answer is None:
                blank.append(read)
            elif isinstance(answer, Finding):
                self.findings.append(answer)
            else:
                answers.append((answer, read))
        question = same[0][1]
        emptied = [read for read in blank if _was_answered(read, question)]
        if len({answer.meaning for answer, _ in answers}) > 1 or (answers and emptied):
            self.findings.append(_conflict(question, answers, emptied))
        elif answers:
            self.given.append(answers[0][0])
        else:
            self.cleared += [_cleared(read, question) for read in blank]
            self.findings += [_blank(read, question) for read in blank if question not in read.kept]


def _typed_text(grid: Grid, row: int, column: int) -> str:
    """The text of a white cell. A struck one is no answer that the cell allows."""
    text = grid.text(row, column)
    return f"{text} (bị gạch ngang)" if text and _is_struck(grid, row, column) else text


def _is_struck(grid: Grid, row: int, column: int) -> bool:
    misread = grid.misread.get((row, column))
    return misread is not None and misread.is_in_doubt


def _unnamed(read: _Typed) -> list[Finding]:
    """A finding if cells of a sheet without a name were changed."""
    if not read.sheet.is_typed:
        return []
    kept = any(question in read.kept for question in read.sheet.asked)
    effect = "thay đổi trên trang chưa được dùng; các câu trả lời đã giữ trước đây vẫn được dùng"
    effect = effect if kept else "chưa câu nào của trang được dùng"
    return [read.name.finding("layout_answer_unnamed", effect=effect)]


def _answer(read: _Typed, question: Question) -> GivenAnswer | Finding | None:
    """The answer of a cell; None for a blank one."""
    decision = read.sheet.layout.decision(question)
    text = read.sheet.texts[question]
    if not text:
        return None
    wanted = spelling_key(text)
    choices = decision.options if decision is not None else ()
    option = next((o for o in choices if spelling_key(o.text) == wanted), None)
    if option is None:
        kept = _kept_answer(read, question)
        facts: dict[str, Any] = {"shown": _shown(read, question), "kept": f"; {kept} vẫn được dùng" if kept else ""}
        typed, expected = text[:_LONGEST_TEXT], _choices(decision)
        return read.places[question].finding("layout_answer_unknown", found=typed, expected=expected, **facts)
    return GivenAnswer(read.sheet.layout, question, option.value, option.text, read.sheet.by)


def _shown(read: _Typed, question: Question) -> str:
    decision = read.sheet.layout.decision(question)
    return decision.shown if decision is not None else question[1]


def _kept_answer(read: _Typed, question: Question) -> str:
    """`câu trả lời đã giữ trước đây (“Đã giải quyết đúng hạn”)`; "" where none is kept."""
    decision, answer = read.sheet.layout.decision(question), read.kept.get(question)
    if decision is None or answer is None:
        return ""
    return f"câu trả lời đã giữ trước đây (“{meaning_text(decision, answer.meaning)}”)"


def _was_answered(read: _Typed, question: Question) -> bool:
    """Whether the program had written an answer of the office into the cell."""
    decision = read.sheet.layout.decision(question)
    return decision is not None and (decision.ground == "confirmed" or bool(decision.against))


def _cleared(read: _Typed, question: Question) -> ClearedCell:
    place = read.places[question]
    where = f"{_shown(read, question)} ({place})"
    return ClearedCell(read.sheet.layout, question, read.sheet.by, _was_answered(read, question), where)


def _blank(read: _Typed, question: Question) -> Finding:
    expected, shown = _choices(read.sheet.layout.decision(question)), _shown(read, question)
    gone = read.withdrawn.get(question)
    state = f"câu trả lời đã giữ được rút ({gone.by}, {vn_day(gone.on)}), câu được hỏi lại" if gone else _NO_ANSWER
    return read.places[question].finding("layout_answer_blank", found=shown, expected=expected, state=state)


def _choices(decision: Decision | None) -> str:
    texts = [f"“{o.text}”" for o in decision.options] if decision is not None else []
    return shortened_list(texts, unit="câu") if texts else "một câu trong danh sách"


def _conflict(question: Question, answers: Sequence[tuple[GivenAnswer, _Typed]], emptied: Sequence[_Typed]) -> Finding:
    """The finding of cells that say different things, one of them perhaps by being cleared."""
    reads = [*(read for _, read in answers), *emptied]
    said = [f"“{answer.text}” ({read.places[question]})" for answer, read in answers]
    said += [f"đã xoá trắng ({read.places[question]})" for read in emptied]
    kept = _kept_answer(reads[0], question)
    effect = f"chưa thay đổi gì, {kept} vẫn được dùng" if kept else "không câu nào được dùng"
    newest = _written_last(reads)
    which = f"tệp ghi sau là {newest}" if newest else "xem ngày sửa của từng tệp để biết tệp nào mới hơn"
    facts: dict[str, Any] = {"shown": _shown(reads[0], question), "effect": effect, "which": which}
    return reads[0].places[question].finding("layout_answer_conflict", found="; ".join(said), **facts)


def _written_last(reads: Sequence[_Typed]) -> str:
    """The file whose sheet the program wrote last, by the answers that it knew then; "" where they do not tell."""
    known = {read.name.file: _latest_answer(read.sheet) for read in reads}
    last = max(known.values())
    files = [file for file, days in known.items() if days == last]
    return files[0] if len(files) == 1 and len(known) > 1 else ""


def _latest_answer(sheet: QuestionSheet) -> tuple[tuple[int, int, int], int]:
    """The last day on which an answer was given that the sheet names, and how many it names."""
    found = [d.reason for d in sheet.layout.decisions if d.ground == "confirmed"]
    days = [(int(m[3]), int(m[2]), int(m[1])) for reason in found if (m := _DAY.search(reason))]
    return max(days, default=(0, 0, 0)), len(found)
