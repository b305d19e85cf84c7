"""Vietnamese text and numbers: one way to compare what people type, one way to write what people read."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

#: characters of the longest text that is read (of a cell: "Excel specifications and limits")
MAX_TEXT = 32_767
#: combining marks in a row (Unicode, UAX #15, Stream-Safe Text Format): the cost of NFC grows with their square
MAX_MARKS = 30
#: characters of a text that may consist of marks: their square is small
_FEW = 256
_SPACES = re.compile(r"\s+")
_BREAKS = re.compile(r"[\r\n]+")
#: a dash or a bullet before the text
_LEAD = re.compile(r"^[\s\-–—•*+.·]+(?=\w)")
#: the tone on the last letter of oa, oe, uy, decomposed
_LATE_TONE = re.compile("(o(?=[ae])|u(?=y))([aey])([\u0300\u0301\u0303\u0309\u0323])(?!\\w)")
_DASHES = re.compile(r" ?[-–—] ?")
#: surrogates (file names in another encoding) and non-characters: no text, and not allowed in XML 1.0 or JSON
_LAST_OF_PLANES = "".join(chr(plane + last) for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF))
_NO_TEXT = re.compile(f"[\ud800-\udfff\ufdd0-\ufdef{_LAST_OF_PLANES}]")
#: categories of characters that a terminal obeys instead of showing them: control, format (direction), separators
_OBEYED = frozenset({"Cc", "Cf", "Zl", "Zp"})
#: letters that look like a Latin or Vietnamese one and are typed for it (ǎ U+01CE for ă, ð for đ, Cyrillic letters)
_LOOK_ALIKES = str.maketrans("ǎǍðÐаеорсухАЕОРСХ", "ăĂđĐaeopcyxAEOPCX")


def is_too_long(text: str) -> bool:
    """Whether a text has more than `MAX_TEXT` characters, or more than `MAX_MARKS` combining marks in a row.

    Nothing of such a text is worked out: the file that holds it is refused where it is read.
    """
    if len(text) <= _FEW:
        return False
    if len(text) > MAX_TEXT:
        return True
    run = 0
    for character in text:
        run = run + 1 if unicodedata.combining(character) else 0
        if run > MAX_MARKS:
            return True
    return False


def nfc(value: object) -> str:
    """The value as text in Unicode NFC: white space as single spaces, trimmed; nothing that shows as no character.

    Control characters become spaces; format characters, surrogates and non-characters are left out.
    """
    return _nfc(str(value))


@lru_cache(maxsize=1 << 16)  # every file of a period has the same labels and names
def _nfc(text: str) -> str:
    text = unicodedata.normalize("NFC", text).translate(_LOOK_ALIKES)
    if text.isprintable():  # most texts: no white space but the plain space, nothing invisible
        return " ".join(text.split())
    text = "".join(
        " " if unicodedata.category(c) in {"Cc", "Zs", "Zl", "Zp"} else c
        for c in _NO_TEXT.sub("", text)
        if unicodedata.category(c) != "Cf"
    )
    return _SPACES.sub(" ", text).strip()


def visible(text: str, kept: str = "") -> str:
    """The text with every character that is obeyed or not shown as its escape: ESC as `\\x1b`, U+202E as `\\u202e`.

    Those are control and format characters (also the marks of writing direction), line separators, surrogates and
    non-characters. `kept`: those that stay. Letters, also Vietnamese ones, and spaces never change.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in kept else _escape(c) for c in text)


def _escape(character: str) -> str:
    if unicodedata.category(character) not in _OBEYED and not _NO_TEXT.match(character):
        return character  # spaces, letters of a private use, letters of a newer Unicode
    number = ord(character)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def one_line(value: object) -> str:
    """The value on one line: line breaks as spaces, other invisible characters as escapes (`visible`)."""
    text = str(value)
    return text if text.isprintable() else visible(_BREAKS.sub(" ", text))


def xml_text(value: object) -> str:
    """The value as text that an XML file (a workbook, an SVG) can hold: `nfc` of each line; line breaks are kept."""
    return _xml_text(str(value))


@lru_cache(maxsize=1 << 12)  # every row of a table has the same names of units, files and columns
def _xml_text(text: str) -> str:
    return "\n".join(map(nfc, text.replace("\r\n", "\n").split("\n")))


def fold(value: object) -> str:
    """The text as it is compared: `nfc`, case folded, no leading dash or bullet, no spaces around dashes."""
    return _fold(nfc(value))


@lru_cache(maxsize=1 << 16)
def _fold(text: str) -> str:
    return _DASHES.sub("-", _LEAD.sub("", text.casefold()))


@lru_cache(maxsize=1 << 12)
def spelling_key(text: str) -> str:
    """`fold` with one place for the tone of a syllable: `hủy` and `huỷ`, `hòa` and `hoà` have one key."""
    return unicodedata.normalize("NFC", _LATE_TONE.sub(r"\1\3\2", unicodedata.normalize("NFD", fold(text))))


def without_diacritics(value: object) -> str:
    """`fold` without diacritics. For suggestions and file names; names are never matched by it."""
    decomposed = unicodedata.normalize("NFD", fold(value).replace("đ", "d"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def vn_int(value: int) -> str:
    """An integer as Vietnamese documents write it: 11028 -> `11.028`."""
    return f"{int(value):,}".replace(",", ".")


def vn_count(value: int) -> str:
    """A count in running text: 3 -> `03`, 0 -> `0`, 1502 -> `1.502`. Offices write single digits with a zero."""
    return f"{int(value):02d}" if 0 < int(value) < 10 else vn_int(value)


def shortened_list(names: Sequence[str], most: int = 5, unit: str = "đơn vị") -> str:
    """At most `most` names and the number of the others: `A, B, C, D, E và 41 đơn vị khác`."""
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" và {vn_int(rest)} {unit} khác" if rest > 0 else "")


def row_range(rows: str) -> str:
    """Rows as a sentence names them: `8:10` -> `dòng 8–10`, `4:4` -> `dòng 4`; other words as they are."""
    first, colon, last = rows.partition(":")
    if not first.isdigit() or (colon and not last.isdigit()):
        return rows
    return f"dòng {first}" if last in {"", first} else f"dòng {first}–{last}"


def vn_decimal(value: float, places: int = 2, *, trim: bool = False) -> str:
    """A decimal with a comma: 15.85 -> `15,85`. The figure is already rounded. `trim`: 16.0 -> `16`, 9.8 -> `9,8`."""
    whole, _, part = f"{value:.{places}f}".partition(".")
    if trim:
        part = part.rstrip("0")
    sign = "-" if whole.startswith("-") else ""
    return sign + vn_int(int(whole.lstrip("-"))) + (f",{part}" if part else "")


def vn_percent(numerator: int, denominator: int) -> str:
    """A share in per cent, rounded half up to one decimal on the integers: 358, 1661 -> `21,6%`. Denominator: not 0."""
    tenths = (2000 * numerator + denominator) // (2 * denominator)
    return f"{vn_decimal(tenths / 10, 1, trim=True)}%"


def vn_day(day: dt.date) -> str:
    """A date as Vietnamese documents write it: `14/3/2022`, `08/02/2022`.

    Days below 10 and months below 3 take a zero (Nghị định 30/2020/NĐ-CP, Phụ lục I).
    """
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"{day.day:02d}/{month}/{day.year}"
