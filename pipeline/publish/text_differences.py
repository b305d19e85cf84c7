"""The files of a revision as text, and the places where two versions of them differ.

A quarter is rendered again under the stamp of its published revision and compared with that. Compared are lines of
Markdown and SVG, cells of CSV tables, and values, comments and links of workbook cells. Styles, column widths and the
bytes of a workbook are not: another release of a library may write them differently.

thay-doi.md and the sheet "Thay đổi" are not compared. They follow from the tables of this revision and of the one
before, and `tthc diff` shows them at any time.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import takewhile, zip_longest
from typing import Final

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.utils import get_column_letter

from pipeline.publish.csv_tables import number_text, read_table
from pipeline.publish.revision_diff import CHANGES_FILE, CHANGES_SHEET

#: columns of the published tables that say what a row is about
_SUBJECT: Final = frozenset(
    {"unit_id", "name", "level", "criterion", "measure", "item", "officer", "code", "file", "cell"}
)
_SENTENCE = re.compile(r"(?<=[.;!?])\s+")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
#: characters of a text that are shown, and of those before the first difference
_MOST: Final = 200
_BEFORE: Final = 40

Row = tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """One place where two versions of a file differ. `before` or `after` is "" where there is nothing."""

    file: str
    place: str  # Vietnamese: line, row and column, sheet and cell; "" for the whole file
    before: str
    after: str


@dataclass(frozen=True)
class _Part:
    """A text file, or a sheet of a workbook: rows of cells. `heads`: the columns of a CSV table, else ()."""

    rows: tuple[Row, ...]
    sheet: str = ""
    heads: Row = ()


def differences(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Iterator[Difference]:
    """Where the files of `after` (name -> bytes) differ from those of `before`, file by file in the order of names.

    Lazy: files after the one with the first difference are read only if more is asked for.
    """
    for name in sorted({*before, *after} - {CHANGES_FILE}):
        if name not in before or name not in after:
            yield _only_in_one(name, "", "tệp này", is_new=name in after)
        elif before[name] != after[name]:
            yield from _of_file(name, before[name], after[name])


def in_words(difference: Difference) -> str:
    """`bao-cao.md, dòng 12: “…” → “…”`, Vietnamese, on one line; of a long text the sentence that differs."""
    place = ", ".join(x for x in (difference.file, difference.place) if x)
    one, other = _nearby(" ".join(difference.before.split()), " ".join(difference.after.split()))
    return f"{place}: {f'“{one}”' if one else '(trống)'} → {f'“{other}”' if other else '(trống)'}"


def _of_file(name: str, before: bytes, after: bytes) -> Iterator[Difference]:
    if name.endswith(".xlsx"):
        yield from _of_workbook(name, _sheets(before), _sheets(after))
    elif name.endswith(".csv"):
        yield from _of_table(name, _table(before), _table(after))
    else:
        yield from _of_part(name, _lines(before), _lines(after))


def _of_workbook(name: str, before: Mapping[str, _Part], after: Mapping[str, _Part]) -> Iterator[Difference]:
    yield from _of_names(name, "trang", list(before), list(after))
    for sheet in before:
        if sheet in after:
            yield from _of_part(name, before[sheet], after[sheet])


def _of_table(name: str, before: _Part, after: _Part) -> Iterator[Difference]:
    """Columns first; where those are others, the cells of the columns that both have."""
    yield from _of_names(name, "cột", before.heads, after.heads)
    shared = [head for head in before.heads if head in after.heads]
    yield from _of_part(name, _only(before, shared), _only(after, shared))


def _of_names(file: str, kind: str, before: Sequence[str], after: Sequence[str]) -> Iterator[Difference]:
    """Sheets or columns that only one version has; the order, where both have the same ones."""
    for name in dict.fromkeys([*before, *after]):
        if name not in before or name not in after:
            yield _only_in_one(file, f"{kind} “{name}”", f"{kind} này", is_new=name in after)
    if sorted(before) == sorted(after) and list(before) != list(after):
        yield Difference(file, f"thứ tự các {kind}", ", ".join(before), ", ".join(after))


def _only_in_one(file: str, place: str, what: str, *, is_new: bool) -> Difference:
    sides = (f"không có {what}", f"có {what}")
    return Difference(file, place, *(sides if is_new else sides[::-1]))


def _only(part: _Part, heads: Sequence[str]) -> _Part:
    at = [part.heads.index(head) for head in heads]
    return replace(part, heads=tuple(heads), rows=tuple(tuple(row[i] for i in at) for row in part.rows))


def _of_part(name: str, before: _Part, after: _Part) -> Iterator[Difference]:
    """Row by row; in rows that were changed, cell by cell."""
    matcher = SequenceMatcher(None, before.rows, after.rows)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            continue
        pairs = zip_longest(before.rows[a:b], after.rows[c:d])
        for offset, (one, other) in enumerate(pairs):
            if one is not None and other is not None:
                yield from _of_row(name, c + offset, before, one, other)
            elif one is not None:
                yield Difference(name, _place(before, a + offset, None, one), _text(one), "")
            elif other is not None:
                yield Difference(name, _place(after, c + offset, None, other), "", _text(other))


def _of_row(name: str, index: int, part: _Part, one: Row, other: Row) -> Iterator[Difference]:
    for column, (was, now) in enumerate(zip_longest(one, other, fillvalue="")):
        if was != now:
            yield Difference(name, _place(part, index, column, other), was, now)


def _text(row: Row) -> str:
    return ", ".join(cell for cell in row if cell) or "dòng trống"


def _place(part: _Part, index: int, column: int | None, row: Row) -> str:
    """The place in Vietnamese. `index`: of the row among the part's rows, from 0; `column`: None for the whole row."""
    if part.sheet:
        cell = f"dòng {index + 1}" if column is None else f"ô {get_column_letter(column + 1)}{index + 1}"
        return f"trang “{part.sheet}”, {cell}"
    if not part.heads:
        return f"dòng {index + 1}"
    about = [cell for head, cell in zip(part.heads, row, strict=True) if cell and head in _SUBJECT]
    line = f"dòng {index + 2}" + (f" ({', '.join(about)})" if about else "")  # the heads are line 1
    return line if column is None else f"{line}, cột {part.heads[column]}"


# --- bytes -> rows ---------------------------------------------------------------------------------------


def _lines(data: bytes) -> _Part:
    return _Part(tuple((line,) for line in data.decode("utf-8-sig", "replace").splitlines()))


def _table(data: bytes) -> _Part:
    frame = read_table(data)
    return _Part(tuple(frame.itertuples(index=False, name=None)), heads=tuple(frame.columns))


def _sheets(data: bytes) -> dict[str, _Part]:
    """Sheet -> its cells as text, in the order of the sheets, without that of changes."""
    workbook = load_workbook(io.BytesIO(data))
    parts = {}
    for sheet in workbook.worksheets:
        rows = [_trimmed([_cell(cell) for cell in row]) for row in sheet.iter_rows()]
        while rows and not rows[-1]:
            rows.pop()
        parts[sheet.title] = _Part(tuple(rows), sheet.title)
    parts.pop(CHANGES_SHEET, None)
    return parts


def _trimmed(cells: list[str]) -> Row:
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)


def _cell(cell: Cell | MergedCell) -> str:
    """Value, comment and link of a cell. A text that looks like a number has a `'` before it, as Excel shows it."""
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


# --- what is shown ---------------------------------------------------------------------------------------


def _nearby(before: str, after: str) -> tuple[str, str]:
    """The sentences in which two texts differ, each cut to what lies around the first difference."""
    one, other = _SENTENCE.split(before), _SENTENCE.split(after)
    same = _shared(one, other)
    ending = _shared(one[same:][::-1], other[same:][::-1])
    was, now = (" ".join(sentences[same : len(sentences) - ending]) for sentences in (one, other))
    start = _shared(was, now) - _BEFORE
    return _cut(was, start), _cut(now, start)


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """How many items, from the first on, are equal."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _cut(text: str, start: int) -> str:
    if len(text) <= _MOST:
        return text
    first = text.find(" ", start) + 1 if start > 0 else 0
    rest = text[first:]
    shown = rest if len(rest) <= _MOST else f"{rest[:_MOST].rsplit(' ', 1)[0]} …"
    return f"… {shown}" if first else shown
