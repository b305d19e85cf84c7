"""Groups of criteria with a subtotal: “Tiến độ giải quyết, 20 điểm”."""

from __future__ import annotations

from pydantic import Field

from schemas.rulebook.numbers import Exact, RulebookPart


class Group(RulebookPart):
    """A group of criteria. Its points are the sum of its criteria, each rounded, or a figure that is published whole.

    `code`: the name of its points where a system publishes them, as a column heading ("TDGQ"). The maxima of its
    criteria add up to `max_points` at every level.
    """

    id: str
    code: str
    number: str
    label: str = Field(min_length=1)
    max_points: Exact
    short: str = ""  # as a column of a table of units can hold it: "Tiến độ"
    note: str = ""  # Vietnamese: what is known of the group, and how it is known
