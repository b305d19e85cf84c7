"""The sheet “So sánh xếp loại”: the printed class of every unit beside its class by each rule. Internal, not signed."""

from __future__ import annotations

from typing import Final

from pipeline.load.content.display_names import DisplayNames
from pipeline.load.excel.audit_table import AuditColumn, AuditTable, number_values, text_values
from pipeline.load.excel.styles import DIFFERENCE_FILL
from pipeline.office_words import CLASS_FIGURES
from pipeline.result import Scored
from schemas.rulebook import UNKNOWN_CLASS

_BASIS_NAMES: Final = {
    "": "",
    "decided": "Cơ quan xác định",
    "office": "Bảng mức của cơ quan",
    "local": "Cách xếp của địa phương",
    "law": "Theo quy định",
}


def classes_audit_table(scored: Scored, names: DisplayNames) -> AuditTable:
    """A row a unit with a class; rows whose rules give different classes are coloured. Frame: UnitScores."""
    frame = scored.unit_scores.loc[scored.unit_scores["class_printed"] != ""]
    rulebook, office = scored.rulebook, scored.checked.classes
    columns = [
        AuditColumn("Đơn vị", [names.unit(u) for u in frame["unit_id"]], most=30),
        AuditColumn("Tổng điểm", number_values(frame, "total"), "score"),
        AuditColumn("ĐTB CCVC", number_values(frame, "officer_average"), "score"),
        AuditColumn("Phân loại in trong báo cáo", text_values(frame, "class_printed"), "center", most=18),
        AuditColumn("Căn cứ", [_BASIS_NAMES[b] for b in frame["class_basis"]], most=20),
        AuditColumn("Nội dung căn cứ", text_values(frame, "class_ground"), most=44),
    ]
    rules = []
    if office is not None:
        columns.append(AuditColumn("Bảng mức của cơ quan", text_values(frame, "class_office"), "center", most=16))
        rules.append("class_office")
    if rulebook is not None and rulebook.local_class is not None:
        columns.append(AuditColumn("Cách xếp của địa phương", text_values(frame, "class_local"), "center", most=16))
        rules.append("class_local")
    if rulebook is not None:
        heading = f"Theo quy định ({CLASS_FIGURES[rulebook.unit_class.basis]})"
        columns.append(AuditColumn(heading, text_values(frame, "class_law"), "center", most=16))
    rules.append("class_law")
    ruled = frame[rules].to_numpy(dtype=object)
    differs = ((ruled != frame[["class_printed"]].to_numpy(dtype=object)) & (ruled != UNKNOWN_CLASS)).any(axis=1)
    note = f"{rulebook.unit_class.citation}: cột “Theo quy định”. " if rulebook is not None else ""
    note += "Bảng ký ban hành chỉ in một phân loại; dòng tô màu có quy tắc cho mức khác."
    fills = [DIFFERENCE_FILL if d else "" for d in differs]
    return AuditTable("So sánh xếp loại", "PHÂN LOẠI IN TRONG BÁO CÁO VÀ THEO TỪNG QUY TẮC", columns, note, fills)
