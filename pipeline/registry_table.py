"""The registry of units as it is written: a CSV file or an Excel workbook -> texts by column, with their places."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.extract.containers.excel import read_workbook
from pipeline.extract.containers.limits import units
from pipeline.extract.sheet.grid import Grid, UnreadableError, Value, column_letter
from pipeline.publish.csv_cells import plain_text
from pipeline.text import fold, is_too_long, nfc
from schemas.frames import Registry

COLUMNS: Final = list(Registry.to_schema().columns)
#: column -> Vietnamese headings that mean it; the first one is written by the program
HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "unit_id": ("Mã", "Mã đơn vị"),
    "name": ("Tên đơn vị", "Tên", "Đơn vị"),
    "kind": ("Loại",),
    "level": ("Cấp",),
    "parent": ("Trực thuộc", "Thuộc"),
    "aliases": ("Tên khác", "Cách viết khác"),
    "valid_from": ("Có từ ngày", "Từ ngày"),
    "valid_to": ("Đến hết ngày", "Đến ngày"),
    "successor": ("Đơn vị kế tiếp",),
    "formed_from": ("Hình thành từ",),
    "code": ("Mã trên Cổng DVCQG", "Mã cơ quan", "Mã định danh"),
    "note": ("Ghi chú",),
}
#: Vietnamese words for the kinds of rows
KINDS: Final[Mapping[str, str]] = {"đơn vị": "unit", "cấp": "level", "bỏ qua": "ignore"}
#: first bytes of an .xls and of a workbook with a password
_OLE: Final = b"\xd0\xcf\x11\xe0"
_OPTIONAL: Final = frozenset(
    {"parent", "aliases", "valid_from", "valid_to", "successor", "formed_from", "code", "note"}
)
#: columns that hold several names, parted at `;`
_LISTS: Final = frozenset({"aliases", "formed_from"})
_DATES: Final = frozenset({"valid_from", "valid_to"})
#: a date as Excel displays and saves it
_EXCEL_DATE: Final = re.compile(r"^(\d{1,2})/(\d{1,2})/(\d{4})$")
_TOO_LONG: Final = "có ô với nội dung dài bất thường"
#: rows of a sheet in which the headings are looked for
_FIRST_ROWS: Final = 20


class RegistryError(ValueError):
    """A registry that cannot be used. The message is Vietnamese: file, cell or row, fault, what to do."""

    def __init__(self, name: str, what: str, step: str, place: str = "") -> None:
        save = "lưu lại" if name.endswith(".xlsx") else "lưu lại dạng “CSV UTF-8”"
        where = f"{name}, {place}" if place else name
        super().__init__(f"{where}: {what}. Việc cần làm: {step}, {save} rồi chạy lại.")


@dataclass(frozen=True)
class RegistryTable:
    """The filled rows of a registry. `rows`: column of `COLUMNS` -> text; `place`: (row, column) -> `ô B7`."""

    name: str
    rows: Sequence[Mapping[str, str]]
    place: Callable[[int, str], str]


def registry_table(data: bytes, name: str = "") -> RegistryTable:
    """The table in the bytes of a CSV file or a workbook. `name`: of the file, for messages. Raises RegistryError."""
    if data[:4] == _OLE:
        what = "không phải tệp .xlsx (tệp .xls, hoặc tệp có mật khẩu)"
        raise RegistryError(name or "units.xlsx", what, "mở bằng Excel, bỏ mật khẩu, chọn dạng Excel Workbook (.xlsx)")
    if data[:2] == b"PK":
        return _of_workbook(data, name or "units.xlsx")
    return _of_csv(data, name or "units.csv")


def _of_csv(data: bytes, name: str) -> RegistryTable:
    """UTF-8, with or without a byte order mark, delimited by `,` or `;`."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RegistryError(name, "chữ trong tệp không ở dạng UTF-8", "mở tệp, xem lại các tên tiếng Việt") from None
    header = text.split("\n", 1)[0]
    delimiter = "," if header.count(",") >= header.count(";") else ";"
    reader = csv.reader(io.StringIO(text, newline=None), delimiter=delimiter)  # lines may end with CR alone
    try:
        numbered = [(reader.line_num, raw) for raw in reader]
    except csv.Error:
        what = f"dòng {reader.line_num} không đọc được"
        raise RegistryError(name, what, "mở tệp bằng Excel, xem lại dòng này, lưu lại dạng CSV UTF-8") from None
    for line, raw in numbered:
        if any(map(is_too_long, raw)):
            raise RegistryError(name, _TOO_LONG, "rút ngắn nội dung", f"dòng {line}")
    columns = _columns(numbered[0][1] if numbered else [])
    _refuse_missing(columns, name)
    rows, lines = [], []
    for line, raw in numbered[1:]:
        row = {column: _text(_cell(raw[i], column), column) for column, i in columns.items() if i < len(raw)}
        if any(nfc(cell) for cell in raw):
            rows.append({column: row.get(column, "") for column in COLUMNS})
            lines.append(line)
    return RegistryTable(name, rows, lambda row, column: f"dòng {lines[row]}, cột {column}")


def _cell(written: str, column: str) -> str:
    """A cell of the CSV file as text. Names of a list are parted at `;` and read as they are."""
    return written if column in _LISTS else plain_text(written)


def _of_workbook(data: bytes, name: str) -> RegistryTable:
    """The first visible sheet that has the headings."""
    try:
        grids = [grid for grid in read_workbook(name, data) if grid.visible]
        for grid in grids:
            units(grid)
    except UnreadableError as error:
        raise RegistryError(name, error.detail, "mở bằng Excel, kiểm tra tệp") from None
    found = [(grid, row, _columns(_row(grid, row))) for grid in grids for row in _first_rows(grid)]
    if not found:
        raise RegistryError(name, "không có trang tính nào có dữ liệu", "ghi danh mục vào trang đầu")
    grid, head, columns = max(found, key=lambda f: len(set(f[2]) - _OPTIONAL))  # the first of the best
    _refuse_missing(columns, name)
    rows, numbers = [], []
    for number in range(head + 1, grid.height):
        cells = {column: grid.value(number, at) for column, at in columns.items()}
        row = {column: _text(cells.get(column), column) for column in COLUMNS}
        _refuse_misread(grid, number, columns, name)
        if any(row.values()):
            rows.append(row)
            numbers.append(number)
    return RegistryTable(name, rows, lambda row, column: f"ô {_address(numbers[row], columns.get(column, 0))}")


def _first_rows(grid: Grid) -> range:
    return range(grid.top, min(grid.height, grid.top + _FIRST_ROWS))


def _row(grid: Grid, row: int) -> list[str]:
    """The texts of a row from column 0 on."""
    return [grid.text(row, column) for column in range(grid.width)]


def _address(row: int, column: int) -> str:
    return f"{column_letter(column)}{row + 1}"


def _columns(headings: Sequence[str]) -> dict[str, int]:
    """Column of `COLUMNS` -> its position, from the texts of a heading row."""
    known = {fold(word): column for column in COLUMNS for word in (column, *HEADINGS[column])}
    found: dict[str, int] = {}
    for position, heading in enumerate(headings):
        column = known.get(fold(heading))
        if column:
            found.setdefault(column, position)
    return found


def _text(value: Value | str, column: str) -> str:
    if isinstance(value, dt.datetime | dt.date):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = "" if value is None else nfc(value)
    if column == "kind":
        return KINDS.get(fold(text), text)
    if column in _DATES and (day := _EXCEL_DATE.match(text)):
        return f"{day[3]}-{int(day[2]):02d}-{int(day[1]):02d}"
    return text


def _refuse_missing(columns: Mapping[str, int], name: str) -> None:
    missing = [c for c in COLUMNS if c not in columns and c not in _OPTIONAL]
    if missing:
        shown = ", ".join(f"{c} (“{HEADINGS[c][0]}”)" for c in missing)
        step = "ghi đủ tên các cột ở dòng đầu (docs/huong-dan.md, mục Danh mục đơn vị)"
        raise RegistryError(name, f"thiếu cột {shown}", step)


def _refuse_misread(grid: Grid, row: int, columns: Mapping[str, int], name: str) -> None:
    """Raises RegistryError for an Excel error or a formula that was never calculated in a column of the registry."""
    for column in columns.values():
        misread = grid.misread.get((row, column))
        if misread is not None:
            what = misread.why or f"“{misread.text}” không phải giá trị đọc được"
            raise RegistryError(
                name,
                what,
                "ghi thẳng giá trị vào ô này, bỏ định dạng riêng và gạch ngang",
                f"ô {_address(row, column)}",
            )
