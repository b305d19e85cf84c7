"""A unit's own workbook (phiếu), read back: as if its figures had been typed into bo-sung, tu-cham and giai-trinh."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from pipeline.extract.forms.form_cells import Place, Slip, read_count
from pipeline.extract.forms.form_table import FormRow, FormTable
from pipeline.extract.forms.gathered_rows import Gathered
from pipeline.extract.forms.self_scores import read_scores
from pipeline.extract.forms.supplement import read_unit_row
from pipeline.forms.catalogue import header_key, match_criterion
from pipeline.forms.unit_sheet_lines import (
    NOTE,
    PRINTED,
    SUPPLEMENT,
    TOTAL,
    TOTAL_LABEL,
    inputs,
    note_column,
    parse_unit,
    sheet_of,
    unit_of_file,
)
from schemas.measures import COUNT_NAMES


@dataclass
class ReturnCells:
    """The cells of a sheet PH-01 by what they hold."""

    entered: dict[str, Place] = field(default_factory=dict)  # column of the supplement -> filled cell
    scores: dict[str, Place] = field(default_factory=dict)  # digits of a criterion, or total -> filled cell
    shown: dict[str, Place] = field(default_factory=dict)  # count -> the locked cell
    strays: list[tuple[Place, str]] = field(default_factory=list)  # filled, but of no known line; the line's words

    @property
    def blank(self) -> bool:
        """Whether the unit entered nothing here."""
        return not (self.entered or self.scores or self.strays)


def unit_of(table: FormTable, gathered: Gathered) -> tuple[str, Place]:
    """The unit a sheet is about, and the cell that names it; "" after a finding where it is none of the period."""
    found = _unit_cell(table)
    if found is None:
        place = Place(table.grid, table.tag.row, table.tag.column)
        gathered.say(place.finding("return_unit_unknown", found="(không ghi)"))
        return "", place
    place, name, written = found
    index = gathered.index
    by_name = index.resolve(name)
    by_id = written if written in set(index.current.loc[index.current["kind"] == "unit", "unit_id"]) else ""
    unit = by_id or by_name.unit_id
    contradicts = bool(by_id and by_name.unit_id and by_name.unit_id != by_id)
    if not unit or contradicts or index.kinds[unit] != "unit" or (written and not by_id):
        gathered.say(place.finding("return_unit_unknown", unit_id="", found=f"{name} ({written or 'không có mã'})"))
        return "", place
    if not by_name.unit_id:
        gathered.say(place.finding("return_unit_renamed", unit, found=name, expected=gathered.name(unit)))
    return unit, place


def _unit_cell(table: FormTable) -> tuple[Place, str, str] | None:
    for row in range(table.tag.row + 1, table.header):
        for column, text in table.grid.row_texts(row):
            named = parse_unit(text)
            if named is not None:
                return Place(table.grid, row, column), *named
    return None


def return_cells(table: FormTable, gathered: Gathered) -> ReturnCells:
    """Every filled cell of a sheet PH-01, by the label of its line and the band it stands under."""
    columns = {(header_key(c.band), header_key(c.header)): c for c in (*inputs(), note_column())}
    bands = {header_key(c.band) for c in inputs() if c.band}
    counts = {header_key(name): measure for measure, name in COUNT_NAMES.items()}
    options = {header_key(o.text) for r in gathered.rulebooks.values() for c in r.criteria for o in c.lines()}
    cells, band = ReturnCells(), ""
    for row in table.rows:
        label = header_key(row.text("label") or row.text("stt"))
        value, score = row.place("value"), row.cells.get("score")
        column = columns.get((band, label)) or columns.get(("", label))
        digits = _digits(row, gathered)
        if label in bands:
            band = label
        elif column is not None:
            _keep(cells.entered, column.key, replace(value, label=column.header), cells, row)
            if column.key == NOTE:
                break  # the last line: what stands below is signed, not counted
        elif label == header_key(TOTAL_LABEL):
            _keep(cells.scores, TOTAL, replace(score or value, label=TOTAL_LABEL), cells, row)
            continue
        elif digits:
            band = ""  # a band belongs to its criterion
            if score is not None:
                _keep(cells.scores, digits, replace(score, label=row.text("label")), cells, row)
            continue
        elif not band and label in counts:
            if value.filled:
                cells.shown[counts[label]] = replace(value, label=COUNT_NAMES[counts[label]])
        elif value.filled and label not in options:
            cells.strays.append((value, row.text("label")))
        if score is not None and score.filled:
            cells.strays.append((score, row.text("label")))
    return cells


def _digits(row: FormRow, gathered: Gathered) -> str:
    """The number of the criterion a line is, "" for any other line: its label and number are a rulebook's."""
    for rulebook in gathered.rulebooks.values():
        found = match_criterion(row.text("label"), rulebook) if row.text("label") else None
        if found is not None and header_key(found.number) == header_key(row.text("stt")):
            return "".join(filter(str.isdigit, found.number))
    return ""


def _keep(kept: dict[str, Place], key: str, place: Place, cells: ReturnCells, row: FormRow) -> None:
    if not place.filled:
        return
    if key in kept:
        cells.strays.append((place, row.text("label")))  # the line stands twice: nothing says which one is meant
    else:
        kept[key] = place


def read_return(table: FormTable, gathered: Gathered) -> None:
    """Sheet PH-01 of the unit `gathered.unit` -> Supplement and Printed rows, and the counts it was shown."""
    unit = gathered.unit
    cells = return_cells(table, gathered)
    for place, label in cells.strays:
        gathered.say(place.finding("return_row_unknown", unit, row=gathered.name(unit), line=label or "(không tên)"))
    row = FormRow(table.header, cells.entered)
    supplement = {k: p for k, p in cells.entered.items() if k != NOTE}
    if supplement:
        read_unit_row(row, unit, sheet_of(SUPPLEMENT), gathered)
    if cells.scores:
        read_scores(table, FormRow(table.header, cells.scores), unit, sheet_of(PRINTED), gathered)
    for measure, place in cells.shown.items():
        count = read_count(place)
        gathered.add(
            "shown",
            place,
            unit_id=unit,
            measure=measure,
            value=None if isinstance(count, Slip) else count,
            text=place.text,
        )


def read_returned(tables: list[FormTable], gathered: Gathered, read: Callable[[FormTable], None]) -> bool:
    """All sheets of one file that are about one unit each, with `read`; whether anything was entered.

    A sheet without a unit of the period refuses the file. What a unit left blank is no input.
    """
    units = [unit_of(table, gathered) for table in tables]
    if not all(unit for unit, _ in units):
        return False
    entered = [not return_cells(t, gathered).blank if t.sheet.target == "return" else bool(t.entries()) for t in tables]
    by_unit: dict[str, list[int]] = {}
    for number, (unit, _) in enumerate(units):
        by_unit.setdefault(unit, []).append(number)
    for unit, numbers in by_unit.items():
        place = units[numbers[0]][1]
        blank = not any(entered[n] for n in numbers)
        gathered.add("returns", place, unit_id=unit, blank=blank)
        _say_other_name(place, unit, gathered)
        if blank:
            gathered.say(place.finding("return_blank", unit, found=gathered.name(unit)))
            continue
        gathered.unit = unit
        for n in numbers:
            read(tables[n])
        gathered.unit = ""
    return any(entered)


def _say_other_name(place: Place, unit: str, gathered: Gathered) -> None:
    """A file with the name under which another unit's workbook was sent out: it may have been filled in by that one."""
    named = unit_of_file(re.split(r"/|› ", place.grid.file)[-1])
    if named in gathered.index.names and named != unit:
        expected = gathered.name(named)
        gathered.say(place.finding("return_file_name", unit, found=gathered.name(unit), expected=expected))
