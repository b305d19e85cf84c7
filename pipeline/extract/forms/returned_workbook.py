"""Reads a unit's own workbook (phiếu) that came back. `pipeline.load.forms.unit_workbooks` makes it.

Its entries are the same as if an analyst had typed them into bo-sung.xlsx, tu-cham.xlsx and giai-trinh.xlsx.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from pipeline.extract.forms.form_cells import CellProblem, FormCell, read_count
from pipeline.extract.forms.form_entries import FormContext, FormReading, combined_entries, form_entry, reading
from pipeline.extract.forms.form_table import FormRow, FormTable
from pipeline.extract.forms.self_scores import read_unit_scores
from pipeline.extract.forms.supplement import read_unit_row
from pipeline.findings import Finding
from pipeline.forms.catalogue import header_key, match_criterion
from pipeline.forms.unit_sheet_lines import (
    NOTE,
    PRINTED,
    SUPPLEMENT,
    TOTAL,
    TOTAL_LABEL,
    form_sheet,
    input_columns,
    note_column,
    parse_unit_text,
    unit_of_file,
)
from schemas.measures import COUNT_NAMES


@dataclass(frozen=True)
class SheetUnit:
    """The unit that a sheet is about, the cell that names it, and a finding if the unit has another name now."""

    unit_id: str
    cell: FormCell
    findings: tuple[Finding, ...] = ()


def sheet_unit(table: FormTable, context: FormContext) -> SheetUnit | Finding:
    """The unit that a sheet names above its table; a finding if it is no unit of the period."""
    named = _unit_cell(table)
    if named is None:
        return table.title_cell.finding("return_unit_unknown", found="(không ghi)")
    cell, name, written_id = named
    index = context.index
    by_name = index.resolve(name)
    units = set(index.current.loc[index.current["kind"] == "unit", "unit_id"])
    by_id = written_id if written_id in units else ""
    unit = by_id or by_name.unit_id
    contradicts = bool(by_id and by_name.unit_id and by_name.unit_id != by_id)
    if not unit or contradicts or index.kinds[unit] != "unit" or (written_id and not by_id):
        return cell.finding("return_unit_unknown", found=f"{name} ({written_id or 'không có mã'})")
    if by_name.unit_id:
        return SheetUnit(unit, cell)
    renamed = cell.finding("return_unit_renamed", unit, found=name, expected=context.name(unit))
    return SheetUnit(unit, cell, (renamed,))


def _unit_cell(table: FormTable) -> tuple[FormCell, str, str] | None:
    """(cell, name, id) of the text `Đơn vị: … (mã: …)` above the table."""
    for row in range(table.tag.row + 1, table.header):
        for column, text in table.grid.row_texts(row):
            named = parse_unit_text(text)
            if named is not None:
                return FormCell(table.grid, row, column), *named
    return None


@dataclass(frozen=True)
class UnitSheetCells:
    """The filled cells of a sheet PH-01 by what they hold.

    `figures`: column of the supplement -> cell. `scores`: digits of a criterion, or `total` -> cell. `shown_counts`:
    count measure -> the locked cell in which the program wrote the portal's count. `misplaced`: (cell, label of its
    line) of cells that belong to no known line, or to a line that is there twice.
    """

    figures: Mapping[str, FormCell] = field(default_factory=dict)
    scores: Mapping[str, FormCell] = field(default_factory=dict)
    shown_counts: Mapping[str, FormCell] = field(default_factory=dict)
    misplaced: Sequence[tuple[FormCell, str]] = ()

    @property
    def blank(self) -> bool:
        """Whether the unit entered nothing in the sheet."""
        return not (self.figures or self.scores or self.misplaced)


@dataclass(frozen=True)
class _LineCell:
    """A cell of a line and what it holds. `key` as in UnitSheetCells; `line`: the label of the line as written."""

    kind: Literal["figure", "score", "shown_count", "misplaced"]
    cell: FormCell
    line: str
    key: str = ""


def unit_sheet_cells(table: FormTable, context: FormContext) -> UnitSheetCells:
    """The filled cells of a sheet PH-01, by the label of their line and the band above it."""
    figures: dict[str, FormCell] = {}
    scores: dict[str, FormCell] = {}
    shown_counts: dict[str, FormCell] = {}
    misplaced: list[tuple[FormCell, str]] = []
    for found in _line_cells(table, context):
        if not found.cell.filled:
            continue
        if found.kind == "shown_count":
            shown_counts[found.key] = found.cell
            continue
        kept = {"figure": figures, "score": scores}.get(found.kind)
        if kept is None or found.key in kept:  # a line that is there twice: which of the two is meant is unknown
            misplaced.append((found.cell, found.line))
        else:
            kept[found.key] = found.cell
    return UnitSheetCells(figures, scores, shown_counts, misplaced)


def _line_cells(table: FormTable, context: FormContext) -> Iterator[_LineCell]:
    """The cells of the lines in their order, down to the note, which is the last line of the form."""
    columns = {(header_key(c.band), header_key(c.header)): c for c in (*input_columns(), note_column())}
    bands = {header_key(c.band) for c in input_columns() if c.band}
    counts = {header_key(name): measure for measure, name in COUNT_NAMES.items()}
    options = {header_key(o.text) for r in context.rulebooks.values() for c in r.criteria for o in c.lines()}
    band = ""
    for row in table.rows:
        written = row.text("label")
        label = header_key(written or row.text("stt"))
        value, score = row.cell("value"), row.cells.get("score")
        column = columns.get((band, label)) or columns.get(("", label))
        digits = _criterion_digits(row, context)
        if label in bands:
            band = label
        elif column is not None:
            yield _LineCell("figure", replace(value, label=column.header), written, column.key)
            if column.key == NOTE:
                return  # signatures follow
        elif label == header_key(TOTAL_LABEL):
            yield _LineCell("score", replace(score or value, label=TOTAL_LABEL), written, TOTAL)
            continue
        elif digits:
            band = ""  # a band belongs to the criterion above it
            if score is not None:
                yield _LineCell("score", replace(score, label=written), written, digits)
            continue
        elif not band and label in counts:
            measure = counts[label]
            yield _LineCell("shown_count", replace(value, label=COUNT_NAMES[measure]), written, measure)
        elif label not in options:
            yield _LineCell("misplaced", value, written)
        if score is not None:
            yield _LineCell("misplaced", score, written)


def _criterion_digits(row: FormRow, context: FormContext) -> str:
    """The digits of the criterion whose label and number a line has, "" for any other line."""
    for rulebook in context.rulebooks.values():
        found = match_criterion(row.text("label"), rulebook) if row.text("label") else None
        if found is not None and header_key(found.number) == header_key(row.text("stt")):
            return "".join(filter(str.isdigit, found.number))
    return ""


def read_unit_sheet(table: FormTable, context: FormContext) -> FormReading:
    """The sheet PH-01 of the unit `context.unit` -> entries of Supplement, Printed and ShownCounts."""
    unit = context.unit
    cells = unit_sheet_cells(table, context)
    read = reading(
        *(
            cell.finding("return_row_unknown", unit, row=context.name(unit), line=line or "(không tên)")
            for cell, line in cells.misplaced
        )
    )
    if set(cells.figures) - {NOTE}:
        read += read_unit_row(FormRow(table.header, cells.figures), unit, form_sheet(SUPPLEMENT), context)
    if cells.scores:
        read += read_unit_scores(table, cells.scores, unit, form_sheet(PRINTED), context)
    return read + combined_entries(_shown_count(cell, measure, unit) for measure, cell in cells.shown_counts.items())


def _shown_count(cell: FormCell, measure: str, unit: str) -> FormReading:
    count = read_count(cell)
    value = None if isinstance(count, CellProblem) else count
    return reading(form_entry("shown_counts", cell, unit_id=unit, measure=measure, value=value, text=cell.text))


def read_returned_workbook(
    tables: Sequence[FormTable],
    context: FormContext,
    read_sheets: Callable[[Sequence[FormTable], FormContext], FormReading],
) -> FormReading:
    """All sheets of one file that are each about one unit -> one entry of Returns a unit, and the units' own entries.

    `read_sheets` reads the sheets of one unit. A sheet that names no unit of the period refuses the whole file: there
    are findings and no entries. A unit that entered nothing has an entry of Returns with `blank`, and no other entry.
    """
    found = [sheet_unit(table, context) for table in tables]
    findings = [f for unit in found for f in ([unit] if isinstance(unit, Finding) else unit.findings)]
    read = reading(*findings)
    by_unit: dict[str, list[tuple[FormTable, SheetUnit]]] = {}
    for table, unit in zip(tables, found, strict=True):
        if isinstance(unit, Finding):
            return read
        by_unit.setdefault(unit.unit_id, []).append((table, unit))
    for unit_id, sheets in by_unit.items():
        cell = sheets[0][1].cell
        entered = any(_has_entries(table, context) for table, _ in sheets)
        read += reading(form_entry("returns", cell, unit_id=unit_id, blank=not entered))
        read += reading(*_other_units_file_name(cell, unit_id, context))
        if entered:
            own = replace(context.after(read), unit=unit_id)
            read += read_sheets([table for table, _ in sheets], own)
        else:
            read += reading(cell.finding("return_blank", unit_id, found=context.name(unit_id)))
    return read


def _has_entries(table: FormTable, context: FormContext) -> bool:
    """Whether the unit entered anything in the sheet."""
    return not unit_sheet_cells(table, context).blank if table.sheet.target == "return" else bool(table.entries())


def _other_units_file_name(cell: FormCell, unit: str, context: FormContext) -> list[Finding]:
    """A finding if the file has the name of another unit's workbook: that unit may have filled it in."""
    named = unit_of_file(re.split(r"/|› ", cell.grid.file)[-1])
    if named not in context.index.names or named == unit:
        return []
    expected = context.name(named)
    return [cell.finding("return_file_name", unit, found=context.name(unit), expected=expected)]
