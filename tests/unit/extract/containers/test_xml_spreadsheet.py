"""XML Spreadsheet 2003: true addresses, what Excel shows otherwise than it is stored, and files that are refused."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from xml_spreadsheets import cell, of_rows, of_workbook, text_of_rows

from pipeline.extract.containers.open_file import open_file
from pipeline.extract.period import FilesReading, read_files
from pipeline.extract.sheet.grid import Grid
from pipeline.extract.wording.vocabulary import vocabulary
from pipeline.periods import Period
from pipeline.registry import UnitIndex


def grid(data: bytes) -> Grid:
    (part,) = open_file("a.xls", data)
    assert part.code == "", part.detail
    return part.grids[0]


def detail(data: bytes) -> str:
    (part,) = open_file("a.xls", data)
    assert part.code in ("file_unreadable", "file_too_large") and not part.grids
    return part.detail


def rows_of(data: bytes) -> list[list[Any]]:
    return [list(r) for r in grid(data).rows]


def row(*cells: object, **attributes: object) -> str:
    start = " ".join(["<Row", *(f'ss:{name}="{x}"' for name, x in attributes.items())])
    return f"{start}>{''.join(map(cell, cells))}</Row>"


@pytest.fixture
def saved(period: Period, index: UnitIndex) -> Callable[..., FilesReading]:
    return lambda **files: read_files({f"{n}.xls": d for n, d in files.items()}, period, index, vocabulary())


# --- values and places ------------------------------------------------------------------------------------------------


def test_it_reads_as_the_workbook_it_was_made_from(saved: Any, export: Any, row: Any, total_row: Any) -> None:
    units = [row(1, "Phòng A", 1, 2, 3, 4, 0, 1), row(2, "Phòng B", 5, 2, 0, 3, 1, 0, overdue=2)]
    data = export([*units, total_row(units)])
    frames = [r.counts.frame(set()) for r in (saved(a=data), saved(a=of_workbook(data)))]
    assert len(frames[0]) == 22
    assert frames[0].equals(frames[1])


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ('<Data ss:Type="Number">1548</Data>', 1548.0),
        ('<Data ss:Type="Number">1.5E3</Data>', 1500.0),
        ('<Data ss:Type="Number"> 7 </Data>', 7.0),
        ('<Data ss:Type="Number"></Data>', None),
        ('<Data ss:Type="String">1.502</Data>', "1.502"),
        ('<Data ss:Type="String"></Data>', None),
        ('<Data ss:Type="String"><![CDATA[Tư pháp & <Hộ tịch>]]></Data>', "Tư pháp & <Hộ tịch>"),
        ('<Data ss:Type="String">Tư pháp &amp; H&#7897; tịch</Data>', "Tư pháp & Hộ tịch"),
        ('<Data ss:Type="Boolean">1</Data>', True),
        ('<Data ss:Type="DateTime">2023-06-15T00:00:00.000</Data>', dt.datetime(2023, 6, 15)),
        ('<Data ss:Type="DateTime">1899-12-31T08:30:00.000</Data>', dt.time(8, 30)),
        ('<ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40"><B>Đúng</B> <I>hạn</I></ss:Data>',
         "Đúng hạn"),
        ('<Data ss:Type="Number">5</Data><Comment ss:Author="x"><ss:Data>9</ss:Data></Comment>', 5.0),
        ('<Comment ss:Author="x"><ss:Data>9</ss:Data></Comment>', None),
        ('<Data ss:Type="Number">5</Data><NamedCell ss:Name="Print_Area"/>', 5.0),
    ],
)  # fmt: skip
def test_values(written: str, value: object) -> None:
    assert grid(of_rows(f"<Row><Cell>{written}</Cell></Row>" + row("x"))).value(0, 0) == value


def test_a_footnote_mark_is_no_digit_of_the_number() -> None:
    data = '<ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40">12<Sup>1</Sup></ss:Data>'
    assert grid(of_rows(f"<Row><Cell>{data}</Cell></Row>")).count(0, 0).kind == "bad"


def test_places_of_rows_and_cells() -> None:
    merged = cell("a", MergeAcross=1, MergeDown=1)
    rows = (
        f"<Row>{merged}{cell('b')}</Row>"
        f"<Row>{cell('c', Index=4)}{cell('d')}</Row>"
        '<Row ss:Index="5" ss:Span="2"/>' + row("e")
    )
    found = grid(of_rows(rows))
    filled = {found.address(r, c): text for r in range(found.height) for c, text in found.row_texts(r)}
    assert filled == {"A1": "a", "C1": "b", "D2": "c", "E2": "d", "A8": "e"}
    assert found.merges == (((0, 0), (1, 1)),)
    assert found.merged_text(1, 1) == "a"


def test_several_sheets_with_a_hidden_one() -> None:
    second = (
        '<Worksheet ss:Name="Ẩn"><Table><Row><Cell><Data ss:Type="String">x</Data></Cell></Row></Table>'
        '<WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel"><Visible>SheetHidden</Visible>'
        '</WorksheetOptions></Worksheet><Worksheet ss:Name="Trống"></Worksheet></Workbook>'
    )
    (part,) = open_file("a.xml", text_of_rows(row("a")).replace("</Workbook>", second).encode())
    assert [(g.sheet, g.visible, len(g.rows)) for g in part.grids] == [
        ("S", True, 1), ("Ẩn", False, 1), ("Trống", True, 0)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", None),
        ("utf-8-sig", "utf-8"),
        ("utf-8", "utf-16"),  # .NET programs declare the encoding of their strings
        ("utf-16", "utf-16"),
        ("utf-16-le", None),
        ("cp1258", "windows-1258"),
    ],
)
def test_encodings(encoding: str, declared: str | None) -> None:
    name = "Phường Mai" if encoding != "cp1258" else "Đê Cô"
    text = text_of_rows(row(name))
    if declared:
        text = text.replace('<?xml version="1.0"?>', f'<?xml version="1.0" encoding="{declared}"?>')
    assert rows_of(text.encode(encoding)) == [[name]]


def test_a_prefix_for_every_element() -> None:
    data = (
        b'<?xml version="1.0"?><ss:Workbook xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        b'<ss:Worksheet ss:Name="S"><ss:Table><ss:Row><ss:Cell><ss:Data ss:Type="Number">3</ss:Data></ss:Cell>'
        b"</ss:Row></ss:Table></ss:Worksheet></ss:Workbook>"
    )
    assert rows_of(data) == [[3.0]]


# --- what Excel shows -------------------------------------------------------------------------------------------------

STYLES = (
    '<Style ss:ID="Default" ss:Name="Normal"/><Style ss:ID="pc"><NumberFormat ss:Format="0%"/></Style>'
    '<Style ss:ID="named"><NumberFormat ss:Format="Percent"/></Style>'
    '<Style ss:ID="child" ss:Parent="pc"><Font ss:Bold="1"/></Style>'
    '<Style ss:ID="plain" ss:Parent="pc"><NumberFormat ss:Format="#,##0"/></Style>'
    '<Style ss:ID="thousands"><NumberFormat ss:Format="#,##0,"/></Style>'
    '<Style ss:ID="words"><NumberFormat ss:Format="Yes/No"/></Style>'
    '<Style ss:ID="empty"><NumberFormat/></Style>'
)


@pytest.mark.parametrize(
    ("rows", "columns", "shown"),
    [
        (f"<Row>{cell(2, StyleID='pc')}</Row>", "", "200%"),
        (f"<Row>{cell(2, StyleID='named')}</Row>", "", "200,00%"),
        (f"<Row>{cell(2, StyleID='child')}</Row>", "", "200%"),
        (f"<Row>{cell(1502000, StyleID='thousands')}</Row>", "", "1.502"),
        (f"<Row>{cell(2, StyleID='words')}</Row>", "", "Yes/No"),
        (f"<Row ss:StyleID='pc'>{cell(2)}</Row>", "", "200%"),
        (f"<Row>{cell(2)}</Row>", '<Column ss:StyleID="pc" ss:Span="2"/>', "200%"),
        (f"<Row>{cell(2, StyleID='plain')}</Row>", '<Column ss:StyleID="pc"/>', ""),
        (f"<Row>{cell(2, StyleID='empty')}</Row>", "", ""),
        (f"<Row>{cell('2', StyleID='pc')}</Row>", "", ""),
        ('<Row><Cell><Data ss:Type="Error">#REF!</Data></Cell></Row>', "", "#REF!"),
        ('<Row><Cell ss:Formula="=SUM(R1C2)"/></Row>', "", "=SUM(R1C2)"),
        ('<Row><Cell ss:Formula="=SUM(R1C2)"><Data ss:Type="Number">0</Data></Cell></Row>', "", "=SUM(R1C2)"),
        ('<Row><Cell ss:Formula="=SUM(R1C2)"><Data ss:Type="Number">4</Data></Cell></Row>', "", ""),
        ('<Row><Cell><Data ss:Type="Number">1,502</Data></Cell></Row>', "", "1,502"),
        ('<Row><Cell><Data ss:Type="Number">NaN</Data></Cell></Row>', "", "NaN"),
        ('<Row><Cell><Data ss:Type="DateTime">hôm qua</Data></Cell></Row>', "", "hôm qua"),
    ],
)
def test_cells_that_excel_shows_otherwise(rows: str, columns: str, shown: str) -> None:
    found = grid(of_rows(rows, styles=STYLES, columns=columns))
    assert [m.text for m in found.misread.values()] == ([shown] if shown else [])
    assert (found.count(0, 0).kind == "ok") is (not shown)


def test_hidden_rows_and_columns() -> None:
    columns = '<Column/><Column ss:Hidden="1"/><Column ss:Index="4" ss:Width="0"/><Column ss:Index="9" ss:Hidden="1"/>'
    rows = (
        row(1, 2, 3, 4)
        + row(1, Hidden=1)
        + row(1, Height=0)
        + '<Row ss:Hidden="1" ss:Span="3"/>'
        + row(1, Height=12.75)
    )
    found = grid(of_rows(rows, columns=columns))
    assert (found.hidden_rows, found.hidden_columns) == ({1, 2}, {1, 3})


# --- refused ----------------------------------------------------------------------------------------------------------

BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (of_rows(row(1))[:-40], "cắt cụt"),
        (text_of_rows(row("x").replace("x", "&b;")).replace("<Workbook", BOMB + "<Workbook").encode(), "DOCTYPE"),
        (of_rows(row(1).replace("<Data", "<Data>&b;</Data><Data")), "hỏng"),
        (of_rows(f"<Row>{cell(1, Index=3)}{cell(1, Index=2)}</Row>"), "chồng lên nhau"),
        (of_rows('<Row ss:Index="3"/><Row ss:Index="3"/>'), "chồng lên nhau"),
        (of_rows(f"<Row>{cell(1, Index=16385)}</Row>"), "ngoài trang"),
        (of_rows(row(1, Index=1048577)), "ngoài trang"),
        (of_rows(f"<Row>{cell(1, Index='một')}</Row>"), "không ghi số"),
        (of_rows('<Row><Cell Index="3"/></Row>'), "thiếu tiền tố"),
        (of_rows(f"<Row>{cell('a', MergeDown=1)}</Row>{row('b')}"), "dưới ô gộp"),
        (of_rows(f"<Row>{cell('a', MergeDown=1)}</Row><Row>{cell(None, MergeAcross=1)}</Row>"),
         "chồng lên nhau"),
        (of_rows(f"<Row>{cell('a', MergeAcross=9999, MergeDown=9999)}</Row>{row(1, Index=9999)}"),
         "gộp ô bất thường"),
        (of_rows("<Row><Box/></Row>"), "không phải ô"),
        (of_rows("").replace(b"</Table>", b"</Table><Table></Table>"), "quen thuộc"),
        (of_rows("").replace(b"<Table>", b'<Table ss:TopCell="4">'), "quen thuộc"),
        (of_rows("").replace(b"</Workbook>", b'<Worksheet ss:Name="S"/></Workbook>'), "cùng tên"),
        (of_rows(f"<Row>{cell(1, Index=16384)}</Row>" * 600), "quá nhiều ô"),
    ],
    ids=lambda x: x if isinstance(x, str) else "",
)  # fmt: skip
def test_refused_with_the_cause(data: bytes, said: str) -> None:
    assert said in detail(data)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ('<?xml version="1.0"?><DanhSach><HoSo/></DanhSach>', "DanhSach"),
        ('<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument/>', "Word"),
        ('<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"/>',
         "OpenDocument"),
        ('<?xml version="1.0"?><Workbook><Worksheet/></Workbook>', "Workbook"),
    ],
)  # fmt: skip
def test_other_xml_is_refused_by_its_name(data: str, said: str) -> None:
    text = detail(data.encode())
    assert said in text and "xuất lại từ cổng" in text
    assert detail(data.encode("utf-16")) == text


@pytest.mark.parametrize(
    "start",
    ['<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x">\n<html>',
     '<?xml version="1.0"?><!-- Workbook --><html xmlns:x="urn:schemas-microsoft-com:office:excel">', "<html>"],
)  # fmt: skip
def test_a_page_is_still_a_page(start: str) -> None:
    assert rows_of(f"{start}<body><table><tr><td>1</td></tr></table></body></html>".encode()) == [["1"]]
