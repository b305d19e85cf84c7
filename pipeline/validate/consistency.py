"""Do the numbers hold together? Identities of a row, parts and wholes, contacts, dates of documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.arithmetic.masked_numbers import Known, differ, every, first, limited, some
from pipeline.arithmetic.wide_counts import cell_of, columns_of, parts_sum, value_of, wide
from pipeline.finding_catalogue import catalogue
from pipeline.findings import Finding
from pipeline.text import vn_day, vn_int
from schemas.measures import CONTACT_GROUPS, COUNT_NAMES, ELIGIBLE_SUMS, GROUPS, MEASURE_NAMES, PART_OF, PARTS_WITHIN

#: parts that decide a score: exceeding their whole costs the unit; the others are only said
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


@dataclass(frozen=True)
class Identity:
    """left = right, in words an analyst can check in the file."""

    measure: str  # whose cell the finding names
    left: Known
    right: Known
    terms: tuple[str, ...]  # measures the right side adds up


def identities(table: Mapping[str, Known]) -> list[Identity]:
    """The identities of a row of counts, by measure. Not known on either side = nothing to check."""

    def total_of(measures: tuple[str, ...]) -> Known:
        return every([table[m] for m in measures])

    channels, in_period = GROUPS["received"][1], ("received_in_period", "carried_over")
    found = [
        Identity("received_total", table["received_total"], total_of(channels), channels),
        Identity("received_total", table["received_total"], total_of(in_period), in_period),
        Identity("received_in_period", table["received_in_period"], total_of(channels[:2]), channels[:2]),
    ]
    for group in ("resolved", "pending"):
        total, parts = GROUPS[group]
        # a part no column holds is taken as 0: the others then have to close alone (the first must be there), and
        # without the first they must not exceed the whole
        sums = some([table[p] for p in parts]).numbers
        given = table[parts[0]].known | (table[total].known & (sums > table[total].numbers))
        found.append(Identity(total, table[total], limited(Known(sums, given), given), parts))
    sides = {group: first(table[total], parts_sum(table, group)) for group, (total, _) in GROUPS.items()}
    outside = some([table["withdrawn"], table["returned"]]).numbers
    both = every([sides["resolved"], sides["pending"]])
    accounted = limited(Known(both.numbers + outside, both.known), both.known)
    terms = ("resolved_total", "pending_total", "withdrawn", "returned")
    found.append(Identity("received_total", sides["received"], accounted, terms))
    return found


def check_identities(counts: pd.DataFrame, names: Mapping[str, str], levels: set[str]) -> list[Finding]:
    """One finding per row and identity that does not hold. Corrected values."""
    if counts.empty:
        return []
    table, cells, corrected = wide(counts), cell_of(counts), _corrections(counts)
    findings = []
    for identity in identities(columns_of(table)):
        for line in np.flatnonzero(differ(identity.left, identity.right)).tolist():
            unit_id = str(table.index[line])
            file, sheet, cell = cells.get((unit_id, identity.measure)) or _any_cell(cells, unit_id)
            findings.append(
                Finding(
                    "level_identity_broken" if unit_id in levels else "identity_broken",
                    unit_id,
                    file,
                    sheet,
                    cell,
                    f"{COUNT_NAMES[identity.measure].lower()} {vn_int(int(identity.left.numbers[line]))}"
                    + (f" (sau điều chỉnh {', '.join(corrected[unit_id])})" if unit_id in corrected else ""),
                    _in_words(identity, table.iloc[line], int(identity.right.numbers[line])),
                    {"row": names.get(unit_id, unit_id)},
                )
            )
    return findings


def _corrections(counts: pd.DataFrame) -> dict[str, list[str]]:
    """The corrections in each unit's counts, in their order."""
    found: dict[str, dict[str, None]] = {}
    for unit_id, correction in zip(counts["unit_id"], counts["correction_id"], strict=True):
        if correction:
            found.setdefault(unit_id, {})[correction] = None
    return {unit_id: list(corrections) for unit_id, corrections in found.items()}


def _any_cell(cells: Mapping[tuple[str, str], tuple[str, str, str]], unit_id: str) -> tuple[str, str, str]:
    return next((place for (unit, _), place in cells.items() if unit == unit_id), ("", "", ""))


def _in_words(identity: Identity, row: pd.Series, right: int) -> str:
    terms = []
    for measure in identity.terms:
        value = row[measure]
        if pd.isna(value) and measure in {"resolved_total", "pending_total"}:
            parts = [p for p in GROUPS["resolved" if measure == "resolved_total" else "pending"][1] if pd.notna(row[p])]
            value = sum(int(row[p]) for p in parts)
        if pd.notna(value) and not (measure in {"withdrawn", "returned"} and value == 0):
            terms.append(f"{COUNT_NAMES[measure].lower()} {vn_int(value)}")
    return f"{' + '.join(terms)} = {vn_int(right)}"


def check_parts(
    figures: pd.DataFrame, places: Mapping[tuple[str, str], tuple[str, str, str]], names: Mapping[str, str]
) -> list[Finding]:
    """Parts that exceed their whole and sums of dossiers offered online that do not add up.

    figures: index unit_id, columns measures (counts and supplement), NA where not given.
    """
    findings = []
    for part, whole in PART_OF:
        if part not in figures or whole not in figures:
            continue
        for unit_id in figures.index[(figures[part] > figures[whole]).fillna(False)]:
            findings.append(
                Finding(
                    "part_exceeds_whole_scored" if part in _SCORED_PARTS else "part_exceeds_whole",
                    unit_id,
                    *places.get((unit_id, part), ("", "", "")),
                    vn_int(value_of(figures, unit_id, part) or 0),
                    vn_int(value_of(figures, unit_id, whole) or 0),
                    {"row": names.get(unit_id, unit_id), "label": MEASURE_NAMES[part], "whole": MEASURE_NAMES[whole]},
                )
            )
    findings += _parts_together(figures, places, names)
    for total, parts in ELIGIBLE_SUMS:
        if total not in figures or not set(parts) & set(figures.columns):
            continue
        present = [p for p in parts if p in figures]
        given = figures[present].notna().sum(axis=1)
        sums = figures[present].sum(axis=1)
        # with a part missing only a sum above the total is impossible
        wrong = (sums > figures[total]) | ((given == len(parts)) & (sums != figures[total]))
        for unit_id in figures.index[wrong.fillna(False) & (given >= 2)]:
            stated = {p: v for p in present if (v := value_of(figures, unit_id, p)) is not None}
            findings.append(
                Finding(
                    "sum_differs",
                    unit_id,
                    *places.get((unit_id, total), ("", "", "")),
                    vn_int(value_of(figures, unit_id, total) or 0),
                    vn_int(int(sums[unit_id])),
                    {
                        "row": names.get(unit_id, unit_id),
                        "label": MEASURE_NAMES[total],
                        "parts": " + ".join(f"{_short(p)} {vn_int(v)}" for p, v in stated.items()),
                    },
                )
            )
    return findings


def _parts_together(
    figures: pd.DataFrame, places: Mapping[tuple[str, str], tuple[str, str, str]], names: Mapping[str, str]
) -> list[Finding]:
    """Parts of one whole that exceed it together, where no one of them does (that is said already)."""
    findings = []
    for parts, wholes in PARTS_WITHIN:
        if not {*parts, *wholes} <= set(figures.columns):
            continue
        whole = figures[list(wholes)].sum(axis=1, skipna=False)
        alone = (figures[list(parts)].gt(whole, axis=0)).fillna(False).any(axis=1) & (len(parts) > 1)
        over = (figures[list(parts)].sum(axis=1, min_count=1) > whole).fillna(False) & ~alone
        for unit_id in figures.index[over]:
            stated = [(p, v) for p in parts if (v := value_of(figures, unit_id, p)) is not None]
            place = places.get((unit_id, stated[0][0]), ("", "", ""))
            facts = {
                "row": names.get(unit_id, unit_id),
                "parts": " + ".join(f"{MEASURE_NAMES[p]} {vn_int(v)}" for p, v in stated),
                "whole": " + ".join(MEASURE_NAMES[w] for w in wholes),
            }
            total = vn_int(sum(v for _, v in stated))
            findings.append(Finding("parts_exceed_whole", unit_id, *place, total, vn_int(int(whole[unit_id])), facts))
    return findings


def _short(measure: str) -> str:
    return MEASURE_NAMES[measure].rpartition(": ")[2]


def check_contacts(
    figures: pd.DataFrame,
    places: Mapping[tuple[str, str], tuple[str, str, str]],
    names: Mapping[str, str],
    levels: set[str],
) -> list[Finding]:
    """Contacts and agencies add up to the dossiers resolved, where any of them is entered (a blank one counts as 0)."""
    findings = []
    for group in CONTACT_GROUPS:
        present = [m for m in group if m in figures]
        if not present:
            continue
        sums = figures[present].sum(axis=1, min_count=1)
        resolved = figures["resolved_total"]
        for unit_id in figures.index[(sums != resolved).fillna(False)]:
            first = next(m for m in present if value_of(figures, unit_id, m) is not None)
            label = "số lần liên hệ" if group[0] == "contacted_never" else "số cơ quan phải liên hệ"
            findings.append(
                Finding(
                    "level_contacts_do_not_add_up" if unit_id in levels else "contacts_do_not_add_up",
                    unit_id,
                    *places.get((unit_id, first), ("", "", "")),
                    vn_int(int(sums[unit_id])),
                    vn_int(int(resolved[unit_id])),
                    {"row": names.get(unit_id, unit_id), "label": label},
                )
            )
    return findings


def check_documents(documents: pd.DataFrame) -> list[Finding]:
    """A document dated before the one it carries out."""
    dated = documents.loc[documents["issued_on"] != ""]
    issued = dict(zip(dated["number"], dated["issued_on"], strict=True))
    kinds = dict(zip(documents["number"], documents["title"], strict=True))
    findings = []
    for row in dated.itertuples():
        base = issued.get(str(row.implements))
        if base is not None and str(row.issued_on) < base:
            findings.append(
                Finding(
                    "document_date",
                    "",
                    str(row.source_file),
                    str(row.source_sheet),
                    str(row.source_cell),
                    _day(str(row.issued_on)),
                    _day(base),
                    {
                        "row": f"{row.title} {row.number}".strip(),
                        "base": f"{kinds[str(row.implements)]} {row.implements}".strip(),
                    },
                )
            )
    return findings


def _day(iso: str) -> str:
    return vn_day(pd.Timestamp(iso).date())


def aside(findings: Iterable[Finding]) -> set[str]:
    """Units and levels an error sets aside."""
    return {f.unit_id for f in findings if f.unit_id and catalogue()[f.code].sets_aside in {"unit", "level"}}
