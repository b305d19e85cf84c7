"""A dossier list (one row a dossier) -> a frame of the columns that are counted. Other columns are not read.

Personal data of applicants (names, addresses, phone numbers) is in the other columns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.extract.dossier_lists.list_checks import (
    has_month_first_dates,
    incomplete_list,
    unit_sections,
    units_by_section,
)
from pipeline.extract.dossier_lists.list_header import DATE_COLUMNS, ListHeader, find_header, unclear_date_columns
from pipeline.extract.sheet.date_columns import to_days
from pipeline.extract.sheet.grid import Grid, Value
from pipeline.extract.sheet.row_marks import is_index_row
from pipeline.extract.wording.phrases import words
from pipeline.extract.wording.reporting_office import reporting_unit, tab_conflict
from pipeline.extract.wording.title_offices import reporter_name
from pipeline.extract.wording.title_periods import MAX_TITLE
from pipeline.extract.wording.vocabulary import Vocabulary
from pipeline.findings import Finding
from pipeline.registry import UnitIndex
from pipeline.text import nfc

#: meaning of a column -> its name in the notes
_NAMES = {
    "code": "mã hồ sơ",
    "unit": "đơn vị",
    "received": "ngày tiếp nhận",
    "due": "ngày hẹn trả",
    "finished": "ngày kết thúc",
    "status": "trạng thái",
    "channel": "hình thức tiếp nhận",
}
#: share of rows without a date or without digits in the code, from which the header is not over its columns
_MISFITS = 0.2
#: rows that a finding names
_EXAMPLES = 5
_DASHES = r"\s*[-‐-―−]\s*"


@dataclass(frozen=True)
class DossierList:
    """The counted columns of one sheet, one row a dossier.

    `frame`: file, sheet; row (number in the sheet, from 1); code; unit (name as written); received, due, finished
    (datetime64, NaT where blank); bad_date (bool: a date cell holds something else); status, channel (as written, ""
    where the list has no such column).
    """

    frame: pd.DataFrame
    has_channel: bool
    titles: tuple[str, ...]  # the texts above the header
    notes: tuple[str, ...]  # Vietnamese: what each column was taken for


def read_dossiers(grid: Grid, vocabulary: Vocabulary, index: UnitIndex) -> DossierList | Finding | None:
    """The list of a sheet; a finding where it cannot be counted; None where the sheet is no dossier list."""
    header = find_header(grid, vocabulary, index)
    if header is None:
        return None
    refused = _refused_columns(grid, header, vocabulary)
    if refused is not None:
        return refused
    titles = tuple(t[:MAX_TITLE] for r in range(grid.top, header.top) for _, t in grid.row_texts(r))
    frame = _frame(grid, header, vocabulary)
    refused = _shifted(frame, grid, header) or incomplete_list(grid, set(frame["row"] - 1))
    if refused is not None:
        return refused
    units = _unit_names(frame, grid, header, titles, index)
    if isinstance(units, Finding):
        return units
    frame["unit"] = units
    refused = _rows_without_code_or_unit(frame, grid)
    if refused is not None:
        return refused
    frame = frame.loc[frame["code"] != ""].reset_index(drop=True)
    return DossierList(frame, "channel" in header.columns, titles, tuple(_notes(len(frame), grid, header)))


def _notes(dossiers: int, grid: Grid, header: ListHeader) -> list[str]:
    sheet = f", trang “{grid.sheet}”" if grid.sheet else ""
    lines = [f"Danh sách {dossiers} hồ sơ{sheet}:"]
    for key, column in header.columns.items():
        letter = grid.address(header.bottom, column).rstrip("0123456789")
        lines.append(f"  cột {letter} “{grid.merged_text(header.bottom, column)}” = {_NAMES[key]}")
    return lines


def _refused_columns(grid: Grid, header: ListHeader, vocabulary: Vocabulary) -> Finding | None:
    """A finding where a date column is missing or ambiguous, or its dates are month first."""
    place = grid.place_of(header.rows)
    unclear = unclear_date_columns(grid, header, vocabulary)
    if unclear:
        return place.finding("list_unclear_dates", found=unclear)
    missing = [name for key, name in DATE_COLUMNS.items() if key not in header.columns]
    if missing:
        return place.finding("list_without_dates", found=", ".join(missing), expected="đủ ba cột ngày")
    dates = [c for key, c in header.columns.items() if key in DATE_COLUMNS]
    month_first = [c for c in dates if has_month_first_dates(_column(grid.rows, c - grid.left))]
    if month_first:
        return place.finding("list_unclear_dates", found=", ".join(header.named_column(grid, c) for c in month_first))
    return None


def _unit_names(
    frame: pd.DataFrame, grid: Grid, header: ListHeader, titles: Sequence[str], index: UnitIndex
) -> pd.Series | Finding:
    """The unit name of each dossier, "" where unknown; a finding where two places name different units.

    Names come from the list's own column, else from the row above each group, else from the titles or the tab.
    """
    has_names = bool((frame["unit"] != "").any())
    above = "" if has_names else reporting_unit(titles, grid.sheet, index)
    conflict = None if has_names else tab_conflict(above, titles, grid, index)
    if conflict is not None:
        return conflict
    sections = unit_sections(grid, header.bottom + 1, frame["row"] - 1, index) if (frame["unit"] == "").any() else []
    last = int(frame["row"].max()) if len(frame) else 0
    sections = [(row, name) for row, name in sections if row < last]
    others = [name for _, name in sections if above and index.resolve(name).unit_id != above]
    if others:
        inside = ", ".join(dict.fromkeys(others))
        both = f"{index.names[above]} (phía trên bảng hoặc tên trang), {inside} (trong danh sách)"
        return grid.place(sections[0][0], grid.left).finding("unit_unclear", found=both)
    names = units_by_section(frame, sections) if sections else frame["unit"]
    if (names != "").any():
        return names
    return pd.Series(index.names[above] if above else reporter_name(titles), index=frame.index, dtype="str")


def _column(rows: Sequence[Sequence[Value]], at: int) -> list[Value]:
    return [row[at] if 0 <= at < len(row) else None for row in rows]


def _frame(grid: Grid, header: ListHeader, vocabulary: Vocabulary) -> pd.DataFrame:
    """The columns of DossierList for the rows below the header that are dossiers."""
    columns, start = header.columns, header.bottom + 1
    while start < grid.height and is_index_row(grid, start):
        start += 1
    rows = grid.rows[max(0, start - grid.top) :]
    raw = {key: _column(rows, column - grid.left) for key, column in columns.items()}
    frame = pd.DataFrame({"row": np.arange(start + 1, start + 1 + len(rows))})
    for key in ("code", "unit", "status", "channel"):
        frame[key] = pd.Series([_text(v) for v in raw.get(key, [None] * len(rows))], dtype="str")
    # portals differ in the case and the dashes of one code
    frame["code"] = frame["code"].str.replace(_DASHES, "-", regex=True).str.upper()
    if "unit" in columns:
        frame["unit"] = _fill_merged(frame["unit"].tolist(), grid, start, columns["unit"])
    frame = _with_dates(frame, raw, grid, columns)
    frame["file"], frame["sheet"] = grid.file, grid.sheet
    # a header that is repeated on the next page is no dossier
    code_labels = vocabulary.dossiers["code"]
    is_header = frame["code"].map({c: words(c) in code_labels for c in frame["code"].unique()}).astype(bool)
    # totals and signatures below the list have text in the first column and no date
    dated = frame[list(DATE_COLUMNS)].notna().any(axis=1)
    coded = frame["code"] != ""
    is_dossier = (coded & (dated | frame["bad_date"])) | frame["received"].notna()
    return frame.loc[is_dossier & ~is_header].reset_index(drop=True)


def _with_dates(
    frame: pd.DataFrame, raw: Mapping[str, Sequence[Value]], grid: Grid, columns: Mapping[str, int]
) -> pd.DataFrame:
    """The frame with the columns received, due, finished and bad_date."""
    dates: dict[str, pd.Series] = {}
    bad = pd.Series(False, index=frame.index)
    for key in DATE_COLUMNS:
        dates[key], wrong = to_days(pd.Series(raw[key], dtype="object"))
        # the reader library returns a blank for an error cell: it must not pass for "no due date" or "not finished"
        misread = {r for r, c in grid.misread if c == columns[key]}
        bad |= wrong | (frame["row"] - 1).isin(misread)
    return frame.assign(**dates, bad_date=bad)


def _fill_merged(units: Sequence[str], grid: Grid, start: int, column: int) -> pd.Series:
    """The unit names of the rows from `start` on; a name merged over several rows belongs to each of them."""
    filled = list(units)
    for (top, left), (bottom, right) in grid.merges:
        if left <= column <= right and bottom > top >= start:
            below = slice(top - start, min(bottom + 1 - start, len(filled)))
            filled[below] = [grid.text(top, left)] * len(filled[below])
    return pd.Series(filled, dtype="str")


def _text(value: Value) -> str:
    if value is None or value == "":
        return ""
    return nfc(int(value) if isinstance(value, float) and value.is_integer() else value)


def _rows_without_code_or_unit(frame: pd.DataFrame, grid: Grid) -> Finding | None:
    """A finding where rows with dates have no code, or some rows but not all have no unit."""
    for column, name in (("code", "mã hồ sơ"), ("unit", "tên đơn vị")):
        blank = frame.loc[frame[column] == "", "row"]
        if len(blank) and (column == "code" or len(blank) < len(frame)):
            rows = ", ".join(map(str, blank.head(_EXAMPLES))) + (", …" if len(blank) > _EXAMPLES else "")
            place = grid.place_of(f"dòng {rows}")
            found, expected = f"{len(blank)} dòng không có {name}", f"mỗi dòng có {name}"
            return place.finding("list_incomplete", found=found, expected=expected)
    return None


def _shifted(frame: pd.DataFrame, grid: Grid, header: ListHeader) -> Finding | None:
    """A finding where many date cells are no dates or many codes have no digit: the header is not over its columns."""
    if frame.empty:
        return None
    found = ""
    without_digits = ~frame.loc[frame["code"] != "", "code"].str.contains(r"\d")
    if frame["bad_date"].mean() > _MISFITS:
        found = f"{int(frame['bad_date'].sum())} trên {len(frame)} dòng có ô ngày không phải ngày"
    elif without_digits.mean() > _MISFITS:
        found = f"{int(without_digits.sum())} trên {len(frame)} mã hồ sơ không có chữ số"
    return (
        grid.place_of(header.rows).finding("list_shifted", found=found, expected="giá trị đúng cột") if found else None
    )
