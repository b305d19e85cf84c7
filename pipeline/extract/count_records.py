"""What tables and lists gave, a block each: the numbers of many rows beside where each stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.findings import Finding, Place
from pipeline.registry import UnitIndex
from pipeline.text import vn_int
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


#: places of one unit that a finding names
MOST_PLACES = 20


@dataclass
class CountReading:
    """What one or more tables gave. `records` become the Counts frame."""

    records: list[Block] = field(default_factory=list)
    places: dict[str, list[Place]] = field(default_factory=lambda: defaultdict(list))  # unit -> its rows
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # Vietnamese: what each column was taken for
    #: (file, sheet) -> measure -> sum of the tables read so far: a total below several tables adds them all
    sums: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)

    def frame(self, excluded_files: set[str]) -> pd.DataFrame:
        """Counts of the files that stand, the first place of a unit only (a second one is a finding)."""
        return to_frame(self.records, excluded_files)


def repeated_units(reading: CountReading, index: UnitIndex, excluded_files: set[str]) -> list[Finding]:
    """Units with rows in two places; only the first place stays in the records (they must not be added up)."""
    findings = []
    kept: dict[str, Place] = {}
    for unit_id, places in reading.places.items():
        standing = [p for p in places if p.file not in excluded_files]
        if len(standing) < 2:
            continue
        first = kept[unit_id] = standing[0]
        more = len(standing) - MOST_PLACES
        found = "; ".join(map(str, standing[:MOST_PLACES])) + (f" và {vn_int(more)} nơi khác" if more > 0 else "")
        times = "hai" if len(standing) == 2 else vn_int(len(standing))
        facts = {"row": index.names[unit_id], "times": times}
        findings.append(Finding("unit_repeated", unit_id, first.file, first.sheet, first.cell, found, "một nơi", facts))
    if kept:
        reading.records = [block.of_places(kept) for block in reading.records]
    return findings
