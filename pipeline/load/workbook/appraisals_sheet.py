"""The sheet "Thẩm định": self-scores, computed scores, appraisals, and the score that the report uses."""

from __future__ import annotations

from pipeline.forms.catalogue import form_catalogue
from pipeline.load.content.display_names import USED_NAMES, DisplayNames
from pipeline.load.content.sentences import date_or_blank
from pipeline.load.excel.audit_table import (
    AuditColumn,
    AuditTable,
    number_values,
    score_subjects,
    text_values,
)
from pipeline.load.excel.styles import DIFFERENCE_FILL
from pipeline.result import Scored

_NOTE = (
    "Chỉ các tiêu chí có điểm tự chấm hoặc thẩm định. Chênh lệch = thẩm định (không có thì tự chấm) trừ điểm báo cáo "
    "dùng; chỗ chênh lệch tô màu."
)


def appraisals_audit_table(scored: Scored, names: DisplayNames) -> AuditTable:
    """A row a unit or level and criterion of Appraised. The rule on which score is used is above the table."""
    frame = scored.appraised
    days = [f", {date_or_blank(d)}" if d else "" for d in frame["appraised_on"]]
    columns = [
        *score_subjects(frame, names, 22, 30),
        AuditColumn("Tự chấm", number_values(frame, "self_score"), "score"),
        AuditColumn("Hệ thống tính", number_values(frame, "computed"), "score"),
        AuditColumn("Đánh giá trực tiếp", number_values(frame, "assessed"), "score"),
        AuditColumn("Thẩm định", number_values(frame, "appraised"), "score"),
        AuditColumn("Lý do", text_values(frame, "reason"), most=30),
        AuditColumn("Người thẩm định", [a + d for a, d in zip(frame["appraiser"], days, strict=True)], most=18),
        AuditColumn("Báo cáo dùng", number_values(frame, "used_score"), "score"),
        AuditColumn("Dùng theo", [USED_NAMES[u] for u in frame["used"]], "center", most=18),
        AuditColumn("Chênh lệch", number_values(frame, "difference"), "score"),
        AuditColumn("Nguồn", text_values(frame, "source"), most=26),
    ]
    rules = [f"{number}. {line}" for number, line in enumerate(form_catalogue().appraisal_rule, 1)]
    note = "\n".join([_NOTE, "Báo cáo dùng điểm nào:", *rules])
    fills = [DIFFERENCE_FILL if gap else "" for gap in frame["difference"].fillna(0.0)]
    title = "TỰ CHẤM, HỆ THỐNG TÍNH, THẨM ĐỊNH VÀ ĐIỂM BÁO CÁO DÙNG"
    return AuditTable("Thẩm định", title, columns, note, fills, ("Tự chấm", "Thẩm định", "Chênh lệch"), frozen=2)
