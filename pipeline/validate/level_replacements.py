"""Levels whose own row still counts the old rows of units that sent new ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from pipeline.arithmetic.wide_counts import first_places, value_of
from pipeline.findings import NO_PLACE, Finding
from pipeline.text import vn_int
from schemas.measures import COUNT_NAMES


@dataclass(frozen=True)
class KeptRows:
    """`measures`: (level, measure) whose own number adds up with the old rows and not with the new ones."""

    measures: frozenset[tuple[str, str]]
    findings: tuple[Finding, ...]


def levels_with_old_rows(
    units: pd.DataFrame,
    own: pd.DataFrame,
    replaced: pd.DataFrame,
    counts: pd.DataFrame,
    members: Mapping[str, list[str]],
    names: Mapping[str, str],
) -> KeptRows:
    """The levels whose own number is the sum of their units with the old numbers of those that were replaced.

    units, own: completed counts tables of the units and of the levels' own rows; replaced: ReplacedCounts frame;
    counts: Counts frame, for places; members: level -> its units. One finding a level, with the numbers that would fit.
    """
    rows = replaced.dropna(subset=["old_value", "new_value"]).to_dict("records")
    before = {(str(r["unit_id"]), str(r["measure"])): int(r["old_value"]) for r in rows}
    places = first_places(counts)
    kept: list[tuple[str, str]] = []
    findings = []
    for level, ids in members.items():
        of_level = units.loc[units.index.isin(ids)]
        items: list[str] = []
        at, changed_units = NO_PLACE, dict[str, None]()
        for measure in COUNT_NAMES:
            stated, column = value_of(own, level, measure), of_level[measure]
            if stated is None or column.isna().any():
                continue
            now = {u: int(column[u]) for u in column.index}
            changed = {u: (before[u, measure], now[u]) for u in now if before.get((u, measure), now[u]) != now[u]}
            fits = sum(now.values())
            if not changed or stated != fits + sum(was - new for was, new in changed.values()) or stated == fits:
                continue
            kept.append((level, measure))
            changes = ", ".join(f"{names[u]} {vn_int(was)} → {vn_int(new)}" for u, (was, new) in changed.items())
            items.append(
                f"{COUNT_NAMES[measure].lower()} {vn_int(stated)}, số khớp với các đơn vị là {vn_int(fits)} ({changes})"
            )
            at = at if items[1:] else places.get((level, measure), NO_PLACE)
            changed_units |= dict.fromkeys(changed)
        if items:
            shown = ", ".join(f"“{names[u]}”" for u in changed_units)
            findings.append(
                at.finding("level_keeps_replaced", level, row=names[level], names=shown, items="; ".join(items))
            )
    return KeptRows(frozenset(kept), tuple(findings))
