"""Declared corrections of counts: each names the value it expects to replace, keeps the original, and fails loudly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pandas as pd

from pipeline.findings import Finding
from pipeline.text import vn_date, vn_int
from schemas.frames import Corrections, Counts
from schemas.measures import COUNT_NAMES, GROUPS


def apply_corrections(
    counts: pd.DataFrame, corrections: pd.DataFrame, names: Mapping[str, str]
) -> tuple[pd.DataFrame, pd.DataFrame, list[Finding]]:
    """Counts with the corrections in force, the corrections with their status, and what has to be said of them.

    A corrected part makes its row's total the sum of the parts, unless a counter-measure takes up the difference.
    """
    counts, corrections = counts.copy(), corrections.copy()
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
            "approved_on": vn_date(dt.date.fromisoformat(str(row["approved_on"]))),
        }
        where = (str(row["source_file"]), str(row["source_sheet"]), str(row["source_cell"]))
        present = _value(counts, unit_id, measure)
        expected = int(row["expected"])
        counter_present = _value(counts, unit_id, counter) if counter else 0
        counter_wanted = (counter_present or 0) - (wanted - expected)
        if present is None or counter_present is None:
            facts["label"] = COUNT_NAMES[measure if present is None else counter]
            findings.append(Finding("correction_no_count", unit_id, *where, facts=facts))
        elif present != expected:
            findings.append(Finding("correction_stale", unit_id, *where, vn_int(present), vn_int(expected), facts))
        elif counter_wanted < 0:
            facts["label"] = COUNT_NAMES[counter]
            findings.append(
                Finding(
                    "correction_stale",
                    unit_id,
                    *where,
                    vn_int(counter_present),
                    f"ít nhất {vn_int(wanted - expected)}",
                    facts,
                )
            )
        else:
            _set(counts, unit_id, measure, wanted, str(row["correction_id"]))
            if counter:
                _set(counts, unit_id, counter, counter_wanted, str(row["correction_id"]))
            _retotal(counts, unit_id, measure, str(row["correction_id"]))
            if counter:
                _retotal(counts, unit_id, counter, str(row["correction_id"]))
            statuses.append("applied")
            findings.append(Finding("correction_applied", unit_id, *where, vn_int(wanted), vn_int(expected), facts))
            continue
        statuses.append("refused")
    corrections["status"] = pd.Series(statuses, index=corrections.index, dtype="str")
    return Counts.validate(counts, lazy=True), Corrections.validate(corrections, lazy=True), findings


def _value(counts: pd.DataFrame, unit_id: str, measure: str) -> int | None:
    rows = counts.loc[(counts["unit_id"] == unit_id) & (counts["measure"] == measure), "value"]
    return None if rows.empty else int(rows.sum())


def _set(counts: pd.DataFrame, unit_id: str, measure: str, value: int, correction_id: str) -> None:
    """The first source cell takes the whole corrected value, the others of the measure none; originals are kept."""
    rows = counts.index[(counts["unit_id"] == unit_id) & (counts["measure"] == measure)]
    for position, i in enumerate(rows):
        if pd.isna(counts.loc[i, "original_value"]):
            counts.loc[i, "original_value"] = counts.loc[i, "value"]
        counts.loc[i, "value"] = value if position == 0 else 0
        counts.loc[i, "correction_id"] = correction_id


def _retotal(counts: pd.DataFrame, unit_id: str, measure: str, correction_id: str) -> None:
    for total, parts in GROUPS.values():
        if measure not in parts:
            continue
        if measure == "carried_over" and _value(counts, unit_id, "received_in_period") is not None:
            parts = ("received_in_period", "carried_over")
        values = [_value(counts, unit_id, p) for p in parts]
        stated = _value(counts, unit_id, total)
        known = [v for v in values if v is not None]
        if stated is not None and len(known) == len(parts) and stated != sum(known):
            _set(counts, unit_id, total, sum(known), correction_id)
