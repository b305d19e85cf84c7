"""Which office a sheet is about whose rows name none: what the texts above its table say, and its tab."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.extract.sheet.grid import Grid
from pipeline.extract.wording.place_names import is_place
from pipeline.extract.wording.title_periods import offices, reporter
from pipeline.findings import Finding
from pipeline.registry import UnitIndex


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


#: how the name of an office begins that may report for itself; a Sở above it may be whose form it is
_OFFICE = re.compile(
    r"(?:ubnd|[uủ][ỷy] ban nhân dân|phòng|xã|phường|thị trấn|trung tâm|chi nhánh|văn phòng|chi cục|đội|trạm|hạt)\s+\w",
    re.IGNORECASE,
)
_REPORTS = re.compile(rf"(?:sở|ban|cục|công an|tòa án|{_OFFICE.pattern})", re.IGNORECASE)


def is_office(text: str) -> bool:
    """Whether a text reads as the name of an office, known or not."""
    return bool(_OFFICE.match(text))


def unknown_office(titles: Sequence[str], index: UnitIndex) -> str:
    """The office that the texts above a table say it is about where the registry knows none of them; "" otherwise."""
    said = reporter(titles)
    if index.resolve(said).unit_id:
        return ""
    if _REPORTS.match(said):
        return said
    named = [n for n in offices(titles) if _OFFICE.match(n) and not is_place(n)]
    if any(index.resolve(n).unit_id for n in offices(titles) if index.kinds.get(index.resolve(n).unit_id) == "unit"):
        return ""
    return next((n for n in named if not index.resolve(n).unit_id), "")


def contrary_tab(above: str, titles: Sequence[str], grid: Grid, index: UnitIndex) -> Finding | None:
    """A finding where the tab is named after another unit than the titles say, known or not: copied, or moved.

    `above`: the unit the sheet was taken for; an office above it that nobody knows is not the one of the tab.
    """
    tab = index.resolve(grid.sheet).unit_id
    if not tab or index.kinds[tab] != "unit":
        return None
    said = unknown_office(titles, index)
    if said:
        both = f"“{said}” (phía trên bảng, không có trong danh mục), {index.names[tab]} (tên trang)"
        return Finding("unit_unclear", "", grid.file, grid.sheet, found=both)
    if not above or tab == above:
        return None
    both = f"{index.names[above]} (phía trên bảng), {index.names[tab]} (tên trang)"
    return Finding("unit_unclear", "", grid.file, grid.sheet, found=both)
