"""The sheet "Chi tiết điểm": the score of every criterion with the figures it was computed from."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import shorten
from typing import Any, Final

import pandas as pd

from pipeline.load.content.display_names import BASIS_NAMES, DisplayNames, origin_text
from pipeline.load.content.frame_rows import records
from pipeline.load.content.score_explanation import evidence_value
from pipeline.load.excel.audit_table import AuditColumn, AuditTable, number_values, score_subjects, text_values
from pipeline.result import Scored
from pipeline.text import vn_decimal

#: letters of an option's text in the evidence; Biểu mẫu 03 has the whole text
_OPTION_LENGTH: Final = 64


def scores_audit_table(scored: Scored, names: DisplayNames) -> AuditTable:
    """A row a unit or level and criterion. Frames: CriterionScores, CriterionEvidence."""
    frame = scored.criterion_scores
    evidence = _evidence_texts(scored.criterion_evidence)
    keys = zip(frame["unit_id"], frame["criterion"], strict=True)
    columns = [
        *score_subjects(frame, names, 19, 25),
        AuditColumn("Tử số", number_values(frame, "numerator"), "count"),
        AuditColumn("Mẫu số", number_values(frame, "denominator"), "count"),
        AuditColumn("Điểm chưa làm tròn", number_values(frame, "score"), "exact"),
        AuditColumn("Điểm in", number_values(frame, "printed"), "score"),
        AuditColumn("Điểm tối đa", number_values(frame, "max_points"), "count"),
        AuditColumn("Căn cứ điểm", [BASIS_NAMES[b] for b in frame["basis"]], most=12),
        AuditColumn("Giải thích", text_values(frame, "explanation"), most=26),
        AuditColumn(
            "Phương án, số liệu đã dùng",
            [_used_text(o, evidence.get(k, "")) for o, k in zip(frame["option_text"], keys, strict=True)],
            most=56,
        ),
        AuditColumn("Căn cứ pháp lý", text_values(frame, "citation"), most=22),
    ]
    note = "Điểm = tử số / mẫu số; tiêu chí không tính thì điểm tối đa đạt được giảm tương ứng."
    return AuditTable("Chi tiết điểm", "CHI TIẾT ĐIỂM TỪNG TIÊU CHÍ", columns, note, frozen=2)


def _used_text(option: object, evidence: str) -> str:
    """The option that applied, if any, and the evidence below it."""
    return "\n".join(x for x in (f"Phương án: {option}" if option else "", evidence) if x)


def _evidence_texts(frame: pd.DataFrame) -> dict[tuple[str, str], str]:
    """(unit_id, criterion) -> its evidence, a line a row. Frame: CriterionEvidence."""
    lines: dict[tuple[str, str], list[str]] = {}
    for row in records(frame):
        lines.setdefault((row["unit_id"], row["criterion"]), []).append(_evidence_line(row))
    return {key: "\n".join(parts) for key, parts in lines.items()}


def _evidence_line(row: Mapping[str, Any]) -> str:
    """`• 2 điểm × 358: Trước hạn (cộng từ các phần)`: the figure of an option, a denominator or a condition."""
    value = "" if row["value"] is None else evidence_value(row)
    if row["role"] == "points":
        points = "" if row["points"] is None else f"{vn_decimal(row['points'], 2, trim=True)} điểm × "
        option = shorten(row["text"], _OPTION_LENGTH, placeholder=" …")
        text = f"{points}{value}: {option}" if option else f"{points}{value}"
    elif row["role"] == "denominator":
        text = f"Mẫu số: {value}"
    else:
        text = f"{row['text']}: {value} – {row['outcome']}" if value else f"{row['text']}: {row['outcome']}"
    origin = origin_text(row["origin"])
    return f"• {text}" + (f" ({origin})" if origin else "")
