"""A quarter against the published ones before it: what was pending is carried over, nobody vanishes, no share jumps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.findings import Finding
from pipeline.periods import Period
from pipeline.tally import complete, value_of, wide
from pipeline.text import vn_int, vn_percent

#: a share is compared with the unit's own quarters before only where it rests on enough dossiers
LEAST_DOSSIERS = 30
#: percentage points beyond the widest share the unit had before
JUMP = 20
SHARES: tuple[tuple[str, str, str], ...] = (
    ("tỷ lệ hồ sơ quá hạn", "resolved_late", "resolved_total"),
    ("tỷ lệ hồ sơ trước hạn", "resolved_early", "resolved_total"),
    ("tỷ lệ hồ sơ trực tuyến", "received_online", "received_total"),
)


@dataclass(frozen=True)
class PublishedQuarter:
    """A published quarter: its revision and its Counts frame (corrected values)."""

    period: Period
    revision: str
    counts: pd.DataFrame

    def table(self) -> pd.DataFrame:
        """Completed counts by unit."""
        return complete(wide(self.counts))[0]


def check_continuity(
    current: pd.DataFrame,
    history: Sequence[PublishedQuarter],
    period: Period,
    names: Mapping[str, str],
    places: Mapping[tuple[str, str], tuple[str, str, str]],
) -> list[Finding]:
    """Findings (warnings and notices: history sets nobody aside). `history`: newest first, none after the period.

    current: completed counts by unit of the period being checked; places: (unit, measure) -> file, sheet, cell.
    """
    before = next((q for q in history if q.period == period.previous), None)
    findings: list[Finding] = []
    if before is not None:
        findings += _carried_over(current, before, names, places)
        findings += _coming_and_going(current, before, names)
    findings += _jumps(current, history, names, places)
    return findings


def _carried_over(
    current: pd.DataFrame,
    before: PublishedQuarter,
    names: Mapping[str, str],
    places: Mapping[tuple[str, str], tuple[str, str, str]],
) -> list[Finding]:
    earlier = before.table()
    shared = current.index.intersection(earlier.index)
    carried, pending = current.loc[shared, "carried_over"], earlier.loc[shared, "pending_total"]
    findings = []
    for unit_id in shared[(carried != pending).fillna(False)]:
        place = places.get((unit_id, "carried_over"), ("", "", ""))
        facts = {"row": names.get(unit_id, unit_id), "before": before.period.name, "revision": before.revision}
        found, expected = value_of(current, unit_id, "carried_over"), value_of(earlier, unit_id, "pending_total")
        findings.append(Finding("continuity_broken", unit_id, *place, vn_int(found or 0), vn_int(expected or 0), facts))
    return findings


def _coming_and_going(current: pd.DataFrame, before: PublishedQuarter, names: Mapping[str, str]) -> list[Finding]:
    earlier = set(before.table().index)
    facts = {"before": before.period.name, "revision": before.revision}
    gone = [u for u in names if u in earlier and u not in current.index]
    new = [u for u in names if u not in earlier and u in current.index]
    findings = [Finding("unit_vanished", u, facts={"row": names[u], **facts}) for u in gone]
    return findings + [Finding("unit_appeared", u, facts={"row": names[u], **facts}) for u in new]


def _jumps(
    current: pd.DataFrame,
    history: Sequence[PublishedQuarter],
    names: Mapping[str, str],
    places: Mapping[tuple[str, str], tuple[str, str, str]],
) -> list[Finding]:
    """A share further than JUMP points outside all the unit had in the quarters before."""
    tables = [q.table() for q in history]
    findings = []
    for label, part, whole in SHARES:
        now = _shares(current, part, whole)
        past = pd.DataFrame({i: _shares(t, part, whole) for i, t in enumerate(tables)}).reindex(now.index)
        if past.empty:
            continue
        low, high = past.min(axis=1) - JUMP, past.max(axis=1) + JUMP
        for unit_id in now.index[((now < low) | (now > high)).fillna(False)]:
            numerator, denominator = value_of(current, unit_id, part) or 0, value_of(current, unit_id, whole) or 1
            earlier = ", ".join(
                f"{q.period}: {vn_percent(n, d)}"
                for q, t in zip(history, tables, strict=True)
                if (n := value_of(t, unit_id, part)) is not None and (d := value_of(t, unit_id, whole))
            )
            place = places.get((unit_id, part), ("", "", ""))
            facts = {"row": names.get(unit_id, unit_id), "label": label}
            share = f"{vn_percent(numerator, denominator)} ({vn_int(numerator)}/{vn_int(denominator)})"
            findings.append(Finding("share_jumps", unit_id, *place, share, earlier, facts))
    return findings


def _shares(table: pd.DataFrame, part: str, whole: str) -> pd.Series:
    """Percent, NA where the whole is too small to say anything."""
    enough = table[whole].where((table[whole] >= LEAST_DOSSIERS).fillna(False))
    return (100 * table[part].astype("Float64") / enough.astype("Float64")).astype("Float64")
