"""A sheet being written: cells put by row and column, merged areas remembered, row heights fitted at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.load.excel.styles import LINE, PORTRAIT_MARGINS, Look, apply
from pipeline.load.excel.text_size import POINTS_PER_UNIT, line_count, row_height, text_width, units_for
from pipeline.load.excel.xlsx_bytes import write_text
from pipeline.text import vn_decimal, vn_int

_FORBIDDEN: Final = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_LONGEST_NAME: Final = 31
#: Excel's limit for a row
_TALLEST: Final = 409.0
_EMPTY_ROW: Final = 15.0
#: how much of a page is filled before a break: programs differ in the last lines
_FULL: Final = 0.97

Value = object


@dataclass(frozen=True)
class _Span:
    """An area that holds one text."""

    top: int
    left: int
    bottom: int
    right: int
    text: str
    look: Look


def sheet_name(wanted: str, taken: list[str]) -> str:
    """A name Excel accepts: at most 31 characters, none of `[]:*?/\\`, no ' at an end, unlike the others."""
    base = " ".join(wanted.translate(_FORBIDDEN).split()).strip("' ")[:_LONGEST_NAME].strip("' ") or "Trang"
    used = {name.casefold() for name in taken}
    name, number = base, 2
    while name.casefold() in used:
        ending = f" ({number})"
        name, number = base[: _LONGEST_NAME - len(ending)].strip() + ending, number + 1
    return name


class Sheet:
    """One worksheet with fixed column widths (in Excel's units). Values only: nothing put here becomes a formula."""

    def __init__(self, workbook: Workbook, name: str, widths: list[float]) -> None:
        self.ws: Worksheet = workbook.create_sheet(sheet_name(name, workbook.sheetnames))
        self.widths = widths
        self._spans: list[_Span] = []
        for column, width in enumerate(widths, 1):
            self.ws.column_dimensions[get_column_letter(column)].width = width

    def put(self, row: int, column: int, value: Value, look: Look = LINE, *, rows: int = 1, columns: int = 1) -> None:
        """Write a value and dress it; `rows` and `columns` above 1 merge. None and NA leave the cell empty."""
        bottom, right = row + rows - 1, column + columns - 1
        if rows > 1 or columns > 1:
            # before anything is dressed: openpyxl would draw the borders along every edge of the area anew
            self.ws.merge_cells(start_row=row, start_column=column, end_row=bottom, end_column=right)
        for r in range(row, bottom + 1):
            for c in range(column, right + 1):
                apply(self.ws.cell(r, c), look)
        first = self.ws.cell(row, column)
        assert isinstance(first, Cell)  # areas do not overlap
        shown = self._write(first, value, look)
        self._spans.append(_Span(row, column, bottom, right, shown, look))

    @staticmethod
    def _write(cell: Cell, value: Value, look: Look) -> str:
        """Write by type and give the text as shown, to measure it."""
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
        """Set the height of every row written, from the texts in it; areas over several rows stretch them all."""
        heights: dict[int, float] = {}
        for span in self._spans:
            if span.top == span.bottom:
                heights[span.top] = max(heights.get(span.top, 0.0), self._needed(span))
        for span in sorted((s for s in self._spans if s.top != s.bottom), key=lambda s: s.bottom):
            rows = range(span.top, span.bottom + 1)
            missing = self._needed(span) - sum(heights.get(r, 0.0) for r in rows)
            for row in rows if missing > 0 else ():
                heights[row] = heights.get(row, 0.0) + missing / len(rows)
        for row, height in heights.items():
            self.ws.row_dimensions[row].height = min(height, _TALLEST)

    def _needed(self, span: _Span) -> float:
        room = sum(self.widths[span.left - 1 : span.right]) * POINTS_PER_UNIT - span.look.indent * 6
        lines = line_count(span.text, span.look.size, room, bold=span.look.bold) if span.text else 1
        return row_height(lines, span.look.size)

    def keep_together(self, starts: Sequence[int], *, repeated: tuple[int, int]) -> None:
        """Break pages of an upright sheet before a block (rows from one start to the next) that would be cut in two."""
        left, right, top, bottom = PORTRAIT_MARGINS
        scale = min(1.0, (210 - left - right) / 25.4 * 72 / (sum(self.widths) * POINTS_PER_UNIT * 1.04))
        room = (297 - top - bottom) / 25.4 * 72 / scale * _FULL
        again = self._height(repeated[0], repeated[1] + 1)
        used = self._height(1, starts[0])
        for start, end in pairwise(starts):
            block = self._height(start, end)
            if used + block > room and used > again:
                self.ws.row_breaks.append(Break(id=start - 1))
                used = again
            used += block

    def _height(self, first: int, end: int) -> float:
        return sum(self.ws.row_dimensions[r].height or _EMPTY_ROW for r in range(first, end))


def content_width(texts: list[str], look: Look, *, least: float, most: float) -> float:
    """Width of a column from its texts: the longest line, but not below `least` nor over `most`."""
    longest = max((text_width(line, look.size, bold=look.bold) for t in texts for line in t.split("\n")), default=0.0)
    return round(min(max(units_for(longest), least), most), 1)
