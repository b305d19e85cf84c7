"""The published CSV tables: the same frame gives the same bytes, and no cell runs as a formula in a spreadsheet."""

from __future__ import annotations

import csv
import io
import math
from typing import Final

import pandas as pd

from pipeline.publish.csv_cells import csv_text, plain_text

#: most decimals of a number
_PLACES: Final = 10


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """A frame of any columns as CSV: UTF-8 with BOM (for Excel), `,` between cells, a header row, no index.

    Lines end in CRLF (RFC 4180, as Excel writes it); texts as `csv_text` writes them. Numbers have a decimal point and
    at most ten decimals, so that float noise does not show (`15.85`). NA is an empty cell. Raises ValueError for an
    infinite number.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(csv_text(str(c)) for c in frame.columns)
    writer.writerows(zip(*(_cell_texts(frame[c]) for c in frame.columns), strict=True))
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def read_csv_table(data: bytes) -> pd.DataFrame:
    """A published table as a frame of texts: columns from its first line, one row per line, "" for an empty cell.

    The texts are those that were written (`plain_text`). Raises ValueError (from pandas) if the bytes are no CSV table.
    """
    frame = pd.read_csv(io.BytesIO(data), dtype="str", keep_default_na=False, encoding="utf-8-sig")
    for position in range(frame.shape[1]):
        column = frame.iloc[:, position]
        if column.str.contains("^'|[\uff1b\u23ce]", regex=True).any():
            frame[frame.columns[position]] = column.map(plain_text).astype("str")
    return frame


def table_or_none(data: bytes | None) -> pd.DataFrame | None:
    """`read_csv_table`; None for a missing file and for bytes that are no CSV table."""
    try:
        return None if data is None else read_csv_table(data)
    except ValueError:
        return None


def _cell_texts(column: pd.Series) -> list[str]:
    if pd.api.types.is_bool_dtype(column.dtype):
        return ["" if pd.isna(v) else ("true" if v else "false") for v in column]
    if pd.api.types.is_integer_dtype(column.dtype):
        return ["" if pd.isna(v) else str(int(v)) for v in column]
    if pd.api.types.is_float_dtype(column.dtype):
        return ["" if pd.isna(v) else number_text(float(v)) for v in column]
    return ["" if pd.isna(v) else csv_text(str(v)) for v in column]


def number_text(value: float) -> str:
    """15.850000000000001 -> `15.85`, 2.0 -> `2`, 1e-12 -> `0`; no exponent. Raises ValueError for infinity and NaN."""
    if not math.isfinite(value):
        raise ValueError(f"{value} is not a number a table can hold")
    text = f"{value:.{_PLACES}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
