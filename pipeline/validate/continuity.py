"""A quarter against the published ones before it: what was pending is carried over, nobody vanishes unseen.

Counts after corrections on both sides. A unit that ended stands with whoever took over from it (`successor` of
units.csv, over chains), because a portal moves the dossiers. Nothing is said of counts that are in doubt already.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from pipeline.arithmetic.wide_counts import cell_of, complete, value_of, wide
from pipeline.findings import Finding
from pipeline.publish import published_quarters as published
from pipeline.publish.published_quarters import PastQuarter
from pipeline.registry import UnitIndex
from pipeline.text import vn_date, vn_int
from pipeline.validate.share_jumps import share_jumps

Place = tuple[str, str, str]
#: where a figure that follows from others is written in the file
_CELLS = {
    "carried_over": ("carried_over", "received_total", "received_in_period"),
    "pending_total": ("pending_total", "pending_in_time", "pending_overdue"),
}


@dataclass(frozen=True)
class Side:
    """One quarter's counts: `units` as they were reported, `table` by family (the unit that has them today).

    Both completed, index unit_id; a row is NA where the counts of a member are in doubt.
    """

    counts: pd.DataFrame
    units: pd.DataFrame
    table: pd.DataFrame
    heirs: Mapping[str, str]

    @classmethod
    def of(cls, counts: pd.DataFrame, doubtful: Sequence[str], heirs: Mapping[str, str]) -> Side:
        """`doubtful`: units and levels whose counts are not to be compared, with or without counts."""
        units = complete(wide(counts))[0]
        units["carried_over"] = _carried_over(units)
        units = units.reindex([*units.index, *(u for u in doubtful if u not in units.index)])
        units.loc[units.index.isin(doubtful)] = pd.NA
        keys = pd.Index([heirs.get(u, u) for u in units.index], name="unit_id")
        grouped = units.groupby(keys, sort=False).sum()
        return cls(counts, units, grouped.mask(units.isna().groupby(keys, sort=False).any()), heirs)

    @cached_property
    def places(self) -> Mapping[tuple[str, str], Place]:
        """(unit, measure) -> file, sheet, cell."""
        return cell_of(self.counts)

    @cached_property
    def corrected(self) -> set[tuple[str, str]]:
        """(unit, measure) of every count that a correction changed."""
        rows = self.counts.loc[self.counts["correction_id"] != ""]
        return set(zip(rows["unit_id"], rows["measure"], strict=True))

    @cached_property
    def reported(self) -> set[str]:
        """Units and levels that have counts, in doubt or not."""
        return set(self.counts["unit_id"])

    def members(self, family: str) -> list[str]:
        """Who makes up a family here."""
        return [u for u in self.units.index if self.heirs.get(u, u) == family]

    def place(self, family: str, measure: str) -> Place:
        """The cell of a family's figure; nothing where it is a sum."""
        units = self.members(family)
        cells = [self.places.get((units[0], m)) for m in _CELLS[measure]] if len(units) == 1 else []
        return next((c for c in cells if c is not None), ("", "", ""))

    def counter(self, family: str, measure: str) -> str:
        """` (đã điều chỉnh)` where the figure is no longer what its cell says."""
        touched = any((u, m) in self.corrected for u in self.members(family) for m in _CELLS[measure])
        return " (đã điều chỉnh)" if touched else ""


def check_continuity(
    counts: pd.DataFrame, said: pd.DataFrame, index: UnitIndex, past: Sequence[PastQuarter]
) -> list[Finding]:
    """Warnings and notices; history sets nobody aside. `past`: newest first, all before the period of `index`.

    counts: Counts after corrections; said: the period's Findings, which tell whose counts are in doubt.

    Carried over, vanished and new units are looked at against the quarter just before only, shares against them all.
    """
    findings = published.damage_findings(past)
    if counts.empty:  # said as such
        return findings
    heirs = families(index.registry, index.period.end)
    errors = said.loc[said["sets_aside"].isin(["unit", "level"])]
    errors = errors.loc[errors["code"] != "unit_missing"]  # nothing there to doubt: it may be with its successor
    now = Side.of(counts, published.units_in_doubt(zip(errors["unit_id"], errors["code"], strict=True)), heirs)
    sides = [(q, Side.of(q.counts, q.used.in_doubt, heirs)) for q in past if q.counts is not None]
    for quarter, before in sides:
        if quarter.period == index.period.previous:
            findings += _carried(now, before, quarter, index)
            findings += _vanished(before, quarter, index)
            findings += _appeared(now, before, quarter, index)
    units = now.table.loc[now.table.index.isin(index.units())]
    findings += share_jumps(units, [(q.period, side.table) for q, side in sides], index.names, now.places)
    return findings


def families(registry: pd.DataFrame, day: dt.date) -> dict[str, str]:
    """Every unit of the registry -> itself, or whoever has its dossiers by the end of `day`, over chains.

    A chain that leads back to where it came from leads nowhere.
    """
    ended = registry.loc[(registry["valid_to"] != "") & (registry["valid_to"] < day.isoformat())]
    following = {u: s for u, s in zip(ended["unit_id"], ended["successor"], strict=True) if s}
    found = {}
    for unit in registry["unit_id"]:
        heir, seen = unit, {unit}
        while heir in following and following[heir] not in seen:
            heir = following[heir]
            seen.add(heir)
        found[unit] = unit if following.get(heir) in seen else heir
    return found


def _carried_over(units: pd.DataFrame) -> pd.Series:
    """Also where an export only tells everything and what came in the period."""
    rest = units["received_total"] - units["received_in_period"]
    return units["carried_over"].where(units["carried_over"].notna(), rest.where((rest >= 0).fillna(False)))


def _carried(now: Side, before: Side, quarter: PastQuarter, index: UnitIndex) -> list[Finding]:
    """Units, and levels that have a row of their own and differ by something else than their units do together."""
    carried, pending = now.table["carried_over"].align(before.table["pending_total"], join="inner")
    gaps = (carried - pending).dropna()
    is_unit = gaps.index.map(index.kinds) == "unit"
    of_units = gaps[is_unit].groupby(gaps.index[is_unit].map(index.levels)).sum()
    findings = []
    for unit in gaps.index[gaps != 0].astype(str):
        gap = int(gaps[unit])
        if index.kinds.get(unit) == "level" and of_units.get(index.levels[unit]) == gap:
            continue
        facts = {
            "row": index.names.get(unit, unit),
            "before": quarter.name,
            "period": quarter.period,
            "difference": _signed(gap),
            "counter": now.counter(unit, "carried_over"),
            "source": _source(before, unit, index),
        }
        place = now.place(unit, "carried_over")
        found, expected = vn_int(int(carried[unit])), vn_int(int(pending[unit]))
        findings.append(Finding("continuity_broken", unit, *place, found, expected, facts))
    return findings


def _source(before: Side, family: str, index: UnitIndex) -> str:
    """` (cong.xlsx, II.06a, ô K10)`, or the units that a sum is made of: ` (Xã D 3 + Xã Đ 4)`."""
    units = before.members(family)
    if units != [family]:
        parts = (f"{index.names.get(u, u)} {vn_int(value_of(before.units, u, 'pending_total') or 0)}" for u in units)
        return f" ({' + '.join(parts)}, theo cột successor của units.csv)"
    file, sheet, cell = before.place(family, "pending_total")
    where = ", ".join(part for part in (file, sheet, f"ô {cell}" if cell else "") if part)
    return (f" ({where})" if where else "") + before.counter(family, "pending_total")


def _vanished(before: Side, quarter: PastQuarter, index: UnitIndex) -> list[Finding]:
    """Units that the registry does not know in this quarter; one that it knows and nobody lists is missing anyhow."""
    current = set(index.current["unit_id"])
    findings = []
    for unit in before.units.index:
        heir = before.heirs.get(unit, unit)
        if heir in current or unit not in before.reported or index.kinds.get(unit) == "level":
            continue
        pending = value_of(before.units, unit, "pending_total")
        why, ended = _why_gone(unit, heir, index)
        if ended and not pending:  # it left nothing that somebody would have to finish
            continue
        left = "không rõ còn bao nhiêu hồ sơ" if pending is None else f"còn {vn_int(pending)} hồ sơ đang giải quyết"
        facts = {"row": index.names.get(unit, f"mã {unit}"), "before": quarter.name, "left": left}
        findings.append(Finding("unit_vanished", found=why, facts=facts))
    return findings


def _why_gone(unit: str, heir: str, index: UnitIndex) -> tuple[str, bool]:
    """Why a unit is not in the quarter, and whether the registry says that it ended."""
    rows = index.registry.set_index("unit_id")
    if unit not in rows.index:
        return "danh mục đơn vị (units.csv) không còn dòng nào có mã này", False
    if rows.at[unit, "kind"] == "ignore":
        return "danh mục đơn vị nay ghi là không phải đơn vị (kind = ignore)", False
    ended = str(rows.at[unit, "valid_to"])
    if not ended or ended >= index.period.start.isoformat():
        return "danh mục đơn vị ghi là chưa có trong kỳ này (valid_from)", False
    since = f"danh mục đơn vị ghi là chỉ có đến hết ngày {vn_date(dt.date.fromisoformat(ended))}"
    if heir == unit:
        return f"{since}, không ghi đơn vị kế tiếp (successor)", True
    return f"{since}, còn đơn vị kế tiếp {index.names[heir]} cũng không có trong kỳ này", True


def _appeared(now: Side, before: Side, quarter: PastQuarter, index: UnitIndex) -> list[Finding]:
    """Units with dossiers of which the quarter before has no counts: they existed, or have dossiers of somebody's."""
    existed = set(UnitIndex(index.registry, quarter.period).units())
    known = {before.heirs.get(u, u) for u in before.reported}
    findings = []
    for unit in index.units():
        received = value_of(now.table, unit, "received_total")
        if not received or unit in known:
            continue
        carried = value_of(now.table, unit, "carried_over") or 0
        if unit in existed:
            why = "tuy danh mục đơn vị ghi là đã có khi đó"
        elif carried:
            why = "mà cũng không đơn vị cũ nào ghi đơn vị này là kế tiếp (cột successor)"
        else:  # new, with dossiers of its own
            continue
        found = f"{vn_int(received)} hồ sơ tiếp nhận, trong đó {vn_int(carried)} kỳ trước chuyển qua"
        facts = {"row": index.names[unit], "before": quarter.name, "why": why}
        findings.append(Finding("unit_appeared", unit, *now.place(unit, "carried_over"), found, facts=facts))
    return findings


def _signed(gap: int) -> str:
    return ("−" if gap < 0 else "+") + vn_int(abs(gap))
