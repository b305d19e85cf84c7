"""The arithmetic of a table as linear equations: whether its numbers allow a reading of its columns.

A row of a table counts dossiers in classes ("atoms"): received online, directly or carried over; resolved early, on
time or late; pending in time or overdue … A role says which atoms a column adds up, and every dossier received is
resolved, pending or closed otherwise. A reading (a role for each column) is consistent with a row if numbers of the
atoms exist that give all its columns. Source of the sums: `pipeline.arithmetic.identities`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.arithmetic.identities import (
    BALANCE,
    GROUPS,
    PENDING_BY_DEADLINE,
    RECEIVED_BY_CHANNEL,
    RECEIVED_BY_PERIOD,
    RESOLVED_BY_DEADLINE,
)
from pipeline.extract.count_tables.column_roles import (
    IN_TIME,
    LATE_ANY,
    OUTSIDE,
    RESOLVED_OTHER,
    UNUSED,
    WAITING,
    WAITING_INSIDE,
)

#: (role, part) of each column
Roles = tuple[tuple[str, bool], ...]
#: equations are met within this much: the numbers are whole and below 10^8
_TOLERANCE: Final = 1e-3

_PERIOD = RECEIVED_BY_PERIOD.parts[0]
_CHANNELS = RECEIVED_BY_CHANNEL.parts[:2]
_EARLY, _ON_TIME, _LATE = RESOLVED_BY_DEADLINE.parts
_OVERDUE = PENDING_BY_DEADLINE.parts[1]
#: the measures that are atoms, or one atom a part ("Toàn trình", "Một phần")
_SIMPLE = (*RECEIVED_BY_CHANNEL.parts, *RESOLVED_BY_DEADLINE.parts, *PENDING_BY_DEADLINE.parts)
_OTHERS = (WAITING, WAITING_INSIDE, OUTSIDE, RESOLVED_OTHER)
#: the measures by whose numbers two readings are compared, and those that no score does without
COMPARED = (BALANCE.total, _PERIOD, *_SIMPLE)
#: role -> the group of columns whose sums can be looked at without the others
GROUP_OF = {
    **{m: group for group, identity in GROUPS.items() for m in identity.measures},
    _PERIOD: "received",
    IN_TIME: "resolved",
    RESOLVED_OTHER: "resolved",
    WAITING_INSIDE: "pending",
}
NEEDED = frozenset((BALANCE.total, *RESOLVED_BY_DEADLINE.parts, *PENDING_BY_DEADLINE.parts))


class _Split(NamedTuple):
    """The atoms of a measure: of its part columns, and of what none of them counts."""

    parts: tuple[str, ...]
    rest: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """Every atom of the measure."""
        return (*self.parts, *self.rest)


@dataclass(frozen=True)
class System:
    """The equations of one reading. A line for each column, and a last one for the balance.

    `relations`: shape (relations, columns): sums of columns that have to be 0. `within`: pairs of columns of which the
    first counts all dossiers of the second. `weights`: measure -> how the columns give it, where they do.
    """

    relations: NDArray[np.float64]
    within: tuple[tuple[int, int], ...]
    weights: dict[str, NDArray[np.float64]]
    counts: tuple[frozenset[str], ...]  # of each column: the atoms that it adds up

    def holds(self, values: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether each row is consistent. `values`: shape (rows, columns). Returns shape (rows,)."""
        held: NDArray[np.bool_] = np.all(np.abs(values @ self.relations.T) < _TOLERANCE, axis=1)
        for whole, part in self.within:
            held = held & (values[:, whole] >= values[:, part])
        return held

    def adds_up(self, whole: int, parts: Sequence[int]) -> bool:
        """Whether a column counts what others count together, as an index row says. Unused columns count nothing."""
        sets = [self.counts[p] for p in parts]
        together = frozenset().union(*sets)
        return bool(together) and self.counts[whole] == together and sum(map(len, sets)) == len(together)

    @property
    def tested(self) -> NDArray[np.bool_]:
        """Which columns take part in a relation. Shape (columns,)."""
        found: NDArray[np.bool_] = np.any(np.abs(self.relations) > _TOLERANCE, axis=0)
        return found


@lru_cache(maxsize=1 << 14)
def system_of(roles: Roles, *, balanced: bool) -> System:
    """The equations of a reading. `balanced`: received = resolved + pending + closed otherwise is one of them."""
    splits = _splits(roles)
    atoms = [a for split in splits.values() for a in split.all]
    at = {atom: i for i, atom in enumerate(atoms)}
    sets = _sets(splits)
    matrix = np.zeros((len(roles) + 1, len(atoms)))
    covered: list[frozenset[str]] = []
    taken: Counter[str] = Counter()
    for line, (role, part) in enumerate(roles):
        if part or role in _OTHERS:
            own: frozenset[str] = frozenset((splits[role].parts[taken[role]],))
            taken[role] += 1
        else:
            own = sets.get(role, frozenset())
        covered.append(own)
        for atom in own:
            matrix[line, at[atom]] = 1
    if balanced:
        for atom in atoms:
            matrix[-1, at[atom]] = 1 if atom in sets[BALANCE.total] else -1
    used = [i for i in range(len(roles) + 1) if matrix[i].any()]
    relations = np.zeros((0, len(roles)))
    weights: dict[str, NDArray[np.float64]] = {}
    if used:
        left, sizes, _ = np.linalg.svd(matrix[used], full_matrices=True)
        rank = int((sizes > _TOLERANCE).sum())
        null = left[:, rank:].T
        spread = np.zeros((len(null), len(roles) + 1))
        spread[:, used] = null
        # the balance states 0: a relation in which only it takes part says nothing about the columns
        relations = spread[:, : len(roles)]
        relations = relations[(np.abs(relations) > _TOLERANCE).any(axis=1)]
        inverse = np.linalg.pinv(matrix[used])
        for measure in COMPARED:
            wanted = np.zeros(len(atoms))
            wanted[[at[a] for a in sets[measure]]] = 1
            found = wanted @ inverse
            if np.abs(found @ matrix[used] - wanted).max() < _TOLERANCE:
                weights[measure] = np.zeros(len(roles) + 1)
                weights[measure][used] = found
                weights[measure] = weights[measure][: len(roles)]
    within = tuple(
        (i, j)
        for i, whole in enumerate(covered)
        for j, part_of in enumerate(covered)
        if i != j and part_of and part_of < whole
    )
    return System(relations, within, weights, tuple(covered))


def _splits(roles: Roles) -> dict[str, _Split]:
    """The atoms of each simple measure, and of each column of the other roles.

    Parts beside a whole, and a part alone, may leave a rest; several parts without a whole are all of the measure.
    """
    parts = Counter(role for role, part in roles if part or role in _OTHERS)
    wholes = {role for role, part in roles if not part}
    found: dict[str, _Split] = {}
    for measure in _SIMPLE:
        names = tuple(f"{measure} {i}" for i in range(parts[measure]))
        complete = len(names) > 1 and measure not in wholes
        found[measure] = _Split(names, () if complete else (measure,))
    for other in _OTHERS:
        found[other] = _Split(tuple(f"{other} {i}" for i in range(parts[other])), ())
    return found


def _sets(splits: dict[str, _Split]) -> dict[str, frozenset[str]]:
    """Role -> the atoms that a column of it adds up."""

    def of(*measures: str) -> frozenset[str]:
        return frozenset(a for m in measures for a in splits[m].all)

    return {
        **{measure: of(measure) for measure in _SIMPLE},
        BALANCE.total: of(*RECEIVED_BY_CHANNEL.parts),
        _PERIOD: of(*_CHANNELS),
        RESOLVED_BY_DEADLINE.total: of(*RESOLVED_BY_DEADLINE.parts, RESOLVED_OTHER),
        PENDING_BY_DEADLINE.total: of(*PENDING_BY_DEADLINE.parts, WAITING_INSIDE),
        IN_TIME: of(_EARLY, _ON_TIME),
        LATE_ANY: of(_LATE, _OVERDUE),
        UNUSED: frozenset(),
    }
