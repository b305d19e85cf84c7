"""Which office a sheet is about whose rows name none: what the texts above its table say, and its tab."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.extract.grid import Grid
from pipeline.extract.titles import offices, reporter
from pipeline.findings import Finding
from pipeline.units import UnitIndex


def office_above(titles: Sequence[str], sheet: str, index: UnitIndex, *, only_said: bool = False) -> str:
    """The unit a sheet without unit names is about: as it reports, as its title or its tab says; "" where none is."""
    said = index.resolve(reporter(titles)).unit_id
    if said or only_said:
        return said
    for names in (offices(titles), [sheet]):
        found = {u for n in names if (u := index.resolve(n).unit_id) and index.kinds[u] == "unit"}
        if found:
            return found.pop() if len(found) == 1 else ""
    return ""


def contrary_tab(above: str, grid: Grid, index: UnitIndex) -> Finding | None:
    """A finding where the tab is named after another unit than the texts `above` say: copied, or moved."""
    tab = index.resolve(grid.sheet).unit_id
    if not above or not tab or tab == above or index.kinds[tab] != "unit":
        return None
    both = f"{index.names[above]} (phía trên bảng), {index.names[tab]} (tên trang)"
    return Finding("unit_unclear", "", grid.file, grid.sheet, found=both)
