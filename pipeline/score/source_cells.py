"""The cell that a row of a frame was read from: as a place for findings, and as the text of a column `source`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.findings import Place

#: A row of a frame: column -> value, as `DataFrame.to_dict("records")` gives it.
Record = Mapping[Any, Any]


def source_cell(row: Record, cell: str = "source_cell") -> Place:
    """The place in the columns `source_file`, `source_sheet` and `cell` of a row."""
    return Place(str(row["source_file"]), str(row["source_sheet"]), str(row[cell]))


def source_text(place: Place) -> str:
    """`file!sheet!cell`, without the parts that are empty."""
    return "!".join(part for part in (place.file, place.sheet, place.cell) if part)
