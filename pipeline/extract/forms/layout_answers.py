"""The answers in `cach-doc.xlsx`: the sheets as they were written, with the name and the texts that were typed.

A sheet is recognised by its title in the first row. Its cells are found by the texts beside them; what is asked is in a
hidden sheet, which the program wrote.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.extract.sheet.grid import Grid
from pipeline.findings import Finding, Place
from pipeline.layouts.confirmed import Question
from pipeline.layouts.decisions import Decision
from pipeline.layouts.question_sheets import QuestionSheet
from pipeline.layouts.sheet_marks import (
    ANSWER_HEAD,
    FACTS_TITLE,
    NAME_LABEL,
    NUMBER_HEAD,
    is_marked,
    sheet_of_cells,
    signature_in,
)
from pipeline.layouts.stored_layouts import GivenAnswer
from pipeline.text import fold, nfc, shortened_list

#: rows in which the header of the questions and the name are looked for
_SEARCHED_ROWS = 60
#: letters of a name, and of a text that a finding repeats
_LONGEST_NAME = 80
_LONGEST_TEXT = 120


@dataclass(frozen=True)
class AnswerReading:
    """What the workbooks of questions hold. `sheets`: as typed; `given`: the answers that count."""

    sheets: tuple[QuestionSheet, ...] = ()
    given: tuple[GivenAnswer, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class _Typed:
    """A sheet as typed, and the places of its white cells."""

    sheet: QuestionSheet
    name: Place
    places: Mapping[Question, Place]


def is_question_sheet(grid: Grid) -> bool:
    """Whether this is a sheet of a workbook of questions, a hidden one too."""
    return is_marked(_title(grid))


def read_answers(grids: Sequence[Grid]) -> AnswerReading:
    """The answers in sheets for which `is_question_sheet` holds.

    An answer counts if its sheet has a name and its cell one of the texts of its list. Two different answers to one
    question are a conflict, and neither counts. Every other cell still counts.
    """
    typed: list[_Typed] = []
    findings: list[Finding] = []
    files = dict.fromkeys(grid.file for grid in grids)
    for file in files:
        of_file = [grid for grid in grids if grid.file == file]
        facts = _facts(of_file)
        seen: set[str] = set()
        for grid in of_file:
            signature = signature_in(_title(grid))
            if not signature:
                continue
            seen.add(signature)
            sheet = facts.get(signature)
            read = _read_sheet(grid, sheet) if sheet is not None else grid.place(grid.top, grid.left)
            if isinstance(read, _Typed):
                typed.append(read)
            else:
                findings.append(read.finding("layout_sheet_damaged", found=grid.sheet))
        findings += _lost_sheets(file, facts, seen)
    given, wrong = _given(typed)
    return AnswerReading(tuple(t.sheet for t in typed), given, (*findings, *wrong))


def _title(grid: Grid) -> str:
    return grid.text(grid.top, grid.left) if grid.rows else ""


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


def _read_sheet(grid: Grid, sheet: QuestionSheet) -> _Typed | Place:
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
    texts = {q: grid.text(rows[str(number)], answers) for number, q in enumerate(sheet.asked, 1)}
    by = nfc(grid.text(name[0], answers))[:_LONGEST_NAME]
    return _Typed(replace(sheet, by=by, texts=texts), grid.place(name[0], answers), places)


def _cells(grid: Grid, label: str) -> Iterator[tuple[int, int]]:
    """The cells that hold this label, top to bottom."""
    for row in range(grid.top, min(grid.height, grid.top + _SEARCHED_ROWS)):
        for column, text in grid.row_texts(row):
            if fold(text).rstrip(": ") == fold(label):
                yield row, column


def _given(typed: Iterable[_Typed]) -> tuple[tuple[GivenAnswer, ...], list[Finding]]:
    """The answers of all sheets, and a finding for each white cell that is none."""
    found: dict[tuple[str, Question], list[tuple[GivenAnswer, Place]]] = {}
    findings: list[Finding] = []
    for read in typed:
        if not read.sheet.by:
            findings += _unnamed(read)
            continue
        for question in read.sheet.asked:
            answer = _answer(read, question)
            if isinstance(answer, Finding):
                findings.append(answer)
            else:
                key = (read.sheet.layout.signature, question)
                found.setdefault(key, []).append((answer, read.places[question]))
    given: list[GivenAnswer] = []
    for answers in found.values():
        if len({answer.meaning for answer, _ in answers}) == 1:
            given.append(answers[0][0])
        else:
            findings.append(_conflict(answers))
    return tuple(given), findings


def _unnamed(read: _Typed) -> list[Finding]:
    """A finding if cells of a sheet without a name were changed."""
    if not read.sheet.is_typed:
        return []
    return [read.name.finding("layout_answer_unnamed")]


def _answer(read: _Typed, question: Question) -> GivenAnswer | Finding:
    decision = read.sheet.layout.decision(question)
    text, place = read.sheet.texts[question], read.places[question]
    shown = decision.shown if decision is not None else question[1]
    if not text:
        return place.finding("layout_answer_blank", found=shown, expected=_choices(decision))
    option = next((o for o in decision.options if fold(o.text) == fold(text)), None) if decision is not None else None
    if option is None:
        typed = text[:_LONGEST_TEXT]
        return place.finding("layout_answer_unknown", found=typed, expected=_choices(decision), shown=shown)
    return GivenAnswer(read.sheet.layout, question, option.value, option.text, read.sheet.by)


def _choices(decision: Decision | None) -> str:
    texts = [f"“{o.text}”" for o in decision.options] if decision is not None else []
    return shortened_list(texts, unit="câu") if texts else "một câu trong danh sách"


def _conflict(answers: Sequence[tuple[GivenAnswer, Place]]) -> Finding:
    first, place = answers[0]
    decision = first.layout.decision(first.question)
    found = "; ".join(f"“{answer.text}” ({where})" for answer, where in answers)
    return place.finding(
        "layout_answer_conflict", found=found, shown=decision.shown if decision is not None else first.question[1]
    )
