"""Why nothing was found in a file: an empty answer of the portal, a table of procedures, broken letters, or unknown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.extract.sheet.grid import Grid
from pipeline.extract.wording.legacy_encodings import encoding_fault, lacks_diacritics
from pipeline.extract.wording.phrases import Phrase, words
from pipeline.extract.wording.vocabulary import Vocabulary
from pipeline.findings import Finding, Place
from pipeline.shown_text import general

#: rows of a sheet that are looked through
_ROWS = 60


def unrecognised(name: str, grids: Sequence[Grid], vocabulary: Vocabulary) -> Finding:
    """The finding of a file without any table, list or form."""
    return next(_reasons(grids, vocabulary), Place(name).finding("file_unrecognised"))


def _reasons(grids: Sequence[Grid], vocabulary: Vocabulary) -> Iterator[Finding]:
    """The reasons found in the visible sheets, the one that explains most first."""
    cells = [
        (grid, row, column, words(text))
        for grid in grids
        if grid.visible
        for row in range(grid.top, min(grid.height, grid.top + _ROWS))
        for column, text in grid.row_texts(row)
    ]
    for grid, row, column, _ in cells:
        if wrong := encoding_fault(str(grid.value(row, column))):  # the text may name a person: it is not repeated
            yield grid.place(row, column).finding("file_legacy_text", found=wrong)
    for code, phrases in (
        ("file_empty_answer", vocabulary.empty_answers),
        ("table_procedures", vocabulary.procedures),
        ("table_narrowed", vocabulary.other_times),
    ):
        for grid, row, column, label in cells:
            if _holds(label, phrases):
                yield grid.place(row, column).finding(code, found=general().shown(grid.text(row, column)))
    for grid, row, column, _ in cells:
        if lacks_diacritics(grid.text(row, column)):
            yield grid.place(row, column).finding("file_legacy_text", found="chữ không có dấu")


def _holds(label: Phrase, phrases: Sequence[Phrase]) -> bool:
    return any(phrase == label[i : i + len(phrase)] for phrase in phrases for i in range(len(label)))
