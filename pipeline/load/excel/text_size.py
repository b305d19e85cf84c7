"""Width and height of texts in Times New Roman: spreadsheet programs do not size rows of merged cells.

Widths are in thousandths of the font size; a letter with diacritics is as wide as its base. The estimates are on the
safe side: a row that is a little too tall prints well, a row that is too short cuts words off.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

#: points in a unit of column width: 7 pixels (a digit of the default font) at 96 dpi
POINTS_PER_UNIT: Final = 5.25
_LINE: Final = 1.32  # height of a line, as a share of the font size
_PADDING: Final = 3.0  # points above and below the text of a row
_SAFETY: Final = 0.95  # share of a column's width that is used: programs and substitute fonts differ a little
_BOLD: Final = 1.07  # width of bold letters against regular ones
_DEFAULT: Final = 520  # a letter that is not in the table
_WIDE: Final = 1000  # East Asian letters

#: width -> letters
_GROUPS: Final = {
    250: " .,",
    278: "ijlt:;/\\|",
    333: "fr()-I[]`'!‘’",
    389: "sJ",
    444: 'acezyz?“”"',
    500: "bdghknopquvx0123456789$_*#–",
    556: "FPSươ",
    564: "+=<>×÷−",
    611: "ELTZ",
    667: "BCR",
    722: "wADGHKNOQUVXYƯƠĐ",
    778: "m&",
    833: "%",
    889: "M",
    944: "W@",
    1000: "—…",
}
_WIDTHS: Final = {char: width for width, chars in _GROUPS.items() for char in chars}


@lru_cache(maxsize=4096)
def _char_width(char: str) -> int:
    if char in _WIDTHS:
        return _WIDTHS[char]
    base = unicodedata.normalize("NFD", char)
    # ư and ơ decompose to u and o with a horn, which makes the letter wider
    horn = 56 if "\u031b" in base else 0
    if base[0] in _WIDTHS:
        return _WIDTHS[base[0]] + horn
    return _WIDE if unicodedata.east_asian_width(char) in "WF" else _DEFAULT


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Width in points of one line of text at a font size."""
    return sum(map(_char_width, text)) * size / 1000 * (_BOLD if bold else 1.0)


@lru_cache(maxsize=1 << 12)
def line_count(text: str, size: float, room: float, *, bold: bool = False) -> int:
    """Lines that a text needs in a cell `room` points wide, wrapped at spaces; a word longer than that is broken."""
    room = max(room * _SAFETY, size)
    return sum(_wrapped(paragraph, size, room, bold) for paragraph in text.split("\n"))


def _wrapped(paragraph: str, size: float, room: float, bold: bool) -> int:
    lines, used = 1, 0.0
    space = text_width(" ", size, bold=bold)
    for word in paragraph.split(" "):
        width = text_width(word, size, bold=bold)
        if used and used + space + width <= room:
            used += space + width
            continue
        lines += 1 if used else 0
        extra = int(width // room) if width > room else 0
        lines += extra
        used = width - extra * room
    return lines


def row_height(lines: int, size: float) -> float:
    """Height in points of a row that holds so many lines of a font size, rounded up to a quarter point."""
    return -(-(lines * size * _LINE + _PADDING) // 0.25) * 0.25


def column_units(points: float) -> float:
    """Column width, in Excel's units, that holds a text of so many points on one line."""
    return points / POINTS_PER_UNIT / _SAFETY + 0.7
