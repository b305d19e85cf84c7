"""Hidden content of an .xls file, from its records (MS-XLS; BIFF8 and BIFF5). The counterpart of `xlsx_hidden`.

python-calamine returns '' for an error cell and for a formula without a value, and 0 for a formula that the portal's
program wrote and that was never calculated. Only the records that describe such cells and hidden rows and columns are
read.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.extract.containers.compound_file import workbook_stream
from pipeline.extract.containers.hidden_content import MAX_COLUMNS, HiddenContent
from pipeline.extract.containers.number_formats import BUILT_IN_EFFECTS, format_effect, reformatted_number
from pipeline.extract.sheet.grid import CellAddress, MisreadCell, UnreadableError

#: record types: BOF, EOF, XF, Format, BoundSheet8
_BOF, _EOF, _STYLE, _FORMAT, _SHEET = 0x0809, 0x000A, 0x00E0, 0x041E, 0x0085
#: Number, RK, MulRk, BoolErr, Formula, String
_NUMBER, _RK, _MANY_RK, _BOOL_OR_ERROR, _FORMULA, _STRING = 0x0203, 0x027E, 0x00BD, 0x0205, 0x0006, 0x0207
#: Row, ColInfo
_ROW, _COLUMNS = 0x0208, 0x007D
#: error codes (BErr)
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
#: type and size of a record; row, column and style of a cell
_HEAD, _CELL = struct.Struct("<HH"), struct.Struct("<HHH")
_DOUBLE, _LONG = struct.Struct("<d"), struct.Struct("<I")
#: flags: a formula that is to be calculated on opening (Formula); a hidden row (Row, fDyZero)
_TO_CALCULATE, _ROW_HIDDEN = 0x02, 0x20


def hidden_in_xls(data: bytes) -> list[HiddenContent]:
    """The hidden content of every sheet, in the order of the workbook, chart and macro sheets included.

    Raises UnreadableError.
    """
    try:
        stream = workbook_stream(data)
        effects, starts = _globals(stream)
        return [_hidden_in_sheet(stream, start, effects) for start in starts]
    except (struct.error, IndexError, OSError, ValueError, RecursionError) as error:
        raise UnreadableError(
            "file_unreadable", f"không đọc được nội dung bên trong tệp ({type(error).__name__})"
        ) from None


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """(type, content) of the records of the substream that begins at `start`. Nested substreams are skipped."""
    depth = 0
    while start + 4 <= len(stream):
        kind, size = _HEAD.unpack_from(stream, start)
        start += 4 + size
        if kind == _BOF:
            depth += 1
        if depth == 1 and kind != _EOF:
            yield kind, stream[start - size : start]
        if kind == _EOF:
            depth -= 1
            if depth < 1:
                return


def _globals(stream: bytes) -> tuple[list[str], list[int]]:
    """(effect of each style on a number, "" for none; offset of each sheet's substream)."""
    is_biff8, formats, styles, starts = True, dict(BUILT_IN_EFFECTS), list[str](), list[int]()
    for kind, body in _records(stream, 0):
        if kind == _BOF:
            is_biff8 = body[:2] != b"\x00\x05"
        elif kind == _FORMAT:
            formats[str(_HEAD.unpack_from(body)[0])] = format_effect(_format_code(body, is_biff8))
        elif kind == _STYLE:
            styles.append(str(_HEAD.unpack_from(body)[1]))
        elif kind == _SHEET:
            starts.append(_LONG.unpack_from(body)[0])
    return [formats.get(s, "") for s in styles], starts


def _format_code(body: bytes, is_biff8: bool) -> str:
    """The code in a Format record."""
    if not is_biff8:
        return body[3 : 3 + body[2]].decode("cp1252", "replace")
    length, flags = body[2] + 256 * body[3], body[4]
    return (
        body[5 : 5 + 2 * length].decode("utf-16-le", "replace") if flags & 1 else body[5 : 5 + length].decode("latin-1")
    )


@dataclass
class _SheetReader:
    """Collects the hidden content of one sheet from its records. `effects`: of each style, from `_globals`."""

    effects: Sequence[str]
    cells: dict[CellAddress, MisreadCell] = field(default_factory=dict)
    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)

    def add_number(self, row: int, column: int, style: int, value: float) -> None:
        """A number; it is kept where its style shows another one."""
        effect = self.effects[style] if style < len(self.effects) else ""
        if effect:
            self.cells[row, column] = reformatted_number(f"{value:.15g}", effect)

    def read_formula(self, body: bytes) -> CellAddress | None:
        """A Formula record: kept where its value is an error, absent, or the 0 it was written with.

        Returns the cell whose text has to follow in a String record; None where none has to.
        """
        row, column, style = _CELL.unpack_from(body)
        flags = _HEAD.unpack_from(body, 14)[0]
        if body[12:14] != b"\xff\xff":  # FormulaValue: a number
            value = _DOUBLE.unpack_from(body, 6)[0]
            if value == 0 and flags & _TO_CALCULATE:
                self.cells[row, column] = MisreadCell("=…", True)
            else:
                self.add_number(row, column, style, value)
        elif body[6] == 2:  # an error
            self.cells[row, column] = MisreadCell(_ERRORS.get(body[8], "#?"), False)
        elif body[6] != 1:  # neither a truth value: a text, or nothing
            self.cells[row, column] = MisreadCell("=…", True)
            return row, column
        return None

    def read_truth_or_error(self, body: bytes) -> None:
        """A BoolErr record."""
        row, column, _ = _CELL.unpack_from(body)
        if body[7]:
            self.cells[row, column] = MisreadCell(_ERRORS.get(body[6], "#?"), False)

    def read_number(self, body: bytes) -> None:
        """A Number record."""
        row, column, style = _CELL.unpack_from(body)
        self.add_number(row, column, style, _DOUBLE.unpack_from(body, 6)[0])

    def read_rk(self, body: bytes) -> None:
        """An RK record: one number in four bytes."""
        row, column, style = _CELL.unpack_from(body)
        self.add_number(row, column, style, _rk_number(_LONG.unpack_from(body, 6)[0]))

    def read_many_rk(self, body: bytes) -> None:
        """A MulRk record: several numbers side by side."""
        row, first = _HEAD.unpack_from(body)
        for i in range((len(body) - 6) // 6):
            style = _HEAD.unpack_from(body, 4 + 6 * i)[0]
            self.add_number(row, first + i, style, _rk_number(_LONG.unpack_from(body, 6 + 6 * i)[0]))

    def read_row(self, body: bytes) -> None:
        """A Row record: hidden, or of height 0."""
        number, height, flags = (
            _HEAD.unpack_from(body)[0],
            _HEAD.unpack_from(body, 6)[0],
            _HEAD.unpack_from(body, 12)[0],
        )
        if flags & _ROW_HIDDEN or not height:
            self.rows.add(number)

    def read_columns(self, body: bytes) -> None:
        """A ColInfo record: hidden columns, or columns of width 0."""
        first, last = _HEAD.unpack_from(body)
        width, flags = _HEAD.unpack_from(body, 4)[0], _HEAD.unpack_from(body, 8)[0]
        if flags & 1 or not width:
            self.columns.update(range(first, min(last + 1, MAX_COLUMNS)))


_READERS = {
    _NUMBER: _SheetReader.read_number,
    _RK: _SheetReader.read_rk,
    _MANY_RK: _SheetReader.read_many_rk,
    _BOOL_OR_ERROR: _SheetReader.read_truth_or_error,
    _ROW: _SheetReader.read_row,
    _COLUMNS: _SheetReader.read_columns,
}
#: for a workbook in which no style changes a number
_READERS_WITHOUT_NUMBERS = {kind: _READERS[kind] for kind in (_BOOL_OR_ERROR, _ROW, _COLUMNS)}


def _hidden_in_sheet(stream: bytes, start: int, effects: Sequence[str]) -> HiddenContent:
    """The hidden content of the sheet whose substream begins at `start`."""
    sheet = _SheetReader(effects)
    readers = _READERS if any(effects) else _READERS_WITHOUT_NUMBERS
    waiting: CellAddress | None = None  # the cell of a formula whose text is in a later String record
    for kind, body in _records(stream, start):
        if kind == _STRING:
            if waiting is not None and body[:2] != b"\0\0":
                sheet.cells.pop(waiting, None)
            waiting = None
        elif kind == _FORMULA:
            waiting = sheet.read_formula(body)
        elif kind in readers:
            readers[kind](sheet, body)
    return HiddenContent(sheet.cells, frozenset(sheet.rows), frozenset(sheet.columns))


def _rk_number(code: int) -> float:
    """The value of an RkNumber: an integer, or the upper half of a double; the lowest bit divides it by a hundred."""
    if code & 2:
        whole = code >> 2
        value = float(whole - (1 << 30) if whole >> 29 else whole)
    else:
        value = _DOUBLE.unpack(b"\0\0\0\0" + _LONG.pack(code & ~3))[0]
    return value / 100 if code & 1 else value
