"""Titles of the forms as sheets, from the period and from what the form of report fields says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pipeline.load.content.frame_rows import levels_of
from pipeline.load.content.report_text import heading
from pipeline.result import Scored
from schemas.rulebook import Rulebook

NO_RULEBOOK: Final = (
    "Chưa có căn cứ chấm điểm: không có quy định chấm điểm nào có hiệu lực trong kỳ; bảng chỉ nêu số liệu."
)

_BASES: Final = {"total": "tổng điểm", "officer_average": "ĐTB CCVC"}


@dataclass(frozen=True)
class Headings:
    """The words above the tables; `issued_with` and `attached_to` name the report, with blanks for the unknown."""

    period: str  # "Quý I năm 2022"
    issued_with: str
    attached_to: str
    table_title: str
    counts_title: str
    law_class: str  # heading of the class by the law: "XẾP LOẠI THEO TỔNG ĐIỂM"
    class_notes: tuple[str, ...]  # what each class follows and where that stands

    level_title: str = "CHẤM ĐIỂM ĐÁNH GIÁ VIỆC GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH\nĐỐI VỚI BỘ PHẬN TIẾP NHẬN VÀ TRẢ KẾT QUẢ"
    officer_title: str = "ĐÁNH GIÁ, XẾP LOẠI CÁN BỘ, CÔNG CHỨC\nTRONG TIẾP NHẬN, GIẢI QUYẾT, TRẢ KẾT QUẢ HỒ SƠ TTHC"
    no_rulebook: str = NO_RULEBOOK

    @classmethod
    def of(cls, scored: Scored) -> Headings:
        """Headings of a period."""
        who = heading(scored.checked)
        period = scored.checked.period.name
        report = f"kèm theo Báo cáo số: {who.number} ngày {who.date} của {who.issuing_body}"
        bodies = "; ".join(name for _, name in levels_of(scored.checked)).upper()
        return cls(
            period=period[:1].upper() + period[1:],
            issued_with=f"(Ban hành {report})",
            attached_to=f"(K{report[1:]})",
            table_title=(
                "KẾT QUẢ ĐÁNH GIÁ XẾP LOẠI ĐỐI VỚI BỘ PHẬN TIẾP NHẬN VÀ TRẢ KẾT QUẢ CỦA CÁC CƠ QUAN, ĐƠN VỊ\n"
                f"TRONG GIẢI QUYẾT TTHC THEO CƠ CHẾ MỘT CỬA, MỘT CỬA LIÊN THÔNG {period.upper()}"
            ),
            counts_title=f"TÌNH HÌNH GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH {period.upper()}\n{bodies}",
            law_class=f"XẾP LOẠI THEO {_BASES[scored.rulebook.unit_class.basis].upper()}" if scored.rulebook else "",
            class_notes=_class_notes(scored.rulebook) if scored.rulebook else (),
        )


def _class_notes(rulebook: Rulebook) -> tuple[str, ...]:
    local, law = rulebook.local_class, rulebook.unit_class
    notes = [f"Xếp loại theo {_BASES[law.basis]}: {law.citation}."]
    if local is not None:
        notes.insert(0, f"Phân loại: theo {_BASES[local.basis]}, cách xếp của địa phương.")
    return tuple(notes)
