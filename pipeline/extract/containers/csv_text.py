"""Bytes of a text file -> text -> a grid: csv with `,` `;` or tab, in the encodings offices use."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter

from pipeline.extract.sheet.grid import Grid, UnreadableError

#: a line no table has; longer ones are refused before a parser sees them
MAX_LINE = 1_000_000
MAX_CELLS = 4_000_000
_CUTS = ("\t", ";", ",")
_NUMBER = re.compile(r"\s*\d[\d.,/: ]*")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before the mark of UTF-16 that it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(data: bytes) -> str:
    """Text of UTF-8, -16 or -32 (with or without BOM) or windows-1258. Raises UnreadableError for anything binary."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _decoded(data, encoding)
    sample = data[:4096]
    nulls_even, nulls_odd = sample[::2].count(0), sample[1::2].count(0)
    for encoding, always in (("utf-32-le", sample[3::4]), ("utf-32-be", sample[::4])):
        if always and not any(always) and nulls_even + nulls_odd > len(sample) // 2:
            return _decoded(data, encoding)
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
    try:
        delimiter, width = _delimiter(lines[:200])
    except csv.Error:
        raise UnreadableError("file_unreadable", "tệp CSV bị hỏng (dấu nháy hoặc ô quá dài)") from None
    if not delimiter:
        raise UnreadableError("file_unreadable", "nội dung không phải bảng tính, HTML hay CSV")
    if text.count(delimiter) > MAX_CELLS:
        raise UnreadableError("file_too_large", "tệp có quá nhiều ô")
    try:
        parsed = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False)
        rows = [tuple(row) for row in parsed]
    except csv.Error:
        raise UnreadableError("file_unreadable", "tệp CSV bị hỏng (dấu nháy hoặc ô quá dài)") from None
    begun = False
    for number, row in enumerate(rows, 1):
        cells = [str(cell) for cell in row]
        begun = begun or sum(map(bool, cells)) >= min(width, 3)  # a title above the table may look like a row
        if begun and _holds_rows(cells, delimiter, width):
            # a quote nobody closed takes the rows after it for a note; a row cut otherwise is no row
            raise UnreadableError(
                "file_unreadable", f"tệp CSV bị hỏng (thừa dấu nháy, hoặc dấu ngăn cột lẫn lộn, ở dòng thứ {number})"
            )
    return [Grid(name, "", rows)]


def _holds_rows(row: list[str], delimiter: str, width: int) -> bool:
    """Whether a cell of a row is a row itself: as wide as the others, with a number, and not cut into cells."""
    inside = [line.split(delimiter) for cell in row if "\n" in cell for line in cell.splitlines()]
    if len(row) < width and len(filled := [c for c in row if c.strip()]) == 1:
        inside += [filled[0].split(other) for other in _CUTS if other != delimiter]
    return any(len(cells) == width and any(_NUMBER.fullmatch(c) for c in cells) for cells in inside)


def _delimiter(lines: list[str]) -> tuple[str, int]:
    """(the separator that cuts most lines into the same number of cells, at least three; that number), or ("", 0)."""
    best, most = ("", 0), 0
    for delimiter in _CUTS:
        widths = Counter(len(next(csv.reader([line], delimiter=delimiter), [])) for line in lines if line.strip())
        common = [(n, w) for w, n in widths.items() if w >= 3]
        if common and (score := max(n * min(w, 20) for n, w in common)) > most:
            best, most = (delimiter, max(common)[1]), score
    return best
