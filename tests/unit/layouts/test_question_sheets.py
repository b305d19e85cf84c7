"""Which questions the workbook asks, and what a second writing keeps."""

from dataclasses import replace

from layouts import OTHER, QUESTION, dossiers, table

from pipeline.layouts.decisions import Decision, Option
from pipeline.layouts.question_sheets import (
    QuestionSheet,
    guess_text,
    question_sheets,
    shared_layouts,
    sheet_facts,
    sheet_of_facts,
)

GUESS = "Đã giải quyết trước hạn"
NEW = Decision(
    "scope", "tên bảng", "A2 “Biểu tổng hợp”", "all", "open", "", (Option("all", "Toàn bộ"), Option("part", "Một phần"))
)


def typed(sheet: QuestionSheet, by: str, text: str) -> QuestionSheet:
    """The sheet after somebody wrote a name and an answer to every question."""
    return replace(sheet, by=by, texts=dict.fromkeys(sheet.asked, text))


def test_one_layout_in_two_files_is_one_sheet_that_names_both() -> None:
    (sheet,) = question_sheets([table("a.xlsx"), table("b.xlsx")])
    assert [place[0] for place in sheet.layout.places] == ["a.xlsx", "b.xlsx"]
    assert sheet.asked == (QUESTION, OTHER)
    assert sheet.texts == {QUESTION: GUESS, OTHER: ""}
    assert sheet.open == 2


def test_a_question_that_is_open_in_one_file_is_asked() -> None:
    (shared,) = shared_layouts([table("a.xlsx", confirmed="Công chức 1"), table("b.xlsx")])
    decision = shared.decision(QUESTION)
    assert decision is not None and decision.ground == "open"


def test_a_layout_without_an_open_question_has_a_sheet_only_on_request() -> None:
    answered = table(confirmed="Công chức 1")
    assert question_sheets([answered]) == ()
    (sheet,) = question_sheets([answered], everything=True)
    assert sheet.asked == (QUESTION, OTHER)
    assert sheet.open == 0
    assert sheet.texts[QUESTION] == GUESS


def test_what_is_typed_is_kept_and_a_new_question_is_added_blank_under_a_name() -> None:
    (first,) = question_sheets([table()])
    before = typed(first, "Công chức 1", "Không rõ")
    (again,) = question_sheets([table(extra=[NEW])], [before])
    assert again.by == "Công chức 1"
    assert [again.texts[q] for q in again.asked] == ["Không rõ", "Không rõ", ""]


def test_a_new_question_on_a_sheet_without_a_name_has_its_guess() -> None:
    (first,) = question_sheets([table()])
    (again,) = question_sheets([table(extra=[NEW])], [first])
    assert again.texts[("scope", "tên bảng")] == "Toàn bộ"


def test_typed_sheets_of_files_that_are_gone_are_kept_and_others_are_not() -> None:
    (first,) = question_sheets([table()])
    assert question_sheets([dossiers()], [typed(first, "", "Không rõ")])[1].layout.signature == first.layout.signature
    assert len(question_sheets([dossiers()], [first])) == 1


def test_an_answered_question_stays_white_on_a_sheet_that_was_typed_in() -> None:
    (first,) = question_sheets([table()])
    before = typed(first, "Công chức 1", GUESS)
    (again,) = question_sheets([table(confirmed="Công chức 1")], [before])
    assert again.asked == first.asked
    assert again.open == 0


def test_a_question_without_options_is_not_asked() -> None:
    (sheet,) = question_sheets([table(extra=[replace(NEW, options=())])])
    assert ("scope", "tên bảng") not in sheet.asked
    assert guess_text(replace(NEW, options=())) == guess_text(None) == ""


def test_facts_give_the_same_sheet_again() -> None:
    for sheet in question_sheets([table(), dossiers()]):
        assert sheet_of_facts(sheet_facts(sheet)) == replace(sheet, texts={})


def test_a_blank_cell_of_a_question_that_was_answered_elsewhere_shows_the_answer() -> None:
    (first,) = question_sheets([table()])
    (again,) = question_sheets([table(confirmed="Công chức 1")], [typed(first, "Công chức 1", "")])
    assert again.texts[QUESTION] == GUESS


def test_a_cell_that_was_cleared_without_a_name_stays_blank() -> None:
    answered = table(confirmed="Công chức 1")
    (first,) = question_sheets([answered], everything=True)
    (again,) = question_sheets([answered], [typed(first, "", "")])
    assert again.texts[QUESTION] == ""


def test_facts_of_a_workbook_of_before_are_read() -> None:
    (sheet,) = question_sheets([dossiers()])
    facts = sheet_facts(sheet)
    facts["decisions"] = [row[:8] for row in facts["decisions"]]  # type: ignore[attr-defined]
    assert sheet_of_facts(facts) == replace(sheet, texts={})
