"""A dossier list (one row a dossier) -> the columns that are counted. Personal data is never read past the header."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.extract.dossier_lists.list_checks import by_section, left_out, sections, turned_dates
from pipeline.extract.sheet.date_columns import to_days
from pipeline.extract.sheet.grid import Grid, Value, column_letter
from pipeline.extract.sheet.row_marks import is_index_row
from pipeline.extract.wording.phrases import Phrase, bracket_words, words
from pipeline.extract.wording.reporting_office import reporting_unit, tab_conflict
from pipeline.extract.wording.title_offices import reporter_name
from pipeline.extract.wording.title_periods import MAX_TITLE
from pipeline.extract.wording.vocabulary import Vocabulary
from pipeline.findings import Finding
from pipeline.registry import UnitIndex
from pipeline.text import nfc

_NAMES = {
    "code": "mã hồ sơ",
    "unit": "đơn vị",
    "received": "ngày tiếp nhận",
    "due": "ngày hẹn trả",
    "finished": "ngày kết thúc",
    "status": "trạng thái",
    "channel": "hình thức tiếp nhận",
}
_NEEDED = {"received": "ngày tiếp nhận", "due": "ngày hẹn trả", "finished": "ngày kết thúc xử lý"}
#: a list whose header does not stand over its columns shows in cells that are no dates or no codes
_MISFITS = 0.2
_DASHES = r"\s*[-‐-―−]\s*"


@dataclass(frozen=True)
class DossierList:
    """The counted columns of one sheet. `frame`: file, sheet, row (from 1), code, unit (as written), received, due,

    finished (datetime64, NaT), bad_date (bool), status, channel (as written; "" where the list has no such column).
    """

    frame: pd.DataFrame
    has_channel: bool
    titles: tuple[str, ...]
    notes: tuple[str, ...]


def read_dossiers(grid: Grid, vocabulary: Vocabulary, index: UnitIndex) -> DossierList | Finding | None:
    """The list of a sheet; a finding where it cannot be counted; None where the sheet is no list."""
    header = _header(grid, vocabulary, index)
    if header is None:
        return None
    top, bottom, columns = header
    unclear = _unclear_dates(grid, top, bottom, columns, vocabulary)
    if unclear:
        return Finding("list_unclear_dates", "", grid.file, grid.sheet, f"{top + 1}:{bottom + 1}", unclear)
    missing = [name for key, name in _NEEDED.items() if key not in columns]
    if missing:
        where = (grid.file, grid.sheet, f"{top + 1}:{bottom + 1}")
        return Finding("list_without_dates", "", *where, found=", ".join(missing), expected="đủ ba cột ngày")
    titles = tuple(t[:MAX_TITLE] for r in range(grid.top, top) for _, t in grid.row_texts(r))
    frame = _frame(grid, bottom + 1, columns, vocabulary)
    turned = [c for k, c in columns.items() if k in _NEEDED and turned_dates(_column(grid.rows, c - grid.left))]
    if turned:
        heads = ", ".join(f"{column_letter(c)} “{_leaf(grid, top, bottom, c)}”" for c in turned)
        return Finding("list_unclear_dates", "", grid.file, grid.sheet, f"{top + 1}:{bottom + 1}", heads)
    misfit = _misfit(frame)
    if misfit:
        return Finding("list_shifted", "", grid.file, grid.sheet, f"{top + 1}:{bottom + 1}", misfit, "giá trị đúng cột")
    cell, says, holds = left_out(grid, set(frame["row"] - 1))
    if cell:
        return Finding("list_left_out", "", grid.file, grid.sheet, cell, says, holds)
    two_offices = _name_units(frame, grid, bottom, titles, index)
    if two_offices is not None:
        return two_offices
    lost = _lost(frame)
    if lost:
        return Finding("list_incomplete", "", grid.file, grid.sheet, *lost)
    frame = frame.loc[frame["code"] != ""].reset_index(drop=True)
    stands = f", trang “{grid.sheet}”" if grid.sheet else ""
    lines = [f"Danh sách {len(frame)} hồ sơ{stands}:"]
    for key, column in columns.items():
        letter = grid.address(bottom, column).rstrip("0123456789")
        lines.append(f"  cột {letter} “{grid.merged_text(bottom, column)}” = {_NAMES[key]}")
    return DossierList(frame, "channel" in columns, titles, tuple(lines))


def _name_units(
    frame: pd.DataFrame, grid: Grid, bottom: int, titles: Sequence[str], index: UnitIndex
) -> Finding | None:
    """Fill in whose dossiers they are where no column says so: the row over each group, or what stands above."""
    unnamed = not (frame["unit"] != "").any()
    above = reporting_unit(titles, grid.sheet, index) if unnamed else ""
    two_offices = tab_conflict(above, titles, grid, index) if unnamed else None
    if two_offices is not None:
        return two_offices
    groups = sections(grid, bottom + 1, frame["row"] - 1, index) if (frame["unit"] == "").any() else []
    last = int(frame["row"].max()) if len(frame) else 0
    groups = [(row, name) for row, name in groups if row < last]
    others = [name for _, name in groups if above and index.resolve(name).unit_id != above]
    if others:
        inside = ", ".join(dict.fromkeys(others))
        both = f"{index.names[above]} (phía trên bảng hoặc tên trang), {inside} (trong danh sách)"
        return Finding("unit_unclear", "", grid.file, grid.sheet, grid.address(groups[0][0], grid.left), both)
    if groups:
        frame["unit"] = by_section(frame, groups)
    if not (frame["unit"] != "").any():
        frame["unit"] = index.names[above] if above else reporter_name(titles)
    return None


def _header(grid: Grid, vocabulary: Vocabulary, index: UnitIndex) -> tuple[int, int, dict[str, int]] | None:
    """(first row, last row, column by meaning) of a row that names dossiers by code and at least one date or status."""
    for row in grid.first_rows_with(vocabulary.code_heads):
        bottom = max([row, *(b for (t, _), (b, _) in grid.merges_from(row) if b - t < 5)])
        if bottom == row and any(_meaning(words(t), vocabulary) in _NEEDED for _, t in grid.row_texts(row + 1)):
            bottom = row + 1  # two header rows that were not merged
        columns: dict[str, int] = {}
        rank: dict[str, int] = {}
        for column in range(grid.left, grid.width):
            leaf = words(_leaf(grid, row, bottom, column))
            key = _meaning(leaf, vocabulary)
            labels = vocabulary.dossiers.get(key, {})
            if key and (key not in columns or (key in _NEEDED and labels[leaf] < rank[key])):
                columns[key], rank[key] = column, labels[leaf]
        units = [
            c for c in range(grid.left, grid.width) if words(grid.merged_text(bottom, c)) in vocabulary.dossiers["unit"]
        ]
        if len(units) > 1:
            columns["unit"] = max(units, key=lambda c: _names_units(grid, c, bottom + 1, index))
        if len(columns) >= 3 or {"status", "code"} <= set(columns):
            return row, bottom, columns
    return None


def _leaf(grid: Grid, top: int, bottom: int, column: int) -> str:
    """The lowest label over a column."""
    lowest = grid.merged_text(bottom, column)
    return lowest if words(lowest) else grid.merged_text(top, column)


def _unclear_dates(grid: Grid, top: int, bottom: int, columns: dict[str, int], vocabulary: Vocabulary) -> str:
    """Columns of one date between which nothing decides: the same heading over different dates, or another date's."""
    for key in (k for k in _NEEDED if k in columns):
        taken = columns[key]
        heads = {c: _leaf(grid, top, bottom, c) for c in range(grid.left, grid.width)}
        alike = [c for c, head in heads.items() if words(head) == words(heads[taken])]
        other = any(vocabulary.other_dates.occur_in(bracket_words(heads[c])) for c in alike)
        below = range(bottom + 1, grid.height)
        beside = [c for c in alike if c != taken]
        if other or any(grid.value(r, c) != grid.value(r, taken) for c in beside for r in below):
            return ", ".join(f"{column_letter(c)} “{heads[c]}”" for c in alike)
    return ""


def _names_units(grid: Grid, column: int, start: int, index: UnitIndex) -> tuple[int, int]:
    """How well a column names units: rows whose name the registry knows, then different names (of the first rows)."""
    names = [grid.text(r, column) for r in range(start, min(grid.height, start + 500))]
    known = {n for n in set(names) if n and index.resolve(n).unit_id}
    return sum(n in known for n in names), len(set(names))


def _meaning(label: Phrase, vocabulary: Vocabulary) -> str:
    return next((key for key, labels in vocabulary.dossiers.items() if label in labels), "")


def _column(rows: Sequence[Sequence[Value]], at: int) -> list[Value]:
    return [row[at] if 0 <= at < len(row) else None for row in rows]


def _frame(grid: Grid, start: int, columns: dict[str, int], vocabulary: Vocabulary) -> pd.DataFrame:
    while start < grid.height and is_index_row(grid, start):
        start += 1
    rows = grid.rows[max(0, start - grid.top) :]
    raw = {key: _column(rows, column - grid.left) for key, column in columns.items()}
    frame = pd.DataFrame({"row": np.arange(start + 1, start + 1 + len(rows))})
    for key in ("code", "unit", "status", "channel"):
        frame[key] = pd.Series([_text(v) for v in raw.get(key, [None] * len(rows))], dtype="str")
    # one code, however it was typed: portals differ in letters and dashes
    frame["code"] = frame["code"].str.replace(_DASHES, "-", regex=True).str.upper()
    if "unit" in columns:
        frame["unit"] = _fill_merged(frame["unit"].tolist(), grid, start, columns["unit"])
    # a header repeated on the next page
    heads = frame["code"].map({c: words(c) in vocabulary.dossiers["code"] for c in frame["code"].unique()}).astype(bool)
    bad = pd.Series(False, index=frame.index)
    for key in ("received", "due", "finished"):
        days, wrong = to_days(pd.Series(raw[key], dtype="object"))
        frame[key] = days
        # an error cell or a formula never calculated looks blank: it would pass for "no due date" or "not finished"
        unread = {r for r, c in grid.misread if c == columns[key]}
        bad |= wrong | (frame["row"] - 1).isin(unread)
    frame["bad_date"] = bad
    frame["file"], frame["sheet"] = grid.file, grid.sheet
    # below the list stand totals and signatures: text in the first column, none of the dates
    dated = frame[["received", "due", "finished"]].notna().any(axis=1)
    coded = frame["code"] != ""
    kept = (coded & (dated | frame["bad_date"])) | frame["received"].notna()
    return frame.loc[kept & ~heads].reset_index(drop=True)


def _fill_merged(units: list[str], grid: Grid, start: int, column: int) -> pd.Series:
    """A name merged over several rows is that of each."""
    for (top, left), (bottom, right) in grid.merges:
        if left <= column <= right and bottom > top >= start:
            below = slice(top - start, min(bottom + 1 - start, len(units)))
            units[below] = [grid.text(top, left)] * len(units[below])
    return pd.Series(units, dtype="str")


def _text(value: Value) -> str:
    if value is None or value == "":
        return ""
    return nfc(int(value) if isinstance(value, float) and value.is_integer() else value)


def _lost(frame: pd.DataFrame) -> tuple[str, str, str] | None:
    """(rows, what is missing, what was expected) where rows with dates name no code, or some rows no unit."""
    for column, name in (("code", "mã hồ sơ"), ("unit", "tên đơn vị")):
        blank = frame.loc[frame[column] == "", "row"]
        if len(blank) and (column == "code" or len(blank) < len(frame)):
            shown = ", ".join(str(r) for r in blank.head(5)) + (", …" if len(blank) > 5 else "")
            return f"dòng {shown}", f"{len(blank)} dòng không có {name}", f"mỗi dòng có {name}"
    return None


def _misfit(frame: pd.DataFrame) -> str:
    if frame.empty:
        return ""
    if frame["bad_date"].mean() > _MISFITS:
        return f"{int(frame['bad_date'].sum())} trên {len(frame)} dòng có ô ngày không phải ngày"
    without_digits = ~frame.loc[frame["code"] != "", "code"].str.contains(r"\d")
    if without_digits.mean() > _MISFITS:
        return f"{int(without_digits.sum())} trên {len(frame)} mã hồ sơ không có chữ số"
    return ""
