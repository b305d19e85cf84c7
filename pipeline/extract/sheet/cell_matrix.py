"""All cells of a sheet at once, as matrices of what they say: looking through a sheet costs columns, not cells.

The same numbers, names and labels stand in every sheet of a period. Each different value is given a number the first
time it is met, and what it says (`cells.see`) is worked out then; a sheet is a matrix of those numbers.
"""

from __future__ import annotations

import itertools
import threading
from array import array
from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from pipeline.extract.sheet.cell_values import BLANK, Cell, Value, see

#: different values that one book remembers, and letters of their texts; beyond it the next sheet opens a new one
_MOST, _MOST_LETTERS = 1 << 16, 1 << 22
_PLAIN = frozenset((float, str, type(None)))
_OK, _BLANK = 0, 1
_KINDS = {"ok": _OK, "blank": _BLANK}
_BROKEN = 2
_Kind = TypeVar("_Kind", bound=np.generic)


class Trait:
    """Something that a text has or has not, whatever sheet it stands in."""

    def __init__(self, has: Callable[[str], bool]) -> None:
        self.has = has


class _Book(dict[object, int]):
    """Value -> its number; by that number what it says. Number 0 is a blank cell."""

    def __init__(self) -> None:
        super().__init__({None: 0, "": 0})
        self.cells: list[Cell] = [BLANK]
        self.letters = 0
        self.shows_number = bytearray(1)
        self.shows_text = bytearray(1)
        self.kinds = bytearray((_BLANK,))
        self.counts = array("q", (0,))
        self._traits: dict[Trait, bytearray] = {}

    def __missing__(self, value: object) -> int:
        # what is neither text nor a float comes with its type: True and 1.0 are one key
        said = see(value[1] if isinstance(value, tuple) else value)  # type: ignore[arg-type]
        self.cells.append(said)
        self.letters += len(said.text)
        self.shows_number.append(said.number)
        self.shows_text.append(bool(said.text))
        self.kinds.append(_KINDS.get(said.counted.kind, _BROKEN))
        self.counts.append(said.counted.value)
        self[value] = number = len(self.cells) - 1
        return number

    def trait(self, trait: Trait) -> bytearray:
        """Whether each value is a text (no blank) that has a trait."""
        with _one_at_a_time:
            known = self._traits.setdefault(trait, bytearray())
            known.extend([bool(c.text) and trait.has(c.text) for c in self.cells[len(known) :]])
            return known

    @property
    def full(self) -> bool:
        """Whether the next sheet should begin another."""
        return len(self) > _MOST or self.letters > _MOST_LETTERS


_books = [_Book()]  # the one that is written in
_one_at_a_time = threading.Lock()  # two runs may read in two threads of one process


class Seen:
    """What the cells of a sheet say. Matrices of (rows, columns), rows filled up with blanks to the widest."""

    def __init__(self, rows: Sequence[Sequence[Value]]) -> None:
        columns = list(itertools.zip_longest(*rows))
        values: list[object] = list(itertools.chain.from_iterable(columns))
        if not _PLAIN.issuperset(map(type, values)):
            values = [v if type(v) in _PLAIN else (type(v), v) for v in values]
        with _one_at_a_time:
            if _books[-1].full:
                _books[:] = [_Book()]
            self._book = _books[-1]
            numbered = np.fromiter(map(self._book.__getitem__, values), dtype=np.int32, count=len(values))
        #: the number of each cell's value; the matrices below follow from it
        self.codes: NDArray[np.int32] = numbered.reshape(len(columns), len(rows)).T
        self.numbers: NDArray[np.bool_] = _by_code(self._book.shows_number, np.bool_, self.codes)
        texts = _by_code(self._book.shows_text, np.bool_, self.codes)
        #: rows that show text and no number
        self.label_rows: list[bool] = np.logical_and(texts.any(axis=1), ~self.numbers.any(axis=1)).tolist()

    @property
    def cells(self) -> Sequence[Cell]:
        """What values say, by their number."""
        return self._book.cells

    def have(self, trait: Trait, codes: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Which of some cells, given by their codes, show a text that has a trait."""
        return _by_code(self._book.trait(trait), np.bool_, codes)

    def rows_with(self, trait: Trait) -> list[int]:
        """The rows in which a text has a trait."""
        return np.flatnonzero(np.any(self.have(trait, self.codes), axis=1)).tolist()

    def row(self, row: int) -> list[Cell]:
        """What the cells of a row say."""
        return list(map(self._book.cells.__getitem__, self.codes[row].tolist()))

    def counts(
        self, rows: NDArray[np.intp], columns: Sequence[int]
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.bool_]]:
        """Of some rows and columns: how many dossiers (0 where a cell is no number), which say so, which say another
        thing.
        """
        codes = self.codes.take(rows, axis=0).take(np.array(columns, dtype=np.intp), axis=1)
        kinds = _by_code(self._book.kinds, np.uint8, codes)
        return _by_code(self._book.counts, np.int64, codes), kinds == _OK, kinds == _BROKEN


def _by_code(table: bytearray | array[int], kind: type[_Kind], codes: NDArray[np.int32]) -> NDArray[_Kind]:
    # no view of the table is kept: as long as one stands, the book cannot grow
    with _one_at_a_time:
        found: NDArray[_Kind] = np.frombuffer(table, dtype=kind).take(codes)
    return found
