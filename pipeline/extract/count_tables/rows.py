"""The rows below a header: which of them are units, totals, sections, and which are marks, notes and signatures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.extract.sheet.cell_matrix import TextPredicate
from pipeline.extract.sheet.cell_values import Cell
from pipeline.extract.sheet.grid import Grid
from pipeline.extract.sheet.row_marks import is_index_mark, is_index_row, is_number_like, ordinal_of
from pipeline.extract.wording.vocabulary import Vocabulary

#: a row of one unit fills at least this share of the count columns; a note that holds a number does not
_DENSE = 1 / 3


@dataclass(slots=True, eq=False)  # never changed; freezing it would cost more than reading it
class Row:
    """A row below the header."""

    kind: Literal["unit", "total", "loose"]  # loose: a name without numbers (a section, a unit listed empty, a note)
    index: int
    name: str
    name_column: int
    stt: str = ""
    field: str = ""  # the field of work, where the table names the unit and the field in two columns
    total_like: bool = False  # "Cộng cấp xã": a total unless the registry knows a unit of that name
    aside: bool = False  # under "trong đó", or a note below the total: counts only if its name is a unit's
    bullet: bool = False  # "- Đất đai"


@dataclass(frozen=True)
class Shape:
    """Which columns of a table hold what."""

    unit: int
    stt: int | None
    field: int | None
    counts: tuple[int, ...]


_MARK, _NUMBERED = TextPredicate(is_index_mark), TextPredicate(lambda text: ordinal_of(text) is not None)


def ordinal(row: Row) -> int | None:
    """The number of a row, or None where its STT is no plain number."""
    return ordinal_of(row.stt)


def rows_below(grid: Grid, start: int, end: int, shape: Shape, vocabulary: Vocabulary) -> list[Row]:
    """The rows from `start` up to `end`, without index rows, blank rows, signatures and rows of "trong đó"."""
    reader = _Reader(grid, shape, vocabulary)
    name = shape.unit - grid.left
    plain = _plain_rows(grid, start, end, shape, vocabulary)
    for r in range(start, end):
        if r in plain:
            reader.within = False
            reader.rows.append(plain[r])
            continue
        cells, merged = grid.cells(r), grid.is_merged(r)
        # a name that is no mark says at once what the whole row would
        named = name < len(cells) and cells[name].text and not merged and not is_index_mark(cells[name].text)
        if named or (not is_index_row(grid, r) and any(c.text for c in cells)):
            reader.add(r, cells, merged=merged)
    return reader.rows


def _plain_rows(grid: Grid, start: int, end: int, shape: Shape, vocabulary: Vocabulary) -> dict[int, Row]:
    """What most rows are, read at once as `_Reader.add` would: an ordinal, a name that says nothing else, numbers.

    Nothing is merged in them. A table that names fields beside units, or hides cells, has none.
    """
    if shape.stt is None or shape.field is not None or grid.misread:
        return {}
    matrix, left, first = grid.matrix, grid.left, start - grid.top
    cells = matrix.cells
    plain = matrix.numbers[first : end - grid.top].take([c - left for c in shape.counts], axis=1).all(axis=1)
    names, ordinals = (matrix.codes[first : end - grid.top, c - left] for c in (shape.unit, shape.stt))
    plain &= (
        matrix.matches(vocabulary.only_names, names)
        & ~matrix.matches(_MARK, names)
        & matrix.matches(_NUMBERED, ordinals)
    )
    lines = plain.nonzero()[0]
    unit, merged = shape.unit, grid.merged_rows
    return {
        r: Row("unit", r, cells[name].text, unit, cells[stt].text)
        for r, name, stt in zip((lines + start).tolist(), names[lines].tolist(), ordinals[lines].tolist(), strict=True)
        if r not in merged
    }


class _Reader:
    """Rows so far, and what the rows above say of those below."""

    def __init__(self, grid: Grid, shape: Shape, vocabulary: Vocabulary) -> None:
        self.grid, self.shape, self.vocabulary = grid, shape, vocabulary
        self.rows: list[Row] = []
        self.within = False  # below a line "Trong đó:"
        self.closed = False  # below a total or a signature
        self.first = min(shape.counts)
        self.offsets = [c - grid.left for c in shape.counts]
        self.reach = max(self.offsets)

    def _numbers(self, r: int, cells: Sequence[Cell]) -> int:
        """Count columns in which the row shows a number, or something that hides one."""
        size = len(cells)
        offsets = self.offsets if size > self.reach else [i for i in self.offsets if i < size]
        shown = sum([cells[i].number for i in offsets])
        if self.grid.misread:
            shown += sum((r, c) in self.grid.misread and not is_number_like(self.grid, r, c) for c in self.shape.counts)
        return shown

    def _lead(self, r: int) -> str:
        """The first text of a row left of the counts."""
        return next((c.text for c in self.grid.cells(r)[: self.first - self.grid.left] if c.text), "")

    def add(self, r: int, cells: Sequence[Cell], *, merged: bool) -> None:
        """Read row `r`; its cells, and whether any of them lies in a merged range."""
        grid, shape, said_of = self.grid, self.shape, self.vocabulary.row_label
        name = grid.merged_text(r, shape.unit) if merged else grid.text(r, shape.unit)
        stt = grid.text(r, shape.stt) if shape.stt is not None else ""
        numbered = ordinal_of(stt) is not None
        field = grid.merged_text(r, shape.field) if shape.field is not None else ""
        numbers = self._numbers(r, cells)
        lead = "" if name and (numbered or not stt) else self._lead(r)
        column = shape.unit if name else grid.row_texts(r)[0][0]
        mine = said_of(name)
        label = said_of(lead) if not name or (stt and not numbered) else mine
        if label.total or mine.total or (field and said_of(field).total):
            self.within = False
            if numbers:
                self.rows.append(Row("total", r, name or lead, column, stt, field))
                self.closed = True
            return
        if label.within:
            self.within = True
            return
        bullet = (said_of(grid.text(r, shape.unit)) if merged else mine).bullet
        self.within = self.within and not numbered and (shape.stt is not None or bullet)
        sparse = numbers < len(shape.counts) * _DENSE
        aside = self.within or label.repeats or (self.closed and sparse and not (numbered and numbers))
        filled = [] if numbers else [c for c in shape.counts if grid.text(r, c) and grid.anchor(r, c)[1] == c]
        if not numbers and not filled:
            self._without_numbers(r, name, lead, column, stt, numbered, aside)
        elif numbers:
            total_like = not sparse and label.starts_total
            self.rows.append(Row("unit", r, name, shape.unit, stt, field, total_like, aside, bullet))
        elif name and not (not numbered and (label.signature or len(filled) < max(1, len(shape.counts) // 3))):
            self.rows.append(Row("unit", r, name, shape.unit, stt, field, aside=aside))
        else:
            self.closed = True  # a signature block under the table: a name here, a title there

    def _without_numbers(
        self, r: int, name: str, lead: str, column: int, stt: str, numbered: bool, aside: bool
    ) -> None:
        spread = self.grid.anchor(r, self.shape.unit) != (r, self.shape.unit) or not numbered
        if numbered and name:
            self.rows.append(Row("unit", r, name, self.shape.unit, stt, aside=aside))  # every count blank
        elif (name or lead) and (spread or len(self.grid.row_texts(r)) == 1):
            self.rows.append(Row("loose", r, name or lead, column, stt))


def last_counted(rows: Sequence[Row]) -> int:
    """The sheet row of the last unit or total; -1 where there is none."""
    return next((r.index for r in reversed(rows) if r.kind != "loose"), -1)
