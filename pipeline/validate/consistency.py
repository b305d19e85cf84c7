"""Checks of the counts and figures of a period: identities of a row, parts and wholes, contacts, dates of documents.

The identities are those of `pipeline.arithmetic.identities`. A check that fails is a finding; nothing is changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.arithmetic.identities import (
    BALANCE_WITH_OUTSIDE,
    GROUPS,
    IN_PERIOD_BY_CHANNEL,
    OUTSIDE,
    PENDING_BY_DEADLINE,
    RECEIVED_BY_CHANNEL,
    RECEIVED_BY_PERIOD,
    RESOLVED_BY_DEADLINE,
    Identity,
)
from pipeline.arithmetic.masked_numbers import Known, differ, every, first, limited, some
from pipeline.arithmetic.wide_counts import cell_of, columns_of, group_sum, sum_of_parts, value_of, wide
from pipeline.finding_catalogue import catalogue
from pipeline.findings import Finding, Place
from pipeline.text import vn_day, vn_int
from schemas.measures import CONTACT_GROUPS, COUNT_NAMES, ELIGIBLE_SUMS, MEASURE_NAMES, PART_OF, PARTS_WITHIN

#: (unit_id, measure) -> file, sheet, cell of its figure
FigurePlaces = Mapping[tuple[str, str], tuple[str, str, str]]
#: parts that decide a score: a unit in which one exceeds its whole is not scored; other parts are reported only
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
class IdentityCheck:
    """Both sides of an identity, one number a row of a wide table; a row with an unknown side is not checked."""

    identity: Identity
    whole: Known
    parts: Known

    @property
    def broken(self) -> list[int]:
        """The positions of the rows in which the identity does not hold."""
        lines: list[int] = np.flatnonzero(differ(self.whole, self.parts)).tolist()
        return lines


def identity_checks(table: Mapping[str, Known]) -> list[IdentityCheck]:
    """All identities over the columns of a wide table, by measure."""
    checks = [
        IdentityCheck(identity, table[identity.total], sum_of_parts(table, identity))
        for identity in (RECEIVED_BY_CHANNEL, RECEIVED_BY_PERIOD, IN_PERIOD_BY_CHANNEL)
    ]
    for identity in (RESOLVED_BY_DEADLINE, PENDING_BY_DEADLINE):
        whole, parts = table[identity.total], [table[p] for p in identity.parts]
        # a part that no column holds counts as 0. The other parts then have to make up the whole if the first is among
        # them; without the first they must not exceed it
        sums = some(parts).numbers
        given = parts[0].known | (whole.known & (sums > whole.numbers))
        checks.append(IdentityCheck(identity, whole, limited(Known(sums, given), given)))
    received, resolved, pending = (first(table[g.total], group_sum(table, g)) for g in GROUPS.values())
    outside = some([table[m] for m in OUTSIDE]).numbers
    both = every([resolved, pending])
    accounted = limited(Known(both.numbers + outside, both.known), both.known)
    return [*checks, IdentityCheck(BALANCE_WITH_OUTSIDE, received, accounted)]


def check_identities(counts: pd.DataFrame, names: Mapping[str, str], levels: set[str]) -> list[Finding]:
    """One finding a row and identity that does not hold. `counts`: Counts frame with corrected values."""
    if counts.empty:
        return []
    table, cells, corrected = wide(counts), cell_of(counts), _corrections(counts)
    findings = []
    for check in identity_checks(columns_of(table)):
        measure = check.identity.total
        for line in check.broken:
            unit_id = str(table.index[line])
            place = Place(*(cells.get((unit_id, measure)) or _any_cell(cells, unit_id)))
            changed = f" (sau điều chỉnh {', '.join(corrected[unit_id])})" if unit_id in corrected else ""
            findings.append(
                place.finding(
                    "level_identity_broken" if unit_id in levels else "identity_broken",
                    unit_id,
                    found=f"{COUNT_NAMES[measure].lower()} {vn_int(int(check.whole.numbers[line]))}{changed}",
                    expected=_in_words(check.identity, table.iloc[line], int(check.parts.numbers[line])),
                    row=names.get(unit_id, unit_id),
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


def _any_cell(cells: FigurePlaces, unit_id: str) -> tuple[str, str, str]:
    return next((place for (unit, _), place in cells.items() if unit == unit_id), ("", "", ""))


def _in_words(identity: Identity, row: pd.Series, added: int) -> str:
    """The parts of an identity with their numbers and sum: `đã giải quyết trước hạn 3 + … = 5`.

    A total without a number is given as the sum of its own parts; nothing withdrawn or returned is left out.
    """
    groups = {group.total: group for group in GROUPS.values()}
    terms = []
    for measure in identity.parts:
        value = row[measure]
        if pd.isna(value) and measure in groups:
            value = sum(int(row[p]) for p in groups[measure].parts if pd.notna(row[p]))
        if pd.notna(value) and not (measure in OUTSIDE and value == 0):
            terms.append(f"{COUNT_NAMES[measure].lower()} {vn_int(value)}")
    return f"{' + '.join(terms)} = {vn_int(added)}"


def check_parts(figures: pd.DataFrame, places: FigurePlaces, names: Mapping[str, str]) -> list[Finding]:
    """Parts that exceed their whole and sums of dossiers offered online that do not add up.

    figures: index unit_id, columns measures (counts and supplement), NA where not given.
    """
    findings = []
    for part, whole in PART_OF:
        if part not in figures or whole not in figures:
            continue
        for unit_id in figures.index[(figures[part] > figures[whole]).fillna(False)]:
            findings.append(
                _place(places, unit_id, part).finding(
                    "part_exceeds_whole_scored" if part in _SCORED_PARTS else "part_exceeds_whole",
                    unit_id,
                    found=vn_int(value_of(figures, unit_id, part) or 0),
                    expected=vn_int(value_of(figures, unit_id, whole) or 0),
                    row=names.get(unit_id, unit_id),
                    label=MEASURE_NAMES[part],
                    whole=MEASURE_NAMES[whole],
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
                _place(places, unit_id, total).finding(
                    "sum_differs",
                    unit_id,
                    found=vn_int(value_of(figures, unit_id, total) or 0),
                    expected=vn_int(int(sums[unit_id])),
                    row=names.get(unit_id, unit_id),
                    label=MEASURE_NAMES[total],
                    parts=" + ".join(f"{_short(p)} {vn_int(v)}" for p, v in stated.items()),
                )
            )
    return findings


def _parts_together(figures: pd.DataFrame, places: FigurePlaces, names: Mapping[str, str]) -> list[Finding]:
    """Parts of one whole that exceed it together where none of them does alone (`check_parts` reports those)."""
    findings = []
    for parts, wholes in PARTS_WITHIN:
        if not {*parts, *wholes} <= set(figures.columns):
            continue
        whole = figures[list(wholes)].sum(axis=1, skipna=False)
        alone = (figures[list(parts)].gt(whole, axis=0)).fillna(False).any(axis=1) & (len(parts) > 1)
        over = (figures[list(parts)].sum(axis=1, min_count=1) > whole).fillna(False) & ~alone
        for unit_id in figures.index[over]:
            stated = [(p, v) for p in parts if (v := value_of(figures, unit_id, p)) is not None]
            findings.append(
                _place(places, unit_id, stated[0][0]).finding(
                    "parts_exceed_whole",
                    unit_id,
                    found=vn_int(sum(v for _, v in stated)),
                    expected=vn_int(int(whole[unit_id])),
                    row=names.get(unit_id, unit_id),
                    parts=" + ".join(f"{MEASURE_NAMES[p]} {vn_int(v)}" for p, v in stated),
                    whole=" + ".join(MEASURE_NAMES[w] for w in wholes),
                )
            )
    return findings


def _place(places: FigurePlaces, unit_id: str, measure: str) -> Place:
    """Where a figure was given; no place where it was not."""
    return Place(*places.get((unit_id, measure), ("", "", "")))


def _short(measure: str) -> str:
    return MEASURE_NAMES[measure].rpartition(": ")[2]


def check_contacts(
    figures: pd.DataFrame,
    places: FigurePlaces,
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
            entered = next(m for m in present if value_of(figures, unit_id, m) is not None)
            label = "số lần liên hệ" if group[0] == "contacted_never" else "số cơ quan phải liên hệ"
            findings.append(
                _place(places, unit_id, entered).finding(
                    "level_contacts_do_not_add_up" if unit_id in levels else "contacts_do_not_add_up",
                    unit_id,
                    found=vn_int(int(sums[unit_id])),
                    expected=vn_int(int(resolved[unit_id])),
                    row=names.get(unit_id, unit_id),
                    label=label,
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
                Place(str(row.source_file), str(row.source_sheet), str(row.source_cell)).finding(
                    "document_date",
                    found=_day(str(row.issued_on)),
                    expected=_day(base),
                    row=f"{row.title} {row.number}".strip(),
                    base=f"{kinds[str(row.implements)]} {row.implements}".strip(),
                )
            )
    return findings


def _day(iso: str) -> str:
    return vn_day(pd.Timestamp(iso).date())


def units_set_aside(findings: Iterable[Finding]) -> set[str]:
    """The ids of units and levels that an error sets aside."""
    return {f.unit_id for f in findings if f.unit_id and catalogue()[f.code].sets_aside in {"unit", "level"}}
