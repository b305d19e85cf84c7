"""Percentages beside the numbers: whether they contradict what the columns of deadlines were taken for.

"Tỷ lệ quá hạn: 2,1 %" beside a column "Quá hạn" with most of the dossiers: two labels were exchanged. Portals compute
their rates in different ways, so a rate that fits none of them says nothing.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.extract.count_tables.header_columns import HeaderColumn
from pipeline.extract.count_tables.tables import CountTable

_RATE = re.compile(r"(\d{1,3}(?:[.,]\d+)?)\s*%?")
#: percentage points by which a rate may be rounded, and the share of rows that it has to fit
_ROUNDED, _FITS = 0.6, 0.8
#: rows, and different rates among them, from which a rate that fits is no coincidence
_FEW, _DIFFERENT = 5, 3

_RESOLVED, _PENDING = ("resolved_early", "resolved_on_time", "resolved_late"), ("pending_in_time", "pending_overdue")
_LATE = frozenset(("resolved_late", "pending_overdue"))
_IN_TIME = frozenset((*_RESOLVED, *_PENDING)) - _LATE
#: what a rate may be of: one or several classes of dossiers
_PARTS = tuple(part for size in range(1, 5) for part in itertools.combinations((*_RESOLVED, *_PENDING), size))
_WHOLES = (_RESOLVED, _PENDING, (*_RESOLVED, *_PENDING), ("received_total",))


def contradicting_rate(
    table: CountTable, rows: Sequence[int], numbers: Mapping[str, NDArray[np.int64]]
) -> HeaderColumn | None:
    """The first rate that fits other columns than its label says, and none that it says; None without one.

    `rows`: sheet rows; `numbers`: measure -> its numbers in these rows.
    """
    if len(rows) < _FEW:
        return None
    for column in table.columns:
        if not column.meaning.rate_of:
            continue
        rates = _rates(table, column, rows)
        if rates is None or len(set(rates.tolist())) < _DIFFERENT:
            continue
        own = _LATE if column.meaning.rate_of == "late" else _IN_TIME
        named = [part for part in _PARTS if own.issuperset(part)]
        others = [part for part in _PARTS if not own.issuperset(part)]
        if not _fits(rates, named, numbers) and _fits(rates, others, numbers):
            return column
    return None


def _rates(table: CountTable, column: HeaderColumn, rows: Sequence[int]) -> NDArray[np.float64] | None:
    """The percentages of a column; None where a cell holds something else."""
    found = [_RATE.fullmatch(table.grid.text(row, column.index)) for row in rows]
    values = np.array([float(m[1].replace(",", ".")) for m in found if m])
    if len(values) < len(rows):
        return None
    return values * 100 if values.max() <= 1 else values


def _fits(
    rates: NDArray[np.float64], parts: Sequence[tuple[str, ...]], numbers: Mapping[str, NDArray[np.int64]]
) -> bool:
    """Whether some part of some whole is the rate in most rows."""
    return any((np.abs(rates - share) <= _ROUNDED).mean() >= _FITS for share in _shares(parts, numbers))


def _shares(
    parts: Sequence[tuple[str, ...]], numbers: Mapping[str, NDArray[np.int64]]
) -> Iterator[NDArray[np.float64]]:
    for part, whole in itertools.product(parts, _WHOLES):
        if set(part) != set(whole) and all(m in numbers for m in (*part, *whole)):
            above, below = (sum(numbers[m] for m in some) for some in (part, whole))
            yield 100 * np.asarray(above) / np.maximum(np.asarray(below), 1)
