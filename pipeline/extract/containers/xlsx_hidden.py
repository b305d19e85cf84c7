"""Hidden content of an xlsx file, from the XML of its sheets (ECMA-376 part 1, §18.3 SpreadsheetML worksheets).

python-calamine returns '' for an error cell and for a formula without a cached value; both would pass for "no
dossiers". It returns a hidden row like any other, 2 for a cell that shows 200%, and the text of a struck cell. The
bytes of a sheet are searched for marks of such content first: most exports have none, and their XML is not parsed.
"""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as PlainTree
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.extract.containers.cell_looks import PLAIN, CellLook, Part, misread_number, misread_text
from pipeline.extract.containers.hidden_content import MAX_COLUMNS, HiddenContent
from pipeline.extract.containers.xlsx_looks import (
    ConditionalLooks,
    WorkbookLooks,
    column_number,
    conditional_looks,
    part_set_apart,
    parts_of_strings,
    workbook_looks,
)
from pipeline.extract.containers.xlsx_package import Package, parse_xml, read_package
from pipeline.extract.containers.xlsx_raw_checks import is_utf_8, refuse_skipped_content
from pipeline.extract.sheet.grid import CellAddress, MisreadCell, UnreadableError
from pipeline.text import nfc

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_CELL = re.compile(r"([A-Za-z]{1,3})(\d{1,7})")
_ROW = re.compile(rb"<(?:\w+:)?row\b([^<>]*)>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^<>]*)>")
_HIDDEN = re.compile(rb"\bhidden\s*=\s*[\"'](?:1|true)[\"']")
_NO_HEIGHT = re.compile(rb"\bht\s*=\s*[\"']0(?:\.0*)?[\"']")
_NO_WIDTH = re.compile(rb"\bwidth\s*=\s*[\"']0(?:\.0*)?[\"']")
_ROW_NUMBER = re.compile(rb"\br\s*=\s*[\"'](\d{1,7})[\"']")
_MIN = re.compile(rb"\bmin\s*=\s*[\"'](\d{1,5})[\"']")
_MAX = re.compile(rb"\bmax\s*=\s*[\"'](\d{1,5})[\"']")
#: marks in the bytes of a sheet: an attribute with the value "e" (an error cell), an element whose name begins with f
#: (a formula), an attribute for a hidden row or a height of 0. Each expression begins with one literal letter: `re`
#: then searches megabytes fastest
_MARK_ERROR = re.compile(rb"""e["'](?<=["']e["'])""")
_MARK_FORMULA = re.compile(rb"f(?<=[<:]f)")
_MARK_CONDITIONS, _MARK_RICH_TEXT = b"onditionalFormatting", b"rPr"
_MARK_HIDDEN_ROW = re.compile(rb"""h(?<=\sh)(?:idden|t\s*=\s*["']0)""")


def hidden_in_xlsx(data: bytes) -> dict[str, HiddenContent]:
    """Sheet name -> hidden content, for the sheets that have any. Raises UnreadableError."""
    found: dict[str, HiddenContent] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            package = read_package(archive)
            looks = _read_looks(archive, package)
            for sheet, member in package.sheets.items():
                hidden = _hidden_in_sheet(archive.read(member), looks)
                if hidden != HiddenContent():
                    found[sheet] = hidden
    except (KeyError, zipfile.BadZipFile, SyntaxError, ValueError, OSError) as error:
        raise UnreadableError(
            "file_unreadable", f"không đọc được nội dung bên trong tệp ({type(error).__name__})"
        ) from None
    return found


@dataclass(frozen=True)
class _Looks:
    """What the workbook says of the looks of cells, and of formulas that were never calculated."""

    of_styles: Mapping[str, CellLook]  # by the index of a style
    of_conditions: Mapping[str, CellLook]  # by the index of a differential format
    strings: Mapping[int, Part]  # index of a shared string -> what is set apart in it
    uncalculated: bool  # a formula whose stored value is 0 was never calculated


def _read_looks(archive: zipfile.ZipFile, package: Package) -> _Looks:
    looks = workbook_looks(archive.read(package.styles)) if package.styles else WorkbookLooks({}, {})
    strings = parts_of_strings(archive.read(package.strings)) if package.strings else {}
    return _Looks(looks.of_styles, looks.of_conditions, strings, package.uncalculated)


def _hidden_in_sheet(xml: bytes, looks: _Looks) -> HiddenContent:
    """The hidden content of one sheet."""
    refuse_skipped_content(xml)
    if not is_utf_8(xml):
        # a search of the bytes needs UTF-8
        tree = parse_xml(xml)
        xml = PlainTree.tostring(tree, encoding="utf-8")
        cells = _misread_cells(tree, looks)
    else:
        marked = _MARK_ERROR.search(xml) or _MARK_FORMULA.search(xml) or _may_look_odd(xml, looks)
        cells = _misread_cells(parse_xml(xml), looks) if marked else {}
    return HiddenContent(cells, frozenset(_hidden_rows(xml)), frozenset(_hidden_columns(xml)))


def _may_look_odd(xml: bytes, looks: _Looks) -> bool:
    """Whether a cell of the sheet may show something else than it holds."""
    if looks.strings or "0" in looks.of_styles:  # the style of a cell that names none
        return True
    # below the cells, at the end of the sheet
    if xml.find(_MARK_CONDITIONS, max(xml.rfind(b"sheetData"), 0)) >= 0 or _MARK_RICH_TEXT in xml:
        return True
    indexes = "|".join(sorted(looks.of_styles)).encode()
    return bool(indexes) and re.search(rb"""\bs\s*=\s*["'](?:%s)["']""" % indexes, xml) is not None


def _misread_cells(tree: Element, looks: _Looks) -> dict[CellAddress, MisreadCell]:
    """The misread cells of a sheet, by address."""
    found: dict[CellAddress, MisreadCell] = {}
    namespace = tree.tag[: tree.tag.rfind("}") + 1]
    data = tree.find(f"{namespace}sheetData")
    conditions = conditional_looks(tree, looks.of_conditions)
    row = -1
    for line in data if data is not None else ():
        number = line.get("r", "")
        row = int(number) - 1 if number.isdigit() else row + 1
        column = -1
        for cell in line:
            # a cell without an address is right of the one before
            match = _CELL.fullmatch(cell.get("r", ""))
            address = (int(match[2]) - 1, column_number(match[1])) if match else (row, column + 1)
            column = address[1]
            misread = _misread(cell, namespace, address, looks, conditions)
            if misread is not None:
                found[address] = misread
    return found


def _misread(
    cell: Element, namespace: str, address: CellAddress, looks: _Looks, conditions: ConditionalLooks
) -> MisreadCell | None:
    """The cell as Excel shows it, where python-calamine returns something else; None where it does not.

    Of a text cell only that it does: its text is blank.
    """
    value = cell.find(f"{namespace}v")
    formula = cell.find(f"{namespace}f")
    inline = cell.find(f"{namespace}is")
    text = value.text or "" if value is not None else ""
    kind = cell.get("t", "n")
    if kind == "e":
        return MisreadCell(nfc(text) or "#?", False)
    placeholder = looks.uncalculated and text == "0" and kind == "n"  # of a program that does not calculate
    if formula is not None and (placeholder or not text) and inline is None:
        return MisreadCell("=" + nfc(formula.text or ""), True)
    if not text and inline is None:
        return None
    look = looks.of_styles.get(cell.get("s", "0"), PLAIN)
    if conditions.ranges:
        look += conditions.at(*address)
    if kind == "n":
        return misread_number(text, look) if look else None
    part: Part = part_set_apart(inline) if inline is not None else ""
    if kind == "s" and text.isdigit():
        part = looks.strings.get(int(text), "")
    return misread_text("", look, part)


def _hidden_rows(xml: bytes) -> Iterator[int]:
    """Rows, from 0, hidden by hand, by a filter or a folded outline, or of height 0."""
    if not _MARK_HIDDEN_ROW.search(xml):
        return
    number = 0
    for row in _ROW.finditer(xml):
        written = _ROW_NUMBER.search(row[1])
        number = int(written[1]) if written else number + 1
        if _HIDDEN.search(row[1]) or _NO_HEIGHT.search(row[1]):
            yield number - 1


def _hidden_columns(xml: bytes) -> Iterator[int]:
    """Columns, from 0, that are hidden or of width 0."""
    for column in _COLUMN.finditer(xml, 0, max(xml.find(b"sheetData"), 0)):
        first, last = _MIN.search(column[1]), _MAX.search(column[1])
        if first and last and (_HIDDEN.search(column[1]) or _NO_WIDTH.search(column[1])):
            yield from range(int(first[1]) - 1, min(int(last[1]), MAX_COLUMNS))
