"""An HTML page saved as .xls -> one grid: its tables one below the other, the text before each as title rows.

Spans become merged ranges, as in a workbook, so that one recogniser serves both. Nothing is fetched, no script is run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree, html

from pipeline.extract.containers.csv_text import MAX_CELLS, decode
from pipeline.extract.containers.html_cells import INLINE, SKIPPED, lines_of, text_of
from pipeline.extract.containers.html_styles import Styles
from pipeline.extract.sheet.grid import Grid, Hidden, UnreadableError, Value
from pipeline.text import nfc

MAX_SPAN = 2_000
_OPENED, _CLOSED = re.compile(r"<table\b", re.IGNORECASE), re.compile(r"</table\b", re.IGNORECASE)
_END_OF_PAGE = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)
#: what is no part of the page as it lies there, and the cells of the rest
_ASIDE = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_CELL = re.compile(r"<t[dh]\b", re.IGNORECASE)
_OUTSIDE = "trang HTML bị hỏng (có chữ hoặc số nằm ngoài ô của bảng); tải lại tệp"


def read_html(name: str, data: bytes) -> list[Grid]:
    """One grid of all tables of the page. Raises UnreadableError for a page without any, or too deep to parse."""
    text = decode(data)
    if text.lstrip().startswith("<?xml") and "urn:schemas-microsoft-com:office:spreadsheet" in text[:2000]:
        raise UnreadableError(
            "file_unreadable", "tệp ở dạng “XML Spreadsheet 2003”; mở bằng Excel rồi lưu lại dạng .xlsx"
        )
    if len(_OPENED.findall(text)) > len(_CLOSED.findall(text)):
        # a download that broke off: what it no longer holds would pass for units without dossiers
        raise UnreadableError("file_unreadable", "trang HTML bị cắt cụt (bảng không có chỗ kết thúc); tải lại tệp")
    text = _END_OF_PAGE.sub("", text)  # what stands behind it belongs to the page all the same; the parser drops it
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError, RecursionError):
        raise UnreadableError("file_unreadable", "trang HTML bị hỏng hoặc lồng nhau quá sâu") from None
    if len(_CELL.findall(_ASIDE.sub("", text))) != (0 if root is None else sum(1 for _ in root.iter("td", "th"))):
        # nested too deeply, too long a text, a tag that is never closed: the parser leaves out the rest and goes on
        raise UnreadableError("file_unreadable", "trang HTML bị hỏng (có ô của bảng không đọc được); tải lại tệp")
    builder = _Builder(Styles(e.text or "" for e in root.iter("style")) if root is not None else Styles([]))
    if root is not None:
        builder.walk(root)
    if not builder.tables:
        raise UnreadableError("file_html", _without_tables(root))
    return [
        Grid(
            name,
            "",
            _rectangle(b.rows),
            merges=tuple(b.merges),
            visible=b is builder,
            hidden=b.hidden,
            hidden_rows=frozenset(b.unseen),
            hidden_columns=frozenset(b.narrow),
        )
        for b in (builder, builder.behind)
        if b is not None and b.rows
    ]


class _Builder:
    """Rows and merged ranges of the tables met so far."""

    def __init__(self, styles: Styles) -> None:
        self.styles = styles
        self.hidden: dict[tuple[int, int], Hidden] = {}
        self.rows: list[dict[int, Value]] = []
        self.merges: list[tuple[tuple[int, int], tuple[int, int]]] = []
        self.unseen: set[int] = set()
        self.narrow: set[int] = set()
        self.behind: _Builder | None = None  # the tables of what the page does not show
        self.tables = 0
        self.cells = 0

    def walk(self, root: Any) -> None:
        """Tables and the lines between and around them, in the order of the page; of nested tables the innermost."""
        line: list[str] = []
        steps = etree.iterwalk(root, events=("start", "end"))
        for event, element in steps:
            tag = element.tag
            if not isinstance(tag, str):
                continue
            if tag not in INLINE:
                self._line(line)
            if event == "end":
                line.append(element.tail or "")
                continue
            if tag == "table" and element.find(".//table") is None:
                self.table(element)
                steps.skip_subtree()
            elif tag in SKIPPED:
                steps.skip_subtree()
            elif self.styles.hides(element):
                self._behind(element)
                steps.skip_subtree()
            else:
                line.append(element.text or "")
        self._line(line)

    def _line(self, line: list[str]) -> None:
        """One line of text as a row of its own."""
        text = nfc("".join(line))
        line.clear()
        if text:
            self.rows.append({0: text})

    def _behind(self, element: Any) -> None:
        for table in element.iter("table"):
            if table.find(".//table") is None:
                self.tables += 1
                self.behind = self.behind or _Builder(self.styles)
                self.behind.table(table, of_unseen=True)

    def table(self, table: Any, *, of_unseen: bool = False) -> None:
        """Append one table without tables inside."""
        if self.styles.hides(table) and not of_unseen:
            self._behind(table)
            return
        self.tables += 1
        for caption in table.iter("caption"):
            self.rows += [{0: text} for text in lines_of(caption, self.styles)]
        self.rows += [{0: text} for text in _between_rows(table)]
        if self.rows:
            self.rows.append({})
        place = 0
        for narrow in table.iter("col"):
            wide = _span(narrow, "span")
            if self.styles.narrows(narrow):
                self.narrow.update(range(place, place + wide))
            place += wide
        taken: dict[tuple[int, int], bool] = {}
        top = len(self.rows)
        loose = sum(1 for _ in table.iter("td", "th"))
        for r, line in enumerate(table.iter("tr")):
            row = top + r
            while len(self.rows) <= row:
                self.rows.append({})
            if self.styles.hides(line):
                self.unseen.add(row)
            column = 0
            for cell in _cells(line):
                loose -= 1
                how = self.styles.hides(cell)
                if how == "gone":
                    continue  # takes up no place on the page
                while (row, column) in taken:
                    column += 1
                text = text_of(cell, self.styles)
                down, right = _span(cell, "rowspan"), _span(cell, "colspan")
                self.cells += 1
                if self.cells + len(taken) > MAX_CELLS:
                    raise UnreadableError("file_too_large", "trang có quá nhiều ô")
                self.rows[row][column] = text or None
                if how and text:
                    self.hidden[row, column] = Hidden(f"{text} (trang không hiện)", False, other_number=True)
                if down > 1 or right > 1:
                    self.merges.append(((row, column), (row + down - 1, column + right - 1)))
                    if down * right > 100_000:
                        raise UnreadableError("file_too_large", "bảng gộp ô bất thường")
                    for i in range(down):
                        for j in range(right):
                            taken[row + i, column + j] = True
                column += right
        if loose:
            raise UnreadableError("file_unreadable", "trang HTML bị hỏng (có ô không nằm trong dòng nào); tải lại tệp")


def _between_rows(table: Any) -> Iterator[str]:
    """The lines that stand in a table and in none of its rows: a browser shows them before it."""
    for part in table.iter("table", "thead", "tbody", "tfoot"):
        yield from (shown for text in (part.text, *(e.tail for e in part)) if (shown := nfc(text or "")))


def _rectangle(rows: list[dict[int, Value]]) -> tuple[tuple[Value, ...], ...]:
    return tuple(tuple(row.get(c) for c in range(max(row, default=-1) + 1)) for row in rows)


def _without_tables(root: Any) -> str:
    """What a page is that has no table."""
    if root is not None and next(root.iter("frame", "frameset", "iframe"), None) is not None:
        return "trang chỉ có khung, số liệu nằm ở tệp khác (sheet001.htm); mở bằng Excel rồi lưu lại dạng .xlsx"
    return "trang không có bảng nào"


def _cells(line: Any) -> Iterator[Any]:
    """The cells of a row, those inside a form or a broken tag too.

    Raises UnreadableError for text that stands in the row and in no cell: the cells after it are not where they seem.
    """
    if (line.text or "").strip():
        raise UnreadableError("file_unreadable", _OUTSIDE)
    for element in line:
        if (element.tail or "").strip():
            raise UnreadableError("file_unreadable", _OUTSIDE)
        if element.tag in ("td", "th"):
            yield element
        elif isinstance(element.tag, str) and element.tag not in SKIPPED:
            yield from _cells(element)


def _span(cell: Any, name: str) -> int:
    """How many rows or columns a cell takes up, by the leading digits. Raises UnreadableError where there are none."""
    digits = re.match(r"\s*(\d{1,9})", cell.get(name, "1"))
    if digits is None or (name == "rowspan" and not int(digits[1])):  # 0: down to the end, or one
        # taken for one, the headings after it would stand over other columns
        raise UnreadableError("file_unreadable", "trang HTML bị hỏng (ô gộp không ghi số); tải lại tệp")
    return max(1, min(MAX_SPAN, int(digits[1])))
