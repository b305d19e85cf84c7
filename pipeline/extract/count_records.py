"""Counts read from count tables and dossier lists, each number with the file, sheet and cell it comes from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.extract.replacement_files import is_replacement
from pipeline.findings import Finding, Place
from pipeline.registry import UnitIndex
from pipeline.text import vn_int
from schemas.frames import Counts

#: places of one unit that a finding names
MOST_PLACES = 20


@dataclass(frozen=True)
class CountBlock:
    """The counts of one table or list: a line for each row, a position for each column with a measure.

    `values` and `kept` have the shape (rows, columns). Numbers of dossiers.
    """

    file: str
    sheet: str
    measures: Sequence[str]  # of each column
    units: Sequence[str]  # of each row: unit_id
    places: Sequence[Place]  # of each row: where its unit is; rows of one unit in one place are added up
    letters: Sequence[str]  # of each column: `C`, or `C−D` for the difference of two; of a list ""
    rows: Sequence[str]  # of each row: its number in the sheet; of a list how many dossiers were counted
    values: NDArray[np.int64]
    kept: NDArray[np.bool_]  # False where a cell is no number, or a blank that may not be 0
    #: False where units are columns of the sheet: `letters` are row numbers then, `rows` are letters
    columns_first: bool = True

    def at(self, first: Mapping[str, Place]) -> CountBlock:
        """The block without the rows of units that are in another place than `first` gives for them."""
        stays = [first.get(u, p) == p for u, p in zip(self.units, self.places, strict=True)]
        return self if all(stays) else replace(self, kept=self.kept & np.array(stays, dtype=np.bool_)[:, None])


@dataclass(frozen=True)
class CountReading:
    """What was read from count tables and dossier lists."""

    blocks: tuple[CountBlock, ...] = ()
    places: Mapping[str, Sequence[Place]] = field(default_factory=dict)  # unit_id -> where it has rows
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()  # Vietnamese: what each column was taken for

    def frame(self, excluded_files: Collection[str]) -> pd.DataFrame:
        """The Counts frame of the blocks whose file is not excluded: block by block, row by row, column by column."""
        return to_frame([b for b in self.blocks if b.file not in excluded_files])


NO_COUNTS = CountReading()


def combined(readings: Iterable[CountReading]) -> CountReading:
    """Several readings as one, in their order."""
    readings = list(readings)
    places: dict[str, list[Place]] = defaultdict(list)
    for reading in readings:
        for unit_id, found in reading.places.items():
            places[unit_id] += found
    return CountReading(
        tuple(block for reading in readings for block in reading.blocks),
        dict(places),
        tuple(finding for reading in readings for finding in reading.findings),
        tuple(note for reading in readings for note in reading.notes),
    )


def repeated_units(
    reading: CountReading, index: UnitIndex, excluded_files: Collection[str]
) -> tuple[CountReading, list[Finding]]:
    """The reading with each unit's rows of its first place only, and a finding for each unit with rows in two places.

    Rows in two places must not be added up: they may count the same dossiers. Places in excluded files do not matter.
    """
    standing = {
        unit_id: found
        for unit_id, places in reading.places.items()
        if len(found := [p for p in places if p.file not in excluded_files]) > 1
    }
    first = {unit_id: places[0] for unit_id, places in standing.items()}
    findings = [_repeated(unit_id, places, index) for unit_id, places in standing.items()]
    blocks = tuple(block.at(first) for block in reading.blocks) if first else reading.blocks
    return replace(reading, blocks=blocks), findings


def _repeated(unit_id: str, places: Sequence[Place], index: UnitIndex) -> Finding:
    more = len(places) - MOST_PLACES
    found = "; ".join(map(str, places[:MOST_PLACES])) + (f" và {vn_int(more)} nơi khác" if more > 0 else "")
    times = "hai" if len(places) == 2 else vn_int(len(places))
    code = "replacement_repeated" if is_replacement(places[0].file) else "unit_repeated"
    return places[0].finding(code, unit_id, found=found, expected="một nơi", row=index.names[unit_id], times=times)


def _cell(letters: str, row: str) -> str:
    """`C7`; `C7 − D7` where a number is the difference of two cells."""
    return f"{letters}{row}" if "−" not in letters else " − ".join(f"{x}{row}" for x in letters.split("−"))


def _cell_of_row(number: str, letter: str) -> str:
    """`_cell` where units are columns of the sheet: the row of the measure comes first, then the letter of the unit."""
    return " − ".join(f"{letter}{x}" for x in number.split("−"))


def to_frame(blocks: Iterable[CountBlock]) -> pd.DataFrame:
    """The Counts frame of blocks: a row for each number that is kept."""
    columns: dict[str, list[object]] = {c: [] for c in Counts.to_schema().columns}
    for block in blocks:
        kept = block.kept.ravel()
        count = int(kept.sum())
        chosen = np.flatnonzero(kept).tolist()
        width = len(block.measures)
        columns["unit_id"] += [block.units[i // width] for i in chosen]
        columns["measure"] += [block.measures[i % width] for i in chosen]
        columns["value"] += block.values.ravel()[kept].tolist()
        columns["source_file"] += [block.file] * count
        columns["source_sheet"] += [block.sheet] * count
        cell = _cell if block.columns_first else _cell_of_row
        columns["source_cell"] += [cell(block.letters[i % width], block.rows[i // width]) for i in chosen]
        columns["original_value"] += [None] * count
        columns["correction_id"] += [""] * count
    frame = pd.DataFrame(
        {
            name: pd.Series(values, dtype="Int64" if name in {"value", "original_value"} else "str")
            for name, values in columns.items()
        }
    )
    return Counts.validate(frame, lazy=True)
