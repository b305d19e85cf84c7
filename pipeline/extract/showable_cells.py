"""The cells of a sheet that a marked copy may show: those read as counts or as entries of a form, and nothing else.

Personal data is in dossier lists, beside tables, and in sheets that were not recognised. A copy shows no cell of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from pipeline.extract.count_tables.header_columns import HeaderColumn
from pipeline.extract.count_tables.rows import Row, last_counted
from pipeline.extract.count_tables.tables import CountTable, find_tables
from pipeline.extract.dossier_lists.read_list import read_dossiers
from pipeline.extract.forms.form_table import FormTable, read_form_table, recognise_form
from pipeline.extract.outgoing import form_lexicon
from pipeline.extract.sheet.grid import MAX_MERGED, CellAddress, Grid, MergedRange, Value
from pipeline.extract.sheet.row_marks import is_index_row
from pipeline.extract.wording.vocabulary import Vocabulary
from pipeline.findings import Finding
from pipeline.forms.catalogue import header_key
from pipeline.forms.unit_sheet_lines import note_column
from pipeline.registry import UnitIndex
from pipeline.shown_text import MAX_LENGTH, Lexicon
from pipeline.text import nfc

Kind = Literal["counts", "form", "list", "unknown", "hidden"]

#: rows above a header that are searched for titles
_TITLE_ROWS = 15
#: rows below a header that may be index rows
_INDEX_ROWS = 3
#: cells of the largest merged range that a copy merges
_MAX_MERGED = MAX_MERGED // 10


@dataclass(frozen=True)
class ShowableCells:
    """A sheet as a copy may show it. Rows and columns count from 0. Of a list or an unknown sheet no cell is shown."""

    sheet: str
    kind: Kind
    cells: Mapping[CellAddress, Value] = field(default_factory=dict)
    heads: frozenset[int] = frozenset()  # rows of headers
    titles: frozenset[int] = frozenset()  # rows of titles
    merges: tuple[MergedRange, ...] = ()
    #: cell inside a shown merged range -> first cell of the range
    anchors: Mapping[CellAddress, CellAddress] = field(default_factory=dict)


@dataclass(frozen=True)
class _Selection:
    """Chosen cells of one table or form: their addresses, and the rows of headers and titles among them."""

    cells: frozenset[CellAddress]
    heads: frozenset[int]
    titles: frozenset[int]


def showable_cells(grid: Grid, vocabulary: Vocabulary, index: UnitIndex) -> ShowableCells:
    """The cells of a sheet that a copy may show. The sheet is recognised as it is when its counts are read."""
    if not grid.visible:
        return ShowableCells(grid.tab, "hidden")
    tag = recognise_form(grid)
    if tag is not None:
        if tag.sheet.target == "info":
            return ShowableCells(grid.tab, "unknown")
        return _shown(grid, "form", [_form_selection(read_form_table(grid, tag), index)], form_lexicon(index.lexicon))
    if read_dossiers(grid, vocabulary, index) is not None:
        return ShowableCells(grid.tab, "list")
    found = find_tables(grid, vocabulary)
    tables = [] if isinstance(found, Finding) else found
    selections = []
    floor = grid.top
    for table in tables:
        selections.append(_table_selection(table, floor, vocabulary, index))
        floor = max(last_counted(table.rows), table.header[1]) + 1
    return _shown(grid, "counts" if tables else "unknown", selections, index.lexicon)


def _shown(grid: Grid, kind: Kind, selections: Iterable[_Selection], lexicon: Lexicon) -> ShowableCells:
    """The selected cells with their values and the merged ranges among them. Blank cells are left out.

    `lexicon`: what may be shown of a text. An export may have the shape of a form, so it holds for forms too.
    """
    chosen = list(selections)
    addresses = sorted(address for selection in chosen for address in selection.cells)
    cells = {a: value for a in addresses if (value := _shown_value(grid, a, lexicon)) is not None}
    merges, anchors = _merges(grid, cells)
    heads = frozenset(row for selection in chosen for row in selection.heads)
    titles = frozenset(row for selection in chosen for row in selection.titles)
    return ShowableCells(grid.tab, kind, cells, heads, titles, merges, anchors)


def _table_selection(table: CountTable, floor: int, vocabulary: Vocabulary, index: UnitIndex) -> _Selection:
    """Titles, the headers of the understood columns, and their cells down to the last counted row.

    `floor`: the first row that does not belong to the table above. A header that is repeated on the next page is no row
    of the table and is not shown again.
    """
    grid, (top, bottom) = table.grid, table.header
    counted = [c.index for c in table.columns if _is_count(c)]
    leading = [c for c in (table.roles.stt, table.roles.field, table.roles.unit) if c is not None]
    titles = list(_titles(grid, max(floor, top - _TITLE_ROWS), top, index))
    below = range(bottom + 1, min(grid.height, bottom + 1 + _INDEX_ROWS))
    heads = [*range(top, bottom + 1), *(r for r in below if is_index_row(grid, r))]
    cells = {*titles, *(grid.anchor(row, column) for row in heads for column in {*leading, *counted})}
    # a number in a note below the total makes neither the note nor the rows above it rows of the table
    last = last_counted([r for r in table.rows if not r.remark])
    for line in table.rows:
        if line.index > last or line.remark:
            continue
        cells.update((line.index, column) for column in counted)
        if table.roles.stt is not None:
            cells.add((line.index, table.roles.stt))
        if _may_show_name(line, table, vocabulary, index):
            names = (table.roles.field, line.name_column)
            cells.update(grid.anchor(line.index, name) for name in names if name is not None)
    selection = _Selection(frozenset(cells), frozenset(heads), frozenset(row for row, _ in titles))
    return selection if grid.columns_first else _in_sheet(table, selection, index)


def _in_sheet(table: CountTable, shown: _Selection, index: UnitIndex) -> _Selection:
    """The selection of a table that was turned round, by the addresses of the sheet, with the titles above it."""
    grid, whole = table.grid, table.grid.whole
    # the names are column 0, which has no heading
    chosen = (at for at in shown.cells if at[0] > table.header[1] or at[1])
    cells = frozenset(grid.origin(row, column) for row, column in chosen)
    head = grid.origin(table.header[1] + 1, table.roles.unit)[0]
    titles = list(_titles(whole, max(whole.top, head - _TITLE_ROWS), head, index))
    return _Selection(cells.union(titles), frozenset((head,)), frozenset(row for row, _ in titles))


def _is_count(column: HeaderColumn) -> bool:
    meaning = column.meaning
    return bool(meaning.measure or meaning.derived or meaning.concepts or meaning.contrary)


def _may_show_name(row: Row, table: CountTable, vocabulary: Vocabulary, index: UnitIndex) -> bool:
    """Whether the name of a row is that of a unit, a field or a total.

    It is registered, or all its words are known, or it is that of a place under the heading of units. Any other name
    may be a person's.
    """
    if row.kind == "name_only":
        return index.lexicon.knows(row.name)
    if index.lexicon.sentence(nfc(row.name), places=table.names_units) == nfc(row.name):
        return True
    label = vocabulary.row_label(row.name)
    unit = index.resolve(row.name)
    is_registered = unit.unit_id or unit.candidates or unit.ignored or unit.outside
    return bool(label.total or label.starts_total or is_registered)


def _titles(grid: Grid, start: int, end: int, index: UnitIndex) -> Iterator[CellAddress]:
    """The title cells above a header, upwards: each alone in its row, up to the first row of more than two cells.

    A row of two cells is a letterhead and is skipped.
    """
    for row in range(end - 1, start - 1, -1):
        texts = [(c, t) for c, t in grid.row_texts(row) if grid.anchor(row, c) == (row, c)]
        if len(texts) > 2:
            return
        if len(texts) == 1 and index.lexicon.knows(texts[0][1]):
            yield row, texts[0][0]


def _form_selection(table: FormTable, index: UnitIndex) -> _Selection:
    """The title of a form, the texts above its table, and the entries under its headings."""
    grid, title = table.grid, (table.tag.row, table.tag.column)
    cells: set[CellAddress] = set()
    heads, titles = set[int](), set[int]()
    for row in range(table.tag.row, table.header + 1):
        texts = grid.row_texts(row)
        (heads if row == table.header or len(texts) > 2 else titles).add(row)
        always = row == table.header
        cells.update((row, c) for c, text in texts if always or (row, c) == title or index.lexicon.knows(text))
    last_label = header_key(note_column().header)
    for line in table.rows:
        cells.update((place.row, place.column) for place in line.cells.values())
        if table.sheet.target == "return" and header_key(line.text("label")) == last_label:
            break  # signatures are below the last line
    return _Selection(frozenset(cells), frozenset(heads), frozenset(titles))


def _shown_value(grid: Grid, address: CellAddress, lexicon: Lexicon) -> Value:
    """The value as Excel shows it, as far as it may be shown; None for a blank cell."""
    misread = grid.misread.get(address)
    value = misread.text if misread is not None else grid.value(*address)
    if isinstance(value, bool | dt.date | None):
        return value
    text = nfc(value)
    shown = lexicon.sentence(text, places=True) if len(text) <= MAX_LENGTH else lexicon.shown(text)
    return value if shown == text else shown


def _merges(
    grid: Grid, cells: Mapping[CellAddress, Value]
) -> tuple[tuple[MergedRange, ...], dict[CellAddress, CellAddress]]:
    """The merged ranges whose first cell is shown and that cover no other shown cell, and `ShowableCells.anchors`."""
    merges: list[MergedRange] = []
    anchors: dict[CellAddress, CellAddress] = {}
    for first, last in grid.merges:
        (top, left), (bottom, right) = first, last
        size = (bottom - top + 1) * (right - left + 1)
        if first not in cells or not 1 < size <= _MAX_MERGED:
            continue
        inside = [(r, c) for r in range(top, bottom + 1) for c in range(left, right + 1) if (r, c) != first]
        if any(address in cells or address in anchors for address in inside):
            continue
        merges.append((first, last))
        anchors.update(dict.fromkeys(inside, first))
    return tuple(merges), anchors
