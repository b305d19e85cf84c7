"""File names of marked copies: one for each file of a period, in whatever folder or zip it is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

SUFFIX: Final = ".danh-dau.xlsx"
#: characters that Windows does not allow in file names or that break links
_FORBIDDEN = re.compile(r"[<>:\"/\\|?*%#\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]+")
_ENDING = re.compile(r"\.(?:xlsx|xlsm|xls|xlsb|csv|txt|tsv|htm|html|zip)$", re.IGNORECASE)
#: Excel opens no path above 218 letters, and no system allows a name above 255 bytes. A draft and a lock file of Excel
#: have longer names than the copy
_MOST_LETTERS, _MOST_BYTES = 80, 180


def copy_names(files: Iterable[str]) -> dict[str, str]:
    """File of a period (`goi.zip › q1/xa.xls`, `phieu/tu-phap.xlsx`) -> name of its copy, different from all others.

    The file's ending is dropped unless two files differ in it alone. The same files give the same names in any order.
    """
    ordered = sorted(set(files))
    stems = {file: _safe_stem(_ENDING.sub("", file)) for file in ordered}
    times: dict[str, int] = {}
    for stem in stems.values():
        times[stem.casefold()] = times.get(stem.casefold(), 0) + 1
    taken: set[str] = set()
    names = {}
    for file in ordered:
        base = stems[file] if times[stems[file].casefold()] == 1 else _safe_stem(file)
        stem, number = base, 2
        while stem.casefold() in taken:
            stem, number = f"{base} ({number})", number + 1
        taken.add(stem.casefold())
        names[file] = stem + SUFFIX
    return names


def _safe_stem(file: str) -> str:
    """A name without forbidden characters and folders, cut to the limits; `tep` if nothing is left."""
    text = _FORBIDDEN.sub("_", file.replace(" › ", " - ").replace("/", " - "))
    text = " ".join(text.split()).strip(" .~$_-")[:_MOST_LETTERS]
    while len(text.encode("utf-8")) > _MOST_BYTES:
        text = text[:-1]
    return text.strip(" .") or "tep"
