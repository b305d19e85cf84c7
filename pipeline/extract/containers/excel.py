"""Bytes of a workbook -> grids of cells with true addresses; nothing is executed, fetched or guessed.

python-calamine reads the values; what it hides is looked for in the sheets' XML (`sheet_xml.py`)
or, of an .xls, in its records (`biff.py`).
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import python_calamine

from pipeline.extract.containers.xlsx_hidden import Inside, look_inside
from pipeline.extract.sheet.grid import MAX_MERGED, Grid, UnreadableError

#: cells of all sheets; a list of 200,000 dossiers has under three million
MAX_CELLS = 8_000_000
#: cells inside merged ranges of a sheet, backgrounds apart
MAX_ALL_MERGED = 2_000_000


def read_workbook(name: str, data: bytes) -> list[Grid]:
    """All sheets of an Excel file (xlsx, xlsm, xls), hidden ones marked. Raises UnreadableError."""
    of_records = data[:2] != b"PK"
    if of_records:
        from pipeline.extract.containers.xls_hidden import refuse_others  # what reads records is loaded for them only

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
    inside = _inside_records(data, book.sheet_names) if of_records else look_inside(data)
    return [_with(g, inside[g.sheet]) if g.sheet in inside else g for g in grids]


def _inside_records(data: bytes, names: Sequence[str]) -> dict[str, Inside]:
    from pipeline.extract.containers.xls_hidden import look_inside_biff

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
    # rows from row 1 of the sheet on, blank ones before those used; columns from the first used one
    rows: list[list[Any]]
    if sheet.height * sheet.width > MAX_CELLS:
        rows = _few_of_many(sheet)
    else:
        rows = [[] for _ in range(start[0])]
        rows += sheet.to_python()
        for row in rows:
            if row and row[-1] == "":
                _trim(row)
    merges = tuple(sheet.merged_cell_ranges or ())
    sizes = [(bottom - top + 1) * (right - left + 1) for (top, left), (bottom, right) in merges]
    if sum(size for size in sizes if size <= MAX_MERGED) > MAX_ALL_MERGED:
        raise UnreadableError("file_too_large", "bảng gộp ô bất thường")
    return Grid(
        file=name,
        sheet=meta.name,
        rows=rows,
        left=start[1],
        visible=meta.visible == python_calamine.SheetVisibleEnum.Visible,
        merges=merges,
    )


def _few_of_many(sheet: python_calamine.CalamineSheet) -> list[list[Any]]:
    """The rows of a sheet with more places than a file may have cells, one after the other: most may be formatted only.

    Raises UnreadableError where more than that are filled.
    """
    rows: list[list[Any]] = []
    cells = 0
    for row in sheet.iter_rows():
        _trim(row)
        rows.append(row)
        cells += len(row)
        if cells > MAX_CELLS:
            raise UnreadableError("file_too_large", "tệp có quá nhiều ô")
    return rows


def _trim(row: list[Any]) -> None:
    """Drop the blank cells at its end: a row of formatted cells costs nothing."""
    while row and row[-1] == "":
        row.pop()
