"""Checks the identities of the counts of each unit and level, such as received = resolved + pending.

`figure_checks` checks the counts against the supplement.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.arithmetic.masked_numbers import Known, differ, every, first, limited, some
from pipeline.arithmetic.wide_counts import columns_of, first_places, parts_sum, wide
from pipeline.findings import NO_PLACE, Finding, Place
from pipeline.text import vn_int
from schemas.measures import COUNT_NAMES, GROUPS


@dataclass(frozen=True)
class Identity:
    """left = right, in words an analyst can check in the file."""

    measure: str  # whose cell the finding names
    left: Known
    right: Known
    terms: tuple[str, ...]  # measures the right side adds up


def identities(table: Mapping[str, Known]) -> list[Identity]:
    """The identities of a row of counts, by measure. Not known on either side = nothing to check."""

    def total_of(measures: tuple[str, ...]) -> Known:
        return every([table[m] for m in measures])

    channels, in_period = GROUPS["received"][1], ("received_in_period", "carried_over")
    found = [
        Identity("received_total", table["received_total"], total_of(channels), channels),
        Identity("received_total", table["received_total"], total_of(in_period), in_period),
        Identity("received_in_period", table["received_in_period"], total_of(channels[:2]), channels[:2]),
    ]
    for group in ("resolved", "pending"):
        total, parts = GROUPS[group]
        # a part no column holds is taken as 0: the others then have to close alone (the first must be there), and
        # without the first they must not exceed the whole
        sums = some([table[p] for p in parts]).numbers
        given = table[parts[0]].known | (table[total].known & (sums > table[total].numbers))
        found.append(Identity(total, table[total], limited(Known(sums, given), given), parts))
    sides = {group: first(table[total], parts_sum(table, group)) for group, (total, _) in GROUPS.items()}
    outside = some([table["withdrawn"], table["returned"]]).numbers
    both = every([sides["resolved"], sides["pending"]])
    accounted = limited(Known(both.numbers + outside, both.known), both.known)
    terms = ("resolved_total", "pending_total", "withdrawn", "returned")
    found.append(Identity("received_total", sides["received"], accounted, terms))
    return found


def check_identities(counts: pd.DataFrame, names: Mapping[str, str], levels: set[str]) -> list[Finding]:
    """One finding per row and identity that does not hold. Corrected values."""
    if counts.empty:
        return []
    table, places, corrected = wide(counts), first_places(counts), _corrections(counts)
    findings = []
    for identity in identities(columns_of(table)):
        for line in np.flatnonzero(differ(identity.left, identity.right)).tolist():
            unit_id = str(table.index[line])
            place = places.get((unit_id, identity.measure)) or _any_place(places, unit_id)
            findings.append(
                place.finding(
                    "level_identity_broken" if unit_id in levels else "identity_broken",
                    unit_id,
                    found=f"{COUNT_NAMES[identity.measure].lower()} {vn_int(int(identity.left.numbers[line]))}"
                    + (f" (sau điều chỉnh {', '.join(corrected[unit_id])})" if unit_id in corrected else ""),
                    expected=_in_words(identity, table.iloc[line], int(identity.right.numbers[line])),
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
    return next((place for (unit, _), place in places.items() if unit == unit_id), NO_PLACE)


def _in_words(identity: Identity, row: pd.Series, right: int) -> str:
    terms = []
    for measure in identity.terms:
        value = row[measure]
        if pd.isna(value) and measure in {"resolved_total", "pending_total"}:
            parts = [p for p in GROUPS["resolved" if measure == "resolved_total" else "pending"][1] if pd.notna(row[p])]
            value = sum(int(row[p]) for p in parts)
        if pd.notna(value) and not (measure in {"withdrawn", "returned"} and value == 0):
            terms.append(f"{COUNT_NAMES[measure].lower()} {vn_int(value)}")
    return f"{' + '.join(terms)} = {vn_int(right)}"
