"""Numbers that all end in three zeros after a mark: thousands, or whole numbers written with three decimals."""

from __future__ import annotations

import re

from pipeline.extract.count_tables.count_matrix import Body
from pipeline.extract.sheet.grid import Grid

_THREE = re.compile(r"\d{1,9}[.,]000")
#: fewer numbers may be round by chance
_ENOUGH = 6


def three_decimals(grid: Grid, body: Body) -> tuple[str, str]:
    """(cell, text) of the first number where all of a table read `120.000` or `0,000`; two "" where some do not."""
    first, count = ("", ""), 0
    for row in body.at:
        for column in body.place:
            text = grid.text(row, column)
            if not text:
                continue
            if not _THREE.fullmatch(text):
                return "", ""
            first = first if count else (grid.address(row, column), text)
            count += 1
    return first if count >= _ENOUGH else ("", "")
