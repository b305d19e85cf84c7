"""Bytes of a text file -> text -> a grid: csv with `,` `;` or tab, in the encodings offices use."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter

from pipeline.extract.grid import Grid, UnreadableError

#: a line no table has; longer ones are refused before a parser sees them
MAX_LINE = 1_000_000
MAX_CELLS = 4_000_000
#: separators in a cell of several lines that are those of rows
_SWALLOWED = 6
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(data: bytes) -> str:
    """Text of UTF-8 or UTF-16 (with or without BOM) or windows-1258. Raises UnreadableError for anything binary."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _decoded(data, encoding)
    sample = data[:4096]
    nulls_even, nulls_odd = sample[::2].count(0), sample[1::2].count(0)
    if nulls_even + nulls_odd > len(sample) // 8:
        return _decoded(data, "utf-16-be" if nulls_even > nulls_odd else "utf-16-le")
    if b"\0" in sample:
        raise UnreadableError("file_unreadable", "nội dung không phải bảng tính, HTML hay CSV")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decoded(data, "cp1258")


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise UnreadableError("file_unreadable", "không đọc được bảng mã của tệp; lưu lại dạng “CSV UTF-8”") from None


def read_delimited(name: str, data: bytes) -> list[Grid]:
    """One grid without a sheet name. Cells stay text. Raises UnreadableError."""
    text = decode(data)
    lines = text.splitlines()
    if any(len(line) > MAX_LINE for line in lines):
        raise UnreadableError("file_too_large", "tệp có một dòng dài bất thường")
    delimiter = _delimiter(lines[:200])
    if not delimiter:
        raise UnreadableError("file_unreadable", "nội dung không phải bảng tính, HTML hay CSV")
    if text.count(delimiter) > MAX_CELLS:
        raise UnreadableError("file_too_large", "tệp có quá nhiều ô")
    try:
        parsed = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False)
        rows = [tuple(row) for row in parsed]
    except csv.Error:
        raise UnreadableError("file_unreadable", "tệp CSV bị hỏng (dấu nháy hoặc ô quá dài)") from None
    if '"' in text and any("\n" in cell and cell.count(delimiter) >= _SWALLOWED for row in rows for cell in row):
        # a quotation mark that is never closed: the rows after it would be lost in one cell
        raise UnreadableError("file_unreadable", "tệp CSV bị hỏng (dấu nháy không được đóng)")
    return [Grid(name, "", tuple(rows))]


def _delimiter(lines: list[str]) -> str:
    """The separator that cuts most lines into the same number (at least three) of cells; "" if none does."""
    best, most = "", 0
    for delimiter in ("\t", ";", ","):
        widths = Counter(len(next(csv.reader([line], delimiter=delimiter), [])) for line in lines if line.strip())
        common = [(n, w) for w, n in widths.items() if w >= 3]
        if common and (score := max(n * min(w, 20) for n, w in common)) > most:
            best, most = delimiter, score
    return best
