"""What one cell shows: its text, whether it shows a number, and how many dossiers it counts (`numbers`)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from pipeline.extract.sheet.numbers import IN_DOUBT, Count, as_exported_count
from pipeline.text import nfc

Value = str | int | float | bool | dt.datetime | dt.date | dt.time | dt.timedelta | None

#: the finding of a cell that holds no number of dossiers, by what `Count.kind` says of it
COUNT_FINDINGS: Mapping[str, str] = {"bad": "cell_not_a_count", "error": "cell_error", "formula": "cell_formula"}
#: the finding of a cell that shows something else than it holds, or is struck through
SHOWN_OTHERWISE: Final = "cell_shown_otherwise"
_NUMBER_TEXT = re.compile(r"-?[\d.,\s]+%?")
_DIGIT = re.compile(r"\d")


def count_finding(count: Count) -> str:
    """The code of the finding of a cell that holds no number of dossiers; "" of one that does, or is blank."""
    return SHOWN_OTHERWISE if count.why.startswith(IN_DOUBT) else COUNT_FINDINGS.get(count.kind, "")


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
    counted = as_exported_count(value)
    return Cell(text, counted.kind == "ok" or _shows_number(value, text), counted)


def _shows_number(value: Value, text: str) -> bool:
    """Whether a value that is no number of dossiers shows a number all the same: a decimal, a percentage, a date."""
    if isinstance(value, bool) or value is None:
        return False
    if isinstance(value, int | float | dt.datetime | dt.date | dt.time):
        return True
    return bool(_NUMBER_TEXT.fullmatch(text)) and bool(_DIGIT.search(text))
