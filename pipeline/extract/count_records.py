"""What tables and lists gave, a block each: the numbers of many rows beside where each stands."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.extract.count_tables.row_owners import Place
from schemas.frames import Counts


@dataclass(frozen=True)
class Block:
    """Counts of one table: a line a row, a column a measure. `kept`: which of them are known."""

    file: str
    sheet: str
    measures: Sequence[str]
    units: Sequence[str]  # of each line
    places: Sequence[Place]  # of each line: its unit's place
    letters: Sequence[str]  # of each column; of a list none
    rows: Sequence[str]  # of each line: the number of its row, or how many rows of a list were counted
    values: NDArray[np.int64]
    kept: NDArray[np.bool_]

    def of_places(self, first: Mapping[str, Place]) -> Block:
        """Without the lines of units that stand in another place than the one given for them."""
        stays = [first.get(u, p) == p for u, p in zip(self.units, self.places, strict=True)]
        return self if all(stays) else replace(self, kept=self.kept & np.array(stays, dtype=np.bool_)[:, None])


def to_frame(blocks: Sequence[Block], excluded_files: Collection[str]) -> pd.DataFrame:
    """The Counts frame of the files that stand, table by table, row by row, column by column."""
    columns: dict[str, list[object]] = {c: [] for c in Counts.to_schema().columns}
    for block in blocks:
        if block.file in excluded_files:
            continue
        kept = block.kept.ravel()
        count = int(kept.sum())
        chosen = np.flatnonzero(kept).tolist()
        wide = len(block.measures)
        columns["unit_id"] += [block.units[i // wide] for i in chosen]
        columns["measure"] += [block.measures[i % wide] for i in chosen]
        columns["value"] += block.values.ravel()[kept].tolist()
        columns["source_file"] += [block.file] * count
        columns["source_sheet"] += [block.sheet] * count
        columns["source_cell"] += [f"{block.letters[i % wide]}{block.rows[i // wide]}" for i in chosen]
        columns["original_value"] += [None] * count
        columns["correction_id"] += [""] * count
    frame = pd.DataFrame(
        {
            name: pd.Series(values, dtype="Int64" if name in {"value", "original_value"} else "str")
            for name, values in columns.items()
        }
    )
    return Counts.validate(frame, lazy=True)
