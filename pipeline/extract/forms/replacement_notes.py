"""Reads the sheet “Thay thế” of dieu-chinh.xlsx: why the rows of a file in `thay-the/` count, and who accepted it.

A row with an error declares nothing: the file stays undeclared, and its numbers count provisionally.
"""

from __future__ import annotations

from pipeline.extract.forms.form_cells import CellProblem, read_date
from pipeline.extract.forms.form_entries import FormContext, FormReading, combined_entries, form_entry, reading
from pipeline.extract.forms.form_table import FormRow, FormTable

_TEXTS = ("file", "reason", "approver")


def read_replacements(table: FormTable, context: FormContext) -> FormReading:
    """The sheet “Thay thế” -> entries of Replacements, one a row."""
    return combined_entries(_read_row(row, table) for row in table.entries())


def _read_row(row: FormRow, table: FormTable) -> FormReading:
    """One declaration, or a finding for each of its cells that is blank or cannot be read."""
    name = row.text("file") or f"dòng {row.number + 1}"
    day = read_date(row.cell("approved_on"))
    blank = [c.key for c in table.sheet.columns if c.required and not row.cell(c.key).filled]
    errors = [(key, "ô bắt buộc mà để trống") for key in blank]
    errors += [(key, problem.why) for key in _TEXTS if (problem := row.cell(key).problem)]
    if isinstance(day, CellProblem):
        errors.append(("approved_on", day.why))
    if errors or day is None or isinstance(day, CellProblem):
        return reading(
            *(row.cell(key).finding("replacement_declaration_refused", row=name, why=why) for key, why in errors)
        )
    return reading(
        form_entry(
            "replacements",
            row.cell("file"),
            file=row.text("file"),
            reason=row.text("reason"),
            approver=row.text("approver"),
            approved_on=day.isoformat(),
            note=row.text("note"),
        )
    )
