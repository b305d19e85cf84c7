"""Which units a picture shows where a level has more of them than a page can hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeVar

from pipeline.text import vn_int

#: units in one picture
MOST: Final = 60
Item = TypeVar("Item")


def spread(ordered: Sequence[Item]) -> list[Item]:
    """All items, or the first and the last ones."""
    half = MOST // 2
    return list(ordered) if len(ordered) <= MOST else [*ordered[:half], *ordered[-half:]]


def middle_left_out(ordered: Sequence[Item], shown: Sequence[Item]) -> list[str]:
    """A note that only the first and the last ones are drawn; none if all are."""
    if len(shown) == len(ordered):
        return []
    half = vn_int(MOST // 2)
    return [f"Chỉ vẽ {half} đơn vị đầu và {half} đơn vị cuối trong {vn_int(len(ordered))} đơn vị."]


def rest_left_out(ordered: Sequence[Item], what: str) -> list[str]:
    """A note that only the first ones are drawn; none if all are. `what`: by which order, Vietnamese."""
    if len(ordered) <= MOST:
        return []
    return [f"Chỉ vẽ {vn_int(MOST)} đơn vị {what} trong {vn_int(len(ordered))} đơn vị."]
