"""Bytes of a workbook -> grids of cells with true addresses; nothing is executed, fetched or guessed.

python-calamine reads the values; what it hides is looked for in the sheets' XML (`sheet_xml.py`)
or, of an .xls, in its records (`biff.py`).
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import python_calamine

from pipeline.extract.biff import look_inside_biff, refuse_others
from pipeline.extract.grid import MAX_MERGED, Grid, UnreadableError, Value
from pipeline.extract.sheet_xml import Inside, look_inside

#: cells of all sheets; a list of 200,000 dossiers has under three million
MAX_CELLS = 8_000_000
#: cells inside merged ranges of a sheet, backgrounds apart
MAX_ALL_MERGED = 2_000_000


def read_workbook(name: str, data: bytes) -> list[Grid]:
    """All sheets of an Excel file (xlsx, xlsm, xls), hidden ones marked. Raises UnreadableError."""
    if data[:2] != b"PK":
        refuse_others(data)
    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
        sheets = [m for m in book.sheets_metadata if m.typ == python_calamine.SheetTypeEnum.WorkSheet]
        grids = [_grid(name, book.get_sheet_by_name(m.name), m) for m in sheets]
    except python_calamine.PasswordError:
        raise UnreadableError("file_encrypted", "tệp đặt mật khẩu") from None
    except (UnreadableError, MemoryError, KeyboardInterrupt):
        raise
    except BaseException as error:  # of the reader library; its panics are no Exception
        raise UnreadableError("file_unreadable", f"không mở được bảng tính ({type(error).__name__})") from None
    inside = look_inside(data) if data[:2] == b"PK" else _inside_records(data, book.sheet_names)
    return [_with(g, inside[g.sheet]) if g.sheet in inside else g for g in grids]


def _inside_records(data: bytes, names: Sequence[str]) -> dict[str, Inside]:
    found = look_inside_biff(data)
    if len(found) != len(names) or len(set(names)) != len(names):
        raise UnreadableError("file_unreadable", "tệp kê các trang không khớp; mở bằng Excel rồi lưu lại dạng .xlsx")
    return dict(zip(names, found, strict=True))


def _with(grid: Grid, inside: Inside) -> Grid:
    """The grid with what its sheet hides; of hidden rows and columns only those that hold something."""
    rows = frozenset(r for r in inside.rows if r < grid.height and grid.rows[r - grid.top])
    columns = frozenset(c for c in inside.columns if c < grid.width)
    return replace(grid, hidden=dict(inside.cells), hidden_rows=rows, hidden_columns=columns)


def _grid(name: str, sheet: python_calamine.CalamineSheet, meta: python_calamine.SheetMetadata) -> Grid:
    start = sheet.start or (0, 0)
    rows: list[tuple[Value, ...]] = []
    cells = 0
    for row in _rows_of(sheet, start[0]):
        rows.append(_trimmed(row))
        cells += len(rows[-1])
        if cells > MAX_CELLS:
            raise UnreadableError("file_too_large", "tệp có quá nhiều ô")
    merges = tuple(sheet.merged_cell_ranges or ())
    sizes = [(bottom - top + 1) * (right - left + 1) for (top, left), (bottom, right) in merges]
    if sum(size for size in sizes if size <= MAX_MERGED) > MAX_ALL_MERGED:
        raise UnreadableError("file_too_large", "bảng gộp ô bất thường")
    return Grid(
        file=name,
        sheet=meta.name,
        rows=tuple(rows),
        left=start[1],
        visible=meta.visible == python_calamine.SheetVisibleEnum.Visible,
        merges=merges,
    )


def _rows_of(sheet: python_calamine.CalamineSheet, first: int) -> Iterable[list[Any]]:
    """The rows from row 1 of the sheet on, `first` blank ones before those used, from the first used column."""
    if sheet.height * sheet.width > MAX_CELLS:
        return sheet.iter_rows()  # one after the other: most may be formatted only
    return itertools.chain(([] for _ in range(first)), sheet.to_python())


def _trimmed(row: list[Any]) -> tuple[Value, ...]:
    """The row without the blank cells at its end: a row of formatted cells costs nothing."""
    while row and row[-1] == "":
        row.pop()
    return tuple(row)
