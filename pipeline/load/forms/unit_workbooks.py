"""The workbook (phiếu) that each unit fills in and returns: the portal's counts locked, input cells white."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType

from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.forms.carry_over import NOTHING_CARRIED, CarriedOver
from pipeline.forms.catalogue import form_catalogue
from pipeline.forms.unit_sheet_lines import input_columns, unit_file_name, unit_text
from pipeline.load.excel.form_styles import style_label
from pipeline.load.excel.page_setup import protect_sheet
from pipeline.load.excel.sheet_writer import SheetWriter
from pipeline.load.excel.styles import WHITE, fill_cell, new_workbook
from pipeline.load.excel.xlsx_bytes import deterministic_xlsx, write_text
from pipeline.load.forms.choice_lists import write_choice_list, write_lists
from pipeline.load.forms.form_rows import PreparedRow
from pipeline.load.forms.form_sheet import HEADER_ROW, QUESTION_ROW, title_text, write_form_table, write_title
from pipeline.load.forms.unit_sheet import UnitFacts, write_unit_sheet
from pipeline.periods import Period
from pipeline.registry import UnitIndex
from pipeline.rulebooks import in_force
from schemas.forms import FormSheet
from schemas.measures import COUNT_NAMES, LATE_MEASURES
from schemas.rulebook import Rulebook

_NO_COUNTS = "Chưa có số liệu của cổng khi tạo phiếu: phần số liệu của cổng để trống."


def unit_forms(
    period: Period,
    index: UnitIndex,
    rulebooks: Mapping[str, Rulebook],
    counts: Mapping[str, Mapping[str, int]] = MappingProxyType({}),
    reasons: Mapping[str, str] = MappingProxyType({}),
    existing: Collection[str] = (),
    carried: CarriedOver = NOTHING_CARRIED,
) -> Iterator[tuple[str, bytes]]:
    """(file name, .xlsx bytes) of every unit of the period, in registry order, except the names in `existing`.

    `counts`: unit_id -> measure -> dossiers as they would be scored today; `reasons`: unit_id -> why it has no counts
    (Vietnamese); `carried`: answers of earlier quarters, shown beside the input cells. The same input gives the same
    bytes.
    """
    rulebook = in_force(rulebooks, period)
    for unit in index.units():
        name = unit_file_name(unit, index.names[unit])
        if name in existing:
            continue
        unit_counts = counts.get(unit, {})
        facts = UnitFacts(
            unit_text(index.names[unit], unit),
            index.levels[unit],
            unit_counts,
            "" if unit_counts else reasons.get(unit) or _NO_COUNTS,
            carried.remarks(index.names[unit]),
        )
        yield name, deterministic_xlsx(_workbook(period, index, rulebook, facts))


def _workbook(period: Period, index: UnitIndex, rulebook: Rulebook | None, facts: UnitFacts) -> Workbook:
    form = form_catalogue().unit_form
    workbook = new_workbook()
    writers = {s.code: SheetWriter(workbook, s.name, [c.width for c in s.columns]) for s in form.sheets}
    sheets = {code: writer.ws for code, writer in writers.items()}
    lists_sheet = next(s for s in form.sheets if s.layout == "info")
    target = sheets[lists_sheet.code]
    write_title(target, lists_sheet, period)
    ranges = write_lists(target, form, index, {})
    protect_sheet(target)
    for sheet in form.sheets:
        if sheet.layout == "unit":
            choices = {c.key: write_choice_list(ranges, target, c) for c in input_columns() if c.kind == "choice"}
            write_unit_sheet(writers[sheet.code], sheet, title_text(sheet, period), rulebook, facts, choices)
        elif sheet.layout == "list":
            choices = {key: list_range for (code, key), list_range in ranges.items() if code == sheet.code}
            _write_list(sheets[sheet.code], sheet, period, index, choices, facts)
    workbook.properties.creator = "tthc forms"
    workbook.properties.title = f"{form.title} – {facts.unit} – {period.name}"
    return workbook


def _write_list(
    target: Worksheet, sheet: FormSheet, period: Period, index: UnitIndex, choices: Mapping[str, str], facts: UnitFacts
) -> None:
    """A list of the analyst's forms for this unit alone: its name is above the table instead of in every row."""
    rows = [
        PreparedRow({"measure": COUNT_NAMES[m], "late": str(facts.counts[m])})
        for m in LATE_MEASURES
        if sheet.target == "explanations" and facts.counts.get(m)
    ]
    write_form_table(target, sheet, period, index, choices, ("", ""), rows)
    name = target.cell(QUESTION_ROW, 1)
    write_text(name, facts.unit)
    style_label(name)
    for row in target.iter_rows(min_row=HEADER_ROW + 1):
        for cell in row:
            if not cell.protection.locked:
                fill_cell(cell, WHITE)  # white, as the instruction on the first sheet describes input cells
