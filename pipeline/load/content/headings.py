"""Titles above the sheets of cham-diem.xlsx, from the period and the report fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pipeline.load.content.frame_rows import level_names
from pipeline.load.content.report_heading import report_heading
from pipeline.load.content.sentences import upper_first
from pipeline.load.content.unit_tables import unit_groups_title
from pipeline.result import Scored

NO_RULEBOOK: Final = (
    "Chưa có căn cứ chấm điểm: không có quy định chấm điểm nào có hiệu lực trong kỳ; bảng chỉ nêu số liệu."
)


@dataclass(frozen=True)
class SheetHeadings:
    """Titles of the sheets. `issued_with` and `attached_to` name the report, with blanks for what is missing."""

    period: str  # "Quý I năm 2022"
    issued_with: str
    attached_to: str
    table_title: str
    counts_title: str

    level_title: str = "CHẤM ĐIỂM ĐÁNH GIÁ VIỆC GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH\nĐỐI VỚI BỘ PHẬN TIẾP NHẬN VÀ TRẢ KẾT QUẢ"
    officer_title: str = "ĐÁNH GIÁ, XẾP LOẠI CÁN BỘ, CÔNG CHỨC\nTRONG TIẾP NHẬN, GIẢI QUYẾT, TRẢ KẾT QUẢ HỒ SƠ TTHC"
    no_rulebook: str = NO_RULEBOOK

    @classmethod
    def of(cls, scored: Scored) -> SheetHeadings:
        """Titles of a scored quarter."""
        report = report_heading(scored.checked)
        period = scored.checked.period.name
        levels = "; ".join(name for _, name in level_names(scored.checked)).upper()
        return cls(
            period=upper_first(period),
            issued_with=f"(Ban hành {report.reference})",
            attached_to=f"({upper_first(report.reference)})",
            table_title=(
                "KẾT QUẢ ĐÁNH GIÁ XẾP LOẠI ĐỐI VỚI BỘ PHẬN TIẾP NHẬN VÀ TRẢ KẾT QUẢ CỦA "
                f"{unit_groups_title(scored.checked).upper()}\n"
                f"TRONG GIẢI QUYẾT TTHC THEO CƠ CHẾ MỘT CỬA, MỘT CỬA LIÊN THÔNG {period.upper()}"
            ),
            counts_title=f"TÌNH HÌNH GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH {period.upper()}\n{levels}",
        )
