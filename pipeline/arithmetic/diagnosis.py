"""Which cell is wrong where a total is not the sum of its rows: one of a row, or the total's own.

A row has identities of its own (`arithmetic.identities`). An error in a row breaks them, and the total differs from the
sum of the rows by the same number. An error in the total breaks no identity of a row. An explanation is a set of cells
with the numbers that they lack; the one with the fewest faults is the likeliest. A fault is a wrong cell, or an
identity of a row that stays broken.

Arrays of numbers of dossiers: `values` has the shape (rows, columns), what concerns a total or one row (columns,).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from pipeline.arithmetic.identities import (
    PENDING_BY_DEADLINE,
    RECEIVED_BY_CHANNEL,
    RECEIVED_BY_PERIOD,
    RESOLVED_BY_DEADLINE,
    identities_of_row,
)

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]

#: name of an identity -> the parts without which it tells nothing: the others alone need not make up the whole
_ALL = {i.name: frozenset(i.parts) for i in (RECEIVED_BY_CHANNEL, RECEIVED_BY_PERIOD)} | {
    i.name: frozenset(i.parts[:1]) for i in (RESOLVED_BY_DEADLINE, PENDING_BY_DEADLINE)
}
#: share of the rows in which an identity has to hold to tell anything about the others
_HOLDS = 0.5
#: cells that one explanation may hold
_MOST_CELLS = 3
#: columns in which a total may differ, and rows that may be wrong, for an explanation to be searched
_MOST_COLUMNS, _MOST_ROWS = 6, 8
#: explanations that are compared
_MOST_TRIED = 20_000


@dataclass(frozen=True)
class Explanation:
    """Wrong cells that account for all differences of a total.

    `rows`: row -> column -> what its number lacks (below 0: has too much). `total`: column -> by how much the total
    exceeds the rows that are right.
    """

    rows: Mapping[int, Mapping[int, int]] = field(default_factory=dict)
    total: Mapping[int, int] = field(default_factory=dict)


@lru_cache(maxsize=1 << 8)
def _weights(measures: tuple[str, ...]) -> Numbers:
    known = frozenset(measures)
    found = [
        [(m in identity.whole) - (m in identity.parts) for m in measures]
        for identity in identities_of_row(known)
        if known >= _ALL.get(identity.name, frozenset())
    ]
    return np.array(found, dtype=np.int64).reshape(len(found), len(measures))


def identity_weights(measures: Sequence[str]) -> Numbers:
    """The identities of rows with columns of these measures: +1 whole, -1 part, 0 neither. Shape (identities, columns).

    Several columns of one measure are added up.
    """
    return _weights(tuple(measures))


def explanations(
    values: Numbers, stated: Numbers, compared: Flags, unknown: Flags, weights: Numbers
) -> list[Explanation] | None:
    """The likeliest explanations of the differences between a total and its rows, all with equally many faults.

    stated: the total; compared: columns in which it is compared; unknown: cells of rows that hold no number (their
    values are 0), shape (rows, columns); weights: of `identity_weights`. A column with an unknown cell is not explained
    where the total leaves something for it. [] where nothing is left to explain. None where the difference may as well
    be a row that is missing, or an error of a row that its identities do not show, and where too much is wrong.
    """
    weights = _holding(values, unknown, weights)
    lacking = np.where(compared, stated - values.sum(axis=0), 0)
    free = ~compared | (unknown.any(axis=0) & (lacking >= 0))
    differs = (lacking != 0) & ~free
    search = _Search(values, unknown, weights, lacking, tuple(np.flatnonzero(differs).tolist()), weights[:, free])
    filled = weights[:, compared & free & (lacking != 0)]
    if _rank(filled) < filled.shape[1]:
        return None
    if not search.columns:
        return []
    suspects = [row for row in range(len(values)) if search.broken(row)]
    if len(search.columns) > _MOST_COLUMNS or len(suspects) > _MOST_ROWS:
        return None
    options = [list(search.options(row)) for row in suspects]
    if np.prod([len(o) for o in options], dtype=np.float64) > _MOST_TRIED:
        return None
    best: list[Explanation] = []
    fewest = search.faults_of_missing_row(suspects)
    for chosen in itertools.product(*options):
        left = search.left_over(chosen)
        if left is None or sum(len(o.lacks) for o in chosen) + len(left) > _MOST_CELLS:
            continue
        faults = sum(o.faults for o in chosen) + len(left)
        if faults < fewest:
            best, fewest = [], faults
        if faults == fewest:
            best.append(Explanation({r: o.lacks for r, o in zip(suspects, chosen, strict=True) if o.lacks}, left))
    return best if best and not any(search.may_be_unseen(e.total) for e in best) else None


def _holding(values: Numbers, unknown: Flags, weights: Numbers) -> Numbers:
    """The identities that hold in enough of the rows with known cells: a portal may count in another way."""
    known = ~(unknown @ (weights != 0).T)
    held = known & (values @ weights.T == 0)
    kept: Numbers = weights[held.sum(axis=0) >= _HOLDS * known.sum(axis=0)]
    return kept


@dataclass(frozen=True)
class _Option:
    """What one row may lack (column -> number), and how many faults of it that leaves or assumes."""

    lacks: Mapping[int, int]
    faults: int


@dataclass(frozen=True)
class _Search:
    """What the explanations of one total are made of."""

    values: Numbers
    unknown: Flags
    weights: Numbers
    lacking: Numbers  # by column
    columns: Sequence[int]  # in which the difference is to be explained
    free: Numbers  # the weights of the columns of which the sum is not known

    def broken(self, row: int, lacks: Mapping[int, int] | None = None) -> int:
        """The identities of a row that do not hold, of those without an unknown cell. `lacks`: added to its numbers."""
        whole = self.values[row].copy()
        for column, lack in (lacks or {}).items():
            whole[column] += lack
        known = ~self.weights[:, self.unknown[row]].any(axis=1)
        return int(np.count_nonzero((self.weights @ whole)[known]))

    def options(self, row: int) -> Iterator[_Option]:
        """What a row may lack: nothing, the difference of some columns, or what its own identities lack in one."""
        known = [c for c in self.columns if not self.unknown[row, c]]
        wanted: list[dict[int, int]] = [
            {c: int(self.lacking[c]) for c in some}
            for count in range(_MOST_CELLS + 1)
            for some in itertools.combinations(known, count)
        ]
        own = {c: lack_of_cell(self.values[row], self.weights, c) for c in known}
        wanted += [{c: lack} for c, lack in own.items() if lack not in {0, int(self.lacking[c])}]
        for lacks in wanted:
            if all(self.values[row, c] + lack >= 0 for c, lack in lacks.items()):
                yield _Option(lacks, len(lacks) + self.broken(row, lacks))

    def left_over(self, chosen: Sequence[_Option]) -> dict[int, int] | None:
        """What of the differences rows do not account for, by column; None where they take a part of a column."""
        left: dict[int, int] = {}
        for column in self.columns:
            taken = [option.lacks[column] for option in chosen if column in option.lacks]
            lack = int(self.lacking[column])
            if taken and sum(taken) != lack:
                return None
            if not taken:
                left[column] = lack
        return left

    def may_be_unseen(self, left: Mapping[int, int]) -> bool:
        """Whether some of a difference may be an error of a row that none of its identities shows."""
        rank = _rank(self.free)
        for count in range(1, len(left) + 1):
            for some in itertools.combinations(left, count):
                broken = sum(self.weights[:, c] * left[c] for c in some)
                if _rank(np.column_stack([self.free, broken])) == rank:
                    return True
        return False

    def faults_of_missing_row(self, suspects: Sequence[int]) -> int:
        """More faults than an explanation may have that is better than this one: a row is missing, or one too much.

        A row of which all differences are the numbers is one fault, and each identity that it breaks another one.
        """
        differences = self.lacking[list(self.columns)]
        if len(self.columns) == 1 or not ((differences > 0).all() or (differences < 0).all()):
            return int(1e9)
        left = sum(self.broken(row) for row in suspects)
        return left + int(np.count_nonzero(self.weights @ self.lacking))


def lack_of_cell(row: Numbers, weights: Numbers, column: int) -> int:
    """What one cell of a row lacks for all identities of the row to hold; 0 where no number of it does that."""
    gaps, own = weights @ row, weights[:, column]
    if not gaps.any() or not own.any():
        return 0
    first = int(np.flatnonzero(own)[0])
    lack = -int(gaps[first]) * int(own[first])  # weights are +1 or -1
    return lack if lack and not (gaps + own * lack).any() else 0


def _rank(matrix: Numbers) -> int:
    return int(np.linalg.matrix_rank(matrix)) if matrix.size else 0
