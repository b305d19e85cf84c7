"""Checks of a dossier list by its own content: groups by unit, month-first dates, missing pages, other periods."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from pipeline.extract.sheet.grid import Grid, Value
from pipeline.extract.wording.reporting_office import looks_like_office
from pipeline.findings import Finding
from pipeline.registry import ORDINAL_PREFIX, UnitIndex
from pipeline.text import nfc

#: what may follow the name of a unit in the row over its group: a bracket, a number of dossiers
_AFTER_NAME = re.compile(r" ?(?:\([^()]*\)|: ?\d[\d.]*(?: ?hồ sơ)?) ?$")
_ORDINAL = re.compile(r"\(?(?:\d{1,3}|[IVX]{1,4}|[A-Z])[.)]?")
#: the first two numbers of a date
_DAY_AND_MONTH = re.compile(r"^\D*(\d{1,2})[/.\-](\d{1,2})[/.\-]\d{4}\b")
#: a stated number of dossiers, at the end of a line
_STATED = re.compile(
    r"(?:tổng(?: (?:số|cộng))?(?: (?:hồ sơ|bản ghi|kết quả|dòng))? ?:?|trong(?: tổng)? số|hiển thị \d+ ?/) ?"
    r"(\d[\d.]*) ?(?:hồ sơ|bản ghi|kết quả|dòng)?\W*$",
    re.IGNORECASE,
)
_PAGE = re.compile(r"^\W*(?:trang|page) ?(\d{1,4}) ?/ ?(\d{1,4})\W*$", re.IGNORECASE)
#: share of month-first dates among those whose order is certain, from which they are no typing errors
_MONTH_FIRST_SHARE = 0.05


@dataclass
class _Pages:
    """The page marks of a list with a given number of pages."""

    first: tuple[int, int]  # cell of the first mark
    text: str
    numbers: set[int] = field(default_factory=set)


def unit_sections(grid: Grid, start: int, counted: Iterable[int], index: UnitIndex) -> list[tuple[int, str]]:
    """(row, name) of the rows from `start` on that hold only the name of an office: a group of dossiers begins there.

    `counted`: rows of dossiers, which are skipped. Rows count from 0.
    """
    skipped, found = set(counted), []
    for row in range(start, grid.height):
        if row in skipped:
            continue
        texts = [t for c, t in grid.row_texts(row) if grid.anchor(row, c) == (row, c) and not _ORDINAL.fullmatch(t)]
        if len(texts) != 1:
            continue
        prefix = ORDINAL_PREFIX.match(texts[0])
        name = _AFTER_NAME.sub("", texts[0][prefix.end() :] if prefix else texts[0])
        known = index.resolve(name)
        if known.unit_id or known.candidates or looks_like_office(name):
            found.append((row, name))
    return found


def units_by_section(frame: pd.DataFrame, sections: Sequence[tuple[int, str]]) -> pd.Series:
    """The unit name of each dossier: its own, else that of the section above it; "" before the first section.

    `frame`: columns `row` (from 1) and `unit`. `sections`: from `unit_sections`.
    """
    starts = np.array([row + 1 for row, _ in sections])
    at = np.searchsorted(starts, frame["row"].to_numpy(), side="left") - 1
    names = pd.Series(["", *(name for _, name in sections)], dtype="str")
    of_section = pd.Series(names.to_numpy()[at + 1], index=frame.index)
    return frame["unit"].where(frame["unit"] != "", of_section).astype("str")


def has_month_first_dates(values: Sequence[Value]) -> bool:
    """Whether a column of dates was written or converted month first.

    Either texts show it (`01/25/2022`), or Excel converted every date that is possible month first and left the others
    as text: then no converted day is above 12 and every remaining text is.
    """
    written = Counter(v for v in values if isinstance(v, str))  # each distinct text is parsed once
    parts = [
        (int(m[1]), int(m[2]), n)
        for v, n in written.items()
        if (m := _DAY_AND_MONTH.match(v if v.isascii() else nfc(v)))
    ]
    month_first = sum(n for a, b, n in parts if a <= 12 < b)
    day_first = sum(n for a, b, n in parts if b <= 12 < a)
    if month_first and month_first > _MONTH_FIRST_SHARE * (month_first + day_first):
        return True
    days = [v.day for v in values if isinstance(v, dt.date)]
    return bool(days and parts) and max(days) <= 12 and day_first == sum(n for _, _, n in parts)


def incomplete_list(grid: Grid, counted: set[int]) -> Finding | None:
    """A finding where the sheet states more dossiers or more pages than it holds.

    `counted`: the rows of its dossiers, from 0.
    """
    pages: dict[int, _Pages] = {}
    for row in range(grid.top, grid.height):
        texts = grid.row_texts(row) if row not in counted else []
        for column, text in texts if len(texts) <= 2 else ():
            page = _PAGE.match(text)
            if page and int(page[2]) > 1:
                pages.setdefault(int(page[2]), _Pages((row, column), text)).numbers.add(int(page[1]))
            stated = _STATED.search(text)
            if stated and int(stated[1].replace(".", "")) > len(counted):
                place = grid.place(row, column)
                return place.finding("list_left_out", found=f"“{text}”", expected=f"{len(counted)} dòng")
    for last, marks in pages.items():
        if len(marks.numbers) < last:
            place = grid.place(*marks.first)
            return place.finding("list_left_out", found=f"“{marks.text}”", expected=f"{len(marks.numbers)} trang")
    return None


def dates_outside_period(frame: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> str:
    """The range of the dates of a list, in Vietnamese, where no dossier came in or ended within [start, end].

    "" where one did, and where all dossiers have been pending since before the period. `frame`: as in DossierList.
    """
    received, finished = frame["received"], frame["finished"]
    if (received.between(start, end) | finished.between(start, end)).any():
        return ""
    if not ((received > end) | (finished < start)).any():
        return ""
    days = pd.concat([received, finished]).dropna()
    return f"các ngày từ {days.min():%d/%m/%Y} đến {days.max():%d/%m/%Y}"
