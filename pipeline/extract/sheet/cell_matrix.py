"""Interns the distinct cell values of a sheet so that checks over columns run vectorised.

The same numbers, names and labels occur in every sheet of a period. Each distinct value gets a code when it first
occurs, and its text and its count (`cell_values.see`) are computed at that moment only. A sheet is then a NumPy matrix
of codes, and a check over the whole sheet is a table look-up by code.

NumPy is imported here. The limited worker process, which opens files, must not import this module.
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

#: distinct values of one value table, and characters of their texts; beyond either the next sheet starts a new table
_MAX_VALUES, _MAX_CHARACTERS = 1 << 16, 1 << 22
_KEYED_BY_VALUE = frozenset((float, str, type(None)))
_OK, _BLANK, _NOT_A_COUNT = 0, 1, 2
_KIND_CODES = {"ok": _OK, "blank": _BLANK}
_Scalar = TypeVar("_Scalar", bound=np.generic)


class TextPredicate:
    """A yes-or-no question about a text that does not depend on the sheet. Its answers are kept for each value."""

    def __init__(self, holds: Callable[[str], bool]) -> None:
        self.holds = holds


class _ValueTable(dict[object, int]):
    """Distinct cell value -> its code; the other attributes are indexed by that code. Code 0 is the blank cell."""

    def __init__(self) -> None:
        super().__init__({None: 0, "": 0})
        self.cells: list[Cell] = [BLANK]
        self.characters = 0
        self.shows_number = bytearray(1)
        self.shows_text = bytearray(1)
        self.kinds = bytearray((_BLANK,))
        self.counts = array("q", (0,))
        self._answers: dict[TextPredicate, bytearray] = {}

    def __missing__(self, value: object) -> int:
        # a value that is neither text nor a float is keyed with its type: True and 1.0 are equal keys
        cell = see(value[1] if isinstance(value, tuple) else value)  # type: ignore[arg-type]
        self.cells.append(cell)
        self.characters += len(cell.text)
        self.shows_number.append(cell.number)
        self.shows_text.append(bool(cell.text))
        self.kinds.append(_KIND_CODES.get(cell.counted.kind, _NOT_A_COUNT))
        self.counts.append(cell.counted.value)
        self[value] = code = len(self.cells) - 1
        return code

    def answers(self, predicate: TextPredicate) -> bytearray:
        """By code: 1 where the value is a text (not blank) for which the predicate holds."""
        with _lock:
            known = self._answers.setdefault(predicate, bytearray())
            known.extend([bool(c.text) and predicate.holds(c.text) for c in self.cells[len(known) :]])
            return known

    @property
    def full(self) -> bool:
        """Whether the next sheet should start a new table."""
        return len(self) > _MAX_VALUES or self.characters > _MAX_CHARACTERS


_current = [_ValueTable()]  # the table that new sheets extend; always one element
_lock = threading.Lock()  # two runs may read in two threads of one process


class CellMatrix:
    """The cells of a sheet as matrices of shape (rows, columns). Short rows are filled with blanks to the widest."""

    def __init__(self, rows: Sequence[Sequence[Value]]) -> None:
        columns = list(itertools.zip_longest(*rows))
        values: list[object] = list(itertools.chain.from_iterable(columns))
        if not _KEYED_BY_VALUE.issuperset(map(type, values)):
            values = [v if type(v) in _KEYED_BY_VALUE else (type(v), v) for v in values]
        with _lock:
            if _current[-1].full:
                _current[:] = [_ValueTable()]
            self._table = _current[-1]
            try:
                codes = np.fromiter(map(self._table.__getitem__, values), dtype=np.int32, count=len(values))
            except BaseException:  # a time limit or Ctrl-C between the lines of `__missing__`
                _current[:] = [_ValueTable()]
                raise
        #: the code of each cell's value
        self.codes: NDArray[np.int32] = codes.reshape(len(columns), len(rows)).T
        #: which cells show a number
        self.numbers: NDArray[np.bool_] = _look_up(self._table.shows_number, np.bool_, self.codes)
        texts = _look_up(self._table.shows_text, np.bool_, self.codes)
        #: of each row: whether it shows text and no number
        self.label_rows: list[bool] = np.logical_and(texts.any(axis=1), ~self.numbers.any(axis=1)).tolist()

    @property
    def cells(self) -> Sequence[Cell]:
        """The cell contents, indexed by code."""
        return self._table.cells

    def matches(self, predicate: TextPredicate, codes: NDArray[np.int32]) -> NDArray[np.bool_]:
        """For cells given by their codes: which of them show a text for which the predicate holds. Shape of `codes`."""
        return _look_up(self._table.answers(predicate), np.bool_, codes)

    def rows_with(self, predicate: TextPredicate) -> list[int]:
        """The rows, from 0, with a text for which the predicate holds."""
        return np.flatnonzero(np.any(self.matches(predicate, self.codes), axis=1)).tolist()

    def row(self, row: int) -> list[Cell]:
        """The cells of one row."""
        return list(map(self._table.cells.__getitem__, self.codes[row].tolist()))

    def counts(
        self, rows: NDArray[np.intp], columns: Sequence[int]
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.bool_]]:
        """Of some rows and columns, three matrices of shape (rows, columns).

        The number of dossiers (0 where the cell holds none); which cells hold one; which cells hold something that is
        neither a number of dossiers nor blank.
        """
        codes = self.codes.take(rows, axis=0).take(np.array(columns, dtype=np.intp), axis=1)
        kinds = _look_up(self._table.kinds, np.uint8, codes)
        return _look_up(self._table.counts, np.int64, codes), kinds == _OK, kinds == _NOT_A_COUNT


def _look_up(by_code: bytearray | array[int], dtype: type[_Scalar], codes: NDArray[np.int32]) -> NDArray[_Scalar]:
    # no view of the buffer may outlive this call: a bytearray with an exported view cannot grow
    with _lock:
        found: NDArray[_Scalar] = np.frombuffer(by_code, dtype=dtype).take(codes)
    return found
