"""Reads dieu-chinh.xlsx: declared corrections of counts. `pipeline.validate.corrections` applies them.

A row with an error is refused, and its unit is set aside: the unit's figure is contested.
"""

from __future__ import annotations

from collections.abc import Collection

from pipeline.extract.forms.form_cells import CellProblem, read_count, read_date, resolve_unit
from pipeline.extract.forms.form_entries import (
    FormContext,
    FormEntry,
    FormReading,
    combined_entries,
    form_entry,
    reading,
)
from pipeline.extract.forms.form_table import FormRow, FormTable
from pipeline.findings import Finding
from pipeline.forms.catalogue import match_name
from schemas.measures import COUNT_NAMES

#: What a cell of the form takes, in Vietnamese, by column.
_EXPECTED = {
    "expected": "số nguyên ≥ 0, như tệp của cổng",
    "value": "số nguyên ≥ 0, khác số trên tệp",
    "measure": "một chỉ tiêu trong danh sách của ô",
    "counter_measure": "một chỉ tiêu khác trong danh sách của ô, hoặc để trống",
    "approved_on": "ngày/tháng/năm",
    "correction_id": "một mã chưa dùng",
}


def read_corrections(table: FormTable, context: FormContext) -> FormReading:
    """The sheet “Điều chỉnh” -> entries of Corrections with the status `declared`, one a row.

    A row without an id gets the next free number (`DC-01`). Ids are unique over all sheets, but for the same correction
    in a copy of the form.
    """
    taken = [e for e in context.numbered if e.target == "corrections"]
    readings = []
    for row in table.entries():
        read = _read_row(row, table, context, row.text("correction_id") or f"DC-{len(taken) + 1:02d}", taken)
        taken += read.entries
        readings.append(read)
    return combined_entries(readings)


def _read_row(
    row: FormRow, table: FormTable, context: FormContext, correction_id: str, taken: Collection[FormEntry]
) -> FormReading:
    """One correction, or the findings of its errors. `taken`: the corrections read before."""
    cell = row.cell("unit")
    unit = resolve_unit(context.index, cell) if cell.filled else ""
    if isinstance(unit, Finding):
        without = cell.finding("correction_without_unit", correction=correction_id, near=unit.facts.get("near", ""))
        # "unknown unit" adds nothing to the finding of the correction; the other reasons do
        return reading(without) if unit.code == "form_unit_unknown" else reading(unit, without)
    if not unit:
        return reading(cell.finding("correction_without_unit", correction=correction_id, near=""))
    blank = context.blank_cells(table, row, unit, "correction_refused", correction=correction_id)
    return reading(*blank) if blank else _read_filled_row(row, context, unit, correction_id, taken)


def _read_filled_row(
    row: FormRow, context: FormContext, unit: str, correction_id: str, taken: Collection[FormEntry]
) -> FormReading:
    counts = {key: read_count(row.cell(key)) for key in ("expected", "value")}
    errors = [(key, value.why) for key, value in counts.items() if isinstance(value, CellProblem)]
    if not errors and counts["expected"] == counts["value"]:
        errors.append(("value", "bằng số trên tệp, không có gì để sửa"))
    measure = match_name(row.text("measure"), COUNT_NAMES)
    counter = match_name(row.text("counter_measure"), COUNT_NAMES) if row.text("counter_measure") else ""
    if not measure:
        errors.append(("measure", f"không phải một chỉ tiêu; chọn một trong: {'; '.join(COUNT_NAMES.values())}"))
    if row.text("counter_measure") and not counter:
        errors.append(("counter_measure", "không phải một chỉ tiêu"))
    if counter and counter == measure:
        errors.append(("counter_measure", "trùng với chỉ tiêu được sửa"))
    day = read_date(row.cell("approved_on"))
    if isinstance(day, CellProblem):
        errors.append(("approved_on", day.why))
    texts = ((k, row.cell(k).problem) for k in ("reason", "approver"))
    errors += [(key, problem.why) for key, problem in texts if problem]
    if any(
        e.values["correction_id"] == correction_id
        and (e.file == row.cell("unit").grid.file or (e.unit_id, e.values["measure"]) != (unit, measure))
        for e in taken
    ):
        errors.append(("correction_id" if "correction_id" in row.cells else "unit", "mã điều chỉnh đã dùng"))
    if errors or day is None or isinstance(day, CellProblem):
        facts = {"correction": correction_id, "row": context.name(unit)}
        return reading(
            *(
                row.cell(key).finding("correction_refused", unit, expected=_EXPECTED.get(key, ""), why=why, **facts)
                for key, why in errors
            )
        )
    return reading(
        form_entry(
            "corrections",
            row.cell("value"),
            correction_id=correction_id,
            unit_id=unit,
            measure=measure,
            expected=counts["expected"],
            value=counts["value"],
            counter_measure=counter,
            reason=row.text("reason"),
            approver=row.text("approver"),
            approved_on=day.isoformat(),
            note=row.text("note"),
            status="declared",
            expected_cell=row.cell("expected").address,
        )
    )
