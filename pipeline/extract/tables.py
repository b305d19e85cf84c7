"""A grid of cells -> the count tables in it: which rows are its header, what each column means, which rows are data.

Found by what the labels mean, each under its band; never by position, file name or vendor.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from dataclasses import dataclass, field, replace
from typing import Literal

from openpyxl.utils import get_column_letter

from pipeline.extract.grid import Grid
from pipeline.extract.labels import Meaning, Vocabulary, words
from pipeline.text import nfc

MIN_COUNT_COLUMNS = 3
_INDEX = re.compile(r"^\(?\s*([0-9]{1,2}|[A-ZĐ])\s*\)?(\s*=.*)?$")
_INDEX_FORMULA = re.compile(r"^\(?\s*\d{1,2}\s*\)?\s*=\s*[\d()+\-\s]+$|^\(\s*\d{1,2}\s*=[\d()+\-\s]+\)$")
_NUMBER_TEXT = re.compile(r"^-?[\d.,\s]*\d[\d.,\s]*%?$")
_ORDINAL = re.compile(r"^\(?(\d{1,4})[.)]?$")


@dataclass(frozen=True)
class Column:
    """A header column: its labels from top to bottom and what they mean."""

    index: int
    path: tuple[str, ...]
    meaning: Meaning

    @property
    def letter(self) -> str:
        """`C`."""
        return get_column_letter(self.index + 1)

    @property
    def label(self) -> str:
        """`Đã giải quyết › Quá hạn`."""
        return " › ".join(self.path)


@dataclass(frozen=True)
class Row:
    """A row below the header."""

    kind: Literal[
        "unit", "total", "section", "loose"
    ]  # loose: a name without numbers (a unit listed empty, or a footnote)
    index: int
    name: str
    name_column: int
    stt: str = ""
    section: str = ""


@dataclass(frozen=True)
class Table:
    """A count table of one sheet."""

    grid: Grid
    header: tuple[int, int]  # first and last header row
    columns: tuple[Column, ...]
    unit_column: int
    stt_column: int | None
    rows: tuple[Row, ...]
    titles: tuple[str, ...] = field(default=())  # text above the header

    def measure_columns(self) -> list[Column]:
        """Columns that hold counts."""
        return [c for c in self.columns if c.meaning.measure]

    def unit_label_words(self) -> tuple[str, ...]:
        """The heading of the name column."""
        return words(next((c.path[-1] for c in self.columns if c.index == self.unit_column and c.path), ""))


def is_number_like(grid: Grid, row: int, column: int) -> bool:
    """Whether a cell holds a number, as such or as text (index marks such as `(3)` do not count)."""
    value = grid.value(row, column)
    if isinstance(value, bool) or value is None:
        return False
    if isinstance(value, int | float | dt.datetime | dt.date | dt.time):
        return True
    return bool(_NUMBER_TEXT.fullmatch(nfc(value)))


def is_index_row(grid: Grid, row: int) -> bool:
    """(1) (2) (3)=(4)+(5) … or 1 2 3 …: at least three marks, numbers rising by at least one, nothing else."""
    texts = [t for c, t in grid.row_texts(row) if grid.anchor(row, c) == (row, c)]
    if len(texts) < 3 or not all(_INDEX.fullmatch(t) or _INDEX_FORMULA.fullmatch(t) for t in texts):
        return False
    numbers = [int(m.group()) for t in texts if (m := re.search(r"\d+", t)) and not re.match(r"^\(?[A-ZĐ]", t)]
    rising = all(a < b for a, b in itertools.pairwise(numbers))
    consecutive = all(b - a == 1 for a, b in itertools.pairwise(numbers))
    bracketed = any("(" in t or "=" in t for t in texts)
    return rising and (bracketed or (consecutive and len(numbers) >= 3 and numbers[0] in {1, 2, 3}))


def find_tables(grid: Grid, vocabulary: Vocabulary) -> list[Table]:
    """All count tables of a sheet, top to bottom. A sheet without any gives []."""
    tables: list[Table] = []
    row = grid.top
    blocks: list[tuple[int, int]] = []
    while row < grid.height:
        block = _header_block(grid, row, vocabulary)
        if block is None:
            row += 1
            continue
        blocks.append(block)
        row = block[1] + 1
    floor = grid.top
    for i, block in enumerate(blocks):
        end = blocks[i + 1][0] if i + 1 < len(blocks) else grid.height
        table = _table(grid, block, end, floor, vocabulary)
        if table is not None:
            tables.append(table)
            floor = end
    return tables


def _is_label_row(grid: Grid, row: int) -> bool:
    texts = list(grid.row_texts(row))
    return bool(texts) and not any(is_number_like(grid, row, c) for c, _ in texts)


def _hits(grid: Grid, row: int, vocabulary: Vocabulary) -> int:
    """Columns of a row (merged cells filled) whose label can head counts or names; a row-wide title does not count."""
    cells = {grid.anchor(row, c) for c in range(grid.left, grid.width) if grid.merged_text(row, c)}
    if len(set(cells)) <= 1:
        return 0
    count = 0
    for column in range(grid.left, grid.width):
        label = words(grid.merged_text(row, column))
        if label and len(label) <= 25 and vocabulary.speaks_of_counts(label):
            count += 1
    return count


def _header_block(grid: Grid, row: int, vocabulary: Vocabulary) -> tuple[int, int] | None:
    """The header whose first count-speaking row is `row`, with everything that belongs to it above and below."""
    if not _is_label_row(grid, row) or _hits(grid, row, vocabulary) == 0:
        return None
    top = bottom = row
    # cells merged downwards from the first row say how deep the header is at least
    bottom = max([bottom, *(b for (t, _), (b, _) in grid.merges if t == row and b - t < 12)])
    while bottom + 1 < grid.height:
        following = bottom + 1
        if is_index_row(grid, following) or not _is_label_row(grid, following):
            break
        own = [c for c, _ in grid.row_texts(following)]
        speaking = [c for c in own if vocabulary.speaks_of_counts(words(grid.text(following, c)))]
        heads = [c for c in own if words(grid.text(following, c)) in vocabulary.unit_labels | vocabulary.stt_labels]
        if not (speaking or heads) or (len(own) == 1 and not heads):
            break
        if len(speaking) + len(heads) < len(own) / 2:
            break
        bottom = max([following, *(b for (t, _), (b, _) in grid.merges if t == following and b - t < 12)])
    columns = _columns(grid, (top, bottom), vocabulary)
    concepts = [c for c in columns if c.meaning.measure or len(c.meaning.concepts) > 1]
    if len(concepts) < MIN_COUNT_COLUMNS or len({c.path for c in concepts}) < MIN_COUNT_COLUMNS:
        return None
    return top, bottom


def _columns(grid: Grid, block: tuple[int, int], vocabulary: Vocabulary) -> list[Column]:
    columns: list[Column] = []
    for column in range(grid.left, grid.width):
        path: list[str] = []
        for row in range(block[0], block[1] + 1):
            text = grid.merged_text(row, column)
            if text and (not path or path[-1] != text):
                path.append(text)
        columns.append(Column(column, tuple(path), vocabulary.meaning(tuple(path))))
    return _bands_from_the_left(columns)


def _bands_from_the_left(columns: list[Column]) -> list[Column]:
    """A flat header (`Tổng số đã giải quyết | Trước hạn | …`): a bare deadline belongs to the band before it."""
    measures = {
        ("resolved", "early"): "resolved_early",
        ("resolved", "on_time"): "resolved_on_time",
        ("resolved", "in_time"): "resolved_in_time",
        ("resolved", "late"): "resolved_late",
        ("pending", "in_time"): "pending_in_time",
        ("pending", "on_time"): "pending_in_time",
        ("pending", "late"): "pending_overdue",
    }
    band = ""
    out: list[Column] = []
    for column in columns:
        meaning = column.meaning
        if meaning.band:
            band = meaning.band
        elif len(meaning.concepts) == 1 and (band, meaning.concepts[0]) in measures and len(column.path) == 1:
            measure = measures[band, meaning.concepts[0]]
            column = replace(column, meaning=replace(meaning, measure=measure, band=band))
        elif meaning.measure.startswith("resolved_"):
            band = "resolved"  # a bare "Trước hạn" can only be of what is resolved
        out.append(column)
    return out


def _table(grid: Grid, block: tuple[int, int], end: int, floor: int, vocabulary: Vocabulary) -> Table | None:
    columns = _columns(grid, block, vocabulary)
    counts = [c.index for c in columns if c.meaning.measure or c.meaning.derived or c.meaning.concepts]
    first = min(counts)
    labelled = {c.index: [words(p) for p in c.path] for c in columns}
    stt = next((i for i, p in labelled.items() if any(x in vocabulary.stt_labels for x in p)), None)
    unit = next((i for i, p in labelled.items() if i != stt and any(x in vocabulary.unit_labels for x in p)), None)
    if unit is None:
        candidates = [c.index for c in columns if c.index < first and c.index != stt]
        unit = max(candidates, key=lambda c: _text_cells(grid, c, block[1] + 1, end), default=None)
    if unit is None or unit in {c.index for c in columns if c.meaning.measure}:
        return None
    columns = [replace(c, meaning=Meaning()) if c.index in {unit, stt} else c for c in columns if c.path]
    titles = tuple(t for r in range(floor, block[0]) for _, t in grid.row_texts(r))
    measured = [c.index for c in columns if c.meaning.measure]
    rows = _rows(grid, block[1] + 1, end, unit, stt, measured, vocabulary)
    return Table(grid, block, tuple(columns), unit, stt, tuple(rows), titles)


def _text_cells(grid: Grid, column: int, start: int, end: int) -> int:
    return sum(1 for r in range(start, end) if grid.text(r, column) and not is_number_like(grid, r, column))


def _rows(
    grid: Grid, start: int, end: int, unit: int, stt: int | None, counts: list[int], vocabulary: Vocabulary
) -> list[Row]:
    rows: list[Row] = []
    section = ""
    first = min(counts)
    for r in range(start, end):
        if is_index_row(grid, r):
            continue
        texts = list(grid.row_texts(r))
        if not texts:
            continue
        name = grid.merged_text(r, unit)
        ordinal = grid.text(r, stt) if stt is not None else ""
        numbers = any(is_number_like(grid, r, c) or (r, c) in grid.hidden for c in counts)
        lead = next((t for c, t in texts if c < first), "")
        label = words(lead if not name or (stt is not None and not _ORDINAL.fullmatch(ordinal) and ordinal) else name)
        if _is_total(label, vocabulary) or _is_total(words(name), vocabulary):
            if numbers:
                rows.append(Row("total", r, name or lead, unit if name else min(c for c, _ in texts), ordinal, section))
            continue
        if any(label[: len(w)] == w for w in vocabulary.within_rows):
            continue
        filled = [c for c in counts if grid.text(r, c) and grid.anchor(r, c)[1] == c]
        if not numbers and not filled:
            spread = grid.anchor(r, unit) != (r, unit) or len(texts) == 1 or not _ORDINAL.fullmatch(ordinal)
            words_only = name or lead
            if _ORDINAL.fullmatch(ordinal) and name:
                rows.append(Row("unit", r, name, unit, ordinal, section))  # numbered, every count blank
            elif words_only and spread:
                rows.append(Row("loose", r, words_only, unit if name else min(c for c, _ in texts), ordinal, section))
                section = words_only
            continue
        if not name and not numbers:
            continue
        if name and not numbers and not _ORDINAL.fullmatch(ordinal) and _is_signature(label, vocabulary):
            continue
        if name and not numbers and not _ORDINAL.fullmatch(ordinal) and len(filled) < max(1, len(counts) // 3):
            continue  # a signature block under the table: a name here, a title there
        rows.append(Row("unit", r, name, unit, ordinal, section))
    return rows


def _is_total(label: tuple[str, ...], vocabulary: Vocabulary) -> bool:
    return label in vocabulary.total_rows


def _is_signature(label: tuple[str, ...], vocabulary: Vocabulary) -> bool:
    return any(label[: len(s)] == s for s in vocabulary.signature_rows)
