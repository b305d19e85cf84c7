"""Reads the lists of bo-sung.xlsx: officers, documents, and the fields of the report that counts cannot give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.extract.forms.form_cells import CellProblem, read_decimal
from pipeline.extract.forms.form_entries import (
    FormContext,
    FormEntry,
    FormReading,
    combined_entries,
    form_entry,
    read_date_text,
    reading,
)
from pipeline.extract.forms.form_table import FormRow, FormTable
from pipeline.findings import Finding
from pipeline.forms.catalogue import choice_names, form_catalogue, header_key, match_name
from pipeline.forms.labels import field_label, field_labels
from schemas.forms import ReportField

#: Points: an officer's score is the sum of five criteria of at most 2 points.
MAX_SCORE = 10


def read_officers(table: FormTable, context: FormContext) -> FormReading:
    """The sheet “Công chức” -> entries of Officers, one a row.

    A row whose score is not understood is left out: a blank score would mean the average of the unit.
    """
    return combined_entries(_read_officer(row, table, context) for row in table.entries())


def _read_officer(row: FormRow, table: FormTable, context: FormContext) -> FormReading:
    unit = context.unit_of(row)
    if isinstance(unit, Finding):
        return reading(unit)
    blank = context.blank_cells(table, row, "", "form_row_skipped")
    if blank:
        return reading(*blank)
    score = read_decimal(row.cells["score"]) if "score" in row.cells else None
    if isinstance(score, float) and score > MAX_SCORE:
        score = CellProblem("form_cell_unread", f"điểm lớn hơn {MAX_SCORE}")
    if isinstance(score, CellProblem):
        return reading(row.cell("score").finding("form_row_skipped", unit, row=row.text("officer"), why=score.why))
    return reading(
        form_entry(
            "officers",
            row.cell("officer"),
            officer=row.text("officer"),
            unit_id=unit,
            position=row.text("position"),
            score=score,
            note=row.text("note"),
        )
    )


def read_documents(table: FormTable, context: FormContext) -> FormReading:
    """The sheet “Văn bản” -> entries of Documents, one a row, in the order entered.

    A date that is not understood is left out and has a finding; the rest of its row is used.
    """
    return combined_entries(_read_document(row, table, context) for row in table.entries())


def _read_document(row: FormRow, table: FormTable, context: FormContext) -> FormReading:
    blank = context.blank_cells(table, row, "", "form_row_skipped")
    if blank:
        return reading(*blank)
    roles = choice_names(table.sheet.column("role"))
    number, role = row.text("number"), match_name(row.text("role"), roles)
    if not role:
        why = f"vai trò không có trong danh sách ({'; '.join(roles.values())})"
        return reading(row.cell("role").finding("form_row_skipped", row=number, why=why))
    issued_on = read_date_text(row.cells.get("issued_on"), "", number)
    document = form_entry(
        "documents",
        row.cell("number"),
        role=role,
        title=row.text("title"),
        number=number,
        issued_on="" if isinstance(issued_on, Finding) else issued_on,
        issuer=row.text("issuer"),
        subject=row.text("subject"),
        implements=row.text("implements"),
    )
    return reading(document, *([issued_on] if isinstance(issued_on, Finding) else []))


def read_report_fields(table: FormTable, context: FormContext) -> FormReading:
    """The sheet “Thông tin báo cáo” -> entries of ReportFields, one a filled value, in the order entered."""
    index = context.index
    labels = field_labels({index.levels[i]: index.names[i] for i in index.level_ids()})
    fields = labels | {field_id: (field_id, field) for field_id, field in labels.values()}
    rows = [r for r in table.entries() if "value" in r.cells and r.cell("value").filled]
    return combined_entries(_read_report_field(row, table, fields, context) for row in rows)


def _read_report_field(
    row: FormRow, table: FormTable, fields: Mapping[str, tuple[str, ReportField]], context: FormContext
) -> FormReading:
    blank = context.blank_cells(table, row, "", "form_row_skipped")
    if blank:
        return reading(*blank)
    name, cell = row.text("field"), row.cell("value")
    field_id, field = fields.get(header_key(name), ("", None))
    if field is None:
        why = "không có mục này trong biểu"
        return reading(row.cell("field").finding("form_row_skipped", row=name, why=why))
    if cell.problem:
        return reading(cell.finding("form_cell_unread", row=name, why=cell.problem.why))
    text = read_date_text(cell, "", field.label) if field.kind == "date" else cell.lines if field.lines else cell.text
    if isinstance(text, Finding):
        return reading(text)
    return reading(form_entry("report_fields", cell, field=field_id, value=text)) if text else FormReading()


def field_name(field_id: str, context: FormContext) -> str:
    """The label of a report field by its id, `late_reason:huyen` -> `Lý do trễ hạn – Cấp thành phố`."""
    key, _, level = field_id.partition(":")
    field = next(f for f in form_catalogue().fields if f.key == key)
    index = context.index
    return field_label(field, next((index.names[i] for i in index.level_ids() if index.levels[i] == level), ""))


def without_repeated_fields(entries: Sequence[FormEntry], context: FormContext) -> FormReading:
    """Entries of ReportFields. A field that takes one value keeps the first one; each other value has a finding."""
    single = {f.key for f in form_catalogue().fields if f.rows == 1}
    first: dict[str, str] = {}
    kept, findings = [], []
    for found in entries:
        name = str(found.values["field"])
        if name.split(":")[0] in single and name in first:
            both = f"{first[name]}; {found.cell.reference}"
            findings.append(
                found.cell.finding(
                    "form_repeated", found=both, row="Thông tin báo cáo", label=field_name(name, context)
                )
            )
            continue
        first.setdefault(name, found.cell.reference)
        kept.append(found)
    return FormReading(tuple(kept), tuple(findings))
