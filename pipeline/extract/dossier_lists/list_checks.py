"""What a dossier list gives away against itself: groups of rows by unit, dates turned round, pages left out."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from pipeline.extract.sheet.grid import Grid, Value
from pipeline.extract.wording.reporting_office import looks_like_office
from pipeline.registry import ORDINAL_PREFIX, UnitIndex
from pipeline.text import nfc

_TAIL = re.compile(r"\s*(?:\([^()]*\)|:\s*\d[\d.]*(?:\s*hồ sơ)?)\s*$")
_ORDINAL = re.compile(r"\(?(?:\d{1,3}|[IVX]{1,4}|[A-Z])[.)]?")
_TWO_PARTS = re.compile(r"^\D*(\d{1,2})[/.\-](\d{1,2})[/.\-]\d{4}\b")
#: how many dossiers a list says it has: the whole line, or in words that say nothing else
_STATED = re.compile(
    r"(?:tổng(?:\s+(?:số|cộng))?(?:\s+(?:hồ sơ|bản ghi|kết quả|dòng))?\s*:?|trong(?: tổng)? số|hiển thị\s+\d+\s*/)\s*"
    r"(\d[\d.]*)\s*(?:hồ sơ|bản ghi|kết quả|dòng)?\W*$",
    re.IGNORECASE,
)
_PAGE = re.compile(r"^\W*(?:trang|page)\s*(\d{1,4})\s*/\s*(\d{1,4})\W*$", re.IGNORECASE)
#: share of dates month first among those whose order shows, from which they are no slips
_TURNED = 0.05


def sections(grid: Grid, start: int, counted: Iterable[int], index: UnitIndex) -> list[tuple[int, str]]:
    """(row, name) of the rows from `start` on that hold nothing but the name of an office: a group begins there."""
    taken, found = set(counted), []
    for row in range(start, grid.height):
        if row in taken:
            continue
        texts = [t for c, t in grid.row_texts(row) if grid.anchor(row, c) == (row, c) and not _ORDINAL.fullmatch(t)]
        if len(texts) != 1:
            continue
        lead = ORDINAL_PREFIX.match(texts[0])
        name = _TAIL.sub("", texts[0][lead.end() :] if lead else texts[0])
        known = index.resolve(name)
        if known.unit_id or known.candidates or looks_like_office(name):
            found.append((row, name))
    return found


def by_section(frame: pd.DataFrame, found: Sequence[tuple[int, str]]) -> pd.Series:
    """The unit of each row: its own, else that of the group it stands in; "" before the first."""
    starts = np.array([row + 1 for row, _ in found])
    at = np.searchsorted(starts, frame["row"].to_numpy(), side="left") - 1
    names = pd.Series(["", *(name for _, name in found)], dtype="str")
    return (
        frame["unit"].where(frame["unit"] != "", pd.Series(names.to_numpy()[at + 1], index=frame.index)).astype("str")
    )


def turned_dates(values: Sequence[Value]) -> bool:
    """Whether a column of dates was read month first by somebody: as text, or by Excel where the day allowed it."""
    written = Counter(v for v in values if isinstance(v, str))  # each different text is looked at once
    parts = [(int(m[1]), int(m[2]), n) for v, n in written.items() if (m := _TWO_PARTS.match(nfc(v)))]
    month_first = sum(n for a, b, n in parts if a <= 12 < b)
    day_first = sum(n for a, b, n in parts if b <= 12 < a)
    if month_first and month_first > _TURNED * (month_first + day_first):
        return True
    days = [v.day for v in values if isinstance(v, dt.date)]
    # Excel took for dates what could be month first, and left as text what could not
    return bool(days and parts) and max(days) <= 12 and day_first == sum(n for _, _, n in parts)


def left_out(grid: Grid, counted: set[int]) -> tuple[str, str, str]:
    """(cell, what the sheet says, what it holds) where it says that it is not all there is; else three ""."""
    pages: dict[int, tuple[set[int], str, str]] = {}
    for row in range(grid.top, grid.height):
        texts = grid.row_texts(row) if row not in counted else []
        for column, text in texts if len(texts) <= 2 else ():
            cell = grid.address(row, column)
            page = _PAGE.match(text)
            if page and int(page[2]) > 1:
                pages.setdefault(int(page[2]), (set(), cell, text))[0].add(int(page[1]))
            stated = _STATED.search(text)
            if stated and int(stated[1].replace(".", "")) > len(counted):
                return cell, f"“{text}”", f"{len(counted)} dòng"
    for last, (seen, cell, text) in pages.items():
        if len(seen) < last:
            return cell, f"“{text}”", f"{len(seen)} trang"
    return "", "", ""


def of_another_time(frame: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> str:
    """When the dossiers of a list came in and ended where none did either within [start, end]; "" otherwise."""
    received, finished = frame["received"], frame["finished"]
    if (received.between(start, end) | finished.between(start, end)).any():
        return ""
    if not ((received > end) | (finished < start)).any():
        return ""  # only what has been pending for long
    days = pd.concat([received, finished]).dropna()
    return f"các ngày từ {days.min():%d/%m/%Y} đến {days.max():%d/%m/%Y}"
