"""The sheet “Xếp hạng”: the units of each level by rank. The report that is signed has no ranks."""

from __future__ import annotations

from typing import Final

from pipeline.load.content.display_names import DisplayNames
from pipeline.load.content.level_places import level_places
from pipeline.load.excel.audit_table import AuditColumn, AuditTable
from pipeline.result import Scored

RANKING_SHEET: Final = "Xếp hạng"


def ranking_audit_table(scored: Scored, names: DisplayNames) -> AuditTable:
    """A row a ranked unit. Frame: UnitScores."""
    rows = [(level.name, row) for level in level_places(scored) for row in level.units]
    columns = [
        AuditColumn("Cấp", [level for level, _ in rows], most=24),
        AuditColumn("Hạng", [row["rank"] for _, row in rows], "count"),
        AuditColumn("Đơn vị", [names.unit(row["unit_id"]) for _, row in rows], most=44),
        AuditColumn("Tổng điểm", [row["total"] for _, row in rows], "score"),
        AuditColumn("Điểm tối đa đạt được", [row["total_max"] for _, row in rows], "score"),
        AuditColumn("ĐTB CCVC", [row["officer_average"] for _, row in rows], "score"),
        AuditColumn("Phân loại", [row["class_printed"] or "–" for _, row in rows], "center", most=20),
    ]
    note = "Hạng trong cấp theo tổng điểm; bằng điểm thì cùng hạng. Nội bộ: báo cáo ký không có hạng."
    return AuditTable(RANKING_SHEET, "XẾP HẠNG CÁC ĐƠN VỊ TRONG TỪNG CẤP", columns, note)
