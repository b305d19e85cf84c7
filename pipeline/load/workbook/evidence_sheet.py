"""The sheet “Số đã dùng”: every count and condition a score was computed from, with the cell it came from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd

from pipeline.load.content.display_names import DisplayNames, origin_text, place_text
from pipeline.load.content.frame_rows import Row, records
from pipeline.load.content.score_explanation import evidence_value
from pipeline.load.excel.audit_table import HEAD_ROW, AuditColumn, AuditTable
from pipeline.load.workbook.audit_sheets import COUNTS_SHEET
from pipeline.load.workbook.contents_sheet import sheet_place
from pipeline.load.workbook.supplement_sheet import SUPPLEMENT_SHEET
from pipeline.result import Scored
from pipeline.text import vn_int

EVIDENCE_SHEET: Final = "Số đã dùng"
#: the first and the last column of the sheet
_FIRST, _LAST = "A", "H"
#: cells that are listed of a sum over many
_MOST_SOURCES: Final = 5
_DENOMINATOR: Final = "Mẫu số"


def evidence_audit_table(scored: Scored, names: DisplayNames) -> AuditTable:
    """A row a count or condition; its source links to the row of the count. Frame: CriterionEvidence."""
    rows = records(scored.criterion_evidence)
    headings = {
        (r["unit_id"], r["criterion"]): f"{r['number']}. {r['label']}" for r in records(scored.criterion_scores)
    }
    rows_of_sources = _rows_of_sources(scored)
    sources = [str(r["source"]).split("; ") if r["source"] else [] for r in rows]
    columns = [
        AuditColumn("Đơn vị", [names.unit(r["unit_id"]) for r in rows], most=24),
        AuditColumn("Tiêu chí", [headings.get((r["unit_id"], r["criterion"]), r["criterion"]) for r in rows], most=30),
        AuditColumn("Số liệu, điều kiện", [_subject(r) for r in rows], most=50),
        AuditColumn("Điểm", [r["points"] for r in rows], "score"),
        AuditColumn("Số", [_value(r) for r in rows], "count"),
        AuditColumn("Kết luận", [str(r["outcome"]) for r in rows], "center", most=11),
        AuditColumn("Xuất xứ", [origin_text(str(r["origin"])) for r in rows], most=18),
        AuditColumn(
            "Nguồn",
            [_places(places) for places in sources],
            most=52,
            links=[rows_of_sources.get(places[0], "") if places else "" for places in sources],
        ),
    ]
    note = "Mỗi dòng là một số hoặc một điều kiện của một điểm. Bấm “Nguồn” để tới dòng của số đó."
    return AuditTable(EVIDENCE_SHEET, "SỐ LIỆU ĐÃ DÙNG CHO TỪNG ĐIỂM", columns, note, frozen=2)


def evidence_places(scored: Scored) -> dict[tuple[str, str], str]:
    """(unit_id, criterion id) -> its rows of the sheet, as a link names them."""
    frame: pd.DataFrame = scored.criterion_evidence
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for row, key in enumerate(zip(frame["unit_id"], frame["criterion"], strict=True), HEAD_ROW + 1):
        first, _ = found.get(key, (row, row))
        found[key] = (first, row)
    return {k: sheet_place(EVIDENCE_SHEET, f"{_FIRST}{a}:{_LAST}{b}") for k, (a, b) in found.items()}


def _rows_of_sources(scored: Scored) -> Mapping[str, str]:
    """A source (`file!sheet!cell`) -> the row of the sheet with that count, as a link names it."""
    checked, found = scored.checked, {}
    entered = pd.concat([checked.supplement[_CELL], checked.assessments[_CELL]])
    for sheet, last, frame in ((SUPPLEMENT_SHEET, "G", entered), (COUNTS_SHEET, "H", checked.counts[_CELL])):
        places = zip(*(frame[name].tolist() for name in _CELL), strict=True)
        for row, place in enumerate(places, HEAD_ROW + 1):
            found["!".join(map(str, place))] = sheet_place(sheet, f"A{row}:{last}{row}")
    return found


_CELL: Final = ["source_file", "source_sheet", "source_cell"]


def _subject(row: Row) -> str:
    return _DENOMINATOR if row["role"] == "denominator" else str(row["text"])


def _value(row: Row) -> object:
    """A count as a number; a share (a condition over two sums, `a / b`) as a text: 0.2155 -> `21,55%`."""
    if row["value"] is None:
        return None
    if row["role"] == "condition" and " / " in str(row["measures"]):
        return evidence_value(row)
    return row["value"]


def _places(sources: list[str]) -> str:
    """`bang.xlsx › II.06a › H12` of each source; of a sum over many cells the first ones and how many more."""
    lines = [place_text(*source.rsplit("!", 2)) if source.count("!") >= 2 else source for source in sources]
    if len(lines) <= _MOST_SOURCES:
        return "\n".join(lines)
    return "\n".join([*lines[:_MOST_SOURCES], f"và {vn_int(len(lines) - _MOST_SOURCES)} ô nữa"])
