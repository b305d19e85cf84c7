"""CSV: exact numbers, Vietnamese text that Excel reads, nothing a spreadsheet program would run."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest
from hostile_names import check_csv
from hypothesis import given
from hypothesis import strategies as st

from pipeline.publish.csv_cells import csv_text, plain_text
from pipeline.publish.csv_tables import csv_bytes, number_text, read_csv_table
from pipeline.text import visible


def rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "name": pd.array(["Phường Mường Thanh", ""], dtype="str"),
            "count": pd.array([1502, None], dtype="Int64"),
            "score": pd.array([15.850000000000001, float("nan")], dtype="float64"),
            "agrees": [True, False],
        }
    )


def test_bytes_have_a_bom_crlf_and_nothing_else() -> None:
    data = csv_bytes(frame())
    assert data.startswith(b"\xef\xbb\xbfname,count,score,agrees\r\n")
    assert data.count(b"\n") == data.count(b"\r\n") == 3
    assert rows(data)[1:] == [["Phường Mường Thanh", "1502", "15.85", "true"], ["", "", "", "false"]]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (15.850000000000001, "15.85"),
        (2.0, "2"),
        (100.0, "100"),
        (0.1 + 0.2, "0.3"),
        (1 / 3, "0.3333333333"),
        (-0.0, "0"),
        (-1e-13, "0"),
        (-0.5, "-0.5"),
        (1e16, "10000000000000000"),
    ],
)
def test_numbers_are_printed_without_noise(value: float, text: str) -> None:
    assert number_text(value) == text


def test_infinity_is_refused() -> None:
    with pytest.raises(ValueError, match="inf"):
        number_text(float("inf"))


@given(st.integers(min_value=-(10**6), max_value=10**6))
def test_two_decimals_survive(hundredths: int) -> None:
    assert float(number_text(hundredths / 100)) == hundredths / 100


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "＝", "＋", "－", "＠", "﹦", " =", "'="])
def test_text_like_a_formula_is_quoted_and_a_number_is_not(start: str) -> None:
    data = csv_bytes(pd.DataFrame({"text": pd.array([f"{start}1"], dtype="str"), "number": [-1.5]}))
    assert rows(data)[1] == [f"'{start}1", "-1.5"]
    assert read_csv_table(data)["text"].tolist() == [f"{start}1"]


def test_commas_quotes_and_line_breaks_come_back() -> None:
    texts = ['a, "b"', "hai\ndòng", "hai\r\ndòng", "a;=1"]
    data = csv_bytes(pd.DataFrame({"text": pd.array(texts, dtype="str")}))
    assert [r[0] for r in rows(data)[1:]] == ['a, "b"', "hai⏎dòng", "hai⏎dòng", "a；=1"]
    assert read_csv_table(data)["text"].tolist() == ['a, "b"', "hai\ndòng", "hai\ndòng", "a;=1"]


def test_a_table_of_an_older_program_is_read_as_it_was_written() -> None:
    data = '\ufefftext,n\r\n"a; b\nc",1\r\n'.encode()
    assert read_csv_table(data)["text"].tolist() == ["a; b\nc"]


@given(st.lists(st.text(), min_size=1, max_size=5))
def test_any_text_is_one_cell_for_both_readers_and_comes_back(texts: list[str]) -> None:
    data = csv_bytes(pd.DataFrame({"text": pd.array(["x", *texts], dtype="str"), "n": range(len(texts) + 1)}))
    check_csv(data)
    seen = [t for t in texts if t == visible(t, "\n\t") and not set(t) & set("；⏎")]
    assert list(map(plain_text, map(csv_text, seen))) == seen


def test_an_empty_frame_is_its_header() -> None:
    assert csv_bytes(frame().iloc[:0]) == b"\xef\xbb\xbfname,count,score,agrees\r\n"


def test_same_frame_same_bytes() -> None:
    assert csv_bytes(frame()) == csv_bytes(frame().copy())
