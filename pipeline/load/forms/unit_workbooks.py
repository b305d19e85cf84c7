"""The workbook each unit fills in and returns (phiếu): counts of the portal locked, white cells for what it knows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType

from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.forms.catalogue import form_catalogue
from pipeline.forms.unit_sheet_lines import input_columns, unit_file_name, unit_text
from pipeline.load.excel import styles
from pipeline.load.excel.sheet import Sheet as Page
from pipeline.load.excel.xlsx_bytes import deterministic_xlsx, write_text
from pipeline.load.forms.choice_lists import choice_range, write_lists
from pipeline.load.forms.form_sheet import (
    HEADER_ROW,
    RULEBOOK_ROW,
    Prepared,
    font,
    title_text,
    write_table,
    write_title,
)
from pipeline.load.forms.unit_sheet import INPUT, UnitSheet, write_unit_sheet
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
    there: Collection[str] = (),
) -> Iterator[tuple[str, bytes]]:
    """(file name, workbook) of every unit of the period, in registry order, but for the files that are `there`.

    `counts`: unit -> measure -> what would be scored today; `reasons`: unit -> why it has none (Vietnamese). The same
    input gives the same bytes.
    """
    rulebook = in_force(rulebooks, period.end)
    for unit in index.units():
        name = unit_file_name(unit, index.names[unit])
        if name in there:
            continue
        of_unit = counts.get(unit, {})
        facts = UnitSheet(
            unit_text(index.names[unit], unit),
            index.levels[unit],
            of_unit,
            "" if of_unit else reasons.get(unit) or _NO_COUNTS,
        )
        yield name, deterministic_xlsx(_workbook(period, index, rulebook, facts))


def _workbook(period: Period, index: UnitIndex, rulebook: Rulebook | None, facts: UnitSheet) -> Workbook:
    form = form_catalogue().unit_form
    workbook = styles.new_workbook()
    pages = {s.code: Page(workbook, s.name, [c.width for c in s.columns]) for s in form.sheets}
    sheets = {code: page.ws for code, page in pages.items()}
    lists_sheet = next(s for s in form.sheets if s.layout == "info")
    target = sheets[lists_sheet.code]
    write_title(target, lists_sheet, period)
    ranges = write_lists(target, form, index, {})
    target.protection.sheet = True
    for sheet in form.sheets:
        if sheet.layout == "unit":
            words = {c.key: choice_range(ranges, target, c) for c in input_columns() if c.kind == "choice"}
            write_unit_sheet(pages[sheet.code], sheet, title_text(sheet, period), rulebook, facts, words)
        elif sheet.layout == "list":
            lists = {key: found for (code, key), found in ranges.items() if code == sheet.code}
            _write_list(sheets[sheet.code], sheet, period, index, lists, facts)
    workbook.properties.creator = "tthc forms"
    workbook.properties.title = f"{form.title} – {facts.unit} – {period.name}"
    return workbook


def _write_list(
    target: Worksheet, sheet: FormSheet, period: Period, index: UnitIndex, lists: Mapping[str, str], facts: UnitSheet
) -> None:
    """A list of the analyst's forms, for this unit alone: it stands above the table instead of in every row."""
    rows = [
        Prepared({"measure": COUNT_NAMES[m], "late": str(facts.counts[m])})
        for m in LATE_MEASURES
        if sheet.target == "explanations" and facts.counts.get(m)
    ]
    write_table(target, sheet, period, index, lists, ("", ""), rows)
    write_text(target.cell(RULEBOOK_ROW, 1), facts.unit)
    target.cell(RULEBOOK_ROW, 1).font = font(bold=True)
    for row in target.iter_rows(min_row=HEADER_ROW + 1):
        for cell in row:
            if not cell.protection.locked:
                cell.fill = INPUT  # white, as the unit is told on the first sheet
