"""Vietnamese sentences computed from counts: one wording for the report and the workbook.

The words are the form's own throughout: trước hạn, đúng hạn, quá hạn; đang giải quyết trong hạn. `figures` maps a
measure of `schemas.measures` to a number of dossiers. A measure that is not there is unknown and not mentioned. A part
that is 0 is left out; a part above 0 is always named.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from pipeline import text
from pipeline.arithmetic.identities import total_of
from pipeline.text import vn_count

#: What an office fills in by hand.
BLANK = "…………"

Figures = Mapping[str, int]

RECEIVED = (
    ("received_online", "trực tuyến"),
    ("carried_over", "kỳ trước chuyển qua"),
    ("received_direct", "trực tiếp"),
)
RESOLVED = (("resolved_early", "trước hạn"), ("resolved_on_time", "đúng hạn"), ("resolved_late", "quá hạn"))
PENDING = (("pending_in_time", "trong hạn"), ("pending_overdue", "quá hạn"))
CLOSED_OTHERWISE = (("withdrawn", "Hồ sơ xin rút"), ("returned", "Hồ sơ trả lại"))
ELIGIBLE_RECEIVED = (
    ("eligible_carried_over", "kỳ trước chuyển qua"),
    ("eligible_direct", "trực tiếp"),
    ("eligible_online", "trực tuyến"),
)
ELIGIBLE_RESOLVED = (
    ("eligible_early", "trước hạn"),
    ("eligible_on_time", "đúng hạn"),
    ("eligible_late", "quá hạn"),
)

Names = Sequence[tuple[str, str]]


def vn_date(iso: str) -> str:
    """`2022-03-07` -> `07/3/2022` (days below 10, months 1 and 2 take a zero); other text as it is, "" a blank."""
    try:
        day = dt.date.fromisoformat(iso)
    except ValueError:
        return iso or BLANK
    return text.vn_day(day)


def vn_long_date(iso: str) -> str:
    """`2022-03-18` -> `ngày 18 tháng 3 năm 2022`; blanks where there is no date."""
    try:
        day = dt.date.fromisoformat(iso)
    except ValueError:
        return iso or "ngày …… tháng …… năm ……"
    return f"ngày {day.day:02d} tháng {_month(day.month)} năm {day.year}"


def _month(month: int) -> str:
    return f"{month:02d}" if month < 3 else str(month)


def dossiers(count: int) -> str:
    """3 -> `03 hồ sơ`."""
    return f"{vn_count(count)} hồ sơ"


def named_parts(figures: Figures, names: Names) -> list[str]:
    """`["trực tuyến 358 hồ sơ", …]`: the parts above 0, in the order of `names`."""
    return [f"{name} {dossiers(figures[m])}" for m, name in names if figures.get(m, 0) > 0]


def _split(figures: Figures, total: int, names: Names, lead: str, one: str) -> str:
    """One part: `one` and the part; several: `lead` with the total, then the parts."""
    parts = named_parts(figures, names)
    if not parts:
        return f"{lead} {dossiers(total)}."
    if len(parts) == 1 and any(figures.get(m) == total for m, _ in names):
        return f"{one} {parts[0]}.".lstrip()
    return f"{lead} {dossiers(total)}: {', '.join(parts)}."


def unit_note(figures: Figures) -> str:
    """A unit's Ghi chú: what it received, resolved and still has. "" when nothing is known."""
    said: list[str] = []
    received, resolved = total_of(figures, "received"), total_of(figures, "resolved")
    if received == 0:
        return "Không có hồ sơ phát sinh."
    if received is not None:
        said.append(upper_first(_split(figures, received, RECEIVED, "Tổng tiếp nhận", _one_received(figures))))
    if resolved == 0:
        said.append("Chưa có hồ sơ giải quyết xong.")
    elif resolved is not None:
        said.append(_split(figures, resolved, RESOLVED, "Đã giải quyết", "Đã giải quyết"))
    said.extend(_rest(figures))
    return " ".join(said)


def _one_received(figures: Figures) -> str:
    """Dossiers carried over were not received in the period: their name says what they are."""
    return "" if figures.get("carried_over", 0) > 0 else "Tiếp nhận"


def _rest(figures: Figures) -> list[str]:
    """Sentences on what is pending, withdrawn or returned; nothing where there is nothing."""
    pending = total_of(figures, "pending")
    said = []
    if pending:
        parts = named_parts(figures, PENDING)
        said.append(f"Đang giải quyết {', '.join(parts) or dossiers(pending)}.")
    said.extend(f"{name}: {dossiers(figures[m])}." for m, name in CLOSED_OTHERWISE if figures.get(m, 0) > 0)
    return said


def level_note(figures: Figures) -> str:
    """Ghi chú of criterion 1 in Biểu mẫu 03: the level's dossiers in one sentence each."""
    received, resolved = total_of(figures, "received"), total_of(figures, "resolved")
    said = []
    if received is not None:
        said.append(f"Tổng số hồ sơ nhận giải quyết là {dossiers(received)}.")
    if resolved is not None:
        parts = "; ".join(named_parts(figures, RESOLVED))
        said.append(f"Đã giải quyết: {parts}." if parts else "Chưa có hồ sơ giải quyết xong.")
    return " ".join([*said, *_rest(figures)])


def online_note(figures: Figures, level_name: str, by_grade: Sequence[tuple[str, int]] = ()) -> str:
    """Ghi chú of the online criterion: procedures, and the dossiers of those offered online; "" if unknown.

    `by_grade`: the procedures offered online by the grade of the service, as the supplement splits them.
    """
    said = []
    if "procedures_total" in figures:
        total = vn_count(figures["procedures_total"])
        said.append(f"Tổng số TTHC thuộc thẩm quyền giải quyết của {level_name}: {total}.")
    if "procedures_online" in figures:
        grades = ", ".join(f"{name} là {vn_count(n)}" for name, n in by_grade)
        online = vn_count(figures["procedures_online"])
        split = f" ({grades})" if grades else ""
        said.append(f"Số TTHC được triển khai dịch vụ công trực tuyến mức độ 3, 4: {online}{split}.")
    if "eligible_received" in figures:
        parts = ", ".join(_parts_of(figures, "eligible_received", ELIGIBLE_RECEIVED))
        total = dossiers(figures["eligible_received"])
        split = f", trong đó: {parts}" if parts else ""
        said.append(f"Số hồ sơ của các TTHC này: tổng số nhận giải quyết là {total}{split}.")
    parts = ", ".join(named_parts(figures, ELIGIBLE_RESOLVED))
    if "eligible_resolved" in figures and _parts_of(figures, "eligible_resolved", ELIGIBLE_RESOLVED):
        said.append(f"Đã giải quyết {dossiers(figures['eligible_resolved'])}: {parts}.")
    elif parts:  # a total that its parts contradict is a finding, not a sentence to sign
        said.append(f"Đã giải quyết: {parts}.")
    elif "eligible_resolved" in figures:
        said.append(f"Đã giải quyết {dossiers(figures['eligible_resolved'])}.")
    if figures.get("eligible_pending", 0) > 0:
        said.append(f"Đang giải quyết {dossiers(figures['eligible_pending'])}.")
    if figures.get("eligible_unresolved", 0) > 0:
        said.append(f"Hồ sơ trực tuyến không được giải quyết: {dossiers(figures['eligible_unresolved'])}.")
    return " ".join(said)


def _parts_of(figures: Figures, total: str, names: Names) -> list[str]:
    """The parts in words where they make up the total, else nothing."""
    closes = sum(figures.get(m, 0) for m, _ in names) == figures[total]
    return named_parts(figures, names) if closes else []


def received_text(figures: Figures) -> str:
    """`3.166 hồ sơ, trong đó: trực tuyến 358 hồ sơ, …`, or a blank where the total is unknown."""
    return _total_and_parts(figures, "received", RECEIVED)


def resolved_text(figures: Figures) -> str:
    """`2.799 hồ sơ, trong đó: trước hạn 2.731 hồ sơ, quá hạn 68 hồ sơ`."""
    return _total_and_parts(figures, "resolved", RESOLVED)


def _total_and_parts(figures: Figures, group: str, names: Names) -> str:
    total = total_of(figures, group)
    if total is None:
        return f"{BLANK} hồ sơ"
    parts = named_parts(figures, names)
    return f"{dossiers(total)}, trong đó: {', '.join(parts)}" if parts else dossiers(total)


def pending_lines(figures: Figures, why_overdue: str = "") -> list[str]:
    """Lines on what is still being handled: in time, and overdue (with its reasons, if given) where there is any.

    Withdrawn and returned dossiers likewise.
    """
    if total_of(figures, "pending") is None:
        return [f"Số hồ sơ đang giải quyết: {BLANK} hồ sơ"]
    why = {"pending_overdue": f" ({why_overdue})" if why_overdue else ""}
    lines = [
        f"Số hồ sơ đang giải quyết {name}: {dossiers(figures[m])}{why.get(m, '')}"
        for m, name in PENDING
        if figures.get(m, 0) > 0
    ]
    if not lines:
        lines = [f"Số hồ sơ đang giải quyết: {dossiers(total_of(figures, 'pending') or 0)}"]
    return lines + [f"{name}: {dossiers(figures[m])}" for m, name in CLOSED_OTHERWISE if figures.get(m, 0) > 0]


def add_up(several: Sequence[Figures]) -> dict[str, int]:
    """The sum of the measures known for every one of `several`."""
    if not several:
        return {}
    common = [m for m in several[0] if all(m in f for f in several[1:])]
    return {m: sum(f[m] for f in several) for m in common}


def lower_first(text: str) -> str:
    """`Hoàn thành …` inside a sentence."""
    return text[:1].lower() + text[1:]


def upper_first(text: str) -> str:
    """`quý I …` at the start of a line."""
    return text[:1].upper() + text[1:]
