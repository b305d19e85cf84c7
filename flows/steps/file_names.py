"""Which files of a folder are somebody's data, by their names alone, and which are open in an office program now."""

from __future__ import annotations

import os
import re
from pathlib import Path

from pipeline.load.review.review_workbook import FILE_NAME as REVIEW

#: units' own workbooks: those that came back, which are read as files of the period, and those that were sent out
RETURNED, SENT_OUT = "phieu", "phieu-gui-di"
#: where a check leaves what it found: below out/, or wherever somebody copied that folder to
REVIEWS = "ra-soat"
#: folders of the program's own beside the files, which nobody has to be told of
OWN = frozenset({SENT_OUT, REVIEWS})
#: a second copy, as Windows names it
COPY = re.compile(r" ?\(\d+\)$")
#: what systems put into folders, and what is still on its way
_SYSTEMS = frozenset({"thumbs.db", "desktop.ini"})
_HALF_THERE = (".tmp", ".part", ".crdownload")


def is_data(name: str) -> bool:
    """Whether a file of this name (NFC) is somebody's data: not hidden, not Office's or the system's own, not half
    there, not the program's own review workbook.
    """
    folded = name.casefold()
    return not (
        folded.startswith((".", "~$")) or folded in _SYSTEMS or folded.endswith(_HALF_THERE) or _is_review(folded)
    )


def _is_review(folded: str) -> bool:
    """The review workbook, put beside the files for whoever sent them."""
    stem, _, ending = folded.rpartition(".")
    return ending == "xlsx" and COPY.sub("", stem) == REVIEW.removesuffix(".xlsx")


def opened_by(folder: Path, name: str) -> str:
    """The file by which Excel or LibreOffice says that it has this one open: it would be written over; "" if none."""
    return next((o for o in (f"~${name}", f".~lock.{name}#") if os.path.lexists(folder / o)), "")
