"""An HTML page saved as .xls -> one grid: its tables one below the other, the text before each as title rows.

Spans become merged ranges, as in a workbook, so that one recogniser serves both. Nothing is fetched, no script is run.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree, html

from pipeline.extract.cells import see
from pipeline.extract.delimited import MAX_CELLS, decode
from pipeline.extract.grid import Grid, UnreadableError, Value
from pipeline.text import nfc

MAX_SPAN = 2_000
_OPENED, _CLOSED = re.compile(r"<table\b", re.IGNORECASE), re.compile(r"</table\b", re.IGNORECASE)
_OUTSIDE = "trang HTML bị hỏng (có chữ hoặc số nằm ngoài ô của bảng); tải lại tệp"
_SKIPPED = {"script", "style", "meta", "link", "template", "noscript", "xml"}
#: what does not end the line of text it stands in; a footnote's mark or what is struck out is no digit of a number
_INLINE = {
    *("a", "abbr", "b", "big", "code", "em", "font", "i", "ins", "label", "mark", "nobr", "small", "span", "strong"),
    *("tt", "u"),
}
_TYPED = {"text", "number", "tel", "search"}
_UNSEEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)


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
    return [
        Grid(
            name, "", _rectangle(b.rows), merges=tuple(b.merges), visible=b is builder, hidden_rows=frozenset(b.unseen)
        )
        for b in (builder, builder.behind)
        if b is not None and b.rows
    ]


class _Builder:
    """Rows and merged ranges of the tables met so far."""

    def __init__(self) -> None:
        self.rows: list[dict[int, Value]] = []
        self.merges: list[tuple[tuple[int, int], tuple[int, int]]] = []
        self.unseen: set[int] = set()
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
            if tag not in _INLINE:
                self._line(line)
            if event == "end":
                line.append(element.tail or "")
                continue
            if tag == "table" and element.find(".//table") is None:
                self.table(element)
                steps.skip_subtree()
            elif tag in _SKIPPED:
                steps.skip_subtree()
            elif _is_unseen(element):
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
                self.behind = self.behind or _Builder()
                self.behind.table(table, of_unseen=True)

    def table(self, table: Any, *, of_unseen: bool = False) -> None:
        """Append one table without tables inside."""
        if _is_unseen(table) and not of_unseen:
            self._behind(table)
            return
        self.tables += 1
        for caption in table.iter("caption"):
            self.rows += [{0: text} for text in _lines(caption)]
        if self.rows:
            self.rows.append({})
        taken: dict[tuple[int, int], bool] = {}
        top = len(self.rows)
        for r, line in enumerate(table.iter("tr")):
            row = top + r
            while len(self.rows) <= row:
                self.rows.append({})
            if _is_unseen(line):
                self.unseen.add(row)
            column = 0
            for cell in _cells(line):
                if _is_unseen(cell):
                    continue  # takes up no place on the page
                while (row, column) in taken:
                    column += 1
                text = _text(cell)
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


def _rectangle(rows: list[dict[int, Value]]) -> tuple[tuple[Value, ...], ...]:
    return tuple(tuple(row.get(c) for c in range(max(row, default=-1) + 1)) for row in rows)


def _is_unseen(element: Any) -> bool:
    """Whether the page does not show an element, as it says itself."""
    return element.get("hidden") is not None or _UNSEEN.search(element.get("style", "")) is not None


def _text(cell: Any) -> str:
    """What a cell shows, a line each; of a number that Excel would read otherwise both."""
    text = nfc(cell.text or "") if not len(cell) else "\n".join(_lines(cell))
    stored = (cell.get("x:num") or "").strip()
    if not stored:
        return text
    shown = see(text).counted
    number = _number(stored)
    if not text:
        return str(int(number)) if number.is_integer() else f"x:num {stored}"
    return text if shown.kind != "ok" or shown.value == number else f"{text} (x:num {stored})"


def _number(stored: str) -> float:
    try:
        return float(stored)
    except ValueError:
        return math.nan


def _lines(element: Any) -> list[str]:
    """The lines of text an element shows."""
    lines, line = [], [element.text or ""]
    steps = etree.iterwalk(element, events=("start", "end"))
    for event, inner in steps:
        if inner is element or not isinstance(inner.tag, str):
            continue
        if inner.tag not in _INLINE:
            lines.append("".join(line))
            line.clear()
        if event == "end":
            line.append(inner.tail or "")
        elif inner.tag in _SKIPPED or _is_unseen(inner):
            steps.skip_subtree()
        elif inner.tag == "input" and inner.get("type", "text").lower() in _TYPED:
            line.append(inner.get("value", ""))  # the page shows what is entered
        else:
            line.append(inner.text or "")
    return [shown for x in (*lines, "".join(line)) if (shown := nfc(x))]


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
    if digits is None or (name == "rowspan" and not int(digits[1])):  # 0: down to the end, or one
        # taken for one, the headings after it would stand over other columns
        raise UnreadableError("file_unreadable", "trang HTML bị hỏng (ô gộp không ghi số); tải lại tệp")
    return max(1, min(MAX_SPAN, int(digits[1])))
