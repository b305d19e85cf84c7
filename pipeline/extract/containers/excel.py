"""Excel workbooks (xlsx, xlsm, xls) -> grids with true addresses. No macro is run and no link is followed.

python-calamine reads the cell values. It returns some cells otherwise than Excel shows them and does not report hidden
rows and columns; those are read from the XML of the sheets (`xlsx_hidden`) or from the records of an .xls
(`xls_hidden`).
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import python_calamine

from pipeline.extract.containers.hidden_content import HiddenContent
from pipeline.extract.containers.xlsx_hidden import hidden_in_xlsx
from pipeline.extract.sheet.cell_values import see
from pipeline.extract.sheet.grid import MAX_MERGED, Grid, UnreadableError, Value

#: cells of one sheet; a list of 200,000 dossiers has under three million
MAX_CELLS = 8_000_000
#: cells inside the merged ranges of a sheet, backgrounds excluded
MAX_ALL_MERGED = 2_000_000
#: characters of a cell's text that are kept beside its value
_LONGEST_SHOWN = 60


def read_workbook(name: str, data: bytes) -> list[Grid]:
    """All worksheets of an Excel file, hidden sheets included (`visible` False). Raises UnreadableError."""
    is_xls = data[:2] != b"PK"
    if is_xls:
        from pipeline.extract.containers.compound_file import refuse_other_documents  # imported for .xls files only

        refuse_other_documents(data)
    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
        sheets = [m for m in book.sheets_metadata if m.typ == python_calamine.SheetTypeEnum.WorkSheet]
        grids = [_grid(name, book.get_sheet_by_name(m.name), m) for m in sheets]
    except python_calamine.PasswordError:
        raise UnreadableError("file_encrypted", "tệp đặt mật khẩu") from None
    except (UnreadableError, MemoryError, KeyboardInterrupt):
        raise
    except BaseException as error:  # a panic of the reader library is a BaseException, not an Exception
        raise UnreadableError("file_unreadable", f"không mở được bảng tính ({type(error).__name__})") from None
    hidden = _hidden_in_xls(data, book.sheet_names) if is_xls else hidden_in_xlsx(data)
    return [_with_hidden(g, hidden[g.sheet]) if g.sheet in hidden else g for g in grids]


def _hidden_in_xls(data: bytes, names: Sequence[str]) -> Mapping[str, HiddenContent]:
    """Sheet name -> its hidden content. Raises UnreadableError where library and records list different sheets."""
    from pipeline.extract.containers.xls_hidden import hidden_in_xls

    found = hidden_in_xls(data)
    if len(found) != len(names) or len(set(names)) != len(names):
        raise UnreadableError("file_unreadable", "tệp kê các trang không khớp; mở bằng Excel rồi lưu lại dạng .xlsx")
    return dict(zip(names, found, strict=True))


def _with_hidden(grid: Grid, hidden: HiddenContent) -> Grid:
    """The grid with the hidden content of its sheet. Hidden rows and columns without any cell are left out."""
    rows = frozenset(r for r in hidden.rows if r < grid.height and grid.rows[r - grid.top])
    columns = frozenset(c for c in hidden.columns if c < grid.width)
    misread = {at: m if m.text else replace(m, text=_shown(grid.value(*at))) for at, m in hidden.cells.items()}
    return replace(grid, misread=misread, hidden_rows=rows, hidden_columns=columns)


def _shown(value: Value) -> str:
    """The text of a cell of which only its address is known, cut to what a finding can name."""
    return see(value).text[:_LONGEST_SHOWN]


def _grid(name: str, sheet: python_calamine.CalamineSheet, meta: python_calamine.SheetMetadata) -> Grid:
    """The values of one sheet: rows from row 1 of the sheet on, columns from the first used one on."""
    start = sheet.start or (0, 0)
    rows: list[list[Any]]
    if sheet.height * sheet.width > MAX_CELLS:
        rows = _rows_of_sparse_sheet(sheet)
    else:
        rows = [[] for _ in range(start[0])]
        rows += map(_without_trailing_blanks, sheet.to_python())
    while rows and not rows[-1]:
        rows.pop()
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


def _rows_of_sparse_sheet(sheet: python_calamine.CalamineSheet) -> list[list[Any]]:
    """The rows of a sheet whose used range exceeds `MAX_CELLS`, read one by one: most cells may be blank but formatted.

    Raises UnreadableError where more than `MAX_CELLS` cells remain after the blanks at the end of each row are dropped.
    """
    rows: list[list[Any]] = []
    cells = 0
    for full_row in sheet.iter_rows():
        row = _without_trailing_blanks(full_row)
        rows.append(row)
        cells += len(row)
        if cells > MAX_CELLS:
            raise UnreadableError("file_too_large", "tệp có quá nhiều ô")
    return rows


def _without_trailing_blanks(row: list[Any]) -> list[Any]:
    """The row up to its last filled cell. It is shortened in place: no other object refers to it."""
    while row and row[-1] == "":
        row.pop()
    return row
