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

from pipeline.extract.grid import Hidden, UnreadableError
from pipeline.text import nfc

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_WORKBOOK = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_UTF_8 = re.compile(
    rb"\A(?:\xef\xbb\xbf)?(?:<\?xml(?:(?!encoding)[^>])*(?:encoding\s*=\s*[\"']utf-8[\"'][^>]*)?\?>|<[^?])",
    re.IGNORECASE,
)
#: what a number format prints as it stands
_QUOTED = re.compile(r'"[^"]*"|\\.|_.')
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^>]*)>")
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
            percent = _percent_styles(archive)
            for sheet, member in _sheet_members(archive).items():
                inside = _inside(archive.read(member), percent)
                if inside != Inside():
                    found[sheet] = inside
    except (KeyError, zipfile.BadZipFile, SyntaxError, ValueError, OSError) as error:
        raise UnreadableError(
            "file_unreadable", f"không đọc được nội dung bên trong tệp ({type(error).__name__})"
        ) from None
    return found


def _percent_styles(archive: zipfile.ZipFile) -> frozenset[str]:
    """The styles of cells (`s` of a cell) that show a number as a percentage."""
    names = {n.lower(): n for n in archive.namelist()}
    return _percents(archive.read(names["xl/styles.xml"])) if "xl/styles.xml" in names else frozenset()


@lru_cache(maxsize=64)  # the exports of one portal share their styles
def _percents(styles: bytes) -> frozenset[str]:
    tree = _parsed(styles)
    formats = {"9", "10"}  # 0% and 0.00%, as every file has them
    for made in tree.iter(f"{_WORKBOOK}numFmt"):
        if "%" in _QUOTED.sub("", made.get("formatCode", "")):
            formats.add(made.get("numFmtId", ""))
        else:
            formats.discard(made.get("numFmtId", ""))
    cells = tree.find(f"{_WORKBOOK}cellXfs")
    found = enumerate(cells) if cells is not None else ()
    return frozenset(str(i) for i, xf in found if xf.get("numFmtId") in formats)


def _inside(xml: bytes, percent: frozenset[str]) -> Inside:
    """`percent`: the styles whose numbers are percentages."""
    if not _UTF_8.match(xml):
        # in another encoding no look at the bytes says anything
        tree = _parsed(xml)
        return Inside(_scan_cells(tree, percent), *_veiled(PlainTree.tostring(tree, encoding="utf-8")))
    marked = _MARK_ERROR.search(xml) or _MARK_FORMULA.search(xml) or _has_style(xml, percent)
    return Inside(_scan_cells(_parsed(xml), percent) if marked else {}, *_veiled(xml))


def _has_style(xml: bytes, styles: frozenset[str]) -> bool:
    wanted = "|".join(sorted(styles)).encode()
    if "0" in styles:  # what a cell has that names none
        return True
    return bool(styles) and re.search(rb"""\bs\s*=\s*["'](?:%s)["']""" % wanted, xml) is not None


def _parsed(xml: bytes) -> Element:
    """The tree of an XML part. Entities need a document type; where none can stand, the quick parser serves."""
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


def _scan_cells(tree: Element, percent: frozenset[str]) -> dict[tuple[int, int], Hidden]:
    hidden: dict[tuple[int, int], Hidden] = {}
    for cell in tree.iter(f"{_WORKBOOK}c"):
        match = _CELL.fullmatch(cell.get("r", ""))
        if not match:
            continue
        value = cell.find(f"{_WORKBOOK}v")
        formula = cell.find(f"{_WORKBOOK}f")
        text = value.text or "" if value is not None else ""
        if cell.get("t") == "e":
            hidden[_position(match)] = Hidden(nfc(text) or "#?", False)
        elif formula is not None and not text and cell.find(f"{_WORKBOOK}is") is None:
            hidden[_position(match)] = Hidden("=" + nfc(formula.text or ""), True)
        elif text and cell.get("s", "0") in percent and cell.get("t", "n") == "n":
            shown = f"{100 * float(text):.10g}%".replace(".", ",")
            hidden[_position(match)] = Hidden(shown, False, percent=True)
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
