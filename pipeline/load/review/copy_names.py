"""Names of marked copies: one for each file of a period, whatever folder or zip it came from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

SUFFIX: Final = ".danh-dau.xlsx"
#: what Windows allows in no file name, and what shells and links stumble over
_FORBIDDEN = re.compile(r"[<>:\"/\\|?*%#\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]+")
_ENDING = re.compile(r"\.(?:xlsx|xlsm|xls|xlsb|csv|txt|tsv|htm|html|zip)$", re.IGNORECASE)
#: Excel opens no path above 218 letters, and systems no name above 255 bytes: a copy's draft and `~$` belong to it
_LETTERS, _BYTES = 80, 180


def copy_names(files: Iterable[str]) -> dict[str, str]:
    """File of a period (`goi.zip › q1/xa.xls`, `phieu/tu-phap.xlsx`) -> name of its copy, unlike all the others.

    The ending goes unless two files differ in nothing else; the same files give the same names in any order.
    """
    ordered = sorted(set(files))
    short = {file: _plain(_ENDING.sub("", file)) for file in ordered}
    times: dict[str, int] = {}
    for stem in short.values():
        times[stem.casefold()] = times.get(stem.casefold(), 0) + 1
    taken: set[str] = set()
    names = {}
    for file in ordered:
        base = short[file] if times[short[file].casefold()] == 1 else _plain(file)
        stem, number = base, 2
        while stem.casefold() in taken:
            stem, number = f"{base} ({number})", number + 1
        taken.add(stem.casefold())
        names[file] = stem + SUFFIX
    return names


def _plain(file: str) -> str:
    text = _FORBIDDEN.sub("_", file.replace(" › ", " - ").replace("/", " - "))
    text = " ".join(text.split()).strip(" .~$_-")[:_LETTERS]
    while len(text.encode("utf-8")) > _BYTES:
        text = text[:-1]
    return text.strip(" .") or "tep"
