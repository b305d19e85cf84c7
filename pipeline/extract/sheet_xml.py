"""What python-calamine hides of a workbook, from its sheets' XML: error cells, formulas without a value, hidden rows.

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

from pipeline.extract.grid import Hidden, UnreadableError
from pipeline.text import nfc

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_WORKBOOK = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_UTF_8 = re.compile(
    rb"\A(?:\xef\xbb\xbf)?(?:<\?xml(?:(?!encoding)[^>])*(?:encoding\s*=\s*[\"']utf-8[\"'][^>]*)?\?>|<[^?])", re.I
)
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^>]*)>")
_IS_HIDDEN = re.compile(rb"\bhidden\s*=\s*[\"'](?:1|true)[\"']")
_NO_HEIGHT = re.compile(rb"\bht\s*=\s*[\"']0(?:\.0*)?[\"']")
_NO_WIDTH = re.compile(rb"\bwidth\s*=\s*[\"']0(?:\.0*)?[\"']")
_NUMBER = re.compile(rb"\br\s*=\s*[\"'](\d{1,7})[\"']")
_MIN = re.compile(rb"\bmin\s*=\s*[\"'](\d{1,5})[\"']")
_MAX = re.compile(rb"\bmax\s*=\s*[\"'](\d{1,5})[\"']")
#: where none of these stands, no cell is an error or a formula (`:f`, `:c `: elements with a prefix)
_MARKS = (b"<f", b't="e"', b"t='e'", b":f", b":c ")
_VEILS = (b"hidden", b"ht=", b"width=")
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
            for sheet, member in _sheet_members(archive).items():
                inside = _inside(archive.read(member))
                if inside != Inside():
                    found[sheet] = inside
    except (KeyError, zipfile.BadZipFile, SyntaxError, ValueError, OSError) as error:
        raise UnreadableError(
            "file_unreadable", f"không đọc được nội dung bên trong tệp ({type(error).__name__})"
        ) from None
    return found


def _inside(xml: bytes) -> Inside:
    if not _UTF_8.match(xml):
        # in another encoding no look at the bytes says anything
        tree = _parsed(xml)
        return Inside(_scan_cells(tree), *_veiled(PlainTree.tostring(tree, encoding="utf-8")))
    cells = _scan_cells(_parsed(xml)) if any(mark in xml for mark in _MARKS) else {}
    return Inside(cells, *(_veiled(xml) if any(veil in xml for veil in _VEILS) else ()))


def _parsed(xml: bytes) -> Element:
    """The tree of an XML part. Only a document type can hold entities; without one the quick parser serves."""
    if b"<!" not in xml and _UTF_8.match(xml):
        return PlainTree.fromstring(xml)
    from defusedxml import ElementTree

    tree: Element = ElementTree.fromstring(xml)
    return tree


def _sheet_members(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name -> member of the archive."""
    names = {n.lower(): n for n in archive.namelist()}
    if "xl/workbook.xml" not in names:
        return {}
    rels = names.get("xl/_rels/workbook.xml.rels")
    targets = _targets(archive.read(names["xl/workbook.xml"]), archive.read(rels) if rels else b"")
    return {sheet: names[path] for sheet, path in targets if path in names}


@lru_cache(maxsize=64)  # the exports of one portal share these parts
def _targets(workbook: bytes, rels: bytes) -> tuple[tuple[str, str], ...]:
    relations = {r.get("Id"): r.get("Target", "") for r in _parsed(rels)} if rels else {}
    targets = []
    for sheet in _parsed(workbook).iter(f"{_WORKBOOK}sheet"):
        target = relations.get(sheet.get(_RELATION), "")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        targets.append((str(sheet.get("name")), path.lower()))
    return tuple(targets)


def _scan_cells(tree: Element) -> dict[tuple[int, int], Hidden]:
    hidden: dict[tuple[int, int], Hidden] = {}
    for cell in tree.iter(f"{_WORKBOOK}c"):
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


def _veiled(xml: bytes) -> tuple[frozenset[int], frozenset[int]]:
    """(rows, columns) that nobody sees: hidden by hand, by a filter or a fold, or without height or width."""
    return frozenset(_veiled_rows(xml)), frozenset(_veiled_columns(xml))


def _veiled_rows(xml: bytes) -> Iterator[int]:
    if b"hidden" not in xml and not _NO_HEIGHT.search(xml):
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
