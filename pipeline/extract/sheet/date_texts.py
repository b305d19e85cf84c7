"""Reads one text as a day: the forms that are too rare to be read column by column (`date_columns`).

Names of months and weekdays, two-digit years, clocks before or after the date, zones (`Z`, `+07:00`, `GMT+0700`).
An instant with a zone is the day it is in Việt Nam.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Final, Literal

from pipeline.text import nfc

#: order of the numbers in a date with a two-digit year
Order = Literal["dmy", "mdy", "ymd"]
ORDERS: Final[tuple[Order, ...]] = ("dmy", "mdy", "ymd")
#: years that a dossier can have
FIRST_YEAR, LAST_YEAR = 2010, 2040
VIETNAM: Final = dt.timedelta(hours=7)

_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october")
_MONTH_NUMBERS = {
    **{name[:3]: i for i, name in enumerate((*_MONTHS, "november", "december"), 1)},
    **{name: i for i, name in enumerate((*_MONTHS, "november", "december"), 1)},
    "sept": 9,
}
_VIETNAMESE_MONTHS = ("một", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười", "mười một", "mười hai")
_VIETNAMESE_NUMBERS = {name: i for i, name in enumerate(_VIETNAMESE_MONTHS, 1)} | {"giêng": 1, "chạp": 12}
_WEEKDAYS = {
    **{f"thứ {name}": i for i, name in enumerate(("hai", "ba", "tư", "năm", "sáu", "bảy"))},
    **{f"{lead}{i + 2}": i for lead in ("thứ ", "t") for i in range(6)},
    "chủ nhật": 6, "cn": 6, "chúa nhật": 6,
    **{n: i for i, d in enumerate(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"))
       for n in (d, d[:3])},
}  # fmt: skip


def _any(names: dict[str, int]) -> str:
    return "|".join(sorted(map(re.escape, names), key=len, reverse=True))


_DAY_NAME = rf"(?:{_any(_WEEKDAYS)})\.?"
_MONTH = (
    rf"(?P<month>{_any(_MONTH_NUMBERS)})\.?"
    rf"|(?:tháng|thg\.?|th\.?) ?(?P<vn>\d{{1,2}}|{_any(_VIETNAMESE_NUMBERS)})"
)
_CLOCK = r"\d{1,2} ?(?::|h|g|giờ) ?(?:\d{2}(?: ?phút)?(?::\d{2}(?:[.,]\d+)?)?)?|\d{1,2}\.\d{2}\.\d{2}(?:[.,]\d+)?"
_HALF = r"(?: ?(?P<{0}>sa|ch|am|pm|sáng|chiều))?"
_ZONE = r"(?P<zone>z|ict|(?:gmt|utc)? ?[+\-−]\d{1,2}(?::?\d{2})?|gmt|utc)(?: ?\([^()]*\))?"
_NUMBERS = r"(?P<a>\d{1,2}) ?[/.\-] ?(?P<b>\d{1,2}) ?[/.\-] ?(?P<c>\d{4}|\d{2})(?!\d)"
_DATES = (
    _NUMBERS,
    r"(?P<y>\d{4})[/.\-](?P<m>\d{1,2})[/.\-](?P<d>\d{1,2})",
    rf"(?P<d>\d{{1,2}})[\s\-/.]*(?:{_MONTH})[\s\-/.,]*(?:năm ?)?(?P<y>\d{{4}}|\d{{2}})",
    rf"(?:{_MONTH}) ?(?P<d>\d{{1,2}}) ?,? ?(?P<y>\d{{4}})",
)
_BEFORE = (
    rf"^(?:(?P<weekday>{_DAY_NAME}) ?,? )?"
    rf"(?:(?P<clock1>{_CLOCK}){_HALF.format('half1')} ?[,\-–]? ?)?(?:ngày )?"
)
_AFTER = (
    rf"(?: ?[\s,t\-–] ?(?:lúc )?(?P<clock2>{_CLOCK}){_HALF.format('half2')})?(?: ?{_ZONE})?"
    rf"(?: ?,? ?\(?(?P<weekday2>{_DAY_NAME})\)?)?$"
)
_FORMS = tuple(re.compile(_BEFORE + date + _AFTER) for date in _DATES)
#: `Thu Jun 15 08:30:00 ICT 2023`
_YEAR_LAST = re.compile(
    rf"^(?P<weekday>{_DAY_NAME}) (?:{_MONTH}) (?P<d>\d{{1,2}}) (?P<clock1>{_CLOCK}) {_ZONE} (?P<y>\d{{4}})$"
)
_SHORT = re.compile(rf"^(?:(?:{_DAY_NAME}) ?,? )?(?:(?:{_CLOCK}) ?,? ?)?(?:ngày )?{_NUMBERS}")


def day_of_text(text: str, order: Order = "dmy") -> tuple[dt.datetime | None, bool]:
    """The day or the instant a text names, and whether it had a zone; None where it is no date.

    `order`: that of dates with a two-digit year. A weekday that is not that of the date makes it no date.
    """
    folded = nfc(text).casefold().removeprefix("'").strip()
    match = next((m for form in (*_FORMS, _YEAR_LAST) if (m := form.match(folded))), None)
    if match is None:
        return None, False
    parts = match.groupdict()
    day = _date(parts, order)
    zone = parts.get("zone")
    clock = parts.get("clock1") or parts.get("clock2")
    if day is None or (zone and not clock):
        return None, False
    moment: dt.datetime | None = day
    if clock:
        half = parts.get("half1") or parts.get("half2") or ""
        moment = _at_clock(day, clock, half)
    if moment is not None and zone:
        moment = moment - _offset(zone) + VIETNAM
    named = parts.get("weekday") or parts.get("weekday2")
    if named and _WEEKDAYS[named.rstrip(".")] != day.weekday():
        return None, False
    return moment, bool(zone)


def short_date(text: str) -> tuple[int, int, int] | None:
    """The three numbers of a date with a two-digit year (`15/06/23`), in the order of the text; None for any other."""
    match = _SHORT.match(nfc(text).casefold().removeprefix("'"))
    return (int(match["a"]), int(match["b"]), int(match["c"])) if match and len(match["c"]) == 2 else None


def in_order(numbers: tuple[int, int, int], order: Order) -> dt.date | None:
    """The day of three numbers with a two-digit year; None where there is no such day within the years of dossiers."""
    a, b, c = numbers
    day, month, year = {"dmy": (a, b, c), "mdy": (b, a, c), "ymd": (c, b, a)}[order]
    found = _day(year, month, day)
    return found.date() if found else None


def _date(parts: dict[str, str | None], order: Order) -> dt.datetime | None:
    if parts.get("a") is not None:
        a, b, c = (int(parts[k] or 0) for k in "abc")
        if len(parts["c"] or "") == 4:
            return _day(c, b, a)
        found = in_order((a, b, c), order)
        return dt.datetime(found.year, found.month, found.day) if found else None
    month = parts.get("m") or parts.get("month") or parts.get("vn") or ""
    number = _MONTH_NUMBERS.get(month) or _VIETNAMESE_NUMBERS.get(month) or int(month)
    return _day(int(parts["y"] or 0), number, int(parts["d"] or 0))


def _day(year: int, month: int, day: int) -> dt.datetime | None:
    year += 2000 if year < 100 else 0
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return dt.datetime(year, month, day)
    except ValueError:
        return None


def _at_clock(day: dt.datetime, clock: str, half: str) -> dt.datetime | None:
    hour, minute, second = [*map(int, re.findall(r"\d+", clock)[:3]), 0, 0][:3]
    if half in {"ch", "pm", "chiều"} and hour < 12:
        hour += 12
    elif half in {"sa", "am", "sáng"} and hour == 12:
        hour = 0
    fraction = re.search(r"\d{2}[:.]\d{2}[.,](\d+)", clock)
    micro = int((fraction[1] + "000000")[:6]) if fraction else 0
    return day.replace(hour=hour, minute=minute, second=second, microsecond=micro) if _is_time(hour, minute) else None


def _is_time(hour: int, minute: int) -> bool:
    return hour < 24 and minute < 60


def _offset(zone: str) -> dt.timedelta:
    if zone == "ict":
        return VIETNAM
    match = re.search(r"([+\-−])(\d{1,2}):?(\d{2})?$", zone)
    if match is None:
        return dt.timedelta(0)
    size = dt.timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    return size if match[1] == "+" else -size
