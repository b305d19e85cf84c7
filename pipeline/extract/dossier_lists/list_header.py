"""The header of a dossier list: the row that labels a column of dossier codes, and the meaning of its columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.extract.sheet.grid import Grid, column_letter
from pipeline.extract.wording.phrases import Phrase, bracket_words, words
from pipeline.extract.wording.vocabulary import Vocabulary
from pipeline.registry import UnitIndex

#: the date columns that every list must have -> their Vietnamese names
DATE_COLUMNS = {"received": "ngày tiếp nhận", "due": "ngày hẹn trả", "finished": "ngày kết thúc xử lý"}
#: rows of the column of units that are looked up in the registry where several columns are labelled as units
_SAMPLE_ROWS = 500
#: rows of the highest merged cell that can be a header
_MAX_HEADER_ROWS = 5


@dataclass(frozen=True)
class ListHeader:
    """The header of a list. Rows and columns count from 0."""

    top: int
    bottom: int  # the last row of the header
    columns: Mapping[str, int]  # meaning (code, unit, received, due, finished, status, channel) -> column

    @property
    def rows(self) -> str:
        """The rows of the header as findings name them: `3:4`."""
        return f"{self.top + 1}:{self.bottom + 1}"

    def label(self, grid: Grid, column: int) -> str:
        """The lowest label over a column."""
        lowest = grid.merged_text(self.bottom, column)
        return lowest if words(lowest) else grid.merged_text(self.top, column)

    def named_column(self, grid: Grid, column: int) -> str:
        """A column as findings name it: `D “Ngày hẹn trả”`."""
        return f"{column_letter(column)} “{self.label(grid, column)}”"


def find_header(grid: Grid, vocabulary: Vocabulary, index: UnitIndex) -> ListHeader | None:
    """The header of a list: a label of dossier codes, beside a status or at least two other known columns.

    None where the sheet has no such row among its first ones.
    """
    for row in grid.first_rows_with(vocabulary.code_heads):
        last_rows = (last for (first, _), (last, _) in grid.merges_from(row) if last - first < _MAX_HEADER_ROWS)
        bottom = max([row, *last_rows])
        if bottom == row and any(_meaning(words(t), vocabulary) in DATE_COLUMNS for _, t in grid.row_texts(row + 1)):
            bottom = row + 1  # two header rows that were not merged
        columns = _columns(grid, ListHeader(row, bottom, {}), vocabulary, index)
        if len(columns) >= 3 or {"status", "code"} <= set(columns):
            return ListHeader(row, bottom, columns)
    return None


def _columns(grid: Grid, header: ListHeader, vocabulary: Vocabulary, index: UnitIndex) -> dict[str, int]:
    """Meaning -> column. Of several dates of one meaning the one whose label is first in the vocabulary."""
    columns: dict[str, int] = {}
    ranks: dict[str, int] = {}
    for column in range(grid.left, grid.width):
        label = words(header.label(grid, column))
        key = _meaning(label, vocabulary)
        labels = vocabulary.dossiers.get(key, {})
        if key and (key not in columns or (key in DATE_COLUMNS and labels[label] < ranks[key])):
            columns[key], ranks[key] = column, labels[label]
    unit_labels = vocabulary.dossiers["unit"]
    units = [c for c in range(grid.left, grid.width) if words(grid.merged_text(header.bottom, c)) in unit_labels]
    if len(units) > 1:
        columns["unit"] = max(units, key=lambda c: _known_units(grid, c, header.bottom + 1, index))
    return columns


def unclear_date_columns(grid: Grid, header: ListHeader, vocabulary: Vocabulary) -> str:
    """Columns between which nothing decides which date they hold, as a finding names them; "" for none.

    Two columns with the same label and different dates, or a label whose brackets name another date.
    """
    for key in (k for k in DATE_COLUMNS if k in header.columns):
        chosen = header.columns[key]
        labels = {c: header.label(grid, c) for c in range(grid.left, grid.width)}
        alike = [c for c, label in labels.items() if words(label) == words(labels[chosen])]
        other_date = any(vocabulary.other_dates.occur_in(bracket_words(labels[c])) for c in alike)
        below = range(header.bottom + 1, grid.height)
        beside = [c for c in alike if c != chosen]
        if other_date or any(grid.value(r, c) != grid.value(r, chosen) for c in beside for r in below):
            return ", ".join(header.named_column(grid, c) for c in alike)
    return ""


def _known_units(grid: Grid, column: int, start: int, index: UnitIndex) -> tuple[int, int]:
    """Of the first rows of a column: how many name a unit of the registry, and how many different names there are."""
    names = [grid.text(r, column) for r in range(start, min(grid.height, start + _SAMPLE_ROWS))]
    known = {n for n in set(names) if n and index.resolve(n).unit_id}
    return sum(n in known for n in names), len(set(names))


def _meaning(label: Phrase, vocabulary: Vocabulary) -> str:
    return next((key for key, labels in vocabulary.dossiers.items() if label in labels), "")
