"""A sheet of a form, read as a table: the form it belongs to, its header, and its rows by column key.

The title cell tells the form and the sheet. A column is found by its header, never by its position.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.extract.forms.form_cells import FormCell
from pipeline.extract.sheet.cell_matrix import TextPredicate
from pipeline.extract.sheet.grid import Grid
from pipeline.findings import Finding
from pipeline.forms.catalogue import form_catalogue, header_key
from pipeline.periods import Period
from pipeline.text import nfc
from schemas.forms import FormSheet

#: Rows in which a title is looked for, and rows below the title in which the header is looked for. Analysts insert
#: single rows above a table.
SEARCHED_ROWS = 40
_TITLE = re.compile(r"BIỂU ([A-Z]{2}-\d{2})(?!\d)(.*)", re.IGNORECASE)
_IS_TITLE = TextPredicate(lambda text: _TITLE.match(text) is not None)
_PERIOD = re.compile(r"\bKỳ:? ?(.+)$", re.IGNORECASE)
_QUARTER = re.compile(r"(\d{4}) ?[-/] ?Q([1-4])", re.IGNORECASE)
_QUARTER_VN = re.compile(r"quý (IV|I{1,3}|[1-4])[ ,/-]*(?:năm )?(\d{4})", re.IGNORECASE)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


@dataclass(frozen=True)
class FormTag:
    """What a title cell tells: the sheet of a form, and the period as written ("" for none).

    `row` and `column` of the title cell count from 0.
    """

    sheet: FormSheet
    period: str
    row: int
    column: int

    def is_for(self, period: Period) -> bool:
        """Whether the written period is `period`: `2022-Q1`, `2022/Q1`, `quý I năm 2022`."""
        plain, words = _QUARTER.fullmatch(self.period), _QUARTER_VN.fullmatch(self.period)
        if plain:
            return (int(plain[1]), int(plain[2])) == (period.year, period.quarter)
        if words:
            quarter = _ROMAN.get(words[1].lower()) or int(words[1])
            return (int(words[2]), quarter) == (period.year, period.quarter)
        return False


def recognise_form(grid: Grid) -> FormTag | None:
    """The form that a sheet belongs to, by its title cell. None for a sheet of no form."""
    for row in grid.first_rows_with(_IS_TITLE):
        if row >= grid.top + SEARCHED_ROWS:
            break
        for column, cell in enumerate(grid.cells(row), grid.left):
            title = _TITLE.match(cell.text)
            sheet = form_catalogue().sheet(title[1].upper()) if title else None
            if title and sheet:
                period = _PERIOD.search(title[2])
                return FormTag(sheet, nfc(period[1]).rstrip(" .") if period else "", row, column)
    return None


@dataclass(frozen=True)
class FormRow:
    """One row of a form: its number in the sheet (from 0) and its cells by column key."""

    number: int
    cells: Mapping[str, FormCell]

    def cell(self, key: str) -> FormCell:
        """The cell of a column. Raises KeyError if the sheet has no such column."""
        return self.cells[key]

    def text(self, key: str) -> str:
        """The text of a column's cell. "" for a blank cell and for a column that the sheet does not have."""
        return self.cells[key].text if key in self.cells else ""

    def has_any(self, keys: Iterable[str]) -> bool:
        """Whether any cell of these columns is filled."""
        return any(k in self.cells and self.cells[k].filled for k in keys)


@dataclass(frozen=True)
class FormTable:
    """A recognised sheet: its title, its grid, the row of its header, and its rows.

    `rows`: rows below the header with a filled cell in a known column. `findings`: about the header; one that sets the
    file aside leaves no rows. `carried_findings`: about answers of an earlier quarter, reported only if the form is
    used (see `carried_answers`).
    """

    tag: FormTag
    grid: Grid
    header: int
    rows: Sequence[FormRow] = ()
    findings: tuple[Finding, ...] = ()
    carried_findings: tuple[Finding, ...] = ()

    @property
    def sheet(self) -> FormSheet:
        """The sheet's definition in forms.toml."""
        return self.tag.sheet

    @property
    def title_cell(self) -> FormCell:
        """The cell of the title."""
        return FormCell(self.grid, self.tag.row, self.tag.column)

    def entries(self) -> list[FormRow]:
        """The rows with an entry, beyond what the blank form holds already."""
        inputs = {c.key for c in self.sheet.columns} - self.sheet.prepared
        return [r for r in self.rows if r.has_any(inputs)]


def read_form_table(grid: Grid, tag: FormTag) -> FormTable:
    """The table of a form's sheet. It has no rows and a finding if a required column is missing or a column repeats."""
    header, named = _find_header(grid, tag)
    columns: dict[str, list[int]] = {}
    for column, key in named:
        columns.setdefault(key, []).append(column)
    unusable = [*_missing_columns(grid, tag, header, columns), *_repeated_columns(grid, tag, header, columns)]
    if unusable:
        return FormTable(tag, grid, header, findings=tuple(unusable))
    labels = {c.key: c.header for c in tag.sheet.columns}
    rows = []
    for number in range(header + 1, grid.height):
        cells = {key: FormCell(grid, number, at[0], labels[key]) for key, at in columns.items()}
        if any(cell.filled for cell in cells.values()):
            rows.append(FormRow(number, cells))
    return FormTable(tag, grid, header, rows, tuple(_unknown_columns(grid, header, {column for column, _ in named})))


def _find_header(grid: Grid, tag: FormTag) -> tuple[int, list[tuple[int, str]]]:
    """The row below the title that names most columns, and (column, key) of each column that it names."""
    keys = {header_key(h): c.key for c in tag.sheet.columns for h in (c.header, *c.aliases)}
    best: tuple[int, list[tuple[int, str]]] = (tag.row, [])
    for row in range(tag.row + 1, min(grid.height, tag.row + 1 + SEARCHED_ROWS)):
        named = [(column, keys[header_key(t)]) for column, t in grid.row_texts(row) if header_key(t) in keys]
        if len(named) > len(best[1]):
            best = row, named
    return best


def _missing_columns(grid: Grid, tag: FormTag, header: int, columns: Mapping[str, Sequence[int]]) -> list[Finding]:
    """One finding that names all required columns the header lacks; none if it has them all."""
    missing = [c.header for c in tag.sheet.columns if c.required and c.key not in columns]
    if not missing:
        return []
    cell = FormCell(grid, header, tag.column)
    return [cell.finding("form_column_missing", found="", expected="; ".join(missing))]


def _repeated_columns(grid: Grid, tag: FormTag, header: int, columns: Mapping[str, Sequence[int]]) -> list[Finding]:
    """One finding for each column whose header is there more than once."""
    findings = []
    for key, at in columns.items():
        if len(at) > 1:
            found = "; ".join(grid.address(header, c) for c in at)
            label = tag.sheet.column(key).header
            cell = FormCell(grid, header, at[1])
            findings.append(cell.finding("table_ambiguous_column", found=found, expected=label))
    return findings


def _unknown_columns(grid: Grid, header: int, known: set[int]) -> list[Finding]:
    """One finding for each cell of the header that names no column of the form."""
    return [
        FormCell(grid, header, column).finding("column_ignored", found=text)
        for column, text in grid.row_texts(header)
        if column not in known and grid.anchor(header, column) == (header, column)
    ]


def named_rulebook(table: FormTable) -> tuple[str, FormCell]:
    """The text of “Bộ tiêu chí” above the header, and its cell. Without it: "" and the cell of the title."""
    grid = table.grid
    for row in range(grid.top, table.header):
        for column, text in grid.row_texts(row):
            name, colon, rest = text.partition(":")
            if header_key(name) != "bộ tiêu chí":
                continue
            if colon and nfc(rest):
                return nfc(rest), FormCell(grid, row, column, "Bộ tiêu chí")
            right = next(((c, t) for c, t in grid.row_texts(row) if c > column), (column + 1, ""))
            return right[1], FormCell(grid, row, right[0], "Bộ tiêu chí")
    return "", FormCell(grid, table.tag.row, table.tag.column, "Bộ tiêu chí")
