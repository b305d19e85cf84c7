"""HTML pages, which portals save under the name .xls, -> grids (HTML Living Standard, tables).

All visible tables of a page make one grid: one table below the other, the text before each as title rows. Tables that
the page does not show make a second grid, which is marked hidden. `rowspan` and `colspan` become merged ranges, as in a
workbook, so that one recogniser serves both. Nothing is fetched, no script is run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree, html

from pipeline.extract.containers.csv_text import MAX_CELLS
from pipeline.extract.containers.html_cells import INLINE, SKIPPED, cell_text, misread_cell, text_lines
from pipeline.extract.containers.html_styles import PageStyles
from pipeline.extract.containers.text_encoding import decode_text
from pipeline.extract.sheet.grid import CellAddress, Grid, MergedRange, MisreadCell, UnreadableError, Value
from pipeline.extract.sheet.numbers import NOT_SHOWN
from pipeline.text import nfc

#: rows or columns that one cell can span; a larger number in the page is cut
MAX_SPAN = 2_000
#: cells of the largest merged range
MAX_MERGED_CELLS = 100_000
_OPENED, _CLOSED = re.compile(r"<table\b", re.IGNORECASE), re.compile(r"</table\b", re.IGNORECASE)
_END_OF_PAGE = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)
#: comments, scripts and style sheets
_NO_CONTENT = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_CELL = re.compile(r"<t[dh]\b", re.IGNORECASE)
_TEXT_OUTSIDE_CELLS = "trang HTML bị hỏng (có chữ hoặc số nằm ngoài ô của bảng); tải lại tệp"


def read_html(name: str, data: bytes) -> list[Grid]:
    """The grid of all visible tables, and a hidden grid of the others.

    Raises UnreadableError for a page without a table, and for a page that is cut short or damaged: no cell of a table
    may be lost without notice.
    """
    text = decode_text(data)
    if len(_OPENED.findall(text)) > len(_CLOSED.findall(text)):
        # a download that broke off: units in the missing part would pass for units without dossiers
        raise UnreadableError("file_unreadable", "trang HTML bị cắt cụt (bảng không có chỗ kết thúc); tải lại tệp")
    text = _END_OF_PAGE.sub("", text)  # browsers show content behind the end tag; the parser drops it
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError, RecursionError):
        raise UnreadableError("file_unreadable", "trang HTML bị hỏng hoặc lồng nhau quá sâu") from None
    if len(_CELL.findall(_NO_CONTENT.sub("", text))) != (0 if root is None else sum(1 for _ in root.iter("td", "th"))):
        # nested too deeply, a text too long, a tag that is never closed: the parser drops the rest without an error
        raise UnreadableError("file_unreadable", "trang HTML bị hỏng (có ô của bảng không đọc được); tải lại tệp")
    builder = _GridBuilder(PageStyles(e.text or "" for e in root.iter("style")) if root is not None else PageStyles([]))
    if root is not None:
        builder.add_page(root)
    if not builder.tables:
        raise UnreadableError("file_html", _reason_without_tables(root))
    return [
        Grid(
            name,
            "",
            _as_tuples(b.rows),
            merges=tuple(b.merges),
            visible=b is builder,
            misread=b.misread,
            hidden_rows=frozenset(b.hidden_rows),
            hidden_columns=frozenset(b.hidden_columns),
        )
        for b in (builder, builder.unseen)
        if b is not None and b.rows
    ]


class _GridBuilder:
    """Collects rows and merged ranges of the tables of a page, one below the other."""

    def __init__(self, styles: PageStyles) -> None:
        self.styles = styles
        self.misread: dict[CellAddress, MisreadCell] = {}
        self.rows: list[dict[int, Value]] = []  # column -> value
        self.merges: list[MergedRange] = []
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.unseen: _GridBuilder | None = None  # the tables that the page does not show
        self.tables = 0
        self.cells = 0
        self._line: list[str] = []  # pieces of the current line of text outside tables

    def add_page(self, root: Any) -> None:
        """Add the tables and the text around them, in the order of the page; of nested tables the innermost."""
        steps = etree.iterwalk(root, events=("start", "end"))
        for event, element in steps:
            tag = element.tag
            if not isinstance(tag, str):
                continue
            if tag not in INLINE:
                self._end_line()
            if event == "end":
                self._line.append(element.tail or "")
                continue
            if tag == "table" and element.find(".//table") is None:
                self.add_table(element)
                steps.skip_subtree()
            elif tag in SKIPPED:
                steps.skip_subtree()
            elif self.styles.hides(element):
                self._add_unseen(element)
                steps.skip_subtree()
            else:
                self._line.append(element.text or "")
        self._end_line()

    def _end_line(self) -> None:
        """Make a row of the line of text outside tables, and begin a new line."""
        text = nfc("".join(self._line))
        self._line.clear()
        if text:
            self.rows.append({0: text})

    def _add_unseen(self, element: Any) -> None:
        """Add the tables inside a hidden element to the second grid."""
        for table in element.iter("table"):
            if table.find(".//table") is None:
                self.tables += 1
                self.unseen = self.unseen or _GridBuilder(self.styles)
                self.unseen.add_table(table, in_unseen=True)

    def add_table(self, table: Any, *, in_unseen: bool = False) -> None:
        """Add one table that contains no other. Raises UnreadableError."""
        if self.styles.hides(table) and not in_unseen:
            self._add_unseen(table)
            return
        self.tables += 1
        for caption in table.iter("caption"):
            self.rows += [{0: text} for text in text_lines(caption, self.styles)]
        self.rows += [{0: text} for text in _lines_outside_rows(table)]
        if self.rows:
            self.rows.append({})
        self._add_hidden_columns(table)
        spanned: dict[CellAddress, bool] = {}
        top = len(self.rows)
        unplaced = sum(1 for _ in table.iter("td", "th"))
        table_struck = any(self.styles.strikes(e) for e in (table, *table.iterancestors()))
        for row, line in enumerate(table.iter("tr"), top):
            while len(self.rows) <= row:
                self.rows.append({})
            if self.styles.hides(line):
                self.hidden_rows.add(row)
            struck = table_struck or self._is_struck(line, table)
            column = 0
            for cell in _row_cells(line):
                unplaced -= 1
                hiding = self.styles.hides(cell)
                if hiding == "gone":
                    continue  # takes up no space: the next cell moves to its column
                while (row, column) in spanned:
                    column += 1
                text = cell_text(cell, self.styles)
                height, width = _span(cell, "rowspan"), _span(cell, "colspan")
                self.cells += 1
                if self.cells + len(spanned) > MAX_CELLS:
                    raise UnreadableError("file_too_large", "trang có quá nhiều ô")
                self.rows[row][column] = text or None
                misread = misread_cell(cell, text, self.styles, struck=struck)
                if hiding and text:
                    misread = MisreadCell(f"{text} (trang không hiện)", False, other_number=True, why=NOT_SHOWN)
                if misread is not None:
                    self.misread[row, column] = misread
                if height > 1 or width > 1:
                    self.merges.append(((row, column), (row + height - 1, column + width - 1)))
                    if height * width > MAX_MERGED_CELLS:
                        raise UnreadableError("file_too_large", "bảng gộp ô bất thường")
                    for i in range(height):
                        for j in range(width):
                            spanned[row + i, column + j] = True
                column += width
        if unplaced:
            raise UnreadableError("file_unreadable", "trang HTML bị hỏng (có ô không nằm trong dòng nào); tải lại tệp")

    def _is_struck(self, line: Any, table: Any) -> bool:
        """Whether a row, or a part of the table that it is in, is struck through."""
        for element in (line, *line.iterancestors()):
            if element is table:
                return False
            if self.styles.strikes(element):
                return True
        return False

    def _add_hidden_columns(self, table: Any) -> None:
        first = 0
        for column in table.iter("col"):
            width = _span(column, "span")
            if self.styles.hides_column(column):
                self.hidden_columns.update(range(first, first + width))
            first += width


def _lines_outside_rows(table: Any) -> Iterator[str]:
    """The lines of text inside a table but outside its rows: a browser shows them above the table."""
    for part in table.iter("table", "thead", "tbody", "tfoot"):
        yield from (line for text in (part.text, *(e.tail for e in part)) if (line := nfc(text or "")))


def _as_tuples(rows: list[dict[int, Value]]) -> tuple[tuple[Value, ...], ...]:
    return tuple(tuple(row.get(c) for c in range(max(row, default=-1) + 1)) for row in rows)


def _reason_without_tables(root: Any) -> str:
    """Why a page has no table, in Vietnamese."""
    if root is not None and next(root.iter("frame", "frameset", "iframe"), None) is not None:
        return "trang chỉ có khung, số liệu nằm ở tệp khác (sheet001.htm); mở bằng Excel rồi lưu lại dạng .xlsx"
    return "trang không có bảng nào"


def _row_cells(line: Any) -> Iterator[Any]:
    """The cells of a `tr` element, those inside a `form` or a damaged tag included.

    Raises UnreadableError for text outside the cells: the cells after it may be in other columns than they seem.
    """
    if (line.text or "").strip():
        raise UnreadableError("file_unreadable", _TEXT_OUTSIDE_CELLS)
    for element in line:
        if (element.tail or "").strip():
            raise UnreadableError("file_unreadable", _TEXT_OUTSIDE_CELLS)
        if element.tag in ("td", "th"):
            yield element
        elif isinstance(element.tag, str) and element.tag not in SKIPPED:
            yield from _row_cells(element)


def _span(cell: Any, name: str) -> int:
    """The rows or columns that a cell spans (1 … MAX_SPAN). Raises UnreadableError where the attribute is no number."""
    digits = re.match(r"\s*(\d{1,9})", cell.get(name, "1"))
    if digits is None or (name == "rowspan" and not int(digits[1])):  # 0: to the end of the table
        # read as 1 it would move the headings after it to other columns
        raise UnreadableError("file_unreadable", "trang HTML bị hỏng (ô gộp không ghi số); tải lại tệp")
    return max(1, min(MAX_SPAN, int(digits[1])))
