"""The sheet "Thẩm định": self-score, computed score and appraisal beside each other, and which one the report uses."""

from __future__ import annotations

from pipeline.forms.catalogue import form_catalogue
from pipeline.load.content.display_names import USED_NAMES, Names
from pipeline.load.content.sentences import vn_date
from pipeline.load.excel.audit_table import Column, Table, numbers, subjects, texts
from pipeline.load.excel.styles import DIFFERENCE_FILL
from pipeline.result import Scored

_NOTE = (
    "Chỉ các tiêu chí có điểm tự chấm hoặc thẩm định. Chênh lệch = thẩm định (không có thì tự chấm) trừ điểm báo cáo "
    "dùng; chỗ chênh lệch tô màu."
)


def appraisals_table(scored: Scored, names: Names) -> Table:
    """A row a unit or level and criterion; the rule stands above."""
    frame = scored.appraised
    days = [f", {vn_date(d)}" if d else "" for d in frame["appraised_on"]]
    columns = [
        *subjects(frame, names, 22, 30),
        Column("Tự chấm", numbers(frame, "self_score"), "score"),
        Column("Hệ thống tính", numbers(frame, "computed"), "score"),
        Column("Đánh giá trực tiếp", numbers(frame, "assessed"), "score"),
        Column("Thẩm định", numbers(frame, "appraised"), "score"),
        Column("Lý do", texts(frame, "reason"), most=30),
        Column("Người thẩm định", [a + d for a, d in zip(frame["appraiser"], days, strict=True)], most=18),
        Column("Báo cáo dùng", numbers(frame, "used_score"), "score"),
        Column("Dùng theo", [USED_NAMES[u] for u in frame["used"]], "center", most=18),
        Column("Chênh lệch", numbers(frame, "difference"), "score"),
        Column("Nguồn", texts(frame, "source"), most=26),
    ]
    rules = [f"{number}. {line}" for number, line in enumerate(form_catalogue().appraisal_rule, 1)]
    note = "\n".join([_NOTE, "Báo cáo dùng điểm nào:", *rules])
    fills = [DIFFERENCE_FILL if gap else "" for gap in frame["difference"].fillna(0.0)]
    title = "TỰ CHẤM, HỆ THỐNG TÍNH, THẨM ĐỊNH VÀ ĐIỂM BÁO CÁO DÙNG"
    return Table("Thẩm định", title, columns, note, fills, ("Tự chấm", "Thẩm định", "Chênh lệch"), frozen=2)
