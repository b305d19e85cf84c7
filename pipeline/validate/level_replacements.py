"""Levels whose own row still counts the old rows of units that sent new ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from pipeline.arithmetic.wide_counts import first_places, value_of
from pipeline.findings import NO_PLACE, Finding, Place
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
        numbers = list(_kept_numbers(level, own, units.loc[units.index.isin(ids)], before))
        if numbers:
            kept += [(level, number.measure) for number in numbers]
            findings.append(_finding(level, numbers, places, names))
    return KeptRows(frozenset(kept), tuple(findings))


@dataclass(frozen=True)
class _KeptNumber:
    """A level's own number, the sum of its units now, and the units (old number, number now) that it lags behind."""

    measure: str
    stated: int
    fits: int
    units: Mapping[str, tuple[int, int]]


def _kept_numbers(
    level: str, own: pd.DataFrame, units: pd.DataFrame, before: Mapping[tuple[str, str], int]
) -> Iterator[_KeptNumber]:
    """The own numbers of a level that add up with the old numbers of its units. `units`: only those of the level."""
    for measure in COUNT_NAMES:
        stated, column = value_of(own, level, measure), units[measure]
        if stated is None or column.isna().any():
            continue
        now = {str(u): int(number) for u, number in column.items()}
        changed = {u: (before[u, measure], now[u]) for u in now if before.get((u, measure), now[u]) != now[u]}
        fits = sum(now.values())
        if stated != fits and stated == fits + sum(was - new for was, new in changed.values()):
            yield _KeptNumber(measure, stated, fits, changed)


def _finding(
    level: str,
    numbers: Sequence[_KeptNumber],
    places: Mapping[tuple[str, str], Place],
    names: Mapping[str, str],
) -> Finding:
    """One finding for all kept numbers of a level, at their cells."""
    cells = [places.get((level, n.measure), NO_PLACE) for n in numbers]
    together = all((c.file, c.sheet) == (cells[0].file, cells[0].sheet) for c in cells)
    at = replace(cells[0], cell=", ".join(c.cell for c in cells)) if together else cells[0]
    units = dict.fromkeys(unit for number in numbers for unit in number.units)
    items = [
        f"{COUNT_NAMES[n.measure].lower()} {vn_int(n.stated)}, số khớp với các đơn vị là {vn_int(n.fits)} ("
        + ", ".join(f"{names[u]} {vn_int(was)} → {vn_int(now)}" for u, (was, now) in n.units.items())
        + ")"
        for n in numbers
    ]
    return at.finding(
        "level_keeps_replaced",
        level,
        found="; ".join(vn_int(n.stated) for n in numbers),
        expected="; ".join(vn_int(n.fits) for n in numbers),
        row=names[level],
        names=", ".join(f"“{names[u]}”" for u in units),
        items="; ".join(items),
    )
