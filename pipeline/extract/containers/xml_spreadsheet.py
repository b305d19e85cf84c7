"""XML Spreadsheet 2003 ("SpreadsheetML"), which portals save under the name .xls or .xml, -> grids with true addresses.

The parser is expat. It expands entities only where the file declares them; a file with a document type declaration is
refused before it is parsed. Cells that Excel would show otherwise than they are stored are kept as `Grid.misread`, as
for .xlsx (`xlsx_hidden`). Format: Microsoft, "XML Spreadsheet Reference" (Office XP and 2003).
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING
from xml.etree import ElementTree as PlainTree

from pipeline.extract.containers.cell_looks import Part, misread_number, misread_text
from pipeline.extract.containers.excel import MAX_ALL_MERGED, MAX_CELLS
from pipeline.extract.containers.hidden_content import MAX_COLUMNS
from pipeline.extract.containers.text_encoding import decode_xml
from pipeline.extract.containers.xml_spreadsheet_styles import CellStyles
from pipeline.extract.sheet.grid import CellAddress, Grid, MergedRange, MisreadCell, UnreadableError, Value
from pipeline.text import nfc

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

NAMESPACE = "urn:schemas-microsoft-com:office:spreadsheet"
#: rows of a worksheet (Excel 2007 and later)
MAX_ROWS = 1_048_576
_SS = f"{{{NAMESPACE}}}"
_VISIBLE = "{urn:schemas-microsoft-com:office:excel}Visible"
#: the format of a conditional format's rule; it has no number format
_CONDITION = "{urn:schemas-microsoft-com:office:excel}Format"
_CONDITION_STYLE = "{urn:schemas-microsoft-com:office:excel}Style"
_SAVE_AGAIN = "mở bằng Excel rồi lưu lại dạng .xlsx"
#: attributes that Excel reads with their namespace only; a program that forgot it meant another place than Excel shows
_PLACING = frozenset(("Index", "MergeAcross", "MergeDown", "Span", "Hidden", "Formula", "Type", "StyleID"))
_NUMBER = re.compile(r"[+-]?(?:\d++(?:\.\d*+)?|\.\d++)(?:[eE][+-]?\d{1,3})?")
_INDEX = re.compile(r"\d{1,7}")
_ZERO_SIZE = re.compile(r"0+(?:\.0*)?")
#: the day 0 of Excel's dates, and the first number beyond them
_EPOCH, _LAST_SERIAL = dt.datetime(1899, 12, 30), 2_958_466
#: characters of a cell's text that are kept beside its value
_LONGEST_SHOWN = 60
#: elements of rich text whose text is no part of the number beside it: a footnote mark, a struck-out digit
_STRIKING = frozenset(("s", "strike", "del"))
_SET_APART = _STRIKING | {"sup", "sub"}


def read_xml_spreadsheet(name: str, data: bytes) -> list[Grid]:
    """All worksheets of the file, hidden ones included (`visible` False).

    Raises UnreadableError for a file that is cut short, damaged, too large, or not openable by Excel.
    """
    text = decode_xml(data)
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise UnreadableError("file_unreadable", f"tệp XML có khai báo kiểu tài liệu (DOCTYPE); {_SAVE_AGAIN}")
    workbook = _Workbook(name)
    try:
        for event, element in PlainTree.iterparse(io.BytesIO(text.encode("utf-8")), events=("start", "end")):
            if event == "start":
                workbook.start(element)
            else:
                workbook.end(element)
    except (PlainTree.ParseError, UnicodeEncodeError):
        raise UnreadableError("file_unreadable", "tệp XML bị cắt cụt hoặc hỏng; tải lại tệp") from None
    return workbook.grids


class _Workbook:
    """Takes the elements of the file one by one and drops each row once it is read, so that memory stays bounded."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.grids: list[Grid] = []
        self.styles = CellStyles(())
        self._sheet: _Sheet | None = None
        self._table: Element | None = None
        self._tables = 0

    def start(self, element: Element) -> None:
        if element.tag == f"{_SS}Worksheet":
            title = nfc(element.get(f"{_SS}Name", ""))
            if self._sheet is not None or any(g.sheet == title for g in self.grids):
                raise UnreadableError("file_unreadable", f"trong tệp có hai trang cùng tên; {_SAVE_AGAIN}")
            self._sheet, self._tables = _Sheet(title, self.styles), 0
        elif element.tag == f"{_SS}Styles" and (self.grids or self._sheet):
            raise UnreadableError("file_unreadable", f"các phần của tệp không ở chỗ quen thuộc; {_SAVE_AGAIN}")
        elif element.tag == f"{_SS}Table" and self._sheet is not None:
            self._tables += 1
            if self._tables > 1 or not {element.get(f"{_SS}{a}", "1") for a in ("TopCell", "LeftCell")} <= {"1"}:
                raise UnreadableError("file_unreadable", f"bảng của một trang không ở chỗ quen thuộc; {_SAVE_AGAIN}")
            self._table = element
            self._sheet.style = element.get(f"{_SS}StyleID", "")

    def end(self, element: Element) -> None:
        tag, sheet = element.tag, self._sheet
        if tag == f"{_SS}Styles":
            self.styles = CellStyles(element)
        elif sheet is None:
            return
        elif tag == f"{_SS}Worksheet":
            self.grids.append(sheet.grid(self.name))
            self._sheet = None
            element.clear()
        elif tag == f"{_SS}Table":
            self._table = None
        elif tag == _CONDITION and "line-through" in element.get(_CONDITION_STYLE, element.get("Style", "")).casefold():
            raise UnreadableError("file_unreadable", f"định dạng có điều kiện gạch ngang chữ; {_SAVE_AGAIN}")
        elif tag == _VISIBLE:
            sheet.visible = (element.text or "").strip() not in ("SheetHidden", "SheetVeryHidden")
        elif self._table is not None and tag == f"{_SS}Row":
            sheet.add_row(element)
            self._table.clear()
        elif self._table is not None and tag == f"{_SS}Column":
            sheet.add_column(element)


class _Sheet:
    """One worksheet: its cells, merged ranges and hidden content so far. All numbers count from 0."""

    def __init__(self, title: str, styles: CellStyles) -> None:
        self.title, self.styles = title, styles
        self.style = ""  # of the whole table
        self.visible = True
        self.rows: list[list[Value]] = []
        self.merges: list[MergedRange] = []
        self.misread: dict[CellAddress, MisreadCell] = {}
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self._column_styles: dict[int, str] = {}
        self._next_row = self._next_column = 0
        self._cells = 0

    def add_column(self, column: Element) -> None:
        """The style and the hiding of a `Column` element, which may stand for several columns (`ss:Span`)."""
        first = _place(column, self._next_column, MAX_COLUMNS)
        self._next_column = min(first + _number(column, "Span") + 1, MAX_COLUMNS)
        style = column.get(f"{_SS}StyleID", "")
        for index in range(first, self._next_column):
            if style:
                self._column_styles[index] = style
            if _is_hidden(column, "Width"):
                self.hidden_columns.add(index)

    def add_row(self, row: Element) -> None:
        """The cells of a `Row` element; it may stand for several rows without cells (`ss:Span`)."""
        index = _place(row, self._next_row, MAX_ROWS)
        self._next_row = min(index + _number(row, "Span") + 1, MAX_ROWS)
        if _is_hidden(row, "Height"):
            self.hidden_rows.update(range(index, self._next_row))
        values: list[Value] = []
        column = 0
        for cell in row:
            if cell.tag != f"{_SS}Cell":
                raise UnreadableError("file_unreadable", f"trong dòng {index + 1} có phần không phải ô; {_SAVE_AGAIN}")
            column = _place(cell, column, MAX_COLUMNS)
            value = self._value(cell, row, (index, column))
            if value is not None:
                self._cells += column + 1 - len(values)
                if self._cells > MAX_CELLS:
                    raise UnreadableError("file_too_large", "tệp có quá nhiều ô")
                values += [None] * (column - len(values))
                values.append(value)
            across, down = _number(cell, "MergeAcross"), _number(cell, "MergeDown")
            if across or down:
                bottom, right = min(index + down, MAX_ROWS - 1), min(column + across, MAX_COLUMNS - 1)
                self.merges.append(((index, column), (bottom, right)))
            column += across + 1
        if values:
            self.rows += [[] for _ in range(index - len(self.rows))]
            self.rows.append(values)

    def _value(self, cell: Element, row: Element, at: CellAddress) -> Value:
        """The value of a cell; None where it has none. A cell that Excel shows otherwise is noted in `misread`."""
        formula = cell.get(f"{_SS}Formula", "")
        data = cell.find(f"{_SS}Data")
        kind = data.get(f"{_SS}Type", "String") if data is not None else ""
        text = "" if data is None else _text(data) if kind == "String" else "".join(data.itertext()).strip()
        if data is not None and not _PLACING.isdisjoint(data.keys()):
            raise _unplaced("Type")
        style = self._style_of(cell, row, at[1])
        look = self.styles.look(style)
        value: Value = None
        misread: MisreadCell | None = None
        if formula and (not text or (kind == "Number" and _NUMBER.fullmatch(text) and not float(text))):
            # programs that cannot calculate leave the value out or write 0; Excel calculates it on opening
            misread = MisreadCell(nfc(formula), True)
        elif kind == "Number" and _NUMBER.fullmatch(text):
            value = float(text)
            misread = misread_number(text, look)
            if misread is None and self.styles.shows_dates(style) and (day := _moment_of_serial(value)) is not None:
                value = day
        elif kind == "Boolean" and text in ("0", "1"):
            value = text == "1"
        elif kind == "DateTime" and (moment := _moment(text)) is not None:
            value = moment
            odd = misread_number("1", look) if look.struck or self.styles.shows_dates(style) else None
            misread = replace(odd, text=text) if odd is not None else None
        elif kind == "String":
            value = text or None
            part: Part = "struck" if data is not None and _has_struck_part(data) else ""
            misread = misread_text(nfc(text)[:_LONGEST_SHOWN], look, part) if value is not None else None
        elif text or kind == "Error":
            misread = MisreadCell(nfc(text) or "#?", False)
        if misread is not None:
            self.misread[at] = misread
            value = (
                "" if value is None else value
            )  # the row is as long as its last cell, even where that shows an error
        return value

    def _style_of(self, cell: Element, row: Element, column: int) -> str:
        """The nearest style: of the cell, its row, its column, the table."""
        own = cell.get(f"{_SS}StyleID") or row.get(f"{_SS}StyleID")
        return own or self._column_styles.get(column) or self.style

    def grid(self, name: str) -> Grid:
        """The sheet as a grid. Raises UnreadableError where a merged range covers filled cells or is too large."""
        self._check_merges()
        width = max(map(len, self.rows), default=0)
        return Grid(
            name,
            self.title,
            self.rows,
            visible=self.visible,
            merges=tuple(self.merges),
            misread=self.misread,
            hidden_rows=frozenset(r for r in self.hidden_rows if r < len(self.rows) and self.rows[r]),
            hidden_columns=frozenset(c for c in self.hidden_columns if c < width),
        )

    def _check_merges(self) -> None:
        """Excel does not open a file in which merged ranges overlap or cover a filled cell."""
        covered: set[CellAddress] = set()
        for (top, left), (bottom, right) in self.merges:
            # below the last row there is nothing to cover
            rows = range(top, min(bottom, len(self.rows)) + 1)
            if len(covered) + len(rows) * (right - left + 1) > MAX_ALL_MERGED:
                raise UnreadableError("file_too_large", "bảng gộp ô bất thường")
            inside = {(r, c) for r in rows for c in range(left, right + 1)}
            if not covered.isdisjoint(inside):
                raise UnreadableError("file_unreadable", f"trong tệp có ô gộp chồng lên nhau; {_SAVE_AGAIN}")
            covered |= inside
            for r in rows:
                filled = self.rows[r][left : right + 1] if r < len(self.rows) else []
                if any(v not in (None, "") for v in filled[r == top :]):
                    raise UnreadableError("file_unreadable", f"có số liệu nằm dưới ô gộp ở dòng {r + 1}; {_SAVE_AGAIN}")


def _place(element: Element, following: int, most: int) -> int:
    """The position of a row, column or cell: `ss:Index`, else the one after the element before it."""
    if not _PLACING.isdisjoint(element.keys()):
        raise _unplaced(sorted(_PLACING.intersection(element.keys()))[0])
    index = _number(element, "Index", following + 1) - 1
    if not following <= index < most:
        raise UnreadableError(
            "file_unreadable", f"các ô trong tệp XML chồng lên nhau hoặc ở ngoài trang; {_SAVE_AGAIN}"
        )
    return index


def _number(element: Element, attribute: str, default: int = 0) -> int:
    written = element.get(f"{_SS}{attribute}")
    if written is None:
        return default
    if not _INDEX.fullmatch(written.strip()):
        raise UnreadableError("file_unreadable", f"tệp XML bị hỏng (thuộc tính {attribute} không ghi số); tải lại tệp")
    return int(written)


def _unplaced(attribute: str) -> UnreadableError:
    return UnreadableError("file_unreadable", f"tệp XML ghi thuộc tính {attribute} thiếu tiền tố ss:; {_SAVE_AGAIN}")


def _is_hidden(element: Element, size: str) -> bool:
    """Whether a row or column is hidden, or of height or width 0."""
    zero = _ZERO_SIZE.fullmatch(element.get(f"{_SS}{size}", "").strip())
    return element.get(f"{_SS}Hidden", "").strip() in ("1", "true") or zero is not None


def _text(data: Element) -> str:
    """The text of a cell. A raised, lowered or struck-out part of rich text is a line of its own."""
    if not len(data):
        return data.text or ""
    return "".join(_pieces(data))


def _pieces(element: Element) -> Iterable[str]:
    yield element.text or ""
    for part in element:
        apart = "\n" if part.tag.rpartition("}")[2].casefold() in _SET_APART else ""
        yield apart
        yield from _pieces(part)
        yield apart + (part.tail or "")


def _has_struck_part(data: Element) -> bool:
    """Whether a part of rich text, with a visible text, is struck."""
    parts = (e for e in data.iter() if e.tag.rpartition("}")[2].casefold() in _STRIKING)
    return any("".join(part.itertext()).strip() for part in parts)


def _moment_of_serial(number: float) -> dt.datetime | None:
    """The date that Excel shows for a number; None for one that it shows no date for."""
    return _EPOCH + dt.timedelta(days=number) if 1 <= number < _LAST_SERIAL else None


def _moment(text: str) -> dt.datetime | dt.time | None:
    """A date, or the time of day where Excel stores no date with it (31/12/1899); None for any other text."""
    try:
        moment = dt.datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None
    return moment if moment.year > 1899 else moment.time()
