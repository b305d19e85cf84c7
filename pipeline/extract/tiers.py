"""Tiers of a header: what a label below another may say, and what no dossier can be at once."""

from __future__ import annotations

_DEADLINES = {"early", "on_time", "in_time", "late"}
#: what lies within the deadline may be split further: `Trong hạn {Trước hạn, Đúng hạn}`
_WITHIN = {("in_time", "early"), ("in_time", "on_time"), ("on_time", "early"), ("on_time", "in_time")}
#: a label above -> labels below that only divide what it counts; they never count anything else
SHARES = {
    **dict.fromkeys(_DEADLINES, ("online", "direct", "carried_over", "in_period")),
    "carried_over": ("online", "direct"),
}


def contradict(upper: str, lower: str) -> bool:
    """Whether no dossier can be both: late and on time, online and direct."""
    if {upper, lower} == {"online", "direct"}:
        return True
    return upper != lower and {upper, lower} <= _DEADLINES and (upper, lower) not in _WITHIN
