"""How much room a text takes: spreadsheet programs do not size rows of merged cells, so the loader must.

Widths are those of Times New Roman in thousandths of the font size; a letter with diacritics is as wide as its base.
Everything here is an estimate on the safe side: a row a little too tall prints well, a row too short cuts words off.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

#: points of text a unit of column width holds: 7 pixels (the digit of the default font) at 96 dpi
POINTS_PER_UNIT: Final = 5.25
_LINE: Final = 1.32  # height of a line, of the font size
_PADDING: Final = 3.0  # points above and below the text of a row
_SAFETY: Final = 0.95  # of a column's width: programs and substitute fonts differ a little
_BOLD: Final = 1.07
_DEFAULT: Final = 520
_WIDE: Final = 1000

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
def _char(char: str) -> int:
    if char in _WIDTHS:
        return _WIDTHS[char]
    base = unicodedata.normalize("NFD", char)
    # ư and ơ decompose to u and o with a horn that takes room of its own
    horn = 56 if "\u031b" in base else 0
    if base[0] in _WIDTHS:
        return _WIDTHS[base[0]] + horn
    return _WIDE if unicodedata.east_asian_width(char) in "WF" else _DEFAULT


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Width in points of one line of text at a font size."""
    return sum(map(_char, text)) * size / 1000 * (_BOLD if bold else 1.0)


@lru_cache(maxsize=1 << 12)
def line_count(text: str, size: float, room: float, *, bold: bool = False) -> int:
    """Lines a text needs in `room` points, wrapped at spaces; a word longer than the room is broken."""
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
    """Height in points of a row that holds so many lines, rounded up to a quarter."""
    return -(-(lines * size * _LINE + _PADDING) // 0.25) * 0.25


def units_for(points: float) -> float:
    """Column width, in units, that holds a text of so many points on one line."""
    return points / POINTS_PER_UNIT / _SAFETY + 0.7
