"""What the style of a cell does to what the cell shows: its number formats, and whether its text is struck through.

A person strikes a row to say that it does not count. The program cannot know whether that is meant, so a struck cell
is no number of dossiers until somebody decides. Colours are not read: a table style or a conditional format may give
the background on which white text is seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pipeline.extract.containers.number_formats import odd_codes, reformatted_number, reformatted_text
from pipeline.extract.sheet.grid import MisreadCell
from pipeline.extract.sheet.numbers import PARTLY_STRUCK, RAISED, STRUCK


@dataclass(frozen=True)
class CellLook:
    """Of a style, or of several that may apply to one cell. `codes`: those that are not plain (`number_formats`)."""

    codes: tuple[str, ...] = ()
    struck: bool = False

    def __bool__(self) -> bool:
        return bool(self.codes) or self.struck

    def __add__(self, other: CellLook) -> CellLook:
        return CellLook(tuple(dict.fromkeys((*self.codes, *other.codes))), self.struck or other.struck)


#: what is set apart in a rich text: a struck part, or a raised or lowered one, as the mark of a note is
Part = Literal["", "struck", "raised"]
PLAIN = CellLook()


def look_of(*codes: str, struck: bool = False) -> CellLook:
    """The look of number formats that may show in one cell, and of its font."""
    return CellLook(odd_codes(codes), struck)


def misread_number(value: str, look: CellLook) -> MisreadCell | None:
    """The cell of a stored number that shows something else; None where it shows the number. `value`: as written."""
    if look.struck:
        return struck_cell(value)
    return reformatted_number(value, look.codes) if look.codes else None


def misread_text(text: str, look: CellLook, part: Part = "") -> MisreadCell | None:
    """The cell of a text that shows something else; None where it shows the text. `part`: what is set apart in it."""
    if look.struck:
        return struck_cell(text)
    if part:
        return MisreadCell(text, False, other_number=True, why=PARTLY_STRUCK if part == "struck" else RAISED)
    return reformatted_text(text, look.codes) if look.codes else None


def struck_cell(text: str) -> MisreadCell:
    """A cell whose whole text is struck through."""
    return MisreadCell(text, False, other_number=True, why=STRUCK)
