"""Which office a sheet is about whose rows name none: what the texts above its table say, and its tab."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.extract.titles import offices, reporter
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


def office_of_tab(above: str, sheet: str, index: UnitIndex) -> str:
    """The unit a tab is named after where it is another one than the texts above say: copied, or moved; else ""."""
    tab = index.resolve(sheet).unit_id
    return tab if above and tab and tab != above and index.kinds[tab] == "unit" else ""
