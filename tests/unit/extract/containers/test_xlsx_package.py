"""Where the reader library and the second look could mean different parts or cells, the workbook is refused by name."""

import io
import warnings
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from pipeline.extract.sheet.grid import UnreadableError

SHEET = "xl/worksheets/sheet1.xml"
BOOK, RELATIONS, ROOT = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "_rels/.rels"
Change = Callable[[bytes], bytes]


def changed(data: bytes, changes: Mapping[str, Change], *more: tuple[str, bytes], named: Any = str) -> bytes:
    """The workbook with parts changed, and others after them; `named`: what a name becomes."""
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        warnings.simplefilter("ignore")
        for name in old.namelist():
            part = old.read(name)
            made = changes[name](part) if name in changes else part
            assert name not in changes or made != part
            new.writestr(named(name), made)
        for name, part in more:
            new.writestr(name, part)
    return out.getvalue()


def swap(old: str, new: str, count: int = -1) -> Change:
    return lambda part: part.replace(old.encode(), new.encode(), count)


@pytest.fixture
def good(export: Any, row: Any) -> bytes:
    made: bytes = export([row(1, "Phòng A", 10, 25, 5, 20, 8, 3)])
    return made


@pytest.mark.parametrize("name", [SHEET, "xl/Worksheets/SHEET1.xml", "xl\\worksheets\\sheet1.xml"])
def test_two_parts_of_one_name(good: bytes, grids: Any, name: str) -> None:
    with pytest.raises(UnreadableError, match="cùng tên"):
        grids(changed(good, {}, (name, b"<worksheet/>")))


def listed_twice(book: bytes) -> bytes:
    start, end = book.index(b"<sheet "), book.index(b"</sheets>")
    return book[:end] + book[start:end] + book[end:]


def texts_elsewhere(relations: bytes) -> bytes:
    return relations.replace(b"relationships/theme", b"relationships/sharedStrings")


@pytest.mark.parametrize(
    ("part", "change", "said"),
    [
        (ROOT, swap("xl/workbook.xml", "xl/workbook2.xml"), "chỗ quen thuộc"),
        (RELATIONS, texts_elsewhere, "chỗ quen thuộc"),
        (RELATIONS, swap("styles.xml", "styles2.xml"), "chỗ quen thuộc"),
        (RELATIONS, swap("/xl/worksheets/sheet1.xml", "../xl/worksheets/sheet1.xml"), "không mở được"),
        (BOOK, listed_twice, "cùng tên"),
        (BOOK, lambda b: listed_twice(b).replace(b'name="Sheet"', b'name="Sheet 2"', 1), "cùng tên"),
    ],
)
def test_parts_that_are_not_where_they_are_looked_for(
    good: bytes, grids: Any, part: str, change: Change, said: str
) -> None:
    with pytest.raises(UnreadableError, match=said):
        grids(changed(good, {part: change}))


def test_a_workbook_in_another_folder(good: bytes, grids: Any) -> None:
    """The reader library finds it there; the second look would have found nothing hidden."""
    moved = changed(
        good, {ROOT: swap("xl/workbook.xml", "so/workbook.xml"), RELATIONS: swap("/xl/", "/so/")},
        named=lambda n: n.replace("xl/", "so/"),
    )  # fmt: skip
    with pytest.raises(UnreadableError, match="thiếu phần kê"):
        grids(moved)


def test_names_with_backslashes_are_the_same_parts(good: bytes, grids: Any) -> None:
    bad = {SHEET: swap('<c r="H8" t="n"><v>20</v>', '<c r="H8" t="e"><v>#REF!</v>')}
    (grid,) = grids(changed(good, bad, named=lambda n: n.replace("/", "\\") if "sheet1" in n else n))
    assert grid.hidden.keys() == {(7, 7)}


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("2<!-- x -->0", "bất thường"),
        ("<![CDATA[20]]>", "bất thường"),
        ("<?x y?>20", "bất thường"),
        ("&#50;0", "bất thường"),
        ("2&#48;", "bất thường"),
    ],
)
def test_a_value_of_which_the_library_takes_a_part(good: bytes, grids: Any, value: str, said: str) -> None:
    with pytest.raises(UnreadableError, match=said):
        grids(changed(good, {SHEET: swap("<v>20</v>", f"<v>{value}</v>")}))


@pytest.mark.parametrize(
    "change",
    [
        swap("<sheetData>", "<!-- made by a portal --><sheetData>"),
        swap("<sheetData>", "<?mso-x y?><sheetData>"),
        swap('t="n"><v>20</v>', 't="inlineStr"><is><t><![CDATA[20]]></t></is>'),
    ],
)
def test_what_stands_elsewhere_changes_no_value(good: bytes, grids: Any, change: Change) -> None:
    (grid,) = grids(changed(good, {SHEET: change}))
    assert grid.text(7, 7) == "20"


def test_a_document_type_is_refused(good: bytes, grids: Any) -> None:
    """An entity of its own reads as nothing."""
    with pytest.raises(UnreadableError, match="bất thường"):
        grids(changed(good, {SHEET: lambda p: b'<!DOCTYPE x [<!ENTITY a "7">]>' + p.replace(b"<v>20<", b"<v>&a;<")}))


def test_two_contents_of_the_same_rows_are_refused(good: bytes, grids: Any) -> None:
    other = '<mc:AlternateContent xmlns:mc="m"><mc:Choice><row r="20"/></mc:Choice></mc:AlternateContent></sheetData>'
    with pytest.raises(UnreadableError, match="thay thế"):
        grids(changed(good, {SHEET: swap("</sheetData>", other)}))


@pytest.mark.parametrize("line", ['<row r="8"/>', "<row spans='1:2' r='8'></row>", '<x:row xmlns:x="m" r="8"/>'])
def test_two_rows_of_one_number_are_refused(good: bytes, grids: Any, line: str) -> None:
    with pytest.raises(UnreadableError, match="hai dòng"):
        grids(changed(good, {SHEET: swap("</sheetData>", f"{line}</sheetData>")}))


@pytest.mark.parametrize(
    ("asked", "held", "codes"),
    [
        ('fullCalcOnLoad="1"', "0", ["cell_formula"]),
        ('fullCalcOnLoad="1"', "20", []),
        ("", "0", []),
        ('fullCalcOnLoad="0"', "0", []),
    ],
)
def test_a_formula_that_holds_what_it_was_made_with(
    export: Any, read: Any, row: Any, asked: str, held: str, codes: list[str]
) -> None:
    """Programs that calculate nothing write 0 and ask Excel to calculate all of it."""
    data = export([row(1, "Phòng A", 10, 25, 5, int(held), 8, 3)])
    cell = f'<c r="H8" t="n"><v>{held}</v>'
    made = {SHEET: swap(cell, f'<c r="H8"><f>X1+X2</f><v>{held}</v>'), BOOK: swap('fullCalcOnLoad="1"', f" {asked}")}
    assert [f.code for f in read(changed(data, made)).findings if f.code == "cell_formula"] == codes
