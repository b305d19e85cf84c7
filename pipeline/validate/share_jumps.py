"""A unit's shares beside its own last quarters: a notice where one is far outside all that it was.

Three tests at once, because each alone cries wolf: enough dossiers for a share to mean something, a distance that an
office would notice, and one that chance does not explain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from pipeline.arithmetic.rounding import Bools, Floats
from pipeline.findings import Finding
from pipeline.periods import Period
from pipeline.text import vn_int, vn_percent

#: below it one dossier moves a share by more than three points
LEAST_DOSSIERS = 30
#: percentage points beyond the widest the unit was in two to four quarters: less is how quarters differ anyway
JUMP = 10
#: where one quarter is all there is, how widely the unit varies is not known
JUMP_FROM_ONE = 20
#: two-proportion z against the nearest of those quarters: by chance once in about 370 comparisons, and an office makes
#: some eighty a quarter
LEAST_Z = 3.0
#: (words, part, the wholes that it is a share of)
SHARES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("trước hạn", "resolved_early", ("resolved_total",)),
    ("đúng hạn", "resolved_on_time", ("resolved_total",)),
    ("quá hạn", "resolved_late", ("resolved_total",)),
    # what was carried over came in by the channels of another quarter
    ("trực tuyến", "received_online", ("received_online", "received_direct")),
)


def share_jumps(
    now: pd.DataFrame,
    past: Sequence[tuple[Period, pd.DataFrame]],
    names: Mapping[str, str],
    places: Mapping[tuple[str, str], tuple[str, str, str]],
) -> list[Finding]:
    """One notice a unit, of all its shares that jump. Tables: completed counts (index unit_id), `past` newest first."""
    jumps: dict[str, list[tuple[str, str, str, str]]] = {}
    for words, part, wholes in SHARES:
        table = _parts(now, part, wholes, now.index)
        earlier = [_parts(t, part, wholes, now.index) for _, t in past]
        for at in np.flatnonzero(jumped(table, earlier)).tolist():
            told = [(period, t) for (period, _), t in zip(past, earlier, strict=True) if t[1, at] > 0]
            before = ", ".join(f"quý {period.roman}/{period.year} {_share(t, at)}" for period, t in told)
            jumps.setdefault(str(now.index[at]), []).append((part, words, _share(table, at), before))
    return [
        Finding(
            "share_jumps",
            unit,
            *places.get((unit, found[0][0]), ("", "", "")),
            "; ".join(f"{words} {share}" for _, words, share, _ in found),
            "; ".join(f"{words} {before}" for _, words, _, before in found),
            {"row": names.get(unit, unit)},
        )
        for unit, found in jumps.items()
    ]


def jumped(now: Floats, past: Sequence[Floats]) -> Bools:
    """Which units' share is outside all it was. Arrays of two rows (part, whole), NaN where there is nothing to say."""
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
    """Part and whole by unit, NaN where one is unknown or the whole too small."""
    rows = table.reindex(units)
    whole = rows[list(wholes)].sum(axis=1, skipna=False)
    told = (whole >= LEAST_DOSSIERS).fillna(False) & rows[part].notna()
    pair = [rows[part].where(told), whole.where(told)]
    return np.stack([s.astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan) for s in pair])


def _share(table: Floats, at: int) -> str:
    part, whole = int(table[0, at]), int(table[1, at])
    return f"{vn_percent(part, whole)} ({vn_int(part)}/{vn_int(whole)})"
