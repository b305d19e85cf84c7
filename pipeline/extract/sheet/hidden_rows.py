"""Hidden rows and columns. They are counted and reported as a warning."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pipeline.extract.sheet.grid import Grid, column_letter
from pipeline.findings import Finding

_MAX_RANGES = 8


def hidden_row_findings(grid: Grid, rows: Iterable[int], columns: Iterable[int]) -> list[Finding]:
    """One finding (or none) that names the hidden ones among the counted rows and columns, both from 0.

    A row or column is hidden by hand, by a filter, by a folded outline, or by a height or width of 0.
    """
    hidden_rows, hidden_columns = grid.hidden_among(rows, columns)
    if not hidden_rows and not hidden_columns:
        return []
    parts = []
    if hidden_rows:
        parts.append(f"dòng {_ranges(hidden_rows, lambda r: str(r + 1))}")
    if hidden_columns:
        parts.append(f"cột {_ranges(hidden_columns, column_letter)}")
    sheet = grid.whole
    first = sheet.place(hidden_rows[0] if hidden_rows else sheet.top, hidden_columns[0] if hidden_columns else 0)
    return [first.finding("rows_hidden", found=" và ".join(parts))]


def _ranges(numbers: list[int], name: Callable[[int], str]) -> str:
    """Rising numbers as ranges: `5–8, 12`; after `_MAX_RANGES` of them `, …`."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    named = [name(a) if a == b else f"{name(a)}–{name(b)}" for a, b in ranges[:_MAX_RANGES]]
    return ", ".join(named) + (", …" if len(ranges) > _MAX_RANGES else "")
