"""Texts as they are compared, and rows as they are named."""

import re
from xml.sax.saxutils import escape

import pytest
from hostile_names import unseen
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from pipeline.markdown import escaped
from pipeline.text import nfc, one_line, row_range, spelling_key, visible, xml_text


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


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Xã Nà Tấu – “đợt” 2\u00a0…", "Xã Nà Tấu – “đợt” 2\u00a0…"),
        ("a\x1b[2Jb\x07", "a\\x1b[2Jb\\x07"),
        ("a\u202eb\u2066\u200b", "a\\u202eb\\u2066\\u200b"),
        ("a\nb\r\u2028\x85", "a\\x0ab\\x0d\\u2028\\x85"),
        ("\uffff\ufdd0\U0001fffe\ud800", "\\uffff\\ufdd0\\U0001fffe\\ud800"),
        ("\U0001f600\ue000", "\U0001f600\ue000"),
    ],
)
def test_what_nobody_sees_is_shown_as_its_number(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text(st.characters()))
def test_no_text_moves_the_cursor_and_letters_stay(text: str) -> None:
    assert not unseen(visible(text, kept="\n"))
    assert visible("Phường 5: " + text).startswith("Phường 5: ")
    assert "\n" not in one_line(text) and not unseen(one_line(text)) and not unseen(nfc(text))
    assert etree.fromstring(f"<a>{escape(xml_text(text))}</a>") is not None


@pytest.mark.parametrize(
    "text",
    ["https://a.vn/x", "HTTP://a.vn", "ftp://a", "www.a.vn", "WWW.a.vn", "a.b@c.vn", "mailto:a@b.vn", "xmpp:a@b.vn"],
)
def test_a_bare_address_is_no_link_on_a_page(text: str) -> None:
    assert "\\" in escaped(text) and escaped(text).replace("\\", "") == text
    for pattern in (r"(?i)(https?|ftp)://", r"(?i)www\.", r"(?i)(mailto|xmpp):", r"\w@\w"):
        assert not re.search(pattern, escaped(text))
