"""The columns of a dossier list below its header, read when they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd

from pipeline.extract.dossier_lists.list_header import ListHeader
from pipeline.extract.sheet.date_columns import may_be_date, to_days
from pipeline.extract.sheet.date_texts import FIRST_YEAR, Order
from pipeline.extract.sheet.grid import Grid, Value
from pipeline.extract.sheet.row_marks import is_index_row
from pipeline.extract.wording.list_words import ListWords
from pipeline.shown_text import Lexicon, general
from pipeline.text import nfc

#: filled cells of a column that show whether it holds dates
_SAMPLE: Final = 200
#: share of dates among them
_MOSTLY: Final = 0.8
_DASHES: Final = r"\s*[-‐-―−]\s*"
#: values that a question shows
EXAMPLES: Final = 3


@dataclass
class ListColumns:
    """The rows below a header, one position a row. Rows and columns count from 0."""

    grid: Grid
    header: ListHeader
    lists: ListWords
    lexicon: Lexicon = field(default_factory=general)  # what may be shown
    order: Order = "dmy"  # of dates with a two-digit year
    shifts: Mapping[int, int] = field(default_factory=dict)  # column -> microseconds taken from its moments
    _days: dict[int, tuple[pd.Series, pd.Series]] = field(default_factory=dict)
    _texts: dict[int, pd.Series] = field(default_factory=dict)

    @cached_property
    def start(self) -> int:
        """The first row below the header and its row of index marks."""
        start = self.header.bottom + 1
        while start < self.grid.height and is_index_row(self.grid, start):
            start += 1
        return start

    @cached_property
    def _rows(self) -> Sequence[Sequence[Value]]:
        return self.grid.rows[max(0, self.start - self.grid.top) :]

    @cached_property
    def rows(self) -> np.ndarray:
        """The number of each row in the sheet, from 1."""
        return np.arange(self.start + 1, self.start + 1 + len(self._rows))

    def values(self, column: int) -> list[Value]:
        """The cells of a column."""
        at = column - self.grid.left
        return [row[at] if 0 <= at < len(row) else None for row in self._rows]

    def sample(self, column: int) -> list[Value]:
        """The first filled cells of a column."""
        at = column - self.grid.left
        found: list[Value] = []
        for row in self._rows:
            if at < len(row) and row[at] not in (None, ""):
                found.append(row[at])
                if len(found) == _SAMPLE:
                    break
        return found

    def days(self, column: int) -> tuple[pd.Series, pd.Series]:
        """The days of a column and which cells are no dates: see `to_days`. An error cell is no blank."""
        if column not in self._days:
            values = pd.Series(self.values(column), dtype="object")
            days, bad = to_days(values, self.order, shift=self.shifts.get(column, 0))
            misread = [r - self.start for r, c in self.grid.misread if c == column and r >= self.start]
            if misread:
                bad = bad | bad.index.isin(misread)
            self._days[column] = (days, bad)
        return self._days[column]

    def shown_otherwise(self, columns: Iterable[int]) -> pd.Series:
        """Which rows have a cell in some columns that is struck or shows something else than it holds."""
        chosen = set(columns)
        rows = {r for (r, c), m in self.grid.misread.items() if c in chosen and m.other_number and m.why}
        return pd.Series(np.isin(self.rows - 1, list(rows)), dtype="bool")

    def texts(self, column: int) -> pd.Series:
        """The texts of a column, "" for a blank cell."""
        if column not in self._texts:
            self._texts[column] = pd.Series([_text(v) for v in self.values(column)], dtype="str")
        return self._texts[column]

    def offices(self, column: int) -> pd.Series:
        """The texts of a column; a text merged over several rows belongs to each of them."""
        filled = self.texts(column).tolist()
        for (top, left), (bottom, right) in self.grid.merges:
            if left <= column <= right and bottom > top >= self.start:
                below = slice(top - self.start, min(bottom + 1 - self.start, len(filled)))
                filled[below] = [self.grid.text(top, left)] * len(filled[below])
        return pd.Series(filled, dtype="str")

    @cached_property
    def codes(self) -> pd.Series:
        """The codes of the dossiers; portals differ in the case and the dashes of one code."""
        codes = self.texts(self.header.code)
        odd = codes.str.contains(" ", regex=False) | ~codes.str.isascii()
        if odd.any():
            codes = codes.where(~odd, codes[odd].str.replace(_DASHES, "-", regex=True).reindex(codes.index))
        return codes.str.upper()

    @cached_property
    def coded(self) -> pd.Series:
        """Which rows have a code, and are no header that is repeated on the next page."""
        codes = self.codes
        own = nfc(self.header.path(self.header.code)[-1]).upper() if self.header.path(self.header.code) else ""
        # no heading has a digit, and nearly all codes have
        texts = codes[~codes.str.contains(r"\d")].unique()
        heads = [t for t in texts if t == own or self.lists.heads_codes(t)]
        return (codes != "") & ~codes.isin(heads)

    def holds_dates(self, column: int, *, or_blank: bool) -> bool:
        """Whether the first filled cells of a column are dates that a dossier can have."""
        sample = self.sample(column)
        if not sample:
            return or_blank
        # most columns of a list are names and texts: they need not be parsed
        if sum(map(may_be_date, sample)) < _MOSTLY * len(sample):
            return False
        days, _ = to_days(pd.Series(sample, dtype="object"), self.order)
        return bool((days >= pd.Timestamp(FIRST_YEAR, 1, 1)).mean() >= _MOSTLY)

    def differing(self, one: int, other: int) -> pd.Series:
        """Which rows with a code have two days in two columns; a blank differs from a day."""
        a, b = self.days(one)[0], self.days(other)[0]
        return self.coded & ~((a == b) | (a.isna() & b.isna()))

    def day_examples(self, columns: Sequence[int]) -> tuple[str, ...]:
        """Some rows of columns of dates, `26/06/2023 – 01/07/2023`, first those that differ."""
        shown = [self.days(c)[0].dt.strftime("%d/%m/%Y").fillna("(trống)") for c in columns]
        filled = self.coded & np.logical_or.reduce([self.days(c)[0].notna() for c in columns])
        if len(columns) > 1:
            differs = self.differing(columns[0], columns[1]) & filled
            filled = differs if differs.any() else filled
        at = np.flatnonzero(filled)[:EXAMPLES]
        return tuple(" – ".join(str(s.iloc[i]) for s in shown) for i in at)

    def office_examples(self, column: int) -> tuple[str, ...]:
        """Some names of a column that may be shown."""
        names = (n for n in self.offices(column).unique() if n and self.lexicon.knows(n))
        return tuple(name for name, _ in zip(names, range(EXAMPLES), strict=False))


def _text(value: Value) -> str:
    if value is None or value == "":
        return ""
    return nfc(int(value) if isinstance(value, float) and value.is_integer() else value)
