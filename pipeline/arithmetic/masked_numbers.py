"""Columns of whole numbers of which some are not known, as plain arrays of the shape (rows,).

A table has a few dozen rows and is added up and compared a hundred times in a run. For tables of that size pandas needs
many times as long as numpy.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray


class Known(NamedTuple):
    """One number for each row; where it is not known, `known` is False and the number is 0."""

    numbers: NDArray[np.int64]
    known: NDArray[np.bool_]


def column(table: pd.DataFrame, name: str) -> Known:
    """An Int64 column of a frame, NA as not known."""
    values = table[name]
    return Known(values.to_numpy(dtype=np.int64, na_value=0), values.notna().to_numpy())


def limited(values: Known, where: NDArray[np.bool_]) -> Known:
    """The same numbers, known only where `where` holds too."""
    known = values.known & where
    return Known(np.where(known, values.numbers, 0), known)


def every(parts: Sequence[Known]) -> Known:
    """The sum of the parts where each is known."""
    return limited(some(parts), np.logical_and.reduce([p.known for p in parts]))


def some(parts: Sequence[Known]) -> Known:
    """The sum of the parts that are known, where any is."""
    return Known(np.add.reduce([p.numbers for p in parts]), np.logical_or.reduce([p.known for p in parts]))


def first(given: Known, instead: Known) -> Known:
    """The numbers of `given`; where it has none, those of `instead`."""
    return Known(np.where(given.known, given.numbers, instead.numbers), given.known | instead.known)


def same(left: Known, right: Known) -> NDArray[np.bool_]:
    """Where both are known and equal."""
    found: NDArray[np.bool_] = left.known & right.known & (left.numbers == right.numbers)
    return found


def differ(left: Known, right: Known) -> NDArray[np.bool_]:
    """Where both are known and not equal."""
    found: NDArray[np.bool_] = left.known & right.known & (left.numbers != right.numbers)
    return found


def frame(columns: Sequence[Known], like: pd.DataFrame) -> pd.DataFrame:
    """A frame of Int64 columns with the index and the column names of `like`."""
    values = {i: pd.arrays.IntegerArray(c.numbers, ~c.known) for i, c in enumerate(columns)}
    return pd.DataFrame(values, index=like.index).set_axis(like.columns, axis=1)
