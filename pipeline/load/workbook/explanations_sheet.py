"""The sheet "Giải trình": why dossiers are late, who appraised it, and what was counted again."""

from __future__ import annotations

from pipeline.forms.catalogue import form_catalogue
from pipeline.forms.labels import reason_words
from pipeline.load.content.display_names import EXPLANATION_NAMES, Names
from pipeline.load.content.frame_rows import records
from pipeline.load.content.sentences import vn_date
from pipeline.load.excel.audit_table import Column, Table, numbers, texts
from pipeline.load.workbook.audit_sheets import cells_of
from pipeline.result import Scored


def explanations_table(scored: Scored, names: Names) -> Table:
    """One row an explanation, in the order entered."""
    frame = scored.checked.explanations
    recounts = [form_catalogue().recounts.get(r, "") for r in texts(frame, "recount")]
    columns = [
        Column("Mã", texts(frame, "explanation_id"), "center", most=9),
        Column("Đơn vị", [names.unit(u) for u in frame["unit_id"]], most=20),
        Column("Hồ sơ quá hạn", [names.item(m) for m in frame["measure"]], most=18),
        Column("Số lúc lập biểu", numbers(frame, "late"), "count"),
        Column("Lý do", [reason_words(row) for row in records(frame)], most=26),
        Column("Số hồ sơ", numbers(frame, "count"), "count"),
        Column("Tài liệu chứng minh", texts(frame, "evidence"), most=24),
        Column(
            "Ý kiến thẩm định",
            [form_catalogue().opinions.get(o, "") for o in texts(frame, "opinion")],
            "center",
            most=14,
        ),
        Column("Văn bản chấp nhận", texts(frame, "document"), most=14),
        Column("Đề nghị tính lại là", recounts, "center", most=12),
        Column("Người, ngày phê duyệt", [_approval(r["approver"], r["approved_on"]) for r in records(frame)], most=18),
        Column("Kết quả", [EXPLANATION_NAMES[s] for s in frame["status"]], most=18),
        Column("Nguồn", cells_of(frame), most=24),
    ]
    note = "Theo biểu giai-trinh.xlsx. Giải trình giữ nguyên số liệu; dòng được tính lại là một điều chỉnh cùng mã."
    return Table("Giải trình", "GIẢI TRÌNH HỒ SƠ QUÁ HẠN", columns, note)


def _approval(approver: object, day: object) -> str:
    return ", ".join(x for x in (str(approver), vn_date(str(day)) if day else "") if x)
