"""What stands above a table: the period it speaks of and the office that reports."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from pipeline.periods import Period
from pipeline.text import nfc

_DATE = r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4})"
_RANGE = re.compile(
    rf"(?:từ\s*(?:ngày)?\s*:?\s*)?{_DATE}\s*(?:đến hết|đến|tới|–|-|~)\s*(?:ngày)?\s*:?\s*{_DATE}",
    re.IGNORECASE,
)
_QUARTER = re.compile(r"quý\s*(iv|iii|ii|i|[1-4])\b\s*[,\-–/.]?\s*(?:năm\s*)?(\d{4})", re.IGNORECASE)
_MONTH = re.compile(r"(?<!ngày )(?<!\d )tháng\s*(\d{1,2})\s*[,\-–/.]?\s*(?:năm\s*)?(\d{4})", re.IGNORECASE)
_SPAN = re.compile(r"\b(6|sáu|9|chín)\s*tháng(?:\s*(đầu|cuối)\s*năm)?\s*(?:năm\s*)?(\d{4})", re.IGNORECASE)
_SIGNED = re.compile(r"ngày\s*\d{1,2}\s*tháng\s*\d{1,2}\s*năm", re.IGNORECASE)
_REPORTER = re.compile(r"^[\s\-–+]*(?:đơn vị báo cáo|cơ quan báo cáo|đơn vị)\s*:\s*(.+)$", re.IGNORECASE)
_NUMERALS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}

Verdict = Literal["same", "overlaps", "other", "unknown"]


@dataclass(frozen=True)
class TitlePeriod:
    """A stretch of time a title names."""

    start: dt.date
    end: dt.date
    text: str


def title_period(texts: Iterable[str]) -> TitlePeriod | None:
    """The first period named; a range of dates is more exact than a quarter; dates of signature do not count."""
    kept = [nfc(t) for t in texts]
    for text in kept:
        match = _RANGE.search(text)
        if match:
            d1, m1, y1, d2, m2, y2 = (int(x) for x in match.groups())
            try:
                start, end = dt.date(y1, m1, d1), dt.date(y2, m2, d2)
            except ValueError:
                continue
            if start <= end:
                return TitlePeriod(start, end, match.group().strip())
    for text in kept:
        match = _QUARTER.search(text)
        if match:
            quarter = _NUMERALS.get(match[1].lower()) or int(match[1])
            period = Period(int(match[2]), quarter)
            return TitlePeriod(period.start, period.end, match.group().strip())
    for text in kept:
        match = _SPAN.search(text)
        if match:
            first = Period(int(match[3]), 3 if (match[2] or "").lower() == "cuối" else 1)
            last = Period(
                int(match[3]),
                4 if (match[2] or "").lower() == "cuối" else (2 if match[1] in {"6", "sáu"} else 3),
            )
            return TitlePeriod(first.start, last.end, match.group().strip())
        match = _MONTH.search(text)
        if match and not _SIGNED.search(text) and 1 <= int(match[1]) <= 12:
            year, month = int(match[2]), int(match[1])
            start = dt.date(year - (month == 1), (month - 2) % 12 + 1, 15)
            return TitlePeriod(start, dt.date(year, month, 14), match.group().strip())
    return None


def verdict(found: TitlePeriod | None, period: Period) -> Verdict:
    """Whether the named time is the period's."""
    if found is None:
        return "unknown"
    if (found.start, found.end) == (period.start, period.end):
        return "same"
    return "overlaps" if found.start <= period.end and period.start <= found.end else "other"


def reporter(texts: Iterable[str]) -> str:
    """`- Đơn vị báo cáo: UBND phường A` -> `UBND phường A`, or ""."""
    for text in texts:
        match = _REPORTER.match(nfc(text))
        if match:
            return match[1].strip(" .;…")
    return ""
