"""The cells that the cell text of a finding names: `B7`, `B7, D7`, `B7:D9`, rows `8:10`, `dòng 5, 9, …`."""

from __future__ import annotations

import re
from dataclasses import dataclass

#: (row, column), from 0
At = tuple[int, int]

_CELL = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_ROWS = re.compile(r"([1-9]\d{0,6}):([1-9]\d{0,6})")
_LINES = re.compile(r"dòng ([1-9]\d*(?:, [1-9]\d*)*)(?:, …)?")
#: rows and columns of a sheet of Excel
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
#: cells of a range, and rows, that are marked one by one
_MOST = 1_000


@dataclass(frozen=True)
class MarkedCells:
    """Cells to mark, and rows to mark whole (headers, dossiers); both count from 0 and are within Excel's limits."""

    cells: tuple[At, ...] = ()
    rows: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.cells or self.rows)


def marked_cells(cell: str) -> MarkedCells:
    """The cells and rows that a cell text names; none for any other text (`12 dòng` is a number of rows)."""
    lines = _LINES.fullmatch(cell)
    if lines is not None:
        return MarkedCells(rows=tuple(r for n in lines[1].split(", ") if (r := int(n) - 1) < MOST_ROWS))
    tokens = [token.strip() for token in re.split(r"[;,]", cell)]
    cells = dict.fromkeys(at for token in tokens for at in _cells(token))
    rows = dict.fromkeys(row for token in tokens for row in _rows(token))
    return MarkedCells(tuple(cells), tuple(rows))


def _rows(token: str) -> range:
    """The rows of `8:10`; none of any other text."""
    rows = _ROWS.fullmatch(token)
    if rows is None:
        return range(0)
    first, last = sorted(int(n) - 1 for n in rows.groups())
    return range(first, min(last + 1, first + _MOST, MOST_ROWS))


def _cells(token: str) -> list[At]:
    """The cell of `B7`, the cells of `B7:D9`, the first cell of a range that is too large; none of any other text."""
    ends = [_address(part) for part in token.split(":")]
    known = [at for at in ends if at is not None]
    if len(known) != len(ends) or len(ends) > 2:
        return []
    (top, left), (bottom, right) = known[0], known[-1]
    if (bottom - top + 1) * (right - left + 1) > _MOST or bottom < top or right < left:
        return [known[0]]
    return [(r, c) for r in range(top, bottom + 1) for c in range(left, right + 1)]


def _address(text: str) -> At | None:
    """`B7` -> (6, 1); None for any other text and for a cell outside of Excel's limits."""
    match = _CELL.fullmatch(text)
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = 26 * column + ord(letter) - 64
    row = int(match[2])
    return (row - 1, column - 1) if row <= MOST_ROWS and column <= MOST_COLUMNS else None
