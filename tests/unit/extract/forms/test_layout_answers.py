"""The workbook of questions: written, typed in, read; and what is said of cells that are no answers."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from layouts import OTHER, QUESTION, dossiers, table
from openpyxl import Workbook, load_workbook
from workbooks import of_rows, saved

from pipeline.extract.containers.excel import read_workbook
from pipeline.extract.forms.layout_answers import AnswerReading, is_question_sheet, read_answers
from pipeline.extract.period import read_files
from pipeline.extract.wording.vocabulary import vocabulary
from pipeline.layouts.question_sheets import FILE_NAME, question_sheets
from pipeline.load.forms.layout_workbook import layout_workbook
from pipeline.periods import Period
from pipeline.registry import UnitIndex

PERIOD = Period(2022, 1)
SHEETS = question_sheets([table(), dossiers()])
DATA = layout_workbook(SHEETS, PERIOD).data
NAME, TAB, LISTED = "Công chức 1", "1. Tổng hợp", "2. Danh sách"


@pytest.fixture
def book() -> Workbook:
    return load_workbook(io.BytesIO(DATA))


def cell_of(book: Workbook, tab: str, number: int | str) -> Any:
    """The white cell of a question by its number, or of the name."""
    sheet = book[tab]
    for row in sheet.iter_rows():
        if row[0].value == number or (number == "name" and row[0].value == "Người trả lời:"):
            return row[3]
    raise KeyError(number)


def read(book: Workbook | bytes, name: str = FILE_NAME) -> AnswerReading:
    data = book if isinstance(book, bytes) else saved(book)
    return read_answers([grid for grid in read_workbook(name, data) if is_question_sheet(grid)])


def codes(reading: AnswerReading) -> list[str]:
    return [finding.code for finding in reading.findings]


def test_the_same_sheets_give_the_same_bytes() -> None:
    assert layout_workbook(question_sheets([table(), dossiers()]), PERIOD).data == DATA


def test_a_workbook_nobody_touched_answers_nothing() -> None:
    reading = read(DATA)
    assert reading.sheets == SHEETS
    assert reading.given == ()
    assert reading.findings == ()


def test_white_cells_only_where_something_is_asked_and_guesses_are_marked(book: Workbook) -> None:
    white = [c for row in book[TAB].iter_rows() for c in row if not c.protection.locked]
    assert [c.value for c in white] == [None, "Đã giải quyết trước hạn", None]
    assert white[1].font.i and not white[2].font.i
    assert [book[TAB].cell(c.row, 6).value for c in white[1:]] == ["đoán: xem lại", "chưa rõ: chọn"]
    assert book[TAB].protection.sheet
    checks = book[TAB].data_validations.dataValidation
    assert [str(c.sqref) for c in checks] == [f"{white[1].coordinate} {white[2].coordinate}"]
    assert book["Dữ liệu"].sheet_state == "hidden"


def test_a_name_makes_answers_of_the_guesses_and_a_blank_cell_is_named(book: Workbook) -> None:
    cell_of(book, TAB, "name").value = NAME
    reading = read(book)
    assert [(a.question, a.meaning, a.by) for a in reading.given] == [(QUESTION, "resolved_early", NAME)]
    (finding,) = reading.findings
    assert (finding.code, finding.sheet, finding.cell) == ("layout_answer_blank", TAB, cell_of(book, TAB, 2).coordinate)


def test_a_chosen_text_is_mapped_to_its_value(book: Workbook) -> None:
    cell_of(book, TAB, "name").value = f"  {NAME} "
    cell_of(book, TAB, 1).value = "đã giải quyết  đúng hạn"
    cell_of(book, TAB, 2).value = "Không dùng (phần, tổng hoặc tỷ lệ của các cột khác)"
    reading = read(book)
    assert {a.question: a.meaning for a in reading.given} == {QUESTION: "resolved_on_time", OTHER: "unused"}
    assert reading.findings == ()


def test_sheets_are_answered_one_by_one(book: Workbook) -> None:
    cell_of(book, LISTED, "name").value = NAME
    cell_of(book, LISTED, 3).value = "Trực tuyến"
    assert [(a.question[0], a.meaning) for a in read(book).given] == [
        ("end_date", "ngày trả"),
        ("status", "open"),
        ("channel", "online"),
    ]


def test_choices_without_a_name_count_for_nothing_and_that_is_said(book: Workbook) -> None:
    cell_of(book, TAB, 2).value = "Đã giải quyết đúng hạn"
    reading = read(book)
    assert reading.given == ()
    assert codes(reading) == ["layout_answer_unnamed"]
    assert reading.findings[0].cell == cell_of(book, TAB, "name").coordinate


def test_a_text_that_is_no_choice_is_refused_and_the_others_count(book: Workbook) -> None:
    cell_of(book, TAB, "name").value = NAME
    cell_of(book, TAB, 2).value = "chắc là đúng hạn"
    reading = read(book)
    assert [a.question for a in reading.given] == [QUESTION]
    (finding,) = reading.findings
    assert (finding.code, finding.found) == ("layout_answer_unknown", "chắc là đúng hạn")
    assert "“Đã giải quyết đúng hạn”" in finding.expected


def damage_title(book: Workbook) -> None:
    book[TAB]["A1"] = "Tổng hợp"


def damage_number(book: Workbook) -> None:
    cell_of(book, TAB, 1).offset(column=-3).value = None


def damage_facts(book: Workbook) -> None:
    book["Dữ liệu"]["C3"] = book["Dữ liệu"]["C3"].value.replace("resolved_early", "resolved_late", 1)


def remove_sheet(book: Workbook) -> None:
    del book[TAB]


@pytest.mark.parametrize("damage", [damage_title, damage_number, damage_facts, remove_sheet])
def test_a_damaged_sheet_is_named_and_the_others_count(book: Workbook, damage: Callable[[Workbook], None]) -> None:
    for tab in (TAB, LISTED):
        cell_of(book, tab, "name").value = NAME
    damage(book)
    reading = read(book)
    assert {a.question[0] for a in reading.given} == {"end_date", "status"}
    assert "layout_sheet_damaged" in codes(reading)


def test_two_workbooks_that_differ_are_a_conflict_and_equal_ones_are_not(book: Workbook) -> None:
    cell_of(book, TAB, "name").value = NAME
    one = saved(book)
    cell_of(book, TAB, 1).value = "Đã giải quyết đúng hạn"
    grids = [g for n, d in {"a.xlsx": one, "b.xlsx": saved(book)}.items() for g in read_workbook(n, d)]
    reading = read_answers([g for g in grids if is_question_sheet(g)])
    assert reading.given == ()
    assert "layout_answer_conflict" in codes(reading)
    twice = [g for n in ("a.xlsx", "b.xlsx") for g in read_workbook(n, one)]
    assert len(read_answers([g for g in twice if is_question_sheet(g)]).given) == 1


def test_it_is_neither_an_export_nor_an_input(book: Workbook, index: UnitIndex) -> None:
    cell_of(book, TAB, "name").value = NAME
    reading = read_files({"ten bat ky.xlsx": saved(book), "b.xlsx": saved(book)}, PERIOD, index, vocabulary())
    assert reading.sources == ()
    assert reading.findings == ()
    assert reading.question_files == ("b.xlsx", "ten bat ky.xlsx")
    assert len(read_answers(reading.question_grids).given) == 1


def test_a_sheet_of_somebody_else_in_it_is_named(book: Workbook, index: UnitIndex) -> None:
    book.create_sheet("Ghi chú")["A1"] = "việc cần làm"
    reading = read_files({FILE_NAME: saved(book)}, PERIOD, index, vocabulary())
    assert [(f.code, f.sheet) for f in reading.findings] == [("layout_sheet_foreign", "Ghi chú")]


def test_an_export_with_a_sheet_of_questions_in_it_stays_an_export(
    book: Workbook, index: UnitIndex, export: Callable[..., bytes], row: Callable[..., list[Any]]
) -> None:
    exported = load_workbook(io.BytesIO(export([row(1, "Phòng A", 1, 2, 0, 3, 0, 0)])))
    source = exported.worksheets[0]
    target = book.create_sheet("II.06a")
    for cells in source.iter_rows():
        for cell in cells:
            if cell.value is not None:
                target[cell.coordinate] = cell.value
    reading = read_files({"a.xlsx": saved(book)}, PERIOD, index, vocabulary())
    assert [s.path for s in reading.sources] == ["a.xlsx"]
    assert reading.question_files == ()


def test_an_ordinary_sheet_is_none() -> None:
    (grid,) = read_workbook("a.xlsx", of_rows([["Cách đọc tệp"], [1]]))
    assert not is_question_sheet(grid)
