"""Names of districts, cities and provinces in titles and rows, and whether they are places of the registry.

A sheet of another district, or a row of one, must not be counted for the units of this registry.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from pipeline.extract.wording.title_offices import reporter_name
from pipeline.registry import UnitIndex
from pipeline.text import fold

#: kinds of districts, cities and provinces
_KINDS = r"huyện|quận|thị xã|thành phố|tỉnh|tp\.?|tx\.?"
#: "các xã, phường": several units of a place
_UNITS = (
    r"(?:các\s+)?(?:xã|phường|thị trấn|đơn vị|phòng|ban|cơ quan)"
    r"(?:[,\s]+(?:xã|phường|thị trấn|phòng|ban|và|đơn vị|chuyên môn))*"
)
#: "UBND": the people's committee of a place
_COMMITTEE = r"(?:(?:hđnd(?:\s+và\s+|-))?(?:ubnd|[uủ][ỷy] ban nhân dân)\s+)?"

_PLACE = re.compile(
    rf"^(?:[ivx\d]+[.)]\s*)?{_COMMITTEE}(?:{_UNITS}\s+(?:trực thuộc|thuộc|của|tại|trên địa bàn)\s+)?"
    rf"(?:địa bàn\s+)?{_COMMITTEE}"
    rf"(?P<place>(?P<kind>{_KINDS})\s+(?P<name>[^\W\d][^:(\d]*))$"
)

#: words that are no name after the kind: "Thành phố trực thuộc tỉnh", "Huyện thị xã thành phố"
NOT_IN_NAMES = frozenset(
    (
        *("và", "các", "trực", "thuộc", "của", "trên", "tại", "này", "theo", "có", "đã", "đang", "tổng", "cộng"),
        *("cấp", "huyện", "thị", "thành", "tỉnh", "quận", "xã", "phường"),
    )
)

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
    return "" if any(index.resolve(t).unit_id for t in (text, place)) else place


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
    if not own or any(index.resolve(t).unit_id for t in lines if t):
        return ""
    kinds = {"huyện", "quận", "thị xã", "tx", "tx."} | (own & {"thành phố", "tp", "tp."})
    return next((t for t in lines if _parse_place(t)[0] in kinds and unknown_place(t, index)), "")


@lru_cache(maxsize=4)  # one index serves all files of a period
def _own_kinds(index: UnitIndex) -> frozenset[str]:
    """The kinds of places among the names of the registry, such as `huyện` and `thành phố`."""
    names = [*index.registry["name"].tolist(), *(a for x in index.registry["aliases"].tolist() for a in x.split(";"))]
    return frozenset(kind for name in names if (kind := _parse_place(name)[0]))
