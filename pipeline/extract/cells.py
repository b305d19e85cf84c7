"""One rule for a cell that should hold a number of dossiers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from pipeline.extract.grid import Grid
from pipeline.text import nfc

#: no office counts more in a quarter; a longer number has lost digits in the file anyway
MAX_COUNT = 100_000_000
_DIGITS = re.compile(r"\d{1,9}")
_GROUPED = re.compile(r"\d{1,3}(?:(?:\.\d{3})+|(?:,\d{3})+|(?: \d{3})+)")
#: nothing after the decimal mark: `12.0`, `1502,00`, `1.502,00` (three zeros are thousands)
_WHOLE = re.compile(r"(\d{1,9}|\d{1,3}(?:\.\d{3})+(?=,)|\d{1,3}(?:,\d{3})+(?=\.))[.,]0{1,2}")
_BLANKS = {"", "-", "–", "—", "null", "none", "n/a", "nan"}


@dataclass(frozen=True)
class Count:
    """A read cell: `ok` with its value; `blank`; or why it is no count, with what was found."""

    kind: Literal["ok", "blank", "bad", "error", "formula"]
    value: int = 0
    found: str = ""


def read_count(grid: Grid, row: int, column: int) -> Count:
    """Whole and not negative. Text `1.502` is 1502; a fractional number is bad, never multiplied."""
    hidden = grid.hidden.get((row, column))
    if hidden is not None:
        return Count("formula" if hidden.formula else "error", found=hidden.text)
    value = grid.value(row, column)
    if value is None:
        return Count("blank")
    if isinstance(value, bool):
        return Count("bad", found="ĐÚNG" if value else "SAI")
    if isinstance(value, int | float):
        if float(value).is_integer() and 0 <= value <= MAX_COUNT:
            return Count("ok", int(value))
        return Count("bad", found=f"{value:g}".replace(".", ","))
    text = nfc(value)
    if text.casefold() in _BLANKS:
        return Count("blank", found=text)
    whole = _WHOLE.fullmatch(text)
    text = whole[1] if whole else text
    if _DIGITS.fullmatch(text) or _GROUPED.fullmatch(text):
        number = int(re.sub(r"\D", "", text))
        if number <= MAX_COUNT:
            return Count("ok", number)
    if text.startswith("#"):
        return Count("error", found=text)
    return Count("bad", found=text)
