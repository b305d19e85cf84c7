"""File names in a period's folder: which files are input data, and which file an office program has open."""

from __future__ import annotations

import os
import re
from pathlib import Path

from pipeline.extract.replacement_files import FOLDER as REPLACEMENTS_FOLDER
from pipeline.load.review.review_workbook import FILE_NAME as REVIEW

#: folders of the units' own workbooks: returned ones (input files of the period) and those sent out
RETURNED_FOLDER, SENT_OUT_FOLDER = "phieu", "phieu-gui-di"
#: folders below the folder of a period whose files are input files too
INPUT_FOLDERS = (RETURNED_FOLDER, REPLACEMENTS_FOLDER)
#: folder of a review's results: below out/, and in the raw folder if a person copied it there
REVIEW_FOLDER = "ra-soat"
#: folders that the program makes itself: they are skipped without a finding
OWN_FOLDERS = frozenset({SENT_OUT_FOLDER, REVIEW_FOLDER})
#: the number that Windows adds to the name of a second copy, ` (2)`
COPY_NUMBER = re.compile(r" ?\(\d+\)$")
#: files that operating systems create
_SYSTEM_FILES = frozenset({"thumbs.db", "desktop.ini"})
#: endings of files that are still being downloaded or copied
_INCOMPLETE = (".tmp", ".part", ".crdownload")


def is_data(name: str) -> bool:
    """Whether a file of this name (NFC) is input data.

    It is not if it is hidden, Office's lock file, a system file, incomplete, or the program's own review workbook.
    """
    folded = name.casefold()
    return not (
        folded.startswith((".", "~$")) or folded in _SYSTEM_FILES or folded.endswith(_INCOMPLETE) or _is_review(folded)
    )


def _is_review(folded: str) -> bool:
    """Whether this is the review workbook that a review writes beside the input files, or a copy of it."""
    stem, _, ending = folded.rpartition(".")
    return ending == "xlsx" and COPY_NUMBER.sub("", stem) == REVIEW.removesuffix(".xlsx")


def lock_file_of(folder: Path, name: str) -> str:
    """The name of the lock file that Excel, Word or LibreOffice keeps while it has the file open; "" if there is none.

    An open file must not be replaced: the office program would overwrite it when it saves. In the name of its lock file
    Word leaves out the first letter of a name of seven letters, and the first two of a longer one.
    """
    left_out = min(max(len(name.rpartition(".")[0]) - 6, 0), 2) if name.endswith(".docx") else 0
    return next((o for o in (f"~${name[left_out:]}", f".~lock.{name}#") if os.path.lexists(folder / o)), "")
