"""The sheet "Số liệu bổ sung": what analysts entered that no portal exports, and the options they assessed by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pipeline.load.content.display_names import Names, supplement_item
from pipeline.load.content.frame_rows import records
from pipeline.load.excel.audit_table import Column, Table, numbers, texts
from pipeline.load.workbook.audit_sheets import cells_of
from pipeline.result import Scored
from pipeline.rulebooks import installed
from schemas.measures import DISCLOSURE_NAMES
from schemas.rulebook import Rulebook

_NOTE = "Những gì cổng dịch vụ công không xuất ra, theo biểu bo-sung.xlsx"


def supplement_table(scored: Scored, names: Names) -> Table:
    """Supplement and assessments: one row a filled cell. Notes that many cells share stand once, under the table."""
    given, assessed = scored.checked.supplement, scored.checked.assessments
    books = installed() | ({scored.rulebook.id: scored.rulebook} if scored.rulebook else {})
    by_hand = [_assessment(row, names, books) for row in records(assessed)]
    notes, footnotes = _referenced(texts(given, "note"))
    columns = [
        Column("Đơn vị", [names.unit(u) for u in [*given["unit_id"], *assessed["unit_id"]]], most=24),
        Column("Nội dung", [*(supplement_item(i) for i in given["item"]), *(item for item, _ in by_hand)], most=46),
        Column("Phần", [*texts(given, "part"), *[""] * len(assessed)], most=12),
        Column("Giá trị", [*numbers(given, "value"), *[None] * len(assessed)], "count"),
        Column("Lựa chọn", [*(_disclosure(o) for o in given["option"]), *(option for _, option in by_hand)], most=32),
        Column("Ghi chú, lý do", [*notes, *texts(assessed, "reason")], most=36),
        Column("Nguồn", [*cells_of(given), *cells_of(assessed)], most=38),
    ]
    note = f"{_NOTE}; ghi chú [1], [2] … xem dưới bảng." if footnotes else f"{_NOTE}."
    title = "SỐ LIỆU BỔ SUNG VÀ ĐÁNH GIÁ TRỰC TIẾP"
    return Table("Số liệu bổ sung", title, columns, note, footnotes=footnotes)


def _assessment(row: Mapping[str, Any], names: Names, books: Mapping[str, Rulebook]) -> tuple[str, str]:
    """An assessed criterion and its option, in the words and numbers of the rulebook the assessment names."""
    book = books.get(row["rulebook"])
    own = replace(names, criteria={c.id: c for c in book.criteria} if book else {})
    item = f"Đánh giá trực tiếp theo {book.short if book else row['rulebook']} – {own.item(row['criterion'])}"
    return item, own.option(row["criterion"], row["option"])


def _disclosure(option: object) -> str:
    return DISCLOSURE_NAMES.get(str(option), str(option))


def _referenced(notes: list[str]) -> tuple[list[str], list[str]]:
    """Notes of many rows as `[1]`, with the list of what `[1]` says; a note of one row stays where it is."""
    tally = Counter(n for n in notes if n)
    marks = {note: f"[{i}]" for i, note in enumerate((n for n, times in tally.items() if times > 1), 1)}
    return [marks.get(n, n) for n in notes], [f"{mark} {note}" for note, mark in marks.items()]
