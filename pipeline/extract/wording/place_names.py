"""Names of districts, cities and provinces in titles and rows, and whether they are places of the registry.

A sheet of another district, or a row of one, must not be counted for the units of this registry.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

from pipeline.extract.wording.title_offices import reporter_name
from pipeline.registry import UnitIndex
from pipeline.text import fold

#: kinds of districts, cities and provinces
_KINDS = r"huyện|quận|thị xã|thành phố|tỉnh|tp\.?|tx\.?"
#: "các xã, phường": several units of a place
_UNITS = (
    r"(?:các )?(?:xã|phường|thị trấn|đơn vị|phòng|ban|cơ quan)"
    r"(?:[,\s]+(?:xã|phường|thị trấn|phòng|ban|và|đơn vị|chuyên môn))*"
)
#: "UBND": the people's committee of a place
_COMMITTEE = r"(?:(?:hđnd(?: và |-))?(?:ubnd|[uủ][ỷy] ban nhân dân) )?"

_PLACE = re.compile(
    rf"^(?:[ivx\d]+[.)] ?)?{_COMMITTEE}(?:{_UNITS} (?:trực thuộc|thuộc|của|tại|trên địa bàn) )?"
    rf"(?:địa bàn )?{_COMMITTEE}"
    rf"(?P<place>(?P<kind>{_KINDS}) (?P<name>[^\W\d][^:(\d]*))$"
)

#: words that are no name after the kind: "Thành phố trực thuộc tỉnh", "Huyện thị xã thành phố"
NOT_IN_NAMES = frozenset(
    (
        *("và", "các", "trực", "thuộc", "của", "trên", "tại", "này", "theo", "có", "đã", "đang", "tổng", "cộng"),
        *("cấp", "huyện", "thị", "thành", "tỉnh", "quận", "xã", "phường"),
    )
)

#: cities that are provinces: above a district, never beside it
_CENTRAL_CITIES = frozenset(("hà nội", "hồ chí minh", "hải phòng", "đà nẵng", "cần thơ", "huế"))
#: the province that follows the name of a district: "thành phố A, tỉnh B", "huyện A thành phố B"
_PROVINCE_AFTER = re.compile(r" ?[,\-]? ?(?:tỉnh|thành phố|tp\.?) [^\W\d][^,\-]*$")

_COMMUNE = re.compile(r"(?:ubnd )?(?:xã|phường|thị trấn|đặc khu)\s")
#: communes that two districts do not have in common
_ENOUGH_COMMUNES = 3

#: characters of the longest line that may be a place name
_MAX_LENGTH = 80


@lru_cache(maxsize=1 << 12)
def _parse_place(text: str) -> tuple[str, str]:
    """(kind, place) of a text that is nothing but a place name: `("huyện", "huyện b")`; ("", "") for any other text."""
    match = _PLACE.match(fold(text).strip(" .:;")) if len(text) <= _MAX_LENGTH else None
    if match is None or match["name"].split()[0].strip(",") in NOT_IN_NAMES:
        return "", ""
    return match["kind"], match["place"].strip()


def unknown_place(text: str, index: UnitIndex) -> str:
    """The place that a text names and the registry does not know; "" where it names none or a registered one."""
    kind, place = _parse_place(text)
    if not kind:
        return ""
    return "" if any(index.resolve(t).unit_id for t in (text, place, _without_province(place))) else place


def _without_province(place: str) -> str:
    """A place without the province after it: `huyện a, tỉnh b` -> `huyện a`."""
    match = _PROVINCE_AFTER.search(place, 1)
    return place[: match.start()] if match else place


def _is_central_city(text: str) -> bool:
    kind, place = _parse_place(text)
    return place.removeprefix(kind).strip(" .") in _CENTRAL_CITIES


def is_place_name(text: str) -> bool:
    """Whether a text is the name of a district, a city or a province."""
    return bool(_parse_place(text)[0])


def is_ignored_place(text: str, index: UnitIndex) -> bool:
    """Whether the registry lists the place that a text names with `kind = ignore`."""
    return any(index.resolve(t).ignored for t in (text, _parse_place(text)[1]) if t)


def foreign_place_above(titles: Sequence[str], index: UnitIndex) -> str:
    """The district of a letterhead or a reporter line that is not the registry's own; "" where all may be its own.

    A city may be the province above the district: it counts as foreign only where the registry's own place is a city.
    """
    own, lines = _own_kinds(index), [reporter_name(titles), *titles]
    named = [t for line in lines if line for t in (line, _without_province(_parse_place(line)[1] or line))]
    if not own or any(index.resolve(t).unit_id for t in named):
        return ""
    kinds = {"huyện", "quận", "thị xã", "tx", "tx."} | (own & {"thành phố", "tp", "tp."})
    return next(
        (t for t in lines if _parse_place(t)[0] in kinds and not _is_central_city(t) and unknown_place(t, index)), ""
    )


def names_our_communes(unit_ids: Collection[str], index: UnitIndex) -> bool:
    """Whether units of rows, all of them registered, are so many communes that they can be those of no other district.

    Single communes of two districts bear the same name, and every district has a "Phòng Tư pháp".
    """
    communes = {u for u in index.units() if _COMMUNE.match(fold(index.names[u]))}
    shown = communes.intersection(unit_ids)
    return len(shown) >= _ENOUGH_COMMUNES and len(shown) * 2 >= len(communes)


@lru_cache(maxsize=4)  # one index serves all files of a period
def _own_kinds(index: UnitIndex) -> frozenset[str]:
    """The kinds of places among the names of the registry, such as `huyện` and `thành phố`."""
    names = [*index.registry["name"].tolist(), *(a for x in index.registry["aliases"].tolist() for a in x.split(";"))]
    return frozenset(kind for name in names if (kind := _parse_place(name)[0]))
