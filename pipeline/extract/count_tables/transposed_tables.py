"""Finds tables with measures down the rows and units across the columns, and turns each of them round.

    STT | Chỉ tiêu              | Phòng A | Phòng B | Tổng số
    1   | Hồ sơ tiếp nhận       | …
    1.1 | Trực tuyến            | …
    2   | Hồ sơ đã giải quyết   | …
    2.1 | Trước hạn             | …

They are looked for only in a sheet in which no header of counts was found. Recognised by meaning: at least three labels
of counts in one column, with numbers to their right, below a row of names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pipeline.extract.count_tables.header_columns import HeaderColumn
from pipeline.extract.count_tables.label_levels import Label, LabelPath, label_paths
from pipeline.extract.sheet.cell_values import Cell
from pipeline.extract.sheet.grid import CellAddress, Grid
from pipeline.extract.sheet.row_marks import is_index_mark, is_index_row
from pipeline.extract.sheet.transposed_grid import LabelledRow, NamedColumn, TransposedGrid, transposed
from pipeline.extract.wording.phrases import words
from pipeline.extract.wording.vocabulary import Vocabulary

#: how such a table was understood, in Vietnamese
TRANSPOSED = "Bảng ghi chỉ tiêu theo dòng, đơn vị theo cột: mỗi cột được đọc là một đơn vị"
#: rows of a sheet that are looked through, and columns that labels may be in
_ROWS, _LABEL_COLUMNS = 400, 8
#: columns of a sheet at most; a registry has a few hundred units
_MOST_UNITS = 2_000
#: labels of counts that a table has at least
_FEWEST_LABELS = 3
#: what is in a column of ordinals, bullets among them
_ORDINAL = re.compile(r"\(?(?:\d{1,2}(?:[.,]\d{1,2})*|[IVX]{1,5}|[A-ZĐa-zđ]|[-–—+*•])[.)]?")
#: rows above the first row of counts in which the names of the units are looked for
_ABOVE = 8
#: headings of columns that hold no counts of a unit, whatever is in them
_NO_UNITS = frozenset(
    words(x)
    for x in (
        *("đơn vị tính", "đvt", "mã số", "mã", "mã chỉ tiêu", "ms", "ký hiệu"),
        *("ghi chú", "biểu", "công thức", "cách tính"),
    )
)


@dataclass(frozen=True)
class TransposedBlock:
    """One table, turned round. `head`, `last`: its first and last row in the sheet, from 0."""

    grid: TransposedGrid
    depth: int  # rows of the header of `grid`
    head: int
    last: int
    names: Literal["units", "fields", "unheaded"]  # as in `ColumnRoles`


@dataclass(frozen=True)
class _Columns:
    """The columns beside those of labels in a sheet."""

    ordinals: int | None
    bands: tuple[int, ...]


@dataclass(frozen=True)
class MeasureRow(HeaderColumn):
    """A column of a table that was turned round: it is a row of the sheet, and findings name it so."""

    sheet_row: int = 0

    @property
    def letter(self) -> str:
        """`dòng 7`."""
        return f"dòng {self.sheet_row + 1}"


def measure_rows(grid: TransposedGrid, columns: Sequence[HeaderColumn]) -> list[MeasureRow]:
    """The columns of the header of a table that was turned round, without the column of names."""
    return [
        MeasureRow(c.index, c.path, c.meaning, c.below, grid.sheet_rows[c.index]) for c in columns if c.index and c.path
    ]


def find_transposed(grid: Grid, vocabulary: Vocabulary) -> list[TransposedBlock]:
    """The tables of a sheet with units across the columns, top to bottom."""
    counted = _rows_of_counts(grid, vocabulary)
    if counted is None:
        return []
    label, rows = counted
    heads = _heads_above(grid, rows, label, vocabulary)
    blocks = [
        _block(grid, head, [r for r in rows if heads[r] == head], label, vocabulary)
        for head in dict.fromkeys(heads.values())
        if head is not None
    ]
    return [b for b in blocks if b is not None]


def _rows_of_counts(grid: Grid, vocabulary: Vocabulary) -> tuple[int, list[int]] | None:
    """The column with most labels of counts, and its rows with such a label and a number right of it."""
    numbers = grid.matrix.numbers
    best: tuple[int, list[int]] = (0, [])
    for column in range(grid.left, min(grid.width, grid.left + _LABEL_COLUMNS)):
        labelled = [
            r for r in range(grid.top, min(grid.height, grid.top + _ROWS)) if _counts(grid, r, column, vocabulary)
        ]
        rows = [r for r in labelled if numbers[r - grid.top, column + 1 - grid.left :].any()]
        if len(rows) >= max(len(best[1]), _FEWEST_LABELS):
            best = (column, rows)
    return best if best[1] else None


def _counts(grid: Grid, row: int, column: int, vocabulary: Vocabulary) -> bool:
    """Whether a cell holds a label that can head counts."""
    cell = grid.cell(row, column)
    label = words(cell.text) if cell.text and not cell.number else ()
    return vocabulary.heads_counts(label)


def _heads_above(grid: Grid, rows: Sequence[int], label: int, vocabulary: Vocabulary) -> dict[int, int | None]:
    """Row of counts -> the nearest row above it with texts right of the labels and no number; None without one."""
    counted, head = set(rows), None
    found: dict[int, int | None] = {}
    for r in range(grid.top, rows[-1] + 1):
        if r in counted:
            found[r] = head
            continue
        filled = _values(grid, r, label)
        names = filled and not any(c.number or c.counted.kind == "blank" for c in filled)
        if names and not is_index_row(grid, r) and not _counts(grid, r, label, vocabulary):
            head = r
    return found


def _values(grid: Grid, row: int, label: int) -> list[Cell]:
    """The filled cells right of the labels."""
    return [c for c in grid.cells(row)[label + 1 - grid.left :] if c.text]


def _block(grid: Grid, head: int, rows: Sequence[int], label: int, vocabulary: Vocabulary) -> TransposedBlock | None:
    """The table below the row `head` of names, turned round; None where it is none."""
    if rows[0] - head > _ABOVE:
        return None
    last = _last_row(grid, rows[-1], label, vocabulary)
    if last - head > _ROWS or grid.width - label > _MOST_UNITS:
        return None
    units = _units(grid, head, last, label)
    office_only = len(units) == 1 and _is_of_no_unit(units[0].name, vocabulary)
    measures = not office_only and _are_measures([n.name for n in units], vocabulary)
    if not units or measures:
        return None
    if office_only and vocabulary.row_label(units[0].name).total:
        units = [replace(units[0], name="")]  # no total of other columns: it is the only one
    paths = label_paths(_labels(grid, head, last, label, [n.column for n in units], vocabulary), vocabulary)
    lines = [_line(p) for p in paths if not p.heads]
    names, names_units = _with_groups(grid, head, units, label, vocabulary)
    turned = transposed(grid, head, names, lines)
    depth = len(turned.rows) - len(names)
    return TransposedBlock(
        turned, depth, head, last, "fields" if office_only else "units" if names_units else "unheaded"
    )


def _line(path: LabelPath) -> LabelledRow:
    return LabelledRow(path.row, tuple(text for text, _ in path.path), tuple(at for _, at in path.path))


def _last_row(grid: Grid, row: int, label: int, vocabulary: Vocabulary) -> int:
    """The last row of a table of which `row` has a label of counts and numbers: other rows of its kind may follow."""
    furthest = min(row + _ROWS, grid.height - 1)
    while row < furthest and (
        any(c.number for c in _values(grid, row + 1, label)) or _counts(grid, row + 1, label, vocabulary)
    ):
        row += 1
    return row


def _units(grid: Grid, head: int, last: int, label: int) -> list[NamedColumn]:
    """The columns right of the labels that hold counts of a unit: with numbers, or named and blank."""
    units: list[NamedColumn] = []
    rows = [r for r in range(head + 1, last + 1) if not _is_index_row(grid, r, label)]
    for column in range(label + 1, grid.width):
        name = grid.merged_text(head, column)
        cells = [grid.cell(r, column) for r in rows]
        numbers = any(c.number for c in cells) or any((r, column) in grid.misread for r in rows)
        blank = all(c.counted.kind == "blank" for c in cells)
        if words(name) in _NO_UNITS or not (numbers or (name and blank)):
            continue
        units.append(NamedColumn(column, name, grid.anchor(head, column)))
    return units


def _is_of_no_unit(name: str, vocabulary: Vocabulary) -> bool:
    """Whether the only column is headed "Số lượng" or "Tổng số": the table is about the office named above it."""
    label = words(name)
    total = [concept for concept, _ in vocabulary.concepts(label)] == ["total"] and not vocabulary.band(label)
    return label in vocabulary.neutral_labels or total


def _are_measures(names: Sequence[str], vocabulary: Vocabulary) -> bool:
    """Whether the names over the columns are labels of counts themselves: the columns are then no units."""
    labels = [(n, vocabulary.row_label(n)) for n in names if n]
    plain = [n for n, label in labels if not (label.total or label.starts_total or label.repeats)]
    counted = [n for n in plain if vocabulary.meaning((n,)).measure or vocabulary.meaning((n,)).concepts]
    return len(counted) * 2 > len(plain)


def _label_columns(grid: Grid, head: int, last: int, label: int, vocabulary: Vocabulary) -> _Columns:
    """Which of the columns up to `label` hold ordinals, and which the bands left of the labels."""
    ordinals: int | None = None
    bands: list[int] = []
    for column in range(grid.left, label):
        texts = [t for r in range(head + 1, last + 1) if (t := grid.text(r, column))]
        headed = words(grid.merged_text(head, column)) in vocabulary.stt_labels
        if ordinals is None and texts and (headed or all(_ORDINAL.fullmatch(t) for t in texts)):
            ordinals = column
        elif texts and words(grid.merged_text(head, column)) not in _NO_UNITS:
            bands.append(column)
    return _Columns(ordinals, tuple(bands))


def _labels(grid: Grid, head: int, last: int, label: int, units: Sequence[int], vocabulary: Vocabulary) -> list[Label]:
    """The labelled rows of a table, and the rows with numbers and no label."""
    columns = _label_columns(grid, head, last, label, vocabulary)
    merged_down = {c for (top, c), (bottom, _) in grid.merges if bottom > top and head < top <= last}
    above: dict[int, tuple[str, CellAddress]] = {}  # column of bands -> the band written in a row above
    found: list[Label] = []
    for row in range(head + 1, last + 1):
        if _is_index_row(grid, row, label):
            continue
        has_values = any(grid.cell(row, c).text or (row, c) in grid.misread for c in units)
        chain: list[tuple[str, CellAddress]] = []
        own: tuple[str, CellAddress] | None = None  # the last label in a cell of this row, merged cells included
        for column in (*columns.bands, label):
            at = grid.anchor(row, column)
            text = grid.text(*at)
            if text:
                above = {c: band for c, band in above.items() if c < column}
                above[column] = (text, at)
                own = (text, at)
                if not chain or chain[-1] != own:
                    chain.append(own)
            elif column in above and column not in merged_down and column != label:
                chain.append(above[column])
        ordinal = grid.merged_text(row, columns.ordinals) if columns.ordinals is not None else ""
        if own is None and not has_values:
            continue
        text, at = own or ("", (row, label))
        raw = str(grid.value(*at) or "")
        found.append(Label(row, _with_spaces(raw, text), at, ordinal, tuple(x for x in chain if x != own), has_values))
    return found


def _is_index_row(grid: Grid, row: int, label: int) -> bool:
    """Whether a row numbers the columns, the column of labels too: `A | B | 1 | 2`."""
    texts = [t for _, t in grid.row_texts(row)]
    marks = bool(grid.text(row, label)) and all(map(is_index_mark, texts))
    return marks or is_index_row(grid, row)


def _with_spaces(raw: str, text: str) -> str:
    """The text with the spaces that stand before it in its cell."""
    return " " * (len(raw) - len(raw.lstrip())) + text


def _with_groups(
    grid: Grid, head: int, units: Sequence[NamedColumn], label: int, vocabulary: Vocabulary
) -> tuple[list[NamedColumn], bool]:
    """The units with the headings of groups above them, each before its first; and whether they are headed as units."""
    merges = [m for r in range(grid.top, head) for m in grid.merges_from(r) if m[0][1] > label and m[1][0] < head]
    above = {left: (top, left, right) for (top, left), (bottom, right) in merges if right > left and bottom == head - 1}
    found: list[NamedColumn] = []
    names_units = False
    for unit in units:
        group = above.get(unit.column)
        if group is not None:
            top, left, right = group
            text = grid.text(top, left)
            whole = left <= units[0].column and right >= units[-1].column
            if whole or words(text) in vocabulary.unit_labels:
                names_units = names_units or words(text) in vocabulary.unit_labels
            elif text:
                found.append(NamedColumn(left, text, (top, left), is_group=True))
        found.append(unit)
    return found, names_units
