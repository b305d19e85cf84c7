"""What tables and columns mean, in Vietnamese, and their keys: `reference/tables.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from pydantic import BaseModel, ConfigDict


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ColumnText(_Part):
    """What a column holds; `unit`: "điểm", "hồ sơ", "" for texts; `personal`: names of persons."""

    text: str
    unit: str = ""
    personal: bool = False


class ForeignKey(_Part):
    """Columns whose values, where they are not empty, are those of columns of another table."""

    columns: tuple[str, ...]
    table: str
    other: tuple[str, ...]


class TableText(_Part):
    """A table. `columns`: those that mean something else here than in other tables."""

    title: str
    text: str
    primary_key: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    columns: dict[str, ColumnText] = {}


class TableTexts(_Part):
    """All tables by name, and the columns that mean the same in every table."""

    columns: dict[str, ColumnText]
    tables: dict[str, TableText]

    def column(self, table: str, name: str) -> ColumnText:
        """What a column of a table holds. Raises KeyError for one that is not described."""
        return self.tables[table].columns.get(name) or self.columns[name]


@cache
def table_texts() -> TableTexts:
    """The texts of all tables."""
    text = resources.files("pipeline").joinpath("reference/tables.toml").read_text("utf-8")
    return TableTexts.model_validate(tomllib.loads(text))
