"""Parses columns of dates as portals write them, vectorised. The day always comes before the month.

Accepted: Excel dates and serial numbers of 2010–2040, `dd/mm/yyyy` with or without a time of day, ISO 8601,
`yyyymmdd[hhmmss]`, instants as seconds or milliseconds since 1970, and the texts of `date_texts`. An instant with a
zone is the day it is in Việt Nam. A moment is the day it states; what exporters take from every moment, which makes
23:59:17 of 00:00, is given back with `shift`.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.extract.sheet.date_texts import FIRST_YEAR, LAST_YEAR, VIETNAM, Order, day_of_text
from pipeline.extract.sheet.numbers import BLANK_MARKS

Moments = NDArray[np.datetime64]
Numbers = NDArray[np.integer[Any]]

#: an empty cell, and what programs print for no date; `nat` is only printed for dates
_BLANKS = {"", *BLANK_MARKS, "nat"}
#: `dd/MM/yyyy HH:mm:ss`, `HH:mm, DD/MM/YYYY`, `dd/MM/yyyy`, `dd-MM-yyyy`, `Ngày dd/MM/yyyy lúc 8h30`
_CLOCK = r"\d{1,2}(?::|h|g)\d{2}(?::\d{2}(?:\.\d+)?)?"
_DAY_FIRST = (
    rf"^(?:{_CLOCK},?\s+)?(?:[Nn]gày\s+)?(\d{{1,2}})[/.\-](\d{{1,2}})[/.\-](\d{{4}})"
    rf"(?:,?\s+(?:lúc\s+)?{_CLOCK})?(?:\s*(?:SA|CH|AM|PM))?$"
)
_ISO = r"^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?)?$"
_ZONED = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s?(?:Z|[+-]\d{2}:?\d{2})$"
_SERIAL = r"^\d{5}(?:\.\d+)?$"
#: `20230615`, `202306150800`, `20230615080000`
_COMPACT = r"^(20[1-4]\d)(\d{2})(\d{2})(?:[T ]?\d{4}(?:\d{2})?)?$"
#: seconds or milliseconds since 1970, of 2010–2040; `/Date(1686762000000)/` of .NET
_EPOCH_TEXT = r"^(?:/Date\()?(\d{10}|\d{13})(?:[+-]\d{4})?(?:\)/)?$"
_FIRST_SECOND, _LAST_SECOND = 1_262_278_800, 2_240_586_000
#: first and last Excel serial number that is taken for a date: 2010-01-01 and 2040-12-31
_FIRST, _LAST = 40179, 51501
_SEPARATORS = "/-."
_EPOCH = np.datetime64("1899-12-30", "us")
_DAY = 86_400_000_000  # microseconds, as all numbers below
#: how programs write the end of a day: 23:59:59 and 23:59:59,999
_LAST_SECONDS, _PRECISION = (_DAY - 1_000_000, _DAY - 1_000), 600
#: what the rounding of serial numbers takes from a moment at most
_ROUNDED = 400
SECOND = 1_000_000
#: a time of day in a text: hours, minutes, seconds, their fraction
_WRITTEN_CLOCK = r"(?<![\d/.\-])(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,6}))?)?"


def may_be_date(value: object) -> bool:
    """Whether a cell may be a date at all: a quick test for cells of which most are names and counts."""
    if isinstance(value, str):
        digits = sum(map(str.isdigit, value))
        return digits >= 5 or (digits >= 3 and sum(map(value.count, _SEPARATORS)) >= 2)
    return not isinstance(value, int | float) or value > _FIRST


def to_days(values: pd.Series, order: Order = "dmy", *, shift: int = 0) -> tuple[pd.Series, pd.Series]:
    """Two series with the index of `values`, which holds mixed cell values.

    The days: datetime64[s] at midnight, NaT where the cell is blank or no date. The faults: True where the cell holds
    something that is no date. `order`: of dates with a two-digit year. `shift`: the microseconds that were taken from
    every moment; the last second of a day stays the end of it, unless that is the second that was taken.
    """
    days = np.full(len(values), np.datetime64("NaT", "s"))
    kinds = values.map(type)
    moments = kinds.isin([dt.datetime, dt.date, pd.Timestamp])
    if moments.any():
        stamps = pd.to_datetime(values[moments]).to_numpy("datetime64[us]")
        days[moments.to_numpy()] = _days_of_moments(stamps, shift=shift)
    numbers = kinds.isin([int, float])
    text = values.where(~(moments | numbers) & values.notna(), "").astype("str").str.strip().str.removeprefix("'")
    blank = ~(moments | numbers) & text.str.casefold().isin(_BLANKS)
    if numbers.any():
        shown = values[numbers].map(lambda v: str(int(v)) if float(v).is_integer() else repr(float(v)))
        text = text.where(~numbers, shown.reindex(values.index)).astype("str")
    written = text[~(moments | blank)]
    if len(written):
        read = _days_of_texts(written, order, shift=shift)
        days[values.index.get_indexer(written.index)] = written.map(read).to_numpy("datetime64[s]")
    result = pd.Series(days, index=values.index)
    return result, result.isna() & ~blank


def seconds_before_the_minute(values: pd.Series) -> bool:
    """Whether nearly all Excel dates of a column stand one second before a full minute: the exporter took it away.

    `values`: mixed cell values, as for `to_days`.
    """
    stamps = values[values.map(type).isin([dt.datetime, pd.Timestamp])]
    if stamps.empty:
        return False
    return float((pd.to_datetime(stamps).dt.second == 59).mean()) > 0.9


def clock_times(values: pd.Series) -> Numbers:
    """The time of day, in microseconds since midnight, of each value that states one; the others are left out.

    `values`: mixed cell values, as for `to_days`. A date of Excel without a time is one of midnight.
    """
    kinds = values.map(type)
    stamps = pd.to_datetime(values[kinds.isin([dt.datetime, pd.Timestamp])]).to_numpy("datetime64[us]")
    others = values[~kinds.isin([dt.datetime, dt.date, pd.Timestamp]) & values.notna()]
    texts = others.map(lambda v: repr(v) if isinstance(v, float) else str(v)).astype("str").str.strip()
    found = [_past_midnight(stamps)]
    found += [_past_midnight(read(texts).dropna().to_numpy("datetime64[us]")) for read in (_serials, _instants)]
    plain = texts[texts.str.match(_ISO) | texts.str.match(_DAY_FIRST)]
    found.append(_written_clocks(plain[~plain.str.contains("SA|CH|AM|PM")]).dropna().to_numpy("int64"))
    return np.concatenate(found)


def is_end_of_day(clocks: Numbers) -> NDArray[np.bool_]:
    """Which times of day are the last second of a day, as programs write its end."""
    found = np.zeros(len(clocks), dtype=np.bool_)
    for last in _LAST_SECONDS:
        found |= np.abs(clocks - last) <= _PRECISION
    return found


def _written_clocks(texts: pd.Series) -> pd.Series:
    """The times of day in texts, in microseconds; NaN for a text without one."""
    parts = texts.str.extract(_WRITTEN_CLOCK)
    fraction = parts[3].fillna("").str.ljust(6, "0")
    hours, minutes, seconds = (parts[i].fillna("0" if i == 2 else np.nan).astype("float64") for i in range(3))
    return ((hours * 60 + minutes) * 60 + seconds) * SECOND + fraction.astype("float64")


def _past_midnight(stamps: Moments) -> Numbers:
    past: Numbers = (stamps - stamps.astype("datetime64[D]").astype("datetime64[us]")).astype("int64")
    return past


def _days_of_moments(stamps: Moments, *, shift: int) -> Moments:
    """The days (datetime64[s]) of moments in Vietnamese time (datetime64[us]), with `shift` added to each."""
    past = _past_midnight(stamps)
    later = _is_next_day(past, shift) & ~np.isnat(stamps)
    found: Moments = (stamps.astype("datetime64[D]") + later.astype("timedelta64[D]")).astype("datetime64[s]")
    return found


def _is_next_day(past: Numbers, shift: int) -> NDArray[np.bool_]:
    later: NDArray[np.bool_] = past + max(shift, _ROUNDED) >= _DAY
    return later if shift == SECOND else later & ~is_end_of_day(past)


def _days_of_texts(texts: pd.Series, order: Order, *, shift: int) -> pd.Series:
    """Series indexed by the distinct texts: their day, NaT where the text is no date.

    Each distinct text is parsed once: the dossiers of a quarter share few days.
    """
    distinct = pd.Series(texts.unique(), dtype="str")
    days = np.full(len(distinct), np.datetime64("NaT", "s"))
    rest = pd.Series(True, index=distinct.index)
    for pattern, positions in ((_DAY_FIRST, (2, 1, 0)), (_ISO, (0, 1, 2)), (_COMPACT, (0, 1, 2))):
        if not rest.any():
            break
        parts = distinct[rest].str.extract(pattern)
        parts = parts[parts.notna().all(axis=1)]
        if len(parts):
            year, month, day = (parts[i].astype("int64") for i in positions)
            days[parts.index.to_numpy()] = _calendar_days(year.to_numpy(), month.to_numpy(), day.to_numpy())
            rest[parts.index] = False
    if shift:
        read = np.flatnonzero(~np.isnat(days))
        past = _written_clocks(distinct.iloc[read]).fillna(0).to_numpy("int64")
        days[read] += _is_next_day(past, shift).astype("timedelta64[D]")
    for part in (_serials, _instants, _epochs):
        if rest.any():
            found = part(distinct[rest])
            days[found.index.to_numpy()] = _days_of_moments(found.to_numpy("datetime64[us]"), shift=shift)
            rest[found.index] = False
    for at in np.flatnonzero(rest.to_numpy()):
        moment, zoned = day_of_text(distinct[at], order)
        if moment is not None:
            stamp = np.array([moment], dtype="datetime64[us]")
            days[at] = _days_of_moments(stamp, shift=shift)[0] if zoned else stamp.astype("datetime64[D]")[0]
    years = days.astype("datetime64[Y]").astype("int64") + 1970
    days[(years < FIRST_YEAR - 30) | (years > LAST_YEAR)] = np.datetime64("NaT", "s")
    return pd.Series(days, index=pd.Index(distinct))


def _calendar_days(year: Numbers, month: Numbers, day: Numbers) -> Moments:
    """The days (datetime64[s]) of years, months and days; NaT where the calendar has no such day."""
    months = (year - 1970).astype("datetime64[Y]").astype("datetime64[M]") + (month - 1)
    days = months.astype("datetime64[D]") + (day - 1)
    exists = (month >= 1) & (month <= 12) & (day >= 1) & (days.astype("datetime64[M]") == months)
    return np.where(exists, days, np.datetime64("NaT", "D")).astype("datetime64[s]")


def _serials(texts: pd.Series) -> pd.Series:
    """The moments of the Excel serial numbers among texts; NaT beyond 2010–2040."""
    chosen = texts[texts.str.match(_SERIAL)].astype("float64")
    microseconds = np.rint(chosen.to_numpy() * _DAY).astype("timedelta64[us]")
    moments = pd.Series(_EPOCH + microseconds, index=chosen.index)
    return moments.where((chosen >= _FIRST) & (chosen < _LAST + 1))


def _instants(texts: pd.Series) -> pd.Series:
    """The Vietnamese time of the ISO instants with a zone among texts; NaT for an impossible one."""
    chosen = texts[texts.str.match(_ZONED)]
    read = pd.to_datetime(chosen, format="ISO8601", utc=True, errors="coerce")
    return read.dt.tz_localize(None) + VIETNAM


def _epochs(texts: pd.Series) -> pd.Series:
    """The Vietnamese time of instants counted from 1970; none where any other text of the column is left unread."""
    counted = texts.str.extract(_EPOCH_TEXT)[0]
    if counted.isna().any():
        return pd.Series([], dtype="datetime64[us]", index=pd.Index([], dtype="int64"))
    number = counted.astype("int64")
    seconds = number.where(counted.str.len() == 10, number // 1000)
    moments = pd.to_datetime(number.where(counted.str.len() == 13, number * 1000), unit="ms") + VIETNAM
    return moments.where((seconds >= _FIRST_SECOND) & (seconds <= _LAST_SECOND))
