"""The published CSV tables: the same frame gives the same bytes, and no cell runs as a formula in a spreadsheet."""

from __future__ import annotations

import csv
import io
import math
from typing import Final

import pandas as pd

#: a spreadsheet program reads a text that begins with one of these as a formula
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
#: most decimals of a number
_PLACES: Final = 10


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """A frame of any columns as CSV: UTF-8 with BOM (for Excel), `,` between cells, a header row, no index.

    Lines end in CRLF (RFC 4180, as Excel writes it); a line break inside a text is LF. Numbers have a decimal point and
    at most ten decimals, so that float noise does not show (`15.85`). NA is an empty cell. A text that a spreadsheet
    would read as a formula gets a leading `'`. Raises ValueError for an infinite number.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(str(c) for c in frame.columns)
    writer.writerows(zip(*(_cell_texts(frame[c]) for c in frame.columns), strict=True))
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", errors="replace")


def read_csv_table(data: bytes) -> pd.DataFrame:
    """A published table as a frame of texts: columns from its first line, one row per line, "" for an empty cell.

    Raises ValueError (from pandas) if the bytes are not a CSV table.
    """
    return pd.read_csv(io.BytesIO(data), dtype="str", keep_default_na=False, encoding="utf-8-sig")


def _cell_texts(column: pd.Series) -> list[str]:
    if pd.api.types.is_bool_dtype(column.dtype):
        return ["" if pd.isna(v) else ("true" if v else "false") for v in column]
    if pd.api.types.is_integer_dtype(column.dtype):
        return ["" if pd.isna(v) else str(int(v)) for v in column]
    if pd.api.types.is_float_dtype(column.dtype):
        return ["" if pd.isna(v) else number_text(float(v)) for v in column]
    return ["" if pd.isna(v) else safe_text(str(v)) for v in column]


def number_text(value: float) -> str:
    """15.850000000000001 -> `15.85`, 2.0 -> `2`, 1e-12 -> `0`; no exponent. Raises ValueError for infinity and NaN."""
    if not math.isfinite(value):
        raise ValueError(f"{value} is not a number a table can hold")
    text = f"{value:.{_PLACES}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def safe_text(text: str) -> str:
    """The text with LF line breaks, and with a leading `'` if a spreadsheet would read it as a formula."""
    plain = text.replace("\r\n", "\n")
    return f"'{plain}" if plain.startswith(_FORMULA_STARTS) else plain
