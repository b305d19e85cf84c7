"""doi-chieu.xlsx: for the office itself, every figure of a revision with its source. It is not handed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pipeline.load.content.display_names import DisplayNames
from pipeline.load.excel.audit_table import AuditTable, write_audit_table
from pipeline.load.excel.styles import new_workbook, set_tab
from pipeline.load.excel.xlsx_bytes import deterministic_xlsx
from pipeline.load.workbook.appraisals_sheet import appraisals_audit_table
from pipeline.load.workbook.audit_sheets import (
    comparison_audit_table,
    corrections_audit_table,
    counts_audit_table,
    findings_audit_table,
)
from pipeline.load.workbook.changes_sheet import changes_audit_table
from pipeline.load.workbook.classes_sheet import classes_audit_table
from pipeline.load.workbook.contents_sheet import paper_facts, put_contents
from pipeline.load.workbook.evidence_sheet import evidence_audit_table
from pipeline.load.workbook.explanations_sheet import explanations_audit_table
from pipeline.load.workbook.losses_sheet import LOSSES_SHEET, write_losses_sheet
from pipeline.load.workbook.ranking_sheet import ranking_audit_table
from pipeline.load.workbook.scores_sheet import scores_audit_table
from pipeline.load.workbook.signature_sheet import signature_audit_table
from pipeline.load.workbook.sources_sheet import write_sources_sheet
from pipeline.load.workbook.supplement_sheet import supplement_audit_table
from pipeline.publish.revision_diff import Changes
from pipeline.result import Scored, Stamp

CHECKING: Final = "doi-chieu.xlsx"

_Table = Callable[[Scored, DisplayNames], AuditTable]
#: (table, use of its tab, what it holds)
_TODO: Final = (signature_audit_table, "todo", "Những việc còn thiếu trước khi ký")
_SCORES: Final[tuple[tuple[_Table, str, str], ...]] = (
    (scores_audit_table, "score", "Vì sao mỗi điểm bằng bấy nhiêu; bấm điểm để tới các số đã dùng"),
    (evidence_audit_table, "score", "Từng số, từng điều kiện của mỗi điểm; bấm nguồn để tới ô của tệp"),
    (ranking_audit_table, "score", "Hạng của các đơn vị trong từng cấp"),
    (classes_audit_table, "score", "Phân loại được in bên cạnh xếp loại theo từng quy tắc"),
    (appraisals_audit_table, "score", "Tự chấm, hệ thống tính, thẩm định cạnh nhau"),
)
_FINDINGS: Final[tuple[tuple[_Table, str, str], ...]] = (
    (findings_audit_table, "todo", "Mọi phát hiện trong số liệu và việc cần làm"),
    (comparison_audit_table, "todo", "Số tính được so với số đã in; chỗ khác xếp trước"),
)
_INPUTS: Final[tuple[tuple[_Table, str, str], ...]] = (
    (counts_audit_table, "input", "Từng số hồ sơ với tệp, trang tính, ô nguồn"),
    (supplement_audit_table, "input", "Số nhập ở bo-sung.xlsx và đánh giá trực tiếp, với nguồn"),
    (corrections_audit_table, "input", "Các điều chỉnh đã khai, đã áp dụng hay bị từ chối"),
)
_EXPLANATIONS: Final = (explanations_audit_table, "input", "Giải trình hồ sơ quá hạn")


def render_checking(scored: Scored, stamp: Stamp, found: Changes | None = None) -> bytes:
    """The workbook as .xlsx bytes, the same for the same content. Cells have values and no formulas.

    `found`: changes against the revision before, if there is one.
    """
    workbook, names = new_workbook(), DisplayNames.of(scored)
    entries: list[tuple[str, str]] = []

    def add(table: AuditTable, use: str, what: str) -> None:
        sheet = write_audit_table(workbook, table)
        set_tab(sheet.ws, use)
        entries.append((sheet.ws.title, what))

    tables: list[tuple[_Table, str, str]] = [] if stamp.alternative else [_TODO]  # an alternative is never signed
    tables += [*_FINDINGS, *(_SCORES if scored.rulebook is not None else ()), *_INPUTS]
    tables += [_EXPLANATIONS] if len(scored.checked.explanations) else []
    for table, use, what in tables:
        add(table(scored, names), use, what)
    if write_losses_sheet(workbook, scored):
        entries.append((LOSSES_SHEET, "Điểm mất ở từng đơn vị, từng tiêu chí, có biểu đồ"))
    if found is not None:
        add(changes_audit_table(found), "source", "Những gì khác bản trước")
    sources = write_sources_sheet(workbook, scored, stamp)
    set_tab(sources.ws, "source")
    entries.append((sources.ws.title, "Bản, quy định, căn cứ từng tiêu chí, tệp nguồn"))
    title = f"Đối chiếu số liệu và điểm {scored.checked.period.name} – nội bộ"
    put_contents(workbook, title, entries, paper_facts(scored, stamp))
    workbook.properties.title = title
    workbook.properties.creator = ""
    return deterministic_xlsx(workbook)
