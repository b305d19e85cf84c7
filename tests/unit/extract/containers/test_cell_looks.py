"""Cells that show something else than they hold, or are struck through, in every kind of file: none counts in silence."""

import struct
from collections.abc import Callable
from typing import Any

import pytest
import xls
from offices import export_bytes, full_row, totals
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.formatting.rule import DifferentialStyle, Rule
from openpyxl.styles import Font
from openpyxl.styles.numbers import NumberFormat
from workbooks import with_parts
from xml_spreadsheets import of_rows

from pipeline.extract.containers.markup import read_markup
from pipeline.extract.containers.open_file import open_file
from pipeline.extract.sheet.grid import Grid, UnreadableError
from pipeline.extract.sheet.numbers import OTHER_FORMAT, OTHER_TEXT, PARTLY_STRUCK, RAISED, STRUCK

ROWS = [full_row(1, "Phòng A", 10, 25, 5, 20, 8, 3), full_row(2, "Phòng B", 4, 6, 1, 5, 2, 1)]
Change = Callable[[Any], None]


def strike(*cells: str) -> Change:
    def change(sheet: Any) -> None:
        for cell in cells:
            sheet[cell].font = Font(strike=True)

    return change


def whole_row(row: int) -> list[str]:
    return [f"{letter}{row}" for letter in "ABCDEFGHIJKLM"]


def condition(style: DifferentialStyle, area: str = "H8:H9") -> Change:
    def change(sheet: Any) -> None:
        sheet.conditional_formatting.add(area, Rule("expression", dxf=style, formula=["H8>0"]))

    return change


def codes(reading: Any) -> list[tuple[str, str, str]]:
    return [(f.code, f.unit_id, f.cell) for f in reading.findings]


@pytest.mark.parametrize(
    ("change", "cells"),
    [
        (strike(*whole_row(8)), "A8, B8, C8, D8, E8, F8, G8, H8, I8, J8, K8, L8, M8"),
        (strike("H8"), "H8"),
        (strike("B8"), "B8"),
        (strike("A8"), "A8"),
        (condition(DifferentialStyle(numFmt=NumberFormat(numFmtId=170, formatCode='0"0"'))), "H8"),
        (condition(DifferentialStyle(font=Font(strike=True)), "H8"), "H8"),
    ],
)
def test_a_row_in_doubt_is_one_finding_of_its_unit(read: Any, change: Change, cells: str) -> None:
    found = codes(read(export_bytes(ROWS, change=change)))
    assert found[0] == ("cell_shown_otherwise", "phong-a", cells)
    assert {unit for _, unit, _ in found[1:]} <= {"phong-b"} and len(found) <= 2


@pytest.mark.parametrize(
    "change",
    [
        lambda sheet: None,
        condition(DifferentialStyle(font=Font(color="FFFF0000", bold=True))),
        condition(DifferentialStyle(numFmt=NumberFormat(numFmtId=170, formatCode="#,##0"))),
        condition(DifferentialStyle(numFmt=NumberFormat(numFmtId=170, formatCode='0"0"')), "T1:T90"),
        strike("D1"),  # not a title of the table's numbers: nothing is in the cell beside it
        strike("T40"),
    ],
)
def test_what_changes_nothing_is_read(read: Any, change: Change) -> None:
    reading = read(export_bytes(ROWS, titles=("", "Kỳ báo cáo: Quý I năm 2022"), change=change))
    assert codes(reading) == []


@pytest.mark.parametrize(
    ("change", "cell"),
    [(strike("A4"), "A4"), (strike("D2"), "D2"), (strike("H10"), "H10"), (strike("B10"), "B10")],
)
def test_a_struck_head_title_or_total_refuses_the_table(read: Any, change: Change, cell: str) -> None:
    found = codes(read(export_bytes([*ROWS, totals(ROWS)], change=change)))
    assert next((code, at) for code, _, at in found if code != "table_settled") == ("table_shown_otherwise", cell)


@pytest.mark.parametrize(
    ("font", "why"),
    [
        (InlineFont(strike=True), PARTLY_STRUCK),
        (InlineFont(vertAlign="superscript"), RAISED),
        (InlineFont(b=True), None),
    ],
)
def test_a_part_of_a_cell_is_set_apart(grids: Any, font: InlineFont, why: str | None) -> None:
    def change(sheet: Any) -> None:
        sheet["H8"] = CellRichText("2", TextBlock(font, "0"))

    (grid,) = grids(export_bytes(ROWS, change=change))
    assert {at: m.why for at, m in grid.misread.items()} == ({(7, 7): why} if why else {})


def test_a_format_of_the_newer_conditional_formats(grids: Any) -> None:
    own = (
        b'<extLst><ext xmlns:x14="u"><x14:conditionalFormattings><x14:conditionalFormatting><x14:cfRule type="expression">'
        b'<x14:dxf><numFmt numFmtId="170" formatCode="0&quot;0&quot;"/></x14:dxf></x14:cfRule>'
        b'<xm:sqref xmlns:xm="v">H8:H9</xm:sqref></x14:conditionalFormatting></x14:conditionalFormattings></ext></extLst>'
    )
    data = with_parts(export_bytes(ROWS), lambda name, part: part.replace(b"</worksheet>", own + b"</worksheet>"))
    (grid,) = grids(data)
    assert {at: m.text for at, m in grid.misread.items()} == {(7, 7): "200", (8, 7): "50"}


def test_a_bar_or_an_icon_in_place_of_the_number(grids: Any) -> None:
    rule = (
        b'<conditionalFormatting sqref="H8"><cfRule type="dataBar" priority="1"><dataBar showValue="0">'
        b'<cfvo type="min"/><cfvo type="max"/><color rgb="FF00FF00"/></dataBar></cfRule></conditionalFormatting>'
    )
    data = with_parts(export_bytes(ROWS), lambda name, part: part.replace(b"</sheetData>", b"</sheetData>" + rule))
    (grid,) = grids(data)
    assert list(grid.misread) == [(7, 7)]


def test_a_text_under_a_format_that_adds_to_it(grids: Any) -> None:
    def change(sheet: Any) -> None:
        sheet["H8"] = "20"
        sheet["H8"].number_format = '@"0"'
        sheet["B9"].number_format = ";;;"

    (grid,) = grids(export_bytes(ROWS, change=change))
    assert {at: (m.text, m.why.startswith(OTHER_TEXT)) for at, m in grid.misread.items()} == {
        (7, 7): ("20", True),
        (8, 1): ("Phòng B", True),
    }


def test_an_id_that_is_defined_twice_or_built_in(grids: Any) -> None:
    def change(sheet: Any) -> None:
        sheet["H8"].number_format = "0.00"

    def again(name: str, part: bytes) -> bytes:
        own = b'<numFmts count="1"><numFmt numFmtId="2" formatCode="0&quot;0&quot;"/></numFmts>'
        return part.replace(b"<fonts", own + b"<fonts", 1) if name == "xl/styles.xml" else part

    data = export_bytes(ROWS, change=change)
    data = with_parts(data, lambda n, p: p.replace(b'<numFmts count="0" />', b"") if n == "xl/styles.xml" else p)
    (grid,) = grids(with_parts(data, again))
    assert [m.text for m in grid.misread.values()] == ["200"]


# --- .xls -------------------------------------------------------------------------------------------------------------

HEAD = ["STT", "Đơn vị", "Tổng tiếp nhận", "Kỳ trước", "Trong kỳ", "Trước hạn", "Đúng hạn", "Quá hạn"]
XLS_ROWS = [HEAD, [1, "Phòng A", 3, 1, 2, 3, 0, 0], [2, "Xã D", 5, 0, 5, None, 0, 0]]


def xls_grid(more: bytes, *, formats: tuple[str, ...] = ("General",), struck: bool = False) -> Grid:
    data = xls.stream(xls.cells(XLS_ROWS) + more, formats=formats)
    if struck:  # a font of its own, used by every style
        font = xls.record(0x31, struct.pack("<HHHHHBBBB", 200, 0x08, 0, 400, 0, 0, 0, 0, 0) + b"\1\0A")
        start = data.index(xls.record(0x42, struct.pack("<H", 1200)))
        data = data[:start] + font + data[start:]
        old = data.index(struct.pack("<HH", 0x85, 10))
        at = struct.unpack_from("<I", data, old + 4)[0] + len(font)
        data = data[: old + 4] + struct.pack("<I", at) + data[old + 8 :]
    (opened,) = open_file("a.xls", xls.container(("Workbook", data)))
    assert not opened.code, opened.detail
    return opened.grids[0]


def test_xls_formats_with_literals() -> None:
    grid = xls_grid(xls.number(2, 5, 5, style=1) + xls.small(2, 6, 0, style=1), formats=('0"0"',))
    assert {at: m.text for at, m in grid.misread.items()} == {(2, 5): "50"}


def test_xls_a_struck_font() -> None:
    grid = xls_grid(xls.number(2, 5, 5), struck=True)
    assert {m.why for m in grid.misread.values()} == {STRUCK} and grid.misread[2, 1].text == "Xã D"


def test_xls_conditional_formats() -> None:
    def rules(dxf: bytes) -> bytes:
        area = struct.pack("<HHHH", 1, 2, 5, 7)
        condition = xls.record(0x1B0, struct.pack("<HH", 1, 0) + area + struct.pack("<H", 1) + area)
        return condition + xls.record(0x1B1, struct.pack("<BBHH", 1, 1, 3, 0) + dxf + b"\x1e\1\0")

    code = '0"0"'
    body = struct.pack("<HB", len(code), 1) + code.encode("utf-16-le")
    own = struct.pack("<IH", 0x02000000, 1) + struct.pack("<H", len(body) + 2) + body
    built_in = struct.pack("<IHBB", 0x02000000, 0, 0, 9)
    font = bytearray(118)
    font[68] = 0x80
    struck = struct.pack("<IH", 0x04000000, 0) + bytes(font)
    plain = struct.pack("<IHBB", 0x02000000, 0, 0, 3)
    for dxf, texts in ((own, ["30", "50"]), (built_in, ["300%", "0%", "0%", "500%"]), (struck, None), (plain, [])):
        grid = xls_grid(xls.number(2, 5, 5) + rules(dxf))
        shown = [m.text for m in grid.misread.values()]
        assert set(shown) >= set(texts) if texts is not None else all(m.why == STRUCK for m in grid.misread.values())
        assert bool(shown) == (texts != [])


# --- XML Spreadsheet 2003 ---------------------------------------------------------------------------------------------

STYLES = (
    '<Style ss:ID="zero"><NumberFormat ss:Format="0&quot;0&quot;"/></Style>'
    '<Style ss:ID="struck"><Font ss:StrikeThrough="1"/></Style><Style ss:ID="child" ss:Parent="struck"/>'
    '<Style ss:ID="day"><NumberFormat ss:Format="Short Date"/></Style>'
    '<Style ss:ID="unit"><NumberFormat ss:Format="0&quot; hồ sơ&quot;"/></Style>'
)


@pytest.mark.parametrize(
    ("style", "data", "why"),
    [
        ("zero", '<Data ss:Type="Number">12</Data>', OTHER_FORMAT),
        ("struck", '<Data ss:Type="Number">12</Data>', STRUCK),
        ("child", '<Data ss:Type="String">12</Data>', STRUCK),
        ("child", '<Data ss:Type="DateTime">2022-01-10T00:00:00.000</Data>', STRUCK),
        (
            "unit",
            '<ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40">1<S>2</S></ss:Data>',
            PARTLY_STRUCK,
        ),
        ("unit", '<Data ss:Type="Number">12</Data>', ""),
    ],
)
def test_xml_spreadsheets(style: str, data: str, why: str) -> None:
    (grid,) = read_markup("a.xml", of_rows(f'<Row><Cell ss:StyleID="{style}">{data}</Cell></Row>', styles=STYLES))
    assert [m.why.partition(":")[0] for m in grid.misread.values()] == ([why] if why else [])


def test_xml_a_number_under_a_format_of_dates_is_a_date() -> None:
    cell = '<Cell ss:StyleID="day"><Data ss:Type="Number">44571</Data></Cell>'
    (grid,) = read_markup("a.xml", of_rows(f"<Row>{cell}</Row>", styles=STYLES))
    assert (grid.text(0, 0), grid.count(0, 0).kind) == ("2022-01-10 00:00:00", "bad")


def test_xml_a_conditional_format_that_strikes() -> None:
    rule = (
        '<x:ConditionalFormatting><x:Range>R1C1</x:Range><x:Condition><x:Format x:Style="text-decoration:line-through"/>'
        "</x:Condition></x:ConditionalFormatting>"
    )
    page = of_rows('<Row><Cell><Data ss:Type="Number">1</Data></Cell></Row>').replace(
        b"</WorksheetOptions>", f"</WorksheetOptions>{rule}".encode()
    )
    with pytest.raises(UnreadableError, match="gạch ngang"):
        read_markup("a.xml", page)


# --- HTML -------------------------------------------------------------------------------------------------------------


def html_grid(cell: str, css: str = "", row: str = "") -> Grid:
    page = f"<html><head><style>{css}</style></head><body><table><tr {row}><td>a</td>{cell}</tr></table></body></html>"
    return read_markup("a.xls", page.encode())[0]


@pytest.mark.parametrize(
    ("cell", "css", "row", "why"),
    [
        ("<td><s>12</s></td>", "", "", PARTLY_STRUCK),
        ("<td><strike>12</strike></td>", "", "", PARTLY_STRUCK),
        ("<td>1<del>2</del></td>", "", "", PARTLY_STRUCK),
        ('<td><input value=12 style="text-decoration:line-through"></td>', "", "", PARTLY_STRUCK),
        ('<td style="-webkit-text-decoration:line\\2d through">12</td>', "", "", STRUCK),
        ('<td><font><span style="text-decoration: line-through">12</span></font></td>', "", "", PARTLY_STRUCK),
        ('<td style="TEXT-DECORATION:underline line-through">12</td>', "", "", STRUCK),
        ('<td style="text-line-through:single">12</td>', "", "", STRUCK),
        ("<td class=x>12</td>", ".x{text-decoration-line:line-through}", "", STRUCK),
        ("<td>12</td>", ".y{text-decoration:line-through}", "class=y", STRUCK),
        ("<td>12</td>", "", 'style="text-decoration:line-through red"', STRUCK),
        ("<td class=x>12</td>", '.x{mso-number-format:"0\\0022 0\\0022";}', "", OTHER_FORMAT),
        ("<td class=x>12</td>", ".x{mso-number-format:Percent}", "", "tỷ lệ"),
        ("<td class=x>12</td>", '.x{mso-number-format:"Short Date"}', "", OTHER_FORMAT),
        ("<td style='mso-number-format:\"\\;\\;\\;\"'>12</td>", "", "", OTHER_FORMAT),
        ("<td style='mso-number-format:\"\\@\"'>12</td>", ".x{text-decoration:underline}", "", ""),
        ("<td class=x>1.502</td>", '.x{mso-number-format:"\\#\\,\\#\\#0"}', "", ""),
        ("<td class=x>12</td>", '.x{mso-number-format:"0\\0022 hồ sơ\\0022"}', "", ""),
        ("<td class=x>12/01/2022</td>", ".x{mso-number-format:'dd\\/mm\\/yyyy'}", "", ""),
        ("<td>12<s> </s></td>", "", "", ""),
        ("<td>12</td>", "a:hover{text-decoration:line-through}", "", ""),
    ],
)
def test_html(cell: str, css: str, row: str, why: str) -> None:
    grid = html_grid(cell, css, row)
    found = [grid.misread[at].count.why for at in grid.misread if at[1] == 1]
    assert len(found) == bool(why) and all(f.startswith(why) for f in found)


def test_html_a_rule_that_may_strike_refuses_the_page() -> None:
    with pytest.raises(UnreadableError, match="gạch ngang"):
        html_grid("<td class=x>12</td>", "tr.done td{text-decoration:line-through}")
