"""What python-calamine hides of an .xls, from its records: the same as `sheet_xml.py` finds in a workbook of XML.

Error cells and formulas without a value come back as '', a formula that the portal's program wrote and nobody ever
calculated as 0. olefile opens the container; of its records only the few that say such things are looked at.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import olefile

from pipeline.extract.containers.number_formats import BUILT_IN, as_shown, oddity
from pipeline.extract.containers.xlsx_hidden import MAX_COLUMNS, Inside
from pipeline.extract.sheet.grid import Hidden, UnreadableError

#: the streams of a workbook, in the order in which the reader library looks for them
_STREAMS = ("Workbook", "Book", "WORKBOOK", "BOOK")
#: what other programs keep in such a container -> what it is called
_OTHERS = {
    "encryptedpackage": "",
    "worddocument": "văn bản Word (.doc)",
    "powerpoint document": "trình chiếu PowerPoint (.ppt)",
    "__properties_version1.0": "thư điện tử Outlook (.msg)",
    "visiodocument": "bản vẽ Visio",
}
_ENTRY = 128  # bytes of a directory entry, its name first, the length of the name at 64
_BOF, _EOF, _STYLE, _FORMAT, _SHEET = 0x0809, 0x000A, 0x00E0, 0x041E, 0x0085
_NUMBER, _RK, _MANY_RK, _BOOL_OR_ERROR, _FORMULA, _STRING = 0x0203, 0x027E, 0x00BD, 0x0205, 0x0006, 0x0207
_ROW, _COLUMNS = 0x0208, 0x007D
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_HEAD, _PLACE = struct.Struct("<HH"), struct.Struct("<HHH")
_DOUBLE, _LONG = struct.Struct("<d"), struct.Struct("<I")
_TO_CALCULATE, _ROW_UNSEEN = 0x02, 0x20


def look_inside_biff(data: bytes) -> list[Inside]:
    """What every sheet hides, charts and macros included, in the order of the workbook. Raises UnreadableError."""
    try:
        stream = _stream(data)
        codes, starts = _globals(stream)
        return [_inside(stream, start, codes) for start in starts]
    except (struct.error, IndexError, OSError, ValueError, RecursionError) as error:
        raise UnreadableError(
            "file_unreadable", f"không đọc được nội dung bên trong tệp ({type(error).__name__})"
        ) from None


def refuse_others(data: bytes) -> None:
    """Raises UnreadableError for what Office keeps in the same container and is no workbook."""
    names = {name.casefold() for name in _names(data)}
    if any(s.casefold() in names for s in _STREAMS):
        return
    for name, kind in _OTHERS.items():
        if name in names and not kind:
            raise UnreadableError("file_encrypted", "tệp đặt mật khẩu")
        if name in names:
            raise UnreadableError("file_unreadable", f"đây là {kind}, không phải bảng tính")


def _names(data: bytes) -> list[str]:
    """The names of all entries, in the order in which they are stored, deleted ones too."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            container.directory_fp.seek(0)
            raw = container.directory_fp.read()
    except (OSError, ValueError, struct.error, RecursionError, IndexError):
        return []
    entries = (raw[i : i + _ENTRY] for i in range(0, len(raw) - _ENTRY + 1, _ENTRY))
    return [e[: max(min(e[64], 64) - 2, 0)].decode("utf-16-le", "replace") for e in entries]


def _stream(data: bytes) -> bytes:
    """The stream of the workbook itself. Raises UnreadableError where the reader library may read another one."""
    names = _names(data)
    name = next((s for s in _STREAMS if s in names), "")
    with olefile.OleFileIO(io.BytesIO(data)) as container:
        own = next((e.sid for e in container.root.kids if e.name == name), -1)
        if not name or own != names.index(name):
            raise UnreadableError(
                "file_unreadable", "trong tệp có bảng tính khác được nhúng; mở bằng Excel rồi lưu lại dạng .xlsx"
            )
        stream: bytes = container.openstream(name).read()
    return stream


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """(kind, content) of the records of the substream that begins at `start`, those of what lies inside it left out."""
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
    """(of each style what it does to a number, "" for nothing; where each sheet begins)."""
    wide, formats, styles, starts = True, dict(BUILT_IN), list[str](), list[int]()
    for kind, body in _records(stream, 0):
        if kind == _BOF:
            wide = body[:2] != b"\x00\x05"
        elif kind == _FORMAT:
            formats[str(_HEAD.unpack_from(body)[0])] = oddity(_text(body, wide))
        elif kind == _STYLE:
            styles.append(str(_HEAD.unpack_from(body)[1]))
        elif kind == _SHEET:
            starts.append(_LONG.unpack_from(body)[0])
    return [formats.get(s, "") for s in styles], starts


def _text(body: bytes, wide: bool) -> str:
    """The code of a number format."""
    if not wide:
        return body[3 : 3 + body[2]].decode("cp1252", "replace")
    length, flags = body[2] + 256 * body[3], body[4]
    return (
        body[5 : 5 + 2 * length].decode("utf-16-le", "replace") if flags & 1 else body[5 : 5 + length].decode("latin-1")
    )


@dataclass
class _Sheet:
    codes: Sequence[str]
    cells: dict[tuple[int, int], Hidden] = field(default_factory=dict)
    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)

    def number(self, row: int, column: int, style: int, value: float) -> None:
        """A number whose style shows another one."""
        kind = self.codes[style] if style < len(self.codes) else ""
        if kind:
            self.cells[row, column] = as_shown(f"{value:.15g}", kind)


def _inside(stream: bytes, start: int, codes: Sequence[str]) -> Inside:
    sheet = _Sheet(codes)
    read = _READ if any(codes) else _WITHOUT_NUMBERS
    waiting: tuple[int, int] | None = None  # a formula whose text is in a record that comes later
    for kind, body in _records(stream, start):
        if kind == _STRING:
            if waiting is not None and body[:2] != b"\0\0":
                sheet.cells.pop(waiting, None)
            waiting = None
        elif kind == _FORMULA:
            waiting = _formula(body, sheet)
        elif kind in read:
            read[kind](body, sheet)
    return Inside(sheet.cells, frozenset(sheet.rows), frozenset(sheet.columns))


def _formula(body: bytes, sheet: _Sheet) -> tuple[int, int] | None:
    """Note a formula that holds an error, nothing, or the 0 it was made with; its place where a text has to follow."""
    row, column, style = _PLACE.unpack_from(body)
    flags = _HEAD.unpack_from(body, 14)[0]
    if body[12:14] != b"\xff\xff":
        value = _DOUBLE.unpack_from(body, 6)[0]
        if value == 0 and flags & _TO_CALCULATE:
            sheet.cells[row, column] = Hidden("=…", True)
        else:
            sheet.number(row, column, style, value)
    elif body[6] == 2:
        sheet.cells[row, column] = Hidden(_ERRORS.get(body[8], "#?"), False)
    elif body[6] != 1:  # no truth: a text, or nothing
        sheet.cells[row, column] = Hidden("=…", True)
        return row, column
    return None


def _truth_or_error(body: bytes, sheet: _Sheet) -> None:
    row, column, _ = _PLACE.unpack_from(body)
    if body[7]:
        sheet.cells[row, column] = Hidden(_ERRORS.get(body[6], "#?"), False)


def _number(body: bytes, sheet: _Sheet) -> None:
    row, column, style = _PLACE.unpack_from(body)
    sheet.number(row, column, style, _DOUBLE.unpack_from(body, 6)[0])


def _rk(body: bytes, sheet: _Sheet) -> None:
    row, column, style = _PLACE.unpack_from(body)
    sheet.number(row, column, style, _packed(_LONG.unpack_from(body, 6)[0]))


def _many_rk(body: bytes, sheet: _Sheet) -> None:
    row, first = _HEAD.unpack_from(body)
    for place in range((len(body) - 6) // 6):
        style = _HEAD.unpack_from(body, 4 + 6 * place)[0]
        sheet.number(row, first + place, style, _packed(_LONG.unpack_from(body, 6 + 6 * place)[0]))


def _packed(code: int) -> float:
    """A number in four bytes: a whole one or the upper half of a float, either perhaps times a hundred."""
    if code & 2:
        whole = code >> 2
        value = float(whole - (1 << 30) if whole >> 29 else whole)
    else:
        value = _DOUBLE.unpack(b"\0\0\0\0" + _LONG.pack(code & ~3))[0]
    return value / 100 if code & 1 else value


def _row(body: bytes, sheet: _Sheet) -> None:
    number, height, flags = _HEAD.unpack_from(body)[0], _HEAD.unpack_from(body, 6)[0], _HEAD.unpack_from(body, 12)[0]
    if flags & _ROW_UNSEEN or not height:
        sheet.rows.add(number)


def _columns(body: bytes, sheet: _Sheet) -> None:
    first, last = _HEAD.unpack_from(body)
    width, flags = _HEAD.unpack_from(body, 4)[0], _HEAD.unpack_from(body, 8)[0]
    if flags & 1 or not width:
        sheet.columns.update(range(first, min(last + 1, MAX_COLUMNS)))


_READ = {
    _NUMBER: _number,
    _RK: _rk,
    _MANY_RK: _many_rk,
    _BOOL_OR_ERROR: _truth_or_error,
    _ROW: _row,
    _COLUMNS: _columns,
}
_WITHOUT_NUMBERS = {kind: _READ[kind] for kind in (_BOOL_OR_ERROR, _ROW, _COLUMNS)}
