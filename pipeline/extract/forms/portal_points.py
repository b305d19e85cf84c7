"""Reads the sheets of published points of bo-sung.xlsx: one entry a filled cell.

Whether points are possible is judged by the rulebook that scores the period (`pipeline.score.portal_points`).
"""

from __future__ import annotations

from pipeline.extract.forms.form_cells import CellProblem, read_decimal
from pipeline.extract.forms.form_entries import FormContext, FormReading, combined_entries, form_entry, reading
from pipeline.extract.forms.form_table import FormRow, FormTable
from pipeline.findings import Finding


def read_portal_points(table: FormTable, context: FormContext) -> FormReading:
    """A sheet of published points -> entries of PortalPoints. A row with a cell that is no points has no entry."""
    return combined_entries(_read_row(row, table, context) for row in table.entries())


def _read_row(row: FormRow, table: FormTable, context: FormContext) -> FormReading:
    unit = context.unit_of(row)
    if isinstance(unit, Finding):
        return reading(unit)
    read, faults = FormReading(), FormReading()
    for column in table.sheet.columns:
        if column.kind != "points" or column.key not in row.cells:
            continue
        cell = row.cell(column.key)
        points = read_decimal(cell)
        if isinstance(points, CellProblem):
            facts = {"row": context.name(unit), "why": points.why}
            faults += reading(cell.finding(points.code, unit, expected="số điểm, như 19,41", **facts))
        elif points is not None:
            read += reading(form_entry("portal_points", cell, unit_id=unit, code=column.feeds, points=points))
    return faults if faults.findings else read
