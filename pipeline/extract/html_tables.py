"""An HTML page saved as .xls -> one grid: its tables one below the other, the text before each as title rows.

Spans become merged ranges, as in a workbook, so that one recogniser serves both. Nothing is fetched, no script is run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree, html

from pipeline.extract.delimited import MAX_CELLS, decode
from pipeline.extract.grid import Grid, UnreadableError, Value
from pipeline.text import nfc

MAX_SPAN = 2_000
_TITLES = {"h1", "h2", "h3", "h4", "h5", "h6", "p", "caption", "title", "div", "span", "b", "strong", "center"}
_OPENED, _CLOSED = re.compile(r"<table\b", re.IGNORECASE), re.compile(r"</table\b", re.IGNORECASE)
_OUTSIDE = "trang HTML bị hỏng (có chữ hoặc số nằm ngoài ô của bảng); tải lại tệp"
_SKIPPED = {"script", "style", "head", "meta", "link", "template", "noscript"}


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
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError, RecursionError):
        raise UnreadableError("file_unreadable", "trang HTML bị hỏng hoặc lồng nhau quá sâu") from None
    builder = _Builder()
    if root is not None:
        builder.walk(root)
    if not builder.tables:
        raise UnreadableError("file_html", "trang không có bảng nào")
    return [Grid(name, "", builder.finished(), merges=tuple(builder.merges))]


class _Builder:
    """Rows and merged ranges of the tables met so far."""

    def __init__(self) -> None:
        self.rows: list[dict[int, Value]] = []
        self.merges: list[tuple[tuple[int, int], tuple[int, int]]] = []
        self.tables = 0
        self.cells = 0

    def finished(self) -> tuple[tuple[Value, ...], ...]:
        """Rows as a rectangle of tuples."""
        return tuple(tuple(row.get(c) for c in range(max(row, default=-1) + 1)) for row in self.rows)

    def walk(self, root: Any) -> None:
        """Tables and the texts between them, in the order of the page; of nested tables the innermost are read."""
        for element in root.iter():
            tag = element.tag
            if not isinstance(tag, str) or tag in _SKIPPED:
                continue
            if tag == "table":
                if not any(True for _ in element.iter("table") if _ is not element):
                    self.table(element)
            elif tag in _TITLES and element.text and nfc(element.text) and not _inside_table(element):
                self.rows.append({0: nfc(element.text)})

    def table(self, table: Any) -> None:
        """Append one table without tables inside."""
        self.tables += 1
        if self.rows:
            self.rows.append({})
        taken: dict[tuple[int, int], bool] = {}
        top = len(self.rows)
        for r, line in enumerate(table.iter("tr")):
            row = top + r
            while len(self.rows) <= row:
                self.rows.append({})
            column = 0
            for cell in _cells(line):
                while (row, column) in taken:
                    column += 1
                text = nfc(" ".join(cell.itertext()))
                down, right = _span(cell, "rowspan"), _span(cell, "colspan")
                self.cells += 1
                if self.cells + len(taken) > MAX_CELLS:
                    raise UnreadableError("file_too_large", "trang có quá nhiều ô")
                self.rows[row][column] = text or None
                if down > 1 or right > 1:
                    self.merges.append(((row, column), (row + down - 1, column + right - 1)))
                    if down * right > 100_000:
                        raise UnreadableError("file_too_large", "bảng gộp ô bất thường")
                    for i in range(down):
                        for j in range(right):
                            taken[row + i, column + j] = True
                column += right


def _inside_table(element: Any) -> bool:
    return next(element.iterancestors("table"), None) is not None


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
        elif isinstance(element.tag, str) and element.tag not in _SKIPPED:
            yield from _cells(element)


def _span(cell: Any, name: str) -> int:
    """How many rows or columns a cell takes up, by the leading digits. Raises UnreadableError where there are none."""
    digits = re.match(r"\s*(\d{1,9})", cell.get(name, "1"))
    if digits is None:  # taken for one, the headings after it would stand over other columns
        raise UnreadableError("file_unreadable", "trang HTML bị hỏng (ô gộp không ghi số); tải lại tệp")
    return max(1, min(MAX_SPAN, int(digits[1])))
