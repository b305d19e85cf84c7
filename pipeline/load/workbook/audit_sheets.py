"""Tables for checking: counts by source cell, findings, comparison with printed figures, corrections."""

from __future__ import annotations

from typing import Final

from pipeline.finding_catalogue import SEVERITY_NAMES, catalogue
from pipeline.load.content.display_names import (
    ASIDE_NAMES,
    COMPARISON_NAMES,
    CONSEQUENCE,
    STATUS_NAMES,
    DisplayNames,
    place_text,
)
from pipeline.load.content.sentences import date_or_blank
from pipeline.load.excel.audit_table import AuditColumn, AuditTable, number_values, text_values
from pipeline.load.excel.styles import DIFFERENCE_FILL, SEVERITY_FILLS
from pipeline.load.workbook.source_cells import source_cells
from pipeline.result import Scored

COUNTS_SHEET: Final = "Số liệu"


def counts_audit_table(scored: Scored, names: DisplayNames) -> AuditTable:
    """A row a source cell, corrected ones coloured. Frame: Counts."""
    frame = scored.checked.counts
    changed = [DIFFERENCE_FILL if c else "" for c in text_values(frame, "correction_id")]
    columns = [
        AuditColumn("Đơn vị", [names.unit(u) for u in frame["unit_id"]], most=30),
        AuditColumn("Chỉ tiêu", [names.item(m) for m in frame["measure"]], most=34),
        AuditColumn("Giá trị", number_values(frame, "value"), "count"),
        AuditColumn("Giá trị ban đầu", number_values(frame, "original_value"), "count"),
        AuditColumn("Điều chỉnh", text_values(frame, "correction_id"), "center", most=16),
        AuditColumn("Tệp", text_values(frame, "source_file"), most=30),
        AuditColumn("Trang tính", text_values(frame, "source_sheet"), most=20),
        AuditColumn("Ô", text_values(frame, "source_cell"), "center", most=12),
    ]
    note = "Mỗi dòng là một ô của tệp nguồn; ô tô màu đã được điều chỉnh, số trong tệp ở cột “Giá trị ban đầu”."
    return AuditTable(
        COUNTS_SHEET,
        "SỐ LIỆU HỒ SƠ THEO TỪNG Ô NGUỒN",
        columns,
        note,
        changed,
        ("Giá trị", "Giá trị ban đầu", "Điều chỉnh"),
    )


def findings_audit_table(scored: Scored, names: DisplayNames) -> AuditTable:
    """A row a finding, most severe first, coloured by severity. Frame: Findings."""
    frame = scored.findings
    titles = {code: entry.title for code, entry in catalogue().items()}
    texts = zip(text_values(frame, "message"), text_values(frame, "consequences"), strict=True)
    contents = [f"{message}\n{CONSEQUENCE}{more}" if more else message for message, more in texts]
    columns = [
        AuditColumn("Mức độ", [SEVERITY_NAMES[s] for s in frame["severity"]], "center", most=12),
        AuditColumn("Vấn đề", [titles.get(c, c) for c in frame["code"]], most=22),
        AuditColumn("Đơn vị", [names.unit(u) for u in frame["unit_id"]], most=22),
        AuditColumn("Nội dung", contents, most=46),
        AuditColumn("Đã có", text_values(frame, "found"), most=14),
        AuditColumn("Cần có", text_values(frame, "expected"), most=14),
        AuditColumn("Việc cần làm", text_values(frame, "action"), most=38),
        AuditColumn("Để riêng", [ASIDE_NAMES[s] for s in frame["sets_aside"]], "center", most=11),
        AuditColumn(
            "Vị trí",
            [place_text(*place) for place in zip(frame["file"], frame["sheet"], frame["cell"], strict=True)],
            most=26,
        ),
    ]
    totals = frame["severity"].value_counts()
    note = "; ".join(f"{SEVERITY_NAMES[s]}: {int(totals.get(s, 0))}" for s in SEVERITY_NAMES) + "."
    fills = [SEVERITY_FILLS[s] for s in frame["severity"]]
    return AuditTable(
        "Phát hiện", "NHỮNG ĐIỀU PHÁT HIỆN TRONG SỐ LIỆU", columns, note, fills, ("Mức độ", "Vấn đề"), frozen=2
    )


def comparison_audit_table(scored: Scored, names: DisplayNames) -> AuditTable:
    """A row a printed figure or score beside the computed one, differences first. Frame: Comparison."""
    frame = scored.comparison.sort_values("agrees", kind="stable")
    columns = [
        AuditColumn("Đơn vị", [names.area(u) for u in frame["unit_id"]], most=24),
        AuditColumn("Loại", [COMPARISON_NAMES[k] for k in frame["kind"]], "center", most=11),
        AuditColumn("Chỉ tiêu", [names.item(i) for i in frame["item"]], most=36),
        AuditColumn("Nơi in", text_values(frame, "place"), most=20),
        AuditColumn("Đã in", text_values(frame, "printed"), "center", most=13),
        AuditColumn("Tính được", text_values(frame, "computed"), "center", most=13),
        AuditColumn("Khớp", ["Có" if a else "Không" for a in frame["agrees"]], "center", most=8),
        AuditColumn("Giải thích", text_values(frame, "explanation"), most=38),
        AuditColumn("Nguồn", text_values(frame, "source"), most=26),
    ]
    different = int((~frame["agrees"].astype(bool)).sum())
    note = (
        f"{different} chỗ khác trong {len(frame)} số đã in; chỗ khác xếp trước và tô màu. "
        "Số đã in chỉ để so, không dùng để tính."
    )
    fills = ["" if a else DIFFERENCE_FILL for a in frame["agrees"]]
    return AuditTable("So với số đã in", "ĐIỂM VÀ SỐ LIỆU TÍNH ĐƯỢC SO VỚI SỐ ĐÃ IN", columns, note, fills)


def corrections_audit_table(scored: Scored, names: DisplayNames) -> AuditTable:
    """A row a declared correction with its result. Frame: Corrections."""
    frame = scored.checked.corrections
    columns = [
        AuditColumn("Mã", text_values(frame, "correction_id"), "center", most=12),
        AuditColumn("Đơn vị", [names.unit(u) for u in frame["unit_id"]], most=20),
        AuditColumn("Chỉ tiêu", [names.item(m) for m in frame["measure"]], most=24),
        AuditColumn("Số trong tệp", number_values(frame, "expected"), "count"),
        AuditColumn("Số điều chỉnh", number_values(frame, "value"), "count"),
        AuditColumn("Chỉ tiêu bù", [names.item(m) for m in frame["counter_measure"]], most=18),
        AuditColumn("Lý do", text_values(frame, "reason"), most=36),
        AuditColumn("Người duyệt", text_values(frame, "approver"), most=18),
        AuditColumn("Ngày duyệt", [date_or_blank(d) for d in frame["approved_on"]], "center", most=13),
        AuditColumn("Kết quả", [STATUS_NAMES[s] for s in frame["status"]], "center", most=13),
        AuditColumn("Ghi chú", text_values(frame, "note"), most=20),
        AuditColumn("Nguồn", source_cells(frame), most=26),
    ]
    return AuditTable(
        "Điều chỉnh",
        "ĐIỀU CHỈNH SỐ LIỆU ĐÃ KHAI",
        columns,
        "Theo biểu dieu-chinh.xlsx; chỉ tiêu bù để trống thì tổng số của dòng được tính lại.",
    )
