"""The sheets of cham-diem.xlsx that let a reader check: counts, scores with their evidence, findings, comparison."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import shorten
from typing import Any, Final

import pandas as pd

from pipeline.finding_catalogue import SEVERITY_NAMES, catalogue
from pipeline.load.content import display_names as words
from pipeline.load.content.display_names import Names
from pipeline.load.content.frame_rows import records
from pipeline.load.content.sentences import vn_date
from pipeline.load.content.sources_annex import place
from pipeline.load.excel.audit_table import Column, Table, numbers, subjects, texts
from pipeline.load.excel.styles import DIFFERENCE_FILL, SEVERITY_FILLS
from pipeline.result import Scored
from pipeline.text import vn_decimal

#: how much of an option's text the evidence repeats: the whole of it is in Biểu mẫu 03
_OPTION_LENGTH: Final = 64


def cells_of(frame: pd.DataFrame) -> list[str]:
    """Where each row was read, as one text."""
    places = zip(frame["source_file"], frame["source_sheet"], frame["source_cell"], strict=True)
    return [place(*p) for p in places]


def counts_table(scored: Scored, names: Names) -> Table:
    """Counts: one row a source cell."""
    frame = scored.checked.counts
    changed = [DIFFERENCE_FILL if c else "" for c in texts(frame, "correction_id")]
    columns = [
        Column("Đơn vị", [names.unit(u) for u in frame["unit_id"]], most=30),
        Column("Chỉ tiêu", [names.item(m) for m in frame["measure"]], most=34),
        Column("Giá trị", numbers(frame, "value"), "count"),
        Column("Giá trị ban đầu", numbers(frame, "original_value"), "count"),
        Column("Điều chỉnh", texts(frame, "correction_id"), "center", most=16),
        Column("Tệp", texts(frame, "source_file"), most=30),
        Column("Trang tính", texts(frame, "source_sheet"), most=20),
        Column("Ô", texts(frame, "source_cell"), "center", most=12),
    ]
    note = "Mỗi dòng là một ô của tệp nguồn; ô tô màu đã được điều chỉnh, số trong tệp ở cột “Giá trị ban đầu”."
    return Table(
        "Số liệu",
        "SỐ LIỆU HỒ SƠ THEO TỪNG Ô NGUỒN",
        columns,
        note,
        changed,
        ("Giá trị", "Giá trị ban đầu", "Điều chỉnh"),
    )


def scores_table(scored: Scored, names: Names) -> Table:
    """Every criterion of every unit and level with what it was computed from."""
    frame = scored.criterion_scores
    evidence = _evidence(scored.criterion_evidence)
    keys = zip(frame["unit_id"], frame["criterion"], strict=True)
    columns = [
        *subjects(frame, names, 19, 25),
        Column("Tử số", numbers(frame, "numerator"), "count"),
        Column("Mẫu số", numbers(frame, "denominator"), "count"),
        Column("Điểm chưa làm tròn", numbers(frame, "score"), "exact"),
        Column("Điểm in", numbers(frame, "printed"), "score"),
        Column("Điểm tối đa", numbers(frame, "max_points"), "count"),
        Column("Căn cứ điểm", [words.BASIS_NAMES[b] for b in frame["basis"]], most=12),
        Column("Giải thích", texts(frame, "explanation"), most=26),
        Column(
            "Phương án, số liệu đã dùng",
            [_used(o, evidence.get(k, "")) for o, k in zip(frame["option_text"], keys, strict=True)],
            most=56,
        ),
        Column("Căn cứ pháp lý", texts(frame, "citation"), most=22),
    ]
    note = "Điểm = tử số / mẫu số; tiêu chí không tính thì điểm tối đa đạt được giảm tương ứng."
    return Table("Chi tiết điểm", "CHI TIẾT ĐIỂM TỪNG TIÊU CHÍ", columns, note, frozen=2)


def _used(option: object, evidence: str) -> str:
    """The option that applied, if any, and the evidence below it."""
    return "\n".join(x for x in (f"Phương án: {option}" if option else "", evidence) if x)


def _evidence(frame: pd.DataFrame) -> dict[tuple[str, str], str]:
    """(unit, criterion) -> its evidence, a line a row. The text of an option is in the form: here its figures are."""
    lines: dict[tuple[str, str], list[str]] = {}
    for row in records(frame):
        lines.setdefault((row["unit_id"], row["criterion"]), []).append(_evidence_line(row))
    return {key: "\n".join(parts) for key, parts in lines.items()}


def _evidence_line(row: Mapping[str, Any]) -> str:
    value = "" if row["value"] is None else _looked_at(row)
    if row["role"] == "points":
        points = "" if row["points"] is None else f"{vn_decimal(row['points'], 2, trim=True)} điểm × "
        said = shorten(row["text"], _OPTION_LENGTH, placeholder=" …")
        text = f"{points}{value}: {said}" if said else f"{points}{value}"
    elif row["role"] == "denominator":
        text = f"Mẫu số: {value}"
    else:
        text = f"{row['text']}: {value} – {row['outcome']}" if value else f"{row['text']}: {row['outcome']}"
    origin = words.origin_words(row["origin"])
    return f"• {text}" + (f" ({origin})" if origin else "")


def _looked_at(row: Mapping[str, Any]) -> str:
    """A count as it is; a share (a condition over two sums, `a / b`) as a percentage: 0,2155 is read as 21,55%."""
    if row["role"] == "condition" and " / " in row["measures"]:
        percent = 100 * row["value"]
        shown = vn_decimal(percent, 2, trim=True)
        # 29,997% is not the 30% that an option asks for
        return (vn_decimal(percent, 6, trim=True) if "," not in shown else shown) + "%"
    return vn_decimal(row["value"], 4, trim=True)


def findings_table(scored: Scored, names: Names) -> Table:
    """Findings, most severe first, coloured by severity."""
    frame = scored.findings
    titles = {code: entry.title for code, entry in catalogue().items()}
    columns = [
        Column("Mức độ", [SEVERITY_NAMES[s] for s in frame["severity"]], "center", most=12),
        Column("Vấn đề", [titles.get(c, c) for c in frame["code"]], most=22),
        Column("Đơn vị", [names.unit(u) for u in frame["unit_id"]], most=22),
        Column("Nội dung", texts(frame, "message"), most=46),
        Column("Đã có", texts(frame, "found"), most=14),
        Column("Cần có", texts(frame, "expected"), most=14),
        Column("Việc cần làm", texts(frame, "action"), most=38),
        Column("Để riêng", [words.ASIDE_NAMES[s] for s in frame["sets_aside"]], "center", most=11),
        Column("Vị trí", [place(*p) for p in zip(frame["file"], frame["sheet"], frame["cell"], strict=True)], most=26),
    ]
    tally = frame["severity"].value_counts()
    note = "; ".join(f"{SEVERITY_NAMES[s]}: {int(tally.get(s, 0))}" for s in SEVERITY_NAMES) + "."
    fills = [SEVERITY_FILLS[s] for s in frame["severity"]]
    return Table(
        "Phát hiện", "NHỮNG ĐIỀU PHÁT HIỆN TRONG SỐ LIỆU", columns, note, fills, ("Mức độ", "Vấn đề"), frozen=2
    )


def comparison_table(scored: Scored, names: Names) -> Table:
    """Computed against printed: the differences first, in the frame's order within each half."""
    frame = scored.comparison.sort_values("agrees", kind="stable")
    columns = [
        Column("Đơn vị", [names.area(u) for u in frame["unit_id"]], most=24),
        Column("Loại", [words.COMPARISON_NAMES[k] for k in frame["kind"]], "center", most=11),
        Column("Chỉ tiêu", [names.item(i) for i in frame["item"]], most=36),
        Column("Nơi in", texts(frame, "place"), most=20),
        Column("Đã in", texts(frame, "printed"), "center", most=13),
        Column("Tính được", texts(frame, "computed"), "center", most=13),
        Column("Khớp", ["Có" if a else "Không" for a in frame["agrees"]], "center", most=8),
        Column("Giải thích", texts(frame, "explanation"), most=38),
        Column("Nguồn", texts(frame, "source"), most=26),
    ]
    different = int((~frame["agrees"].astype(bool)).sum())
    note = (
        f"{different} chỗ khác trong {len(frame)} số đã in; chỗ khác xếp trước và tô màu. "
        "Số đã in chỉ để so, không dùng để tính."
    )
    fills = ["" if a else DIFFERENCE_FILL for a in frame["agrees"]]
    return Table("So với số đã in", "ĐIỂM VÀ SỐ LIỆU TÍNH ĐƯỢC SO VỚI SỐ ĐÃ IN", columns, note, fills)


def corrections_table(scored: Scored, names: Names) -> Table:
    """Declared corrections and what became of them."""
    frame = scored.checked.corrections
    columns = [
        Column("Mã", texts(frame, "correction_id"), "center", most=12),
        Column("Đơn vị", [names.unit(u) for u in frame["unit_id"]], most=20),
        Column("Chỉ tiêu", [names.item(m) for m in frame["measure"]], most=24),
        Column("Số trong tệp", numbers(frame, "expected"), "count"),
        Column("Số điều chỉnh", numbers(frame, "value"), "count"),
        Column("Chỉ tiêu bù", [names.item(m) for m in frame["counter_measure"]], most=18),
        Column("Lý do", texts(frame, "reason"), most=36),
        Column("Người duyệt", texts(frame, "approver"), most=18),
        Column("Ngày duyệt", [vn_date(d) for d in frame["approved_on"]], "center", most=13),
        Column("Kết quả", [words.STATUS_NAMES[s] for s in frame["status"]], "center", most=13),
        Column("Ghi chú", texts(frame, "note"), most=20),
        Column("Nguồn", cells_of(frame), most=26),
    ]
    return Table(
        "Điều chỉnh",
        "ĐIỀU CHỈNH SỐ LIỆU ĐÃ KHAI",
        columns,
        "Theo biểu dieu-chinh.xlsx; chỉ tiêu bù để trống thì tổng số của dòng được tính lại.",
    )
