"""The figures that scores are computed from, each with its origin and its source.

Figures are the counts of the exports and the supplement that offices enter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipeline.arithmetic.wide_counts import MEASURES, wide
from schemas.frames import Choices, Figures
from schemas.measures import SUPPLEMENT_NAMES


def supplement_by_unit(supplement: pd.DataFrame) -> pd.DataFrame:
    """A Supplement frame as a table: index unit_id, one Int64 column a measure of the supplement, NA where not entered.

    Several columns of the form that feed one measure are added up.
    """
    numbers = supplement.loc[supplement["value"].notna()]
    table = numbers.groupby(["unit_id", "item"], sort=False)["value"].sum(min_count=1).unstack("item")
    return table.reindex(columns=list(SUPPLEMENT_NAMES)).astype("Int64")


def figures_frame(
    table: pd.DataFrame,
    derived: pd.DataFrame,
    summed: pd.DataFrame,
    counts: pd.DataFrame,
    supplement: pd.DataFrame,
    members: Mapping[str, list[str]],
) -> pd.DataFrame:
    """The Figures frame, one row a known cell of `table`.

    table: index unit_id (units and levels), columns of counts and supplement, NA where not known. derived: True where a
    cell follows from its row; summed: True where it is a sum of units; a missing row or column means False. counts:
    Counts frame; supplement: Supplement frame; members: level -> the ids of the units that a sum adds up.
    """
    ordered = table.reindex(columns=[*MEASURES, *SUPPLEMENT_NAMES])
    corrected = wide(counts.loc[counts["correction_id"] != ""]).reindex(index=table.index, columns=ordered.columns)
    sums = _aligned(summed, ordered)
    origins = pd.DataFrame("entered", index=ordered.index, columns=ordered.columns, dtype="object")
    for mask, origin in ((_aligned(derived, ordered), "derived"), (corrected.notna(), "corrected"), (sums, "sum")):
        origins = origins.mask(mask, origin)
    sources = {**_source_texts(counts, "measure"), **_source_texts(supplement, "item")}
    sources |= {
        (level, measure): f"tổng {len(ids)} đơn vị"
        for level, ids in members.items()
        if level in sums.index
        for measure in sums.columns[sums.loc[level].to_numpy(dtype=bool)]
    }
    rows, columns = np.nonzero(ordered.notna().to_numpy())
    ids, measures = ordered.index[rows], ordered.columns[columns]
    frame = pd.DataFrame(
        {
            "unit_id": pd.Series(ids, dtype="str"),
            "measure": pd.Series(measures, dtype="str"),
            "value": pd.Series(ordered.to_numpy(dtype="float64", na_value=np.nan)[rows, columns], dtype="Int64"),
            "origin": pd.Series(origins.to_numpy(dtype=object)[rows, columns], dtype="str"),
            "source": pd.Series([sources.get(key, "") for key in zip(ids, measures, strict=True)], dtype="str"),
        }
    )
    return Figures.validate(frame, lazy=True)


def _aligned(mask: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """A boolean table with the rows and columns of `table`; False where the mask has none."""
    return mask.reindex(index=table.index, columns=table.columns, fill_value=False)


def _source_texts(frame: pd.DataFrame, key: str) -> dict[tuple[str, str], str]:
    """(unit_id, measure) -> `file!sheet!cell; …`, all sources of a Counts (`measure`) or Supplement (`item`) frame."""
    text = frame["source_file"] + "!" + frame["source_sheet"] + "!" + frame["source_cell"]
    texts: dict[tuple[str, str], list[str]] = defaultdict(list)
    for unit_id, measure, source in zip(frame["unit_id"], frame[key], text, strict=True):
        texts[unit_id, measure].append(source)
    return {k: "; ".join(v) for k, v in texts.items()}


def choices_frame(supplement: pd.DataFrame) -> pd.DataFrame:
    """The Choices frame: the categories of a Supplement frame, one row a unit or level and item (disclosure)."""
    chosen = supplement.loc[supplement["option"] != ""].drop_duplicates(["unit_id", "item"])
    frame = pd.DataFrame(
        {
            "unit_id": chosen["unit_id"],
            "item": chosen["item"],
            "option": chosen["option"],
            "source": chosen["source_file"] + "!" + chosen["source_sheet"] + "!" + chosen["source_cell"],
        }
    ).reset_index(drop=True)
    return Choices.validate(frame.astype("str"), lazy=True)
