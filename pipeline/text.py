"""Vietnamese text and numbers: one way to compare what people type, one way to print what they read."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

_SPACES = re.compile(r"\s+")
_LEAD = re.compile(r"^[\s\-–—•*+.·]+(?=\w)")
_DASHES = re.compile(r"\s*[-–—]\s*")
#: halves of surrogate pairs (file names in another encoding) and non-characters
_NOT_IN_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")
#: letters that look like a Vietnamese one and are typed for it (ǎ U+01CE for ă; Cyrillic; đ as ð)
_LOOK_ALIKES = str.maketrans("ǎǍðÐаеорсухАЕОРСХ", "ăĂđĐaeopcyxAEOPCX")


def nfc(value: object) -> str:
    """Composed text without control characters, runs of white space as one space, trimmed."""
    return _nfc(str(value))


@lru_cache(maxsize=1 << 16)  # the same labels and names stand in every file of a period
def _nfc(text: str) -> str:
    text = unicodedata.normalize("NFC", text).translate(_LOOK_ALIKES)
    if text.isprintable():  # as most texts are: of white space only the plain space, nothing invisible
        return " ".join(text.split())
    text = "".join(
        " " if unicodedata.category(c) in {"Cc", "Zs", "Zl", "Zp"} else c
        for c in text
        if unicodedata.category(c) != "Cf"
    )
    return _SPACES.sub(" ", text).strip()


def xml_text(value: object) -> str:
    """Text that an XML file (a workbook, an SVG) can hold: NFC, no control characters; line breaks stay."""
    return _xml_text(str(value))


@lru_cache(maxsize=1 << 12)  # the same names of units, files and columns stand in every row of a table
def _xml_text(text: str) -> str:
    return "\n".join(map(nfc, _NOT_IN_XML.sub("", text).replace("\r\n", "\n").split("\n")))


def fold(value: object) -> str:
    """Text as compared: `nfc`, lower case, no leading dash or bullet, dashes without spaces around them."""
    return _fold(nfc(value))


@lru_cache(maxsize=1 << 16)
def _fold(text: str) -> str:
    return _DASHES.sub("-", _LEAD.sub("", text.casefold()))


def plain(value: object) -> str:
    """`fold` without diacritics: only to suggest near names, never to match."""
    decomposed = unicodedata.normalize("NFD", fold(value).replace("đ", "d"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def vn_int(value: int) -> str:
    """11028 -> `11.028`."""
    return f"{int(value):,}".replace(",", ".")


def vn_count(value: int) -> str:
    """A count in running text: as `vn_int`, one digit above zero with a leading zero (`03`), as offices write."""
    return f"{int(value):02d}" if 0 < int(value) < 10 else vn_int(value)


def listed(names: Sequence[str], most: int = 5, unit: str = "đơn vị") -> str:
    """`A, B, C`, cut where they are many: `A, B, C, D, E và 41 đơn vị khác`."""
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" và {vn_int(rest)} {unit} khác" if rest > 0 else "")


def vn_decimal(value: float, places: int = 2, *, trim: bool = False) -> str:
    """15.85 -> `15,85`, of a figure already rounded; with `trim` 16.0 -> `16` and 9.8 -> `9,8`."""
    whole, _, part = f"{value:.{places}f}".partition(".")
    if trim:
        part = part.rstrip("0")
    sign = "-" if whole.startswith("-") else ""
    return sign + vn_int(int(whole.lstrip("-"))) + (f",{part}" if part else "")


def vn_percent(numerator: int, denominator: int) -> str:
    """358, 1661 -> `21,6%` (half up, exact on the integers). The denominator is not 0."""
    tenths = (2000 * numerator + denominator) // (2 * denominator)
    return f"{vn_decimal(tenths / 10, 1, trim=True)}%"


def vn_date(day: dt.date) -> str:
    """`14/3/2022`, as Vietnamese documents write it (a leading zero before day and month 1, 2: `08/3/2022`)."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"{day.day:02d}/{month}/{day.year}"
