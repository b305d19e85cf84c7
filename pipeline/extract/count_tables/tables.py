"""A sheet -> its count tables: which rows are a header, what each column means, which rows hold data.

Tables are found by what the labels mean, each under its band; never by position, file name or vendor.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from pipeline.extract.count_tables.header_columns import HeaderColumn, read_columns
from pipeline.extract.count_tables.rows import ColumnRoles, Row, last_counted, ordinal, read_rows
from pipeline.extract.count_tables.shifted_columns import shifted_columns
from pipeline.extract.count_tables.transposed_tables import TRANSPOSED, find_transposed, measure_rows
from pipeline.extract.sheet.grid import FIRST_ROWS, Grid
from pipeline.extract.sheet.row_marks import is_index_row, is_number_like, is_page_mark
from pipeline.extract.wording.column_meaning import Meaning
from pipeline.extract.wording.phrases import Phrase, label_words, words
from pipeline.extract.wording.title_periods import MAX_TITLE
from pipeline.extract.wording.vocabulary import Vocabulary
from pipeline.findings import Finding
from pipeline.layouts.decisions import Decision, Layout
from pipeline.registry import UnitIndex
from pipeline.shown_text import shown_heading

MIN_COUNT_COLUMNS = 3
#: rows that a header has at most; the known forms have three and an index row
MAX_HEADER = 12
#: rows times columns of a sheet, and headers in it, that are looked through for count tables: four hundred units by a
#: hundred fields of work are half of it. The work on a sheet grows with these and nothing else
MAX_SIZE, MAX_HEADERS = 2_000_000, 2_000
#: rows below a header in which its index row is looked for
_INDEX_ROWS = 3


@dataclass(frozen=True)
class CountTable:
    """A count table of one sheet: its header, its columns and its rows, nothing decided by its numbers yet."""

    grid: Grid
    header: tuple[int, int]  # first and last sheet row of the header, from 0
    columns: tuple[HeaderColumn, ...]
    roles: ColumnRoles
    rows: tuple[Row, ...]
    titles: tuple[str, ...] = ()  # texts above the header
    notes: tuple[str, ...] = ()  # texts beside the header and below the rows
    #: sheet column -> the columns it adds up, from an index row such as (3)=(4)+(5)+(6)
    expressions: dict[int, frozenset[int]] = field(default_factory=dict)
    decisions: tuple[str, ...] = ()  # Vietnamese: how the table is laid out, where that is unusual

    @property
    def header_rows(self) -> str:
        """The rows of the header as a finding names them: `8:10`."""
        return self.grid.span_of_rows(*self.header)

    @property
    def names_units(self) -> bool:
        """Whether the column of names is headed as a unit and nothing else ("Đơn vị")."""
        return self.roles.names == "units"

    @property
    def names_fields(self) -> bool:
        """Whether the column of names is headed as a field of work ("Lĩnh vực …")."""
        return self.roles.names == "fields"

    def layout(self, decisions: tuple[Decision, ...] = ()) -> Layout:
        """Its header as a layout, with what was decided about it."""
        header = tuple(tuple(map(shown_heading, c.path)) for c in self.columns)
        return Layout("table", self.grid.file, self.grid.tab, self.header_rows, header, decisions)

    def measure_columns(self) -> list[HeaderColumn]:
        """The columns that hold counts by their labels."""
        return [c for c in self.columns if c.meaning.measure]


@dataclass(frozen=True)
class _Header:
    """The rows of a header, first and last, and its columns; none where all of them are ignored on purpose."""

    rows: tuple[int, int]
    columns: tuple[HeaderColumn, ...]


def find_tables(grid: Grid, vocabulary: Vocabulary) -> list[CountTable] | Finding:
    """The count tables of a sheet, top to bottom; a finding where the sheet is refused.

    Refused: a sheet of more cells or headers than count tables have, and a heading merged down over rows of numbers.
    """
    size = len(grid.rows) * (grid.width - grid.left)
    if size > MAX_SIZE:
        found = f"{len(grid.rows)} dòng × {grid.width - grid.left} cột"
        return grid.place_of().finding("table_too_large", found=found)
    headers = _find_headers(grid, vocabulary)
    if isinstance(headers, Finding):
        return headers
    return _joined_pages(_tables_below(headers, grid, vocabulary)) or _transposed_tables(grid, vocabulary)


def _transposed_tables(grid: Grid, vocabulary: Vocabulary) -> list[CountTable]:
    """The tables with measures down the rows and units across the columns."""
    tables: list[CountTable] = []
    floor = grid.top
    blocks = find_transposed(grid, vocabulary)
    for block, following in itertools.zip_longest(blocks, blocks[1:]):
        turned, header = block.grid, (0, block.depth - 1)
        columns = tuple(measure_rows(turned, read_columns(turned, header, vocabulary)))
        counts = tuple(c.index for c in columns if c.meaning.measure)
        if min(len(counts), len({c.path for c in columns if c.meaning.measure})) < MIN_COUNT_COLUMNS:
            continue
        roles = ColumnRoles(0, None, None, counts, block.names)
        below = _texts(grid, block.last + 1, grid.height) if following is None else []
        tables.append(
            CountTable(
                turned,
                header,
                columns,
                roles,
                tuple(read_rows(turned, block.depth, turned.height, roles, vocabulary)),
                titles=tuple(_texts(grid, floor, block.head)),
                notes=tuple(below),
                decisions=(TRANSPOSED,),
            )
        )
        floor = block.last + 1
    return tables


def unlabelled_table(grid: Grid, vocabulary: Vocabulary, index: UnitIndex) -> CountTable | None:
    """A table of units and numbers under labels that the vocabulary does not explain; None where the sheet has none.

    At least three rows name units of the registry in one column, and three columns of numbers have labels above them.
    """
    named: dict[int, list[int]] = {}
    for row in range(grid.top, min(grid.height, grid.top + FIRST_ROWS)):
        for column, text in grid.row_texts(row):
            if not is_number_like(grid, row, column) and index.kinds.get(index.resolve(text).unit_id) == "unit":
                named.setdefault(column, []).append(row)
    unit = max(named, key=lambda c: len(named[c]), default=None)
    if unit is None or len(named[unit]) < MIN_COUNT_COLUMNS:
        return None
    first = named[unit][0]
    heads = [r for r in range(grid.top, first) if grid.is_label_row(r) and len(grid.row_texts(r)) > MIN_COUNT_COLUMNS]
    if not heads:
        return None
    block = (next(r for r in heads if heads[-1] - r < MAX_HEADER), heads[-1])
    columns = read_columns(grid, block, vocabulary)
    stt = next((c.index for c in columns if c.path and words(c.path[0]) in vocabulary.stt_labels), None)
    counts = tuple(
        c.index for c in columns if c.path and c.index not in {unit, stt} and _is_of_numbers(grid, c, named[unit])
    )
    if len(counts) < MIN_COUNT_COLUMNS:
        return None
    roles = ColumnRoles(unit, stt, None, counts, "units")
    rows = read_rows(grid, block[1] + 1, grid.height, roles, vocabulary)
    own = tuple(c for c in columns if c.path)
    return CountTable(grid, block, own, roles, tuple(rows), titles=tuple(_texts(grid, grid.top, block[0])))


def _is_of_numbers(grid: Grid, column: HeaderColumn, rows: Sequence[int]) -> bool:
    return sum(is_number_like(grid, row, column.index) for row in rows) >= MIN_COUNT_COLUMNS


def _tables_below(headers: Sequence[_Header], grid: Grid, vocabulary: Vocabulary) -> list[CountTable]:
    """The table below each header. A header without a column of names or of counts has none."""
    tables: list[CountTable] = []
    floor = grid.top  # below the last table: titles are looked for from here on
    for header, following in itertools.zip_longest(headers, headers[1:]):
        end = following.rows[0] if following is not None else grid.height
        table = _read_table(header, grid, end, floor, vocabulary)
        if table is not None:
            floor = max(last_counted(table.rows), header.rows[1]) + 1
            tables.append(table)
    return tables


def _joined_pages(tables: Sequence[CountTable]) -> list[CountTable]:
    """The tables, with those whose header only repeats the one above on the next page added to it."""
    joined: list[CountTable] = []
    for table in tables:
        if joined and _is_next_page(joined[-1], table):
            before = joined[-1]
            last = last_counted(before.rows)
            rows = (*(r for r in before.rows if r.index <= last), *table.rows)
            joined[-1] = replace(before, rows=rows, notes=table.notes)
        else:
            joined.append(table)
    return joined


def _is_next_page(before: CountTable, after: CountTable) -> bool:
    """Whether a header repeats the one above: same columns, no new title, no total above, ordinals that go on."""
    same = [(c.index, c.path) for c in before.columns] == [(c.index, c.path) for c in after.columns]
    new_titles = {t for t in after.titles if not is_page_mark(t)} - set(before.titles)
    last = next((r for r in reversed(before.rows) if r.kind != "name_only"), None)
    closed = last is not None and (last.kind == "total" or last.total_like)
    first = next((n for r in after.rows if (n := ordinal(r)) is not None), None)
    restarts = first == 1 and any(ordinal(r) is not None for r in before.rows)
    return same and not new_titles and not closed and not restarts


# --- headers ----------------------------------------------------------------------------------------------------------


def _find_headers(grid: Grid, vocabulary: Vocabulary) -> list[_Header] | Finding:
    """The headers of a sheet that have columns of counts, top to bottom; a finding where the sheet is refused."""
    headers: list[_Header] = []
    below = grid.top  # the last header
    for row in _rows_with_heads(grid, vocabulary):
        header = _header_from(grid, row, vocabulary) if row >= below else None
        if header is None:
            continue
        top, bottom = header.rows
        below = bottom + 1
        if not header.columns:
            continue
        # a heading merged down over numbers would hide them; without it the labels below would get another meaning
        covered = next((r for r in range(top + 1, bottom + 1) if _holds_numbers(grid, r)), None)
        if covered is not None:
            found = f"dòng {top + 1}–{bottom + 1}, trùm lên số ở dòng {covered + 1}"
            return grid.place_of().finding("table_heading_over_rows", found=found)
        headers.append(header)
        if len(headers) > MAX_HEADERS:
            return grid.place_of().finding("table_too_large", found=f"hơn {MAX_HEADERS} bảng")
    return headers


def _rows_with_heads(grid: Grid, vocabulary: Vocabulary) -> Iterator[int]:
    """The label rows with a text that may head a column, in the row itself or merged down from above."""
    heads = {grid.top + row for row in grid.matrix.rows_with(vocabulary.table_heads)}
    for row in itertools.compress(itertools.count(grid.top), grid.matrix.label_rows):
        if row in heads or any(first < row for (first, _), _ in grid.merges_over(row)):
            yield row


def _header_from(grid: Grid, row: int, vocabulary: Vocabulary) -> _Header | None:
    """The header whose first row is the label row `row`; None where the row begins none."""
    name_labels = vocabulary.name_labels
    begins = _heads_counts(grid, row, vocabulary) or _heads_names(grid, row, name_labels)
    bottom = _last_row(grid, row, vocabulary, name_labels) if begins else None
    if bottom is None:
        return None
    columns = read_columns(grid, (row, bottom), vocabulary)
    counts = [c for c in columns if c.meaning.measure or c.meaning.contrary or len(c.meaning.concepts) > 1]
    counted = min(len(counts), len({c.path for c in counts})) >= MIN_COUNT_COLUMNS
    # columns of another time, or percentages: without its upper row the header would read as any other
    ignored = sum(c.meaning.derived for c in columns) >= MIN_COUNT_COLUMNS and bottom > row
    return _Header((row, bottom), columns if counted else ()) if counted or ignored else None


def _last_row(grid: Grid, top: int, vocabulary: Vocabulary, name_labels: set[Phrase]) -> int | None:
    """The last row of the header that begins at `top`; None where more rows follow than a header has."""
    bottom = _merged_down(grid, top)
    while bottom + 1 < min(grid.height, top + MAX_HEADER) and _goes_on(grid, bottom + 1, vocabulary, name_labels):
        bottom = _merged_down(grid, bottom + 1)
    return None if top + MAX_HEADER <= bottom + 1 < grid.height else bottom


def _merged_down(grid: Grid, row: int) -> int:
    """The last row of the cells that are merged downwards from a row; the row itself where none are."""
    return max([row, *(bottom for (top, _), (bottom, _) in grid.merges_from(row) if bottom - top < MAX_HEADER)])


def _goes_on(grid: Grid, row: int, vocabulary: Vocabulary, name_labels: set[Phrase]) -> bool:
    """Whether a row belongs to the header above it: at least half of its labels can head counts or names, or a time."""
    if is_index_row(grid, row) or not grid.is_label_row(row):
        return False
    # "Trong đó" heads nothing by itself
    own = [c for c, text in grid.row_texts(row) if label_words(text) or not words(text)]
    heads_counts = [c for c in own if _heads_a_count(words(grid.text(row, c)), vocabulary)]
    heads_names = [c for c in own if words(grid.text(row, c)) in name_labels]
    alone = len(own) == 1 and not heads_names
    found = len(heads_counts) + len(heads_names)
    return found > 0 and not alone and found >= len(own) / 2


def _heads_a_count(label: Phrase, vocabulary: Vocabulary) -> bool:
    return vocabulary.can_head_count_table(label) or label in vocabulary.now or label in vocabulary.before


def _heads_counts(grid: Grid, row: int, vocabulary: Vocabulary) -> bool:
    """Whether a label of a row (merged cells filled) can head counts or names; a row-wide title does not count."""
    texts = grid.merged_texts(row)
    several = len({grid.anchor(row, c) for c, _ in texts}) > 1
    labels = map(words, dict.fromkeys(t for _, t in texts)) if several else ()
    return any(map(vocabulary.heads_counts, labels))


def _heads_names(grid: Grid, row: int, name_labels: set[Phrase]) -> bool:
    """Whether a row heads the columns of names, and others by a band of which dossiers ("Hồ sơ liên thông")."""
    named = [words(text) in name_labels for _, text in grid.row_texts(row)]
    down = any(b > t and words(grid.text(t, c)) in name_labels for (t, c), (b, _) in grid.merges_from(row))
    return (down or sum(named) > 1) and not all(named)


def _holds_numbers(grid: Grid, row: int) -> bool:
    return sum(cell.number for cell in grid.cells(row)) >= MIN_COUNT_COLUMNS and not is_index_row(grid, row)


# --- one table --------------------------------------------------------------------------------------------------------


def _read_table(header: _Header, grid: Grid, end: int, floor: int, vocabulary: Vocabulary) -> CountTable | None:
    """The table below a header, up to sheet row `end`; its titles from sheet row `floor` on."""
    (top, bottom), last_table = header.rows, end == grid.height
    heads = header.columns
    shifted = shifted_columns(grid, header.rows, header.columns, end)
    if shifted is not None:
        header = replace(header, columns=shifted.columns)
    roles = _column_roles(header, grid, end, vocabulary)
    if roles is None:
        return None
    rows = read_rows(grid, bottom + 1, end, roles, vocabulary)
    below = max(last_counted(rows), bottom) + 1
    if not last_table:
        rows = [r for r in rows if r.index < below]  # below the last numbers are the titles of the next table
    headed = {*(c.index for c in heads if _is_of_counts(c)), *roles.named}
    beside = [t for r in range(top, bottom + 1) for c, t in grid.row_texts(r) if c not in headed]
    return CountTable(
        grid,
        header.rows,
        tuple(replace(c, meaning=Meaning()) if c.index in roles.named else c for c in header.columns if c.path),
        roles,
        tuple(rows),
        titles=tuple(_texts(grid, floor, top)),
        notes=(*beside, *(_texts(grid, below, end) if last_table else ())),
        expressions=_expressions(grid, bottom + 1, end),
        decisions=(shifted.decision,) if shifted is not None else (),
    )


def _is_of_counts(column: HeaderColumn) -> bool:
    return bool(column.meaning.measure or column.meaning.derived or column.meaning.concepts)


def _column_roles(header: _Header, grid: Grid, end: int, vocabulary: Vocabulary) -> ColumnRoles | None:
    """Which columns hold names, ordinals, fields and counts; None without a column of names or of counts.

    Names are below the heading of a unit, else of a field of work, else in the column with the most texts left of the
    counts.
    """
    labels_of = {c.index: [words(p) for p in c.path] for c in header.columns}

    def headed(labels: set[Phrase], *taken: int | None) -> int | None:
        return next((i for i, path in labels_of.items() if i not in taken and any(x in labels for x in path)), None)

    stt = headed(vocabulary.stt_labels)
    unit = headed(vocabulary.unit_labels, stt)
    work = headed(vocabulary.field_labels, stt, unit)
    names: Literal["units", "fields", "unheaded"] = "units" if unit is not None else "fields"
    if unit is None:
        unit, work = work, None
    if unit is None:
        first = min(c.index for c in header.columns if _is_of_counts(c))
        left = [c.index for c in header.columns if c.index < first and c.index != stt]
        names = "unheaded"
        unit = max(left, key=lambda c: _text_cells(grid, c, header.rows[1] + 1, end), default=None)
    counts = tuple(c.index for c in header.columns if c.path and c.meaning.measure)
    others = tuple(c for c in counts if c not in {stt, work})
    return ColumnRoles(unit, stt, work, others, names) if unit is not None and unit not in counts and others else None


def _expressions(grid: Grid, start: int, end: int) -> dict[int, frozenset[int]]:
    """The sums that an index row just below the header writes down."""
    row = next((r for r in range(start, min(end, start + _INDEX_ROWS)) if is_index_row(grid, r)), None)
    texts = grid.row_texts(row) if row is not None else []
    marks = {c: [int(n) for n in re.findall(r"\d+", text)] for c, text in texts}
    column_of = {numbers[0]: c for c, numbers in marks.items() if numbers}
    return {
        c: frozenset(column_of[n] for n in marks[c][1:])
        for c, text in texts
        if len(marks[c]) > 2 and set(marks[c][1:]) <= set(column_of) and "-" not in text
    }


def _texts(grid: Grid, start: int, end: int) -> list[str]:
    """The texts of rows, cell by cell; a row of several cells also as one line (`Từ ngày | 15/12/2021 | đến …`)."""
    texts = []
    for r in range(start, end):
        cells = [t[:MAX_TITLE] for c, t in grid.row_texts(r) if grid.anchor(r, c) == (r, c)]
        texts += cells + ([" ".join(cells)[:MAX_TITLE]] if len(cells) > 1 else [])
    return texts


def _text_cells(grid: Grid, column: int, start: int, end: int) -> int:
    return sum(1 for r in range(start, end) if grid.text(r, column) and not is_number_like(grid, r, column))
