"""In which order a list writes its dates: those with a two-digit year, and whether the codes contradict day first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final

import pandas as pd

from pipeline.extract.dossier_lists.list_columns import ListColumns
from pipeline.extract.sheet.date_columns import to_days
from pipeline.extract.sheet.date_texts import ORDERS, Order, in_order, short_date

#: years between the first and the last dossier of a list
_MOST_YEARS = 6
#: days between the day in a code and the day of reception
_DAYS_APART = 4
_AGREE, _DIFFER = 0.8, 0.2
#: rows whose codes are compared, spread over the list
_LOOKED_AT = 2_000
#: the day in a dossier's code: `H18.12-220318-0001`
_CODE_DAY: Final = r"-(\d{2})(\d{2})(\d{2})-\d{3,}$"


def short_orders(columns: ListColumns, dates: Iterable[int], received: int | None, year: int) -> list[Order]:
    """The orders in which the two-digit dates of a list can be read: one where it is certain, [] where there are none.

    `dates`: its columns of dates. All its dates have to exist, to lie within a few years, and to reach the `year` of
    the period or the one before; else the day in the codes has to be that of the reception.
    """
    numbers: set[tuple[int, int, int]] = set()
    for column in dates:
        if any(isinstance(v, str) and short_date(v) for v in columns.sample(column)):
            distinct = {v for v in columns.values(column) if isinstance(v, str)}
            numbers |= {found for text in distinct if (found := short_date(text))}
    if not numbers:
        return []
    possible = [order for order in ORDERS if _fits(numbers, order, year)]
    if len(possible) > 1 and received is not None:
        agreeing = [order for order in possible if _agrees_with_codes(columns, received, order)]
        possible = agreeing if len(agreeing) == 1 else possible
    return possible


def _fits(numbers: set[tuple[int, int, int]], order: Order, year: int) -> bool:
    days: list[dt.date] = []
    for found in numbers:
        day = in_order(found, order)
        if day is None:
            return False
        days.append(day)
    last = max(days).year
    return last - min(days).year <= _MOST_YEARS and last >= year - 1


def _agrees_with_codes(columns: ListColumns, received: int, order: Order) -> bool:
    days, _ = to_days(pd.Series(columns.values(received), dtype="object"), order)
    coded = code_days(columns.codes)
    both = days.notna() & coded.notna()
    if not both.any():
        return False
    return bool(((days[both] - coded[both]).abs() <= pd.Timedelta(days=_DAYS_APART)).mean() >= _AGREE)


def code_days(codes: pd.Series) -> pd.Series:
    """The day in each code (datetime64), NaT for none."""
    parts = codes.str.extract(_CODE_DAY)
    written = ("20" + parts[0] + "-" + parts[1] + "-" + parts[2]).astype("str")
    return pd.to_datetime(written, format="%Y-%m-%d", errors="coerce")


def codes_say_month_first(codes: pd.Series, received: pd.Series) -> bool:
    """Whether the days of reception are those in the codes only if day and month change places.

    Dates that are the same in both orders tell nothing.
    """
    step = max(1, len(codes) // _LOOKED_AT)
    codes, received = codes.iloc[::step], received.iloc[::step]
    coded = code_days(codes)
    tells = coded.notna() & received.notna() & (received.dt.day <= 12) & (received.dt.day != received.dt.month)
    if int(tells.sum()) < 2:
        return False
    day, code = received[tells], coded[tells]
    same_year = code.dt.year == day.dt.year
    turned = same_year & (code.dt.day == day.dt.month) & (code.dt.month == day.dt.day)
    return bool(turned.mean() >= _AGREE and (day == code).mean() <= _DIFFER)
