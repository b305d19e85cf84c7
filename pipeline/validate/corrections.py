"""Declared corrections of counts: each names the value it expects to replace, keeps the original, and fails loudly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pandas as pd

from pipeline.arithmetic.identities import GROUPS, RECEIVED_BY_PERIOD, share_a_group
from pipeline.findings import Finding
from pipeline.text import vn_day, vn_int
from schemas.frames import Corrections, Counts
from schemas.measures import COUNT_NAMES

#: Between the ids of the corrections that one count went through, in their order.
BETWEEN = "; "


def apply_corrections(
    counts: pd.DataFrame, corrections: pd.DataFrame, names: Mapping[str, str]
) -> tuple[pd.DataFrame, pd.DataFrame, list[Finding]]:
    """Counts with the corrections in force, the corrections with their status, and what has to be said of them.

    A corrected part makes its row's total the sum of the parts, unless a counter-measure takes up the difference or the
    total has a correction of its own. The order of the corrections decides nothing.
    """
    counts, corrections = counts.copy(), corrections.copy()
    own = set(zip(corrections["unit_id"], corrections["measure"], strict=True))
    findings: list[Finding] = []
    statuses: list[str] = []
    for row in corrections.to_dict("records"):
        unit_id, measure = str(row["unit_id"]), str(row["measure"])
        counter, wanted = str(row["counter_measure"]), int(row["value"])
        facts = {
            "row": names.get(unit_id, unit_id),
            "correction": row["correction_id"],
            "label": COUNT_NAMES[measure],
            "reason": row["reason"],
            "approver": row["approver"],
            "approved_on": vn_day(dt.date.fromisoformat(str(row["approved_on"]))),
            "counter": "",
        }
        where = (str(row["source_file"]), str(row["source_sheet"]), str(row["source_cell"]))
        present = _value(counts, unit_id, measure)
        expected = int(row["expected"])
        counter_present = _value(counts, unit_id, counter) if counter else 0
        counter_wanted = (counter_present or 0) - (wanted - expected)
        if present is None or counter_present is None:
            facts["label"] = COUNT_NAMES[measure if present is None else counter]
            findings.append(
                Finding("correction_no_count", unit_id, *where, "không có số này", _needed(present, expected), facts)
            )
        elif present != expected:
            wrong = (*where[:2], str(row["expected_cell"]))
            needed = vn_int(present) + _moved_by(counts, unit_id, measure)
            findings.append(Finding("correction_stale", unit_id, *wrong, vn_int(expected), needed, facts))
        elif counter and counter_wanted < 0:
            why = f"chỉ còn {vn_int(counter_present)}, không đủ để giảm {vn_int(wanted - expected)}"
            facts |= {"label": "Chỉ tiêu bù", "why": why}
            findings.append(
                Finding(
                    "correction_refused",
                    unit_id,
                    *where,
                    COUNT_NAMES[counter],
                    f"ít nhất {vn_int(wanted - expected)}",
                    facts,
                )
            )
        else:
            _set(counts, unit_id, measure, wanted, str(row["correction_id"]))
            if counter:
                _set(counts, unit_id, counter, counter_wanted, str(row["correction_id"]))
                change = f"{vn_int(counter_present)} → {vn_int(counter_wanted)}"
                facts["counter"] = f"; bù vào {COUNT_NAMES[counter]}: {change}"
            # inside a group a counter-measure takes up the whole difference: its total stays, right or wrong
            moved = () if share_a_group(measure, counter) else (measure, counter)
            for part in moved:
                _retotal(counts, unit_id, part, str(row["correction_id"]), own)
            statuses.append("applied")
            findings.append(Finding("correction_applied", unit_id, *where, vn_int(wanted), vn_int(expected), facts))
            continue
        statuses.append("refused")
    corrections["status"] = pd.Series(statuses, index=corrections.index, dtype="str")
    return Counts.validate(counts, lazy=True), Corrections.validate(corrections, lazy=True), findings


def _needed(present: int | None, expected: int) -> str:
    """What a file would have to say: the value the correction replaces, else any number of the counter-measure."""
    return vn_int(expected) if present is None else "một số của chỉ tiêu bù"


def _value(counts: pd.DataFrame, unit_id: str, measure: str) -> int | None:
    rows = counts.loc[(counts["unit_id"] == unit_id) & (counts["measure"] == measure), "value"]
    return None if rows.empty else int(rows.sum())


def _moved_by(counts: pd.DataFrame, unit_id: str, measure: str) -> str:
    """` sau điều chỉnh DC-01 (tệp ghi 20)` where an earlier correction has changed the value already, else ""."""
    rows = counts.loc[(counts["unit_id"] == unit_id) & (counts["measure"] == measure)]
    earlier = list(dict.fromkeys(x for ids in rows["correction_id"] for x in str(ids).split(BETWEEN) if x))
    if not earlier:
        return ""
    in_file = rows["original_value"].fillna(rows["value"]).sum()
    return f" sau điều chỉnh {', '.join(earlier)} (số trên tệp {vn_int(int(in_file))})"


def _set(counts: pd.DataFrame, unit_id: str, measure: str, value: int, correction_id: str) -> None:
    """The first source cell takes the whole corrected value, the others of the measure none; originals are kept."""
    rows = counts.index[(counts["unit_id"] == unit_id) & (counts["measure"] == measure)]
    for position, i in enumerate(rows):
        if pd.isna(counts.loc[i, "original_value"]):
            counts.loc[i, "original_value"] = counts.loc[i, "value"]
        counts.loc[i, "value"] = value if position == 0 else 0
        earlier = [x for x in str(counts.loc[i, "correction_id"]).split(BETWEEN) if x and x != correction_id]
        counts.loc[i, "correction_id"] = BETWEEN.join([*earlier, correction_id])


def _retotal(counts: pd.DataFrame, unit_id: str, measure: str, correction_id: str, own: set[tuple[str, str]]) -> None:
    """The total of a changed part. `own`: (unit, measure) with a correction of their own, which nothing else moves."""
    for group in GROUPS.values():
        total, parts = group.total, group.parts
        if measure not in parts or (unit_id, total) in own:
            continue
        if measure == "carried_over" and _value(counts, unit_id, "received_in_period") is not None:
            parts = RECEIVED_BY_PERIOD.parts
        values = [_value(counts, unit_id, p) for p in parts]
        stated = _value(counts, unit_id, total)
        known = [v for v in values if v is not None]
        if stated is not None and len(known) == len(parts) and stated != sum(known):
            _set(counts, unit_id, total, sum(known), correction_id)
