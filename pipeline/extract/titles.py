"""What stands above a table: the period it speaks of and the office that reports."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from pipeline.periods import Period
from pipeline.text import nfc

_CLOCK = r"(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?"
_SEP = r"\s*(?:/|\.|-|tháng|,\s*tháng)\s*"
_YEAR_SEP = r"\s*(?:/|\.|-|năm|,\s*năm)\s*"
_FULL = rf"(\d{{1,2}}){_SEP}(\d{{1,2}}){_YEAR_SEP}(\d{{4}}){_CLOCK}"
_FIRST = rf"(\d{{1,2}}){_SEP}(\d{{1,2}})(?:{_YEAR_SEP}(\d{{4}}))?{_CLOCK}"
_TO = r"\s*[,;]?\s*(?:đến hết|đến|tới|–|-|~)\s*(?:ngày)?\s*:?\s*"
_RANGE = re.compile(rf"(?:từ\s*)?(?:ngày)?\s*:?\s*(?<!\d){_FIRST}{_TO}{_FULL}", re.IGNORECASE)
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})(?:[ T]\d{2}:\d{2}:\d{2})?")
_NUMBER = r"(iv|iii|ii|i|[1-4]|một|nhất|hai|ba|bốn|tư)"
_QUARTER = re.compile(
    rf"(?:quý|\bq)\s*[:.]?\s*{_NUMBER}\b\s*[,\-–/.;]?\s*(?:năm\s*:?\s*)?(\d{{4}})(?!\s*[/.]\s*\d)", re.IGNORECASE
)
_QUARTER_AFTER = re.compile(r"\b(\d{4})\s*[-–/.]\s*q(?:uý)?\s*(iv|iii|ii|i|[1-4])\b", re.IGNORECASE)
_QUARTER_ALONE = re.compile(rf"\bquý\s*:?\s*{_NUMBER}\b", re.IGNORECASE)
_MONTH = re.compile(r"(?<!ngày )(?<!\d )tháng\s*(\d{1,2})\s*[,\-–/.]?\s*(?:năm\s*)?(\d{4})", re.IGNORECASE)
_MONTHS = re.compile(
    r"(?:từ\s*)?tháng\s*(\d{1,2})(?:\s*[/.]\s*(\d{4}))?\s*(?:đến hết|đến|tới|–|-)\s*"
    r"(?:tháng\s*)?(\d{1,2})\s*[,/.\-]?\s*(?:năm\s*)?(\d{4})",
    re.IGNORECASE,
)
_SPAN = re.compile(r"\b(6|sáu|9|chín)\s*tháng(?:\s*(đầu|cuối)\s*năm)?\s*(?:năm\s*)?(\d{4})", re.IGNORECASE)
_YEAR = re.compile(r"(?<!quý )\bnăm\s*:?\s*(\d{4})\W*$", re.IGNORECASE)
#: texts whose years and quarters are not the table's: legal acts, plans, dates of signature
_CITES = re.compile(
    r"thông tư|nghị định|quyết định|kế hoạch|công văn|luật|chỉ thị|ban hành|"
    r"ngày\s*\d{1,2}\s*tháng\s*\d{1,2}\s*năm",
    re.IGNORECASE,
)
_COMPARES = re.compile(r"\(?\b(?:so với|cùng kỳ)\b.*$", re.IGNORECASE)
_SIGNED = re.compile(r"ngày\s*\d{1,2}\s*tháng\s*\d{1,2}\s*năm", re.IGNORECASE)
_FILLER = re.compile(
    r"kỳ báo cáo|báo cáo|số liệu|thống kê|thời gian|thời điểm|kỳ|tính|của|năm|trong|lấy|quý|tháng|ngày|từ|đến|\W|_",
    re.IGNORECASE,
)
_REPORTER = re.compile(r"(?:^[\s\-–+]*đơn vị|(?:đơn vị|cơ quan)(?: thực hiện)? báo cáo)\s*:\s*(.*)$", re.IGNORECASE)
_RECIPIENT = re.compile(
    r"\s*[-–;,.+]*\s*(?:đơn vị|cơ quan)\s*(?:nhận|tính)\b.*$|\s*[-–;,]\s*kỳ báo cáo.*$", re.IGNORECASE
)
_AT = re.compile(r"\b(?:tại|của)\s+(.+)$", re.IGNORECASE)
_NUMERALS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "một": 1, "nhất": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4}

#: letters of a text above or beside a table that are looked through for a period, a filter or an office
MAX_TITLE = 1_000
Verdict = Literal["same", "overlaps", "other", "unknown"]


@dataclass(frozen=True)
class TitlePeriod:
    """A stretch of time a title names."""

    start: dt.date
    end: dt.date
    text: str
    exact: bool = True  # dates or a quarter; False: months, half years, a year


def _remembered(find: Callable[[str], Iterator[TitlePeriod]]) -> Callable[[str], tuple[TitlePeriod, ...]]:
    """What a text names, worked out once: the files of a period share their titles."""
    return lru_cache(maxsize=1 << 12)(lambda text: tuple(find(text)))


def title_periods(texts: Iterable[str], year: int | None = None) -> list[TitlePeriod]:
    """All periods named, the most exact first: dates, quarters, months, years; dates of signature do not count.

    `year`: of a quarter that is named without one.
    """
    kept = [_kept(t) for t in texts]
    found = [p for text in kept for p in _ranges(text)] + [p for text in kept for p in _quarters(text)]
    if year is not None and not any(p.exact for p in found):
        found += [
            _quarter(year, m[1], m.group()) for t in kept if not _CITES.search(t) for m in _QUARTER_ALONE.finditer(t)
        ]
    found += [p for text in kept for p in _months(text)]
    return found + [p for text in kept for p in _years(text)]


def title_period(texts: Iterable[str], year: int | None = None) -> TitlePeriod | None:
    """The most exact period named, the first of its kind."""
    return next(iter(title_periods(texts, year)), None)


def lone_periods(texts: Iterable[str], year: int | None = None) -> list[TitlePeriod]:
    """Periods of texts that say nothing else: for what stands below or beside a table, where notes compare periods."""
    return [
        p
        for text in texts
        for p in title_periods([text], year)[:1]
        if not _FILLER.sub("", _ISO.sub(r"\3/\2/\1", nfc(text)).replace(p.text, ""))
    ]


@lru_cache(maxsize=1 << 12)
def _kept(text: str) -> str:
    """A text as it is read: dates as written here, without what it compares with."""
    return _COMPARES.sub("", _ISO.sub(r"\3/\2/\1", nfc(text)))


@_remembered
def _ranges(text: str) -> Iterator[TitlePeriod]:
    for match in _RANGE.finditer(text):
        d1, m1, y1, d2, m2, y2 = (int(x) if x else 0 for x in match.groups())
        try:
            start, end = dt.date(y1 or (y2 - (m1 > m2)), m1, d1), dt.date(y2, m2, d2)
        except ValueError:
            continue
        if start <= end:
            yield TitlePeriod(start, end, match.group().strip())


@_remembered
def _quarters(text: str) -> Iterator[TitlePeriod]:
    for match in _QUARTER.finditer(text):
        yield _quarter(int(match[2]), match[1], match.group())
    for match in _QUARTER_AFTER.finditer(text):
        yield _quarter(int(match[1]), match[2], match.group())


def _quarter(year: int, number: str, text: str) -> TitlePeriod:
    period = Period(year, _NUMERALS.get(number.lower()) or int(number))
    return TitlePeriod(period.start, period.end, text.strip())


@_remembered
def _months(text: str) -> Iterator[TitlePeriod]:
    match = _SPAN.search(text)
    if match:
        late = (match[2] or "").lower() == "cuối"
        first = Period(int(match[3]), 3 if late else 1)
        last = Period(int(match[3]), 4 if late else (2 if match[1] in {"6", "sáu"} else 3))
        yield TitlePeriod(first.start, last.end, match.group().strip(), exact=False)
        return
    if _SIGNED.search(text):
        return
    match = _MONTHS.search(text)
    if match and 1 <= int(match[1]) <= 12 and 1 <= int(match[3]) <= 12:
        first_month, last_month, year = int(match[1]), int(match[3]), int(match[4])
        start = _month_start(int(match[2] or 0) or (year - (first_month > last_month)), first_month)
        yield TitlePeriod(start, dt.date(year, last_month, 14), match.group().strip(), exact=False)
        return
    match = _MONTH.search(text)
    if match and 1 <= int(match[1]) <= 12:
        year, month = int(match[2]), int(match[1])
        yield TitlePeriod(_month_start(year, month), dt.date(year, month, 14), match.group().strip(), exact=False)


@_remembered
def _years(text: str) -> Iterator[TitlePeriod]:
    match = None if _CITES.search(text) else _YEAR.search(text)
    if match and 2000 <= int(match[1]) <= 2100:
        year = int(match[1])
        yield TitlePeriod(dt.date(year - 1, 12, 15), dt.date(year, 12, 14), match.group().strip(), exact=False)


def _month_start(year: int, month: int) -> dt.date:
    return dt.date(year - (month == 1), (month - 2) % 12 + 1, 15)


def verdict(found: TitlePeriod | None, period: Period) -> Verdict:
    """Whether the named time is the period's."""
    if found is None:
        return "unknown"
    if (found.start, found.end) == (period.start, period.end):
        return "same"
    return "overlaps" if found.start <= period.end and period.start <= found.end else "other"


def reporter(texts: Iterable[str]) -> str:
    """`- Đơn vị báo cáo: UBND phường A` -> `UBND phường A` (or the text of the next cell), or ""."""
    kept = [nfc(t) for t in texts]
    for text, following in zip(kept, [*kept[1:], ""], strict=False):
        match = _REPORTER.search(text)
        if match:
            named = _RECIPIENT.sub("", match[1]).strip(" .;…-–+") or following.strip(" .;…-–+")
            if named and ":" not in named:
                return named
    return ""


def offices(texts: Iterable[str]) -> list[str]:
    """Texts that may be the name of the office a table is about: `… TẠI SỞ A`, or a line of its own (`SỞ A`)."""
    kept = [nfc(t).strip(" .;:…") for t in texts]
    return [*(m[1] for t in kept if (m := _AT.search(t))), *kept]
