"""One rule for numbers in cells: what each value is as a count of an export, as a count of a form, and as a score."""

import datetime as dt
import math
from typing import Any

import pandas as pd
import pytest

from pipeline.extract.forms import form_cells
from pipeline.extract.sheet.date_columns import to_days
from pipeline.extract.sheet.grid import Grid, MisreadCell
from pipeline.extract.sheet.numbers import (
    BLANK_MARKS,
    DATE,
    ERROR,
    FRACTION,
    FRACTION_OR_CODE,
    MAX_COUNT,
    NEGATIVE,
    NO_COUNT,
    NO_NUMBER,
    OTHER_DIGITS,
    OTHER_FORMAT,
    PERCENT,
    TOO_LARGE,
    TRUTH_VALUE,
    TWO_LINES,
    UNCALCULATED,
    UNCLEAR_MARK,
    as_count,
    as_exported_count,
    as_figure,
)

BLANK = "blank"
#: value, count in an export, count in a form (None: blank), score; a text is the reason of a refusal
TABLE: list[tuple[Any, Any, Any, Any]] = [
    # empty cells and marks for "nothing"
    (None, BLANK, None, None),
    ("", BLANK, None, None),
    ("  ", BLANK, None, None),
    ("\u00a0", BLANK, None, None),
    *((mark, BLANK, UNCLEAR_MARK, NO_NUMBER) for mark in ("-", " - ", "–", "—", "null", "NULL", "None", "N/A", "nan")),
    # numbers of Excel
    (0, 0, 0, 0.0),
    (5.0, 5, 5, 5.0),
    (1.0, 1, 1, 1.0),
    (-0.0, 0, 0, 0.0),
    (1502, 1502, 1502, 1502.0),
    (1.5, FRACTION, FRACTION, 1.5),
    (1.502, FRACTION, FRACTION, 1.502),
    (0.123, FRACTION, FRACTION, 0.123),
    (-1, NEGATIVE, NEGATIVE, NEGATIVE),
    (-1.5, NEGATIVE, NEGATIVE, NEGATIVE),
    (MAX_COUNT, MAX_COUNT, MAX_COUNT, float(MAX_COUNT)),
    (1e8, MAX_COUNT, MAX_COUNT, 1e8),
    (MAX_COUNT + 1, TOO_LARGE, TOO_LARGE, TOO_LARGE),
    (1e15, TOO_LARGE, TOO_LARGE, TOO_LARGE),
    (10**400, TOO_LARGE, TOO_LARGE, TOO_LARGE),
    (math.inf, TOO_LARGE, TOO_LARGE, TOO_LARGE),
    (-math.inf, NEGATIVE, NEGATIVE, NEGATIVE),
    (math.nan, NO_NUMBER, NO_NUMBER, NO_NUMBER),
    (True, TRUTH_VALUE, TRUTH_VALUE, TRUTH_VALUE),
    (False, TRUTH_VALUE, TRUTH_VALUE, TRUTH_VALUE),
    (dt.datetime(2022, 3, 1), DATE, DATE, DATE),
    (dt.date(2022, 3, 1), DATE, DATE, DATE),
    (dt.time(8, 30), DATE, DATE, DATE),
    # text: digits
    ("0", 0, 0, 0.0),
    ("12", 12, 12, 12.0),
    (" 7 ", 7, 7, 7.0),
    ("\u00a07\u00a0", 7, 7, 7.0),
    ("03", 3, 3, 3.0),
    ("09", 9, 9, 9.0),
    ("100000000", MAX_COUNT, MAX_COUNT, 1e8),
    ("100000001", TOO_LARGE, TOO_LARGE, TOO_LARGE),
    ("12345678901", TOO_LARGE, TOO_LARGE, NO_NUMBER),
    ("0912345678", FRACTION_OR_CODE, FRACTION_OR_CODE, NO_NUMBER),
    # text: thousands, or one decimal mark
    ("1.502", 1502, 1502, 1.502),
    ("1,502", 1502, 1502, 1.502),
    ("1 502", 1502, 1502, NO_NUMBER),
    ("1\u00a0502", 1502, 1502, NO_NUMBER),
    ("1\u202f502", 1502, 1502, NO_NUMBER),
    ("1\u2009502", 1502, 1502, NO_NUMBER),
    ("1 502\n", 1502, 1502, NO_NUMBER),
    ("11.028.001", 11028001, 11028001, NO_NUMBER),
    ("11,028,001", 11028001, 11028001, NO_NUMBER),
    ("100.000.000", MAX_COUNT, MAX_COUNT, NO_NUMBER),
    ("100.000.001", TOO_LARGE, TOO_LARGE, NO_NUMBER),
    ("12.345.678.901", TOO_LARGE, TOO_LARGE, NO_NUMBER),
    ("1" + ".000" * 3000, TOO_LARGE, TOO_LARGE, NO_NUMBER),
    ("0.000", 0, 0, 0.0),
    ("0,000", 0, 0, 0.0),
    ("12.0", 12, 12, 12.0),
    ("12,0", 12, 12, 12.0),
    ("1502,00", 1502, 1502, 1502.0),
    ("1.502,00", 1502, 1502, 1502.0),
    ("1,502.00", 1502, 1502, 1502.0),
    ("0.123", FRACTION_OR_CODE, FRACTION_OR_CODE, 0.123),
    ("012.345", FRACTION_OR_CODE, FRACTION_OR_CODE, NO_NUMBER),
    ("1.502,003", FRACTION_OR_CODE, FRACTION_OR_CODE, 1502.003),
    ("1,502.003", FRACTION_OR_CODE, FRACTION_OR_CODE, 1502.003),
    ("1.502,5", FRACTION_OR_CODE, FRACTION_OR_CODE, 1502.5),
    ("1,502.5", FRACTION_OR_CODE, FRACTION_OR_CODE, 1502.5),
    ("1.502.5", FRACTION_OR_CODE, FRACTION_OR_CODE, NO_NUMBER),
    ("1.502.00", FRACTION_OR_CODE, FRACTION_OR_CODE, NO_NUMBER),
    ("15.02,5", FRACTION_OR_CODE, FRACTION_OR_CODE, NO_NUMBER),
    ("1502,000", FRACTION_OR_CODE, FRACTION_OR_CODE, 1502.0),
    ("1.50", FRACTION_OR_CODE, FRACTION_OR_CODE, 1.5),
    ("1,95", FRACTION_OR_CODE, FRACTION_OR_CODE, 1.95),
    ("1.95", FRACTION_OR_CODE, FRACTION_OR_CODE, 1.95),
    ("09,5", FRACTION_OR_CODE, FRACTION_OR_CODE, 9.5),
    ("1,9 5", FRACTION_OR_CODE, FRACTION_OR_CODE, NO_NUMBER),
    (",5", FRACTION_OR_CODE, FRACTION_OR_CODE, NO_NUMBER),
    # text: anything else
    ("12\n345", TWO_LINES, TWO_LINES, NO_NUMBER),
    ("12\t345", TWO_LINES, TWO_LINES, NO_NUMBER),
    ("12\x00345", TWO_LINES, TWO_LINES, NO_NUMBER),
    ("12\u2028345", TWO_LINES, TWO_LINES, NO_NUMBER),
    ("-3", NEGATIVE, NEGATIVE, NEGATIVE),
    ("−3", NEGATIVE, NEGATIVE, NEGATIVE),
    ("-1,5", NEGATIVE, NEGATIVE, NEGATIVE),
    ("21,6%", PERCENT, PERCENT, PERCENT),
    ("-5%", PERCENT, PERCENT, PERCENT),
    ("１２", OTHER_DIGITS, OTHER_DIGITS, OTHER_DIGITS),
    ("１.５０２", OTHER_DIGITS, OTHER_DIGITS, OTHER_DIGITS),
    ("١٢", OTHER_DIGITS, OTHER_DIGITS, OTHER_DIGITS),
    ("1²", NO_COUNT, NO_COUNT, NO_NUMBER),
    ("1e3", NO_COUNT, NO_COUNT, NO_NUMBER),
    ("+5", NO_COUNT, NO_COUNT, NO_NUMBER),
    ("5-", NO_COUNT, NO_COUNT, NO_NUMBER),
    ("(5)", NO_COUNT, NO_COUNT, NO_NUMBER),
    ("0x10", NO_COUNT, NO_COUNT, NO_NUMBER),
    ("1_502", NO_COUNT, NO_COUNT, NO_NUMBER),
    ("inf", NO_COUNT, NO_COUNT, NO_NUMBER),
    ("True", NO_COUNT, NO_COUNT, NO_NUMBER),
    # text: a number with its unit or its share, as an export prints it
    *(
        (text, number, TWO_LINES if "\n" in text else NO_COUNT, NO_NUMBER)
        for text, number in [
            ("12 hồ sơ", 12),
            ("587 HS", 587),
            ("587hs", 587),
            ("1.502 (hồ sơ)", 1502),
            ("1\u00a0502 bộ hồ sơ", 1502),
            ("0 hồ sơ TTHC", 0),
            ("3 bộ", 3),
            ("277 (55,2%)", 277),
            ("277(55.2 %)", 277),
            ("277 [55%]", 277),
            ("277 - 55,2%", 277),
            ("277 – 55,2%", 277),
            ("277/55,2%", 277),
            ("277\n(55,2%)", 277),
            ("1.502 (100,00%)", 1502),
            ("0 (0%)", 0),
            ("587 hồ sơ (55,2%)", 587),
            ("587 hồ sơ - 55,2%", 587),
        ]
    ),
    ("277\r\n55,2%", 277, TWO_LINES, PERCENT),
    ("277 55,2%", PERCENT, PERCENT, PERCENT),
    ("1" * 59 + "%", PERCENT, PERCENT, PERCENT),
    *(
        (text, why, why, NO_NUMBER)
        for text, why in [
            ("12 (3)", NO_COUNT),
            ("12 (3 hồ sơ)", NO_COUNT),
            ("12/15", NO_COUNT),
            ("12/15 hồ sơ", NO_COUNT),
            ("3+4", NO_COUNT),
            ("3+4 hồ sơ", NO_COUNT),
            ("3-5%", NO_COUNT),
            ("55,2% (277)", NO_COUNT),
            ("277 (155%)", NO_COUNT),
            ("277 (55,2%", NO_COUNT),
            ("277 (-5%)", NO_COUNT),
            ("-277 (55,2%)", NO_COUNT),
            ("27,5 (55,2%)", NO_COUNT),
            ("12\n345 hồ sơ", TWO_LINES),
            ("12\n15", TWO_LINES),
            ("5 hồ sơ quá hạn", NO_COUNT),
            ("2 nghìn hồ sơ", NO_COUNT),
            ("hồ sơ", NO_COUNT),
            ("(55,2%)", NO_COUNT),
            ("100.000.001 hồ sơ", NO_COUNT),
        ]
    ),
    ("01/03/2022", NO_COUNT, NO_COUNT, NO_NUMBER),
    ("nhiều", NO_COUNT, NO_COUNT, NO_NUMBER),
    ("không", NO_COUNT, NO_COUNT, NO_NUMBER),
    (".", NO_COUNT, NO_COUNT, NO_NUMBER),
    ("#N/A", ERROR, ERROR, NO_NUMBER),
]


def sheet(value: Any, hidden: MisreadCell | None = None) -> Grid:
    return Grid("f.xlsx", "S", ((value,),), misread={(0, 0): hidden} if hidden else {})


def in_export(value: Any, hidden: MisreadCell | None = None) -> Any:
    """A number, BLANK, or the reason."""
    count = sheet(value, hidden).count(0, 0)
    return {"ok": count.value, "blank": BLANK}.get(count.kind, count.why)


def in_form(read: Any, value: Any, hidden: MisreadCell | None = None) -> Any:
    """A number, None, or the reason."""
    taken = read(form_cells.FormCell(sheet(value, hidden), 0, 0))
    return taken.why if isinstance(taken, form_cells.CellProblem) else taken


@pytest.mark.parametrize(("value", "export", "form", "score"), TABLE, ids=[repr(row[0])[:24] for row in TABLE])
def test_what_a_value_is(value: Any, export: Any, form: Any, score: Any) -> None:
    assert in_export(value) == export and type(in_export(value)) is type(export)
    assert in_form(form_cells.read_count, value) == form
    decimal = in_form(form_cells.read_decimal, value)
    assert decimal == score and type(decimal) is type(score)


def test_exports_and_forms_agree_except_on_blanks_and_what_is_beside_a_number() -> None:
    values = [row[0] for row in TABLE if as_exported_count(row[0]) == as_count(row[0])]
    differing = [v for v in values if in_export(v) != in_form(form_cells.read_count, v)]
    assert differing == [v for v in values if as_count(v).kind == "blank"]
    marks = {str(v).strip().casefold() for v in differing if in_form(form_cells.read_count, v) == UNCLEAR_MARK}
    assert marks == BLANK_MARKS


def test_what_is_refused_is_named_as_it_stands() -> None:
    refused = [as_count(row[0]) for row in TABLE if as_count(row[0]).kind in {"bad", "error"}]
    assert all(count.found and count.why and not count.value for count in refused)
    assert as_count(100_000_001.0).found == "100000001"
    assert as_count(1.502).found == "1,502"


@pytest.mark.parametrize(
    ("hidden", "why"),
    [
        (MisreadCell("#REF!", formula=False), ERROR),
        (MisreadCell("=SUM(A1:A3)", formula=True), UNCALCULATED),
        (MisreadCell("200%", formula=False, other_number=True), PERCENT),
        (MisreadCell("1502000 (định dạng “0,”)", formula=False, other_number=True), OTHER_FORMAT),
    ],
)
def test_cells_that_hide_something_are_read_alike(hidden: MisreadCell, why: str) -> None:
    assert in_export(None, hidden) == why
    for read in (form_cells.read_count, form_cells.read_decimal, form_cells.read_figure):
        assert in_form(read, None, hidden) == why


@pytest.mark.parametrize(
    ("value", "figure"),
    [
        ("2.799", 2799),
        ("09", 9),
        (12, 12),
        ("11 + 57", 68),
        ("11+57", 68),
        ("1.502 + 9 + 0", 1511),
        ("11\n+ 57", 68),
        ("11 + ", NO_COUNT),
        ("+5", NO_COUNT),
        ("11 + -", NO_COUNT),
        ("11 + 1,5", NO_COUNT),
        ("11 - 5", NO_COUNT),
        ("60000000 + 60000000", NO_COUNT),
        ("2,5", FRACTION_OR_CODE),
        (2.799, FRACTION),
        ("", None),
        (None, None),
    ],
)
def test_printed_figures(value: Any, figure: Any) -> None:
    assert in_form(form_cells.read_figure, value) == figure


def test_a_mark_is_no_printed_figure() -> None:
    assert as_figure("-").kind == "blank"
    assert "không phải số" in in_form(form_cells.read_figure, "-")


@pytest.mark.parametrize("blank", [None, "", *sorted(BLANK_MARKS), "NaT", "N/A"])
def test_dates_have_the_same_marks(blank: Any) -> None:
    days, wrong = to_days(pd.Series([blank, "01/03/2022", "abc"], dtype="object"))
    assert days.isna().tolist() == [True, False, True]
    assert wrong.tolist() == [False, False, True]
