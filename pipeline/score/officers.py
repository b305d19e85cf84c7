"""Biểu mẫu 01: officers' scores and classes (Thông tư 01/2018/TT-VPCP, art. 15.1a and 15.3a)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from pipeline.findings import Finding, source_place
from pipeline.score.source_text import Record, source_text
from pipeline.text import vn_decimal
from schemas.frames import OfficerScores
from schemas.rulebook import Rulebook

#: why an officer has no score: notes of Biểu mẫu 01
LEVEL_STAFF = "chưa có điểm; công chức của cấp không lấy ĐTB của đơn vị"
NO_UNIT = "đơn vị không có trong kỳ"
NO_AVERAGE = "đơn vị không có ĐTB"
#: the same where the unit is not scored and gives no reason, by the unit's status
_UNSCORED = {
    "no_dossiers": "không có hồ sơ phát sinh",
    "no_resolved": "chưa có hồ sơ giải quyết xong",
    "published": "chỉ có điểm công bố, chưa có số liệu hồ sơ",
    "set_aside": "đơn vị để riêng vì số liệu có lỗi",
    "missing": "thiếu số liệu của đơn vị",
}


def score_officers(
    officers: pd.DataFrame, entities: pd.DataFrame, unit_scores: pd.DataFrame, rulebook: Rulebook
) -> tuple[pd.DataFrame, list[Finding]]:
    """OfficerScores in the declared order: the score as entered, else the unit's printed ĐTB, else none.

    Frames: Officers, Entities, UnitScores. Scores are points, at most the sum of the officers' criteria. One finding
    for each officer without a score; none where the unit is not scored, for the unit has its own finding and the note
    repeats it. A rulebook without classes of officers scores none, which one finding says.
    """
    if rulebook.officer_class is None:
        notices = [Finding("officers_not_scored", found=rulebook.short)] if len(officers) else []
        return OfficerScores.empty(), notices
    known = {str(e["unit_id"]): e for e in entities.to_dict("records")}
    units = {str(u["unit_id"]): u for u in unit_scores.to_dict("records")}
    maximum = float(sum((c.max_points for c in rulebook.criteria if c.officers), Fraction(0)))
    rows, findings = [], []
    for officer in officers.to_dict("records"):
        unit_id = officer["unit_id"]
        score, basis, note = officer["score"], "entered", ""
        if pd.isna(score):
            score, basis, note = _from_unit(unit_id, known, units, maximum)
        if basis == "none" and (note in (LEVEL_STAFF, NO_UNIT, NO_AVERAGE)):
            findings.append(_without_score(officer, note))
        rows.append(
            {
                "officer": officer["officer"],
                "unit_id": unit_id,
                "level": known[unit_id]["level"] if unit_id in known else "",
                "position": officer["position"],
                "score": score,
                "basis": basis,
                "class_law": "" if math.isnan(score) else rulebook.officer_class.classify(_exact(score)),
                "note": "; ".join(n for n in (officer["note"], note) if n),
                "source": source_text(source_place(officer)),
            }
        )
    if not rows:
        return OfficerScores.empty(), findings
    dtypes = {c: "float64" if c == "score" else "str" for c in OfficerScores.to_schema().columns}
    frame = pd.DataFrame(rows, columns=list(dtypes)).astype(dtypes)
    return OfficerScores.validate(frame, lazy=True), findings


def _from_unit(
    unit_id: str, known: Mapping[str, Record], units: Mapping[str, Record], maximum: float
) -> tuple[float, str, str]:
    """Score, basis and note of an officer without an entered score; NaN and `none` where the unit gives no average."""
    if unit_id not in known:
        return math.nan, "none", NO_UNIT
    entity = known[unit_id]
    if entity["kind"] == "level":
        return math.nan, "none", LEVEL_STAFF
    if entity["status"] != "scored":
        reason = str(entity["status_reason"] or _UNSCORED[entity["status"]])
        return math.nan, "none", f"đơn vị chưa được chấm điểm: {reason[:1].lower()}{reason[1:]}"
    unit = units[unit_id]
    average = float(unit["officer_average"])
    if math.isnan(average):
        return math.nan, "none", NO_AVERAGE
    reachable = float(unit["officer_average_max"])
    if reachable < maximum:
        return average, "unit_average", f"ĐTB trên tối đa {vn_decimal(reachable, 2, trim=True)} điểm"
    return average, "unit_average", ""


def _exact(score: float) -> Fraction:
    """The decimal a person wrote, not the float's last bits."""
    return Fraction(Decimal(repr(float(score))))


def _without_score(officer: Record, note: str) -> Finding:
    """The finding about an officer without a score."""
    return source_place(officer).finding(
        "officer_without_score", str(officer["unit_id"]), found=note, row=officer["officer"]
    )
