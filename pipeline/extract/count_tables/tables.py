"""A grid of cells -> the count tables in it: which rows are its header, what each column means, which rows are data.

Found by what the labels mean, each under its band; never by position, file name or vendor.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field, replace

from pipeline.extract.count_tables.header_columns import Column, read_columns
from pipeline.extract.count_tables.rows import Row, Shape, last_counted, ordinal, rows_below
from pipeline.extract.sheet.grid import Grid, UnreadableError
from pipeline.extract.sheet.row_marks import is_index_row, is_number_like, is_page_mark
from pipeline.extract.wording.column_meaning import Meaning
from pipeline.extract.wording.phrases import words
from pipeline.extract.wording.title_periods import MAX_TITLE
from pipeline.extract.wording.vocabulary import Vocabulary

MIN_COUNT_COLUMNS = 3
#: rows a header has at most; the forms known have three and an index row
MAX_HEADER = 12
#: rows times columns of a sheet, and headers in it, that are looked through for count tables: four hundred units by a
#: hundred fields of work are half of it. The work over a sheet grows with these and nothing else
MAX_SIZE, MAX_HEADERS = 2_000_000, 2_000


@dataclass(frozen=True)
class Table:
    """A count table of one sheet."""

    grid: Grid
    header: tuple[int, int]  # first and last header row
    columns: tuple[Column, ...]
    shape: Shape
    rows: tuple[Row, ...]
    titles: tuple[str, ...] = field(default=())  # text above the header
    asides: tuple[str, ...] = field(default=())  # text beside the header and below the rows
    names_fields: bool = False  # the name column is headed as a field of work ("Lĩnh vực …")
    names_units: bool = False  # … or as nothing but a unit ("Đơn vị")
    #: from an index row such as (3)=(4)+(5)+(6): column -> the columns it adds up
    expressions: dict[int, frozenset[int]] = field(default_factory=dict)

    @property
    def unit_column(self) -> int:
        """The column of names."""
        return self.shape.unit

    @property
    def stt_column(self) -> int | None:
        """The column of ordinals."""
        return self.shape.stt

    def measure_columns(self) -> list[Column]:
        """Columns that hold counts."""
        return [c for c in self.columns if c.meaning.measure]


def find_tables(grid: Grid, vocabulary: Vocabulary) -> list[Table]:
    """All count tables of a sheet, top to bottom. A sheet without any gives [].

    Raises UnreadableError for a sheet with more than any count table holds, and for a heading that covers numbers.
    """
    if len(grid.rows) * (grid.width - grid.left) > MAX_SIZE:
        raise UnreadableError("table_too_large", f"{len(grid.rows)} dòng × {grid.width - grid.left} cột")
    tables: list[Table] = []
    below = grid.top  # the last header
    blocks: list[tuple[tuple[int, int], list[Column]]] = []
    for row in itertools.compress(itertools.count(grid.top), grid.matrix.label_rows):
        found = _header_block(grid, row, vocabulary) if row >= below else None
        if found is None:
            continue
        if found[1]:
            blocks.append(found)
        if len(blocks) > MAX_HEADERS:
            raise UnreadableError("table_too_large", f"hơn {MAX_HEADERS} bảng")
        below = found[0][1] + 1
    floor = grid.top
    for i, (block, columns) in enumerate(blocks):
        end = blocks[i + 1][0][0] if i + 1 < len(blocks) else grid.height
        table = _table(grid, block, columns, end, floor, vocabulary, last=end == grid.height)
        if table is None:
            continue
        floor = max(last_counted(table.rows), block[1]) + 1
        if tables and _continues(tables[-1], table):
            tables[-1] = replace(tables[-1], rows=(*_counted(tables[-1].rows), *table.rows), asides=table.asides)
        else:
            tables.append(table)
    return tables


def _counted(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    last = last_counted(rows)
    return tuple(r for r in rows if r.index <= last)


def _continues(before: Table, after: Table) -> bool:
    """Whether a header only repeats the one above on the next page: same columns, nothing new said, no total last."""
    same = [(c.index, c.path) for c in before.columns] == [(c.index, c.path) for c in after.columns]
    said = {t for t in after.titles if not is_page_mark(t)} - set(before.titles)
    ends = next((r for r in reversed(before.rows) if r.kind != "loose"), None)
    closed = ends is not None and (ends.kind == "total" or ends.total_like)
    first = next((n for r in after.rows if (n := ordinal(r)) is not None), None)
    restarts = first == 1 and any(ordinal(r) is not None for r in before.rows)
    return same and not said and not closed and not restarts


def _holds_numbers(grid: Grid, row: int) -> bool:
    return sum(cell.number for cell in grid.cells(row)) >= MIN_COUNT_COLUMNS and not is_index_row(grid, row)


def _heads_counts(grid: Grid, row: int, vocabulary: Vocabulary) -> bool:
    """Whether a label of a row (merged cells filled) can head counts or names; a row-wide title does not count."""
    texts = grid.merged_texts(row)
    if len({grid.anchor(row, c) for c, _ in texts}) <= 1:
        return False
    labels = map(words, dict.fromkeys(t for _, t in texts))
    return any(0 < len(label) <= 25 and vocabulary.can_head_count_table(label) for label in labels)


def _is_top_of_names(grid: Grid, row: int, heads: set[tuple[str, ...]]) -> bool:
    """Whether a row heads the columns of names, and others by a band of which dossiers ("Hồ sơ liên thông")."""
    named = [words(text) in heads for _, text in grid.row_texts(row)]
    down = any(b > t and words(grid.text(t, c)) in heads for (t, c), (b, _) in grid.merges_from(row))
    return (down or sum(named) > 1) and not all(named)


def _header_block(grid: Grid, row: int, vocabulary: Vocabulary) -> tuple[tuple[int, int], list[Column]] | None:
    """The header whose first row is the label row `row`, with everything that belongs to it below; its columns.

    No columns: a header all of whose columns are ignored on purpose. Raises UnreadableError.
    """
    heads_known = vocabulary.unit_labels | vocabulary.field_labels | vocabulary.stt_labels
    if not (_heads_counts(grid, row, vocabulary) or _is_top_of_names(grid, row, heads_known)):
        return None
    top = bottom = row
    # cells merged downwards from the first row say how deep the header is at least
    bottom = max([bottom, *(b for (t, _), (b, _) in grid.merges_from(row) if b - t < 12)])
    while bottom + 1 < grid.height:
        following = bottom + 1
        if following - top >= MAX_HEADER:
            return None
        if is_index_row(grid, following) or not grid.is_label_row(following):
            break
        own = [c for c, _ in grid.row_texts(following)]
        speaking = [c for c in own if vocabulary.can_head_count_table(words(grid.text(following, c)))]
        heads = [c for c in own if words(grid.text(following, c)) in heads_known]
        if not (speaking or heads) or (len(own) == 1 and not heads):
            break
        if len(speaking) + len(heads) < len(own) / 2:
            break
        bottom = max([following, *(b for (t, _), (b, _) in grid.merges_from(following) if b - t < 12)])
    columns = read_columns(grid, (top, bottom), vocabulary)
    concepts = [c for c in columns if c.meaning.measure or c.meaning.contrary or len(c.meaning.concepts) > 1]
    if len(concepts) < MIN_COUNT_COLUMNS or len({c.path for c in concepts}) < MIN_COUNT_COLUMNS:
        # columns of another time, or percentages: without its upper row the header would read as any other
        ignored = sum(c.meaning.derived for c in columns) >= MIN_COUNT_COLUMNS and bottom > top
        return ((top, bottom), []) if ignored else None
    covered = next((r for r in range(top + 1, bottom + 1) if _holds_numbers(grid, r)), None)
    if covered is not None:
        # merged down over a row of numbers, the heading would swallow it, or the tiers below be read without it
        raise UnreadableError(
            "table_heading_over_rows", f"dòng {top + 1}–{bottom + 1}, trùm lên số ở dòng {covered + 1}"
        )
    return (top, bottom), columns


def _table(
    grid: Grid,
    block: tuple[int, int],
    columns: list[Column],
    end: int,
    floor: int,
    vocabulary: Vocabulary,
    *,
    last: bool,
) -> Table | None:
    counts = [c.index for c in columns if c.meaning.measure or c.meaning.derived or c.meaning.concepts]
    first = min(counts)
    labelled = {c.index: [words(p) for p in c.path] for c in columns}

    def headed(labels: set[tuple[str, ...]], *taken: int | None) -> int | None:
        return next((i for i, p in labelled.items() if i not in taken and any(x in labels for x in p)), None)

    stt = headed(vocabulary.stt_labels)
    unit = headed(vocabulary.unit_labels, stt)
    work = headed(vocabulary.field_labels, stt, unit)
    names_units = unit is not None
    names_fields = unit is None and work is not None
    if unit is None:
        unit, work = work, None
    if unit is None:
        candidates = [c.index for c in columns if c.index < first and c.index != stt]
        unit = max(candidates, key=lambda c: _text_cells(grid, c, block[1] + 1, end), default=None)
    if unit is None or unit in {c.index for c in columns if c.meaning.measure}:
        return None
    columns = [replace(c, meaning=Meaning()) if c.index in {unit, stt, work} else c for c in columns if c.path]
    shape = Shape(unit, stt, work, tuple(c.index for c in columns if c.meaning.measure))
    if not shape.counts:
        return None
    rows = rows_below(grid, block[1] + 1, end, shape, vocabulary)
    below = max(last_counted(rows), block[1]) + 1
    if not last:
        rows = [r for r in rows if r.index < below]  # what follows the last numbers are the next table's titles
    asides = [
        t for r in range(block[0], block[1] + 1) for c, t in grid.row_texts(r) if c not in {*counts, unit, stt, work}
    ]
    asides += [t for t in _texts(grid, below, end) if last]
    titles = tuple(_texts(grid, floor, block[0]))
    sums = _expressions(grid, block[1] + 1, end)
    return Table(
        grid, block, tuple(columns), shape, tuple(rows), titles, tuple(asides), names_fields, names_units, sums
    )


def _expressions(grid: Grid, start: int, end: int) -> dict[int, frozenset[int]]:
    """The sums that an index row just below the header writes down."""
    for row in range(start, min(end, start + 3)):
        if not is_index_row(grid, row):
            continue
        marks = {c: [int(n) for n in re.findall(r"\d+", text)] for c, text in grid.row_texts(row)}
        column_of = {numbers[0]: c for c, numbers in marks.items() if numbers}
        return {
            c: frozenset(column_of[n] for n in numbers[1:])
            for c, numbers in marks.items()
            if len(numbers) > 2 and set(numbers[1:]) <= set(column_of) and "-" not in grid.text(row, c)
        }
    return {}


def _texts(grid: Grid, start: int, end: int) -> list[str]:
    """The texts of rows, cell by cell; a row of several cells also as one line (`Từ ngày | 15/12/2021 | đến …`)."""
    texts = []
    for r in range(start, end):
        cells = [t[:MAX_TITLE] for c, t in grid.row_texts(r) if grid.anchor(r, c) == (r, c)]
        texts += cells + ([" ".join(cells)[:MAX_TITLE]] if len(cells) > 1 else [])
    return texts


def _text_cells(grid: Grid, column: int, start: int, end: int) -> int:
    return sum(1 for r in range(start, end) if grid.text(r, column) and not is_number_like(grid, r, column))
