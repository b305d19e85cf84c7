"""One rule for a cell that should hold a number of dossiers."""

import datetime as dt
from typing import Any

import pytest

from pipeline.extract.sheet.grid import Grid, MisreadCell


def cell(value: Any, hidden: MisreadCell | None = None) -> Any:
    grid = Grid("f.xlsx", "S", ((value,),), misread={(0, 0): hidden} if hidden else {})
    return grid.count(0, 0)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (5.0, 5),
        (0, 0),
        ("12", 12),
        ("03", 3),
        ("1.502", 1502),
        ("1,502", 1502),
        ("11.028.001", 11028001),
        ("1 502", 1502),
        (" 7 ", 7),
        ("1 502\n", 1502),
        ("0,000", 0),
        ("12.0", 12),
        ("1502,00", 1502),
        ("1.502,00", 1502),
        ("1\u00a0502\u00a0", 1502),
    ],
)
def test_whole_numbers(value: Any, number: int) -> None:
    assert (cell(value).kind, cell(value).value) == ("ok", number)


@pytest.mark.parametrize(
    "value",
    [
        1.502,
        -1,
        "-3",
        "1,5",
        "1.50",
        "1.502,0001",
        "1.502.00",
        "1.234,567",
        "0.123",
        "012.345",
        "12\n345",
        "12\t345",
        "12 (3)",
        "21,6%",
        True,
        dt.datetime(2022, 3, 1),
        1e12,
        "12345678901",
        "abc",
    ],
)
def test_everything_else_is_named_not_guessed(value: Any) -> None:
    assert cell(value).kind == "bad"
    assert cell(value).found


@pytest.mark.parametrize("value", [None, "", "-", "—", "null", "  "])
def test_blanks(value: Any) -> None:
    assert cell(value).kind == "blank"


def test_error_cells_and_formulas_without_a_value_are_not_blank() -> None:
    assert cell(None, MisreadCell("#REF!", False)).kind == "error"
    assert cell(None, MisreadCell("=SUM(A1:A3)", True)).kind == "formula"
    assert cell("#N/A").kind == "error"
