"""A copy of each input with the offending cells coloured and commented; the original is never touched.

Made from the cells that were read, not from the file: every container gives a workbook, and nothing of a hostile file
is opened again. Dossier lists are not copied: they hold personal data.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, PatternFill
from openpyxl.utils import get_column_letter

from pipeline.extract.grid import Grid
from pipeline.findings import SEVERITY_NAMES
from pipeline.load.sheet import sheet_name
from pipeline.load.xlsx import clean_text, deterministic_xlsx, write_text

COLOURS = {"error": "F4B6AE", "warning": "FCE0A6", "notice": "FFF7C2"}
_ORDER = {"error": 0, "warning": 1, "notice": 2}
_CELL = re.compile(r"\b([A-Z]{1,3}[1-9]\d{0,6})\b")
#: a sheet beyond this is an error of its own; its copy would help nobody
MAX_CELLS = 200_000
AUTHOR = "tthc-scorecard"


def marked_copies(grids: Sequence[Grid], findings: pd.DataFrame) -> dict[str, bytes]:
    """`<file>.danh-dau.xlsx` -> bytes, for every file with a finding that names a cell. findings: Findings frame."""
    placed = findings.loc[(findings["file"] != "") & findings["cell"].str.contains(_CELL)]
    copies = {}
    for file, rows in placed.groupby("file", sort=True):
        sheets = [g for g in grids if g.file == file and g.visible]
        if sheets and sum(len(r) for g in sheets for r in g.rows) <= MAX_CELLS:
            copies[_copy_name(str(file))] = _copy(sheets, rows)
    return copies


def _copy_name(file: str) -> str:
    """One file name, whatever stands in a zip's member."""
    flat = re.sub(r"[^\w.\- ]+", "_", PurePosixPath(file).name if "›" not in file else file.replace(" › ", "__"))
    return f"{flat}.danh-dau.xlsx"


def _copy(sheets: Sequence[Grid], findings: pd.DataFrame) -> bytes:
    book = Workbook()
    del book[book.sheetnames[0]]
    for grid in sheets:
        sheet = book.create_sheet(sheet_name(grid.sheet or "Bảng", book.sheetnames))
        _values(sheet, grid)
        _marks(sheet, findings.loc[findings["sheet"] == grid.sheet])
    return deterministic_xlsx(book)


def _values(sheet: Any, grid: Grid) -> None:
    longest: dict[int, int] = {}
    for r, row in enumerate(grid.rows, grid.top + 1):
        for c, value in enumerate(row, grid.left + 1):
            if value is None or value == "":
                continue
            cell = sheet.cell(r, c)
            if isinstance(value, str):
                write_text(cell, value)
            else:
                cell.value = int(value) if isinstance(value, float) and value.is_integer() else value
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            longest[c] = max(longest.get(c, 0), min(len(str(value)), 40))
    for hidden_at, hidden in grid.hidden.items():
        write_text(sheet.cell(hidden_at[0] + 1, hidden_at[1] + 1), hidden.text)
    for (top, left), (bottom, right) in grid.merges:
        if (bottom - top + 1) * (right - left + 1) <= 10_000:
            sheet.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)
    for column, length in longest.items():
        sheet.column_dimensions[get_column_letter(column)].width = max(9, min(length + 2, 28))


def _marks(sheet: Any, findings: pd.DataFrame) -> None:
    """The worst finding of a cell gives its colour, all of them its comment."""
    by_cell: dict[str, list[dict[str, str]]] = {}
    for row in findings.to_dict("records"):
        for address in _CELL.findall(str(row["cell"])):
            by_cell.setdefault(address, []).append({str(k): str(v) for k, v in row.items()})
    for address, rows in by_cell.items():
        rows.sort(key=lambda r: _ORDER[r["severity"]])
        cell = _anchor(sheet, address)
        cell.fill = PatternFill("solid", fgColor=COLOURS[rows[0]["severity"]])
        comment = Comment(clean_text("\n\n".join(_texts(rows))), AUTHOR)
        comment.width, comment.height = 380, 60 + 60 * len(rows)
        cell.comment = comment


def _texts(rows: Iterable[dict[str, str]]) -> list[str]:
    return [f"{SEVERITY_NAMES[r['severity']]}: {r['message']}\n→ {r['action']}" for r in rows]


def _anchor(sheet: Any, address: str) -> Any:
    """The cell itself, or the first cell of the merged range it lies in."""
    for merged in sheet.merged_cells.ranges:
        if address in merged:
            return sheet.cell(merged.min_row, merged.min_col)
    return sheet[address]
