"""Bytes of a workbook -> grids of cells with true addresses; nothing is executed, fetched or guessed.

python-calamine reads the values. What it hides is looked for in the sheet's XML: error cells and formulas without a
cached value both come back as '' from it, and either would pass for "no dossiers".
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import python_calamine
from defusedxml import ElementTree
from openpyxl.utils import get_column_letter

from pipeline.text import nfc

Value = str | int | float | bool | dt.datetime | dt.date | dt.time | dt.timedelta | None

#: An honest office file is far below; the library's cost is bounded by what the archive declares.
MAX_INFLATED = 300_000_000
MAX_RATIO = 150
RATIO_FROM = 10_000_000


class UnreadableError(Exception):
    """A file that cannot serve. `code` is a finding's code, `detail` Vietnamese."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


@dataclass(frozen=True)
class Hidden:
    """A cell the reader would show as blank: an Excel error, or a formula that was never calculated."""

    text: str  # "#REF!" or "=SUM(A1:A3)"
    formula: bool


@dataclass(frozen=True)
class Grid:
    """One sheet. Rows and columns count from 0 in the code, cells are named as Excel does (`B7`)."""

    file: str
    sheet: str
    rows: tuple[tuple[Value, ...], ...]
    top: int = 0  # sheet row of rows[0]
    left: int = 0  # sheet column of rows[i][0]
    visible: bool = True
    merges: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()  # ((top, left), (bottom, right)), inclusive
    hidden: dict[tuple[int, int], Hidden] = field(default_factory=dict)

    @property
    def height(self) -> int:
        """Rows up to the last one used."""
        return self.top + len(self.rows)

    @cached_property
    def width(self) -> int:
        """Columns up to the last one used."""
        return self.left + max((len(r) for r in self.rows), default=0)

    def value(self, row: int, column: int) -> Value:
        """The cell's own value; None for blank or outside."""
        r, c = row - self.top, column - self.left
        if not (0 <= r < len(self.rows) and 0 <= c < len(self.rows[r])):
            return None
        value = self.rows[r][c]
        return None if value == "" else value

    def text(self, row: int, column: int) -> str:
        """The cell as NFC text, "" for blank; 6.0 as `6`."""
        value = self.value(row, column)
        if value is None:
            return ""
        return nfc(int(value) if isinstance(value, float) and value.is_integer() else value)

    def row_texts(self, row: int) -> Iterator[tuple[int, str]]:
        """(column, text) of the row's filled cells."""
        for column in range(self.left, self.width):
            text = self.text(row, column)
            if text:
                yield column, text

    @cached_property
    def _anchors(self) -> dict[tuple[int, int], tuple[int, int]]:
        return {
            (r, c): (top, left)
            for (top, left), (bottom, right) in self.merges
            if (bottom - top + 1) * (right - left + 1) <= 100_000
            for r in range(top, bottom + 1)
            for c in range(left, right + 1)
        }

    def anchor(self, row: int, column: int) -> tuple[int, int]:
        """The top left cell of the merged range that holds the cell, else the cell itself."""
        return self._anchors.get((row, column), (row, column))

    def merged_text(self, row: int, column: int) -> str:
        """`text` of the merged range the cell lies in (filled inside the range only)."""
        return self.text(*self.anchor(row, column))

    def address(self, row: int, column: int) -> str:
        """`B7`."""
        return f"{get_column_letter(column + 1)}{row + 1}"


def read_workbook(name: str, data: bytes) -> list[Grid]:
    """All sheets of an Excel file, hidden ones marked. Raises UnreadableError with the finding's code."""
    _refuse_by_bytes(data)
    zipped = data[:2] == b"PK"
    if zipped:
        _refuse_oversized(data)
    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
        grids = []
        for meta in book.sheets_metadata:
            if meta.typ != python_calamine.SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_name(meta.name)
            start = sheet.start or (0, 0)
            grids.append(
                Grid(
                    file=name,
                    sheet=meta.name,
                    rows=tuple(tuple(row) for row in sheet.to_python(skip_empty_area=True)),
                    top=start[0],
                    left=start[1],
                    visible=meta.visible == python_calamine.SheetVisibleEnum.Visible,
                    merges=tuple(sheet.merged_cell_ranges or ()),
                )
            )
    except python_calamine.PasswordError:
        raise UnreadableError("file_encrypted", "tệp đặt mật khẩu") from None
    except Exception as error:  # the reader library's own errors are many; all mean: not readable
        raise UnreadableError("file_unreadable", f"không mở được bảng tính ({type(error).__name__})") from None
    if not zipped:
        return grids
    hidden = _hidden_cells(data)
    return [Grid(g.file, g.sheet, g.rows, g.top, g.left, g.visible, g.merges, hidden.get(g.sheet, {})) for g in grids]


def _refuse_by_bytes(data: bytes) -> None:
    head = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not data:
        raise UnreadableError("file_unreadable", "tệp rỗng")
    if head[:1] == b"<":
        raise UnreadableError("file_html", "tệp là trang HTML, không phải bảng tính Excel")
    if data[:2] != b"PK" and data[:4] != b"\xd0\xcf\x11\xe0":
        raise UnreadableError("file_unreadable", "nội dung không phải tệp Excel")


def _refuse_oversized(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, EOFError):
        raise UnreadableError("file_unreadable", "tệp bị cắt cụt hoặc hỏng") from None
    if sum(m.file_size for m in members) > MAX_INFLATED or any(
        m.file_size > RATIO_FROM and m.file_size > MAX_RATIO * max(m.compress_size, 1) for m in members
    ):
        raise UnreadableError("file_too_large", "khi giải nén, tệp lớn bất thường")


_WORKBOOK = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")


def _hidden_cells(data: bytes) -> dict[str, dict[tuple[int, int], Hidden]]:
    """Per sheet name: error cells and uncached formulas, by (row, column)."""
    found: dict[str, dict[tuple[int, int], Hidden]] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for sheet, member in _sheet_members(archive).items():
                xml = archive.read(member)
                # a cheap look first: most exports hold neither formulas nor errors
                if (
                    b"<f" not in xml
                    and b't="e"' not in xml
                    and b"t='e'" not in xml
                    and b":f" not in xml
                    and b":c " not in xml
                ):
                    continue
                found[sheet] = _scan_sheet(xml)
    except (KeyError, zipfile.BadZipFile, ElementTree.ParseError, ValueError, OSError) as error:
        raise UnreadableError(
            "file_unreadable", f"không đọc được nội dung bên trong tệp ({type(error).__name__})"
        ) from None
    return found


def _sheet_members(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name -> member of the archive."""
    names = {n.lower(): n for n in archive.namelist()}
    if "xl/workbook.xml" not in names:
        return {}
    relations = {}
    rels_name = names.get("xl/_rels/workbook.xml.rels")
    if rels_name:
        for relation in ElementTree.fromstring(archive.read(rels_name)):
            relations[relation.get("Id")] = relation.get("Target", "")
    members = {}
    for sheet in ElementTree.fromstring(archive.read(names["xl/workbook.xml"])).iter(f"{_WORKBOOK}sheet"):
        target = relations.get(sheet.get(_RELATION), "")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        member = names.get(path.lower())
        if member:
            members[str(sheet.get("name"))] = member
    return members


def _scan_sheet(xml: bytes) -> dict[tuple[int, int], Hidden]:
    hidden: dict[tuple[int, int], Hidden] = {}
    for cell in ElementTree.fromstring(xml).iter(f"{_WORKBOOK}c"):
        match = _CELL.fullmatch(cell.get("r", ""))
        if not match:
            continue
        value = cell.find(f"{_WORKBOOK}v")
        formula = cell.find(f"{_WORKBOOK}f")
        blank = value is None or value.text is None or value.text == ""
        if cell.get("t") == "e":
            hidden[_position(match)] = Hidden(nfc(value.text) if value is not None and value.text else "#?", False)
        elif formula is not None and blank and cell.find(f"{_WORKBOOK}is") is None:
            hidden[_position(match)] = Hidden("=" + nfc(formula.text or ""), True)
    return hidden


def _position(match: re.Match[str]) -> tuple[int, int]:
    column = 0
    for letter in match[1]:
        column = 26 * column + ord(letter) - 64
    return int(match[2]) - 1, column - 1
