"""Frames as they are checked: a column has its type, and what it has not is refused."""

from typing import Any

import pandas as pd
import pytest
from pandera.errors import SchemaErrors

from pipeline.extract.forms.form_entries import FormReading
from schemas.frames import Corrections, Counts


def counts(**columns: Any) -> pd.DataFrame:
    """One row of the long counts, some columns replaced."""
    text = dict.fromkeys(Counts.to_schema().columns, pd.Series(["x"], dtype="str"))
    numbers = dict.fromkeys(("value", "original_value"), pd.Series([1], dtype="Int64"))
    return pd.DataFrame({**text, **numbers, **columns})


def test_text_is_text_however_pandas_keeps_it() -> None:
    for kept in ("str", "string", "object"):
        Counts.validate(counts(unit_id=pd.Series(["xa-a"], dtype=kept)), lazy=True)


@pytest.mark.parametrize(
    ("column", "values", "dtype", "why"),
    [
        ("unit_id", [1], "object", "WRONG_DATATYPE"),
        ("unit_id", ["a", 1], "object", "WRONG_DATATYPE"),
        ("unit_id", [1], "int64", "WRONG_DATATYPE"),
        ("unit_id", [None], "str", "SERIES_CONTAINS_NULLS"),
        ("value", ["1"], "str", "WRONG_DATATYPE"),
        ("value", [-1], "Int64", "DATAFRAME_CHECK"),
    ],
)
def test_what_is_of_another_type_is_refused(column: str, values: list[Any], dtype: str, why: str) -> None:
    frame = pd.concat([counts()] * len(values), ignore_index=True).assign(**{column: pd.Series(values, dtype=dtype)})
    with pytest.raises(SchemaErrors) as refused:
        Counts.validate(frame, lazy=True)
    errors = [(reason, e["column"]) for kind in refused.value.message.values() for reason in kind for e in kind[reason]]
    assert (why, column) in errors and {c for _, c in errors} == {column}


def test_a_form_nobody_sent_is_a_frame_of_its_own_each_time() -> None:
    first = FormReading().frame("corrections", Corrections)
    del first["unit_id"]
    again = FormReading().frame("corrections", Corrections)
    assert again.empty and list(again.columns) == list(Corrections.to_schema().columns)
