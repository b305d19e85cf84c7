"""Counts of many cells -> one number a unit and measure, with totals that follow from their parts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from schemas.measures import COUNT_NAMES, GROUPS

MEASURES = list(COUNT_NAMES)


def wide(counts: pd.DataFrame, value: str = "value") -> pd.DataFrame:
    """Counts by unit: index unit_id, one Int64 column per count measure, NA where no cell gives it.

    `value="raw"` takes what the files say, before corrections.
    """
    values = counts["value"] if value == "value" else counts["original_value"].fillna(counts["value"])
    keyed = pd.DataFrame({"unit_id": counts["unit_id"], "measure": counts["measure"], "v": values})
    table = keyed.groupby(["unit_id", "measure"], sort=False)["v"].sum(min_count=1).unstack("measure")
    return table.reindex(columns=MEASURES).astype("Int64")


def received_parts(table: pd.DataFrame) -> pd.Series:
    """What was received: the channels where every one is known, else in the period plus carried over; NA if neither."""
    channels = table[list(GROUPS["received"][1])].sum(axis=1, skipna=False)
    together = table[["received_in_period", "carried_over"]].sum(axis=1, skipna=False)
    return together.where(together.notna(), channels).astype("Int64")


def parts_sum(table: pd.DataFrame, group: str) -> pd.Series:
    """The sum of a group's parts; NA where a part is not known, unless the others make up the total."""
    if group == "received":
        return received_parts(table)
    total, parts = GROUPS[group]
    complete = table[list(parts)].sum(axis=1, skipna=False)
    known = table[list(parts)].sum(axis=1, min_count=1)
    closes = (known == table[total]).fillna(False)
    return complete.where(complete.notna(), known.where(closes)).astype("Int64")


def complete(table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The table with what follows by arithmetic filled in, and a boolean table of the cells that were derived.

    A total is the sum of its parts; a part that no column holds is 0 where the total is the sum of the others, and the
    direct channel is what a period's receipts leave beside the online ones.
    """
    filled = table.copy()
    in_period, online, direct = (filled[m] for m in ("received_in_period", "received_online", "received_direct"))
    filled["received_direct"] = direct.where(direct.notna(), _not_negative(in_period - online))
    for group, (total, parts) in GROUPS.items():
        filled[total] = filled[total].where(filled[total].notna(), parts_sum(filled, group))
        known = filled[list(parts)].sum(axis=1, min_count=1)
        closes = (known == filled[total]).fillna(False)
        for part in parts:
            filled[part] = filled[part].where(filled[part].notna() | ~closes, 0)
    return filled, filled.notna() & table.isna()


def _not_negative(values: pd.Series) -> pd.Series:
    return values.where((values >= 0).fillna(False))


def value_of(table: pd.DataFrame, unit_id: str, measure: str) -> int | None:
    """One cell, None where there is none."""
    if unit_id not in table.index:
        return None
    return _number(table.at[unit_id, measure])


def _number(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)


def cell_of(counts: pd.DataFrame) -> Mapping[tuple[str, str], tuple[str, str, str]]:
    """(unit_id, measure) -> file, sheet, cell of its first source."""
    first = counts.drop_duplicates(["unit_id", "measure"])
    keys = zip(first["unit_id"], first["measure"], strict=True)
    places = zip(first["source_file"], first["source_sheet"], first["source_cell"], strict=True)
    return dict(zip(keys, places, strict=True))
