"""bo-sung.xlsx, the figures: the supplement, criteria assessed by hand. A bad cell sets its unit aside."""

from __future__ import annotations

from pipeline.extract.forms.form_cells import Place, Slip, read_count
from pipeline.extract.forms.form_table import FormRow, FormTable
from pipeline.extract.forms.gathered_rows import Gathered
from pipeline.forms.catalogue import find_criterion, match_name, match_option, match_rulebook, vocabulary
from schemas.forms import FormColumn, FormSheet
from schemas.measures import SUPPLEMENT_NAMES
from schemas.rulebook import Rulebook


def read_supplement(table: FormTable, gathered: Gathered) -> None:
    """Sheet “Số liệu bổ sung” -> Supplement rows, one a filled cell."""
    seen: dict[str, Place] = {}
    for row in table.entries():
        unit = gathered.unit_of(row)
        if not unit:
            continue
        place = row.place("unit")
        if unit in seen:
            both = f"{seen[unit].where()}; {place.where()}"
            gathered.say(place.finding("unit_repeated", unit, found=both, row=gathered.name(unit), times="hai"))
            continue
        seen[unit] = place
        read_unit_row(row, unit, table.sheet, gathered)


def read_unit_row(row: FormRow, unit: str, sheet: FormSheet, gathered: Gathered) -> None:
    """The figures of one unit or level: its cells by the supplement's columns, wherever they stand."""
    for column in sheet.columns:
        if column.key in row.cells and column.kind in ("count", "choice"):
            _read_cell(column, row, unit, sheet, gathered)
    _say_half_entered(row, unit, sheet, gathered)


def _read_cell(column: FormColumn, row: FormRow, unit: str, sheet: FormSheet, gathered: Gathered) -> None:
    place = row.place(column.key)
    if not place.filled:
        return
    value: int | Slip | None = None
    option = ""
    if column.kind == "count":
        value = read_count(place)
    elif place.broken:
        value = place.broken
    else:
        names = vocabulary(column)
        option = match_name(place.text, names)
        if not option:
            allowed = "; ".join(names.values())
            gathered.say(place.finding("form_choice_unknown", unit, expected=allowed, row=gathered.name(unit)))
            return
    if isinstance(value, Slip):
        facts = {"row": gathered.name(unit), "why": value.why}
        gathered.say(place.finding(value.code, unit, expected="số nguyên ≥ 0", **facts))
        return
    shared = len(_columns_of(sheet, column.feeds)) > 1
    part = column.header if shared else ""
    gathered.add(
        "supplement",
        place,
        unit_id=unit,
        item=column.feeds,
        part=part,
        value=value,
        option=option,
        note=row.text("note"),
    )


def _columns_of(sheet: FormSheet, item: str) -> list[FormColumn]:
    return [c for c in sheet.columns if c.kind == "count" and c.feeds == item]


def _say_half_entered(row: FormRow, unit: str, sheet: FormSheet, gathered: Gathered) -> None:
    """An item fed by several columns of which some are blank: said, for its sum takes them as 0."""
    for item in dict.fromkeys(c.feeds for c in sheet.columns if c.kind == "count" and c.item):
        columns = _columns_of(sheet, item)
        filled = [c for c in columns if row.text(c.key)]
        blank = [c for c in columns if not row.text(c.key)]
        if filled and blank and len(columns) > 1:
            place = row.cells.get(blank[0].key) or row.place(filled[0].key)
            gathered.say(
                place.finding(
                    "form_part_blank",
                    unit,
                    found=", ".join(c.header for c in filled),
                    expected=", ".join(c.header for c in blank),
                    row=gathered.name(unit),
                    label=SUPPLEMENT_NAMES[item],
                )
            )


def read_assessments(table: FormTable, gathered: Gathered) -> None:
    """Sheet “Đánh giá trực tiếp” -> Assessments rows; a row that names nothing known sets its unit aside."""
    for row in table.entries():
        unit = gathered.unit_of(row)
        if not unit or gathered.missing(table, row, unit, "form_required_blank"):
            continue
        rulebook = match_rulebook(row.text("rulebook"), gathered.rulebooks)
        if rulebook is None:
            _unknown(row, "rulebook", unit, "; ".join(gathered.rulebooks), gathered)
            continue
        criterion = find_criterion(row.text("criterion"), rulebook, gathered.rulebooks.values())
        if criterion is None:
            _unknown(row, "criterion", unit, _criteria(rulebook), gathered)
            continue
        option = match_option(row.text("option"), criterion, gathered.index.levels[unit])
        if not option and criterion.lines():
            _unknown(row, "option", unit, "; ".join(f"{o.id} ({o.text})" for o in criterion.lines()), gathered)
            continue
        source = row.text("source")
        gathered.add(
            "assessments",
            row.place("option"),
            unit_id=unit,
            rulebook=rulebook.id,
            criterion=criterion.id,
            # a criterion without lines has no option to name: the scoring refuses the assessment, with the reason
            option=option or row.text("option"),
            reason=row.text("reason") + (f" (nguồn: {source})" if source else ""),
        )


def _criteria(rulebook: Rulebook) -> str:
    return "; ".join(f"{c.id} ({c.number}. {c.label})" for c in rulebook.criteria)


def _unknown(row: FormRow, key: str, unit: str, allowed: str, gathered: Gathered) -> None:
    gathered.say(row.place(key).finding("form_choice_unknown", unit, expected=allowed, row=gathered.name(unit)))
