"""Texts as they are compared, and rows as they are named."""

import pytest

from pipeline.text import row_range, spelling_key


@pytest.mark.parametrize(
    ("one", "other"), [("Hủy", "huỷ"), ("tùy  ý", "Tuỳ Ý"), ("Hòa giải", "hoà giải"), ("khỏe", "khoẻ"), ("Quý", "quý")]
)
def test_two_spellings_of_one_word_are_one(one: str, other: str) -> None:
    assert spelling_key(one) == spelling_key(other)


@pytest.mark.parametrize(("one", "other"), [("hủy", "hụy"), ("hoàn", "hoan"), ("tòa", "tóa"), ("thủy", "thúy")])
def test_other_words_stay_different(one: str, other: str) -> None:
    assert spelling_key(one) != spelling_key(other)


@pytest.mark.parametrize(
    ("rows", "words"),
    [("4:4", "dòng 4"), ("8:10", "dòng 8–10"), ("3", "dòng 3"), ("", ""), ("B7", "B7"), ("A4:C4", "A4:C4")],
)
def test_rows_are_named_in_words(rows: str, words: str) -> None:
    assert row_range(rows) == words
