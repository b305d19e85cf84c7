"""tu-cham.xlsx: scores and counts a document printed. They are compared only: nothing sets a unit aside."""

from __future__ import annotations

import re
from dataclasses import replace

from pipeline.extract.forms.form_cells import Place, Slip, read_decimal, read_figure
from pipeline.extract.forms.form_table import FormRow, FormTable, named_rulebook
from pipeline.extract.forms.gathered_rows import Gathered
from pipeline.forms.catalogue import (
    BOX,
    BOX_NAME,
    WHOLE_AREA,
    forms,
    header_key,
    match_criterion,
    match_name,
    match_rulebook,
    vocabulary,
)
from schemas.forms import FormColumn, FormSheet
from schemas.rulebook import Rulebook


def read_printed(table: FormTable, gathered: Gathered) -> None:
    """Sheet “Điểm đã in” -> Printed: one row a filled criterion, total, average or class."""
    say_stt_gaps(table, gathered)
    if not table.entries():
        return
    rulebook = _rulebook(table, gathered)
    if rulebook is None:
        return
    for row in table.entries():
        unit = gathered.unit_of(row)
        if not unit:
            continue
        _read_row(row, unit, table.sheet, rulebook, gathered)


def read_scores(table: FormTable, row: FormRow, unit: str, sheet: FormSheet, gathered: Gathered) -> None:
    """The scores of one unit, its cells by the columns of `sheet`, under the rulebook named above the table."""
    rulebook = _rulebook(table, gathered)
    if rulebook is not None:
        _read_row(row, unit, sheet, rulebook, gathered)


def _read_row(row: FormRow, unit: str, sheet: FormSheet, rulebook: Rulebook, gathered: Gathered) -> None:
    for column in sheet.columns:
        if column.key in row.cells and (column.kind == "score" or column.key == "class"):
            _read_score(column, row, unit, rulebook, gathered)


def _rulebook(table: FormTable, gathered: Gathered) -> Rulebook | None:
    """The rulebook named above the table; None after a finding."""
    written, place = named_rulebook(table)
    rulebook = match_rulebook(written, gathered.rulebooks) if written else None
    if rulebook is None:
        allowed = "; ".join(gathered.rulebooks)
        gathered.say(place.finding("form_rulebook_unknown", found=written, expected=allowed))
    return rulebook


def _read_score(column: FormColumn, row: FormRow, unit: str, rulebook: Rulebook, gathered: Gathered) -> None:
    place = row.place(column.key)
    if not place.filled:
        return
    item = column.key
    if column.key.isdigit():
        criterion = match_criterion(column.key, rulebook)
        if criterion is None:
            why = f"{rulebook.id} không có tiêu chí này"
            gathered.say(place.finding("form_cell_unread", unit, row=gathered.name(unit), why=why))
            return
        item = criterion.id
    value = place.broken if column.kind == "text" else read_decimal(place)
    if isinstance(value, Slip):
        gathered.say(place.finding("form_cell_unread", unit, row=gathered.name(unit), why=value.why))
    gathered.add(
        "printed",
        place,
        unit_id=unit,
        item=item,
        value=None if isinstance(value, Slip) else value,
        text=_as_printed(place),
        rulebook=rulebook.id,
        stt=row.text("stt"),
    )


def _as_printed(place: Place) -> str:
    """The cell as a Vietnamese document prints it: a number with a decimal comma, text as it stands."""
    value = place.value
    return place.text if value is None or isinstance(value, str) else place.text.replace(".", ",")


def say_stt_gaps(table: FormTable, gathered: Gathered) -> None:
    """A jump in STT within a section (STT restarts in each): a row may be missing. Any start is allowed."""
    previous: int | None = None
    for row in table.rows:
        text = row.text("stt").rstrip(".")
        if not re.fullmatch(r"\d{1,4}", text):
            if row.text("unit"):
                previous = None  # a level's own row opens a section
            continue
        number = int(text)
        if previous is not None and number > previous + 1:
            finding = row.place("stt").finding("stt_gap", expected=str(previous + 1))
            # the message reads "from the last number seen to this one"
            gathered.say(replace(finding, facts={**finding.facts, "expected": previous}))
        previous = number


def read_printed_figures(table: FormTable, gathered: Gathered) -> None:
    """Sheet “Số liệu đã in” -> PrintedFigures; `box:<criterion>` for a box marked on the form."""
    boxes = None
    if any(_is_box(row.text("measure")) for row in table.entries()):
        boxes = _rulebook(table, gathered)
    for row in table.entries():
        whole = match_whole(row.text("unit"))
        unit = WHOLE_AREA if whole else gathered.unit_of(row)
        if not (unit or whole) or gathered.missing(table, row, "", "form_row_skipped"):
            continue
        measure = _measure(row, table, boxes)
        place = row.place("measure")
        if not measure:
            why = "không phải một chỉ tiêu trong danh sách"
            gathered.say(place.finding("form_row_skipped", unit, row=_who(unit, gathered), why=why))
            continue
        value = read_figure(row.place("value"))
        if isinstance(value, Slip):
            where = row.place("value")
            gathered.say(where.finding("form_cell_unread", unit, row=_who(unit, gathered), why=value.why))
        gathered.add(
            "printed_figures",
            row.place("value"),
            unit_id=unit,
            measure=measure,
            place=row.text("place"),
            value=None if isinstance(value, Slip) else value,
            text=row.text("value"),
        )


def match_whole(written: str) -> bool:
    """Whether a name means both levels together."""
    return header_key(written) in {header_key(n) for n in forms().whole_area}


def _who(unit: str, gathered: Gathered) -> str:
    return gathered.name(unit) if unit else forms().whole_area[0]


def _is_box(written: str) -> bool:
    return header_key(written).startswith((header_key(BOX_NAME), BOX))


def _measure(row: FormRow, table: FormTable, boxes: Rulebook | None) -> str:
    written = row.text("measure")
    if not _is_box(written):
        return match_name(written, vocabulary(table.sheet.column("measure")))
    if boxes is None:
        return ""
    name = header_key(written).removeprefix(header_key(BOX_NAME)).removeprefix(BOX)
    criterion = match_criterion(name, boxes)
    return BOX + criterion.id if criterion else ""
