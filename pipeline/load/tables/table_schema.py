"""A Pandera model as a Table Schema (https://datapackage.org/standard/table-schema/)."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from pipeline.load.tables.published_tables import MODELS
from pipeline.load.tables.table_texts import table_texts


def table_schema(table: str) -> dict[str, Any]:
    """The schema of a published table: fields with type, constraints, description and unit; keys.

    An empty cell is a missing value. A text may be empty unless its model says otherwise.
    """
    texts = table_texts()
    described = texts.tables[table]
    fields = []
    for name, column in MODELS[table].to_schema().columns.items():
        text = texts.column(table, name)
        constraints = _constraints(column, required=name in described.primary_key)
        fields.append(
            {"name": name, "type": _type(column), "description": text.text}
            | ({"unit": text.unit} if text.unit else {})
            | ({"personalData": True} if text.personal else {})
            | ({"constraints": constraints} if constraints else {})
        )
    keys = [
        {
            "fields": list(key.columns),  # a key that leads to its own table names no resource
            "reference": ({"resource": key.table} if key.table != table else {}) | {"fields": list(key.other)},
        }
        for key in described.foreign_keys
    ]
    return (
        {"fields": fields, "missingValues": [""]}
        | ({"primaryKey": list(described.primary_key)} if described.primary_key else {})
        | ({"foreignKeys": keys} if keys else {})
    )


def nullable_columns(table: str) -> list[str]:
    """The columns of a published table that may hold NA."""
    return [name for name, column in MODELS[table].to_schema().columns.items() if column.nullable]


def _type(column: Any) -> str:
    dtype = column.dtype.type
    if pd.api.types.is_bool_dtype(dtype):
        return "boolean"
    if pd.api.types.is_integer_dtype(dtype):
        return "integer"
    return "number" if pd.api.types.is_float_dtype(dtype) else "string"


def _constraints(column: Any, *, required: bool) -> dict[str, Any]:
    """The checks of a column as constraints, which hold for values that are not missing."""
    found: dict[str, Any] = {"unique": True} if column.unique else {}
    may_be_empty = _type(column) == "string"
    for check in column.checks:
        facts = check.statistics
        match check.name:
            case "isin":
                found["enum"] = [value for value in facts["allowed_values"] if value != ""]
                may_be_empty = may_be_empty and "" in facts["allowed_values"]
            case "str_matches":
                pattern = facts["pattern"]
                found["pattern"] = pattern if isinstance(pattern, str) else pattern.pattern
                may_be_empty = may_be_empty and re.match(found["pattern"], "") is not None
            case "str_length":
                found["minLength"] = facts["min_value"]
                may_be_empty = may_be_empty and not facts["min_value"]
            case "greater_than_or_equal_to":
                found["minimum"] = facts["min_value"]
            case "less_than_or_equal_to":
                found["maximum"] = facts["max_value"]
            case other:
                raise ValueError(f"no constraint of a table schema for the check {other}")
    return ({"required": True} if required or not (may_be_empty or column.nullable) else {}) | found
