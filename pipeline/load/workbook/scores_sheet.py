"""The sheet "Chi tiết điểm": the score of every criterion and how it was computed."""

from __future__ import annotations

from typing import Final

from pipeline.load.content.display_names import BASIS_NAMES, DisplayNames
from pipeline.load.content.frame_rows import records
from pipeline.load.content.lost_points import evidence_by_score, how_scored
from pipeline.load.excel.audit_table import AuditColumn, AuditTable, number_values, score_subjects, text_values
from pipeline.load.workbook.evidence_sheet import EVIDENCE_SHEET, evidence_places
from pipeline.result import Scored

SCORES_SHEET: Final = "Chi tiết điểm"


def scores_audit_table(scored: Scored, names: DisplayNames) -> AuditTable:
    """A row a unit or level and criterion; the score links to the counts it was computed from.

    Frames: CriterionScores, CriterionEvidence.
    """
    frame, rows = scored.criterion_scores, records(scored.criterion_scores)
    evidence, places = evidence_by_score(scored), evidence_places(scored)
    keys = [(str(r["unit_id"]), str(r["criterion"])) for r in rows]
    columns = [
        *score_subjects(frame, names, 24, 34),
        AuditColumn("Tử số", number_values(frame, "numerator"), "count"),
        AuditColumn("Mẫu số", number_values(frame, "denominator"), "count"),
        AuditColumn("Điểm chưa làm tròn", number_values(frame, "score"), "exact"),
        AuditColumn(
            "Điểm in",
            ["–" if value is None else value for value in number_values(frame, "printed")],
            "score",
            links=[places.get(key, "") for key in keys],
        ),
        AuditColumn("Điểm tối đa", number_values(frame, "max_points"), "count"),
        AuditColumn("Căn cứ điểm", [BASIS_NAMES[b] for b in frame["basis"]], most=14),
        AuditColumn(
            "Cách tính", [how_scored(r, evidence.get(k, ())) for r, k in zip(rows, keys, strict=True)], most=48
        ),
        AuditColumn("Giải thích", text_values(frame, "explanation"), most=36),
        AuditColumn("Căn cứ pháp lý", text_values(frame, "citation"), most=30),
    ]
    note = (
        f"Bấm “Điểm in” để tới các số đã dùng (sheet “{EVIDENCE_SHEET}”), ở đó bấm “Nguồn” để tới ô của tệp. "
        "Tiêu chí không tính (dấu –) thì điểm tối đa đạt được giảm tương ứng."
    )
    return AuditTable(SCORES_SHEET, "CHI TIẾT ĐIỂM TỪNG TIÊU CHÍ", columns, note, frozen=2)
