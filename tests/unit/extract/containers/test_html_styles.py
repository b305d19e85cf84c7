"""What a page hides by a style sheet is hidden as if the element said so itself; what may be hidden refuses the page."""

from typing import Any

import pytest

from pipeline.extract.containers import html_styles
from pipeline.extract.containers.html_tables import read_html
from pipeline.extract.sheet.grid import UnreadableError

TABLE = (
    "<table><col><col><col {column}><tr><td>a</td><td class='x Y' id='q' {cell}>b</td><td>c</td></tr>"
    "<tr class='z' {row}><td>1</td><td>2</td><td>3</td></tr></table>"
)


def page(css: str = "", cell: str = "", row: str = "", column: str = "") -> bytes:
    table = TABLE.format(cell=cell, row=row, column=column)
    return f"<html><head><style><!-- {css} --></style></head><body>{table}</body></html>".encode()


@pytest.mark.parametrize(
    "css",
    [
        ".x{display:none}",
        "td.X { color: red; DISPLAY : None }",
        "#q{display:none}",
        ".x.y{mso-hide:all}",
        ".other, .x{display:none!important}",
        "/* } */ .x{display:none}",
        "@import url(a.css); .x{display:none}",
        "@media screen{.x{display:none}}",
        ".x{display:table-cell} td.x{display:none}",
        ".x{display:none!important} .x{display:table-cell}",
    ],
)
def test_a_cell_that_a_sheet_takes_out_takes_no_place(css: str) -> None:
    (grid,) = read_html("a.xls", page(css))
    assert grid.rows == (("a", "c"), ("1", "2", "3"))


@pytest.mark.parametrize(
    "css",
    [
        "",
        "/* .x{display:none} */",
        ".x{display:none} .x{display:table-cell}",
        "td.x{display:table-cell} .x{display:none}",
        ".xx{display:none}",
        "th.x{display:none}",
        ".x.w{display:none}",
        "@media print{.x{display:none}}",
        "@page{mso-page-orientation:landscape} .x{mso-number-format:General}",
        ".x::after{display:none} .x:hover{display:none} [hidden]{display:none}",
        "nav .x1:not(.open){display:none}",
        ".x{width:0}",
    ],
)
def test_a_cell_that_no_sheet_hides(css: str) -> None:
    (grid,) = read_html("a.xls", page(css))
    assert (grid.rows[0], grid.hidden, grid.hidden_rows) == (("a", "b", "c"), {}, frozenset())


def test_an_element_has_the_last_word() -> None:
    (grid,) = read_html("a.xls", page(".x{display:none}", cell="style='display: table-cell'"))
    assert grid.rows[0] == ("a", "b", "c")
    (grid,) = read_html("a.xls", page(".x{display:none !important}", cell="style='display: table-cell'"))
    assert grid.rows[0] == ("a", "c")


@pytest.mark.parametrize(
    ("css", "cell"),
    [
        (".x{visibility:hidden}", ""),
        ("", "style='visibility: collapse'"),
        ("#q{font-size:0pt}", ""),
        ("", "style='color:red;opacity:0.0'"),
    ],
)
def test_what_nobody_sees_in_its_place_is_no_count(css: str, cell: str) -> None:
    (grid,) = read_html("a.xls", page(css, cell))
    assert grid.rows[0] == ("a", "b", "c")
    assert grid.hidden[0, 1].other_number and "trang không hiện" in grid.hidden[0, 1].text


@pytest.mark.parametrize(
    ("css", "row"),
    [(".z{display:none}", ""), ("tr.z{visibility:collapse}", ""), ("", "hidden"), ("", "style='mso-hide:all'")],
)
def test_a_row_that_is_hidden(css: str, row: str) -> None:
    (grid,) = read_html("a.xls", page(css, row=row))
    assert grid.hidden_rows == {1} and grid.rows[1] == ("1", "2", "3")


@pytest.mark.parametrize("column", ["width=0", "style='display:none'", "style='mso-width-source:userset;width:0pt'"])
def test_a_column_as_excel_hides_it(column: str) -> None:
    (grid,) = read_html("a.xls", page(column=column))
    assert grid.hidden_columns == {2}


def test_a_table_that_a_sheet_hides_is_not_read() -> None:
    behind_it = b"<div class=gone><table><tr><td>9</td></tr></table></div>"
    shown, behind = read_html("a.xls", page(".gone{display:none}") + behind_it)
    assert (shown.visible, behind.visible, behind.rows) == (True, False, (("9",),))


@pytest.mark.parametrize(
    "css",
    [
        "tr.z td{display:none}",
        "td:nth-child(2){display:none}",
        "td[id]{visibility:hidden}",
        "table > * > tr:not(.w){display:none}",
        "@media (max-width: 900px){.x{display:none}}",
        ".x{display:none} body .x{display:table-cell}",
    ],
)
def test_what_may_be_hidden_refuses_the_page(css: str) -> None:
    with pytest.raises(UnreadableError, match="ẩn một phần"):
        read_html("a.xls", page(css))


@pytest.mark.parametrize(
    "css", ["{" * 50_000, "}" * 50_000, "a{" * 50_000, "/*" * 50_000, ".x" * 50_000 + "{display:none}"]
)
def test_a_broken_sheet_ends(css: str) -> None:
    assert read_html("a.xls", page(css))


def test_a_page_of_frames_names_where_the_data_is() -> None:
    data = b"<html><frameset rows='*,39'><frame src='a_files/sheet001.htm'></frameset></html>"
    with pytest.raises(UnreadableError, match=r"sheet001\.htm"):
        read_html("a.xls", data)


def test_a_hidden_count_is_refused(period: Any, index: Any) -> None:
    from pipeline.extract.period import read_files
    from pipeline.extract.wording.vocabulary import vocabulary

    heads = ("STT", "Đơn vị", "Tổng tiếp nhận", "Kỳ trước", "Trong kỳ", "Trước hạn", "Đúng hạn", "Quá hạn")
    cells = ["1", "Phòng A", "3", "1", "2", "3", "0", "0"]
    rows = "".join(f"<td>{c}</td>" for c in cells).replace("<td>2</td>", "<td class=w>2</td>")
    css = "<style>.w{visibility:hidden}</style>"
    data = f"{css}<table><tr>{''.join(f'<td>{h}</td>' for h in heads)}</tr><tr>{rows}</tr></table>".encode()
    reading = read_files({"a.xls": data}, period, index, vocabulary())
    assert [(f.code, f.cell) for f in reading.counts.findings if f.code != "table_settled"] == [
        ("cell_not_a_count", "E2")
    ]


def test_many_rules_and_many_classes_cost_their_sum(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only rules that ask for something an element has are looked at for it."""
    looked = []
    fits = html_styles._Rule.fits
    monkeypatch.setattr(html_styles._Rule, "fits", lambda self, *of: looked.append(of) or fits(self, *of))
    css = "".join(f".c{i}{{display:none}}" for i in range(500))
    rows = "".join(f"<tr><td class='c{i} d{i}'>{i}</td></tr>" for i in range(490, 990))
    (grid,) = read_html("a.xls", f"<style>{css}</style><table>{rows}</table>".encode())
    assert (len([r for r in grid.rows if r]), len(looked)) == (490, 10)
