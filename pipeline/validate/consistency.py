"""Checks the identities of the counts of each unit and level, such as received = resolved + pending.

The identities are those of `arithmetic/identities.py`. `figure_checks.py` checks the counts against the supplement.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.arithmetic.identities import (
    BALANCE_WITH_OUTSIDE,
    GROUPS,
    IN_PERIOD_BY_CHANNEL,
    OUTSIDE,
    PENDING_BY_DEADLINE,
    RECEIVED_BY_CHANNEL,
    RECEIVED_BY_PERIOD,
    RESOLVED_BY_DEADLINE,
    Identity,
)
from pipeline.arithmetic.masked_numbers import Known, differ, every, first, limited, some
from pipeline.arithmetic.wide_counts import columns_of, first_places, group_sum, sum_of_parts, wide
from pipeline.findings import NO_PLACE, Finding, Place
from pipeline.text import vn_int
from schemas.measures import COUNT_NAMES


@dataclass(frozen=True)
class IdentityCheck:
    """Both sides of an identity, one number a row of a wide table; a row with an unknown side is not checked."""

    identity: Identity
    whole: Known
    parts: Known

    @property
    def broken(self) -> list[int]:
        """The positions of the rows in which the identity does not hold."""
        lines: list[int] = np.flatnonzero(differ(self.whole, self.parts)).tolist()
        return lines


def identity_checks(table: Mapping[str, Known]) -> list[IdentityCheck]:
    """All identities over the columns of a wide table, by measure."""
    checks = [
        IdentityCheck(identity, table[identity.total], sum_of_parts(table, identity))
        for identity in (RECEIVED_BY_CHANNEL, RECEIVED_BY_PERIOD, IN_PERIOD_BY_CHANNEL)
    ]
    for identity in (RESOLVED_BY_DEADLINE, PENDING_BY_DEADLINE):
        whole, parts = table[identity.total], [table[p] for p in identity.parts]
        # a part that no column holds counts as 0. The other parts then have to make up the whole if the first is among
        # them; without the first they must not exceed it
        sums = some(parts).numbers
        given = parts[0].known | (whole.known & (sums > whole.numbers))
        checks.append(IdentityCheck(identity, whole, limited(Known(sums, given), given)))
    received, resolved, pending = (first(table[g.total], group_sum(table, g)) for g in GROUPS.values())
    outside = some([table[m] for m in OUTSIDE]).numbers
    both = every([resolved, pending])
    accounted = limited(Known(both.numbers + outside, both.known), both.known)
    return [*checks, IdentityCheck(BALANCE_WITH_OUTSIDE, received, accounted)]


def check_identities(counts: pd.DataFrame, names: Mapping[str, str], levels: set[str]) -> list[Finding]:
    """One finding a row and identity that does not hold. `counts`: Counts frame with corrected values."""
    if counts.empty:
        return []
    table, places, corrected = wide(counts), first_places(counts), _corrections(counts)
    findings = []
    for check in identity_checks(columns_of(table)):
        measure = check.identity.total
        for line in check.broken:
            unit_id = str(table.index[line])
            place = places.get((unit_id, measure)) or _any_place(places, unit_id)
            changed = f" (sau điều chỉnh {', '.join(corrected[unit_id])})" if unit_id in corrected else ""
            findings.append(
                place.finding(
                    "level_identity_broken" if unit_id in levels else "identity_broken",
                    unit_id,
                    found=f"{COUNT_NAMES[measure].lower()} {vn_int(int(check.whole.numbers[line]))}{changed}",
                    expected=_in_words(check.identity, table.iloc[line], int(check.parts.numbers[line])),
                    row=names.get(unit_id, unit_id),
                )
            )
    return findings


def _corrections(counts: pd.DataFrame) -> dict[str, list[str]]:
    """The corrections in each unit's counts, in their order."""
    found: dict[str, dict[str, None]] = {}
    for unit_id, correction in zip(counts["unit_id"], counts["correction_id"], strict=True):
        if correction:
            found.setdefault(unit_id, {})[correction] = None
    return {unit_id: list(corrections) for unit_id, corrections in found.items()}


def _any_place(places: Mapping[tuple[str, str], Place], unit_id: str) -> Place:
    """The first place of a unit's counts."""
    return next((place for (unit, _), place in places.items() if unit == unit_id), NO_PLACE)


def _in_words(identity: Identity, row: pd.Series, added: int) -> str:
    """The parts of an identity with their numbers and sum: `đã giải quyết trước hạn 3 + … = 5`.

    A total without a number is given as the sum of its own parts; nothing withdrawn or returned is left out.
    """
    groups = {group.total: group for group in GROUPS.values()}
    terms = []
    for measure in identity.parts:
        value = row[measure]
        if pd.isna(value) and measure in groups:
            value = sum(int(row[p]) for p in groups[measure].parts if pd.notna(row[p]))
        if pd.notna(value) and not (measure in OUTSIDE and value == 0):
            terms.append(f"{COUNT_NAMES[measure].lower()} {vn_int(value)}")
    return f"{' + '.join(terms)} = {vn_int(added)}"
