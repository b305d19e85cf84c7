"""cham-diem.xlsx: the forms of the decision, ready to print and to hand in; and its copy for the public."""

from __future__ import annotations

from typing import Final

from openpyxl import Workbook

from pipeline.load.content.group_table import groups_table
from pipeline.load.content.headings import SheetHeadings
from pipeline.load.content.level_forms import level_forms
from pipeline.load.content.officer_form import officer_form
from pipeline.load.excel.styles import new_workbook
from pipeline.load.excel.xlsx_bytes import deterministic_xlsx
from pipeline.load.workbook.chart_sheet import SHEET_NAME as CHARTS
from pipeline.load.workbook.chart_sheet import write_chart_sheet
from pipeline.load.workbook.contents_sheet import paper_facts, put_contents
from pipeline.load.workbook.counts_sheet import write_counts_sheet
from pipeline.load.workbook.form_sheets import write_level_form, write_officer_form, write_officer_totals
from pipeline.load.workbook.groups_sheet import write_groups_sheet
from pipeline.load.workbook.public_copy import without_names
from pipeline.load.workbook.results_sheet import write_results_sheet
from pipeline.result import Scored, Stamp

SIGNED: Final = "cham-diem.xlsx"
PUBLIC: Final = "cham-diem-cong-khai.xlsx"


def render_signed(scored: Scored, stamp: Stamp, *, public: bool = False) -> bytes:
    """The workbook as .xlsx bytes, the same for the same content. Cells have values and no formulas.

    Sheets: contents, Biểu mẫu 03 of each level, Biểu mẫu 01, the table of results, charts. `public`: without the names,
    posts and scores of officers. Without a rulebook there are no forms: the counts of every unit and the reason.
    """
    scored = without_names(scored) if public else scored
    workbook, headings = new_workbook(), SheetHeadings.of(scored)
    entries = _write_forms(workbook, scored, headings, public=public)
    if write_chart_sheet(workbook, scored):
        entries.append((CHARTS, "Tổng điểm từng đơn vị, tỷ lệ hồ sơ trước hạn, đúng hạn, quá hạn"))
    kind = " – bản công khai" if public else ""
    title = f"Kết quả chấm điểm giải quyết thủ tục hành chính {scored.checked.period.name}{kind}"
    put_contents(workbook, title, entries, paper_facts(scored, stamp))
    workbook.properties.title = title
    workbook.properties.creator = ""
    return deterministic_xlsx(workbook)


def _write_forms(workbook: Workbook, scored: Scored, headings: SheetHeadings, *, public: bool) -> list[tuple[str, str]]:
    """Add the forms. Returns (sheet, what it holds) of each, for the contents."""
    if scored.rulebook is None:
        sheet = write_counts_sheet(workbook, scored, headings)
        return [(sheet.ws.title, "Số liệu hồ sơ của từng đơn vị; kỳ này chưa có căn cứ chấm điểm")]
    book, entries = scored.rulebook, []
    for form in level_forms(scored):
        name = f"Biểu 03 – {book.level_name(form.level)}"
        sheet = write_level_form(workbook, form, name, headings.issued_with, headings, book.rounding)
        entries.append((sheet.ws.title, f"Biểu mẫu số 03: chấm điểm {form.name}"))
    officers = officer_form(scored)
    if officers.of_rulebook and public:
        sheet = write_officer_totals(workbook, officers, headings)
        entries.append((sheet.ws.title, "Biểu mẫu số 01: số công chức, viên chức theo xếp loại"))
    elif officers.of_rulebook:
        sheet = write_officer_form(workbook, officers, headings)
        entries.append((sheet.ws.title, "Biểu mẫu số 01: đánh giá, xếp loại công chức, viên chức"))
    groups = groups_table(scored)
    if groups is not None:
        sheet = write_groups_sheet(workbook, groups, headings, book.rounding.print_places)
        return [*entries, (sheet.ws.title, "Điểm các nhóm, tổng điểm, xếp hạng và xếp loại các đơn vị")]
    sheet = write_results_sheet(workbook, scored, headings, book.rounding)
    entries.append((sheet.ws.title, "Bảng kết quả đánh giá, xếp loại các cơ quan, đơn vị"))
    return entries
