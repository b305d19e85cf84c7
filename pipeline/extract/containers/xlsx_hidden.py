"""Hidden content of an xlsx file, from the XML of its sheets (ECMA-376 part 1, §18.3 SpreadsheetML worksheets).

python-calamine returns '' for an error cell and for a formula without a cached value; both would pass for "no
dossiers". It returns a hidden row like any other, and 2 for a cell that shows 200%. The bytes of a sheet are searched
for marks of such content first: most exports have none, and their XML is not parsed.
"""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as PlainTree
import zipfile
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.extract.containers.hidden_content import MAX_COLUMNS, HiddenContent
from pipeline.extract.containers.number_formats import BUILT_IN_EFFECTS, format_effect, reformatted_number
from pipeline.extract.containers.xlsx_package import elements_named, parse_xml, read_package
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
_MARK_HIDDEN_ROW = re.compile(rb"""h(?<=\sh)(?:idden|t\s*=\s*["']0)""")


def hidden_in_xlsx(data: bytes) -> dict[str, HiddenContent]:
    """Sheet name -> hidden content, for the sheets that have any. Raises UnreadableError."""
    found: dict[str, HiddenContent] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            package = read_package(archive)
            effects = _style_effects(archive.read(package.styles)) if package.styles else {}
            for sheet, member in package.sheets.items():
                hidden = _hidden_in_sheet(archive.read(member), effects, package.uncalculated)
                if hidden != HiddenContent():
                    found[sheet] = hidden
    except (KeyError, zipfile.BadZipFile, SyntaxError, ValueError, OSError) as error:
        raise UnreadableError(
            "file_unreadable", f"không đọc được nội dung bên trong tệp ({type(error).__name__})"
        ) from None
    return found


@lru_cache(maxsize=64)  # the exports of one portal share their styles
def _style_effects(styles: bytes) -> Mapping[str, str]:
    """Style index -> effect of its number format, for the styles that have one (`number_formats`)."""
    tree = parse_xml(styles)
    formats = dict(BUILT_IN_EFFECTS)
    for own in elements_named(tree, "numFmt"):
        formats[own.get("numFmtId", "")] = format_effect(own.get("formatCode", ""))
    cell_styles = next(elements_named(tree, "cellXfs"), ())
    effects = ((str(i), formats.get(xf.get("numFmtId", ""), "")) for i, xf in enumerate(cell_styles))
    return {style: effect for style, effect in effects if effect}


def _hidden_in_sheet(xml: bytes, effects: Mapping[str, str], uncalculated: bool) -> HiddenContent:
    """`effects`: from `_style_effects`. `uncalculated`: a formula whose stored value is 0 was never calculated."""
    refuse_skipped_content(xml)
    if not is_utf_8(xml):
        # a search of the bytes needs UTF-8
        tree = parse_xml(xml)
        xml = PlainTree.tostring(tree, encoding="utf-8")
        cells = _misread_cells(tree, effects, uncalculated)
    else:
        marked = _MARK_ERROR.search(xml) or _MARK_FORMULA.search(xml) or _uses_style(xml, effects)
        cells = _misread_cells(parse_xml(xml), effects, uncalculated) if marked else {}
    return HiddenContent(cells, frozenset(_hidden_rows(xml)), frozenset(_hidden_columns(xml)))


def _uses_style(xml: bytes, styles: Mapping[str, str]) -> bool:
    """Whether a cell of the sheet may have one of the styles."""
    if "0" in styles:  # the style of a cell that names none
        return True
    indexes = "|".join(sorted(styles)).encode()
    return bool(styles) and re.search(rb"""\bs\s*=\s*["'](?:%s)["']""" % indexes, xml) is not None


def _misread_cells(tree: Element, effects: Mapping[str, str], uncalculated: bool) -> dict[CellAddress, MisreadCell]:
    """The misread cells of a sheet, by address. Parameters as in `_hidden_in_sheet`."""
    found: dict[CellAddress, MisreadCell] = {}
    namespace = tree.tag[: tree.tag.rfind("}") + 1]
    data = tree.find(f"{namespace}sheetData")
    row = -1
    for line in data if data is not None else ():
        number = line.get("r", "")
        row = int(number) - 1 if number.isdigit() else row + 1
        column = -1
        for cell in line:
            # a cell without an address is right of the one before
            match = _CELL.fullmatch(cell.get("r", ""))
            address = _address(match) if match else (row, column + 1)
            column = address[1]
            misread = _misread(cell, namespace, effects, uncalculated)
            if misread is not None:
                found[address] = misread
    return found


def _misread(cell: Element, namespace: str, effects: Mapping[str, str], uncalculated: bool) -> MisreadCell | None:
    """The cell as Excel shows it, where python-calamine returns something else; None where it does not."""
    value = cell.find(f"{namespace}v")
    formula = cell.find(f"{namespace}f")
    text = value.text or "" if value is not None else ""
    if cell.get("t") == "e":
        return MisreadCell(nfc(text) or "#?", False)
    placeholder = uncalculated and text == "0" and cell.get("t", "n") == "n"  # of a program that does not calculate
    if formula is not None and (placeholder or not text) and cell.find(f"{namespace}is") is None:
        return MisreadCell("=" + nfc(formula.text or ""), True)
    effect = effects.get(cell.get("s", "0"), "") if text and cell.get("t", "n") == "n" else ""
    return reformatted_number(text, effect) if effect else None


def _address(match: re.Match[str]) -> CellAddress:
    column = 0
    for letter in match[1].upper():
        column = 26 * column + ord(letter) - 64
    return int(match[2]) - 1, column - 1


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
