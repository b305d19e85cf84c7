"""What a copy of a sheet may show: the cells that were read as counts or as a form's entries, and nothing else.

Personal data stands in dossier lists, beside tables, in sheets nobody recognised: of those a copy shows no cell at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from pipeline.extract.count_tables.header_columns import Column
from pipeline.extract.count_tables.rows import Row, last_counted
from pipeline.extract.count_tables.tables import Table, find_tables
from pipeline.extract.dossier_lists.read_list import read_dossiers
from pipeline.extract.forms.form_table import FormTable, read_form_table, recognise_form
from pipeline.extract.sheet.grid import MAX_MERGED, Grid, UnreadableError, Value
from pipeline.extract.sheet.row_marks import is_index_row
from pipeline.extract.wording.privacy import names_somebody
from pipeline.extract.wording.vocabulary import Vocabulary
from pipeline.forms.catalogue import header_key
from pipeline.forms.unit_sheet_lines import note_column
from pipeline.registry import UnitIndex

Kind = Literal["counts", "form", "list", "unknown", "hidden"]
At = tuple[int, int]  # row, column, from 0

#: rows above a header that are looked through for the lines of its title
_TITLE_ROWS = 15


@dataclass
class ShownCells:
    """A sheet as a copy may show it. `cells`: place -> value; `heads`, `titles`: rows; `merges` as in a Grid."""

    sheet: str
    kind: Kind
    cells: dict[At, Value] = field(default_factory=dict)
    heads: set[int] = field(default_factory=set)
    titles: set[int] = field(default_factory=set)
    merges: list[tuple[At, At]] = field(default_factory=list)
    anchors: dict[At, At] = field(default_factory=dict)  # cell inside a shown merged range -> its first cell


def shown_cells(grid: Grid, vocabulary: Vocabulary, index: UnitIndex) -> ShownCells:
    """What may be shown of a sheet, which is taken for the same thing as when it was read."""
    if not grid.visible:
        return ShownCells(grid.sheet, "hidden")
    tag = recognise_form(grid)
    if tag is not None:
        return _form(read_form_table(grid, tag)) if tag.sheet.target != "info" else ShownCells(grid.sheet, "unknown")
    if read_dossiers(grid, vocabulary, index) is not None:
        return ShownCells(grid.sheet, "list")
    try:
        tables = find_tables(grid, vocabulary)
    except UnreadableError:
        tables = []
    shown = ShownCells(grid.sheet, "counts" if tables else "unknown")
    floor = grid.top
    for table in tables:
        _table(table, floor, shown, vocabulary, index)
        floor = max(last_counted(table.rows), table.header[1]) + 1
    _merge(grid, shown)
    return shown


def _table(table: Table, floor: int, shown: ShownCells, vocabulary: Vocabulary, index: UnitIndex) -> None:
    """Titles, the headers of the columns that were understood, and under them the rows down to the last that counts."""
    grid, (top, bottom) = table.grid, table.header
    counted = [c.index for c in table.columns if _is_count(c)]
    leading = [c for c in (table.shape.stt, table.shape.field, table.shape.unit) if c is not None]
    for row, column in _titles(grid, max(floor, top - _TITLE_ROWS), top):
        _show(grid, row, column, shown)
        shown.titles.add(row)
    marks = [r for r in range(bottom + 1, min(grid.height, bottom + 4)) if is_index_row(grid, r)]
    heads = [*range(top, bottom + 1), *marks]
    # a header that is repeated on the next page belongs to the table without being one of its rows: not shown again
    shown.heads.update(heads)
    for row in heads:
        for column in {*leading, *counted}:
            _show(grid, *grid.anchor(row, column), shown)
    # a number in a note below the total makes it no row of the table, nor what stands above the note
    last = last_counted([r for r in table.rows if not r.aside])
    for line in table.rows:
        if line.index > last or line.aside:
            continue
        for column in counted:
            _show(grid, line.index, column, shown)
        if table.shape.stt is not None:
            _show(grid, line.index, table.shape.stt, shown)
        if _may_name(line, table, vocabulary, index):
            for name in (table.shape.field, line.name_column):
                if name is not None:
                    _show(grid, *grid.anchor(line.index, name), shown)


def _is_count(column: Column) -> bool:
    meaning = column.meaning
    return bool(meaning.measure or meaning.derived or meaning.concepts or meaning.contrary)


def _may_name(row: Row, table: Table, vocabulary: Vocabulary, index: UnitIndex) -> bool:
    """Whether the name of a row is a unit's or a field's: it stands under such a heading, or is known, or a total's.

    Under any other heading ("Họ và tên") a name that nobody knows may be a person's.
    """
    if row.kind == "loose":
        return not names_somebody(row.name)
    if table.names_units or table.names_fields or row.kind == "total" or row.total_like:
        return True
    said = vocabulary.row_label(row.name)
    found = index.resolve(row.name)
    return bool(said.total or said.starts_total or found.unit_id or found.candidates or found.ignored or found.outside)


def _titles(grid: Grid, start: int, end: int) -> Iterator[At]:
    """The lines above a header: each alone in its row, up to the first row of several cells that is no letterhead."""
    for row in range(end - 1, start - 1, -1):
        texts = [(c, t) for c, t in grid.row_texts(row) if grid.anchor(row, c) == (row, c)]
        if len(texts) > 2:
            return
        if len(texts) == 1 and not names_somebody(texts[0][1]):
            yield row, texts[0][0]


def _form(table: FormTable) -> ShownCells:
    """A form's title, what stands above its table, and the entries under the headings it has."""
    grid, shown = table.grid, ShownCells(table.grid.sheet, "form")
    for row in range(table.tag.row, table.header + 1):
        texts = grid.row_texts(row)
        (shown.heads if row == table.header or len(texts) > 2 else shown.titles).add(row)
        for column, text in texts:
            if row == table.header or (row, column) == (table.tag.row, table.tag.column) or not names_somebody(text):
                _show(grid, row, column, shown)
    last = header_key(note_column().header)
    for line in table.rows:
        for place in line.cells.values():
            _show(grid, place.row, place.column, shown)
        if table.sheet.target == "return" and header_key(line.text("label")) == last:
            break  # what stands below is signed, not entered
    _merge(grid, shown)
    return shown


def _show(grid: Grid, row: int, column: int, shown: ShownCells) -> None:
    hidden = grid.hidden.get((row, column))
    value = hidden.text if hidden is not None else grid.value(row, column)
    if value is not None:
        shown.cells[row, column] = value


def _merge(grid: Grid, shown: ShownCells) -> None:
    """The merged ranges whose first cell is shown and that hide no other shown cell."""
    starts = set(shown.cells)
    for first, last in grid.merges:
        (top, left), (bottom, right) = first, last
        size = (bottom - top + 1) * (right - left + 1)
        if first not in starts or not 1 < size <= MAX_MERGED // 10:
            continue
        inside = [(r, c) for r in range(top, bottom + 1) for c in range(left, right + 1) if (r, c) != first]
        if any(at in starts or at in shown.anchors for at in inside):
            continue
        shown.merges.append((first, last))
        shown.anchors.update(dict.fromkeys(inside, first))
