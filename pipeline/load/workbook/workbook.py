"""cham-diem.xlsx: the forms as sheets an office prints, then the sheets that let a reader check every figure."""

from __future__ import annotations

from typing import Final

from pipeline.load.content.display_names import Names
from pipeline.load.content.headings import Headings
from pipeline.load.content.level_forms import level_forms
from pipeline.load.excel.audit_table import write_table
from pipeline.load.excel.styles import new_workbook
from pipeline.load.excel.xlsx_bytes import deterministic_xlsx
from pipeline.load.workbook import audit_sheets as audit
from pipeline.load.workbook.appraisals_sheet import appraisals_table
from pipeline.load.workbook.changes_sheet import changes_table
from pipeline.load.workbook.counts_sheet import counts_sheet
from pipeline.load.workbook.explanations_sheet import explanations_table
from pipeline.load.workbook.form_sheets import level_form_sheet, officer_sheet
from pipeline.load.workbook.sources_sheet import sources_sheet
from pipeline.load.workbook.summary_sheet import scores_sheet
from pipeline.load.workbook.supplement_sheet import supplement_table
from pipeline.publish.revision_diff import Changes
from pipeline.result import Scored, Stamp

FILE_NAME: Final = "cham-diem.xlsx"


def render_workbook(scored: Scored, stamp: Stamp, found: Changes | None = None) -> bytes:
    """The workbook as bytes, the same for the same content: values, no formula; revisions on the last sheets only.

    `found`: what changed since the revision before, where there is one.
    Without a rulebook there are no forms and no scores: the first sheet gives every unit's counts and says why.
    """
    workbook = new_workbook()
    headings, names = Headings.of(scored), Names.of(scored)
    if scored.rulebook is None:
        counts_sheet(workbook, scored, headings)
    else:
        book = scored.rulebook
        scores_sheet(workbook, scored, headings, book.rounding)
        for form in level_forms(scored):
            level_form_sheet(workbook, form, book.level_name(form.level), headings, book.rounding)
        officer_sheet(workbook, scored, headings)
    tables = [audit.counts_table, supplement_table]
    if scored.rulebook is not None:
        tables += [audit.scores_table, appraisals_table]
    for table in (*tables, audit.findings_table, audit.comparison_table, audit.corrections_table):
        write_table(workbook, table(scored, names))
    if len(scored.checked.explanations):
        write_table(workbook, explanations_table(scored, names))
    if found is not None:
        write_table(workbook, changes_table(found))
    sources_sheet(workbook, scored, stamp)
    workbook.active = 0
    workbook.properties.title = f"Kết quả chấm điểm giải quyết thủ tục hành chính {scored.checked.period.name}"
    workbook.properties.creator = ""
    return deterministic_xlsx(workbook)
