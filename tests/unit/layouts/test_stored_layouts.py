"""Which answer holds in a quarter, and what an answer given again changes."""

import datetime as dt
from dataclasses import replace

import pytest
from layouts import OTHER, QUESTION, dossiers, table

from pipeline.layouts.confirmed import Question
from pipeline.layouts.layout_file import layout_text, read_layout
from pipeline.layouts.question_sheets import SharedLayout, shared_layouts
from pipeline.layouts.stored_layouts import (
    ClearedCell,
    GivenAnswer,
    StoredLayout,
    confirmed_layouts,
    with_answers,
    with_withdrawals,
)
from pipeline.layouts.used_layouts import used_layouts

DAY = dt.date(2022, 3, 20)
LAYOUT = shared_layouts([table()])[0]


def given(meaning: str, by: str = "Công chức 1", question: Question = QUESTION) -> GivenAnswer:
    return GivenAnswer(LAYOUT, question, meaning, meaning.upper(), by)


def stored(*answers: tuple[str, str, int]) -> tuple[StoredLayout, ...]:
    """(period, meaning, day of March 2022) of answers to one question, given one after the other."""
    layouts: tuple[StoredLayout, ...] = ()
    for period, meaning, day in answers:
        layouts = with_answers(layouts, [given(meaning)], period, dt.date(2022, 3, day))
    return layouts


def meaning_in(layouts: tuple[StoredLayout, ...], period: str) -> str:
    return confirmed_layouts(layouts, period).answers("table", table().labels)[QUESTION].meaning


@pytest.mark.parametrize(
    ("period", "meaning"), [("2021-Q4", "a"), ("2022-Q1", "a"), ("2022-Q2", "a"), ("2022-Q3", "b"), ("2023-Q1", "b")]
)
def test_an_answer_holds_from_its_quarter_until_a_later_one(period: str, meaning: str) -> None:
    assert meaning_in(stored(("2022-Q1", "a", 1), ("2022-Q3", "b", 2)), period) == meaning


def test_a_new_answer_in_the_same_quarter_replaces_the_older_and_others_stay() -> None:
    layouts = with_answers(stored(("2022-Q1", "a", 1)), [given("x", question=OTHER)], "2022-Q1", DAY)
    (layout,) = with_answers(layouts, [given("b", "Công chức 2")], "2022-Q1", DAY)
    assert {(a.question, a.meaning, a.by) for a in layout.answers} == {
        (QUESTION, "b", "Công chức 2"),
        (OTHER, "x", "Công chức 1"),
    }


def test_the_same_answer_again_keeps_its_person_and_day() -> None:
    layouts = stored(("2022-Q1", "a", 1))
    for period in ("2022-Q1", "2022-Q2"):
        assert with_answers(layouts, [given("a", "Công chức 2")], period, DAY) == layouts


def test_an_older_quarter_run_again_keeps_its_answer_and_leaves_the_later_one() -> None:
    layouts = stored(("2022-Q1", "a", 1), ("2022-Q3", "b", 2))
    assert with_answers(layouts, [given("a")], "2022-Q1", DAY) == layouts


def test_answers_of_two_persons_in_one_file_are_two_confirmed_layouts() -> None:
    layouts = with_answers(stored(("2022-Q1", "a", 1)), [given("x", "Công chức 2", OTHER)], "2022-Q1", DAY)
    found = confirmed_layouts(layouts, "2022-Q1")
    assert {(c.by, c.on, tuple(c.answers.values())) for c in found.layouts} == {
        ("Công chức 1", dt.date(2022, 3, 1), ("a",)),
        ("Công chức 2", DAY, ("x",)),
    }
    assert len({c.name for c in found.layouts}) == 1


def test_the_name_of_a_file_is_readable_and_ends_with_the_signature() -> None:
    (layout,) = stored(("2022-Q1", "a", 1))
    assert layout.name == f"tong-hop-{layout.signature}"
    listed = GivenAnswer(shared_layouts([dossiers()])[0], QUESTION, "open", "", "Công chức 1")
    assert with_answers((), [listed], "2022-Q1", DAY)[0].name.startswith("danh-sach-")


def test_answers_that_were_followed_are_named_once_and_those_to_proven_questions_are_not() -> None:
    layouts = with_answers((), [given("resolved_early"), given("x", question=("column", "stt"))], "2022-Q1", DAY)
    confirmed = confirmed_layouts(layouts, "2022-Q1")
    (used,) = used_layouts(
        [table("a.xlsx", confirmed="Công chức 1"), table("b.xlsx", confirmed="Công chức 1")], confirmed
    )
    assert (used.name, used.by, used.on) == (layouts[0].name, "Công chức 1", DAY)
    assert [answer.words for answer in used.answers] == ["F “Đã xử lý › Sớm” = Đã giải quyết trước hạn"]
    assert used_layouts([dossiers()], confirmed) == ()


def test_an_answer_that_the_table_contradicts_is_an_input_too() -> None:
    confirmed = confirmed_layouts(stored(("2022-Q1", "resolved_on_time", 1)), "2022-Q1")
    (used,) = used_layouts([table()], confirmed)
    assert used.answers[0].meaning == "resolved_on_time"


def cleared(*, was_answered: bool, of: SharedLayout = LAYOUT) -> ClearedCell:
    return ClearedCell(of, QUESTION, "Công chức 2", was_answered, "ô D9")


@pytest.mark.parametrize(("given_in", "before"), [("2022-Q1", "a"), ("2022-Q3", ""), ("2022-Q4", "")])
def test_a_cleared_cell_withdraws_the_answer_from_its_quarter_on(given_in: str, before: str) -> None:
    layouts, done = with_withdrawals(stored((given_in, "a", 1)), [cleared(was_answered=True)], "2022-Q3", DAY)
    assert len(done) == 1
    for period in ("2022-Q3", "2022-Q4", "2023-Q1"):
        assert QUESTION not in confirmed_layouts(layouts, period).answers("table", LAYOUT.labels)
    answers = confirmed_layouts(layouts, "2022-Q2").answers("table", LAYOUT.labels)
    assert (answers[QUESTION].meaning if QUESTION in answers else "") == before
    (layout,) = layouts
    assert [a.meaning for a in layout.answers if a.period >= "2022-Q3"] == [""]
    assert read_layout(layout_text(layout).encode(), layout.name) == layout
    assert with_withdrawals(layouts, [cleared(was_answered=True)], "2022-Q3", DAY) == (layouts, ())


@pytest.mark.parametrize(("period", "withdrawn"), [("2022-Q1", True), ("2022-Q2", False), ("2021-Q4", False)])
def test_a_cell_that_never_showed_the_answer_withdraws_only_one_of_its_quarter(period: str, withdrawn: bool) -> None:
    _, done = with_withdrawals(stored(("2022-Q1", "a", 1)), [cleared(was_answered=False)], period, DAY)
    assert bool(done) is withdrawn


def test_an_answer_given_again_after_it_was_withdrawn_holds() -> None:
    layouts, _ = with_withdrawals(stored(("2022-Q1", "a", 1)), [cleared(was_answered=True)], "2022-Q1", DAY)
    assert meaning_in(with_answers(layouts, [given("a")], "2022-Q1", DAY), "2022-Q2") == "a"


def test_an_answer_of_a_similar_layout_is_withdrawn_for_this_one_only() -> None:
    wider = table()
    wider = replace(wider, header=(*wider.header, ("Ghi chú",)))
    (similar,) = shared_layouts([wider])
    first = stored(("2022-Q1", "a", 1))
    assert QUESTION in confirmed_layouts(first, "2022-Q2").answers("table", similar.labels)
    layouts, _ = with_withdrawals(first, [cleared(was_answered=True, of=similar)], "2022-Q2", DAY)
    assert QUESTION not in confirmed_layouts(layouts, "2022-Q2").answers("table", similar.labels)
    assert meaning_in(layouts, "2022-Q2") == "a"
