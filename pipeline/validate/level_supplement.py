"""The supplement of a level: its own cells, else the sums of its units; and the checks of both.

In this module `members` maps each level's id to the ids of its scored units. A supplement table has the index unit_id
(units and levels) and one Int64 column a measure of the supplement, NA where nothing is known.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from pipeline.arithmetic.wide_counts import value_of
from pipeline.findings import NO_PLACE, Finding, Place
from pipeline.text import vn_int
from schemas.measures import MEASURE_NAMES, PROCEDURE_MEASURES, SUMMED_TOGETHER, SUPPLEMENT_GROUPS

#: not even sums of what the units enter; of the others a rulebook judges a level by that sum
_NEVER_SUMMED = PROCEDURE_MEASURES - {*SUPPLEMENT_GROUPS["số TTHC"]}


def level_supplement(
    entered: pd.DataFrame, of_units: pd.DataFrame, members: Mapping[str, list[str]]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The supplement table of the levels, and a table of the same shape that is True where a value is a sum of units.

    entered: supplement table as entered; of_units: the same with the cells that can only be 0 filled in.

    For each group of measures a level has its own cells if one is filled, else the sums of its units. A sum needs the
    value of every unit, and an entry of at least one.
    """
    own = entered.reindex(list(members))
    summed = pd.DataFrame(False, index=own.index, columns=own.columns)
    for level, ids in members.items():
        if not ids:
            continue
        has_entry = entered.reindex(ids).notna().any()
        sums = of_units.reindex(ids).sum(axis=0, skipna=False, min_count=1)
        for group in SUPPLEMENT_GROUPS.values():
            if any(value_of(own, level, m) is not None for m in group):
                continue
            group = tuple(m for m in group if m not in _NEVER_SUMMED)
            for measures in _summed_together(group):
                if has_entry[list(measures)].any() and sums[list(measures)].notna().all():
                    own.loc[level, list(measures)] = sums[list(measures)]
                    summed.loc[level, list(measures)] = True
    return own, summed


def _summed_together(group: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The measures of a group. Those that have a meaning only together are one tuple."""
    bundles = {m: bundle for bundle in SUMMED_TOGETHER for m in bundle}
    return list(dict.fromkeys(bundles.get(m, (m,)) for m in group))


def supplement_differences(
    own: pd.DataFrame,
    of_units: pd.DataFrame,
    members: Mapping[str, list[str]],
    places: Mapping[tuple[str, str], Place],
    names: Mapping[str, str],
) -> list[Finding]:
    """One finding for each cell of a level that differs from the sum of its units.

    own: the levels' rows of the supplement as entered; of_units: as in `level_supplement`; places: (id, measure) ->
    where it was entered; names: id -> name. A measure is compared if every unit has it. Numbers of procedures are not.
    """
    findings = []
    for level, ids in members.items():
        if level not in own.index:
            continue
        table = of_units.reindex(ids)
        for measure in own.columns:
            stated = value_of(own, level, measure)
            if stated is None or measure in PROCEDURE_MEASURES or measure not in table:
                continue
            if table.empty or table[measure].isna().any():
                continue
            total = int(table[measure].sum())
            if stated != total:
                findings.append(
                    places.get((level, measure), NO_PLACE).finding(
                        "level_supplement_differs",
                        level,
                        found=vn_int(stated),
                        expected=vn_int(total),
                        row=names[level],
                        label=MEASURE_NAMES[measure],
                    )
                )
    return findings


def supplement_gaps(
    entered: pd.DataFrame, of_units: pd.DataFrame, members: Mapping[str, list[str]], names: Mapping[str, str]
) -> list[Finding]:
    """Groups of the supplement that only some units of a level have and the level itself has not.

    Their sum is unknown, and the level goes without it (or has what the rulebook assumes). One finding for each level
    and set of units that lack something. Arguments as in `level_supplement`.
    """
    findings = []
    for level, ids in members.items():
        given, has_entry = of_units.reindex(ids).notna(), entered.reindex(ids).notna().any()
        labels: dict[tuple[str, ...], list[str]] = {}
        for label, group in SUPPLEMENT_GROUPS.items():
            if any(value_of(entered, level, m) is not None for m in group):
                continue
            wanted = [m for bundle in _summed_together(group) if has_entry[list(bundle)].any() for m in bundle]
            lacking = tuple(u for u in ids if not given.loc[u, wanted].all())
            if lacking:
                labels.setdefault(lacking, []).append(label)
        for lacking, which in labels.items():
            findings.append(
                NO_PLACE.finding(
                    "level_supplement_partial",
                    level,
                    found=vn_int(len(ids) - len(lacking)),
                    expected=vn_int(len(ids)),
                    row=names[level],
                    label="; ".join(which),
                    units=lacking,
                    missing=", ".join(names[u] for u in lacking),
                )
            )
    return findings
