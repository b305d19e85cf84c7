"""Dates as portals write them -> days, vectorised. Day first, always."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from pipeline.extract.sheet.numbers import BLANK_MARKS

#: an empty cell, and what programs print for no date; `nat` is only printed for dates
_BLANKS = {"", *BLANK_MARKS, "nat"}
#: `dd/MM/yyyy HH:mm:ss`, `HH:mm, DD/MM/YYYY`, `dd/MM/yyyy`, `dd-MM-yyyy`, `Ngày dd/MM/yyyy lúc 8h30`
_CLOCK = r"\d{1,2}(?::|h|g)\d{2}(?::\d{2}(?:\.\d+)?)?"
_DAY_FIRST = (
    rf"^(?:{_CLOCK},?\s+)?(?:[Nn]gày\s+)?(\d{{1,2}})[/.\-](\d{{1,2}})[/.\-](\d{{4}})"
    rf"(?:,?\s+(?:lúc\s+)?{_CLOCK})?(?:\s*(?:SA|CH|AM|PM))?$"
)
_LONG = rf"^(?:{_CLOCK},?\s+)?[Nn]gày\s+(\d{{1,2}})\s+tháng\s+(\d{{1,2}})\s+năm\s+(\d{{4}})$"
_ISO = r"^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ]\d{1,2}:\d{2}.*)?$"
_SERIAL = r"^\d{5}(?:\.\d+)?$"
#: an Excel serial number is a date only within 2010-2040
_FIRST, _LAST = 40179, 51501
_EPOCH = np.datetime64("1899-12-30")


def to_days(values: pd.Series) -> tuple[pd.Series, pd.Series]:
    """(datetime64[s] at midnight, NaT where blank or not understood; True where something stood that is no date)."""
    days = np.full(len(values), np.datetime64("NaT", "s"))
    kinds = values.map(type)
    moments = kinds.isin([dt.datetime, dt.date, pd.Timestamp])
    if moments.any():
        days[moments.to_numpy()] = pd.to_datetime(values[moments]).dt.normalize().to_numpy("datetime64[s]")
    numbers = kinds.isin([int, float])
    text = values.where(~(moments | numbers) & values.notna(), "").astype("str").str.strip().str.removeprefix("'")
    blank = ~(moments | numbers) & text.str.casefold().isin(_BLANKS)
    serial = pd.to_numeric(values.where(numbers), errors="coerce")
    as_text = text.str.match(_SERIAL)
    serial = serial.where(~as_text, pd.to_numeric(text.where(as_text), errors="coerce")).astype("float64")
    fits = (serial >= _FIRST) & (serial < _LAST + 1)
    if fits.any():
        offsets = np.floor(serial[fits].to_numpy()).astype("timedelta64[D]")
        days[fits.to_numpy()] = (_EPOCH + offsets).astype("datetime64[s]")
    written = text[~(moments | numbers | blank | as_text)]
    if len(written):
        days[values.index.get_indexer(written.index)] = written.map(_written_days(written)).to_numpy("datetime64[s]")
    result = pd.Series(days, index=values.index)
    return result, result.isna() & ~blank


def _written_days(texts: pd.Series) -> pd.Series:
    """Text -> day, NaT where it is none; each different text once: a quarter has few days."""
    different = pd.Series(texts.unique(), dtype="str")
    days = np.full(len(different), np.datetime64("NaT", "s"))
    for pattern, order in ((_DAY_FIRST, (2, 1, 0)), (_LONG, (2, 1, 0)), (_ISO, (0, 1, 2))):
        parts = different.str.extract(pattern)
        parts = parts[parts.notna().all(axis=1)]
        if len(parts):
            year, month, day = (parts[i].astype("int64") for i in order)
            iso = year.astype("str") + "-" + month.astype("str").str.zfill(2) + "-" + day.astype("str").str.zfill(2)
            read = pd.to_datetime(iso, format="%Y-%m-%d", errors="coerce")
            days[parts.index.to_numpy()] = read.to_numpy("datetime64[s]")
    return pd.Series(days, index=pd.Index(different))
