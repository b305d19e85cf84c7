"""A level's numbers: its own row where an export has one, by whole group, else the sum of its units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from pipeline.arithmetic.identities import GROUPS, OUTSIDE
from pipeline.arithmetic.wide_counts import MEASURES, cell_of, value_of
from pipeline.findings import Finding
from pipeline.text import shortened_list, vn_int
from pipeline.validate.figures import summed_together
from schemas.measures import COUNT_NAMES, MEASURE_NAMES, SUPPLEMENT_GROUPS

#: columns of each group that a level's own row must bring if its units bring them
GROUP_MEASURES = {name: (group.total, *group.parts) for name, group in GROUPS.items()} | {"outside": OUTSIDE}


@dataclass
class LevelCounts:
    """`table`: index level id, columns measures. `summed`: True where the cell is a sum of units. `basis` per level."""

    table: pd.DataFrame
    summed: pd.DataFrame
    basis: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def level_counts(
    units: pd.DataFrame,
    own: pd.DataFrame,
    raw_counts: pd.DataFrame,
    members: Mapping[str, list[str]],
    names: Mapping[str, str],
) -> LevelCounts:
    """Counts of each level.

    units: completed counts of the units that stand (index unit_id); own: completed own rows (index level id);
    members: level id -> its standing units; raw_counts: Counts frame, to name the own row's cell.
    """
    table = pd.DataFrame(index=list(members), columns=MEASURES).astype("Int64")
    result = LevelCounts(table, pd.DataFrame(False, index=table.index, columns=MEASURES))
    cells = cell_of(raw_counts)
    for level, ids in members.items():
        of_units = units.loc[units.index.isin(ids)]
        groups_own = 0
        for group, measures in GROUP_MEASURES.items():
            given = [m for m in measures if value_of(own, level, m) is not None]
            if given and group != "outside":
                needed = [m for m in measures if m in given or (not of_units.empty and of_units[m].notna().all())]
                missing = [m for m in needed if m not in given]
                if group == "resolved" and not of_units.shape[0]:
                    missing = [m for m in measures if m not in given]
                groups_own += 1
                for measure in given:
                    table.at[level, measure] = value_of(own, level, measure)
                if missing:
                    place = next((p for (u, _), p in cells.items() if u == level), ("", "", ""))
                    found = ", ".join(COUNT_NAMES[m].lower() for m in missing)
                    result.findings.append(
                        Finding("level_group_incomplete", level, *place, found, facts={"row": names[level]})
                    )
            elif given:
                for measure in given:
                    table.at[level, measure] = value_of(own, level, measure)
            elif not (group == "outside" and groups_own):
                sums = of_units[list(measures)].sum(axis=0, skipna=False, min_count=1)
                for measure in measures:
                    if pd.notna(sums[measure]):
                        table.at[level, measure] = int(sums[measure])
                        result.summed.at[level, measure] = True
        result.basis[level] = {0: "sum", 3: "own"}.get(groups_own, "mixed")
    return result


def level_differences(
    all_units: pd.DataFrame,
    standing: Mapping[str, list[str]],
    members: Mapping[str, list[str]],
    own: pd.DataFrame,
    counts: pd.DataFrame,
    names: Mapping[str, str],
) -> list[Finding]:
    """Own row against the units, for every measure both have; units set aside count where their counts are readable."""
    findings = []
    cells = cell_of(counts)
    for level, ids in members.items():
        if level not in own.index:
            continue
        absent = [u for u in ids if u not in all_units.index]
        aside = [u for u in ids if u in all_units.index and u not in standing[level]]
        table = all_units.loc[all_units.index.isin(ids)]
        excluded = f" Tổng các đơn vị chưa gồm: {', '.join(names[u] for u in absent)}." if absent else ""
        for measure in COUNT_NAMES:
            stated = value_of(own, level, measure)
            column = table[measure].dropna()
            if stated is None or column.empty or len(column) < len(table):
                continue
            total = int(column.sum())
            if stated != total:
                place = cells.get((level, measure), ("", "", ""))
                sign = "+" if stated > total else "−"
                facts = {
                    "row": names[level],
                    "label": COUNT_NAMES[measure],
                    "difference": f"{sign}{vn_int(abs(stated - total))}",
                    "excluded": excluded,
                }
                findings.append(Finding("level_differs", level, *place, vn_int(stated), vn_int(total), facts))
        received = value_of(own, level, "received_total")
        without = table.loc[~table.index.isin(aside), "received_total"].sum(min_count=1)
        for unit_id in aside:
            if received is not None and pd.notna(without) and received != int(without):
                place = cells.get((unit_id, "received_total"), ("", "", ""))
                findings.append(
                    Finding(
                        "level_keeps_set_aside",
                        unit_id,
                        *place,
                        f"{names[level]}: tiếp nhận {vn_int(received)}",
                        f"{vn_int(int(without))} nếu không gồm các đơn vị chưa chấm",
                        {"row": names[unit_id], "level": names[level]},
                    )
                )
    return findings


def corrections_not_in_level(
    corrections: pd.DataFrame,
    units: pd.DataFrame,
    own: pd.DataFrame,
    members: Mapping[str, list[str]],
    names: Mapping[str, str],
) -> list[Finding]:
    """Corrections of a unit that its level's own row does not reflect."""
    findings = []
    for row in corrections.loc[corrections["status"] == "applied"].to_dict("records"):
        unit_id, measure = str(row["unit_id"]), str(row["measure"])
        level = next((lv for lv, ids in members.items() if unit_id in ids), None)
        stated = value_of(own, level, measure) if level is not None else None
        if level is None or stated is None:
            continue
        column = units.loc[units.index.isin(members[level]), measure]
        if column.isna().any() or stated == int(column.sum()):
            continue
        facts = {
            "row": names[unit_id],
            "label": COUNT_NAMES[measure],
            "correction": row["correction_id"],
            "level": names[level],
        }
        place = (str(row["source_file"]), str(row["source_sheet"]), str(row["source_cell"]))
        findings.append(
            Finding(
                "level_not_corrected",
                unit_id,
                *place,
                vn_int(int(row["expected"])),
                vn_int(int(row["value"])),
                facts,
            )
        )
    return findings


def supplement_differences(
    own: pd.DataFrame,
    units: pd.DataFrame,
    members: Mapping[str, list[str]],
    places: Mapping[tuple[str, str], tuple[str, str, str]],
    names: Mapping[str, str],
) -> list[Finding]:
    """A level's own supplement cell against the sum of its scored units, where every one of them entered it.

    Procedures are not compared: the same procedure is counted at every commune.
    """
    findings = []
    for level, ids in members.items():
        if level not in own.index:
            continue
        table = units.reindex(ids)
        for measure in own.columns:
            stated = value_of(own, level, measure)
            if (
                stated is None
                or measure.startswith("procedures_")
                or measure not in table
                or table.empty
                or table[measure].isna().any()
            ):
                continue
            total = int(table[measure].sum())
            if stated != total:
                place = places.get((level, measure), ("", "", ""))
                facts = {"row": names[level], "label": MEASURE_NAMES[measure]}
                findings.append(
                    Finding("level_supplement_differs", level, *place, vn_int(stated), vn_int(total), facts)
                )
    return findings


def supplement_gaps(
    entered: pd.DataFrame, of_units: pd.DataFrame, members: Mapping[str, list[str]], names: Mapping[str, str]
) -> list[Finding]:
    """Groups of the supplement that some units of a level give and others do not, the level having no cell of its own.

    Their sum is then not known: the level goes without it, or by what the form assumes.
    """
    findings = []
    for level, ids in members.items():
        given, by_hand = of_units.reindex(ids).notna(), entered.reindex(ids).notna().any()
        labels: dict[tuple[str, ...], list[str]] = {}
        for label, group in SUPPLEMENT_GROUPS.items():
            if any(value_of(entered, level, m) is not None for m in group):
                continue
            wanted = [m for bundle in summed_together(group) if by_hand[list(bundle)].any() for m in bundle]
            lacking = tuple(u for u in ids if not given.loc[u, wanted].all())
            if lacking:
                labels.setdefault(lacking, []).append(label)
        for lacking, which in labels.items():
            missing = shortened_list([names[u] for u in lacking])
            facts = {"row": names[level], "label": "; ".join(which), "missing": missing}
            found, expected = vn_int(len(ids) - len(lacking)), vn_int(len(ids))
            findings.append(Finding("level_supplement_partial", level, found=found, expected=expected, facts=facts))
    return findings
