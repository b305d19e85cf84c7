"""The files of a revision as text, and the places where two versions of them differ.

A quarter is rendered again with the stamp of its published revision and compared with it. Compared are lines of
Markdown and SVG, paragraphs of Word files, cells of CSV tables, and values, comments and links of workbook cells.
Styles, column widths and the bytes of a workbook are not compared: another release of a library may write them
differently. A PDF is a print of a Word file and depends on the machine: it is not compared, nor missed.

thay-doi.md and the sheet "Thay đổi" are not compared. They follow from the tables of this revision and of the one
before, and `tthc diff` shows them at any time. The sheet "Mục lục" only lists the other sheets. The page and the
pictures over several quarters follow from the tables of this and of other quarters, which may be published again. The
data package and its files repeat the tables. A picture that only one version has is no difference: it shows what the
tables hold.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import takewhile, zip_longest
from typing import Final

from defusedxml.ElementTree import fromstring as defused_fromstring
from openpyxl import load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.utils import get_column_letter

from pipeline.publish.csv_tables import number_text, read_csv_table
from pipeline.publish.revision_diff import CHANGES_FILE, CHANGES_SHEET, CONTENTS_SHEET

#: columns of the published tables that identify the subject of a row
_SUBJECT: Final = frozenset(
    {"unit_id", "name", "level", "criterion", "measure", "item", "officer", "code", "file", "cell"}
)
_SENTENCE = re.compile(r"(?<=[.;!?])\s+")
#: parts of a Word file with text, and the namespace of their elements
_WORD_PART = re.compile(r"word/(document|header\d*|footer\d*)\.xml")
_WORD: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
#: how many characters of a text are shown, and how many of them precede the first difference
_MOST: Final = 200
_BEFORE: Final = 40

#: the page of a revision, and the beginnings of the names of pictures that depend on other quarters
PAGE_FILE: Final = "index.html"
TREND_FILES: Final = ("bieu-do-xu-huong-", "bieu-do-thu-hang-")
#: the description of the tables, and the folder with the tables once more, for other programs
PACKAGE_FILE: Final = "datapackage.json"
TYPED_FOLDER: Final = "du-lieu/"
#: files that follow from others of the revision or from other revisions
_FOLLOWING: Final = frozenset({CHANGES_FILE, PAGE_FILE, PACKAGE_FILE, "entities.csv"})

Row = tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """One place where two versions of a file differ. `before` or `after` is "" if that version has nothing there."""

    file: str
    place: str  # Vietnamese: line, row and column, sheet and cell; "" for the whole file
    before: str
    after: str


@dataclass(frozen=True)
class _Rows:
    """A text file or a sheet of a workbook as rows of cells. `heads`: the column names of a CSV table, else ()."""

    rows: tuple[Row, ...]
    sheet: str = ""
    heads: Row = ()


def differences(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Iterator[Difference]:
    """The places where the files of `after` (name -> bytes) differ from those of `before`, sorted by file name.

    Lazy: a file is parsed only when its differences are requested. Raises ValueError for a table that is not CSV.
    """
    for name in sorted({*before, *after} - _FOLLOWING):
        if name.endswith(".pdf") or name.startswith((*TREND_FILES, TYPED_FOLDER)):
            continue
        if name.endswith(".svg") and (name not in before or name not in after):
            continue
        if name not in before or name not in after:
            yield _present_in_one(name, "", "tệp này", is_new=name in after)
        elif before[name] != after[name]:
            yield from _file_differences(name, before[name], after[name])


def difference_text(difference: Difference) -> str:
    """A difference as one Vietnamese line, `bao-cao.md, dòng 12: “…” → “…”`. A long text is cut around the change."""
    place = ", ".join(x for x in (difference.file, difference.place) if x)
    one, other = _cut_to_change(" ".join(difference.before.split()), " ".join(difference.after.split()))
    return f"{place}: {f'“{one}”' if one else '(trống)'} → {f'“{other}”' if other else '(trống)'}"


def _file_differences(name: str, before: bytes, after: bytes) -> Iterator[Difference]:
    if name.endswith(".xlsx"):
        yield from _workbook_differences(name, _sheets(before), _sheets(after))
    elif name.endswith(".csv"):
        yield from _table_differences(name, _table(before), _table(after))
    elif name.endswith(".docx"):
        yield from _row_differences(name, _paragraphs(before), _paragraphs(after))
    else:
        yield from _row_differences(name, _lines(before), _lines(after))


def _workbook_differences(name: str, before: Mapping[str, _Rows], after: Mapping[str, _Rows]) -> Iterator[Difference]:
    yield from _name_differences(name, "trang", list(before), list(after))
    for sheet in before:
        if sheet in after:
            yield from _row_differences(name, before[sheet], after[sheet])


def _table_differences(name: str, before: _Rows, after: _Rows) -> Iterator[Difference]:
    """Columns that only one version has, then the cells of the columns that both have."""
    yield from _name_differences(name, "cột", before.heads, after.heads)
    shared = [head for head in before.heads if head in after.heads]
    yield from _row_differences(name, _selected(before, shared), _selected(after, shared))


def _name_differences(file: str, kind: str, before: Sequence[str], after: Sequence[str]) -> Iterator[Difference]:
    """Sheets or columns that only one version has; their order if both have the same ones."""
    for name in dict.fromkeys([*before, *after]):
        if name not in before or name not in after:
            yield _present_in_one(file, f"{kind} “{name}”", f"{kind} này", is_new=name in after)
    if sorted(before) == sorted(after) and list(before) != list(after):
        yield Difference(file, f"thứ tự các {kind}", ", ".join(before), ", ".join(after))


def _present_in_one(file: str, place: str, what: str, *, is_new: bool) -> Difference:
    sides = (f"không có {what}", f"có {what}")
    return Difference(file, place, *(sides if is_new else sides[::-1]))


def _selected(part: _Rows, heads: Sequence[str]) -> _Rows:
    at = [part.heads.index(head) for head in heads]
    return replace(part, heads=tuple(heads), rows=tuple(tuple(row[i] for i in at) for row in part.rows))


def _row_differences(name: str, before: _Rows, after: _Rows) -> Iterator[Difference]:
    """Row by row; in changed rows cell by cell."""
    matcher = SequenceMatcher(None, before.rows, after.rows)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            continue
        pairs = zip_longest(before.rows[a:b], after.rows[c:d])
        for offset, (one, other) in enumerate(pairs):
            if one is not None and other is not None:
                yield from _cell_differences(name, c + offset, before, one, other)
            elif one is not None:
                yield Difference(name, _place_text(before, a + offset, None, one), _row_text(one), "")
            elif other is not None:
                yield Difference(name, _place_text(after, c + offset, None, other), "", _row_text(other))


def _cell_differences(name: str, index: int, part: _Rows, one: Row, other: Row) -> Iterator[Difference]:
    for column, (was, now) in enumerate(zip_longest(one, other, fillvalue="")):
        if was != now:
            yield Difference(name, _place_text(part, index, column, other), was, now)


def _row_text(row: Row) -> str:
    return ", ".join(cell for cell in row if cell) or "dòng trống"


def _place_text(part: _Rows, index: int, column: int | None, row: Row) -> str:
    """The place in Vietnamese. `index`: position of the row in the part, from 0. `column`: None for the whole row."""
    if part.sheet:
        cell = f"dòng {index + 1}" if column is None else f"ô {get_column_letter(column + 1)}{index + 1}"
        return f"trang “{part.sheet}”, {cell}"
    if not part.heads:
        return f"dòng {index + 1}"
    about = [cell for head, cell in zip(part.heads, row, strict=True) if cell and head in _SUBJECT]
    line = f"dòng {index + 2}" + (f" ({', '.join(about)})" if about else "")  # the heads are line 1
    return line if column is None else f"{line}, cột {part.heads[column]}"


# --- bytes -> rows ---------------------------------------------------------------------------------------


def _lines(data: bytes) -> _Rows:
    return _Rows(tuple((line,) for line in data.decode("utf-8-sig", "replace").splitlines()))


def _paragraphs(data: bytes) -> _Rows:
    """The paragraphs of a Word file, its headers included. Word counts a cell of a table as a paragraph too."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [archive.read(name) for name in sorted(archive.namelist()) if _WORD_PART.fullmatch(name)]
    found = []
    for part in parts:
        for paragraph in defused_fromstring(part).iter(f"{_WORD}p"):
            found.append(("".join(text.text or "" for text in paragraph.iter(f"{_WORD}t")),))
    return _Rows(tuple(found))


def _table(data: bytes) -> _Rows:
    frame = read_csv_table(data)
    return _Rows(tuple(frame.itertuples(index=False, name=None)), heads=tuple(frame.columns))


def _sheets(data: bytes) -> dict[str, _Rows]:
    """Sheet name -> its cells as text, in the order of the sheets, without the sheets of changes and of contents."""
    workbook = load_workbook(io.BytesIO(data))
    parts = {}
    for sheet in workbook.worksheets:
        rows = [_trimmed([_cell(cell) for cell in row]) for row in sheet.iter_rows()]
        while rows and not rows[-1]:
            rows.pop()
        parts[sheet.title] = _Rows(tuple(rows), sheet.title)
    for follows in (CHANGES_SHEET, CONTENTS_SHEET):
        parts.pop(follows, None)
    return parts


def _trimmed(cells: list[str]) -> Row:
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)


def _cell(cell: Cell | MergedCell) -> str:
    """Value, comment and link of a cell as text. A text that looks like a number gets a leading `'`, as in Excel."""
    value = cell.value
    if value is None or isinstance(value, bool):
        text = "" if value is None else str(value)
    elif isinstance(value, int | float):
        text = number_text(float(value))
    else:
        text = f"'{value}" if _NUMBER.fullmatch(str(value)) else str(value)
    if isinstance(cell, MergedCell):
        return text
    comment = f" [ghi chú: {cell.comment.text}]" if cell.comment else ""
    link = f" [liên kết: {cell.hyperlink.target or cell.hyperlink.location}]" if cell.hyperlink else ""
    return text + comment + link


# --- texts cut around a difference -----------------------------------------------------------------------


def _cut_to_change(before: str, after: str) -> tuple[str, str]:
    """The sentences in which two texts differ, cut to the part around the first difference."""
    one, other = _SENTENCE.split(before), _SENTENCE.split(after)
    same = _equal_items(one, other)
    ending = _equal_items(one[same:][::-1], other[same:][::-1])
    was, now = (" ".join(sentences[same : len(sentences) - ending]) for sentences in (one, other))
    start = _equal_items(was, now) - _BEFORE
    return _shortened(was, start), _shortened(now, start)


def _equal_items(one: Sequence[str], other: Sequence[str]) -> int:
    """How many items from the beginning are equal in both."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _shortened(text: str, start: int) -> str:
    if len(text) <= _MOST:
        return text
    first = text.find(" ", start) + 1 if start > 0 else 0
    rest = text[first:]
    shown = rest if len(rest) <= _MOST else f"{rest[:_MOST].rsplit(' ', 1)[0]} …"
    return f"… {shown}" if first else shown
