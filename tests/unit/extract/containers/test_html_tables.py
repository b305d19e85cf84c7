"""A page of which the parser would leave out something in silence is read whole, or refused."""

import pytest

from pipeline.extract.containers.html_tables import read_html
from pipeline.extract.sheet.grid import UnreadableError, Value

ROW = "<tr><td>{0}</td><td>x</td></tr>"


def rows(page: str) -> list[tuple[Value, ...]]:
    (grid,) = read_html("a.xls", page.encode())
    return [r for r in grid.rows if r]


def table(*numbers: int) -> str:
    return f"<table>{''.join(ROW.format(n) for n in numbers)}</table>"


@pytest.mark.parametrize(
    "page",
    [
        f"<html><body>{table(1)}</body></html>{table(2)}",
        f"<html><body>{table(1)}</body></html>\n<html><body><div>{table(2)}</div></BODY ></html>",
        f"{table(1)}</html><p></p>{table(2)}",
    ],
)
def test_what_stands_behind_the_end_of_a_page_is_read(page: str) -> None:
    """Portals put one page behind the other, a unit each."""
    assert rows(page) == [("1", "x"), ("2", "x")]


@pytest.mark.parametrize(
    "page",
    [
        "<table>" + "".join(f"<div><tr><td>{i}<td>x" for i in range(1_000)) + "</table>",
        table(1) + "<div>" * 300 + table(2),
        f"<table>{ROW.format(1)}<tr><td>{'x' * 11_000_000}</td></tr>{ROW.format(2)}</table>",
        f"<table>{ROW.format(1)}<textarea>{ROW.format(2)}</table>",
        f"<table>{ROW.format(1)}<![CDATA[{ROW.format(2)}]]></table>",
        f"<table><td>1</td><td>x</td>{ROW.format(2)}</table>",
        f"<title>abc{table(1)}",
    ],
    ids=["depth of divs", "depth", "long text", "field", "cdata", "cells without a row", "title"],
)
def test_cells_that_are_not_read_refuse_the_page(page: str) -> None:
    with pytest.raises(UnreadableError, match="bị hỏng"):
        rows(page)


@pytest.mark.parametrize(
    "aside",
    [
        "<!-- <tr><td>9</td></tr> -->",
        "<script>var a = '<td>9</td>';</script>",
        "<style>td{color:red}</style>",
        "<![if !vml]><![endif]>",
    ],
)
def test_what_is_no_part_of_the_page_is_no_loss(aside: str) -> None:
    assert rows(f"<table>{ROW.format(1)}{aside}{ROW.format(2)}</table>") == [("1", "x"), ("2", "x")]


def test_text_between_rows_is_heard_before_the_table() -> None:
    page = f"<table>Quý II năm 2022{ROW.format(1)}<tbody>&nbsp;<tr><td>2</td></tr> tiếp theo</tbody></table>"
    assert rows(page) == [("Quý II năm 2022",), ("tiếp theo",), ("1", "x"), ("2",)]


@pytest.mark.parametrize(
    ("field", "shown"),
    [
        ("<input value='5'>", "5"),
        ("<input type=number value=5>", "5"),
        ("<input type=hidden value=5>", None),
        ("<input type=checkbox value=5 checked>", None),
        ("<input type=text style='display:none' value=5>7", "7"),
        ("<textarea>5</textarea>", "5"),
    ],
)
def test_a_field_shows_what_was_entered(field: str, shown: str | None) -> None:
    assert rows(f"<table><tr><td>{field}</td><td>x</td></tr></table>") == [(shown, "x")]
