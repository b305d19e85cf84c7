"""The column “Nguồn” of the tables for checking."""

from __future__ import annotations

import pandas as pd

from pipeline.load.content.display_names import place_text


def source_cells(frame: pd.DataFrame) -> list[str]:
    """The source of each row, `file › sheet › cell`. Columns: source_file, source_sheet, source_cell."""
    places = zip(frame["source_file"], frame["source_sheet"], frame["source_cell"], strict=True)
    return [place_text(*place) for place in places]
