"""Number formats that make Excel show another number than the cell stores.

Excel stores 200% as 2 and shows 1502000 as 1502 under a format in thousands. Format codes: ECMA-376 part 1, §18.8.30
(numFmt) and §18.8.31; the same codes are used in .xls files (MS-XLS, record Format).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from pipeline.extract.sheet.grid import MisreadCell
from pipeline.text import nfc

#: number format id -> its effect, for the built-in formats 0% and 0.00%, which no file defines
BUILT_IN_EFFECTS: Mapping[str, str] = {"9": "%", "10": "%"}
#: literal text in a format code
_LITERAL = re.compile(r'"[^"]*"|\\.|_.')
#: a comma after the digits divides by a thousand
_THOUSANDS = re.compile(r"[0#?],+(?![0#?,])")
#: empty sections show no number
_SHOWS_NOTHING = re.compile(r";+@?")


def format_effect(code: str) -> str:
    """The effect of a format code on a number.

    "%" for a percentage; the code itself where it divides by thousands or shows nothing; "" where it shows the stored
    number.
    """
    bare = _LITERAL.sub("", code)
    if "%" in bare:
        return "%"
    return code if _THOUSANDS.search(bare.split(";")[0]) or _SHOWS_NOTHING.fullmatch(bare.strip()) else ""


def reformatted_number(value: str, effect: str) -> MisreadCell:
    """The cell of a stored number, as a person sees it. `effect`: not "", from `format_effect`."""
    text = f"{100 * float(value):.10g}%".replace(".", ",") if effect == "%" else f"{nfc(value)} (định dạng “{effect}”)"
    return MisreadCell(text, False, other_number=True)
