"""Compares a quarter with the published quarters before it: pending dossiers are carried over, and no unit vanishes.

Both sides are counts after corrections. A portal moves the dossiers of a unit that ended to its successor (`successor`
of units.csv, over chains), so both are compared as one family: the unit that has the dossiers today. Counts that are in
doubt already are not compared.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from pipeline.arithmetic.wide_counts import complete, first_places, value_of, wide
from pipeline.findings import NO_PLACE, Finding, Place
from pipeline.publish import published_quarters as published
from pipeline.publish.published_quarters import PastQuarter
from pipeline.registry import UnitIndex
from pipeline.text import vn_day, vn_int
from pipeline.validate.share_jumps import share_jumps

#: The measures in whose cells a file states a figure that may follow from others.
_CELLS = {
    "carried_over": ("carried_over", "received_total", "received_in_period"),
    "pending_total": ("pending_total", "pending_in_time", "pending_overdue"),
}


@dataclass(frozen=True)
class QuarterCounts:
    """The counts of one quarter, of units and levels.

    `counts`: Counts frame. `units`: completed counts by unit; `table`: by family. Both have the index unit_id and one
    Int64 column a count measure; a row is NA where the counts of a member are in doubt. `heirs`: unit -> its family.
    """

    counts: pd.DataFrame
    units: pd.DataFrame
    table: pd.DataFrame
    heirs: Mapping[str, str]

    @classmethod
    def of(cls, counts: pd.DataFrame, doubtful: Sequence[str], heirs: Mapping[str, str]) -> QuarterCounts:
        """The counts of a Counts frame. `doubtful`: units and levels not to be compared, with or without counts."""
        units = complete(wide(counts))[0]
        units["carried_over"] = carried_over(units)
        units = units.reindex([*units.index, *(u for u in doubtful if u not in units.index)])
        units.loc[units.index.isin(doubtful)] = pd.NA
        keys = pd.Index([heirs.get(u, u) for u in units.index], name="unit_id")
        grouped = units.groupby(keys, sort=False).sum()
        return cls(counts, units, grouped.mask(units.isna().groupby(keys, sort=False).any()), heirs)

    @cached_property
    def places(self) -> Mapping[tuple[str, str], Place]:
        """(unit_id, measure) -> the place of the count."""
        return first_places(self.counts)

    @cached_property
    def corrected(self) -> set[tuple[str, str]]:
        """(unit_id, measure) of every count that a correction changed."""
        rows = self.counts.loc[self.counts["correction_id"] != ""]
        return set(zip(rows["unit_id"], rows["measure"], strict=True))

    @cached_property
    def reported(self) -> set[str]:
        """Units and levels that have counts, in doubt or not."""
        return set(self.counts["unit_id"])

    def members(self, family: str) -> list[str]:
        """The units of a family in this quarter."""
        return [u for u in self.units.index if self.heirs.get(u, u) == family]

    def place(self, family: str, measure: str) -> Place:
        """The place of a family's figure; no place for the sum of several units."""
        units = self.members(family)
        cells = [self.places.get((units[0], m)) for m in _CELLS[measure]] if len(units) == 1 else []
        return next((c for c in cells if c is not None), NO_PLACE)

    def correction_note(self, family: str, measure: str) -> str:
        """` (đã điều chỉnh)` if a correction changed the figure, so that its cell has another value; else ""."""
        touched = any((u, m) in self.corrected for u in self.members(family) for m in _CELLS[measure])
        return " (đã điều chỉnh)" if touched else ""


def check_continuity(
    counts: pd.DataFrame, so_far: pd.DataFrame, index: UnitIndex, past: Sequence[PastQuarter]
) -> list[Finding]:
    """Warnings and notices of the comparison. History sets no unit aside.

    counts: Counts frame after corrections; so_far: the period's Findings frame, which tells whose counts are in doubt;
    past: the published quarters before the period of `index`, newest first.

    Dossiers carried over, vanished units and new units are compared with the quarter just before only; shares with all.
    """
    findings = published.damage_findings(past)
    if counts.empty:  # another finding reports that
        return findings
    heirs = families(index.registry, index.period.end)
    errors = so_far.loc[so_far["sets_aside"].isin(["unit", "level"])]
    errors = errors.loc[~errors["code"].isin(["unit_missing", "unit_waits"])]  # it has no counts to doubt
    now = QuarterCounts.of(counts, published.units_in_doubt(zip(errors["unit_id"], errors["code"], strict=True)), heirs)
    earlier = [(q, QuarterCounts.of(q.counts, q.used.in_doubt, heirs)) for q in past if q.counts is not None]
    for quarter, before in earlier:
        if quarter.period == index.period.previous:
            findings += _carried_differences(now, before, quarter, index)
            findings += _vanished_units(before, quarter, index)
            findings += _new_units(now, before, quarter, index)
    units = now.table.loc[now.table.index.isin(index.units())]
    findings += share_jumps(units, [(q.period, before.table) for q, before in earlier], index.names, now.places)
    return findings


def families(registry: pd.DataFrame, day: dt.date) -> dict[str, str]:
    """Every unit of the registry -> its family: the unit that has its dossiers at the end of `day`, over chains.

    registry: Registry frame. A unit without a successor is its own family, and so is a unit whose chain is a circle.
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


def carried_over(units: pd.DataFrame) -> pd.Series:
    """Dossiers carried over, by unit: as stated, else received in total minus received in the period."""
    rest = units["received_total"] - units["received_in_period"]
    return units["carried_over"].where(units["carried_over"].notna(), rest.where((rest >= 0).fillna(False)))


def _carried_differences(
    now: QuarterCounts, before: QuarterCounts, quarter: PastQuarter, index: UnitIndex
) -> list[Finding]:
    """One finding for each unit or level whose dossiers carried over are not those pending before.

    A level is not reported if it differs by as much as its units together.
    """
    carried, pending = now.table["carried_over"].align(before.table["pending_total"], join="inner")
    gaps = (carried - pending).dropna()
    is_unit = gaps.index.map(index.kinds) == "unit"
    of_units = gaps[is_unit].groupby(gaps.index[is_unit].map(index.levels)).sum()
    findings = []
    for unit in gaps.index[gaps != 0].astype(str):
        gap = int(gaps[unit])
        if index.kinds.get(unit) == "level" and of_units.get(index.levels[unit]) == gap:
            continue
        findings.append(
            now.place(unit, "carried_over").finding(
                "continuity_broken",
                unit,
                found=vn_int(int(carried[unit])),
                expected=vn_int(int(pending[unit])),
                row=index.names.get(unit, unit),
                before=quarter.name,
                period=quarter.period,
                difference=_signed(gap),
                counter=now.correction_note(unit, "carried_over"),
                source=_source(before, unit, index),
            )
        )
    return findings


def _source(before: QuarterCounts, family: str, index: UnitIndex) -> str:
    """The source of a family's pending dossiers: ` (cong.xlsx, II.06a, ô K10)`, or the units: ` (Xã D 3 + Xã Đ 4)`."""
    units = before.members(family)
    if units != [family]:
        parts = (f"{index.names.get(u, u)} {vn_int(value_of(before.units, u, 'pending_total') or 0)}" for u in units)
        return f" ({' + '.join(parts)}, theo cột successor của units.csv)"
    place = before.place(family, "pending_total")
    where = ", ".join(filter(None, (place.file, place.sheet, f"ô {place.cell}" if place.cell else "")))
    return (f" ({where})" if where else "") + before.correction_note(family, "pending_total")


def _vanished_units(before: QuarterCounts, quarter: PastQuarter, index: UnitIndex) -> list[Finding]:
    """One finding for each unit of the quarter before that the registry does not have in this quarter.

    A unit that it has and no file lists is reported as missing elsewhere (`statuses`).
    """
    current = set(index.current["unit_id"])
    findings = []
    for unit in before.units.index:
        heir = before.heirs.get(unit, unit)
        if heir in current or unit not in before.reported or index.kinds.get(unit) == "level":
            continue
        pending = value_of(before.units, unit, "pending_total")
        why, ended = _why_gone(unit, heir, index)
        if ended and not pending:  # it left no dossiers to finish
            continue
        left = "không rõ còn bao nhiêu hồ sơ" if pending is None else f"còn {vn_int(pending)} hồ sơ đang giải quyết"
        row = index.names.get(unit, f"mã {unit}")
        findings.append(NO_PLACE.finding("unit_vanished", found=why, row=row, before=quarter.name, left=left))
    return findings


def _why_gone(unit: str, heir: str, index: UnitIndex) -> tuple[str, bool]:
    """Why a unit is not in the quarter, in Vietnamese, and whether the registry has a day on which it ended."""
    rows = index.registry.set_index("unit_id")
    if unit not in rows.index:
        return "danh mục đơn vị (units.csv) không còn dòng nào có mã này", False
    if rows.at[unit, "kind"] == "ignore":
        return "danh mục đơn vị nay ghi là không phải đơn vị (kind = ignore)", False
    ended = str(rows.at[unit, "valid_to"])
    if not ended or ended >= index.period.start.isoformat():
        return "danh mục đơn vị ghi là chưa có trong kỳ này (valid_from)", False
    since = f"danh mục đơn vị ghi là chỉ có đến hết ngày {vn_day(dt.date.fromisoformat(ended))}"
    if heir == unit:
        return f"{since}, không ghi đơn vị kế tiếp (successor)", True
    return f"{since}, còn đơn vị kế tiếp {index.names[heir]} cũng không có trong kỳ này", True


def _new_units(now: QuarterCounts, before: QuarterCounts, quarter: PastQuarter, index: UnitIndex) -> list[Finding]:
    """One finding for each unit with dossiers that has no counts in the quarter before and should have.

    It existed then, or it has dossiers carried over that must come from another unit.
    """
    existed = set(UnitIndex(index.registry, quarter.period).units())
    known = {before.heirs.get(u, u) for u in before.reported}
    formed_from = dict(zip(index.current["unit_id"], index.current["formed_from"], strict=True))
    findings = []
    for unit in index.units():
        received = value_of(now.table, unit, "received_total")
        if not received or unit in known:
            continue
        carried = value_of(now.table, unit, "carried_over") or 0
        if unit in existed:
            why = "tuy danh mục đơn vị ghi là đã có khi đó"
        elif carried and not formed_from.get(unit):
            why = "mà cũng không đơn vị cũ nào ghi đơn vị này là kế tiếp (cột successor)"
        else:  # a new unit with its own dossiers, or one whose former units the registry names
            continue
        found = f"{vn_int(received)} hồ sơ tiếp nhận, trong đó {vn_int(carried)} kỳ trước chuyển qua"
        place, name = now.place(unit, "carried_over"), index.names[unit]
        findings.append(place.finding("unit_appeared", unit, found=found, row=name, before=quarter.name, why=why))
    return findings


def _signed(gap: int) -> str:
    return ("−" if gap < 0 else "+") + vn_int(abs(gap))
