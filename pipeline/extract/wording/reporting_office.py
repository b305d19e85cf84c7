"""The unit that a whole sheet is about, where its rows name none: from its title rows and from the name of its tab."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.extract.sheet.grid import Grid
from pipeline.extract.wording.place_names import is_place_name
from pipeline.extract.wording.title_offices import office_names, reporter_name
from pipeline.findings import Finding
from pipeline.registry import UnitIndex

#: first words of the name of an office that may report for itself
_OFFICE = re.compile(
    r"(?:ubnd|[uủ][ỷy] ban nhân dân|phòng|xã|phường|thị trấn|trung tâm|chi nhánh|văn phòng|chi cục|đội|trạm|hạt) \w",
    re.IGNORECASE,
)
#: in a reporter line also these; elsewhere in a title a Sở may be the office whose form it is
_REPORTER = re.compile(rf"(?:sở|ban|cục|công an|tòa án|{_OFFICE.pattern})", re.IGNORECASE)


def reporting_unit(titles: Sequence[str], sheet: str, index: UnitIndex, *, reporter_line_only: bool = False) -> str:
    """The id of the unit that a sheet is about; "" where that is unknown or ambiguous.

    The reporter line decides. Without one, a unit named in the titles, then the name of the sheet.
    """
    unit_id = index.resolve(reporter_name(titles)).unit_id
    if unit_id or reporter_line_only:
        return unit_id
    for names in (office_names(titles), [sheet]):
        found = {u for n in names if (u := index.resolve(n).unit_id) and index.kinds[u] == "unit"}
        if found:
            return found.pop() if len(found) == 1 else ""
    return ""


def looks_like_office(text: str) -> bool:
    """Whether a text reads as the name of an office, registered or not."""
    return bool(_OFFICE.match(text))


def unknown_office(titles: Sequence[str], index: UnitIndex) -> str:
    """The office that the titles name, where the registry knows none of the names in them; "" otherwise."""
    reporter = reporter_name(titles)
    if index.resolve(reporter).unit_id:
        return ""
    if _REPORTER.match(reporter):
        return reporter
    names = office_names(titles)
    if any(index.kinds.get(index.resolve(n).unit_id) == "unit" for n in names):
        return ""
    return next(
        (n for n in names if looks_like_office(n) and not is_place_name(n) and not index.resolve(n).unit_id), ""
    )


def tab_conflict(unit_id: str, titles: Sequence[str], grid: Grid, index: UnitIndex) -> Finding | None:
    """A finding where the tab is named after another unit than the titles: the sheet was copied or moved.

    `unit_id`: the unit that the sheet was taken for, "" for none. Titles with an unregistered office conflict as well.
    """
    of_tab = index.resolve(grid.sheet).unit_id
    if not of_tab or index.kinds[of_tab] != "unit":
        return None
    unknown = unknown_office(titles, index)
    if unknown:
        both = f"“{unknown}” (phía trên bảng, không có trong danh mục), {index.names[of_tab]} (tên trang)"
        return grid.place_of().finding("unit_unclear", found=both)
    if not unit_id or of_tab == unit_id:
        return None
    both = f"{index.names[unit_id]} (phía trên bảng), {index.names[of_tab]} (tên trang)"
    return grid.place_of().finding("unit_unclear", found=both)
