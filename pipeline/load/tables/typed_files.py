"""Tables as JSON records and as Parquet bytes: the numbers and texts of the CSV files, with their types."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from fastparquet.writer import make_metadata, write_simple

from pipeline.publish.csv_tables import number_text


def json_tables(facts: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> bytes:
    """One JSON document: `facts`, then `tables`: name -> list of records, one record a line. NA is null."""
    head = json.dumps(dict(facts), ensure_ascii=False, indent=2).removesuffix("\n}")
    parts = []
    for name, frame in tables.items():
        columns = {column: _plain(frame[column]) for column in frame.columns}
        records = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
        lines = ",\n".join(json.dumps(record, ensure_ascii=False, allow_nan=False) for record in records)
        parts.append(f"{json.dumps(name)}: [\n{lines}\n]" if records else f"{json.dumps(name)}: []")
    body = ",\n".join(parts)
    return f'{head},\n  "tables": {{\n{body}\n}}\n}}\n'.encode()


def parquet_table(frame: pd.DataFrame, nullable: Sequence[str]) -> bytes:
    """A frame as Parquet, uncompressed: texts, `int64`, `double`, `boolean`; NA is null.

    `nullable`: the columns that may hold NA. No clock and no version is in the file: the same frame gives the same
    bytes.
    """
    exact = frame.assign(**{c: _exact(frame[c]) for c in frame.columns if pd.api.types.is_float_dtype(frame[c].dtype)})
    metadata = make_metadata(exact, has_nulls=list(nullable), object_encoding="utf8")
    metadata.created_by, metadata.key_value_metadata = b"tthc-scorecard", []
    out = io.BytesIO()
    write_simple(out, exact, metadata, stats=False)
    return out.getvalue()


def _exact(column: pd.Series) -> pd.Series:
    """Scores without float noise, as the CSV files write them."""
    return column.map(lambda value: float(number_text(value)), na_action="ignore").astype("float64")


def _plain(column: pd.Series) -> list[Any]:
    """The values as JSON has them: text, whole number, number, true and false, None."""
    values = _exact(column) if pd.api.types.is_float_dtype(column.dtype) else column
    return [None if missing else value for value, missing in zip(values.tolist(), values.isna(), strict=True)]
