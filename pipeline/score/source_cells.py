"""The cell that a row of a frame was read from: as a place of findings, and as the text of a column `source`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.findings import Place


def source_cell(row: Mapping[Any, Any], cell: str = "source_cell") -> Place:
    """The place in the columns `source_file`, `source_sheet` and `cell` of a row."""
    return Place(str(row["source_file"]), str(row["source_sheet"]), str(row[cell]))


def source_text(place: Place) -> str:
    """`file!sheet!cell`, without the parts that are empty."""
    return "!".join(part for part in (place.file, place.sheet, place.cell) if part)
