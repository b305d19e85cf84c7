"""Checks the identities of the counts of each unit and level, such as received = resolved + pending.

The identities are those of `arithmetic/identities.py`. `figure_checks.py` checks the counts against the supplement.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from pipeline.arithmetic.diagnosis import identity_weights, lack_of_cell
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
from pipeline.arithmetic.wide_counts import columns_of, first_places, group_sum, sum_of_parts, wide
from pipeline.findings import NO_PLACE, Finding, Place
from pipeline.text import vn_int
from schemas.measures import COUNT_NAMES


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


@dataclass(frozen=True)
class BrokenRows:
    """The findings of rows of which identities do not hold, one a row, and what their wrong cells lack.

    `lacks`: (unit_id, measure) -> number, where the identities of the row, or those and the level's own row, tell which
    cell is wrong.
    """

    findings: tuple[Finding, ...] = ()
    lacks: Mapping[tuple[str, str], int] = field(default_factory=dict)
    units: frozenset[str] = frozenset()  # ids of units and levels with a broken identity


def check_identities(
    counts: pd.DataFrame,
    names: Mapping[str, str],
    members: Mapping[str, Sequence[str]],
    named: Mapping[str, Collection[str]] | None = None,
) -> BrokenRows:
    """The rows of which identities do not hold. `counts`: Counts frame with corrected values; `members`: of each level.

    `named`: unit_id -> measures of the cells that a finding of the reading names: such a unit gets no finding here.
    """
    if counts.empty:
        return BrokenRows()
    named = named or {}
    table, places, corrected = wide(counts), first_places(counts), _corrections(counts)
    broken: dict[str, list[IdentityCheck]] = {}
    for check in identity_checks(columns_of(table)):
        for line in check.broken:
            broken.setdefault(str(table.index[line]), []).append(check)
    off_level = _differences_from_levels(table, members)
    findings: list[Finding] = []
    lacks: dict[tuple[str, str], int] = {}
    for unit_id, checks in broken.items():
        may_lack = _lacks(_numbers(table, unit_id))
        if unit_id in named:
            may_lack = {m: n for m, n in may_lack.items() if m in named[unit_id]}
        # where a level's own row and the sum of its units differ by just what the cell lacks, both tell the same
        agreeing = {m: n for m, n in may_lack.items() if off_level.get((unit_id, m)) == n}
        chosen = agreeing if len(agreeing) == 1 else may_lack
        if len(chosen) == 1:
            lacks |= {(unit_id, m): n for m, n in chosen.items()}
        if unit_id not in named:
            changed = f" (sau điều chỉnh {', '.join(corrected[unit_id])})" if unit_id in corrected else ""
            code = "level_identity_broken" if unit_id in members else "identity_broken"
            findings.append(
                _broken_row(
                    code, table.loc[[unit_id]], checks, chosen | may_lack, set(agreeing), places, names, changed
                )
            )
    return BrokenRows(tuple(findings), lacks, frozenset(broken))


def _broken_row(
    code: str,
    table: pd.DataFrame,
    checks: Sequence[IdentityCheck],
    may_lack: Mapping[str, int],
    likely: Collection[str],
    places: Mapping[tuple[str, str], Place],
    names: Mapping[str, str],
    changed: str,
) -> Finding:
    """The finding of a row: its identities that do not hold, and the cells that may be wrong. `table`: its line only.

    It points to the cells that may be wrong, each by itself; where no single cell is, to the whole of an identity.
    `may_lack`: measure -> what its cell lacks, if it is the wrong one; `likely`: those of which the level's own row
    says the same.
    """
    unit_id, row = str(table.index[0]), table.iloc[0]
    numbers = _numbers(table, unit_id)
    own = {c.identity: c for c in identity_checks(columns_of(table))}
    sides = [own[c.identity] for c in checks]
    texts = [(_whole_in_words(c), _in_words(c.identity, row, int(c.parts.numbers[0]))) for c in sides]
    of_cells = {m: places[unit_id, m] for m in may_lack if (unit_id, m) in places}
    first = checks[0].identity.total
    place = places.get((unit_id, first)) or _any_place(places, unit_id)
    pointed = [p for m, p in of_cells.items() if len(likely) != 1 or m in likely]
    if pointed and len({(p.file, p.sheet) for p in pointed}) == 1:
        place = replace(pointed[0], cell=", ".join(p.cell for p in pointed))
    because = " (khả năng nhất: số riêng của cấp và tổng các đơn vị cũng chênh đúng như vậy)"
    whether = [
        f"ô {p.cell} ({COUNT_NAMES[m].lower()}) {vn_int(numbers[m] + may_lack[m])}"
        + (because if m in likely and len(likely) == 1 else "")
        for m, p in of_cells.items()
    ]
    return place.finding(
        code,
        unit_id,
        found="; ".join(found for found, _ in texts) + changed,
        expected="; ".join(expected for _, expected in texts),
        row=names.get(unit_id, unit_id),
        what="; ".join(f"{expected}, nhưng tệp ghi {found}" for found, expected in texts) + changed,
        cells=f" Các tổng khớp nếu {' hoặc '.join(whether)}." if whether else "",
    )


def _whole_in_words(check: IdentityCheck) -> str:
    return f"{COUNT_NAMES[check.identity.total].lower()} {vn_int(int(check.whole.numbers[0]))}"


def _numbers(table: pd.DataFrame, unit_id: str) -> dict[str, int]:
    """measure -> number, of the measures that are known of a unit."""
    row = table.loc[[unit_id]].iloc[0]
    return {str(m): int(row[m]) for m in table.columns if pd.notna(row[m])}


def _lacks(numbers: Mapping[str, int]) -> dict[str, int]:
    """measure -> what its number lacks for all identities of a row to hold, of the cells of which one change does."""
    values = np.array(list(numbers.values()), dtype=np.int64)
    weights = identity_weights(list(numbers))
    lacks = {m: lack_of_cell(values, weights, i) for i, m in enumerate(numbers)}
    return {m: lack for m, lack in lacks.items() if lack and numbers[m] + lack >= 0}


def _differences_from_levels(table: pd.DataFrame, members: Mapping[str, Sequence[str]]) -> dict[tuple[str, str], int]:
    """(unit_id, measure) -> what the unit lacks for its level's own row to be the sum of the level's units.

    For a level, what its own row lacks. Only of measures that every unit with counts has.
    """
    found: dict[tuple[str, str], int] = {}
    for level, units in members.items():
        of_units = table.loc[table.index.isin(list(units))]
        if level not in table.index or of_units.empty:
            continue
        sums = of_units.sum(axis=0, skipna=False)
        for measure, own in _numbers(table, level).items():
            if pd.notna(sums[measure]):
                lack = own - int(sums[measure])
                found |= {(str(unit), measure): lack for unit in of_units.index}
                found[level, measure] = -lack
    return found


def _corrections(counts: pd.DataFrame) -> dict[str, list[str]]:
    """The corrections in each unit's counts, in their order."""
    found: dict[str, dict[str, None]] = {}
    for unit_id, correction in zip(counts["unit_id"], counts["correction_id"], strict=True):
        if correction:
            found.setdefault(unit_id, {})[correction] = None
    return {unit_id: list(corrections) for unit_id, corrections in found.items()}


def _any_place(places: Mapping[tuple[str, str], Place], unit_id: str) -> Place:
    """The first place of a unit's counts."""
    return next((place for (unit, _), place in places.items() if unit == unit_id), NO_PLACE)


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
