"""A sheet of a form -> rows of named cells. Columns are found by header, sheets by their title cell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.extract.forms.form_cells import Place
from pipeline.extract.sheet.cell_matrix import Trait
from pipeline.extract.sheet.grid import Grid
from pipeline.findings import Finding
from pipeline.forms.catalogue import forms, header_key
from pipeline.periods import Period
from pipeline.text import nfc
from schemas.forms import FormSheet

#: How far down a title or header is looked for: analysts insert rows above a table, not pages.
SEARCHED_ROWS = 40
_TITLE = re.compile(r"BIỂU ([A-Z]{2}-\d{2})(?!\d)(.*)", re.IGNORECASE)
_IS_TITLE = Trait(lambda text: _TITLE.match(text) is not None)
_PERIOD = re.compile(r"\bKỳ:? ?(.+)$", re.IGNORECASE)
_QUARTER = re.compile(r"(\d{4}) ?[-/] ?Q([1-4])", re.IGNORECASE)
_QUARTER_VN = re.compile(r"quý (IV|I{1,3}|[1-4])[ ,/-]*(?:năm )?(\d{4})", re.IGNORECASE)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


@dataclass(frozen=True)
class FormTag:
    """What a title cell says: which sheet of which form, for which period (as written)."""

    sheet: FormSheet
    period: str
    row: int
    column: int

    def is_for(self, period: Period) -> bool:
        """Whether the written period is that one: `2022-Q1`, `2022/Q1`, `quý I năm 2022`."""
        plain, words = _QUARTER.fullmatch(self.period), _QUARTER_VN.fullmatch(self.period)
        if plain:
            return (int(plain[1]), int(plain[2])) == (period.year, period.quarter)
        if words:
            quarter = _ROMAN.get(words[1].lower()) or int(words[1])
            return (int(words[2]), quarter) == (period.year, period.quarter)
        return False


def recognise(grid: Grid) -> FormTag | None:
    """The form a sheet is, by its title cell; None for any other sheet."""
    for row in grid.first_rows_with(_IS_TITLE):
        if row >= grid.top + SEARCHED_ROWS:
            break
        for column, cell in enumerate(grid.cells(row), grid.left):
            title = _TITLE.match(cell.text)
            sheet = forms().sheet(title[1].upper()) if title else None
            if title and sheet:
                period = _PERIOD.search(title[2])
                return FormTag(sheet, nfc(period[1]).rstrip(" .") if period else "", row, column)
    return None


@dataclass(frozen=True)
class FormRow:
    """One row: its cells by column key."""

    number: int
    cells: dict[str, Place]

    def place(self, key: str) -> Place:
        """The cell of a column. KeyError where the sheet lacks the column."""
        return self.cells[key]

    def text(self, key: str) -> str:
        """Its text; "" for blank and for a column the sheet lacks."""
        return self.cells[key].text if key in self.cells else ""

    def has(self, keys: Iterator[str] | set[str] | frozenset[str]) -> bool:
        """Whether any of these cells is filled."""
        return any(k in self.cells and self.cells[k].filled for k in keys)


@dataclass
class FormTable:
    """A recognised sheet with its header found."""

    tag: FormTag
    grid: Grid
    header: int
    rows: list[FormRow]  # every row that shows anything in a known column
    findings: list[Finding] = field(default_factory=list)
    carried: list[Finding] = field(default_factory=list)  # of answers of the quarter before, if the form is used

    @property
    def sheet(self) -> FormSheet:
        """Its definition."""
        return self.tag.sheet

    def entries(self) -> list[FormRow]:
        """Rows with an entry of the analyst's: something beyond what the blank form prepared."""
        inputs = {c.key for c in self.sheet.columns} - self.sheet.prepared
        return [r for r in self.rows if r.has(inputs)]


def read_table(grid: Grid, tag: FormTag) -> FormTable:
    """Find the header and the rows. A table without its required columns has no rows, and a finding."""
    header, columns = _find_header(grid, tag)
    table = FormTable(tag, grid, header, [])
    by_key: dict[str, list[int]] = {}
    for column, key in columns:
        by_key.setdefault(key, []).append(column)
    if _unusable(table, by_key):
        return table
    labels = {c.key: c.header for c in tag.sheet.columns}
    known = {column for column, _ in columns}
    for column, text in grid.row_texts(header):
        if column not in known and grid.anchor(header, column) == (header, column):
            table.findings.append(_at(table, header, column, "column_ignored", found=text))
    for row in range(header + 1, grid.height):
        cells = {k: Place(grid, row, c[0], labels[k]) for k, c in by_key.items()}
        if any(p.filled for p in cells.values()):
            table.rows.append(FormRow(row, cells))
    return table


def _find_header(grid: Grid, tag: FormTag) -> tuple[int, list[tuple[int, str]]]:
    """The row below the title that names most columns, and (column, key) of those it names."""
    keys = {header_key(h): c.key for c in tag.sheet.columns for h in (c.header, *c.aliases)}
    best: tuple[int, list[tuple[int, str]]] = (tag.row, [])
    for row in range(tag.row + 1, min(grid.height, tag.row + 1 + SEARCHED_ROWS)):
        named = [(column, keys[header_key(t)]) for column, t in grid.row_texts(row) if header_key(t) in keys]
        if len(named) > len(best[1]):
            best = row, named
    return best


def _unusable(table: FormTable, by_key: dict[str, list[int]]) -> bool:
    missing = [c.header for c in table.sheet.columns if c.required and c.key not in by_key]
    if missing:
        table.findings.append(
            _at(
                table,
                table.header,
                table.tag.column,
                "form_column_missing",
                found="",
                expected="; ".join(missing),
            )
        )
    twice = {k: c for k, c in by_key.items() if len(c) > 1}
    for key, columns in twice.items():
        cells = "; ".join(table.grid.address(table.header, c) for c in columns)
        label = table.sheet.column(key).header
        table.findings.append(
            _at(table, table.header, columns[1], "table_ambiguous_column", found=cells, expected=label)
        )
    return bool(missing or twice)


def _at(table: FormTable, row: int, column: int, code: str, *, found: str, expected: str = "") -> Finding:
    return Place(table.grid, row, column).finding(code, found=found, expected=expected)


def named_rulebook(table: FormTable) -> tuple[str, Place]:
    """What the cell “Bộ tiêu chí” above the header says, and where; the title's cell where there is none."""
    grid = table.grid
    for row in range(grid.top, table.header):
        for column, text in grid.row_texts(row):
            name, colon, rest = text.partition(":")
            if header_key(name) != "bộ tiêu chí":
                continue
            if colon and nfc(rest):
                return nfc(rest), Place(grid, row, column, "Bộ tiêu chí")
            right = next(((c, t) for c, t in grid.row_texts(row) if c > column), (column + 1, ""))
            return right[1], Place(grid, row, right[0], "Bộ tiêu chí")
    return "", Place(grid, table.tag.row, table.tag.column, "Bộ tiêu chí")
