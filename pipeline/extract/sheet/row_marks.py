"""Marks that number rows, columns or pages: index rows such as (1) (2) (3)=(4)+(5), ordinals (STT), page numbers.

Such cells look like numbers of dossiers and are none.
"""

from __future__ import annotations

import itertools
import re
from functools import lru_cache

from pipeline.extract.sheet.grid import Grid

_INDEX = re.compile(r"^[(\[]? ?(-?[0-9]{1,2}|[A-ZĐa-zđ]) ?[)\]]?( ?=.*)?$")
_INDEX_FORMULA = re.compile(r"^\(? ?\d{1,2} ?\)? ?= ?[\d()+\-\s]+$|^\( ?\d{1,2} ?=[\d()+\-\s]+\)$")
_ORDINAL = re.compile(r"^\(?(\d{1,4})[.)]?$")
_PAGE = re.compile(r"^(?:trang|page)? ?\d{1,4}(?: ?/ ?\d{1,4})?$", re.IGNORECASE)


def is_number_like(grid: Grid, row: int, column: int) -> bool:
    """Whether a cell holds a number, stored as a number or as text. An index mark such as `(3)` is no number."""
    return grid.cell(row, column).number


@lru_cache(maxsize=1 << 14)
def is_index_mark(text: str) -> bool:
    """Whether a text is a mark of an index row: `(3)`, `3`, `(3)=(4)+(5)`, `A`."""
    return bool(_INDEX.fullmatch(text) or _INDEX_FORMULA.fullmatch(text))


def is_index_row(grid: Grid, row: int) -> bool:
    """Whether a row under a header numbers the columns: three or more rising index marks and nothing else.

    Examples: `(1) (2) (3)=(4)+(5)`, `1 2 3`. Excel turns a typed `(1)` into -1.
    """
    texts = []
    for column, cell in enumerate(grid.cells(row), grid.left):
        if cell.text and grid.anchor(row, column) == (row, column):
            if not is_index_mark(cell.text):
                return False
            texts.append(cell.text)
    if len(texts) < 3:
        return False
    numbers = [int(m.group()) for t in texts if (m := re.search(r"\d+", t)) and not re.match(r"^[(\[]?[A-ZĐa-zđ]", t)]
    rising = all(a < b for a, b in itertools.pairwise(numbers))
    consecutive = all(b - a == 1 for a, b in itertools.pairwise(numbers))
    bracketed = any("(" in t or "=" in t or "[" in t for t in texts)
    return rising and (bracketed or (consecutive and len(numbers) >= 3 and numbers[0] in {1, 2, 3}))


def is_page_mark(text: str) -> bool:
    """Whether a text numbers a page (`Trang 2`, `2/5`): a printed export has one between two pages of a table."""
    return bool(_PAGE.fullmatch(text))


@lru_cache(maxsize=1 << 12)
def ordinal_of(stt: str) -> int | None:
    """The ordinal of an STT cell: 12 for `12`, `12.` and `(12)`; None for any other text."""
    match = _ORDINAL.fullmatch(stt)
    return int(match[1]) if match else None
