"""The sheet "Số liệu bổ sung": figures that no portal exports, entered by hand, and options assessed by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from pipeline.load.content.display_names import DisplayNames, supplement_item
from pipeline.load.content.frame_rows import records
from pipeline.load.excel.audit_table import AuditColumn, AuditTable, number_values, text_values
from pipeline.load.workbook.source_cells import source_cells
from pipeline.result import Scored
from pipeline.rulebooks import installed
from schemas.measures import DISCLOSURE_NAMES
from schemas.rulebook import Rulebook

SUPPLEMENT_SHEET: Final = "Số liệu bổ sung"
_NOTE = "Những gì cổng dịch vụ công không xuất ra, theo biểu bo-sung.xlsx"


def supplement_audit_table(scored: Scored, names: DisplayNames) -> AuditTable:
    """A row a filled cell of the supplement, then a row an assessment; notes of several rows are footnotes.

    Frames: Supplement, Assessments.
    """
    entered, assessed = scored.checked.supplement, scored.checked.assessments
    books = installed() | ({scored.rulebook.id: scored.rulebook} if scored.rulebook else {})
    by_hand = [_assessment(row, names, books) for row in records(assessed)]
    notes, footnotes = _referenced(text_values(entered, "note"))
    columns = [
        AuditColumn("Đơn vị", [names.unit(u) for u in [*entered["unit_id"], *assessed["unit_id"]]], most=24),
        AuditColumn(
            "Nội dung", [*(supplement_item(i) for i in entered["item"]), *(item for item, _ in by_hand)], most=46
        ),
        AuditColumn("Phần", [*text_values(entered, "part"), *[""] * len(assessed)], most=12),
        AuditColumn("Giá trị", [*number_values(entered, "value"), *[None] * len(assessed)], "count"),
        AuditColumn(
            "Lựa chọn", [*(_disclosure(o) for o in entered["option"]), *(option for _, option in by_hand)], most=32
        ),
        AuditColumn("Ghi chú, lý do", [*notes, *text_values(assessed, "reason")], most=36),
        AuditColumn("Nguồn", [*source_cells(entered), *source_cells(assessed)], most=38),
    ]
    note = f"{_NOTE}; ghi chú [1], [2] … xem dưới bảng." if footnotes else f"{_NOTE}."
    title = "SỐ LIỆU BỔ SUNG VÀ ĐÁNH GIÁ TRỰC TIẾP"
    return AuditTable(SUPPLEMENT_SHEET, title, columns, note, footnotes=footnotes)


def _assessment(row: Mapping[str, Any], names: DisplayNames, books: Mapping[str, Rulebook]) -> tuple[str, str]:
    """(criterion, option) of an assessment, with the texts and numbers of the rulebook that the assessment names."""
    book = books.get(row["rulebook"])
    own = replace(names, criteria={c.id: c for c in book.criteria} if book else {})
    item = f"Đánh giá trực tiếp theo {book.short if book else row['rulebook']} – {own.item(row['criterion'])}"
    return item, own.option(row["criterion"], row["option"])


def _disclosure(option: object) -> str:
    return DISCLOSURE_NAMES.get(str(option), str(option))


def _referenced(notes: list[str]) -> tuple[list[str], list[str]]:
    """(notes, footnotes): a note of several rows is `[1]` in the row and `[1] …` in the footnotes; others stay."""
    tally = Counter(n for n in notes if n)
    marks = {note: f"[{i}]" for i, note in enumerate((n for n, times in tally.items() if times > 1), 1)}
    return [marks.get(n, n) for n in notes], [f"{mark} {note}" for note, mark in marks.items()]
