"""Reads the form phan-loai.xlsx: classes of units that the office decided itself.

What of it is used: `pipeline/score/class_decisions.py`.
"""

from __future__ import annotations

from pipeline.extract.forms.form_entries import FormContext, FormReading, combined_entries, form_entry, reading
from pipeline.extract.forms.form_table import FormRow, FormTable
from pipeline.findings import Finding


def read_class_decisions(table: FormTable, context: FormContext) -> FormReading:
    """The sheet “Phân loại” -> entries of ClassDecisions, one a row. A row without a required cell is left out."""
    return combined_entries(_read_decision(row, table, context) for row in table.entries())


def _read_decision(row: FormRow, table: FormTable, context: FormContext) -> FormReading:
    unit = context.unit_of(row)
    if isinstance(unit, Finding):
        return reading(unit)
    if context.index.kinds[unit] != "unit":
        cell, why = row.cell("unit"), "là một cấp; chỉ đơn vị được phân loại"
        return reading(cell.finding("form_row_skipped", row=context.name(unit), why=why))
    blank = context.blank_cells(table, row, "", "form_row_skipped")
    if blank:
        return reading(*blank)
    return reading(
        form_entry(
            "class_decisions",
            row.cell("class_name"),
            unit_id=unit,
            class_name=row.text("class_name"),
            reason=row.text("reason"),
            decided_by=row.text("decided_by"),
            document=row.text("document"),
        )
    )
