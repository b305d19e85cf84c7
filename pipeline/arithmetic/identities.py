"""The identities of dossier counts: which count is the sum of which others. The only place that defines them.

Source: form II.06a/VPCP/KSTT (Thông tư 01/2020/TT-VPCP). Its totals of dossiers received, resolved and pending are the
sums of the columns beside them. A dossier received in a period is resolved or pending at its end. Some portals add
columns: received in the period whatever the channel, withdrawn, returned.

A count is a whole number of dossiers of one unit in one period. `counts` maps a measure of `schemas.measures` to such
a number, or to an array of them (one element a row). A measure that is not in `counts` adds nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

_Counts = TypeVar("_Counts", int, NDArray[np.int64])


@dataclass(frozen=True)
class Identity:
    """The measures of `whole` add up to the same number of dossiers as those of `parts`.

    `name`: the identity as a note to an analyst writes it. A measure of the whole has the sign +1, a part -1.
    """

    name: str
    whole: tuple[str, ...]  # the total; in a table without it the columns that make it up
    parts: tuple[str, ...]

    @property
    def total(self) -> str:
        """The measure that is the whole. Raises ValueError where several measures make it up."""
        (total,) = self.whole
        return total

    @property
    def measures(self) -> frozenset[str]:
        """All measures of the identity."""
        return frozenset((*self.whole, *self.parts))

    def gap(self, counts: Mapping[str, _Counts]) -> _Counts:
        """By how many dossiers the whole exceeds its parts; 0 where the identity holds."""
        whole: Any = sum(counts[m] for m in self.whole if m in counts)
        gap: _Counts = whole - sum(counts[m] for m in self.parts if m in counts)
        return gap

    def lacks(self, measure: str, counts: Mapping[str, int]) -> int:
        """How many dossiers `measure` lacks for the identity to hold, the other counts as they are."""
        gap = self.gap(counts)
        return -gap if measure in self.whole else gap


#: closed without a result; some portals count them among the resolved dossiers, some beside them
OUTSIDE = ("withdrawn", "returned")


def _sum(name: str, total: str, *parts: str) -> Identity:
    """A total and its parts."""
    return Identity(name, (total,), parts)


RECEIVED_BY_CHANNEL = _sum(
    "nhận = trực tuyến + trực tiếp + kỳ trước", "received_total", "received_online", "received_direct", "carried_over"
)
RECEIVED_BY_PERIOD = _sum("tiếp nhận = trong kỳ + kỳ trước", "received_total", "received_in_period", "carried_over")
IN_PERIOD_BY_CHANNEL = _sum(
    "trong kỳ = trực tuyến + trực tiếp", "received_in_period", "received_online", "received_direct"
)
RESOLVED_BY_DEADLINE = _sum(
    "đã giải quyết = trước + đúng + quá hạn", "resolved_total", "resolved_early", "resolved_on_time", "resolved_late"
)
#: "đúng và trước hạn", which some exports give as one column
RESOLVED_IN_TIME = _sum(
    "giải quyết không quá hạn = trước + đúng hạn", "resolved_in_time", "resolved_early", "resolved_on_time"
)
PENDING_BY_DEADLINE = _sum(
    "đang giải quyết = trong hạn + quá hạn", "pending_total", "pending_in_time", "pending_overdue"
)
#: of portals that count withdrawn and returned dossiers among the resolved ones
BALANCE = _sum("tiếp nhận = đã + đang giải quyết", "received_total", "resolved_total", "pending_total")
#: of portals that count them beside the resolved ones
BALANCE_WITH_OUTSIDE = _sum("tiếp nhận = đã + đang giải quyết + rút, trả lại", BALANCE.total, *BALANCE.parts, *OUTSIDE)

#: every total with its parts; only the balances are not among them
SUMS = (RECEIVED_BY_CHANNEL, RESOLVED_BY_DEADLINE, PENDING_BY_DEADLINE, RECEIVED_BY_PERIOD, IN_PERIOD_BY_CHANNEL)
#: the three groups of columns that the form has
GROUPS: dict[str, Identity] = {
    "received": RECEIVED_BY_CHANNEL,
    "resolved": RESOLVED_BY_DEADLINE,
    "pending": PENDING_BY_DEADLINE,
}


def share_a_group(one: str, other: str) -> bool:
    """Whether two measures are parts of one total: what one of them gains and the other loses leaves it as it is."""
    return any(one in group.parts and other in group.parts for group in GROUPS.values())


def received_split(known: Collection[str]) -> Identity:
    """How the measures known of a table split what is received: by period where one counts the whole period."""
    return RECEIVED_BY_PERIOD if "received_in_period" in known else RECEIVED_BY_CHANNEL


def terms(group: Identity, known: Set[str]) -> tuple[str, ...]:
    """The measures that make up a group: its total, else all of its parts; () where neither is known."""
    return next((side for side in (group.whole, group.parts) if set(side) <= known), ())


def total_of(counts: Mapping[str, int], group: str) -> int | None:
    """The total of a group (received, resolved, pending), else the sum of its parts, else None."""
    measures = terms(GROUPS[group], counts.keys())
    return sum(counts[m] for m in measures) if measures else None


@lru_cache(maxsize=1 << 10)
def identities_of_row(known: frozenset[str]) -> tuple[Identity, ...]:
    """The identities that a row with the columns `known` has to satisfy; a part without a column counts as 0.

    A balance takes in withdrawn and returned dossiers where the table has a column of them.
    """
    groups = (received_split(known), RESOLVED_BY_DEADLINE, PENDING_BY_DEADLINE)
    found = [IN_PERIOD_BY_CHANNEL] if IN_PERIOD_BY_CHANNEL.measures <= known else []
    for group in groups:
        present = tuple(p for p in group.parts if p in known)
        if group.total in known and present:
            found.append(Identity(group.name, group.whole, present))
    return (*found, *_balance(groups, known, tuple(m for m in OUTSIDE if m in known)))


def _balance(groups: tuple[Identity, ...], known: Set[str], outside: tuple[str, ...] = ()) -> tuple[Identity, ...]:
    """Received = resolved + pending + `outside`; () where one of the groups is not known."""
    received, resolved, pending = (terms(group, known) for group in groups)
    name = BALANCE_WITH_OUTSIDE.name if outside else BALANCE.name
    closed = (Identity(name, received, (*resolved, *pending, *outside)),)
    return closed if received and resolved and pending else ()


def zero_closes(measure: str, counts: Mapping[str, int]) -> bool:
    """Whether an identity of the row confirms 0 for a blank measure and none contradicts it.

    `counts`: all measures of the row, blanks as 0.
    """
    gaps = [i.gap(counts) for i in identities_of_row(frozenset(counts)) if measure in i.measures]
    return bool(gaps) and not any(gaps)


def values_of_blank(measure: str, counts: Mapping[str, int], unknown: Set[str]) -> set[int]:
    """What the identities of a row make of a blank measure, each of those in which nothing else is unknown.

    `counts`: all measures of the row, blanks as 0. `unknown`: those that are blank or hold no number.
    """
    return {i.lacks(measure, counts) for i in identities_of_row(frozenset(counts)) if i.measures & unknown == {measure}}
