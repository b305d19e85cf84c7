"""The sheet "Giải trình": why dossiers are late, who appraised the explanations, and which dossiers were recounted."""

from __future__ import annotations

from pipeline.forms.catalogue import form_catalogue
from pipeline.forms.labels import reason_words
from pipeline.load.content.display_names import EXPLANATION_NAMES, DisplayNames
from pipeline.load.content.frame_rows import records
from pipeline.load.content.sentences import date_or_blank
from pipeline.load.excel.audit_table import AuditColumn, AuditTable, number_values, text_values
from pipeline.load.workbook.source_cells import source_cells
from pipeline.result import Scored


def explanations_audit_table(scored: Scored, names: DisplayNames) -> AuditTable:
    """A row an explanation, in the order entered. Frame: Explanations."""
    frame = scored.checked.explanations
    recounts = [form_catalogue().recounts.get(r, "") for r in text_values(frame, "recount")]
    columns = [
        AuditColumn("Mã", text_values(frame, "explanation_id"), "center", most=9),
        AuditColumn("Đơn vị", [names.unit(u) for u in frame["unit_id"]], most=20),
        AuditColumn("Hồ sơ quá hạn", [names.item(m) for m in frame["measure"]], most=18),
        AuditColumn("Số lúc lập biểu", number_values(frame, "late"), "count"),
        AuditColumn("Lý do", [reason_words(row) for row in records(frame)], most=26),
        AuditColumn("Số hồ sơ", number_values(frame, "count"), "count"),
        AuditColumn("Tài liệu chứng minh", text_values(frame, "evidence"), most=24),
        AuditColumn(
            "Ý kiến thẩm định",
            [form_catalogue().opinions.get(o, "") for o in text_values(frame, "opinion")],
            "center",
            most=14,
        ),
        AuditColumn("Văn bản chấp nhận", text_values(frame, "document"), most=14),
        AuditColumn("Đề nghị tính lại là", recounts, "center", most=12),
        AuditColumn(
            "Người, ngày phê duyệt", [_approval(r["approver"], r["approved_on"]) for r in records(frame)], most=18
        ),
        AuditColumn("Kết quả", [EXPLANATION_NAMES[s] for s in frame["status"]], most=18),
        AuditColumn("Nguồn", source_cells(frame), most=24),
    ]
    note = "Theo biểu giai-trinh.xlsx. Giải trình giữ nguyên số liệu; dòng được tính lại là một điều chỉnh cùng mã."
    return AuditTable("Giải trình", "GIẢI TRÌNH HỒ SƠ QUÁ HẠN", columns, note)


def _approval(approver: object, day: object) -> str:
    return ", ".join(x for x in (str(approver), date_or_blank(str(day)) if day else "") if x)
