"""Reads two sheets of bo-sung.xlsx: the figures of the supplement and the criteria assessed by hand.

A cell with an error sets its unit aside.
"""

from __future__ import annotations

from pipeline.extract.forms.form_cells import CellProblem, FormCell, read_count
from pipeline.extract.forms.form_entries import FormContext, FormReading, combined_entries, form_entry, reading
from pipeline.extract.forms.form_table import FormRow, FormTable
from pipeline.findings import Finding
from pipeline.forms.catalogue import choice_names, find_criterion, match_name, match_option, match_rulebook
from schemas.forms import FormColumn, FormSheet
from schemas.measures import SUPPLEMENT_NAMES
from schemas.rulebook import Rulebook


def read_supplement(table: FormTable, context: FormContext) -> FormReading:
    """The sheet “Số liệu bổ sung” -> entries of Supplement, one a filled cell.

    A unit with two rows in the sheet: only the first row is read, and a finding sets the unit aside.
    """
    first: dict[str, FormCell] = {}
    readings = []
    for row in table.entries():
        unit = context.unit_of(row)
        if isinstance(unit, Finding):
            readings.append(reading(unit))
            continue
        cell = row.cell("unit")
        if unit in first:
            both = f"{first[unit].reference}; {cell.reference}"
            repeated = cell.finding("unit_repeated", unit, found=both, row=context.name(unit), times="hai")
            readings.append(reading(repeated))
            continue
        first[unit] = cell
        readings.append(read_unit_row(row, unit, table.sheet, context))
    return combined_entries(readings)


def read_unit_row(row: FormRow, unit: str, sheet: FormSheet, context: FormContext) -> FormReading:
    """The figures of one unit or level: the cells of a row by the columns of `sheet`, wherever the cells are."""
    columns = [c for c in sheet.columns if c.key in row.cells and c.kind in ("count", "choice")]
    cells = combined_entries(_read_cell(column, row, unit, sheet, context) for column in columns)
    return cells + reading(*_half_entered_items(row, unit, sheet, context))


def _read_cell(column: FormColumn, row: FormRow, unit: str, sheet: FormSheet, context: FormContext) -> FormReading:
    """The entry of one cell, nothing for a blank cell, or a finding."""
    cell = row.cell(column.key)
    if not cell.filled:
        return FormReading()
    value: int | CellProblem | None = None
    option = ""
    if column.kind == "count":
        value = read_count(cell)
    elif cell.problem:
        value = cell.problem
    else:
        names = choice_names(column)
        option = match_name(cell.text, names)
        if not option:
            return reading(_unknown_choice(row, column.key, unit, "; ".join(names.values()), context))
    if isinstance(value, CellProblem):
        facts = {"row": context.name(unit), "why": value.why}
        return reading(cell.finding(value.code, unit, expected="số nguyên ≥ 0", **facts))
    return reading(
        form_entry(
            "supplement",
            cell,
            unit_id=unit,
            item=column.feeds,
            part=column.header if len(_columns_of(sheet, column.feeds)) > 1 else "",
            value=value,
            option=option,
            note=row.text("note"),
        )
    )


def _columns_of(sheet: FormSheet, item: str) -> list[FormColumn]:
    """The columns whose sum is a supplement item."""
    return [c for c in sheet.columns if c.kind == "count" and c.feeds == item]


def _half_entered_items(row: FormRow, unit: str, sheet: FormSheet, context: FormContext) -> list[Finding]:
    """One finding for each item of several columns of which some are blank: the item's sum takes them as 0."""
    findings = []
    for item in dict.fromkeys(c.feeds for c in sheet.columns if c.kind == "count" and c.item):
        columns = _columns_of(sheet, item)
        filled = [c for c in columns if row.text(c.key)]
        blank = [c for c in columns if not row.text(c.key)]
        if filled and blank:
            cell = row.cells.get(blank[0].key) or row.cell(filled[0].key)
            findings.append(
                cell.finding(
                    "form_part_blank",
                    unit,
                    found=", ".join(c.header for c in filled),
                    expected=", ".join(c.header for c in blank),
                    row=context.name(unit),
                    label=SUPPLEMENT_NAMES[item],
                )
            )
    return findings


def read_assessments(table: FormTable, context: FormContext) -> FormReading:
    """The sheet “Đánh giá trực tiếp” -> entries of Assessments, one a row.

    A row with an unknown rulebook, criterion or option sets its unit aside.
    """
    return combined_entries(_read_assessment(row, table, context) for row in table.entries())


def _read_assessment(row: FormRow, table: FormTable, context: FormContext) -> FormReading:
    unit = context.unit_of(row)
    if isinstance(unit, Finding):
        return reading(unit)
    blank = context.blank_cells(table, row, unit, "form_required_blank")
    if blank:
        return reading(*blank)
    rulebook = match_rulebook(row.text("rulebook"), context.rulebooks)
    if rulebook is None:
        return reading(_unknown_choice(row, "rulebook", unit, "; ".join(context.rulebooks), context))
    criterion = find_criterion(row.text("criterion"), rulebook, context.rulebooks.values())
    if criterion is None:
        return reading(_unknown_choice(row, "criterion", unit, _criteria(rulebook), context))
    option = match_option(row.text("option"), criterion, context.index.levels[unit])
    if not option and criterion.lines():
        allowed = "; ".join(f"{o.id} ({o.text})" for o in criterion.lines())
        return reading(_unknown_choice(row, "option", unit, allowed, context))
    source = row.text("source")
    return reading(
        form_entry(
            "assessments",
            row.cell("option"),
            unit_id=unit,
            rulebook=rulebook.id,
            criterion=criterion.id,
            # a criterion without lines has no option to name: the scoring refuses the assessment, with the reason
            option=option or row.text("option"),
            reason=row.text("reason") + (f" (nguồn: {source})" if source else ""),
        )
    )


def _criteria(rulebook: Rulebook) -> str:
    return "; ".join(f"{c.id} ({c.number}. {c.label})" for c in rulebook.criteria)


def _unknown_choice(row: FormRow, key: str, unit: str, allowed: str, context: FormContext) -> Finding:
    return row.cell(key).finding("form_choice_unknown", unit, expected=allowed, row=context.name(unit))
