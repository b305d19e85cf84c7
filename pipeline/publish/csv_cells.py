"""Texts as cells of a CSV file, and back.

Excel in Vietnamese may split the lines of a CSV at `;`. Quotation marks do not prevent that in a file with `,` between
cells, so no text holds a `;` or a line break: `csv_text` writes them as `；` and `⏎`, `plain_text` reads them back.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from pipeline.text import visible

#: a spreadsheet program reads a text that begins with one of these as a formula; also their wide and small forms
_FORMULA_STARTS: Final = frozenset("=+-@")
#: what would end a cell or a line for a reader of `;` -> what is written in its place, and back
_WRITTEN: Final = str.maketrans({";": "\uff1b", "\n": "\u23ce"})
_READ: Final = str.maketrans({"\uff1b": ";", "\u23ce": "\n"})


def csv_text(text: str) -> str:
    """A text as a cell of a CSV file: no reader runs it as a formula or splits it, at `,` or at `;`.

    It gets a leading `'` if a spreadsheet would read it as a formula. `;` is written as `；`, a line break as `⏎`,
    control and direction characters as escapes (`visible`).
    """
    plain = visible(text.replace("\r\n", "\n").replace("\r", "\n"), kept="\n\t").translate(_WRITTEN)
    return f"'{plain}" if _begins_formula(text) else plain


def plain_text(written: str) -> str:
    """The text that `csv_text` wrote, apart from escapes. Texts of older programs, with `;` and LF, stay."""
    text = written.translate(_READ)
    return text[1:] if text.startswith("'") and _begins_formula(text[1:]) else text


def _begins_formula(text: str) -> bool:
    """Whether the first sign after spaces and `'` begins a formula, also in its wide form (`＝`); a tab does too."""
    bare = text.lstrip(" \u00a0\u3000\n'")
    return bare[:1] in {"\t", "\r"} or unicodedata.normalize("NFKC", bare[:1])[:1] in _FORMULA_STARTS
