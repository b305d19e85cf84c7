"""Delimited text (csv) -> one grid. Quoting follows RFC 4180.

The delimiter is a comma, a semicolon, a tab or a bar, or the one that the first line names (`sep=;`).

A damaged file (a quote that is never closed, mixed delimiters) is refused: the rows that it swallows would be missing
from the counts.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence

from pipeline.extract.containers.text_encoding import decode_text
from pipeline.extract.sheet.grid import Grid, UnreadableError

#: characters of the longest line that is parsed; no table has a longer one
MAX_LINE = 1_000_000
#: cells of a text file or an HTML page
MAX_CELLS = 4_000_000
_DELIMITERS = ("\t", ";", ",", "|")
#: a first line that only tells Excel the delimiter: `sep=;`. Excel does not show it as a row
_NAMED_DELIMITER = re.compile(r"\ufeff?\"?sep=([^\w\s\"]|\t)\"?(?:\r\n|\r|\n)", re.IGNORECASE)
#: a text that is no formula and no number for Excel: `="0012"`
_AS_TEXT = re.compile(r'="([^"]*)"')
_NUMBER = re.compile(r"\s*\d[\d.,/: ]*")
_DAMAGED = "tệp CSV bị hỏng (dấu nháy hoặc ô quá dài)"


def read_delimited(name: str, data: bytes) -> list[Grid]:
    """One grid without a sheet name; all cells are text. Raises UnreadableError."""
    text = decode_text(data)
    named = _NAMED_DELIMITER.match(text)
    text = text[named.end() :] if named else text
    lines = text.splitlines()
    if any(len(line) > MAX_LINE for line in lines):
        raise UnreadableError("file_too_large", "tệp có một dòng dài bất thường")
    try:
        delimiter, width = _delimiter(lines[:200], [named[1]] if named else _DELIMITERS)
    except csv.Error:
        raise UnreadableError("file_unreadable", _DAMAGED) from None
    if not delimiter:
        raise UnreadableError("file_unreadable", "nội dung không phải bảng tính, HTML hay CSV")
    if text.count(delimiter) > MAX_CELLS:
        raise UnreadableError("file_too_large", "tệp có quá nhiều ô")
    try:
        parsed = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False)
        rows = [tuple(row) for row in parsed]
    except csv.Error:
        raise UnreadableError("file_unreadable", _DAMAGED) from None
    in_table = False
    for number, row in enumerate(rows, 1):
        cells = [str(cell) for cell in row]
        # a title above the table may resemble a swallowed row: rows are checked from the first one of several cells on
        in_table = in_table or sum(map(bool, cells)) >= min(width, 3)
        if in_table and _contains_rows(cells, delimiter, width):
            raise UnreadableError(
                "file_unreadable", f"tệp CSV bị hỏng (thừa dấu nháy, hoặc dấu ngăn cột lẫn lộn, ở dòng thứ {number})"
            )
    if '="' in text:
        rows = [tuple(m[1] if (m := _AS_TEXT.fullmatch(cell)) else cell for cell in row) for row in rows]
    return [Grid(name, "", rows)]


def _contains_rows(row: list[str], delimiter: str, width: int) -> bool:
    """Whether one cell of a row contains a whole row of the table.

    That row is as wide as the table, and holds a number. It got into the cell because of a quote that is never closed
    (it is a line of its own), or because it uses another delimiter (it is the only filled cell).
    """
    candidates = [line.split(delimiter) for cell in row if "\n" in cell for line in cell.splitlines()]
    if len(row) < width and len(filled := [c for c in row if c.strip()]) == 1:
        candidates += [filled[0].split(other) for other in _DELIMITERS if other != delimiter]
    return any(len(cells) == width and any(_NUMBER.fullmatch(c) for c in cells) for cells in candidates)


def _delimiter(lines: list[str], candidates: Sequence[str]) -> tuple[str, int]:
    """The delimiter that splits most lines into the same number of cells, at least three, and that number.

    ("", 0) where no delimiter does.
    """
    best, best_score = ("", 0), 0
    for delimiter in candidates:
        widths = Counter(len(next(csv.reader([line], delimiter=delimiter), [])) for line in lines if line.strip())
        common = [(n, w) for w, n in widths.items() if w >= 3]
        if common and (score := max(n * min(w, 20) for n, w in common)) > best_score:
            best, best_score = (delimiter, max(common)[1]), score
    return best
