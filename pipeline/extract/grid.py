"""A sheet as a grid of cells with true addresses, whatever kind of file it came from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property

from openpyxl.utils import get_column_letter

from pipeline.text import nfc

Value = str | int | float | bool | dt.datetime | dt.date | dt.time | dt.timedelta | None


class UnreadableError(Exception):
    """A file that cannot serve. `code` is a finding's code, `detail` Vietnamese."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


@dataclass(frozen=True)
class Hidden:
    """A cell the reader would show as blank: an Excel error, or a formula that was never calculated."""

    text: str  # "#REF!" or "=SUM(A1:A3)"
    formula: bool


def _text(value: Value) -> str:
    if type(value) is str:
        return nfc(value)
    return nfc(int(value) if isinstance(value, float) and value.is_integer() else value)


@dataclass(frozen=True)
class Grid:
    """One sheet. Rows and columns count from 0 in the code, cells are named as Excel does (`B7`)."""

    file: str
    sheet: str
    rows: tuple[tuple[Value, ...], ...]
    top: int = 0  # sheet row of rows[0]
    left: int = 0  # sheet column of rows[i][0]
    visible: bool = True
    merges: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()  # ((top, left), (bottom, right)), inclusive
    hidden: dict[tuple[int, int], Hidden] = field(default_factory=dict)

    @property
    def height(self) -> int:
        """Rows up to the last one used."""
        return self.top + len(self.rows)

    @cached_property
    def width(self) -> int:
        """Columns up to the last one used."""
        return self.left + max((len(r) for r in self.rows), default=0)

    def value(self, row: int, column: int) -> Value:
        """The cell's own value; None for blank or outside."""
        r, c = row - self.top, column - self.left
        if not (0 <= r < len(self.rows) and 0 <= c < len(self.rows[r])):
            return None
        value = self.rows[r][c]
        return None if value == "" else value

    def text(self, row: int, column: int) -> str:
        """The cell as NFC text, "" for blank; 6.0 as `6`."""
        value = self.value(row, column)
        return "" if value is None else _text(value)

    def row_texts(self, row: int) -> list[tuple[int, str]]:
        """(column, text) of the row's filled cells."""
        if row not in self._row_texts:
            index = row - self.top
            cells = self.rows[index] if 0 <= index < len(self.rows) else ()
            filled = ((self.left + i, _text(v)) for i, v in enumerate(cells) if v is not None and v != "")
            self._row_texts[row] = [(c, t) for c, t in filled if t]
        return self._row_texts[row]

    @cached_property
    def _row_texts(self) -> dict[int, list[tuple[int, str]]]:
        return {}  # forms, lists and tables are looked for in the same rows

    @cached_property
    def _anchors(self) -> dict[tuple[int, int], tuple[int, int]]:
        return {
            (r, c): (top, left)
            for (top, left), (bottom, right) in self.merges
            if (bottom - top + 1) * (right - left + 1) <= 100_000
            for r in range(top, bottom + 1)
            for c in range(left, right + 1)
        }

    def anchor(self, row: int, column: int) -> tuple[int, int]:
        """The top left cell of the merged range that holds the cell, else the cell itself."""
        return self._anchors.get((row, column), (row, column))

    def merged_text(self, row: int, column: int) -> str:
        """`text` of the merged range the cell lies in (filled inside the range only)."""
        return self.text(*self.anchor(row, column))

    def address(self, row: int, column: int) -> str:
        """`B7`."""
        return f"{get_column_letter(column + 1)}{row + 1}"
