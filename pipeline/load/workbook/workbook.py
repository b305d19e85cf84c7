"""cham-diem.xlsx: the forms as sheets that an office prints, then tables for checking every figure."""

from __future__ import annotations

from typing import Final

from pipeline.load.content.display_names import DisplayNames
from pipeline.load.content.headings import SheetHeadings
from pipeline.load.content.level_forms import level_forms
from pipeline.load.content.officer_form import officer_form
from pipeline.load.excel.audit_table import write_audit_table
from pipeline.load.excel.styles import new_workbook
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
from pipeline.load.workbook.counts_sheet import write_counts_sheet
from pipeline.load.workbook.explanations_sheet import explanations_audit_table
from pipeline.load.workbook.form_sheets import write_level_form, write_officer_form
from pipeline.load.workbook.results_sheet import write_results_sheet
from pipeline.load.workbook.scores_sheet import scores_audit_table
from pipeline.load.workbook.signature_sheet import signature_audit_table
from pipeline.load.workbook.sources_sheet import write_sources_sheet
from pipeline.load.workbook.supplement_sheet import supplement_audit_table
from pipeline.publish.revision_diff import Changes
from pipeline.result import Scored, Stamp

FILE_NAME: Final = "cham-diem.xlsx"


def render_workbook(scored: Scored, stamp: Stamp, found: Changes | None = None) -> bytes:
    """The workbook as .xlsx bytes, the same for the same content. Cells have values and no formulas.

    `found`: changes against the revision before, if there is one. Only the last sheets name the revision. Without a
    rulebook there are no forms and no scores: the first sheet has the counts of every unit and the reason.
    """
    workbook = new_workbook()
    headings, names = SheetHeadings.of(scored), DisplayNames.of(scored)
    if scored.rulebook is None:
        write_counts_sheet(workbook, scored, headings)
    else:
        book = scored.rulebook
        write_results_sheet(workbook, scored, headings, book.rounding)
        for form in level_forms(scored):
            write_level_form(workbook, form, book.level_name(form.level), headings, book.rounding)
        write_officer_form(workbook, officer_form(scored), headings)
    tables = [] if stamp.alternative else [signature_audit_table]  # an alternative is never signed
    tables += [counts_audit_table, supplement_audit_table]
    if scored.rulebook is not None:
        tables += [scores_audit_table, classes_audit_table, appraisals_audit_table]
    for table in (*tables, findings_audit_table, comparison_audit_table, corrections_audit_table):
        write_audit_table(workbook, table(scored, names))
    if len(scored.checked.explanations):
        write_audit_table(workbook, explanations_audit_table(scored, names))
    if found is not None:
        write_audit_table(workbook, changes_audit_table(found))
    write_sources_sheet(workbook, scored, stamp)
    workbook.active = 0
    workbook.properties.title = f"Kết quả chấm điểm giải quyết thủ tục hành chính {scored.checked.period.name}"
    workbook.properties.creator = ""
    return deterministic_xlsx(workbook)
