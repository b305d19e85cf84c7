"""Foreign names that attack what is written with them, and checks of everything that was written."""

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path

from hypothesis import strategies as st
from lxml import etree
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

#: names that Windows opens as devices, whatever follows the full stop
DEVICES = ("CON", "prn", "Aux", "NUL", "COM1", "lpt9", "com²", "CONIN$", "CLOCK$")
CONTROL = [chr(n) for n in (*range(1, 0x20), *range(0x7F, 0xA0))]
DIRECTION = [*"\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u200d\ufeff\u00ad"]
NO_CHARACTERS = ["\ufdd0", "\ufffe", "\uffff", "\U0001ffff", "\U0010fffe", "\u2028", "\u2029", "\ue000"]
STARTS = [*"=+-@\t\r＝＋－＠﹦'"]
MARKUP = [
    "a;=cmd|' /C calc'!A0",
    "<b>x",
    "[x](y)",
    "https://a.vn",
    "www.a.vn",
    "a@b.vn",
    "_x202E_",
    "&amp;",
    "]]>",
    "| a |",
]
#: parts of names; "/" and NUL are none, because no file has them
PARTS = st.one_of(
    st.sampled_from([*CONTROL, *DIRECTION, *NO_CHARACTERS, *STARTS, *MARKUP, *DEVICES, ".", " ", "…", "\U0001f600"]),
    st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), max_size=6),
    st.sampled_from(["Xã Nà Tấu", "II.06a", "Phường", "\n"]),
)
NAMES = st.lists(PARTS, min_size=1, max_size=5).map("".join)

_NO_NAME_ON_WINDOWS = re.compile(r'[<>:"/\\|?*\x00-\x1f]|[ .]$')
_DEVICE = re.compile(r"(con|prn|aux|nul|clock\$|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)", re.IGNORECASE)


def unseen(text: str) -> list[str]:
    """The characters of a text that a terminal obeys or cannot show; line feeds are none."""
    return [
        c for c in text if c != "\n" and (unicodedata.category(c) in {"Cc", "Cf", "Zl", "Zp", "Cs"} or no_character(c))
    ]


def no_character(c: str) -> bool:
    return 0xFDD0 <= ord(c) <= 0xFDEF or ord(c) & 0xFFFE == 0xFFFE


def check_written(folder: Path) -> None:
    """Every file below the folder has a name that Windows allows, opens in its format and holds nothing that runs."""
    paths = [p for p in folder.rglob("*") if p.is_file()]
    assert paths
    for path in paths:
        check_name(path.name)
        if path.suffix == ".xlsx":
            check_workbook(path.read_bytes())
        elif path.suffix == ".csv":
            check_csv(path.read_bytes())
        elif path.suffix in {".md", ".json", ".svg"}:
            text = path.read_text("utf-8")
            assert path.suffix == ".json" or not unseen(text), path
    for place in {p.parent for p in paths}:
        names = [p.name.casefold() for p in place.iterdir()]
        assert len(set(names)) == len(names)


def check_name(name: str) -> None:
    assert not _NO_NAME_ON_WINDOWS.search(name), name
    assert not _DEVICE.match(name), name
    assert not unseen(name) and len(name.encode("utf-8")) <= 240, name


def check_workbook(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for part in archive.namelist():
            if part.endswith((".xml", ".rels", ".vml")):
                etree.fromstring(archive.read(part))
    book = load_workbook(io.BytesIO(data))
    titles = [title.casefold() for title in book.sheetnames]
    assert len(set(titles)) == len(titles)
    for title in (*book.sheetnames, *texts_of(book.properties)):
        assert not unseen(title), title
    for sheet in book.worksheets:
        assert 0 < len(sheet.title.encode("utf-16-le")) <= 62 and not re.search(r"[\[\]:*?/\\]", sheet.title)
        for text, quoted in cell_texts(sheet):
            assert not unseen(text), (sheet.title, text)
            assert quoted or text[:1] not in tuple("=+-@＝＋－＠"), (sheet.title, text)


def texts_of(properties: object) -> Iterator[str]:
    yield from (v for v in vars(properties).values() if isinstance(v, str))


def cell_texts(sheet: Worksheet) -> Iterator[tuple[str, bool]]:
    """Text and whether it stays text when the cell is edited, of each cell; comments and links too."""
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell.value, str):
                assert cell.data_type != "f", (sheet.title, cell.coordinate, cell.value)
                yield cell.value, bool(cell.quotePrefix)
            if getattr(cell, "comment", None):
                yield cell.comment.text, True
            if getattr(cell, "hyperlink", None):
                yield str(cell.hyperlink.target or cell.hyperlink.location), True


def check_csv(data: bytes) -> None:
    """Both readers find as many lines, no reader finds a cell that begins a formula."""
    text = data.decode("utf-8-sig")
    tables = [list(csv.reader(io.StringIO(text, newline=""), delimiter=d)) for d in ",;"]
    assert len(tables[0]) == len(tables[1]) == text.count("\r\n")
    assert len({len(row) for row in tables[0]}) == 1
    assert {len(row) for row in tables[1]} == {1}  # a `;` reader splits nothing
    for cell in (cell for table in tables for row in table for cell in row):
        assert not unseen(cell.replace("\t", "")), cell
        assert not begins_formula(cell) or re.fullmatch(r"-\d+(\.\d+)?", cell), cell


def begins_formula(cell: str) -> bool:
    bare = cell.lstrip(" ")
    return bare[:1] in {"\t", "\r"} or unicodedata.normalize("NFKC", bare[:1])[:1] in {"=", "+", "-", "@"}
