"""The rows below a header: which are units, totals and names without numbers, and how high each ranks.

Index rows, blank rows, lines "Trong đó" and signatures are no rows of the table.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from pipeline.extract.sheet.cell_matrix import TextPredicate
from pipeline.extract.sheet.cell_values import Cell
from pipeline.extract.sheet.grid import Grid
from pipeline.extract.sheet.row_marks import is_index_mark, is_index_row, is_number_like, ordinal_of
from pipeline.extract.wording.phrases import words
from pipeline.extract.wording.vocabulary import Vocabulary
from pipeline.registry import ORDINAL_PREFIX

#: a row of a unit fills at least this share of the count columns; a note that holds a number does not
_DENSE = 1 / 3
_MARK, _NUMBERED = TextPredicate(is_index_mark), TextPredicate(lambda text: ordinal_of(text) is not None)
_ROMAN = re.compile(r"[IVX]+")


@dataclass(slots=True, eq=False)  # never changed; a frozen class would cost more than reading the row
class Row:
    """A row below the header."""

    kind: Literal["unit", "total", "name_only"]  # name_only: no numbers (a section, a unit listed empty, a note)
    index: int  # sheet row, from 0
    name: str
    name_column: int  # sheet column, from 0
    stt: str = ""
    field: str = ""  # the field of work, where the table names the unit and the field in two columns
    total_like: bool = False  # "Cộng cấp xã": a total unless the registry knows a unit of that name
    remark: bool = False  # below "trong đó", a comparison, or a note below the total: counts only if it names a unit
    bullet: bool = False  # "- Đất đai"


@dataclass(frozen=True)
class ColumnRoles:
    """Which sheet columns of a table hold names, ordinals, fields of work and counts."""

    unit: int  # the column of names, of units or of fields
    stt: int | None
    field: int | None  # where fields of work have a column of their own beside the units
    counts: tuple[int, ...]
    names: Literal["units", "fields", "unheaded"]  # what the column of names is headed as

    @property
    def named(self) -> set[int | None]:
        """The columns that hold no counts; None among them where there is no such column."""
        return {self.unit, self.stt, self.field}


def ordinal(row: Row) -> int | None:
    """The number of a row; None where its STT is no plain number."""
    return ordinal_of(row.stt)


def rank(row: Row) -> int | None:
    """How high a row ranks: A, B over I, II over 1, 2 over 1.1, a, –. 0 is the highest; None without an ordinal."""
    text = row.stt.strip("(). ") or (m[0].strip("().-–/ ") if (m := ORDINAL_PREFIX.match(row.name)) else "")
    return _rank_of(text) if text else 4 if row.bullet else None


@lru_cache(maxsize=1 << 12)
def _rank_of(text: str) -> int:
    plain = 2 if text.isdigit() else 3
    return 1 if _ROMAN.fullmatch(text) else 0 if re.fullmatch(r"[A-ZĐ]", text) else plain


def last_counted(rows: Sequence[Row]) -> int:
    """The sheet row of the last unit or total; -1 where there is none."""
    return next((r.index for r in reversed(rows) if r.kind != "name_only"), -1)


def read_rows(grid: Grid, start: int, end: int, roles: ColumnRoles, vocabulary: Vocabulary) -> list[Row]:
    """The rows of a table from sheet row `start` up to `end` (excluded)."""
    scanner = _RowScanner(grid, roles, vocabulary)
    name = roles.unit - grid.left
    plain = _plain_rows(grid, start, end, roles, vocabulary)
    rows: list[Row] = []
    for r in range(start, end):
        if r in plain:
            scanner.within = False
            rows.append(plain[r])
            continue
        cells, merged = grid.cells(r), grid.is_merged(r)
        # a name that is no mark decides at once that the row is no index row and not blank
        named = name < len(cells) and cells[name].text and not merged and not is_index_mark(cells[name].text)
        if named or (not is_index_row(grid, r) and any(c.text for c in cells)):
            row = scanner.read(r, cells, merged=merged)
            if row is not None:
                rows.append(row)
    return rows


def _plain_rows(grid: Grid, start: int, end: int, roles: ColumnRoles, vocabulary: Vocabulary) -> dict[int, Row]:
    """Sheet row -> the row, of rows with an ordinal, a plain name and a number in each count column: most rows.

    They are read vectorised; `_RowScanner.read` would give the same. Nothing is merged in them. A table that names
    fields beside units, or hides cells, has none.
    """
    if roles.stt is None or roles.field is not None or grid.misread:
        return {}
    seen, left, first = grid.matrix, grid.left, start - grid.top
    cells = seen.cells
    plain = seen.numbers[first : end - grid.top].take([c - left for c in roles.counts], axis=1).all(axis=1)
    names, ordinals = (seen.codes[first : end - grid.top, c - left] for c in (roles.unit, roles.stt))
    plain &= (
        seen.matches(vocabulary.only_names, names) & ~seen.matches(_MARK, names) & seen.matches(_NUMBERED, ordinals)
    )
    lines = plain.nonzero()[0]
    unit, merged = roles.unit, grid.merged_rows
    return {
        r: Row("unit", r, cells[name].text, unit, cells[stt].text)
        for r, name, stt in zip((lines + start).tolist(), names[lines].tolist(), ordinals[lines].tolist(), strict=True)
        if r not in merged
    }


class _RowScanner:
    """Reads rows from the top down; remembers of the rows above what decides about those below."""

    def __init__(self, grid: Grid, roles: ColumnRoles, vocabulary: Vocabulary) -> None:
        self.grid, self.roles, self.vocabulary = grid, roles, vocabulary
        self.within = False  # below a line "Trong đó:"
        self.closed = False  # below a total or a signature
        self.first = min(roles.counts)
        self.offsets = [c - grid.left for c in roles.counts]
        self.reach = max(self.offsets)

    def read(self, r: int, cells: Sequence[Cell], *, merged: bool) -> Row | None:
        """The row in sheet row `r`; None where it is no row of the table. `merged`: it has a cell in a merged range."""
        grid, roles, label_of = self.grid, self.roles, self.vocabulary.row_label
        name = grid.merged_text(r, roles.unit) if merged else grid.text(r, roles.unit)
        stt = grid.text(r, roles.stt) if roles.stt is not None else ""
        numbered = ordinal_of(stt) is not None
        field = grid.merged_text(r, roles.field) if roles.field is not None else ""
        numbers = self._numbers(r, cells)
        lead = "" if name and (numbered or not stt) else self._lead(r)
        column = roles.unit if name else grid.row_texts(r)[0][0]
        of_numbers = roles.unit
        if numbers and not name and not field and not numbered and len(words(stt)) > 1:
            name, stt, of_numbers = stt, "", column  # "UBND thành phố" in the column of ordinals
        own = label_of(name)
        label = label_of(lead) if not name or (stt and not numbered) else own
        row: Row | None = None
        if label.total or own.total or (field and label_of(field).total):
            self.within = False
            if numbers:
                row = Row("total", r, name or lead, column, stt, field)
                self.closed = True
        elif label.within:
            self.within = True
        else:
            bullet = (label_of(grid.text(r, roles.unit)) if merged else own).bullet
            self.within = self.within and not numbered and (roles.stt is not None or bullet)
            sparse = numbers < len(roles.counts) * _DENSE
            remark = self.within or label.repeats or (self.closed and sparse and not (numbered and numbers))
            filled = [] if numbers else [c for c in roles.counts if grid.text(r, c) and grid.anchor(r, c)[1] == c]
            if numbers:
                total_like = not sparse and label.starts_total
                row = Row("unit", r, name, of_numbers, stt, field, total_like, remark, bullet)
            elif not filled:
                row = self._without_numbers(r, name, lead, column, stt, numbered=numbered, remark=remark)
            elif name and (numbered or not (label.signature or len(filled) < max(1, len(roles.counts) // 3))):
                row = Row("unit", r, name, roles.unit, stt, field, remark=remark)
            else:
                self.closed = True  # a signature block below the table: a name here, a title there
        return row

    def _without_numbers(
        self, r: int, name: str, lead: str, column: int, stt: str, *, numbered: bool, remark: bool
    ) -> Row | None:
        unit = self.roles.unit
        heads = self.grid.anchor(r, unit) != (r, unit) or not numbered
        if numbered and name:
            row = Row("unit", r, name, unit, stt, remark=remark)  # every count is blank
        elif (name or lead) and (heads or len(self.grid.row_texts(r)) == 1):
            row = Row("name_only", r, name or lead, column, stt)
        else:
            row = None
        return row

    def _numbers(self, r: int, cells: Sequence[Cell]) -> int:
        """How many count columns show a number in the row, or something that hides one."""
        size = len(cells)
        offsets = self.offsets if size > self.reach else [i for i in self.offsets if i < size]
        shown = sum([cells[i].number for i in offsets])
        if self.grid.misread:
            shown += sum((r, c) in self.grid.misread and not is_number_like(self.grid, r, c) for c in self.roles.counts)
        return shown

    def _lead(self, r: int) -> str:
        """The first text of a row left of the counts."""
        return next((c.text for c in self.grid.cells(r)[: self.first - self.grid.left] if c.text), "")
