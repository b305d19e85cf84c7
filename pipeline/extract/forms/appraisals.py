"""Reads tham-dinh.xlsx: the points or the option that an appraiser gave to a criterion of a unit or level.

A row with an error is refused, and no other row is affected. `pipeline.score.appraisals` decides which appraisals the
report uses.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from textwrap import shorten

from pipeline.extract.forms.form_cells import CellProblem, FormCell, read_date, read_decimal
from pipeline.extract.forms.form_entries import (
    FormContext,
    FormEntry,
    FormReading,
    combined_entries,
    form_entry,
    grouped,
    reading,
)
from pipeline.extract.forms.form_table import FormRow, FormTable, named_rulebook
from pipeline.findings import Finding
from pipeline.forms.catalogue import header_key, match_criterion, match_rulebook
from pipeline.forms.labels import criterion_text
from pipeline.text import vn_decimal
from schemas.rulebook import Criterion, Rulebook

#: Characters of an option's text that a finding repeats: enough to tell it from the other options.
_OPTION_LENGTH = 60


@dataclass(frozen=True)
class _Appraised:
    """What an appraiser gave a criterion: points, and the id of the option ("" where points are not by option)."""

    points: Fraction | float
    option: str = ""


def read_appraisals(table: FormTable, context: FormContext) -> FormReading:
    """The sheet “Thẩm định” -> entries of Appraisals, one a row.

    A row without an appraisal and without a reason is no entry, even if it has a name or a date.
    """
    rows = [r for r in table.entries() if r.text("appraisal") or r.text("reason")]
    if not rows:
        return FormReading()
    written, cell = named_rulebook(table)
    rulebook = match_rulebook(written, context.rulebooks) if written else None
    if rulebook is None:
        why = "không phải một bộ tiêu chí đã cài"
        return reading(_refusal(context, cell, "", "mọi dòng", why, "; ".join(context.rulebooks)))
    return combined_entries(_read_row(row, rulebook, context) for row in rows)


def _read_row(row: FormRow, rulebook: Rulebook, context: FormContext) -> FormReading:
    """One appraisal; else a finding for every cell that is wrong."""
    unit = context.unit_of(row)
    if isinstance(unit, Finding):
        return reading(unit)
    criterion = _criterion(row.text("criterion"), rulebook)
    if criterion is None:
        numbers = [c.number for c in rulebook.criteria]
        allowed = f"số thứ tự từ {numbers[0]} đến {numbers[-1]}, hoặc tên tiêu chí như biểu tạo ra"
        why = f"không phải một tiêu chí của {rulebook.short}"
        return reading(_refusal(context, row.cell("criterion"), unit, "", why, allowed))
    label = f"tiêu chí {criterion.number}"
    given = _appraisal(row.cell("appraisal"), criterion, context.index.levels[unit])
    day = read_date(row.cell("appraised_on")) if "appraised_on" in row.cells else None
    errors = []
    if isinstance(given, str):
        errors.append(("appraisal", given, _allowed(criterion, context.index.levels[unit])))
    if not row.text("appraiser"):
        errors.append(("appraiser", "phải ghi người thẩm định", "tên người thẩm định"))
    if isinstance(day, CellProblem):
        errors.append(("appraised_on", day.why, "ngày/tháng/năm"))
    texts = ((k, row.cells[k].problem) for k in ("reason", "appraiser") if k in row.cells)
    errors += [(key, problem.why, "chữ") for key, problem in texts if problem]
    if errors or isinstance(given, str) or isinstance(day, CellProblem):
        return reading(*(_refusal(context, row.cell(key), unit, label, why, expected) for key, why, expected in errors))
    return reading(_entry(row, unit, rulebook, criterion, given, day))


def _entry(
    row: FormRow, unit: str, rulebook: Rulebook, criterion: Criterion, given: _Appraised, day: dt.date | None
) -> FormEntry:
    seen = read_decimal(row.cells["computed"]) if "computed" in row.cells else None
    return form_entry(
        "appraisals",
        row.cell("appraisal"),
        unit_id=unit,
        rulebook=rulebook.id,
        criterion=criterion.id,
        value=float(given.points),
        option=given.option,
        seen=None if isinstance(seen, CellProblem) else seen,
        seen_text=row.text("computed"),
        reason=row.text("reason"),
        reason_cell=(row.cells.get("reason") or row.cell("appraisal")).address,
        appraiser=row.text("appraiser"),
        appraised_on="" if day is None else day.isoformat(),
    )


def without_repeated_appraisals(entries: Sequence[FormEntry], context: FormContext) -> FormReading:
    """The appraisals of criteria that have one. Of a criterion with several none is used: a finding names all cells."""
    groups = grouped(entries, lambda v: (v["unit_id"], v["rulebook"], v["criterion"]))
    single = {id(group[0]) for group in groups if len(group) == 1}
    findings = []
    for group in groups:
        if len(group) > 1:
            last = group[-1]
            criteria = {c.id: c.number for c in context.rulebooks[last.values["rulebook"]].criteria}
            label = f"tiêu chí {criteria[last.values['criterion']]}"
            why = f"có hai thẩm định ({'; '.join(e.cell.reference for e in group)})"
            findings.append(_refusal(context, last.cell, last.unit_id, label, why, "một thẩm định"))
    return FormReading(tuple(e for e in entries if id(e) in single), tuple(findings))


def _criterion(written: str, rulebook: Rulebook) -> Criterion | None:
    key = header_key(written)
    exact = [c for c in rulebook.criteria if header_key(criterion_text(c)) == key]
    return exact[0] if exact else match_criterion(written, rulebook)


def _appraisal(cell: FormCell, criterion: Criterion, level: str) -> _Appraised | str:
    """The points in a cell, or the option that the cell names; else the reason, as Vietnamese text."""
    if not cell.filled:
        return "có lý do nhưng chưa ghi điểm thẩm định"
    value = read_decimal(cell)
    if cell.problem:
        return cell.problem.why
    if isinstance(value, float) and value > float(criterion.max_points):
        return f"lớn hơn điểm tối đa {_points(criterion.max_points)}"
    if not criterion.by_option:
        return "không phải điểm số" if value is None or isinstance(value, CellProblem) else _Appraised(value)
    choices = criterion.choices(level)
    key = header_key(cell.text)
    matching = [o for o in choices if key in (o.id.casefold(), header_key(o.text))]
    if not matching and isinstance(value, float):
        matching = [o for o in choices if float(o.points) == value]
    if len(matching) != 1:
        return "không phải một mức của tiêu chí"
    return _Appraised(matching[0].points, matching[0].id)


def _allowed(criterion: Criterion, level: str) -> str:
    """What a cell of the criterion may hold, in Vietnamese."""
    if not criterion.by_option:
        return f"số điểm từ 0 đến {_points(criterion.max_points)}"
    choices = criterion.choices(level)
    return "; ".join(f"{_points(o.points)} ({shorten(o.text, _OPTION_LENGTH, placeholder=' …')})" for o in choices)


def _points(points: Fraction) -> str:
    return vn_decimal(float(points), 2, trim=True)


def _refusal(context: FormContext, cell: FormCell, unit: str, label: str, why: str, expected: str) -> Finding:
    """The finding of a refused row. `label`: the criterion; without a unit it names the rows that are refused."""
    text = cell.text if isinstance(cell.value, str) else cell.text.replace(".", ",")
    facts = {
        "row": context.name(unit) if unit else label,
        "what": f" {label}" if unit and label else "",
        "written": f"ghi “{text}”" if cell.filled else "để trống",
        "why": why,
    }
    return cell.finding("appraisal_refused", unit, expected=expected, **facts)
