"""What python-calamine hides of a workbook, from its sheets' XML: error cells, formulas without a value, percentages,
hidden rows.

Error cells and formulas without a cached value both come back as '' from the reader library, and either would pass for
"no dossiers"; a hidden row or column comes back as any other. A cheap look comes first: most exports hold none of it.
"""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as PlainTree
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.extract.containers.number_formats import BUILT_IN, as_shown, oddity
from pipeline.extract.containers.xlsx_package import find_parts, local, parse
from pipeline.extract.containers.xlsx_raw_checks import is_utf_8, refuse_odd_xml
from pipeline.extract.sheet.grid import Hidden, UnreadableError
from pipeline.text import nfc

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_CELL = re.compile(r"([A-Za-z]{1,3})(\d{1,7})")
_ROW = re.compile(rb"<(?:\w+:)?row\b([^<>]*)>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^<>]*)>")
_IS_HIDDEN = re.compile(rb"\bhidden\s*=\s*[\"'](?:1|true)[\"']")
_NO_HEIGHT = re.compile(rb"\bht\s*=\s*[\"']0(?:\.0*)?[\"']")
_NO_WIDTH = re.compile(rb"\bwidth\s*=\s*[\"']0(?:\.0*)?[\"']")
_NUMBER = re.compile(rb"\br\s*=\s*[\"'](\d{1,7})[\"']")
_MIN = re.compile(rb"\bmin\s*=\s*[\"'](\d{1,5})[\"']")
_MAX = re.compile(rb"\bmax\s*=\s*[\"'](\d{1,5})[\"']")
#: what stands in the bytes of a sheet with an error cell (an attribute that is "e"), with a formula (an element whose
#: name begins with f, under a prefix or not), with a row hidden or without height. Each begins with one letter, which
#: is how megabytes are searched quickest
_MARK_ERROR = re.compile(rb"""e["'](?<=["']e["'])""")
_MARK_FORMULA = re.compile(rb"f(?<=[<:]f)")
_MARK_VEILED = re.compile(rb"""h(?<=\sh)(?:idden|t\s*=\s*["']0)""")
MAX_COLUMNS = 16_384


@dataclass(frozen=True)
class Inside:
    """What one sheet hides. Rows and columns from 0."""

    cells: Mapping[tuple[int, int], Hidden] = field(default_factory=dict)
    rows: frozenset[int] = frozenset()
    columns: frozenset[int] = frozenset()


def look_inside(data: bytes) -> dict[str, Inside]:
    """Sheet name -> what it hides, of the sheets that hide something. Raises UnreadableError."""
    found: dict[str, Inside] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            package = find_parts(archive)
            odd = _odd(archive.read(package.styles)) if package.styles else {}
            for sheet, member in package.sheets.items():
                inside = _inside(archive.read(member), odd, package.uncalculated)
                if inside != Inside():
                    found[sheet] = inside
    except (KeyError, zipfile.BadZipFile, SyntaxError, ValueError, OSError) as error:
        raise UnreadableError(
            "file_unreadable", f"không đọc được nội dung bên trong tệp ({type(error).__name__})"
        ) from None
    return found


@lru_cache(maxsize=64)  # the exports of one portal share their styles
def _odd(styles: bytes) -> Mapping[str, str]:
    tree = parse(styles)
    formats = dict(BUILT_IN)
    for made in local(tree, "numFmt"):
        formats[made.get("numFmtId", "")] = oddity(made.get("formatCode", ""))
    cells = next(local(tree, "cellXfs"), ())
    kinds = ((str(i), formats.get(xf.get("numFmtId", ""), "")) for i, xf in enumerate(cells))
    return {style: kind for style, kind in kinds if kind}


def _inside(xml: bytes, odd: Mapping[str, str], uncalculated: bool) -> Inside:
    """`odd`: the styles whose numbers show as others; `uncalculated`: formulas that hold 0 hold nothing."""
    refuse_odd_xml(xml)
    if not is_utf_8(xml):
        # in another encoding no look at the bytes says anything
        tree = parse(xml)
        return Inside(_scan_cells(tree, odd, uncalculated), *_veiled(PlainTree.tostring(tree, encoding="utf-8")))
    marked = _MARK_ERROR.search(xml) or _MARK_FORMULA.search(xml) or _has_style(xml, odd)
    return Inside(_scan_cells(parse(xml), odd, uncalculated) if marked else {}, *_veiled(xml))


def _has_style(xml: bytes, styles: Mapping[str, str]) -> bool:
    wanted = "|".join(sorted(styles)).encode()
    if "0" in styles:  # what a cell has that names none
        return True
    return bool(styles) and re.search(rb"""\bs\s*=\s*["'](?:%s)["']""" % wanted, xml) is not None


def _scan_cells(tree: Element, odd: Mapping[str, str], uncalculated: bool) -> dict[tuple[int, int], Hidden]:
    hidden: dict[tuple[int, int], Hidden] = {}
    space = tree.tag[: tree.tag.rfind("}") + 1]
    data = tree.find(f"{space}sheetData")
    row = -1
    for line in data if data is not None else ():
        said = line.get("r", "")
        row = int(said) - 1 if said.isdigit() else row + 1
        column = -1
        for cell in line:
            # a cell that names no place stands right of the one before
            match = _CELL.fullmatch(cell.get("r", ""))
            at = _position(match) if match else (row, column + 1)
            column = at[1]
            found = _hidden(cell, space, odd, uncalculated)
            if found is not None:
                hidden[at] = found
    return hidden


def _hidden(cell: Element, space: str, odd: Mapping[str, str], uncalculated: bool) -> Hidden | None:
    """What a cell shows that the reader library does not say."""
    value = cell.find(f"{space}v")
    formula = cell.find(f"{space}f")
    text = value.text or "" if value is not None else ""
    if cell.get("t") == "e":
        return Hidden(nfc(text) or "#?", False)
    made = uncalculated and text == "0" and cell.get("t", "n") == "n"  # by a program that calculates nothing
    if formula is not None and (made or not text) and cell.find(f"{space}is") is None:
        return Hidden("=" + nfc(formula.text or ""), True)
    kind = odd.get(cell.get("s", "0"), "") if text and cell.get("t", "n") == "n" else ""
    return as_shown(text, kind) if kind else None


def _position(match: re.Match[str]) -> tuple[int, int]:
    column = 0
    for letter in match[1].upper():
        column = 26 * column + ord(letter) - 64
    return int(match[2]) - 1, column - 1


def _veiled(xml: bytes) -> tuple[frozenset[int], frozenset[int]]:
    """(rows, columns) that nobody sees: hidden by hand, by a filter or a fold, or without height or width."""
    return frozenset(_veiled_rows(xml)), frozenset(_veiled_columns(xml))


def _veiled_rows(xml: bytes) -> Iterator[int]:
    if not _MARK_VEILED.search(xml):
        return
    number = 0
    for row in _ROW.finditer(xml):
        said = _NUMBER.search(row[1])
        number = int(said[1]) if said else number + 1
        if _IS_HIDDEN.search(row[1]) or _NO_HEIGHT.search(row[1]):
            yield number - 1


def _veiled_columns(xml: bytes) -> Iterator[int]:
    for column in _COLUMN.finditer(xml, 0, max(xml.find(b"sheetData"), 0)):
        first, last = _MIN.search(column[1]), _MAX.search(column[1])
        if first and last and (_IS_HIDDEN.search(column[1]) or _NO_WIDTH.search(column[1])):
            yield from range(int(first[1]) - 1, min(int(last[1]), MAX_COLUMNS))
