"""Bytes of a workbook -> grids of cells with true addresses; nothing is executed, fetched or guessed.

python-calamine reads the values. What it hides is looked for in the sheet's XML: error cells and formulas without a
cached value both come back as '' from it, and either would pass for "no dossiers".
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import replace

import python_calamine
from defusedxml import ElementTree

from pipeline.extract.grid import Grid, Hidden, UnreadableError, Value
from pipeline.text import nfc

#: cells of all sheets; a list of 200,000 dossiers has under three million
MAX_CELLS = 8_000_000


def read_workbook(name: str, data: bytes) -> list[Grid]:
    """All sheets of an Excel file (xlsx, xlsm, xls), hidden ones marked. Raises UnreadableError."""
    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
        sheets = [m for m in book.sheets_metadata if m.typ == python_calamine.SheetTypeEnum.WorkSheet]
        grids = [_grid(name, book.get_sheet_by_name(m.name), m) for m in sheets]
    except python_calamine.PasswordError:
        raise UnreadableError("file_encrypted", "tệp đặt mật khẩu") from None
    except (UnreadableError, MemoryError):
        raise
    except Exception as error:  # the reader library's own errors are many; all mean: not readable
        raise UnreadableError("file_unreadable", f"không mở được bảng tính ({type(error).__name__})") from None
    if data[:2] != b"PK":
        return grids
    hidden = _hidden_cells(data)
    return [replace(g, hidden=hidden[g.sheet]) if g.sheet in hidden else g for g in grids]


def _grid(name: str, sheet: python_calamine.CalamineSheet, meta: python_calamine.SheetMetadata) -> Grid:
    start = sheet.start or (0, 0)
    rows: list[tuple[Value, ...]] = []
    cells = 0
    for row in sheet.iter_rows():  # from row 1 of the sheet, from the first used column
        rows.append(_trimmed(row))
        cells += len(rows[-1])
        if cells > MAX_CELLS:
            raise UnreadableError("file_too_large", "tệp có quá nhiều ô")
    return Grid(
        file=name,
        sheet=meta.name,
        rows=tuple(rows),
        left=start[1],
        visible=meta.visible == python_calamine.SheetVisibleEnum.Visible,
        merges=tuple(sheet.merged_cell_ranges or ()),
    )


def _trimmed(row: Sequence[Value]) -> tuple[Value, ...]:
    """The row without the blank cells at its end: a row of formatted cells costs nothing."""
    end = len(row)
    while end and row[end - 1] == "":
        end -= 1
    return tuple(row[:end])


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
