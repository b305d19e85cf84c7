"""What a number format does to a number: Excel keeps 200% as 2 and shows 1502000 in thousands as 1502."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pipeline.extract.sheet.grid import Hidden
from pipeline.text import nfc

#: 0% and 0.00%, which every file has without naming them
BUILT_IN: Mapping[str, str] = {"9": "%", "10": "%"}
#: what a number format prints as it stands
_QUOTED = re.compile(r'"[^"]*"|\\.|_.')
#: a comma after the digits divides by a thousand; empty sections show no number
_CUTS, _SHOWS_NOTHING = re.compile(r"[0#?],+(?![0#?,])"), re.compile(r";+@?")


def oddity(code: str) -> str:
    """What a number format does to a number: "%", a format that cuts thousands or shows nothing, or ""."""
    bare = _QUOTED.sub("", code)
    if "%" in bare:
        return "%"
    return code if _CUTS.search(bare.split(";")[0]) or _SHOWS_NOTHING.fullmatch(bare.strip()) else ""


def as_shown(value: str, kind: str) -> Hidden:
    """A number as a person sees it under a format of that kind."""
    shown = f"{100 * float(value):.10g}%".replace(".", ",") if kind == "%" else f"{nfc(value)} (định dạng “{kind}”)"
    return Hidden(shown, False, other_number=True)
