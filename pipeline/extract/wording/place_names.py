"""Names of districts, cities and provinces in texts, and whether the registry knows them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from pipeline.extract.wording.title_periods import reporter
from pipeline.registry import UnitIndex
from pipeline.text import fold

_KINDS = r"huyện|quận|thị xã|thành phố|tỉnh|tp\.?|tx\.?"

_MANY = (
    r"(?:các\s+)?(?:xã|phường|thị trấn|đơn vị|phòng|ban|cơ quan)"
    r"(?:[,\s]+(?:xã|phường|thị trấn|phòng|ban|và|đơn vị|chuyên môn))*"
)

_OFFICE = r"(?:(?:hđnd(?:\s+và\s+|-))?(?:ubnd|[uủ][ỷy] ban nhân dân)\s+)?"

_PLACE = re.compile(
    rf"^(?:[ivx\d]+[.)]\s*)?{_OFFICE}(?:{_MANY}\s+(?:trực thuộc|thuộc|của|tại|trên địa bàn)\s+)?"
    rf"(?:địa bàn\s+)?{_OFFICE}"
    rf"(?P<place>(?P<kind>{_KINDS})\s+(?P<name>[^\W\d][^:(\d]*))$"
)

#: after the kind they make it no name: "Thành phố trực thuộc tỉnh", "Huyện thị xã thành phố"
NOT_IN_NAMES = frozenset(
    (
        *("và", "các", "trực", "thuộc", "của", "trên", "tại", "này", "theo", "có", "đã", "đang", "tổng", "cộng"),
        *("cấp", "huyện", "thị", "thành", "tỉnh", "quận", "xã", "phường"),
    )
)

#: letters of a line that may be a place
_LONGEST = 80


@lru_cache(maxsize=1 << 12)
def _named(text: str) -> tuple[str, str]:
    """(kind, place) that a text names and nothing else: `("huyện", "huyện b")`; ("", "") of any other."""
    match = _PLACE.match(fold(text).strip(" .:;")) if len(text) <= _LONGEST else None
    if match is None or match["name"].split()[0].strip(",") in NOT_IN_NAMES:
        return "", ""
    return match["kind"], match["place"].strip()


def unknown_place(text: str, index: UnitIndex) -> str:
    """The place a text names that the registry does not know; "" where it names none, or one of ours."""
    kind, place = _named(text)
    if not kind:
        return ""
    return "" if any(index.resolve(t).unit_id for t in (text, place)) else place


def is_place(text: str) -> bool:
    """Whether a text is the name of a district, a city, a province."""
    return bool(_named(text)[0])


def is_ignored(text: str, index: UnitIndex) -> bool:
    """Whether the registry lists a place as none of its own."""
    return any(index.resolve(t).ignored for t in (text, _named(text)[1]) if t)


def place_above(titles: Sequence[str], index: UnitIndex) -> str:
    """The district that a letterhead or the reporter names where the registry names another; "" where all may be ours.

    A city may be a province: it is another district only where ours is a city too.
    """
    ours, lines = _own_kinds(index), [reporter(titles), *titles]
    if not ours or any(index.resolve(t).unit_id for t in lines if t):
        return ""
    others = {"huyện", "quận", "thị xã", "tx", "tx."} | (ours & {"thành phố", "tp", "tp."})
    return next((t for t in lines if _named(t)[0] in others and unknown_place(t, index)), "")


@lru_cache(maxsize=4)  # an index serves all files of a period
def _own_kinds(index: UnitIndex) -> frozenset[str]:
    """The kinds of places that the registry names: a huyện, a thành phố."""
    names = [*index.registry["name"].tolist(), *(a for x in index.registry["aliases"].tolist() for a in x.split(";"))]
    return frozenset(kind for name in names if (kind := _named(name)[0]))
