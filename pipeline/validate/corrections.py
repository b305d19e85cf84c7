"""Applies corrections to the counts. `pipeline.extract.forms.corrections` reads the declared ones.

A correction names the value that it expects to replace; it is refused if the count has another value. The original
value is kept beside the corrected one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.arithmetic.identities import GROUPS, RECEIVED_BY_PERIOD, share_a_group
from pipeline.extract.replacement_files import is_replacement
from pipeline.findings import Finding, Place, source_place
from pipeline.text import vn_day, vn_int
from schemas.frames import Corrections, Counts
from schemas.measures import COUNT_NAMES

#: Separates the ids of several corrections of one count, in their order.
BETWEEN = "; "


def apply_corrections(
    counts: pd.DataFrame, corrections: pd.DataFrame, names: Mapping[str, str]
) -> tuple[pd.DataFrame, pd.DataFrame, list[Finding]]:
    """Counts after the corrections, the Corrections with their status, and one finding a correction.

    counts: Counts frame; corrections: Corrections frame; names: unit_id -> name. A corrected part changes the total of
    its row, unless a counter-measure takes the difference or the total has a correction of its own. The order of the
    corrections decides nothing.
    """
    own = set(zip(corrections["unit_id"], corrections["measure"], strict=True))
    statuses, findings = [], []
    for row in corrections.to_dict("records"):
        outcome = _apply(row, counts, own, names)
        counts = outcome.counts
        statuses.append(outcome.status)
        findings.append(outcome.finding)
    done = corrections.assign(status=pd.Series(statuses, index=corrections.index, dtype="str"))
    return Counts.validate(counts, lazy=True), Corrections.validate(done, lazy=True), findings


@dataclass(frozen=True)
class _Outcome:
    """What one correction did. `status` as in Corrections; `counts`: the Counts frame after it."""

    status: str
    counts: pd.DataFrame
    finding: Finding


def _apply(
    row: Mapping[Any, Any], counts: pd.DataFrame, own: Collection[tuple[str, str]], names: Mapping[str, str]
) -> _Outcome:
    """Apply one row of Corrections. `own`: (unit_id, measure) of all corrections."""
    unit_id, measure, counter = str(row["unit_id"]), str(row["measure"]), str(row["counter_measure"])
    correction_id = str(row["correction_id"])
    wanted, expected = int(row["value"]), int(row["expected"])
    place = source_place(row)
    facts = {
        "row": names.get(unit_id, unit_id),
        "correction": correction_id,
        "label": COUNT_NAMES[measure],
        "reason": row["reason"],
        "approver": row["approver"],
        "approved_on": vn_day(dt.date.fromisoformat(str(row["approved_on"]))),
        "counter": "",
    }

    def refused(code: str, at: Place, found: str, needed: str, **more: object) -> _Outcome:
        return _Outcome("refused", counts, at.finding(code, unit_id, found=found, expected=needed, **{**facts, **more}))

    present = _value(counts, unit_id, measure)
    counter_present = _value(counts, unit_id, counter) if counter else 0
    if present is None:
        return refused("correction_no_count", place, "không có số này", vn_int(expected))
    if counter_present is None:
        needed = "một số của chỉ tiêu bù"
        return refused("correction_no_count", place, "không có số này", needed, label=COUNT_NAMES[counter])
    if present != expected:
        at = Place(place.file, place.sheet, str(row["expected_cell"]))
        needed = (
            vn_int(present) + _earlier_corrections(counts, unit_id, measure) + _sent_again(counts, unit_id, measure)
        )
        return refused("correction_stale", at, vn_int(expected), needed)
    counter_wanted = counter_present - (wanted - expected)
    if counter and counter_wanted < 0:
        missing = vn_int(wanted - expected)
        why = f"chỉ còn {vn_int(counter_present)}, không đủ để giảm {missing}"
        needed = f"ít nhất {missing}"
        return refused("correction_refused", place, COUNT_NAMES[counter], needed, label="Chỉ tiêu bù", why=why)
    counts = _with_value(counts, unit_id, measure, wanted, correction_id)
    if counter:
        counts = _with_value(counts, unit_id, counter, counter_wanted, correction_id)
        change = f"{vn_int(counter_present)} → {vn_int(counter_wanted)}"
        facts["counter"] = f"; bù vào {COUNT_NAMES[counter]}: {change}"
    # between two parts of one total the counter-measure takes the whole difference: the total does not change
    for part in () if share_a_group(measure, counter) else (measure, counter):
        counts = _with_total(counts, unit_id, part, correction_id, own)
    applied = place.finding("correction_applied", unit_id, found=vn_int(expected), expected=vn_int(wanted), **facts)
    return _Outcome("applied", counts, applied)


def _rows(counts: pd.DataFrame, unit_id: str, measure: str) -> pd.Series:
    """True for the rows of a measure of a unit."""
    return (counts["unit_id"] == unit_id) & (counts["measure"] == measure)


def _value(counts: pd.DataFrame, unit_id: str, measure: str) -> int | None:
    """The value of a count, None where no row has it."""
    values = counts.loc[_rows(counts, unit_id, measure), "value"]
    return None if values.empty else int(values.sum())


def _earlier_corrections(counts: pd.DataFrame, unit_id: str, measure: str) -> str:
    """` sau điều chỉnh DC-01 (số trên tệp 20)` if earlier corrections have changed the count, else ""."""
    rows = counts.loc[_rows(counts, unit_id, measure)]
    earlier = list(dict.fromkeys(x for ids in rows["correction_id"] for x in str(ids).split(BETWEEN) if x))
    if not earlier:
        return ""
    in_file = rows["original_value"].fillna(rows["value"]).sum()
    return f" sau điều chỉnh {', '.join(earlier)} (số trên tệp {vn_int(int(in_file))})"


def _sent_again(counts: pd.DataFrame, unit_id: str, measure: str) -> str:
    """` theo tệp đơn vị gửi lại thay-the/x.xlsx` where the count comes from such a file, else ""."""
    files = dict.fromkeys(f for f in counts.loc[_rows(counts, unit_id, measure), "source_file"] if is_replacement(f))
    return f" theo tệp đơn vị gửi lại {', '.join(files)}" if files else ""


def _with_value(counts: pd.DataFrame, unit_id: str, measure: str, value: int, correction_id: str) -> pd.DataFrame:
    """The counts with another value of a count. Its first row takes the whole value, its other rows become 0."""
    changed = counts.copy()
    for position, i in enumerate(counts.index[_rows(counts, unit_id, measure)]):
        if pd.isna(changed.loc[i, "original_value"]):
            changed.loc[i, "original_value"] = changed.loc[i, "value"]
        changed.loc[i, "value"] = value if position == 0 else 0
        earlier = [x for x in str(changed.loc[i, "correction_id"]).split(BETWEEN) if x and x != correction_id]
        changed.loc[i, "correction_id"] = BETWEEN.join([*earlier, correction_id])
    return changed


def _with_total(
    counts: pd.DataFrame, unit_id: str, measure: str, correction_id: str, own: Collection[tuple[str, str]]
) -> pd.DataFrame:
    """The counts with the total of a changed part as the sum of its parts, if all of them are known.

    `own`: (unit_id, measure) of all corrections. A total with a correction of its own does not change.
    """
    for group in GROUPS.values():
        total, parts = group.total, group.parts
        if measure not in parts or (unit_id, total) in own:
            continue
        if measure == "carried_over" and _value(counts, unit_id, "received_in_period") is not None:
            parts = RECEIVED_BY_PERIOD.parts
        values = [_value(counts, unit_id, p) for p in parts]
        present = _value(counts, unit_id, total)
        known = [v for v in values if v is not None]
        if present is not None and len(known) == len(parts) and present != sum(known):
            counts = _with_value(counts, unit_id, total, sum(known), correction_id)
    return counts
