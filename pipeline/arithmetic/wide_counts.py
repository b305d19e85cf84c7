"""Counts of many cells -> one number of dossiers for each unit and measure, with the totals that follow from parts.

A wide table has one row a unit (index unit_id) and one Int64 column a count measure, NA where a count is not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from pipeline.arithmetic.identities import (
    GROUPS,
    IN_PERIOD_BY_CHANNEL,
    RECEIVED_BY_CHANNEL,
    RECEIVED_BY_PERIOD,
    Identity,
)
from pipeline.arithmetic.masked_numbers import Known, column, every, first, frame, limited, same, some
from pipeline.findings import Place
from schemas.measures import COUNT_NAMES

MEASURES = list(COUNT_NAMES)


def wide(counts: pd.DataFrame, value: str = "value") -> pd.DataFrame:
    """The wide table of a Counts frame: the cells of a unit and measure added up.

    `value="raw"` takes the numbers of the files, before corrections.
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


def sum_of_parts(table: Mapping[str, Known], identity: Identity) -> Known:
    """The sum of the parts of an identity where each of them is known. One number a row of the table."""
    return every([table[p] for p in identity.parts])


def group_sum(table: Mapping[str, Known], group: Identity) -> Known:
    """What the parts of a group of the form add up to, one number a row of the table.

    Received: in the period plus carried over, else the channels. Of the other groups the sum is known without a part
    where the parts that are known make up the total.
    """
    if group is RECEIVED_BY_CHANNEL:
        return first(sum_of_parts(table, RECEIVED_BY_PERIOD), sum_of_parts(table, RECEIVED_BY_CHANNEL))
    given = some([table[p] for p in group.parts])
    return first(sum_of_parts(table, group), limited(given, same(given, table[group.total])))


def columns_of(table: pd.DataFrame) -> dict[str, Known]:
    """measure -> its column of a wide table."""
    return {str(m): column(table, m) for m in table.columns}


def complete(table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A wide table with the counts that follow from its identities, and a boolean table of the cells that were derived.

    A total is the sum of its parts. A part without a number is 0 where the total is the sum of the others. The direct
    channel is what was received in the period less the online dossiers.
    """
    filled = columns_of(table)
    online, direct = IN_PERIOD_BY_CHANNEL.parts
    whole, known_part = filled[IN_PERIOD_BY_CHANNEL.total], filled[online]
    rest = whole.numbers - known_part.numbers
    left = limited(Known(rest, whole.known & known_part.known), rest >= 0)
    filled[direct] = first(filled[direct], left)
    for group in GROUPS.values():
        filled[group.total] = first(filled[group.total], group_sum(filled, group))
        closes = same(some([filled[p] for p in group.parts]), filled[group.total])
        for part in group.parts:
            filled[part] = Known(filled[part].numbers, filled[part].known | closes)
    done = frame(list(filled.values()), table)
    return done, done.notna() & table.isna()


def value_of(table: pd.DataFrame, unit_id: str, measure: str) -> int | None:
    """The number of one cell, None where there is none."""
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
