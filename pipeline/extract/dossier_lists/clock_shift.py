"""How much an exporter took from the moments of a list: those of midnight then stand at the end of the day before.

Such a fault shows where every moment of a column would be midnight. A column with real times of day states its days.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal, NamedTuple

import numpy as np
import pandas as pd

from pipeline.extract.dossier_lists.date_order import code_days
from pipeline.extract.dossier_lists.list_columns import ListColumns
from pipeline.extract.sheet.date_columns import (
    SECOND,
    Numbers,
    clock_times,
    is_end_of_day,
    seconds_before_the_minute,
    to_days,
)

_MINUTE: Final = 60 * SECOND
_DAY: Final = 24 * 60 * _MINUTE
#: what rounding may take from a moment, what a wrong zone may, and how far equal times of day are apart at most
_NOISE, _MOST, _EQUAL = 30 * SECOND, 10 * _MINUTE, 1_000
#: rows that are looked at, spread over the list; moments of a column that are no accident
_LOOKED_AT, _ENOUGH = 2_000, 3
#: share of rows whose codes agree with the days as they are written
_AGREE = 0.8


class _Clocks(NamedTuple):
    """What the times of day of a column show."""

    #: none; all midnight, full minutes or ends of days; real times; one odd time just before midnight; about midnight
    kind: Literal["none", "plain", "real", "odd", "noise"]
    taken: int = 0  # microseconds before midnight, of `odd`
    cells: int = 0


def midnight_shifts(
    columns: ListColumns, received: Sequence[int], finished: Sequence[int], others: Sequence[int]
) -> Mapping[int, int]:
    """Column -> the microseconds that the exporter took from its moments; columns without are left out.

    `received`, `finished`: the columns of these days. `others`: further columns of days, as those of promises.
    """
    everything = [*received, *finished, *others]
    values = {c: _spread(columns, c) for c in everything}
    # nobody receives or ends at 23:59:59; a promise may run until then
    if any(seconds_before_the_minute(values[c]) for c in [*received, *finished]):
        return {} if _codes_are_right(columns, received) else dict.fromkeys(columns.header.columns, SECOND)
    clocks = {c: _clocks_of(clock_times(values[c])) for c in everything}
    real = [c for c in everything if clocks[c].kind == "real"]
    taken = _taken(list(clocks.values()), [clocks[c] for c in others])
    if taken and not _codes_are_right(columns, received):
        return dict.fromkeys(columns.header.columns, taken)
    acts = {*received, *finished}
    return {c: _NOISE for c in everything if clocks[c].kind == "noise" and not (c in acts and acts.intersection(real))}


def _taken(clocks: Sequence[_Clocks], promises: Sequence[_Clocks]) -> int:
    """What one exporter took from every moment; 0 where columns contradict each other, or real times leave it open."""
    found = {round(c.taken / SECOND) for c in clocks if c.kind == "odd"}
    if len(found) != 1 or any(c.kind in {"plain", "noise"} for c in clocks):
        return 0
    # nightly jobs end dossiers at an odd time; a promise of whole days is for midnight
    promised = any(c.kind == "odd" and c.cells >= _ENOUGH for c in promises)
    return 0 if any(c.kind == "real" for c in clocks) and not promised else found.pop() * SECOND


def _clocks_of(clocks: Numbers) -> _Clocks:
    if not len(clocks):
        return _Clocks("none")
    before = _DAY - clocks
    whole = (clocks % _MINUTE == 0) | is_end_of_day(clocks)
    if whole.all():
        return _Clocks("plain")
    odd = clocks[~whole]
    near = before[~whole] <= _NOISE
    if whole.any() or before[~whole].max() < SECOND:
        at_midnight = clocks[whole & ~is_end_of_day(clocks)]
        return _Clocks("noise" if near.all() and not at_midnight.any() else "real", cells=len(odd))
    if before.max() <= _MOST and int(odd.max() - odd.min()) <= _EQUAL:
        return _Clocks("odd", int(before.max()), len(odd))
    return _Clocks("noise" if near.all() else "real", cells=len(odd))


def _codes_are_right(columns: ListColumns, received: Sequence[int]) -> bool:
    """Whether the codes of the dossiers state the days of reception as they are written."""
    if not received:
        return False
    step = _step(columns)
    days, _ = to_days(pd.Series(columns.values(received[0])[::step], dtype="object"), columns.order)
    coded = code_days(columns.codes.iloc[::step]).reset_index(drop=True)
    both = days.notna() & coded.notna()
    return bool(both.any() and (days[both] == coded[both]).mean() >= _AGREE)


def _spread(columns: ListColumns, column: int) -> pd.Series:
    found = columns.values(column)[:: _step(columns)]
    return pd.Series([v for v in found if v not in (None, "")], dtype="object")


def _step(columns: ListColumns) -> int:
    return max(1, int(np.ceil(len(columns.rows) / _LOOKED_AT)))
