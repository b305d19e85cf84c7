"""The reading of a table's columns that its numbers prove, and which of its columns they leave open.

Candidates come from the labels (`column_roles`), equations from the identities of counts (`column_system`). A reading
is proven where it holds on the rows of the table and no other reading that holds gives other numbers.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import prod
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pipeline.extract.count_tables.column_roles import UNUSED, Candidate, ColumnCandidates, unlikely_candidates
from pipeline.extract.count_tables.column_system import COMPARED, GROUP_OF, NEEDED, System, system_of
from schemas.measures import COUNT_NAMES

#: sheet column -> the sheet columns that it adds up, by the index row of the table
Expressions = Mapping[int, frozenset[int]]
#: readings that are tried at most, together and of one group of columns
_MOST, _MOST_OF_GROUP = 1024, 2048
#: share of the rows on which a reading has to hold; where a table has fewer than `_FEW` rows it is all of them
_HOLDS, _FEW = 0.8, 5
#: rows that have to contradict the words, and to hold without them, for a reading that no words speak for
_FEW_UNLIKELY: Final = 3
#: one row that speaks for another reading is outweighed by so many that speak against it
_OUTWEIGHED: Final = 8


@dataclass(frozen=True)
class ProvenColumns:
    """A role for each column, in their order.

    `tested`: a sum that holds has the column in it. `open`: columns between whose candidates the numbers do not decide.
    `rows`: on how many of the rows the reading holds; 0 where no reading holds.
    """

    roles: tuple[Candidate, ...]
    tested: frozenset[int]
    open: frozenset[int]
    rows: int
    of_rows: int
    rivalled: frozenset[int] = frozenset()  # open columns of which another reading gives other numbers
    balanced: bool = False  # received = resolved + pending was among the sums
    lost: frozenset[int] = frozenset()  # open columns that may hold a number that no other column gives

    @property
    def reason(self) -> str:
        """`khớp 8/8 dòng`."""
        return f"khớp {self.rows}/{self.of_rows} dòng"


@dataclass(frozen=True, eq=False)
class _Reading:
    """One role for each column, and the rows on which it holds."""

    roles: tuple[Candidate, ...]
    system: System
    held: NDArray[np.bool_]

    @cached_property
    def rank(self) -> tuple[int, int, int]:
        """The better the higher: rows on which it holds, sums that it explains, words that speak for it."""
        wholes = [c.role for c in self.roles if not c.part and c.role in COMPARED]
        repeated = len(wholes) - len(set(wholes))  # two columns of one role are equal, which explains no sum
        return int(self.held.sum()), len(self.system.relations) - repeated, -sum(c.cost for c in self.roles)

    def numbers(self, values: NDArray[np.int64]) -> dict[str, NDArray[np.float64]]:
        """Measure -> its numbers by this reading, of those that the columns determine."""
        return {m: values @ weights for m, weights in self.system.weights.items()}


def prove(columns: Sequence[ColumnCandidates], values: NDArray[np.int64], expressions: Expressions) -> ProvenColumns:
    """The best reading of some columns. Without rows nothing is decided.

    `values`: shape (rows, columns), numbers of dossiers of units. Roles that the words do not name are tried only where
    no reading by the words fits the numbers.
    """
    enough = len(values) >= _FEW_UNLIKELY
    by_balance = (True, False) if len(values) else ()
    for balanced, by_words in itertools.product(by_balance, (True, False) if enough else (True,)):
        some = columns if by_words else unlikely_candidates(columns)
        readings = _readings(some, values, balanced=balanced)
        agreeing = _agreeing(readings, some, expressions)
        best = max(readings, key=lambda r: (r.rank[0], r in agreeing, r.rank))
        count = best.rank[0]
        if by_words:
            worded = best
        elif (best.held & ~worded.held).sum() < _FEW_UNLIKELY:
            continue  # one or two rows that contradict the words are wrong themselves
        if count == len(values) or (len(values) >= _FEW and count >= _HOLDS * len(values)):
            equal = agreeing if best in agreeing else readings
            rivals = [r for r in equal if r is not best and not _beaten(r, best)]
            return replace(_judged(some, best, rivals, values), balanced=balanced)
    first = max(_readings(columns, values, balanced=False), key=lambda r: r.rank[2])
    undecided = {c.index for c in columns if len(c.options) > 1 and c.options[0].role != UNUSED}
    failing = _failing(columns, values) if enough else set()
    return ProvenColumns(first.roles, frozenset(), frozenset(undecided | failing), 0, len(values))


def _failing(columns: Sequence[ColumnCandidates], values: NDArray[np.int64]) -> set[int]:
    """The sheet columns of the groups (received, resolved, pending) whose sums hold in hardly any row."""
    nothing = Candidate(UNUSED)
    found: set[int] = set()
    for group in dict.fromkeys(GROUP_OF.values()):
        own = [GROUP_OF.get(c.options[0].role) == group and not c.confirmed for c in columns]
        roles = tuple(c.options[0] if mine else nothing for c, mine in zip(columns, own, strict=True))
        if _reading(roles, values, balanced=False).held.mean() <= 1 - _HOLDS:
            found |= {c.index for c, mine in zip(columns, own, strict=True) if mine}
    return found


def _judged(
    columns: Sequence[ColumnCandidates], best: _Reading, rivals: Sequence[_Reading], values: NDArray[np.int64]
) -> ProvenColumns:
    """The reading `best`, with the columns that are open because of the rivals or because nothing tests them."""
    tested = best.system.tested
    asked = [
        at for at, column in enumerate(columns) if not column.sure and len(column.options) > 1 and values[:, at].any()
    ]
    open_ = {at for at in asked if best.roles[at].role != UNUSED and not tested[at] and _may_be_unused(columns[at])}
    rivalled: set[int] = set()
    # a question that comes with another one is asked only where the answer to that leaves it open
    rivals = [r for r in rivals if not _explains_less(r, best)]
    for rival in sorted(rivals, key=lambda r: sum(a.role != b.role for a, b in zip(r.roles, best.roles, strict=True))):
        changed = {at for at in asked if rival.roles[at].role not in {best.roles[at].role, UNUSED}}
        if changed and not changed & (open_ | rivalled) and _differ(best, rival, values):
            rivalled |= changed
    names = frozenset(c.index for c, t in zip(columns, tested, strict=True) if t)
    open_columns, rivals_of = (frozenset(columns[at].index for at in found) for found in (open_ | rivalled, rivalled))
    return ProvenColumns(best.roles, names, open_columns, best.rank[0], len(values), rivals_of)


def _explains_less(rival: _Reading, best: _Reading) -> bool:
    """Whether a reading only leaves out columns which the best one explains, and uses no other."""
    fewer = more = False
    for tested, mine, its in zip(best.system.tested.tolist(), best.roles, rival.roles, strict=True):
        fewer = fewer or (tested and mine.role != UNUSED and its.role == UNUSED)
        more = more or (mine.role == UNUSED and its.role != UNUSED)
    return fewer and not more


def _may_be_unused(column: ColumnCandidates) -> bool:
    return any(o.role == UNUSED for o in column.options)


def _beaten(rival: _Reading, best: _Reading) -> bool:
    """Whether the rows speak for the best reading and against the rival."""
    against = int((best.held & ~rival.held).sum())
    return against > 0 and against >= _OUTWEIGHED * int((rival.held & ~best.held).sum())


def _differ(one: _Reading, other: _Reading, values: NDArray[np.int64]) -> bool:
    """Whether two readings give other numbers for a measure, or only one gives a measure that a score needs."""
    mine, theirs = one.numbers(values), other.numbers(values)
    zero = np.zeros(len(values))
    return any(
        np.abs(mine.get(m, zero) - theirs.get(m, zero)).max(initial=0.0) > 0.5
        for m in COMPARED
        if (m in mine and m in theirs) or (m in NEEDED and (m in mine or m in theirs))
    )


def _agreeing(
    readings: Sequence[_Reading], columns: Sequence[ColumnCandidates], expressions: Expressions
) -> Sequence[_Reading]:
    """The readings that agree with the index row of the table (`(3)=(4)+(5)`); all of them where none does.

    An index row may be older than the columns: it decides only between readings that fit the numbers alike.
    """
    at = {c.index: i for i, c in enumerate(columns)}
    sums = [
        (at[whole], [at[p] for p in parts])
        for whole, parts in expressions.items()
        if whole in at and all(p in at for p in parts)
    ]
    found = [r for r in readings if all(r.system.adds_up(whole, parts) for whole, parts in sums)] if sums else []
    return found or readings


# --- which readings there are -----------------------------------------------------------------------------------------


def _readings(columns: Sequence[ColumnCandidates], values: NDArray[np.int64], *, balanced: bool) -> list[_Reading]:
    """The readings of some columns, by the candidates of each."""
    options = _narrowed(columns, values)
    chosen: Iterable[tuple[Candidate, ...]] = itertools.product(*options)
    if prod(map(len, options)) > _MOST:
        chosen = _by_groups(options, values)
    return [_reading(roles, values, balanced=balanced) for roles in chosen if _is_complete(roles)]


def _is_complete(roles: Sequence[Candidate]) -> bool:
    """Whether the roles are there that others need beside them."""
    named = {c.role for c in roles}
    return all(not c.needs or c.needs in named for c in roles)


def _reading(roles: tuple[Candidate, ...], values: NDArray[np.int64], *, balanced: bool) -> _Reading:
    system = system_of(tuple((c.role, c.part) for c in roles), balanced=balanced)
    return _Reading(roles, system, system.holds(values))


def _narrowed(columns: Sequence[ColumnCandidates], values: NDArray[np.int64]) -> list[tuple[Candidate, ...]]:
    """The candidates of each column; a column of zeros has those only in which it matters.

    It adds nothing to a sum. Where another column may have its role, that one gives the numbers.
    """
    narrowed: list[tuple[Candidate, ...]] = []
    filled: list[bool] = np.any(values, axis=0).tolist()
    of_others = {o.role for c, some in zip(columns, filled, strict=True) if some for o in c.options} - {UNUSED}
    for column, some in zip(columns, filled, strict=True):
        options = column.options
        if not some and len(options) > 1 and len(values) and not column.sure:
            nothing = Candidate(UNUSED)
            needed = options[0].role in COUNT_NAMES and options[0].role not in of_others
            options = (options[0], nothing) if needed else (nothing,)
        narrowed.append(options)
    return narrowed


def _by_groups(options: Sequence[tuple[Candidate, ...]], values: NDArray[np.int64]) -> Iterable[tuple[Candidate, ...]]:
    """Readings put together from those of each group of columns that hold by themselves, the best first."""
    groups: dict[str, list[int]] = {}
    for at, candidates in enumerate(options):
        groups.setdefault(GROUP_OF.get(candidates[0].role, ""), []).append(at)
    nothing = Candidate(UNUSED)
    kept: list[list[dict[int, Candidate]]] = []
    for places in groups.values():
        tried: list[_Reading] = []
        for own in itertools.islice(itertools.product(*(options[at] for at in places)), _MOST_OF_GROUP):
            chosen = dict(zip(places, own, strict=True))
            roles = tuple(chosen.get(at, nothing) for at in range(len(options)))
            tried.append(_reading(roles, values, balanced=False))
        tried.sort(key=lambda r: r.rank, reverse=True)
        holding = [r for r in tried if r.rank[0] >= _HOLDS * len(values)] or tried
        kept.append([{at: r.roles[at] for at in places} for r in holding])
    while prod(map(len, kept)) > _MOST:
        max(kept, key=len).pop()
    for combination in itertools.product(*kept):
        merged = {at: role for part in combination for at, role in part.items()}
        yield tuple(merged[at] for at in range(len(options)))
