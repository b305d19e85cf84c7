"""Reads giai-trinh.xlsx: explanations of late dossiers.

`pipeline.validate.explanations` checks them against the counts. A row with an error
is not read; it never costs its unit the score.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pipeline.extract.forms.form_cells import CellProblem, FormCell, read_count, read_date
from pipeline.extract.forms.form_entries import FormContext, FormReading, combined_entries, form_entry, reading
from pipeline.extract.forms.form_table import FormRow, FormTable
from pipeline.findings import Finding
from pipeline.forms.catalogue import choice_names, form_catalogue, match_name

#: The opinion that accepts an explanation.
ACCEPTED = "accepted"
#: What a recount needs besides an accepting opinion: column -> the reason if it is blank.
_NEEDED = {
    "document": "thiếu số văn bản chấp nhận",
    "approver": "thiếu người phê duyệt",
    "approved_on": "thiếu ngày phê duyệt",
}


def read_explanations(table: FormTable, context: FormContext) -> FormReading:
    """The sheet “Giải trình” -> entries of Explanations, one a row, numbered in the order read (`GT-01`).

    The status is `declared`, or `refused` if the row asks for a recount that may not be made.
    """
    number = 1 + sum(e.target == "explanations" for e in context.numbered)
    readings = []
    for row in table.entries():
        read = _read_row(row, table, context, f"GT-{number:02d}")
        number += len(read.entries)
        readings.append(read)
    return combined_entries(readings)


def _read_row(row: FormRow, table: FormTable, context: FormContext, explanation_id: str) -> FormReading:
    """One explanation, or the findings of its errors."""
    unit = context.unit_of(row)
    if isinstance(unit, Finding):
        return reading(unit)
    blank = context.blank_cells(table, row, unit, "explanation_unread")
    if blank:
        return reading(*blank)
    choices = {key: _choice(table, row, key) for key in ("measure", "reason", "opinion", "recount")}
    counts = {key: read_count(row.cell(key)) if key in row.cells else None for key in ("late", "count")}
    errors = [(k, v.why) for k, v in (*choices.items(), *counts.items()) if isinstance(v, CellProblem)]
    if choices["reason"] == "other" and not row.text("detail"):
        errors.append(("detail" if "detail" in row.cells else "reason", "lý do “khác” phải được ghi rõ bằng lời"))
    if errors:
        name = context.name(unit)
        return reading(*(row.cell(key).finding("explanation_unread", unit, row=name, why=why) for key, why in errors))
    return _explanation(row, context, unit, explanation_id, {k: str(v) for k, v in choices.items()}, counts)


def _choice(table: FormTable, row: FormRow, key: str) -> str | CellProblem:
    """The id of the choice that a cell names, "" for a blank cell or a missing column."""
    if not row.text(key):
        return ""
    cell = row.cell(key)
    if cell.problem:
        return cell.problem
    names = choice_names(table.sheet.column(key))
    found = match_name(cell.text, names)
    return found or CellProblem("explanation_unread", f"không có trong danh sách ({'; '.join(names.values())})")


def _explanation(
    row: FormRow,
    context: FormContext,
    unit: str,
    explanation_id: str,
    choices: Mapping[str, str],
    counts: Mapping[str, object],
) -> FormReading:
    """The entry of a row without errors, and the finding of a recount that may not be made."""
    day = read_date(row.cell("approved_on")) if "approved_on" in row.cells else None
    refusals = list(_recount_refusals(row, choices["opinion"], day)) if choices["recount"] else []
    read = reading(
        form_entry(
            "explanations",
            row.cell("count"),
            explanation_id=explanation_id,
            unit_id=unit,
            **choices,
            **counts,
            **{key: row.text(key) for key in ("detail", "evidence", "document", "approver", "note")},
            approved_on="" if day is None or isinstance(day, CellProblem) else day.isoformat(),
            status="refused" if refusals else "declared",
            late_cell=row.cell("late").address if "late" in row.cells else "",
            recount_cell=row.cell("recount").address if "recount" in row.cells else "",
        )
    )
    if not refusals:
        return read
    # one request has one finding: at the first cell that lacks something
    facts = {
        "row": context.name(unit),
        "explanation": explanation_id,
        "target": form_catalogue().recounts[choices["recount"]],
        "why": "; ".join(dict.fromkeys(why for _, why in refusals)),
    }
    return read + reading(refusals[0][0].finding("explanation_recount_refused", unit, **facts))


def _recount_refusals(row: FormRow, opinion: str, day: object) -> Iterator[tuple[FormCell, str]]:
    """(cell, reason) for each thing that a recount lacks. `day`: the date of approval as read."""
    recount = row.cell("recount")

    def cell_of(key: str) -> FormCell:
        return row.cells.get(key, recount)

    if opinion != ACCEPTED:
        why = "giải trình không được chấp nhận" if opinion else "chưa có ý kiến chấp nhận"
        yield cell_of("opinion"), why
    for key, why in _NEEDED.items():
        cell = cell_of(key)
        if cell.problem:
            yield cell, cell.problem.why
        elif not row.text(key):
            yield cell, why
    if isinstance(day, CellProblem) and not cell_of("approved_on").problem:
        yield cell_of("approved_on"), day.why
