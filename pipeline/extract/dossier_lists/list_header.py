"""The header of a dossier list: the rows that label a column of dossier codes, and the labels of each column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from pipeline.extract.sheet.cell_matrix import TextPredicate
from pipeline.extract.sheet.date_columns import may_be_date, to_days
from pipeline.extract.sheet.grid import Grid, column_letter
from pipeline.extract.sheet.row_marks import is_index_row
from pipeline.extract.wording.list_words import ListWords
from pipeline.extract.wording.phrases import words
from pipeline.layouts.decisions import column_subject
from pipeline.shown_text import shown_heading

#: rows of the highest merged cell that can be a header
_MAX_HEADER_ROWS = 5
#: a dossier's code: agency, day, number of the day
_CODE = re.compile(r"(?:[A-Za-z]{1,4}\d{0,3}|\d{2,4})(?:\.[A-Za-z0-9]{1,4})* ?[-–.] ?\d{6} ?[-–.] ?\d{3,7}")
CODES: Final = TextPredicate(lambda text: _CODE.fullmatch(text) is not None)
#: a number of dossiers, not a code; rows below a header that show which of the two stands there
_COUNT = re.compile(r"\d{1,3}(?:[.,\s]\d{3}){1,2}|\d{1,6}(?:[.,]0+)?|-")
_ROWS_BELOW = 20
#: share of the filled cells under a header that have a label
_LABELLED = 0.8
#: known headings beside the codes that make a row the header of a list
_KNOWN_BESIDE = 2


@dataclass(frozen=True)
class ListHeader:
    """The header of a list. Rows and columns count from 0."""

    top: int
    bottom: int  # the last row of the header
    left: int  # the first column
    paths: tuple[tuple[str, ...], ...]  # of each column from `left` on: its labels, top to bottom
    code: int  # the column of the dossiers' codes
    titles_end: int  # the row below the titles; a row of bands may be one of titles, and counts as both

    @property
    def rows(self) -> str:
        """The rows of the header as findings name them: `3:4`."""
        return f"{self.top + 1}:{self.bottom + 1}"

    @property
    def columns(self) -> range:
        """The columns that the header is over."""
        return range(self.left, self.left + len(self.paths))

    def path(self, column: int) -> tuple[str, ...]:
        """The labels over a column, top to bottom."""
        return self.paths[column - self.left]

    def label(self, column: int) -> str:
        """The labels over a column as a finding shows them."""
        return " › ".join(map(shown_heading, self.path(column)))

    def subject(self, column: int) -> str:
        """The column as an answer of the office names it."""
        return column_subject(self.path(column))

    def named_column(self, column: int) -> str:
        """A column as findings name it: `D “Ngày hẹn trả”`."""
        return f"{column_letter(column)} “{self.label(column)}”"


def find_header(grid: Grid, lists: ListWords) -> ListHeader | None:
    """The header of a list: a label of dossier codes, beside a status or at least two other known columns.

    A row over a column of dossiers' codes and two dates is one too, whatever it calls them. None where the sheet has no
    such row among its first ones.
    """
    for row in grid.first_rows_with(lists.code_heads):
        header = _header_at(grid, row, lists)
        if header is not None and _is_list(header, lists) and not _counts_dossiers(grid, header):
            return header
    return _header_over_codes(grid, lists)


def _header_at(grid: Grid, row: int, lists: ListWords) -> ListHeader | None:
    """The header whose codes are labelled in a row; None where no column keeps that label."""
    last_rows = (last for (first, _), (last, _) in grid.merges_from(row) if last - first < _MAX_HEADER_ROWS)
    bottom = max([row, *last_rows])
    if bottom == row and _names_dates(grid, row + 1, lists):
        bottom = row + 1  # two header rows that were not merged
    top = row - 1 if bottom == row and _is_band_row(grid, row - 1) else row
    paths = _paths(grid, top, bottom)
    code = next((c for c, path in enumerate(paths, grid.left) if lists.key(path) == "code"), None)
    return None if code is None else ListHeader(top, bottom, grid.left, paths, code, row)


def _names_dates(grid: Grid, row: int, lists: ListWords) -> bool:
    """Whether a row below a header has labels of dates and no numbers: it is the lower row of the header."""
    texts = grid.row_texts(row)
    codes = [c for c, text in grid.row_texts(row - 1) if lists.heads_codes(text)]
    if any(grid.cell(row, c).number for c, _ in texts) or any(grid.text(row, c) for c in codes):
        return False
    return any(lists.date_heading((text,)) is not None for _, text in texts)


def _is_band_row(grid: Grid, row: int) -> bool:
    """Whether a row has cells merged over some columns, as bands over a header are; a title is over all of them."""
    if row < grid.top:
        return False
    wide = [
        (left, right)
        for (top, left), (bottom, right) in grid.merges_from(row)
        if top == bottom and right > left and grid.text(top, left)
    ]
    below = [c for c, _ in grid.row_texts(row + 1)]
    return bool(wide) and len(grid.row_texts(row)) > 1 and all(right - left + 1 < len(below) for left, right in wide)


def _paths(grid: Grid, top: int, bottom: int) -> tuple[tuple[str, ...], ...]:
    """The labels over each column from `grid.left` on; a label merged over several rows once."""
    paths = []
    band = ""
    for column in range(grid.left, grid.width):
        labels = [grid.merged_text(row, column) for row in range(top, bottom + 1)]
        if bottom == top + 1:
            upper, lower = labels
            # a band that was not merged is over the blank cells beside it
            if upper or not lower:
                band = upper if lower and lower != upper else ""
            labels = [upper or band, lower]
        paths.append(tuple(t for i, t in enumerate(labels) if words(t) and t not in labels[:i]))
    while paths and not paths[-1]:
        paths.pop()
    return tuple(paths)


def _is_list(header: ListHeader, lists: ListWords) -> bool:
    keys = {lists.key(path) for path in header.paths} - {""}
    if "status" in keys:
        return True
    kinds = {heading.kind for path in header.paths if (heading := lists.date_heading(path)) and lists.key(path) == ""}
    office = any(lists.office(path) for path in header.paths)
    return len(kinds) + office + ("channel" in keys) >= _KNOWN_BESIDE


def _counts_dossiers(grid: Grid, header: ListHeader) -> bool:
    """Whether numbers of dossiers, and no codes, stand under "Số hồ sơ": the table counts, and has no dates."""
    below = range(header.bottom + 1, min(grid.height, header.bottom + 1 + _ROWS_BELOW))
    filled = [row for row in below if grid.merged_text(row, header.code) and not is_index_row(grid, row)]
    if not filled or any(not _COUNT.fullmatch(grid.merged_text(row, header.code)) for row in filled):
        return False
    dated = _rows_with_dates(grid, filled, header.columns)
    return dated < len(filled) / 2


def _header_over_codes(grid: Grid, lists: ListWords) -> ListHeader | None:
    """The header above a column of dossiers' codes that no word of the header names."""
    rows = grid.first_rows_with(CODES)
    if not rows:
        return None
    code = next(c for c, text in grid.row_texts(rows[0]) if CODES.holds(text))
    above = [r for r in range(rows[0] - 1, max(grid.top, rows[0] - 4) - 1, -1) if grid.merged_text(r, code)]
    row = next((r for r in above if not is_index_row(grid, r) and len(grid.row_texts(r)) >= _KNOWN_BESIDE), None)
    if row is None:
        return None
    anchor = grid.anchor(row, code)[0]
    top = anchor - 1 if anchor == row and _is_band_row(grid, anchor - 1) else anchor
    header = ListHeader(top, row, grid.left, _paths(grid, top, row), code, anchor)
    filled = [c for c, _ in grid.row_texts(rows[0])]
    if sum(bool(header.path(c)) for c in filled if c in header.columns) < _LABELLED * len(filled):
        return None  # a line of the letterhead, which may name a person
    named = sum(lists.date_heading(path) is not None for path in header.paths)
    return header if named or _rows_with_dates(grid, rows[:1], header.columns) else None


def _rows_with_dates(grid: Grid, rows: Sequence[int], columns: Sequence[int]) -> int:
    """How many rows have dates in at least two columns."""
    values = [grid.value(row, c) for row in rows for c in columns]
    if sum(value is not None and may_be_date(value) for value in values) < _KNOWN_BESIDE:
        return 0
    days, _ = to_days(pd.Series(values, dtype="object"))
    found = days.notna().to_numpy().reshape(len(rows), len(columns)).sum(axis=1)
    return int((found >= _KNOWN_BESIDE).sum())
