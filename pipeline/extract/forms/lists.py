"""bo-sung.xlsx, the lists: officers, documents, report fields."""

from __future__ import annotations

from pipeline.extract.forms.form_cells import Slip, read_decimal
from pipeline.extract.forms.form_table import FormRow, FormTable
from pipeline.extract.forms.gathered_rows import Gathered, date_text
from pipeline.forms.catalogue import forms, header_key, match_name, vocabulary
from pipeline.forms.wording import field_labels
from schemas.forms import ReportField

#: An officer's score is the sum of five criteria of at most 2 points.
MAX_SCORE = 10


def read_officers(table: FormTable, gathered: Gathered) -> None:
    """Sheet “Công chức” -> Officers. A score not understood drops the row: a blank would mean the average."""
    for row in table.entries():
        unit = gathered.unit_of(row)
        if not unit or gathered.missing(table, row, "", "form_row_skipped"):
            continue
        score = read_decimal(row.cells["score"]) if "score" in row.cells else None
        if isinstance(score, float) and score > MAX_SCORE:
            score = Slip("form_cell_unread", f"điểm lớn hơn {MAX_SCORE}")
        if isinstance(score, Slip):
            place = row.place("score")
            gathered.say(place.finding("form_row_skipped", unit, row=row.text("officer"), why=score.why))
            continue
        gathered.add(
            "officers",
            row.place("officer"),
            officer=row.text("officer"),
            unit_id=unit,
            position=row.text("position"),
            score=score,
            note=row.text("note"),
        )


def read_documents(table: FormTable, gathered: Gathered) -> None:
    """Sheet “Văn bản” -> Documents, in the order entered. A date not understood is left out and said."""
    roles = vocabulary(table.sheet.column("role"))
    for row in table.entries():
        if gathered.missing(table, row, "", "form_row_skipped"):
            continue
        number = row.text("number")
        role = match_name(row.text("role"), roles)
        if not role:
            why = f"vai trò không có trong danh sách ({'; '.join(roles.values())})"
            gathered.say(row.place("role").finding("form_row_skipped", row=number, why=why))
            continue
        gathered.add(
            "documents",
            row.place("number"),
            role=role,
            title=row.text("title"),
            number=number,
            issued_on=date_text(gathered, row.cells.get("issued_on"), "", number),
            issuer=row.text("issuer"),
            subject=row.text("subject"),
            implements=row.text("implements"),
        )


def read_report_fields(table: FormTable, gathered: Gathered) -> None:
    """Sheet “Thông tin báo cáo” -> ReportFields: one row a filled value, order kept."""
    index = gathered.index
    labels = field_labels({index.levels[i]: index.names[i] for i in index.level_ids()})
    labels.update({i: (i, f) for i, f in labels.values()})
    once = []
    for row in table.entries():
        if "value" not in row.cells or not row.place("value").filled:
            continue
        if gathered.missing(table, row, "", "form_row_skipped"):
            continue
        name = row.text("field")
        field_id, field = labels.get(header_key(name), ("", None))
        if field is None:
            why = "không có mục này trong biểu"
            gathered.say(row.place("field").finding("form_row_skipped", row=name, why=why))
            continue
        _add_field(row, field_id, field, gathered)
        if field.rows == 1:
            once.append(field_id)


def _add_field(row: FormRow, field_id: str, field: ReportField, gathered: Gathered) -> None:
    place = row.place("value")
    if place.broken:
        gathered.say(place.finding("form_cell_unread", row=row.text("field"), why=place.broken.why))
        return
    text = date_text(gathered, place, "", field.label) if field.kind == "date" else place.text
    if text:
        gathered.add("report_fields", place, field=field_id, value=text)


def drop_repeated_fields(gathered: Gathered) -> None:
    """A field that may stand once keeps its first value; a second one is a finding."""
    single = {f.key for f in forms().fields if f.rows == 1}
    seen: dict[str, str] = {}
    kept = []
    for row, place in gathered.rows.get("report_fields", []):
        name = str(row["field"])
        if name.split(":")[0] in single and name in seen:
            found = f"{seen[name]}; {place.where()}"
            gathered.say(place.finding("form_repeated", found=found, row="Thông tin báo cáo", label=name))
            continue
        seen.setdefault(name, place.where())
        kept.append((row, place))
    gathered.rows["report_fields"] = kept
