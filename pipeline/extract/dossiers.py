"""A dossier list (one row a dossier) -> the columns that are counted. Personal data is never read past the header."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.extract.dates import to_days
from pipeline.extract.grid import Grid, Value
from pipeline.extract.labels import Phrase, Vocabulary, words
from pipeline.extract.tables import is_index_row
from pipeline.extract.titles import reporter
from pipeline.findings import Finding
from pipeline.text import nfc

_HEADER_ROWS = 200
_NEEDED = {"received": "ngày tiếp nhận", "due": "ngày hẹn trả", "finished": "ngày kết thúc xử lý"}
#: a list whose header does not stand over its columns shows in cells that are no dates or no codes
_MISFITS = 0.2


@dataclass(frozen=True)
class DossierList:
    """The counted columns of one sheet. `frame`: file, sheet, row (from 1), code, unit (as written), received, due,

    finished (datetime64, NaT), bad_date (bool), status, channel (as written; "" where the list has no such column).
    """

    frame: pd.DataFrame
    has_channel: bool
    titles: tuple[str, ...]
    notes: tuple[str, ...]


def read_dossiers(grid: Grid, vocabulary: Vocabulary) -> DossierList | Finding | None:
    """The list of a sheet; a finding where it cannot be counted; None where the sheet is no list."""
    header = _header(grid, vocabulary)
    if header is None:
        return None
    top, bottom, columns = header
    missing = [name for key, name in _NEEDED.items() if key not in columns]
    if missing:
        where = (grid.file, grid.sheet, f"{top + 1}:{bottom + 1}")
        return Finding("list_without_dates", "", *where, found=", ".join(missing), expected="đủ ba cột ngày")
    titles = tuple(t for r in range(grid.top, top) for _, t in grid.row_texts(r))
    frame = _frame(grid, bottom + 1, columns)
    misfit = _misfit(frame)
    if misfit:
        return Finding("list_shifted", "", grid.file, grid.sheet, f"{top + 1}:{bottom + 1}", misfit, "giá trị đúng cột")
    if not (frame["unit"] != "").any():
        frame["unit"] = reporter(titles)
    taken = "; ".join(f"cột {grid.address(bottom, c).rstrip('0123456789')} = {key}" for key, c in columns.items())
    note = f"Danh sách {len(frame)} hồ sơ, trang “{grid.sheet}”: {taken}"
    return DossierList(frame, "channel" in columns, titles, (note,))


def _header(grid: Grid, vocabulary: Vocabulary) -> tuple[int, int, dict[str, int]] | None:
    """(first row, last row, column by meaning) of a row that names dossiers by code and at least one date or status."""
    for row in range(grid.top, min(grid.height, grid.top + _HEADER_ROWS)):
        texts = [(c, words(t)) for c, t in grid.row_texts(row)]
        if not any(label in vocabulary.dossiers["code"] for _, label in texts):
            continue
        bottom = max([row, *(b for (t, _), (b, _) in grid.merges if t == row and b - t < 5)])
        columns: dict[str, int] = {}
        for column in range(grid.left, grid.width):
            leaf = words(grid.merged_text(bottom, column)) or words(grid.merged_text(row, column))
            key = _meaning(leaf, vocabulary)
            if key and key not in columns:
                columns[key] = column
        units = [
            c for c in range(grid.left, grid.width) if words(grid.merged_text(bottom, c)) in vocabulary.dossiers["unit"]
        ]
        if len(units) > 1:
            columns["unit"] = max(
                units, key=lambda c: len({grid.text(r, c) for r in range(bottom + 1, min(grid.height, bottom + 500))})
            )
        if len(columns) >= 3 or {"status", "code"} <= set(columns):
            return row, bottom, columns
    return None


def _meaning(label: Phrase, vocabulary: Vocabulary) -> str:
    return next((key for key, labels in vocabulary.dossiers.items() if label in labels), "")


def _column(rows: Sequence[tuple[Value, ...]], at: int) -> list[Value]:
    return [row[at] if 0 <= at < len(row) else None for row in rows]


def _frame(grid: Grid, start: int, columns: dict[str, int]) -> pd.DataFrame:
    while start < grid.height and is_index_row(grid, start):
        start += 1
    rows = grid.rows[max(0, start - grid.top) :]
    raw = {key: _column(rows, column - grid.left) for key, column in columns.items()}
    frame = pd.DataFrame({"row": np.arange(start + 1, start + 1 + len(rows))})
    for key in ("code", "unit", "status", "channel"):
        frame[key] = pd.Series([_text(v) for v in raw.get(key, [None] * len(rows))], dtype="str")
    keep = frame["code"] != ""
    bad = pd.Series(False, index=frame.index)
    for key in ("received", "due", "finished"):
        days, wrong = to_days(pd.Series(raw[key], dtype="object"))
        frame[key] = days
        bad |= wrong
    frame["bad_date"] = bad
    frame["file"], frame["sheet"] = grid.file, grid.sheet
    # below the list stand totals and signatures: text in the first column, none of the dates
    dated = frame[["received", "due", "finished"]].notna().any(axis=1) | frame["bad_date"]
    return frame.loc[keep & dated].reset_index(drop=True)


def _text(value: Value) -> str:
    if value is None or value == "":
        return ""
    return nfc(int(value) if isinstance(value, float) and value.is_integer() else value)


def _misfit(frame: pd.DataFrame) -> str:
    if frame.empty:
        return ""
    if frame["bad_date"].mean() > _MISFITS:
        return f"{int(frame['bad_date'].sum())} trên {len(frame)} dòng có ô ngày không phải ngày"
    without_digits = ~frame["code"].str.contains(r"\d")
    if without_digits.mean() > _MISFITS:
        return f"{int(without_digits.sum())} trên {len(frame)} mã hồ sơ không có chữ số"
    return ""
