"""What one cell says: its text, whether it shows a number, and the one rule for a number of dossiers."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from pipeline.text import nfc

if TYPE_CHECKING:
    from pipeline.extract.sheet.grid import Grid

Value = str | int | float | bool | dt.datetime | dt.date | dt.time | dt.timedelta | None

#: no office counts more in a quarter; a longer number has lost digits in the file anyway
MAX_COUNT = 100_000_000
_DIGITS = re.compile(r"\d{1,9}")
#: thousands; `0.123` and `012.345` are decimals or codes, whatever follows the mark
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:(?:\.\d{3})+|(?:,\d{3})+|(?: \d{3})+)|0[.,]000")
#: two lines of a cell are two texts, not the thousands of one number
_BREAKS = re.compile(r"[\t-\r\x85\u2028\u2029]")
#: nothing after the decimal mark: `12.0`, `1502,00`, `1.502,00` (three zeros are thousands)
_WHOLE = re.compile(r"(\d{1,9}|\d{1,3}(?:\.\d{3})+(?=,)|\d{1,3}(?:,\d{3})+(?=\.))[.,]0{1,2}")
_BLANKS = {"", "-", "–", "—", "null", "none", "n/a", "nan"}
_NUMBER_TEXT = re.compile(r"-?[\d.,\s]+%?")
_DIGIT = re.compile(r"\d")


class Count(NamedTuple):
    """A read cell: `ok` with its value; `blank`; or why it is no count, with what was found."""

    kind: Literal["ok", "blank", "bad", "error", "formula"]
    value: int = 0
    found: str = ""


class Cell(NamedTuple):
    """A value as seen: NFC text ("" for blank, 6.0 as `6`), whether it shows a number, and what it counts."""

    text: str
    number: bool
    counted: Count


BLANK = Cell("", False, Count("blank"))
#: the same numbers, names and labels stand in every file of a period; of numbers and texts only: True equals 1.0
_KNOWN: dict[Value, Cell] = {None: BLANK, "": BLANK}
_MOST, _LONGEST = 1 << 16, 300
_PLAIN = {float, str, type(None)}


def see(value: Value) -> Cell:
    """What a value says, whatever its type."""
    kind = type(value)
    if kind is not float and kind is not str:
        return BLANK if value is None else _see(value)
    cell = _KNOWN.get(value)
    if cell is None:
        cell = _see(value)
        if kind is float or len(value) <= _LONGEST:  # type: ignore[arg-type]
            if len(_KNOWN) >= _MOST:
                _KNOWN.clear()
                _KNOWN.update({None: BLANK, "": BLANK})
            _KNOWN[value] = cell
    return cell


def see_all(values: Sequence[Value]) -> list[Cell]:
    """`see` of every value of a row."""
    if not _PLAIN.issuperset(map(type, values)):
        return [see(v) for v in values]
    cells = list(map(_KNOWN.get, values))
    return cells if all(cells) else [c or see(v) for c, v in zip(cells, values, strict=True)]  # type: ignore[return-value]


def _see(value: Value) -> Cell:
    shown = int(value) if isinstance(value, float) and value.is_integer() else value
    text = nfc(shown)
    return Cell(text, _shows_number(value, text), _count(value, text))


def _shows_number(value: Value, text: str) -> bool:
    if isinstance(value, bool) or value is None:
        return False
    if isinstance(value, int | float | dt.datetime | dt.date | dt.time):
        return True
    return bool(_NUMBER_TEXT.fullmatch(text)) and bool(_DIGIT.search(text))


def _count(value: Value, text: str) -> Count:
    """Whole and not negative. Text `1.502` is 1502; a fractional number is bad, never multiplied."""
    if isinstance(value, bool):
        return Count("bad", found="ĐÚNG" if value else "SAI")
    if isinstance(value, int | float):
        if float(value).is_integer() and 0 <= value <= MAX_COUNT:
            return Count("ok", int(value))
        return Count("bad", found=f"{value:g}".replace(".", ","))
    if text.casefold() in _BLANKS:
        return Count("blank", found=text)
    if " " in text and isinstance(value, str) and _BREAKS.search(value.strip()):
        return Count("bad", found=text)
    whole = _WHOLE.fullmatch(text)
    text = whole[1] if whole else text
    if _DIGITS.fullmatch(text) or _GROUPED.fullmatch(text):
        number = int(re.sub(r"\D", "", text))
        if number <= MAX_COUNT:
            return Count("ok", number)
    if text.startswith("#"):
        return Count("error", found=text)
    return Count("bad", found=text)


def read_count(grid: Grid, row: int, column: int) -> Count:
    """The count a cell of a grid holds; an error or a formula never calculated is no blank."""
    hidden = grid.misread.get((row, column))
    if hidden is not None and hidden.other_number:
        return Count("bad", found=hidden.text)
    if hidden is not None:
        return Count("formula" if hidden.formula else "error", found=hidden.text)
    return grid.cell(row, column).counted
