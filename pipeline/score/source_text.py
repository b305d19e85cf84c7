"""The place that a row of a frame was read from, as the text of a column `source`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.findings import Place

#: A row of a frame: column -> value, as `DataFrame.to_dict("records")` gives it.
Record = Mapping[Any, Any]


def source_text(place: Place) -> str:
    """`file!sheet!cell`, without the parts that are empty."""
    return "!".join(part for part in (place.file, place.sheet, place.cell) if part)
