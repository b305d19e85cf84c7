"""Counts of many cells -> one number a unit and measure, with totals that follow from their parts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from pipeline.arithmetic.masked_numbers import Known, column, every, first, frame, limited, same, some
from pipeline.findings import Place
from schemas.measures import COUNT_NAMES, GROUPS

MEASURES = list(COUNT_NAMES)


def wide(counts: pd.DataFrame, value: str = "value") -> pd.DataFrame:
    """Counts by unit: index unit_id, one Int64 column per count measure, NA where no cell gives it.

    `value="raw"` takes what the files say, before corrections.
    """
    values = counts["value"] if value == "value" else counts["original_value"].fillna(counts["value"])
    rows, units = pd.factorize(counts["unit_id"])
    columns = pd.Index(MEASURES).get_indexer(pd.Index(counts["measure"]))
    given = values.notna().to_numpy() & (columns >= 0)
    cells = rows[given], columns[given]
    numbers = np.zeros((len(units), len(MEASURES)), np.int64)
    known = np.zeros(numbers.shape, np.bool_)
    np.add.at(numbers, cells, values.to_numpy(dtype=np.int64, na_value=0)[given])
    known[cells] = True
    like = pd.DataFrame(index=units.rename("unit_id"), columns=pd.Index(MEASURES, name="measure"))
    return frame([Known(numbers[:, i], known[:, i]) for i in range(len(MEASURES))], like)


def received_parts(table: Mapping[str, Known]) -> Known:
    """What was received: the channels where every one is known, else in the period plus carried over."""
    together = every([table["received_in_period"], table["carried_over"]])
    return first(together, every([table[p] for p in GROUPS["received"][1]]))


def parts_sum(table: Mapping[str, Known], group: str) -> Known:
    """The sum of a group's parts; not known where a part is not, unless the others make up the total."""
    if group == "received":
        return received_parts(table)
    total, parts = GROUPS[group]
    given = some([table[p] for p in parts])
    return first(every([table[p] for p in parts]), limited(given, same(given, table[total])))


def columns_of(table: pd.DataFrame) -> dict[str, Known]:
    """The columns of a wide table by their measure."""
    return {str(m): column(table, m) for m in table.columns}


def complete(table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The table with what follows by arithmetic filled in, and a boolean table of the cells that were derived.

    A total is the sum of its parts; a part that no column holds is 0 where the total is the sum of the others, and the
    direct channel is what a period's receipts leave beside the online ones.
    """
    filled = columns_of(table)
    in_period, online = filled["received_in_period"], filled["received_online"]
    rest = in_period.numbers - online.numbers
    left = limited(Known(rest, in_period.known & online.known), rest >= 0)
    filled["received_direct"] = first(filled["received_direct"], left)
    for group, (total, parts) in GROUPS.items():
        filled[total] = first(filled[total], parts_sum(filled, group))
        closes = same(some([filled[p] for p in parts]), filled[total])
        for part in parts:
            filled[part] = Known(filled[part].numbers, filled[part].known | closes)
    done = frame(list(filled.values()), table)
    return done, done.notna() & table.isna()


def value_of(table: pd.DataFrame, unit_id: str, measure: str) -> int | None:
    """One cell, None where there is none."""
    if unit_id not in table.index:
        return None
    return _number(table.at[unit_id, measure])


def _number(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)


def first_places(frame: pd.DataFrame, key: str = "measure") -> dict[tuple[str, str], Place]:
    """(unit_id, measure) -> the place of its first source in a Counts frame; `key="item"`: in a Supplement frame."""
    first = frame.drop_duplicates(["unit_id", key])
    keys = zip(first["unit_id"], first[key], strict=True)
    sources = zip(first["source_file"], first["source_sheet"], first["source_cell"], strict=True)
    return {at: Place(*source) for at, source in zip(keys, sources, strict=True)}
