"""Checks of figures of one unit or level against each other: parts against wholes, sums, contacts.

The figures are counts and the supplement. `consistency` checks the identities of the counts themselves.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from pipeline.arithmetic.wide_counts import value_of
from pipeline.findings import NO_PLACE, Finding, Place
from pipeline.text import vn_int
from schemas.measures import CONTACT_GROUPS, ELIGIBLE_SUMS, MEASURE_NAMES, PART_OF, PARTS_WITHIN

#: (unit_id, measure) -> the place where the figure was given.
FigurePlaces = Mapping[tuple[str, str], Place]
#: Parts that decide a score: if one exceeds its whole, its unit is set aside. Other parts are only reported.
_SCORED_PARTS = {
    "complaints_early",
    "complaints_on_time",
    "complaints_late",
    "procedures_at_desk",
    "procedures_appraised_at_desk",
    "procedures_exempt",
    "procedures_online",
    "petitions_on_time",
    "petitions_prolonged",
    "eligible_received",
    "eligible_online",
}


def check_parts(figures: pd.DataFrame, places: FigurePlaces, names: Mapping[str, str]) -> list[Finding]:
    """One finding for each part that exceeds its whole, alone or with others, and for each sum that does not add up.

    figures: index unit_id, one Int64 column a measure (counts and supplement), NA where not given. names: unit_id ->
    name. The sums are those of the dossiers of procedures offered online.
    """
    return [
        *_single_parts(figures, places, names),
        *_parts_together(figures, places, names),
        *_eligible_sums(figures, places, names),
    ]


def _single_parts(figures: pd.DataFrame, places: FigurePlaces, names: Mapping[str, str]) -> list[Finding]:
    findings = []
    for part, whole in PART_OF:
        if part not in figures or whole not in figures:
            continue
        for unit_id in figures.index[(figures[part] > figures[whole]).fillna(False)]:
            findings.append(
                places.get((unit_id, part), NO_PLACE).finding(
                    "part_exceeds_whole_scored" if part in _SCORED_PARTS else "part_exceeds_whole",
                    unit_id,
                    found=vn_int(value_of(figures, unit_id, part) or 0),
                    expected=vn_int(value_of(figures, unit_id, whole) or 0),
                    row=names.get(unit_id, unit_id),
                    label=MEASURE_NAMES[part],
                    whole=MEASURE_NAMES[whole],
                )
            )
    return findings


def _parts_together(figures: pd.DataFrame, places: FigurePlaces, names: Mapping[str, str]) -> list[Finding]:
    """Parts of one whole that exceed it together, where none of them does alone."""
    findings = []
    for parts, wholes in PARTS_WITHIN:
        if not {*parts, *wholes} <= set(figures.columns):
            continue
        whole = figures[list(wholes)].sum(axis=1, skipna=False)
        alone = (figures[list(parts)].gt(whole, axis=0)).fillna(False).any(axis=1) & (len(parts) > 1)
        over = (figures[list(parts)].sum(axis=1, min_count=1) > whole).fillna(False) & ~alone
        for unit_id in figures.index[over]:
            given = [(p, v) for p in parts if (v := value_of(figures, unit_id, p)) is not None]
            findings.append(
                places.get((unit_id, given[0][0]), NO_PLACE).finding(
                    "parts_exceed_whole",
                    unit_id,
                    found=vn_int(sum(v for _, v in given)),
                    expected=vn_int(int(whole[unit_id])),
                    row=names.get(unit_id, unit_id),
                    parts=" + ".join(f"{MEASURE_NAMES[p]} {vn_int(v)}" for p, v in given),
                    whole=" + ".join(MEASURE_NAMES[w] for w in wholes),
                )
            )
    return findings


def _eligible_sums(figures: pd.DataFrame, places: FigurePlaces, names: Mapping[str, str]) -> list[Finding]:
    """Totals of the dossiers of procedures offered online that are not the sum of their parts."""
    findings = []
    for total, parts in ELIGIBLE_SUMS:
        present = [p for p in parts if p in figures]
        if total not in figures or not present:
            continue
        given = figures[present].notna().sum(axis=1)
        sums = figures[present].sum(axis=1)
        # with a part missing, only a sum above the total is impossible
        wrong = (sums > figures[total]) | ((given == len(parts)) & (sums != figures[total]))
        for unit_id in figures.index[wrong.fillna(False) & (given >= 2)]:
            values = {p: v for p in present if (v := value_of(figures, unit_id, p)) is not None}
            findings.append(
                places.get((unit_id, total), NO_PLACE).finding(
                    "sum_differs",
                    unit_id,
                    found=vn_int(value_of(figures, unit_id, total) or 0),
                    expected=vn_int(int(sums[unit_id])),
                    row=names.get(unit_id, unit_id),
                    label=MEASURE_NAMES[total],
                    parts=" + ".join(f"{_short_name(p)} {vn_int(v)}" for p, v in values.items()),
                )
            )
    return findings


def _short_name(measure: str) -> str:
    return MEASURE_NAMES[measure].rpartition(": ")[2]


def check_contacts(
    figures: pd.DataFrame, places: FigurePlaces, names: Mapping[str, str], levels: set[str]
) -> list[Finding]:
    """One finding for each group of contacts (or of agencies) that does not add up to the dossiers resolved.

    Arguments as in `check_parts`; levels: ids of levels. A missing figure of the form counts as 0 if another cell of
    the group is filled. A group without any filled cell is not checked.
    """
    findings = []
    for group in CONTACT_GROUPS:
        present = [m for m in group if m in figures]
        if not present:
            continue
        sums = figures[present].sum(axis=1, min_count=1)
        resolved = figures["resolved_total"]
        for unit_id in figures.index[(sums != resolved).fillna(False)]:
            entered = next(m for m in present if value_of(figures, unit_id, m) is not None)
            findings.append(
                places.get((unit_id, entered), NO_PLACE).finding(
                    "level_contacts_do_not_add_up" if unit_id in levels else "contacts_do_not_add_up",
                    unit_id,
                    found=vn_int(int(sums[unit_id])),
                    expected=vn_int(int(resolved[unit_id])),
                    row=names.get(unit_id, unit_id),
                    label="số lần liên hệ" if group == CONTACT_GROUPS[0] else "số cơ quan phải liên hệ",
                )
            )
    return findings
