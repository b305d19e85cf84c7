"""The sheet “Trước khi ký”: what is missing before the report of the quarter is signed."""

from __future__ import annotations

from typing import Final

from pipeline.load.content.before_signature import before_signature
from pipeline.load.content.display_names import DisplayNames
from pipeline.load.excel.audit_table import AuditColumn, AuditTable
from pipeline.load.excel.styles import SEVERITY_FILLS
from pipeline.result import Scored
from pipeline.text import vn_int

_KINDS: Final = {
    "error": "Lỗi",
    "unit": "Đơn vị chưa chấm",
    "level": "Cấp thiếu số liệu",
    "partial_level": "Cấp tính thiếu đơn vị",
    "class": "Chưa rõ phân loại",
    "field": "Còn để trống",
    "explanation": "Quá hạn chưa có lý do",
}
#: kinds of things that concern scores
_SEVERE: Final = frozenset(("error", "unit", "level", "partial_level"))


def signature_audit_table(scored: Scored, names: DisplayNames) -> AuditTable:
    """A row a thing to do before the signature, most serious first. A revision keeps the list of its publication."""
    items = before_signature(scored)
    columns = [
        AuditColumn("STT", list(range(1, len(items) + 1)), "center", most=6),
        AuditColumn("Loại", [_KINDS[i.kind] for i in items], most=22),
        AuditColumn("Còn thiếu", [i.what for i in items], most=60),
        AuditColumn("Ở đâu", [i.where for i in items], most=36),
        AuditColumn("Việc cần làm", [i.action for i in items], most=50),
    ]
    note = (
        f"Còn {vn_int(len(items))} việc: bản này là dự thảo. Làm từng việc rồi chạy lại; “tthc sign” từ chối bản còn "
        "việc chưa làm, trừ khi có lý do (ô “Vẫn ký vì”, lệnh: --despite)."
        if items
        else "Bản này đủ điều kiện ký. Số và ngày ghi bằng “tthc sign”."
    )
    fills = [SEVERITY_FILLS["error" if i.kind in _SEVERE else "warning"] for i in items]
    return AuditTable("Trước khi ký", "VIỆC CẦN LÀM TRƯỚC KHI KÝ BÁO CÁO", columns, note, fills, ("Loại",))
