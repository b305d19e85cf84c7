"""Marks in rows: index rows such as (1) (2) (3)=(4)+(5), ordinals, page numbers between two pages of a table."""

from __future__ import annotations

import itertools
import re
from functools import lru_cache

from pipeline.extract.sheet.grid import Grid

_INDEX = re.compile(r"^[(\[]?\s*(-?[0-9]{1,2}|[A-ZĐa-zđ])\s*[)\]]?(\s*=.*)?$")
_INDEX_FORMULA = re.compile(r"^\(?\s*\d{1,2}\s*\)?\s*=\s*[\d()+\-\s]+$|^\(\s*\d{1,2}\s*=[\d()+\-\s]+\)$")
_ORDINAL = re.compile(r"^\(?(\d{1,4})[.)]?$")
_PAGE = re.compile(r"^(?:trang|page)?\s*\d{1,4}(?:\s*/\s*\d{1,4})?$", re.IGNORECASE)


def is_number_like(grid: Grid, row: int, column: int) -> bool:
    """Whether a cell holds a number, as such or as text (index marks such as `(3)` do not count)."""
    return grid.cell(row, column).number


@lru_cache(maxsize=1 << 14)
def is_mark(text: str) -> bool:
    """Whether a text is a mark of an index row: `(3)`, `3`, `(3)=(4)+(5)`, `A`."""
    return bool(_INDEX.fullmatch(text) or _INDEX_FORMULA.fullmatch(text))


def is_index_row(grid: Grid, row: int) -> bool:
    """(1) (2) (3)=(4)+(5) … or 1 2 3 … (Excel makes -1 of a typed `(1)`): three or more rising marks, nothing else."""
    texts = []
    for column, cell in enumerate(grid.cells(row), grid.left):
        if cell.text and grid.anchor(row, column) == (row, column):
            if not is_mark(cell.text):
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
    """`Trang 2`, `2/5`: what a printed export leaves between two pages of a table."""
    return bool(_PAGE.fullmatch(text))


@lru_cache(maxsize=1 << 12)
def ordinal_of(stt: str) -> int | None:
    """The number that an STT cell writes (`12`, `12.`, `(12)`), or None."""
    match = _ORDINAL.fullmatch(stt)
    return int(match[1]) if match else None
