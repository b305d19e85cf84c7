"""Writes a sheet cell by cell; row heights and page breaks are computed from what was written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.load.excel.cell_ranges import merge_area
from pipeline.load.excel.page_setup import portrait_page_height
from pipeline.load.excel.styles import LINE, CellStyle, style_cell
from pipeline.load.excel.text_size import POINTS_PER_UNIT, column_units, line_count, row_height, text_width
from pipeline.load.excel.xlsx_bytes import cut_to_units, write_text
from pipeline.text import nfc, vn_decimal, vn_int

_FORBIDDEN: Final = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_LONGEST_NAME: Final = 31
#: names that Excel keeps for itself
_RESERVED_NAMES: Final = frozenset({"history"})
#: points: Excel's limit for a row, and the default height
_TALLEST: Final = 409.0
#: points: what a page holds of a text beside several rows; a break between pages would cut through a line
_TALLEST_BLOCK: Final = 560.0
_EMPTY_ROW: Final = 15.0
#: points: the smallest letters of a text that is too long for the tallest row, and the step down to them
_SMALLEST, _SMALLER = 5.0, 0.5
_POINTS_PER_INDENT: Final = 6


@dataclass(frozen=True)
class _Area:
    """A cell or a merged range, with the text it shows. Rows and columns count from 1."""

    top: int
    left: int
    bottom: int
    right: int
    text: str
    style: CellStyle


def sheet_name(wanted: str, taken: list[str]) -> str:
    """A sheet name that Excel accepts: at most 31 characters, none of `[]:*?/\\`, no ' at an end, not in `taken`.

    Names that differ in upper and lower case only are the same to Excel: the second one gets a number.
    """
    base = cut_to_units(nfc(wanted.translate(_FORBIDDEN)).strip("' "), _LONGEST_NAME).strip("' ") or "Trang"
    base = f"{base} (trang)" if base.casefold() in _RESERVED_NAMES else base
    used = {name.casefold() for name in taken}
    name, number = base, 2
    while name.casefold() in used:
        ending = f" ({number})"
        name, number = cut_to_units(base, _LONGEST_NAME - len(ending)).strip() + ending, number + 1
    return name


class SheetWriter:
    """Writes one new sheet of a workbook. `widths`: of its columns, in Excel's units.

    Values only: nothing written here becomes a formula. Call `fit` when everything is written.
    """

    def __init__(self, workbook: Workbook, name: str, widths: list[float]) -> None:
        self.ws: Worksheet = workbook.create_sheet(sheet_name(name, workbook.sheetnames))
        self.widths = widths
        self._areas: list[_Area] = []
        for column, width in enumerate(widths, 1):
            self.ws.column_dimensions[get_column_letter(column)].width = width

    def put(
        self, row: int, column: int, value: object, style: CellStyle = LINE, *, rows: int = 1, columns: int = 1
    ) -> None:
        """Write a text or a number in a style; `rows` and `columns` above 1 merge cells. None and NA leave it empty.

        Raises TypeError for any other value.
        """
        bottom, right = row + rows - 1, column + columns - 1
        if rows > 1 or columns > 1:
            merge_area(self.ws, row, column, bottom, right)
        first = self.ws.cell(row, column)
        assert isinstance(first, Cell)  # areas do not overlap
        style_cell(first, style)
        for r in range(row, bottom + 1):
            for c in range(column, right + 1):
                if (r, c) != (row, column):
                    style_cell(self.ws.cell(r, c), style)
        shown = self._write(first, value)
        self._areas.append(_Area(row, column, bottom, right, shown, style))

    def put_lines(self, lines: Iterable[tuple[str, CellStyle]], columns: int) -> int:
        """Write lines of text over `columns` columns, from row 1 on. Returns the first row after them."""
        row = 0
        for row, (text, style) in enumerate(lines, 1):
            self.put(row, 1, text, style, columns=columns)
        return row + 1

    @staticmethod
    def _write(cell: Cell, value: object) -> str:
        """Write a value by its type. Returns the text as shown, to measure it."""
        if value is None or value is pd.NA or (isinstance(value, float) and value != value):
            return ""
        if isinstance(value, str):
            write_text(cell, value)
            return str(cell.value or "")
        if isinstance(value, bool) or not hasattr(value, "__float__"):
            raise TypeError(f"a cell holds text or a number, not {type(value).__name__}")
        number = float(value)
        cell.value = int(number) if number.is_integer() else number
        return vn_int(int(number)) if number.is_integer() else vn_decimal(number, 2)

    def fit(self) -> None:
        """Set the height of every row written from its texts. An area of several rows stretches them all alike.

        A text that Excel's tallest row or a page cannot hold gets smaller letters, down to 5 points.
        """
        needed = [(area, self._fitted(area)) for area in self._areas]
        heights: dict[int, float] = {}
        for area, height in needed:
            if area.top == area.bottom:
                heights[area.top] = max(heights.get(area.top, 0.0), height)
        for area, height in sorted((a for a in needed if a[0].top != a[0].bottom), key=lambda a: a[0].bottom):
            rows = range(area.top, area.bottom + 1)
            missing = height - sum(heights.get(r, 0.0) for r in rows)
            for row in rows if missing > 0 else ():
                heights[row] = heights.get(row, 0.0) + missing / len(rows)
        for row, height in heights.items():
            self.ws.row_dimensions[row].height = min(height, _TALLEST)

    def _fitted(self, area: _Area) -> float:
        """Height in points that an area needs, after its letters were made smaller where no row is so tall."""
        most, height = _TALLEST if area.top == area.bottom else _TALLEST_BLOCK, self._needed(area)
        while height > most and area.style.size > _SMALLEST:
            area = replace(area, style=area.style.with_(size=area.style.size - _SMALLER))
            height = self._needed(area)
            if height <= most or area.style.size <= _SMALLEST:
                style_cell(self.ws.cell(area.top, area.left), area.style)
        return height

    def _needed(self, area: _Area) -> float:
        """Height in points that the text of an area needs."""
        width = sum(self.widths[area.left - 1 : area.right]) * POINTS_PER_UNIT - area.style.indent * _POINTS_PER_INDENT
        lines = line_count(area.text, area.style.size, width, bold=area.style.bold) if area.text else 1
        return row_height(lines, area.style.size)

    def keep_together(self, starts: Sequence[int], *, repeated: tuple[int, int]) -> None:
        """Break the pages of an upright sheet before a block that would be cut in two. Call it after `fit`.

        `starts`: first rows of the blocks and the first row after the last one; `repeated`: first and last row that
        every page repeats.
        """
        page = portrait_page_height(sum(self.widths) * POINTS_PER_UNIT)
        heading = self._height(repeated[0], repeated[1] + 1)
        used = self._height(1, starts[0])
        for start, end in pairwise(starts):
            block = self._height(start, end)
            if page - heading >= block > page - used and used > heading:  # a taller block is cut anyway
                self.ws.row_breaks.append(Break(id=start - 1))
                used = heading
            used += block

    def _height(self, first: int, end: int) -> float:
        """Points from the row `first` to the row before `end`."""
        return sum(self.ws.row_dimensions[r].height or _EMPTY_ROW for r in range(first, end))


def content_width(texts: list[str], style: CellStyle, *, least: float, most: float) -> float:
    """Width of a column, in Excel's units, that holds the longest line of its texts, from `least` to `most`."""
    longest = max((text_width(line, style.size, bold=style.bold) for t in texts for line in t.split("\n")), default=0.0)
    return round(min(max(column_units(longest), least), most), 1)
