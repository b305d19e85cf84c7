"""The first sheet of the review workbook: what to do, with the state of the period above it."""

from __future__ import annotations

from typing import Final

from pipeline.load.content.sentences import upper_first
from pipeline.load.excel.audit_table import AuditColumn, AuditTable
from pipeline.load.excel.styles import SEVERITY_FILLS
from pipeline.load.review.review_summary import ReviewSummary
from pipeline.load.review.todo_list import TodoLine
from pipeline.result import Scored

#: the heading of the column with links
PLACE: Final = "Vị trí"
_NUMBER: Final = "STT"


def todo_table(summary: ReviewSummary, scored: Scored) -> AuditTable:
    """A row a thing to do, in the order to do it; its number has the colour of its most severe finding."""
    lines = summary.todo
    columns = [
        AuditColumn(_NUMBER, list(range(1, len(lines) + 1)), "center", most=6),
        AuditColumn("Việc", [line.cause for line in lines], most=52),
        AuditColumn(PLACE, [line.place or _sheet(line) for line in lines], most=46),
        AuditColumn("Cần làm", [line.action for line in lines], most=46),
        AuditColumn("Kéo theo", [upper_first(line.consequence) or "–" for line in lines], most=34),
    ]
    severities = scored.findings["severity"].tolist()
    fills = [SEVERITY_FILLS[severities[line.findings[0]] if line.findings else "warning"] for line in lines]
    return AuditTable(
        "Việc cần làm",
        f"VIỆC CẦN LÀM – {scored.checked.period.name}",
        columns,
        "\n".join(summary.state),
        fills,
        (_NUMBER,),
        footnotes=(
            f"Làm từ trên xuống. Bấm vào cột “{PLACE}” để mở bản đánh dấu của tệp ở đúng ô; biểu thì sửa trong biểu, "
            "tệp của cổng thì xuất lại hoặc khai điều chỉnh, rồi kiểm tra lại. Từng phát hiện, kể cả lưu ý: trang "
            "“Phát hiện”.",
        ),
    )


def _sheet(line: TodoLine) -> str:
    """The sheet of this workbook that shows a thing that is in no cell of a file."""
    return "Trang “Phát hiện”" if line.findings else "Trang “Đơn vị”"
