"""File names of marked copies: one for each file of a period, in whatever folder or zip it is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from pipeline.disk_names import disk_stem

SUFFIX: Final = ".danh-dau.xlsx"
_ENDING = re.compile(r"\.(?:xlsx|xlsm|xls|xlsb|csv|txt|tsv|htm|html|zip)$", re.IGNORECASE)


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
    """The name of a copy without its ending; the folders and the archive of the file are part of it."""
    return disk_stem(file.replace(" › ", " - ").replace("/", " - "))
