"""Hidden content of an .xls file, from its records (MS-XLS; BIFF8 and BIFF5). The counterpart of `xlsx_hidden`.

python-calamine returns '' for an error cell and for a formula without a value, and 0 for a formula that the portal's
program wrote and that was never calculated. Only the records that describe such cells, hidden rows and columns, and
looks that show something else than a cell holds are read. Which part of a rich text is struck is not read.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.extract.containers.cell_looks import PLAIN, CellLook, look_of, misread_number, misread_text
from pipeline.extract.containers.compound_file import workbook_stream
from pipeline.extract.containers.hidden_content import MAX_COLUMNS, HiddenContent
from pipeline.extract.containers.number_formats import BUILT_IN_CODES
from pipeline.extract.sheet.grid import CellAddress, MisreadCell, UnreadableError

#: record types: BOF, EOF, XF, Format, Font, BoundSheet8
_BOF, _EOF, _STYLE, _FORMAT, _FONT, _SHEET = 0x0809, 0x000A, 0x00E0, 0x041E, 0x0031, 0x0085
#: Number, RK, MulRk, BoolErr, Formula, String
_NUMBER, _RK, _MANY_RK, _BOOL_OR_ERROR, _FORMULA, _STRING = 0x0203, 0x027E, 0x00BD, 0x0205, 0x0006, 0x0207
#: LabelSst, Label, RString
_SHARED_TEXT, _TEXT, _RICH_TEXT = 0x00FD, 0x0204, 0x00D6
#: CondFmt and CF, CondFmt12 and CF12: a conditional format and its rules; the latter two begin with 12 bytes more
_CONDITION, _RULE, _CONDITION_12, _RULE_12, _FUTURE_HEADER = 0x01B0, 0x01B1, 0x0879, 0x087A, 12
#: parts of a rule (DXFN): its number format, its font; flags of a struck font: in Font, in DXFFntD
_HAS_NUMBER, _HAS_FONT, _STRUCK, _STRUCK_BY_RULE = 0x02000000, 0x04000000, 0x08, 0x80
#: Row, ColInfo
_ROW, _COLUMNS = 0x0208, 0x007D
#: error codes (BErr)
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
#: type and size of a record; row, column and style of a cell
_HEAD, _CELL, _AREA = struct.Struct("<HH"), struct.Struct("<HHH"), struct.Struct("<HHHH")
_DOUBLE, _LONG = struct.Struct("<d"), struct.Struct("<I")
#: flags: a formula that is to be calculated on opening (Formula); a hidden row (Row, fDyZero)
_TO_CALCULATE, _ROW_HIDDEN = 0x02, 0x20
#: areas of conditional formats that are told apart; with more of them each holds for the whole sheet
_MOST_AREAS = 200


def hidden_in_xls(data: bytes) -> list[HiddenContent]:
    """The hidden content of every sheet, in the order of the workbook, chart and macro sheets included.

    Raises UnreadableError.
    """
    try:
        stream = workbook_stream(data)
        looks, formats, starts = _globals(stream)
        return [_hidden_in_sheet(stream, start, looks, formats) for start in starts]
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


def _globals(stream: bytes) -> tuple[list[CellLook], Mapping[int, Sequence[str]], list[int]]:
    """(look of each style, codes of each number format, offset of each sheet's substream)."""
    is_biff8, struck, styles, starts = True, list[bool](), list[tuple[int, int]](), list[int]()
    formats = {int(number): [code] for number, code in BUILT_IN_CODES.items()}
    for kind, body in _records(stream, 0):
        if kind == _BOF:
            is_biff8 = body[:2] != b"\x00\x05"
        elif kind == _FORMAT:
            formats.setdefault(_HEAD.unpack_from(body)[0], []).append(_format_code(body, is_biff8))
        elif kind == _FONT:
            struck.append(bool(body[2] & _STRUCK))
        elif kind == _STYLE:
            styles.append(_HEAD.unpack_from(body))
        elif kind == _SHEET:
            starts.append(_LONG.unpack_from(body)[0])
    looks = {style: _look_of_style(*style, formats, struck) for style in set(styles)}
    return [looks[style] for style in styles], formats, starts


def _look_of_style(
    font: int, number_format: int, formats: Mapping[int, Sequence[str]], struck: Sequence[bool]
) -> CellLook:
    font -= font > 4  # there is no font 4
    return look_of(*formats.get(number_format, ()), struck=font < len(struck) and struck[font])


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
    """Collects the hidden content of one sheet from its records. `looks`: of each style, from `_globals`."""

    looks: Sequence[CellLook]
    conditions: Sequence[tuple[int, int, int, int, CellLook]] = ()  # first and last row, first and last column
    cells: dict[CellAddress, MisreadCell] = field(default_factory=dict)
    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)

    def look(self, row: int, column: int, style: int) -> CellLook:
        """What may apply to a cell: its style and the conditional formats over it."""
        found = self.looks[style] if style < len(self.looks) else PLAIN
        for top, bottom, left, right, look in self.conditions:
            if top <= row <= bottom and left <= column <= right:
                found += look
        return found

    def add_number(self, row: int, column: int, style: int, value: float) -> None:
        """A number; it is kept where it shows another one."""
        look = self.look(row, column, style)
        misread = misread_number(f"{value:.15g}", look) if look else None
        if misread is not None:
            self.cells[row, column] = misread

    def read_text(self, body: bytes) -> None:
        """A LabelSst, Label or RString record: kept without its text where it shows another one."""
        row, column, style = _CELL.unpack_from(body)
        self.add_text(row, column, style)

    def add_text(self, row: int, column: int, style: int) -> None:
        """A text cell, which is kept where it shows another text."""
        look = self.look(row, column, style)
        misread = misread_text("", look) if look else None
        if misread is not None:
            self.cells[row, column] = misread

    def read_formula(self, body: bytes) -> tuple[int, int, int] | None:
        """A Formula record: kept where its value is an error, absent, or the 0 it was written with.

        Returns row, column and style of the cell whose text has to follow in a String record; None where none has to.
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
            return row, column, style
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
#: of cells whose look matters only where some look is not plain
_READERS_OF_LOOKS = {
    **_READERS,
    **dict.fromkeys((_SHARED_TEXT, _TEXT, _RICH_TEXT), _SheetReader.read_text),
}
#: for a sheet in which no look changes a number
_READERS_WITHOUT_NUMBERS = {kind: _READERS[kind] for kind in (_BOOL_OR_ERROR, _ROW, _COLUMNS)}


def _hidden_in_sheet(
    stream: bytes, start: int, looks: Sequence[CellLook], formats: Mapping[int, Sequence[str]]
) -> HiddenContent:
    """The hidden content of the sheet whose substream begins at `start`."""
    sheet = _SheetReader(looks, _conditions(stream, start, formats))
    readers = _READERS_OF_LOOKS if any(looks) or sheet.conditions else _READERS_WITHOUT_NUMBERS
    waiting: tuple[int, int, int] | None = None  # the cell of a formula whose text is in a later String record
    for kind, body in _records(stream, start):
        if kind == _STRING:
            if waiting is not None and body[:2] != b"\0\0":
                sheet.cells.pop(waiting[:2], None)
                sheet.add_text(*waiting)
            waiting = None
        elif kind == _FORMULA:
            waiting = sheet.read_formula(body)
        elif kind in readers:
            readers[kind](sheet, body)
    return HiddenContent(sheet.cells, frozenset(sheet.rows), frozenset(sheet.columns))


def _conditions(
    stream: bytes, start: int, formats: Mapping[int, Sequence[str]]
) -> Sequence[tuple[int, int, int, int, CellLook]]:
    """The areas of conditional formats that may change what cells show; they stand below the cells."""
    if not any(_HEAD.pack(kind, 0)[:2] in stream for kind in (_CONDITION, _CONDITION_12)):
        return ()
    found: list[tuple[int, int, int, int, CellLook]] = []
    areas: list[tuple[int, int, int, int]] = []
    for kind, body in _records(stream, start):
        if kind in (_CONDITION, _CONDITION_12):
            at = 12 + (_FUTURE_HEADER if kind == _CONDITION_12 else 0)
            areas = [_AREA.unpack_from(body, at + 2 + 8 * i) for i in range(_HEAD.unpack_from(body + b"\0\0", at)[0])]
        elif kind in (_RULE, _RULE_12):
            rule = body[6:] if kind == _RULE else body[_FUTURE_HEADER + 10 :]
            look = _look_of_rule(rule, formats)
            if look:
                found += [(*area, look) for area in areas]
    if len(found) > _MOST_AREAS:
        everywhere = PLAIN
        for look in {look for *_, look in found}:
            everywhere += look
        return ((0, 1 << 16, 0, 1 << 8, everywhere),)
    return found


def _look_of_rule(rule: bytes, formats: Mapping[int, Sequence[str]]) -> CellLook:
    """The look that the differential format of a rule gives (DXFN)."""
    if len(rule) < 6:
        return PLAIN
    flags, at = _LONG.unpack_from(rule)[0], 6
    codes: Sequence[str] = ()
    if flags & _HAS_NUMBER:
        if rule[4] & 1:  # a code of its own
            size = _HEAD.unpack_from(rule, at)[0]
            codes = (_format_code(rule[at : at + size], is_biff8=True),)
            at += size
        else:
            codes, at = formats.get(rule[at + 1], ()), at + 2
    is_struck = bool(flags & _HAS_FONT) and bool(rule[at + 68] & _STRUCK_BY_RULE & ~rule[at + 88])
    return look_of(*codes, struck=is_struck)


def _rk_number(code: int) -> float:
    """The value of an RkNumber: an integer, or the upper half of a double; the lowest bit divides it by a hundred."""
    if code & 2:
        whole = code >> 2
        value = float(whole - (1 << 30) if whole >> 29 else whole)
    else:
        value = _DOUBLE.unpack(b"\0\0\0\0" + _LONG.pack(code & ~3))[0]
    return value / 100 if code & 1 else value
