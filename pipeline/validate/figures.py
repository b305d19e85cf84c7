"""Counts and supplement -> the figures scores are computed from, each with where it comes from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipeline.arithmetic.wide_counts import value_of
from schemas.frames import Choices, Figures
from schemas.measures import SUMMED_TOGETHER, SUPPLEMENT_GROUPS, SUPPLEMENT_NAMES


def supplement_table(supplement: pd.DataFrame) -> pd.DataFrame:
    """Index unit_id, one Int64 column per supplement measure (columns of one item added up), NA where not entered."""
    numbers = supplement.loc[supplement["value"].notna()]
    table = numbers.groupby(["unit_id", "item"], sort=False)["value"].sum(min_count=1).unstack("item")
    return table.reindex(columns=list(SUPPLEMENT_NAMES)).astype("Int64")


def level_supplement(
    entered: pd.DataFrame, of_units: pd.DataFrame, members: Mapping[str, list[str]]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Per level and group of measures: its own cells, else the sums of what every unit gives. Then: True where summed.

    of_units: `entered` with the cells that can only be 0 filled in; members: the scored units. What nobody entered has
    no sum: a level does not know more than its units say.
    """
    own = entered.reindex(list(members))
    summed = pd.DataFrame(False, index=own.index, columns=own.columns)
    for level, ids in members.items():
        if not ids:
            continue
        by_hand = entered.reindex(ids).notna().any()
        sums = of_units.reindex(ids).sum(axis=0, skipna=False, min_count=1)
        for group in SUPPLEMENT_GROUPS.values():
            if any(value_of(own, level, m) is not None for m in group):
                continue
            for measures in summed_together(group):
                if by_hand[list(measures)].any() and sums[list(measures)].notna().all():
                    own.loc[level, list(measures)] = sums[list(measures)]
                    summed.loc[level, list(measures)] = True
    return own, summed


def summed_together(group: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The measures of a group of the supplement, those that mean something only together as one tuple."""
    bundles = {m: bundle for bundle in SUMMED_TOGETHER for m in bundle}
    return list(dict.fromkeys(bundles.get(m, (m,)) for m in group))


def figures_frame(table: pd.DataFrame, origins: pd.DataFrame, sources: Mapping[tuple[str, str], str]) -> pd.DataFrame:
    """Long Figures frame of a wide table; `origins` has the same shape and says how each came about."""
    rows, columns = np.nonzero(table.notna().to_numpy())
    ids, measures = table.index[rows], table.columns[columns]
    frame = pd.DataFrame(
        {
            "unit_id": pd.Series(ids, dtype="str"),
            "measure": pd.Series(measures, dtype="str"),
            "value": pd.Series(table.to_numpy(dtype="float64", na_value=np.nan)[rows, columns], dtype="Int64"),
            "origin": pd.Series(origins.to_numpy(dtype=object)[rows, columns], dtype="str"),
            "source": pd.Series([sources.get(key, "") for key in zip(ids, measures, strict=True)], dtype="str"),
        }
    )
    return Figures.validate(frame, lazy=True)


def source_texts(frame: pd.DataFrame, key: str) -> dict[tuple[str, str], str]:
    """(unit_id, measure) -> `file!sheet!cell; …` of a Counts (key `measure`) or Supplement (key `item`) frame."""
    text = frame["source_file"] + "!" + frame["source_sheet"] + "!" + frame["source_cell"]
    texts: dict[tuple[str, str], list[str]] = defaultdict(list)
    for unit_id, measure, source in zip(frame["unit_id"], frame[key], text, strict=True):
        texts[unit_id, measure].append(source)
    return {k: "; ".join(v) for k, v in texts.items()}


def choices_frame(supplement: pd.DataFrame) -> pd.DataFrame:
    """Categories entered (disclosure)."""
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
