"""Compares the shares of each unit with its own last quarters: a notice where a share is far from all of them.

A share has to pass three tests at once, because each alone gives too many notices: enough dossiers, a distance that an
office would notice, and a distance that chance does not explain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from pipeline.arithmetic.rounding import Bools, Floats
from pipeline.findings import NO_PLACE, Finding, Place
from pipeline.periods import Period
from pipeline.text import vn_int, vn_percent

#: Dossiers. In a smaller whole one dossier moves a share by more than three percentage points.
LEAST_DOSSIERS = 30
#: Percentage points beyond the range of the unit's last two to four quarters. Quarters differ by less anyway.
JUMP = 10
#: Percentage points where there is one earlier quarter only: how widely the unit varies is then unknown.
JUMP_FROM_ONE = 20
#: Two-proportion z against the nearest of those quarters. Chance alone exceeds it in about one of 370 comparisons; an
#: office makes some eighty a quarter.
LEAST_Z = 3.0
#: (name in Vietnamese, measure of the part, measures that make up the whole)
SHARES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("trước hạn", "resolved_early", ("resolved_total",)),
    ("đúng hạn", "resolved_on_time", ("resolved_total",)),
    ("quá hạn", "resolved_late", ("resolved_total",)),
    # the dossiers carried over came in by the channels of another quarter: they are no part of this whole
    ("trực tuyến", "received_online", ("received_online", "received_direct")),
)


def share_jumps(
    now: pd.DataFrame,
    past: Sequence[tuple[Period, pd.DataFrame]],
    names: Mapping[str, str],
    places: Mapping[tuple[str, str], Place],
) -> list[Finding]:
    """One notice for each unit with shares that jump; it names them all.

    now: completed counts, index unit_id, one Int64 column a count measure; past: the same of earlier quarters, newest
    first; names: unit_id -> name; places: (unit_id, measure) -> the place of the count.
    """
    jumps: dict[str, list[_Jump]] = {}
    for words, part, wholes in SHARES:
        table = _parts(now, part, wholes, now.index)
        earlier = [_parts(t, part, wholes, now.index) for _, t in past]
        for at in np.flatnonzero(jumped(table, earlier)).tolist():
            known = [(period, t) for (period, _), t in zip(past, earlier, strict=True) if t[1, at] > 0]
            before = ", ".join(f"quý {period.roman}/{period.year} {_share(t, at)}" for period, t in known)
            jump = _Jump(part, f"{words} {_share(table, at)}", f"{words} {before}")
            jumps.setdefault(str(now.index[at]), []).append(jump)
    return [
        places.get((unit, found[0].part), NO_PLACE).finding(
            "share_jumps",
            unit,
            found="; ".join(j.now for j in found),
            expected="; ".join(j.before for j in found),
            row=names.get(unit, unit),
        )
        for unit, found in jumps.items()
    ]


class _Jump(NamedTuple):
    """A share that jumps: the measure of its part; the share now and before, in Vietnamese."""

    part: str
    now: str
    before: str


def jumped(now: Floats, past: Sequence[Floats]) -> Bools:
    """True for each unit whose share passes the three tests against its earlier shares.

    Arrays of shape (2, units): numbers of dossiers of the part and of the whole, NaN where the share is not compared.
    """
    if not past:
        return np.zeros(now.shape[1], dtype=bool)
    parts, wholes = np.stack([t[0] for t in past]), np.stack([t[1] for t in past])
    quarters = (wholes > 0).sum(axis=0)
    points = np.where(quarters == 1, JUMP_FROM_ONE, JUMP)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = parts / wholes
        above, below = np.where(wholes > 0, shares, -np.inf), np.where(wholes > 0, shares, np.inf)
        far = np.zeros(now.shape[1], dtype=bool)
        for nearest, sign in ((above.argmax(axis=0), 1), (below.argmin(axis=0), -1)):
            part, whole = (np.take_along_axis(a, nearest[None], axis=0)[0] for a in (parts, wholes))
            gap = sign * (now[0] * whole - part * now[1])  # products of whole numbers: exact
            both, every = now[0] + part, now[1] + whole
            z = gap * np.sqrt(every / (now[1] * whole * both * (every - both)))
            far |= (100 * gap >= points * now[1] * whole) & (z >= LEAST_Z)
    return np.asarray(far & (quarters > 0) & (now[1] > 0), dtype=bool)


def _parts(table: pd.DataFrame, part: str, wholes: tuple[str, ...], units: pd.Index) -> Floats:
    """Part and whole of each unit, shape (2, units); NaN where one is unknown or the whole is below LEAST_DOSSIERS."""
    rows = table.reindex(units)
    whole = rows[list(wholes)].sum(axis=1, skipna=False)
    compared = (whole >= LEAST_DOSSIERS).fillna(False) & rows[part].notna()
    pair = [rows[part].where(compared), whole.where(compared)]
    return np.stack([s.astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan) for s in pair])


def _share(table: Floats, at: int) -> str:
    part, whole = int(table[0, at]), int(table[1, at])
    return f"{vn_percent(part, whole)} ({vn_int(part)}/{vn_int(whole)})"
