"""Tiers of a header: what a label below another may say, and what no dossier can be at once."""

from __future__ import annotations

from dataclasses import dataclass

_DEADLINES = {"early", "on_time", "in_time", "late"}
#: what lies within the deadline may be split further: `Trong hạn {Trước hạn, Đúng hạn}`
_WITHIN = {("in_time", "early"), ("in_time", "on_time"), ("on_time", "early"), ("on_time", "in_time")}
#: a label above -> labels below that only divide what it counts; they never count anything else
SHARES = {
    **dict.fromkeys(_DEADLINES, ("online", "direct", "carried_over", "in_period")),
    "carried_over": ("online", "direct"),
}
#: of what is counted by channel these are no channels' whole
CHANNELS = frozenset(("online", "direct"))
OF_CHANNEL = _DEADLINES | {"total"}


@dataclass(frozen=True)
class Meaning:
    """What one column holds. `measure` "" = not used; `part`: one of several columns that add up to it."""

    measure: str = ""
    part: bool = False
    band: str = ""
    concepts: tuple[str, ...] = ()
    derived: bool = False  # a percentage or the like: ignored on purpose
    contrary: bool = False  # its labels contradict each other ("Đúng hạn › Đã có thư xin lỗi")
    loose: bool = (
        False  # its labels say more than the vocabulary knows ("Thanh toán trực tuyến"): the rows must prove it
    )
    share_of: str = ""  # the measure of which it is a share, by channel or by period ("Kỳ trước › Trực tiếp")


def contradict(upper: str, lower: str) -> bool:
    """Whether no dossier can be both: late and on time, online and direct."""
    if {upper, lower} == {"online", "direct"}:
        return True
    return upper != lower and {upper, lower} <= _DEADLINES and (upper, lower) not in _WITHIN
