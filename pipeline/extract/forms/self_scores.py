"""Reads tu-cham.xlsx: the scores and counts that units' or levels' own documents printed.

They are only compared with what is computed. Nothing here sets a unit aside.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from pipeline.extract.forms.form_cells import CellProblem, FormCell, read_decimal, read_figure
from pipeline.extract.forms.form_entries import FormContext, FormReading, combined_entries, form_entry, reading
from pipeline.extract.forms.form_table import FormRow, FormTable, named_rulebook
from pipeline.findings import Finding
from pipeline.forms.catalogue import (
    BOX,
    BOX_NAME,
    WHOLE_AREA,
    choice_names,
    form_catalogue,
    header_key,
    match_criterion,
    match_name,
    match_rulebook,
)
from schemas.forms import FormColumn, FormSheet
from schemas.rulebook import Rulebook


def read_printed_scores(table: FormTable, context: FormContext) -> FormReading:
    """The sheet “Điểm đã in” -> entries of Printed: one a filled criterion, total, average or class."""
    gaps = reading(*_number_gaps(table))
    rows = table.entries()
    if not rows:
        return gaps
    rulebook = _rulebook(table, context)
    if isinstance(rulebook, Finding):
        return gaps + reading(rulebook)
    readings = []
    for row in rows:
        unit = context.unit_of(row)
        if isinstance(unit, Finding):
            readings.append(reading(unit))
        else:
            readings.append(_read_row(row, unit, table.sheet, rulebook, context))
    return gaps + combined_entries(readings)


def read_unit_scores(
    table: FormTable, cells: Mapping[str, FormCell], unit: str, sheet: FormSheet, context: FormContext
) -> FormReading:
    """The scores of one unit -> entries of Printed. `cells`: by the columns of `sheet`, read anywhere in the table.

    The rulebook is the one named above the table.
    """
    rulebook = _rulebook(table, context)
    if isinstance(rulebook, Finding):
        return reading(rulebook)
    return _read_row(FormRow(table.header, cells), unit, sheet, rulebook, context)


def _read_row(row: FormRow, unit: str, sheet: FormSheet, rulebook: Rulebook, context: FormContext) -> FormReading:
    columns = [c for c in sheet.columns if c.key in row.cells and (c.kind == "score" or c.key == "class")]
    return combined_entries(_read_score(column, row, unit, rulebook, context) for column in columns)


def _rulebook(table: FormTable, context: FormContext) -> Rulebook | Finding:
    """The rulebook named above the table; else a finding."""
    written, cell = named_rulebook(table)
    rulebook = match_rulebook(written, context.rulebooks) if written else None
    return rulebook or cell.finding("form_rulebook_unknown", found=written, expected="; ".join(context.rulebooks))


def _read_score(column: FormColumn, row: FormRow, unit: str, rulebook: Rulebook, context: FormContext) -> FormReading:
    """The entry of one cell. A cell that is not understood keeps its text, has no value, and has a finding."""
    cell = row.cell(column.key)
    if not cell.filled:
        return FormReading()
    item = column.key
    if column.key.isdigit():
        criterion = match_criterion(column.key, rulebook)
        if criterion is None:
            why = f"{rulebook.id} không có tiêu chí này"
            return reading(cell.finding("form_cell_unread", unit, row=context.name(unit), why=why))
        item = criterion.id
    value = cell.problem if column.kind == "text" else read_decimal(cell)
    score = form_entry(
        "printed",
        cell,
        unit_id=unit,
        item=item,
        value=None if isinstance(value, CellProblem) else value,
        text=_as_printed(cell),
        rulebook=rulebook.id,
        stt=row.text("stt"),
    )
    return reading(score, *_unread(cell, value, unit, context.name(unit)))


def _unread(cell: FormCell, value: object, unit: str, row: str) -> list[Finding]:
    """The finding of a cell whose value is a problem; none for any other value. `row` names the row."""
    if not isinstance(value, CellProblem):
        return []
    return [cell.finding("form_cell_unread", unit, row=row, why=value.why)]


def _as_printed(cell: FormCell) -> str:
    """The cell's text as a Vietnamese document prints it: a number with a decimal comma, other text unchanged."""
    return cell.text if cell.value is None or isinstance(cell.value, str) else cell.text.replace(".", ",")


def _number_gaps(table: FormTable) -> list[Finding]:
    """One finding for each jump of the numbers in the column STT: a row may be missing.

    Numbers begin again in each section (a level's own row opens one), and they may begin with any number.
    """
    findings = []
    previous: int | None = None
    for row in table.rows:
        text = row.text("stt").rstrip(".")
        if not re.fullmatch(r"\d{1,4}", text):
            if row.text("unit"):
                previous = None
            continue
        number = int(text)
        if previous is not None and number > previous + 1:
            finding = row.cell("stt").finding("stt_gap", expected=str(previous + 1))
            # the message names the last number before the gap
            findings.append(replace(finding, facts={**finding.facts, "expected": previous}))
        previous = number
    return findings


def read_printed_figures(table: FormTable, context: FormContext) -> FormReading:
    """The sheet “Số liệu đã in” -> entries of PrintedFigures, one a row.

    `unit_id` is "" for both levels together. The measure of a box marked on a printed form is `box:<criterion id>`.
    """
    rows = table.entries()
    has_boxes = any(_is_box(row.text("measure")) for row in rows)
    found = _rulebook(table, context) if has_boxes else None
    rulebook = None if isinstance(found, Finding) else found
    unknown = reading(found) if isinstance(found, Finding) else FormReading()
    return unknown + combined_entries(_read_figure_row(row, table, rulebook, context) for row in rows)


def _read_figure_row(row: FormRow, table: FormTable, rulebook: Rulebook | None, context: FormContext) -> FormReading:
    unit = WHOLE_AREA if means_whole_area(row.text("unit")) else context.unit_of(row)
    if isinstance(unit, Finding):
        return reading(unit)
    blank = context.blank_cells(table, row, "", "form_row_skipped")
    if blank:
        return reading(*blank)
    name = context.name(unit) if unit else form_catalogue().whole_area[0]
    measure = _measure(row, table, rulebook)
    if not measure:
        why = "không phải một chỉ tiêu trong danh sách"
        return reading(row.cell("measure").finding("form_row_skipped", unit, row=name, why=why))
    cell = row.cell("value")
    value = read_figure(cell)
    figure = form_entry(
        "printed_figures",
        cell,
        unit_id=unit,
        measure=measure,
        place=row.text("place"),
        value=None if isinstance(value, CellProblem) else value,
        text=row.text("value"),
    )
    return reading(figure, *_unread(cell, value, unit, name))


def means_whole_area(written: str) -> bool:
    """Whether a written name means both levels together."""
    return header_key(written) in {header_key(n) for n in form_catalogue().whole_area}


def _is_box(written: str) -> bool:
    return header_key(written).startswith((header_key(BOX_NAME), BOX))


def _measure(row: FormRow, table: FormTable, rulebook: Rulebook | None) -> str:
    """The measure that a row names, "" for an unknown one. `rulebook`: the criteria of the boxes."""
    written = row.text("measure")
    if not _is_box(written):
        return match_name(written, choice_names(table.sheet.column("measure")))
    if rulebook is None:
        return ""
    name = header_key(written).removeprefix(header_key(BOX_NAME)).removeprefix(BOX)
    criterion = match_criterion(name, rulebook)
    return BOX + criterion.id if criterion else ""
