"""Hidden rows and columns. They are counted and reported as a warning."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from pipeline.extract.sheet.grid import Grid, column_letter
from pipeline.findings import Finding

_SHOWN = 8


def hidden_row_findings(grid: Grid, rows: Iterable[int], columns: Iterable[int]) -> Iterator[Finding]:
    """A finding where some of the counted rows or columns (from 0) are hidden, by hand, by a filter or a fold."""
    hidden_rows = sorted(grid.hidden_rows.intersection(rows)) if grid.hidden_rows else []
    hidden_columns = sorted(grid.hidden_columns.intersection(columns)) if grid.hidden_columns else []
    shown = []
    if hidden_rows:
        shown.append(f"dòng {_stretches(hidden_rows, lambda r: str(r + 1))}")
    if hidden_columns:
        shown.append(f"cột {_stretches(hidden_columns, column_letter)}")
    if shown:
        first = grid.place(hidden_rows[0] if hidden_rows else grid.top, hidden_columns[0] if hidden_columns else 0)
        yield first.finding("rows_hidden", found=" và ".join(shown))


def _stretches(numbers: list[int], name: Callable[[int], str]) -> str:
    """`5–8, 12`, cut where there are many."""
    stretches: list[list[int]] = []
    for number in numbers:
        if stretches and number == stretches[-1][1] + 1:
            stretches[-1][1] = number
        else:
            stretches.append([number, number])
    shown = [name(a) if a == b else f"{name(a)}–{name(b)}" for a, b in stretches[:_SHOWN]]
    return ", ".join(shown) + (", …" if len(stretches) > _SHOWN else "")
