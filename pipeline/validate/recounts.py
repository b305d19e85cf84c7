"""Recounts: accepted explanations whose dossiers are counted again. Each becomes a correction or is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.findings import Finding
from pipeline.forms.catalogue import form_catalogue
from pipeline.forms.labels import reason_words
from pipeline.validate.explanation_rows import ExplanationContext, Row
from schemas.frames import Corrections
from schemas.measures import COUNT_NAMES


def explained_count(group: Sequence[Row]) -> int:
    """The number of dossiers that rows of Explanations explain."""
    return sum(int(row["count"]) for row in group)


@dataclass(frozen=True)
class Recounts:
    """The recounts of a unit: rows of Corrections, explanation_id -> new status, and findings of refused recounts."""

    corrections: list[Row]
    statuses: dict[str, str]
    findings: list[Finding]


def find_recounts(
    group: Sequence[Row], counts: pd.DataFrame, context: ExplanationContext, *, changed: bool
) -> Recounts:
    """The recounts of one unit and kind, in the order of rows: each starts from the number that the one before leaves.

    group: the rows of the unit and kind; counts: Counts frame; changed: a row was written for another number of late
    dossiers than there is now, so that no recount is possible.
    """
    unit, measure = group[0]["unit_id"], group[0]["measure"]
    late = present = context.late[unit, measure]
    has_number = any(pd.notna(row["late"]) for row in group)
    over = explained_count(group) > late
    columns = set(counts.loc[counts["unit_id"] == unit, "measure"])
    corrections, statuses, findings = [], {}, []
    for row in (r for r in group if r["recount"] and r["status"] == "declared"):
        lacking = [COUNT_NAMES[m].lower() for m in (measure, row["recount"]) if m not in columns]
        why = ""
        if changed:
            why = "số hồ sơ quá hạn của biểu khác số liệu của cổng"
        elif not has_number:
            why = "không dòng nào của đơn vị có “Số hồ sơ quá hạn” của lúc lập biểu"
        elif over:
            why = "giải trình nhiều hơn số hồ sơ quá hạn"
        elif row["count"] == 0:
            why = "số hồ sơ theo lý do bằng 0"
        elif lacking:
            why = f"tệp của cổng không có cột {', '.join(lacking)} cho đơn vị"
        if why:
            statuses[row["explanation_id"]] = "refused"
            target = form_catalogue().recounts[row["recount"]]
            findings.append(
                context.finding("explanation_recount_refused", row, cell="recount_cell", target=target, why=why)
            )
            continue
        statuses[row["explanation_id"]] = "recounted"
        corrections.append(_correction(row, present))
        present -= int(row["count"])
    return Recounts(corrections, statuses, findings)


def _correction(row: Row, present: int) -> Row:
    """The correction of a recount: a row of Corrections. `present`: the late dossiers before it."""
    kept = ("unit_id", "measure", "approver", "approved_on", "source_file", "source_sheet", "source_cell")
    return {
        **{k: row[k] for k in kept},
        "correction_id": row["explanation_id"],
        "expected": present,
        "value": present - int(row["count"]),
        "counter_measure": row["recount"],
        "reason": f"giải trình được chấp nhận theo văn bản số {row['document']}: {reason_words(row)}",
        "note": row["evidence"],
        "status": "declared",
        "expected_cell": row["source_cell"],
    }


def corrections_frame(rows: Sequence[Row]) -> pd.DataFrame:
    """Rows as a validated Corrections frame."""
    empty = Corrections.empty()
    frame = pd.DataFrame(list(rows), columns=empty.columns).astype(empty.dtypes.to_dict())
    return Corrections.validate(frame, lazy=True)
