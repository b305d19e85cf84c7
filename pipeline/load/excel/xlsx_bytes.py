"""Reproducible .xlsx bytes, and texts that Excel does not take for formulas, errors or numbers."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter

from pipeline.load.zip_bytes import MOMENT, zip_bytes, zip_entries
from pipeline.text import nfc, xml_text

_STAMP: Final = b"1980-01-01T00:00:00Z"
_DATED = re.compile(rb"(<dcterms:(?:created|modified)[^<>]*>)[^<]*(</dcterms:)")
#: letters that a cell and a property of Excel can hold, in units of UTF-16
_LONGEST_TEXT: Final = 32767
_LONGEST_PROPERTY: Final = 250
#: Excel reads `_x202E_` in a text as the character of this number
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


#: properties of a workbook that this program sets
_PROPERTIES: Final = ("title", "creator", "lastModifiedBy", "subject", "description", "keywords", "category")


class _Undated(zipfile.ZipFile):
    """An archive that asks no clock: one before 1980 or after 2107 gives no date that an entry can hold."""

    def writestr(self, zinfo_or_arcname: Any, data: Any, *arguments: Any, **options: Any) -> None:
        """Add an entry; one given by its name gets a fixed date."""
        named = isinstance(zinfo_or_arcname, str)
        entry = zipfile.ZipInfo(zinfo_or_arcname, MOMENT) if named else zinfo_or_arcname
        super().writestr(entry, data, *arguments, **options)


class _InMemory(ExcelWriter):
    """Makes the sheets in memory. openpyxl makes them in temporary files: a killed process leaves them behind, and a
    full disk cuts them short.
    """

    def __init__(self, workbook: Workbook, archive: zipfile.ZipFile) -> None:
        super().__init__(workbook, archive)
        self.archive = archive

    def write_worksheet(self, ws: Any) -> None:
        """Add a sheet to the archive; as openpyxl does it, but in memory."""
        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts, ws._drawing.images = ws._charts, ws._images
        writer: Any = WorksheetWriter(ws, out=io.BytesIO())
        writer.write()
        ws._rels = writer._rels
        self.archive.writestr(ws.path[1:], writer.read())
        self.manifest.append(ws)


def deterministic_xlsx(workbook: Workbook) -> bytes:
    """The workbook as .xlsx bytes. The same content gives the same bytes: entries are sorted, dates are fixed."""
    for name in _PROPERTIES:
        value = getattr(workbook.properties, name)
        if value:
            setattr(workbook.properties, name, cut_to_units(nfc(value), _LONGEST_PROPERTY))
    raw = io.BytesIO()
    with _Undated(raw, "w") as archive:
        _InMemory(workbook, archive).save()
    entries = zip_entries(raw.getvalue())
    core = "docProps/core.xml"
    return zip_bytes({**entries, core: _DATED.sub(rb"\g<1>" + _STAMP + rb"\g<2>", entries[core])})


def write_text(cell: Cell | MergedCell, text: object) -> None:
    """Write a text as text: `=1+1` is no formula, `#REF!` is no error, `01` keeps its zero; "" empties the cell.

    The text is made valid for XML and cut at Excel's limit; its escapes (`_x0041_`) stay text. Raises ValueError for
    a cell inside a merged range, which cannot hold a value.
    """
    if isinstance(cell, MergedCell):
        raise ValueError(f"{cell.coordinate} lies inside a merged range")
    cell.value = cut_to_units(_ESCAPE.sub("_x005F_", xml_text(text)), _LONGEST_TEXT) or None
    if cell.value is not None:
        cell.data_type = "s"
        cell.quotePrefix = str(cell.value)[:1] in "=+-@＝＋－＠"


def cut_to_units(text: str, most: int) -> str:
    """The beginning of a text with at most `most` units of UTF-16, as Excel counts; no character is cut in two."""
    if len(text) * 2 <= most:
        return text
    return text.encode("utf-16-le")[: 2 * most].decode("utf-16-le", "ignore")
