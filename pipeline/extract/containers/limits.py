"""Limits on the content of files: characters of a text, content of a file and of a period.

Content is counted in units of about fifty bytes, the memory of one cell outside the limited process.
`docs/limits.md` lists all limits on files.
"""

from __future__ import annotations

from pipeline.extract.sheet.grid import MAX_MERGED, CellAddress, Grid, UnreadableError
from pipeline.text import MAX_MARKS, MAX_TEXT, is_too_long, vn_int

#: characters of the name of a sheet (Excel allows 31) and of a member of an archive; a shorter text is not looked at
MAX_NAME = 255
#: units of one file, and of all files of a period together; a list of 200,000 dossiers has under nine million
FILE_UNITS = 20_000_000
PERIOD_UNITS = 60_000_000
#: units of a sheet, and of a merged cell and of a cell, row or column that Excel does not show as it is stored
_OF_SHEET, _OF_MERGED, _OF_HIDDEN = 200, 4, 8
#: characters that make a unit
_CHARACTERS = 16


def units(grid: Grid) -> int:
    """The units of a sheet. Raises UnreadableError (file_text_too_long) for a text that no honest sheet holds.

    Counted are the cells of the rectangle that holds all rows, every sixteen characters, the cells inside merged ranges
    (backgrounds excluded, which are not expanded) and what the sheet hides.
    """
    characters = 0
    for number, row in enumerate(grid.rows):
        lengths = [len(v) for v in row if v.__class__ is str]
        if lengths:
            if max(lengths) > MAX_NAME:
                _refuse_long_texts(grid, grid.top + number)
            characters += sum(lengths)
    for at, cell in grid.misread.items():
        _refuse_long(grid, at, cell.text)
        characters += len(cell.text)
    if len(grid.sheet) > MAX_NAME:
        raise UnreadableError("file_text_too_long", f"tên của một trang có {vn_int(len(grid.sheet))} ký tự")
    sizes = ((bottom - top + 1) * (right - left + 1) for (top, left), (bottom, right) in grid.merges)
    merged = len(grid.merges) + sum(size for size in sizes if size <= MAX_MERGED)
    hidden = len(grid.misread) + len(grid.hidden_rows) + len(grid.hidden_columns)
    cells = len(grid.rows) * (grid.width - grid.left + 1)
    return _OF_SHEET + cells + characters // _CHARACTERS + _OF_MERGED * merged + _OF_HIDDEN * hidden


def _refuse_long_texts(grid: Grid, row: int) -> None:
    for column, value in enumerate(grid.rows[row - grid.top], grid.left):
        if isinstance(value, str):
            _refuse_long(grid, (row, column), value)


def _refuse_long(grid: Grid, at: CellAddress, text: str) -> None:
    """Raises UnreadableError for a text of too many characters, or of too many combining marks in a row."""
    if is_too_long(text):
        where = f"ô {grid.address(*at)}" + (f" của trang “{grid.sheet[:MAX_NAME]}”" if grid.sheet else "")
        size = f"có {vn_int(len(text))} ký tự, nhiều hơn {vn_int(MAX_TEXT)} ký tự mà một ô Excel chứa được"
        marks = f"có hơn {MAX_MARKS} dấu chồng lên một chữ"
        raise UnreadableError("file_text_too_long", f"{where} {size if len(text) > MAX_TEXT else marks}")


def short_name(name: str, number: int) -> str:
    """The name of a member of an archive, cut where it is too long; `number` keeps cut names apart."""
    if len(name) <= MAX_NAME:
        return name
    return f"{name[:100]}… (tệp thứ {number})"


class Budget:
    """The units that the files of one period may still use. It is spent file by file, in the order of reading."""

    def __init__(self, left: int = PERIOD_UNITS) -> None:
        self.left = left

    def spend(self, used: int) -> None:
        """Take off what a file used."""
        self.left -= used
