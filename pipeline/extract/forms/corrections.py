"""dieu-chinh.xlsx: declared corrections. A row with a slip is refused: its unit's figure is contested."""

from __future__ import annotations

from pipeline.extract.forms.form_cells import Slip, read_count, read_date, resolve_unit
from pipeline.extract.forms.form_table import FormRow, FormTable
from pipeline.extract.forms.gathered_rows import Gathered
from pipeline.findings import Finding
from pipeline.forms.catalogue import match_name
from schemas.measures import COUNT_NAMES

#: what a cell of the form takes
_EXPECTED = {
    "expected": "số nguyên ≥ 0, như tệp của cổng",
    "value": "số nguyên ≥ 0, khác số trên tệp",
    "measure": "một chỉ tiêu trong danh sách của ô",
    "counter_measure": "một chỉ tiêu khác trong danh sách của ô, hoặc để trống",
    "approved_on": "ngày/tháng/năm",
    "correction_id": "một mã chưa dùng",
}


def read_corrections(table: FormTable, gathered: Gathered) -> None:
    """Sheet “Điều chỉnh” -> Corrections with status `declared`."""
    for row in table.entries():
        name = row.text("correction_id") or f"DC-{_next_number(gathered):02d}"
        place = row.place("unit")
        unit = resolve_unit(gathered.index, place) if place.filled else ""
        if isinstance(unit, Finding) or not unit:
            near = ""
            if isinstance(unit, Finding):
                near = str(unit.facts.get("near", ""))
                if unit.code != "form_unit_unknown":  # that one says no more than the next
                    gathered.say(unit)
            gathered.say(place.finding("correction_without_unit", correction=name, near=near))
            continue
        if gathered.missing(table, row, unit, "correction_refused", correction=name):
            continue
        _read_row(row, unit, name, gathered)


def _next_number(gathered: Gathered) -> int:
    return len(gathered.rows.get("corrections", [])) + 1


def _read_row(row: FormRow, unit: str, name: str, gathered: Gathered) -> None:
    slips: list[tuple[str, str]] = []
    counts = {key: read_count(row.place(key)) for key in ("expected", "value")}
    slips += [(key, value.why) for key, value in counts.items() if isinstance(value, Slip)]
    if not slips and counts["expected"] == counts["value"]:
        slips.append(("value", "bằng số trên tệp, không có gì để sửa"))
    measure = match_name(row.text("measure"), COUNT_NAMES)
    counter = match_name(row.text("counter_measure"), COUNT_NAMES) if row.text("counter_measure") else ""
    if not measure:
        slips.append(("measure", f"không phải một chỉ tiêu; chọn một trong: {'; '.join(COUNT_NAMES.values())}"))
    if row.text("counter_measure") and not counter:
        slips.append(("counter_measure", "không phải một chỉ tiêu"))
    if counter and counter == measure:
        slips.append(("counter_measure", "trùng với chỉ tiêu được sửa"))
    day = read_date(row.place("approved_on"))
    if isinstance(day, Slip):
        slips.append(("approved_on", day.why))
    broken = ((k, row.place(k).broken) for k in ("reason", "approver"))
    slips += [(key, slip.why) for key, slip in broken if slip]
    if any(r["correction_id"] == name for r, _ in gathered.rows.get("corrections", [])):
        slips.append(("correction_id" if "correction_id" in row.cells else "unit", "mã điều chỉnh đã dùng"))
    for key, why in slips:
        place = row.place(key)
        facts = {"correction": name, "row": gathered.name(unit), "why": why}
        gathered.say(place.finding("correction_refused", unit, expected=_EXPECTED.get(key, ""), **facts))
    if slips or day is None or isinstance(day, Slip):
        return
    gathered.add(
        "corrections",
        row.place("value"),
        correction_id=name,
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
        expected_cell=row.place("expected").address,
    )
