"""The period that the texts above a table name (dates, quarters, months, years) and how it matches a quarter.

Months and years are reporting months and years: they run from the 15th of the month before to the 14th (`periods`).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from pipeline.periods import Period
from pipeline.text import nfc

_TIME_OF_DAY = r"(?: \d{1,2}:\d{2}(?::\d{2})?)?"
_BEFORE_MONTH = r" ?(?:/|\.|-|tháng|, ?tháng) ?"
_BEFORE_YEAR = r" ?(?:/|\.|-|năm|, ?năm) ?"
_LAST_DATE = rf"(\d{{1,2}}){_BEFORE_MONTH}(\d{{1,2}}){_BEFORE_YEAR}(\d{{4}}){_TIME_OF_DAY}"
_FIRST_DATE = rf"(\d{{1,2}}){_BEFORE_MONTH}(\d{{1,2}})(?:{_BEFORE_YEAR}(\d{{4}}))?{_TIME_OF_DAY}"
_TO = r" ?[,;]? ?(?:đến hết|đến|tới|–|-|~) ?(?:ngày)? ?:? ?"
_RANGE = re.compile(rf"(?:từ ?)?(?:ngày)? ?:? ?(?<!\d){_FIRST_DATE}{_TO}{_LAST_DATE}", re.IGNORECASE)
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})(?:[ T]\d{2}:\d{2}:\d{2})?")
_NUMBER = r"(iv|iii|ii|i|[1-4]|một|nhất|hai|ba|bốn|tư)"
_QUARTER = re.compile(
    rf"(?:quý|\bq) ?[:.]? ?{_NUMBER}\b ?[,\-–/.;]? ?(?:năm ?:? ?)?(\d{{4}})(?! ?[/.] ?\d)", re.IGNORECASE
)
_YEAR_QUARTER = re.compile(r"\b(\d{4}) ?[-–/.] ?q(?:uý)? ?(iv|iii|ii|i|[1-4])\b", re.IGNORECASE)
_AND = r" ?(?:,|;|-|–|\+|&|/|và|đến|tới) ?"
#: `Quý I, II năm 2022`, `Quý 1 + 2/2022`, `quý I và quý II năm 2022`; a year between them makes them two periods
_QUARTERS = re.compile(
    rf"\bquý ?:? ?{_NUMBER}\b(?:{_AND}(?:quý ?)?{_NUMBER}\b)+(?: ?[,\-–/.]? ?(?:năm ?:? ?)?(\d{{4}})\b)?",
    re.IGNORECASE,
)
_QUARTER_ALONE = re.compile(rf"\bquý ?:? ?{_NUMBER}\b", re.IGNORECASE)
_MONTH = re.compile(r"(?<!ngày )(?<!\d )tháng ?(\d{1,2}) ?[,\-–/.]? ?(?:năm ?)?(\d{4})", re.IGNORECASE)
_MONTHS = re.compile(
    r"(?:từ ?)?tháng ?(\d{1,2})(?: ?[/.] ?(\d{4}))? ?(?:đến hết|đến|tới|–|-) ?"
    r"(?:tháng ?)?(\d{1,2}) ?[,/.\-]? ?(?:năm ?)?(\d{4})",
    re.IGNORECASE,
)
_MONTH_ALONE = re.compile(r"(?<!ngày )(?<!\d )\btháng ?(1[0-2]|0?[1-9])\b(?! ?[,\-–/.]? ?(?:năm ?)?\d)", re.IGNORECASE)
#: a sheet named after a month (`T3`, `T.3-2022`); the expression has to match the whole text
_MONTH_TAB = re.compile(r"\W*(T\.? ?(?:1[0-2]|0?[1-9]))(?: ?[-–/.] ?(\d{4}))?\W*", re.IGNORECASE)
#: first words of a stretch of the year -> its number of quarters
_STRETCHES = {
    r"(?:3|ba) ?(?:tháng|t)": 1,
    r"(?:6|sáu) ?(?:tháng|t)|(?:2|hai) ?quý|nửa|bán niên": 2,
    r"(?:9|chín) ?(?:tháng|t)|(?:3|ba) ?quý": 3,
    r"12 ?(?:tháng|t)|(?:4|bốn) ?quý|cả": 4,
}
_SPAN = re.compile(
    rf"\b(?:{'|'.join(f'({words})' for words in _STRETCHES)})"
    r"(?: ?(đầu|cuối))?(?: ?năm)?(?: ?[/.\-]? ?(?:năm ?)?(\d{4}))?\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<!quý )\bnăm ?:? ?(\d{4})\W*$", re.IGNORECASE)
#: texts whose years and quarters are those of legal acts, plans or signatures, not of the table
_CITES = re.compile(
    r"thông tư|nghị định|quyết định|kế hoạch|công văn|luật|chỉ thị|ban hành|"
    r"ngày ?\d{1,2} ?tháng ?\d{1,2} ?năm",
    re.IGNORECASE,
)
#: what the period is compared with
_COMPARES = re.compile(r"\(?\b(?:so với|cùng kỳ)\b.*$", re.IGNORECASE)
_SIGNED = re.compile(r"ngày ?\d{1,2} ?tháng ?\d{1,2} ?năm", re.IGNORECASE)
#: words that may accompany a period in a text that names nothing else
_FILLER = re.compile(
    r"kỳ báo cáo|báo cáo|số liệu|thống kê|thời gian|thời điểm|kỳ|tính|của|năm|trong|lấy|quý|tháng|ngày|từ|đến|\W|_",
    re.IGNORECASE,
)
_NUMERALS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "một": 1, "nhất": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4}

#: characters of a text above or beside a table that are searched for a period, a filter or an office
MAX_TITLE = 1_000
#: share of a quarter that a stretch of time must have in common with it to be taken for the quarter, with a warning
_ENOUGH = 0.7
#: of a named time and a quarter; "unknown": no time is named
PeriodMatch = Literal["same", "overlaps", "other_days", "other", "unknown"]


@dataclass(frozen=True)
class TitlePeriod:
    """A stretch of time that a title names, both days inclusive."""

    start: dt.date
    end: dt.date
    text: str  # the words that name it
    exact: bool = True  # dates or a quarter; False: months, half years, a year
    by_days: bool = False  # the title states the days; else they are those of periodic reports


def _cached(find: Callable[[str], Iterator[TitlePeriod]]) -> Callable[[str], tuple[TitlePeriod, ...]]:
    """The periods of a text, found once: the files of a period share their titles."""
    return lru_cache(maxsize=1 << 12)(lambda text: tuple(find(text)))


def title_periods(texts: Iterable[str], year: int | None = None) -> list[TitlePeriod]:
    """All periods that the texts name, the most exact first: dates, quarters, months, years.

    Dates of signature do not count. `year`: the year of a quarter or month that is named without one.
    """
    return list(_periods_of(tuple(texts), year))


@lru_cache(maxsize=1 << 12)  # the files of a period share their titles
def _periods_of(texts: tuple[str, ...], year: int | None) -> tuple[TitlePeriod, ...]:
    prepared = [_prepare(t) for t in texts]
    found = [p for text in prepared for p in _ranges(text)]
    several = [p for text in prepared for p in _spans_of_quarters(text, year)]
    found += several or [p for text in prepared for p in _quarters(text)]
    if year is not None and not any(p.exact for p in found):
        found += [
            _quarter(year, m[1], m.group())
            for t in prepared
            if not _CITES.search(t)
            for m in _QUARTER_ALONE.finditer(t)
        ]
    found += [p for text in prepared for p in _months(text, year)]
    return (*found, *(p for text in prepared for p in _years(text)))


def quarters_named(texts: Iterable[str], year: int) -> list[TitlePeriod]:
    """Every quarter that the texts name, one by one ("So sánh Quý III với Quý II năm 2023"); [] where they name dates.

    A quarter without a year is of the year named after it, else of `year`.
    """
    found: list[TitlePeriod] = []
    for text in map(nfc, texts):
        if _RANGE.search(text):
            return []
        for match in () if _CITES.search(text) else _QUARTER_ALONE.finditer(text):
            after = re.search(r"\b(20\d\d)\b", text[match.end() :])
            found.append(_quarter(int(after[1]) if after else year, match[1], match.group()))
    return found


def title_period(texts: Iterable[str], year: int | None = None) -> TitlePeriod | None:
    """The first of `title_periods`; None where the texts name no period."""
    return next(iter(title_periods(texts, year)), None)


def lone_periods(texts: Iterable[str], year: int | None = None) -> list[TitlePeriod]:
    """The periods of texts that name nothing else.

    For texts below or beside a table, where notes compare periods.
    """
    return [
        p
        for text in texts
        for p in title_periods([text], year)[:1]
        if not _FILLER.sub("", _ISO.sub(r"\3/\2/\1", nfc(text)).replace(p.text, ""))
    ]


@lru_cache(maxsize=1 << 12)
def _prepare(text: str) -> str:
    """The text with ISO dates turned into `dd/mm/yyyy` and without what the period is compared with."""
    return _COMPARES.sub("", _ISO.sub(r"\3/\2/\1", nfc(text)))


@_cached
def _ranges(text: str) -> Iterator[TitlePeriod]:
    for match in _RANGE.finditer(text):
        d1, m1, y1, d2, m2, y2 = (int(x) if x else 0 for x in match.groups())
        try:
            start, end = dt.date(y1 or (y2 - (m1 > m2)), m1, d1), dt.date(y2, m2, d2)
        except ValueError:
            continue
        if start <= end:
            yield TitlePeriod(start, end, match.group().strip(), by_days=True)


def _spans_of_quarters(text: str, year: int | None) -> Iterator[TitlePeriod]:
    for match in _QUARTERS.finditer(text):
        named = re.findall(rf"(?<!\w){_NUMBER}(?!\w)", match.group(), re.IGNORECASE)
        numbers = sorted(_NUMERALS.get(n.lower()) or int(n) for n in named)
        of = int(match[3]) if match[3] else year
        if of and not _CITES.search(text):
            start, end = Period(of, numbers[0]).start, Period(of, numbers[-1]).end
            yield TitlePeriod(start, end, match.group().strip())


@_cached
def _quarters(text: str) -> Iterator[TitlePeriod]:
    for match in _QUARTER.finditer(text):
        yield _quarter(int(match[2]), match[1], match.group())
    for match in _YEAR_QUARTER.finditer(text):
        yield _quarter(int(match[1]), match[2], match.group())


def _quarter(year: int, number: str, text: str) -> TitlePeriod:
    period = Period(year, _NUMERALS.get(number.lower()) or int(number))
    return TitlePeriod(period.start, period.end, text.strip())


@lru_cache(maxsize=1 << 12)
def _months(text: str, year: int | None) -> tuple[TitlePeriod, ...]:
    """The first stretch of months or quarters that a text names (`6 tháng đầu năm 2022`, `từ tháng 1 đến 3/2022`)."""
    match = next((m for m in _SPAN.finditer(text) if m[len(_STRETCHES) + 1] or m[len(_STRETCHES) + 2]), None)
    if match is None and year:
        match = _SPAN.fullmatch(text.strip(" .:;()"))  # a tab: "6 tháng", "6T"
    of = int(match[len(_STRETCHES) + 2] or year or 0) if match else 0
    if match and of:
        size = next(n for i, n in enumerate(_STRETCHES.values(), 1) if match[i])
        first = 5 - size if (match[len(_STRETCHES) + 1] or "").lower() == "cuối" else 1
        start, end = Period(of, first).start, Period(of, first + size - 1).end
        return (TitlePeriod(start, end, match.group().strip(), exact=False),)
    if _SIGNED.search(text):
        return ()
    match = _MONTHS.search(text)
    if match and 1 <= int(match[1]) <= 12 and 1 <= int(match[3]) <= 12:
        first_month, last_month, of = int(match[1]), int(match[3]), int(match[4])
        start = _month_start(int(match[2] or 0) or (of - (first_month > last_month)), first_month)
        return (TitlePeriod(start, dt.date(of, last_month, 14), match.group().strip(), exact=False),)
    match = _MONTH.search(text)
    if match and 1 <= int(match[1]) <= 12:
        return (_month(int(match[2]), int(match[1]), match.group()),)
    match = _MONTH_ALONE.search(text) if year and not _CITES.search(text) else None
    if match and year:
        return (_month(year, int(match[1]), match.group()),)
    short = _MONTH_TAB.fullmatch(text)
    if short and (short[2] or year):
        return (_month(int(short[2] or year or 0), int(re.sub(r"\D", "", short[1])), text),)
    return ()


def _month(year: int, month: int, text: str) -> TitlePeriod:
    return TitlePeriod(_month_start(year, month), dt.date(year, month, 14), text.strip(), exact=False)


@_cached
def _years(text: str) -> Iterator[TitlePeriod]:
    match = None if _CITES.search(text) else _YEAR.search(text)
    if match and 2000 <= int(match[1]) <= 2100:
        year = int(match[1])
        yield TitlePeriod(dt.date(year - 1, 12, 15), dt.date(year, 12, 14), match.group().strip(), exact=False)


def _month_start(year: int, month: int) -> dt.date:
    return dt.date(year - (month == 1), (month - 2) % 12 + 1, 15)


def match_period(found: TitlePeriod | None, period: Period, *, by_dates: bool = False) -> PeriodMatch:
    """Compares the time that a title names with the period of the run.

    A quarter that is named without its days is the quarter whatever days a rulebook scores. Of a calendar quarter,
    days of periodic reports (15/6 – 14/9) are "other_days", and months and years are "other": the portals that publish
    calendar quarters publish those too.

    "overlaps" may still be this quarter: dates that are nearly its own (calendar months), or a longer or shorter time
    in words ("năm 2022", "tháng 3"), as offices title a quarter. Dates and quarters of another length are "other": an
    export with dates counts the dossiers of those dates. `by_dates`: for a dossier list, whose own dates show which
    dossiers belong to the period; there any time that contains the quarter is "same".
    """
    if found is None:
        return "unknown"
    if not found.by_days and period.calendar:
        period = period.reported
        if not found.exact and (found.start, found.end) != (period.start, period.end) and not by_dates:
            return "other"
    if (found.start, found.end) == (period.start, period.end):
        return "same"
    if period.calendar and (found.start, found.end) == (period.reported.start, period.reported.end):
        return "same" if by_dates else "other_days"
    shared = (min(found.end, period.end) - max(found.start, period.start)).days + 1
    size, named = (period.end - period.start).days + 1, (found.end - found.start).days + 1
    if by_dates and shared == size:
        return "same"
    if not found.exact:
        return "overlaps" if shared > 0 else "other"
    return "overlaps" if shared > _ENOUGH * size and (by_dates or named < size / _ENOUGH) else "other"
