"""The counts of a level: its own row where an export has one, by whole groups, else the sums of its units.

In this module a counts table has the index unit_id (units or levels) and one Int64 column a count measure, NA where
not known. `members` maps each level's id to ids of its units, and `names` each id to its name.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from pipeline.arithmetic.identities import GROUPS, OUTSIDE
from pipeline.arithmetic.wide_counts import MEASURES, first_places, value_of
from pipeline.findings import NO_PLACE, Consequence, Finding, source_place
from pipeline.text import vn_int
from schemas.measures import COUNT_NAMES

#: Group -> its measures. If a level's own row has one of them, it needs those that its units have.
GROUP_MEASURES = {name: (group.total, *group.parts) for name, group in GROUPS.items()} | {"outside": OUTSIDE}

#: Where the counts of a level come from: its own row, the sums of its units, or both.
Basis = Literal["own", "sum", "mixed"]


@dataclass(frozen=True)
class LevelCounts:
    """The counts of the levels.

    `table`: counts table of the levels. `summed`: the same shape, True where a value is a sum of units. `basis`: level
    -> where its counts come from. `findings`: own rows with an incomplete group.
    """

    table: pd.DataFrame
    summed: pd.DataFrame
    basis: Mapping[str, Basis]
    findings: tuple[Finding, ...]


def level_counts(
    units: pd.DataFrame,
    own: pd.DataFrame,
    raw_counts: pd.DataFrame,
    members: Mapping[str, list[str]],
    usable: Mapping[str, list[str]],
    names: Mapping[str, str],
) -> LevelCounts:
    """The counts of each level.

    units: completed counts table of the units with counts; own: completed counts table of the levels' own rows;
    raw_counts: Counts frame, for the place of an own row; members: all units of the levels; usable: those whose counts
    are used. What an own row has to have, all units of its level show.
    """
    table = pd.DataFrame(index=list(members), columns=MEASURES).astype("Int64")
    summed = pd.DataFrame(False, index=table.index, columns=MEASURES)
    places = first_places(raw_counts)
    basis: dict[str, Basis] = {}
    findings = []
    for level, ids in members.items():
        of_level, of_units = units.loc[units.index.isin(ids)], units.loc[units.index.isin(usable[level])]
        own_groups = 0
        for group, measures in GROUP_MEASURES.items():
            given = [m for m in measures if value_of(own, level, m) is not None]
            for measure in given:
                table.at[level, measure] = value_of(own, level, measure)
            if given and group != "outside":
                own_groups += 1
                missing = _missing_measures(group, given, of_level)
                if missing:
                    place = next((p for (u, _), p in places.items() if u == level), NO_PLACE)
                    found = ", ".join(COUNT_NAMES[m].lower() for m in missing)
                    findings.append(place.finding("level_group_incomplete", level, found=found, row=names[level]))
            elif not given and not (group == "outside" and own_groups):
                sums = of_units[list(measures)].sum(axis=0, skipna=False, min_count=1)
                for measure in (m for m in measures if pd.notna(sums[m])):
                    table.at[level, measure] = int(sums[measure])
                    summed.at[level, measure] = True
        basis[level] = "sum" if own_groups == 0 else "own" if own_groups == len(GROUPS) else "mixed"
    return LevelCounts(table, summed, basis, tuple(findings))


def _missing_measures(group: str, given: list[str], of_units: pd.DataFrame) -> list[str]:
    """The measures of a group that an own row lacks, though all of the level's units have them.

    A level without units needs the whole group of dossiers resolved, and of the other groups what its row has.
    """
    measures = GROUP_MEASURES[group]
    if of_units.empty:
        return [m for m in measures if m not in given] if group == "resolved" else []
    return [m for m in measures if m not in given and of_units[m].notna().all()]


@dataclass(frozen=True)
class LevelDifferences:
    """Where levels' own rows are not the sums of their units.

    `consequences`: (unit or level, what the level's row shows of its error or of its being set aside).
    """

    findings: tuple[Finding, ...] = ()
    consequences: tuple[tuple[str, Consequence], ...] = ()


def level_differences(
    all_units: pd.DataFrame,
    used: Mapping[str, list[str]],
    members: Mapping[str, list[str]],
    own: pd.DataFrame,
    counts: pd.DataFrame,
    names: Mapping[str, str],
    repaired: pd.DataFrame,
    explained: Collection[tuple[str, str]] = (),
) -> LevelDifferences:
    """One finding for each measure of a level's own row that differs from the sum of its units.

    all_units: completed counts table of the units that have counts, set aside or not; used: level -> its units that are
    not set aside; own: completed counts table of the levels' own rows; counts: Counts frame, for places; repaired:
    completed counts table of units and levels with what the cells lack that other findings name. A difference that is
    none by it follows from these. explained: (level, measure) of differences whose cause is named elsewhere.

    A measure is compared if every unit with counts has it. That a level's own row counts the dossiers of a unit that is
    set aside follows from what sets the unit aside.
    """
    findings: list[Finding] = []
    following: list[tuple[str, Consequence]] = []
    places = first_places(counts)
    for level, ids in members.items():
        if level not in own.index:
            continue
        absent = [u for u in ids if u not in all_units.index]
        table = all_units.loc[all_units.index.isin(ids)]
        excluded = f" Tổng các đơn vị chưa gồm: {', '.join(names[u] for u in absent)}." if absent else ""
        for measure in COUNT_NAMES:
            stated = value_of(own, level, measure)
            column = table[measure].dropna()
            if stated is None or column.empty or len(column) < len(table) or stated == int(column.sum()):
                continue
            total = int(column.sum())
            if (level, measure) in explained:
                continue
            place, label = places.get((level, measure), NO_PLACE), COUNT_NAMES[measure]
            difference = _signed(stated - total)
            faults, left = _faults(repaired, measure, stated, column, level)
            if faults and not left:
                text = (
                    f"{names[level]} – {label}: số riêng của cấp {vn_int(stated)}, tổng các đơn vị {vn_int(total)} "
                    f"(chênh {difference}, đúng bằng phần sai đã nêu)."
                )
                following += [(who, place.consequence(text)) for who in faults]
                continue
            findings.append(
                place.finding(
                    "level_differs",
                    level,
                    found=vn_int(stated),
                    expected=vn_int(total),
                    row=names[level],
                    label=label,
                    difference=difference,
                    excluded=excluded + (f" Sửa các ô sai đã nêu thì còn chênh {_signed(left)}." if faults else ""),
                )
            )
        set_aside = [u for u in ids if u in all_units.index and u not in used[level]]
        received = value_of(own, level, "received_total")
        without = table.loc[~table.index.isin(set_aside), "received_total"].sum(min_count=1)
        if received is None or pd.isna(without) or received == int(without):
            continue
        place = places.get((level, "received_total"), NO_PLACE)
        text = f"Số riêng của {names[level]} vẫn gồm hồ sơ của đơn vị này."
        following += [(unit_id, place.consequence(text)) for unit_id in set_aside]
    return LevelDifferences(tuple(findings), tuple(following))


def _signed(difference: int) -> str:
    return f"{'+' if difference > 0 else '−'}{vn_int(abs(difference))}"


def _faults(repaired: pd.DataFrame, measure: str, stated: int, column: pd.Series, level: str) -> tuple[list[str], int]:
    """The units, or the level, with another number after repair; and by how much the level's own row differs then."""
    units = [str(u) for u in column.index]
    rows = {u: value_of(repaired, u, measure) for u in units}
    own = value_of(repaired, level, measure)
    numbers = [n for n in rows.values() if n is not None]
    if own is None or len(numbers) < len(rows):
        return [], 0
    changed = [u for u in units if rows[u] != value_of(column.to_frame(measure), u, measure)]
    return changed + ([level] if own != stated else []), own - sum(numbers)


def corrections_not_in_level(
    corrections: pd.DataFrame,
    units: pd.DataFrame,
    own: pd.DataFrame,
    members: Mapping[str, list[str]],
    names: Mapping[str, str],
) -> list[Finding]:
    """One finding for each applied correction of a unit that the level's own row does not reflect.

    The row does not reflect it where it differs from its units by just this correction, or by all corrections of the
    measure. corrections: Corrections frame; units, own: completed counts tables of the units and of the levels' own
    rows.
    """
    findings = []
    applied = corrections.loc[corrections["status"] == "applied"]
    level_of = {unit: level for level, ids in members.items() for unit in ids}
    change = (applied["expected"] - applied["value"]).astype("Int64")
    changes = change.groupby([applied["unit_id"].map(level_of), applied["measure"]]).sum()
    for row in applied.to_dict("records"):
        unit_id, measure = str(row["unit_id"]), str(row["measure"])
        level = level_of.get(unit_id)
        stated = value_of(own, level, measure) if level is not None else None
        if level is None or stated is None:
            continue
        column = units.loc[units.index.isin(members[level]), measure]
        if column.isna().any():
            continue
        difference = stated - int(column.sum())
        if not difference or difference not in {int(row["expected"]) - int(row["value"]), int(changes[level, measure])}:
            continue
        findings.append(
            source_place(row).finding(
                "level_not_corrected",
                unit_id,
                found=vn_int(int(row["expected"])),
                expected=vn_int(int(row["value"])),
                row=names[unit_id],
                label=COUNT_NAMES[measure],
                correction=row["correction_id"],
                level=names[level],
            )
        )
    return findings
