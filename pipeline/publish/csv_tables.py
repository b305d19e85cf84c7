"""Tidy CSV files of the frames: the same bytes for the same frame, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import math
from typing import Final

import pandas as pd

#: what a spreadsheet program would take for a formula at the start of a text
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
_PLACES: Final = 10


def csv_bytes(frame: pd.DataFrame) -> bytes:
    r"""A frame as CSV: UTF-8 with BOM (so that Excel reads Vietnamese), `,` between cells, header first, no index.

    Lines end in CRLF, as RFC 4180 has it and Excel writes it; a line break inside a text is LF, so the two never mix.
    Numbers have a decimal point and at most ten decimals, without the last bit's noise (`15.85`); NA is empty; a text
    that a spreadsheet would take for a formula gets a leading `'`.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(str(c) for c in frame.columns)
    writer.writerows(zip(*(_cells(frame[c]) for c in frame.columns), strict=True))
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", errors="replace")


def read_table(data: bytes) -> pd.DataFrame:
    """A published table as text: the columns of its first line, "" where a cell is empty.

    Raises ValueError (of pandas) for bytes that are no table.
    """
    return pd.read_csv(io.BytesIO(data), dtype="str", keep_default_na=False, encoding="utf-8-sig")


def _cells(column: pd.Series) -> list[str]:
    if pd.api.types.is_bool_dtype(column.dtype):
        return ["" if pd.isna(v) else ("true" if v else "false") for v in column]
    if pd.api.types.is_integer_dtype(column.dtype):
        return ["" if pd.isna(v) else str(int(v)) for v in column]
    if pd.api.types.is_float_dtype(column.dtype):
        return ["" if pd.isna(v) else number_text(float(v)) for v in column]
    return ["" if pd.isna(v) else safe_text(str(v)) for v in column]


def number_text(value: float) -> str:
    """15.850000000000001 -> `15.85`, 2.0 -> `2`, 1e-12 -> `0`; never an exponent. Raises ValueError for infinity."""
    if not math.isfinite(value):
        raise ValueError(f"{value} is not a number a table can hold")
    text = f"{value:.{_PLACES}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def safe_text(text: str) -> str:
    """Text that no spreadsheet program runs: LF line breaks, `'` before what would be a formula."""
    plain = text.replace("\r\n", "\n")
    return f"'{plain}" if plain.startswith(_FORMULA_STARTS) else plain
