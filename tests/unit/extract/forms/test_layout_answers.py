"""The workbook of questions: written, typed in, read; and what is said of cells that are no answers."""

import datetime as dt
import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from layouts import OTHER, QUESTION, dossiers, table
from openpyxl import Workbook, load_workbook
from workbooks import of_rows, saved

from pipeline.extract.containers.excel import read_workbook
from pipeline.extract.forms.layout_answers import AnswerReading, is_question_sheet, read_answers
from pipeline.extract.period import read_files
from pipeline.extract.wording.vocabulary import vocabulary
from pipeline.finding_catalogue import findings_frame
from pipeline.layouts.confirmed import NONE_CONFIRMED, ConfirmedLayout, ConfirmedLayouts
from pipeline.layouts.decisions import Decision, Option
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


ANSWERED = question_sheets([table(confirmed=NAME)], everything=True)
KEPT = ConfirmedLayouts(
    (ConfirmedLayout("x", "table", table().labels, {QUESTION: "resolved_early"}, NAME, dt.date(2023, 9, 15)),)
)


def answered_book() -> Workbook:
    book = load_workbook(io.BytesIO(layout_workbook(ANSWERED, PERIOD).data))
    cell_of(book, TAB, "name").value = NAME
    return book


def together(*files: tuple[str, Workbook], kept: ConfirmedLayouts = KEPT) -> AnswerReading:
    grids = [grid for name, book in files for grid in read_workbook(name, saved(book))]
    return read_answers([grid for grid in grids if is_question_sheet(grid)], kept)


def messages(reading: AnswerReading, code: str) -> list[str]:
    frame = findings_frame(reading.findings)
    return frame.loc[frame["code"] == code, ["message", "action"]].agg(" ".join, axis=1).tolist()


def test_a_cleared_cell_is_told_from_one_that_was_never_filled(book: Workbook) -> None:
    emptied = answered_book()
    cell_of(emptied, TAB, 1).value = None
    (cell,) = [c for c in together((FILE_NAME, emptied)).cleared if c.question == QUESTION]
    assert (cell.was_answered, cell.by) == (True, NAME) and "F “Đã xử lý › Sớm”" in cell.where
    cell_of(book, TAB, "name").value = NAME
    assert [(c.question, c.was_answered) for c in read(book).cleared] == [(OTHER, False)]


def test_a_blank_cell_is_no_missing_answer_where_one_is_kept() -> None:
    emptied = answered_book()
    cell_of(emptied, TAB, 1).value = None
    assert "layout_answer_blank" not in codes(together((FILE_NAME, emptied)))
    assert "layout_answer_blank" in codes(together((FILE_NAME, emptied), kept=NONE_CONFIRMED))


@pytest.mark.parametrize("text", ["Đã giải quyết đúng hạn", None])
def test_copies_that_differ_say_what_is_used_and_which_is_newer(book: Workbook, text: str | None) -> None:
    cell_of(book, TAB, "name").value = NAME
    newer = answered_book()
    cell_of(newer, TAB, 1).value = text
    files = (("cach-doc (1).xlsx", book), ("cach-doc.xlsx", newer))
    reading = together(*files)
    assert QUESTION not in [a.question for a in reading.given] + [c.question for c in reading.cleared]
    (said,) = messages(reading, "layout_answer_conflict")
    assert "câu trả lời đã giữ trước đây (“Đã giải quyết trước hạn”) vẫn được dùng" in said
    assert "tệp ghi sau là cach-doc.xlsx" in said
    (said,) = messages(together(*files, kept=NONE_CONFIRMED), "layout_answer_conflict")
    assert "không câu nào được dùng" in said


def test_copies_written_alike_leave_the_choice_to_the_analyst(book: Workbook) -> None:
    cell_of(book, TAB, "name").value = NAME
    other = load_workbook(io.BytesIO(saved(book)))
    cell_of(other, TAB, 1).value = "Đã giải quyết đúng hạn"
    (said,) = messages(together(("a.xlsx", book), ("b.xlsx", other)), "layout_answer_conflict")
    assert "xem ngày sửa của từng tệp" in said


@pytest.mark.parametrize(
    ("kept", "effect"), [(KEPT, "câu trả lời đã giữ trước đây vẫn được dùng"), (NONE_CONFIRMED, "chưa câu nào")]
)
def test_a_change_without_a_name_says_what_is_used(kept: ConfirmedLayouts, effect: str) -> None:
    changed = answered_book()
    cell_of(changed, TAB, "name").value = None
    cell_of(changed, TAB, 1).value = "Đã giải quyết đúng hạn"
    (said,) = messages(together((FILE_NAME, changed), kept=kept), "layout_answer_unnamed")
    assert effect in said and f"(ô {cell_of(changed, TAB, 'name').coordinate})" in said


@pytest.mark.parametrize("text", ["tuỳ chọn đã  HUỶ", "Tùy chọn đã hủy"])
def test_everyday_spellings_are_answers(text: str) -> None:
    extra = Decision("scope", "x", "X", "", "open", "", (Option("all", "Tùy chọn đã huỷ"), Option("part", "Khác")))
    book = load_workbook(io.BytesIO(layout_workbook(question_sheets([table(extra=[extra])]), PERIOD).data))
    cell_of(book, TAB, "name").value = NAME
    cell_of(book, TAB, 3).value = text
    assert ("scope", "all") in [(a.question[0], a.meaning) for a in read(book).given]


def test_a_sheet_with_its_signature_in_the_title_is_read(book: Workbook) -> None:
    sheet = book[TAB]
    mark = next(c for row in sheet.iter_rows() for c in row if str(c.value).startswith("Mã mẫu: "))
    sheet["A1"] = f"{sheet['A1'].value} · mã {mark.value.removeprefix('Mã mẫu: ')}"
    mark.value = None
    cell_of(book, TAB, "name").value = NAME
    reading = read(book)
    assert [a.question for a in reading.given] == [QUESTION] and "layout_sheet_damaged" not in codes(reading)


def test_questions_stand_before_what_is_clear_and_only_the_mark_is_not_printed(book: Workbook) -> None:
    sheet = book[LISTED]
    texts = [str(row[0].value or "") for row in sheet.iter_rows()]
    sections = [t for t in texts if "·" in t][1:]
    assert [s.partition(" · ")[0] for s in sections] == ["CÂU HỎI"] * 3 + ["ĐÃ RÕ, CHỈ ĐỂ XEM"]
    assert texts[-1].startswith("Mã mẫu: ") and "mã" not in texts[0]
    assert str(sheet.print_area).endswith(f"$F${len(texts) - 2}")
    assert "tiêu đề ở dòng 3." in texts[1]


def test_a_partial_answer_is_marked_and_counted() -> None:
    answer = table(confirmed=NAME).decisions[5]
    half = replace(table(), decisions=(*table().decisions[:5], answer, table().decisions[6]))
    against = replace(half, decisions=(*half.decisions[:5], replace(answer, against="dòng 7"), half.decisions[6]))
    for layout, mark, count in (
        (half, ["đã trả lời", "chưa rõ: chọn"], "1 câu chưa rõ, 1 câu đã trả lời"),
        (against, ["trái với số liệu: chọn lại", "chưa rõ: chọn"], "1 câu chưa rõ, 1 câu trả lời trái với số liệu"),
    ):
        workbook = layout_workbook(question_sheets([layout], read(DATA).sheets), PERIOD)
        sheet = load_workbook(io.BytesIO(workbook.data))[TAB]
        rows = {str(row[0].value): row for row in sheet.iter_rows()}
        assert [rows[n][5].value for n in "12"] == mark
        assert rows["Người trả lời:"][4].value == f"← ghi họ tên. Có 2 ô trắng: {count}."
        assert workbook.cells[(half.signature, QUESTION)] == rows["1"][3].coordinate
        assert workbook.names[half.signature] == rows["Người trả lời:"][3].coordinate
    assert rows["1"][4].value == "trái với số liệu: dòng 7"
