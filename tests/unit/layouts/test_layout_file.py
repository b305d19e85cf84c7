"""The file of a layout: what is written is read again, and what is damaged is named with its place."""

import datetime as dt

import pytest
from layouts import QUESTION, table

from pipeline.layouts.layout_file import LayoutFileError, layout_text, read_layout
from pipeline.layouts.stored_layouts import StoredAnswer, StoredLayout

LABELS = table().labels
ANSWERS = (
    StoredAnswer(
        *QUESTION, "resolved_early", "Công chức 1", dt.date(2022, 3, 15), "2022-Q1", 'F “Sớm” \\ "', "Trước hạn"
    ),
    StoredAnswer("status", "đang chờ", "open", "Công chức 2", dt.date(2022, 6, 1), "2022-Q2"),
)
NAME = f"tong-hop-{table().signature}"
LAYOUT = StoredLayout(NAME, "table", LABELS, ANSWERS)
TEXT = layout_text(LAYOUT)


def test_what_is_written_is_read_again() -> None:
    assert read_layout(TEXT.encode(), NAME) == LAYOUT
    assert layout_text(read_layout(TEXT.encode(), NAME)) == TEXT


def test_a_person_can_read_it() -> None:
    assert 'subject = "đã xử lý › sớm"' in TEXT
    assert 'by = "Công chức 1"\non = 2022-03-15\nperiod = "2022-Q1"' in TEXT


def test_a_byte_order_mark_of_an_editor_is_no_damage() -> None:
    assert read_layout(TEXT.encode("utf-8-sig"), NAME) == LAYOUT


@pytest.mark.parametrize(
    ("old", "new", "where", "what"),
    [
        ('kind = "table"', "kind = ", "dòng 6", "TOML"),
        ('kind = "table"', 'kind = "bang"', "kind", "bang"),
        ('kind = "table"', 'kind = "list"', "labels", "mã"),
        ('  "stt",\n', "", "labels", "mã"),
        ('topic = "column"', 'topic = "cot"', "[[answers]] thứ 1, topic", "cot"),
        ("on = 2022-03-15", 'on = "15/3"', "[[answers]] thứ 1, on", "15/3"),
        ("on = 2022-03-15", "on = 2022-03-15T10:00:00", "[[answers]] thứ 1, on", "không phải ngày"),
        ('by = "Công chức 1"', 'by = " "', "[[answers]] thứ 1, by", "không phải chữ"),
        ('meaning = "open"\n', "", "[[answers]] thứ 2", "thiếu meaning"),
        ('meaning = "open"\n', 'meaning = "open"\ny = 1\n', "[[answers]] thứ 2", "mục lạ y"),
        ('period = "2022-Q2"', 'period = "quý 2"', "[[answers]] thứ 2, period", "quý 2"),
        ("[[answers]]\n", "[answers]\n", "dòng 30", "TOML"),
    ],
)  # fmt: skip
def test_damage_is_named_with_its_place(old: str, new: str, where: str, what: str) -> None:
    assert old in TEXT
    with pytest.raises(LayoutFileError) as caught:
        read_layout(TEXT.replace(old, new, 1).encode(), NAME)
    assert caught.value.where.split(" ")[0] == where.split(" ")[0]
    assert what in str(caught.value)
    assert "Việc cần làm" in str(caught.value)


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(LayoutFileError, match="UTF-8"):
        read_layout(b"\xff\xfe\x00", NAME)


def test_two_answers_to_one_question_in_one_quarter_are_refused() -> None:
    first = TEXT.split("\n[[answers]]\n")[1]
    with pytest.raises(LayoutFileError, match="hai câu trả lời"):
        read_layout(f"{TEXT}\n[[answers]]\n{first}".encode(), NAME)
