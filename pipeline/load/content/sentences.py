"""Vietnamese sentences computed from counts: one wording for the report and the workbook.

The terms are those of the form: trước hạn, đúng hạn, quá hạn; đang giải quyết trong hạn. A measure that `figures` does
not have is unknown and is not mentioned. A part that is 0 is left out; a part above 0 is always named.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from pipeline import text
from pipeline.arithmetic.identities import total_of
from pipeline.load.content.frame_rows import Figures
from pipeline.text import vn_count

#: a dotted blank that the office fills in by hand
BLANK = "…………"

# parts of a total: (measure, its name in a sentence)
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

#: (measure, its name in a sentence)
MeasureNames = Sequence[tuple[str, str]]


def date_or_blank(iso: str) -> str:
    """`2022-03-07` -> `07/3/2022` (days below 10, months 1 and 2 take a zero); "" -> a blank, other text as it is."""
    try:
        day = dt.date.fromisoformat(iso)
    except ValueError:
        return iso or BLANK
    return text.vn_day(day)


def long_date_or_blank(iso: str) -> str:
    """`2022-03-18` -> `ngày 18 tháng 3 năm 2022`; "" -> blanks, other text as it is."""
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


def named_parts(figures: Figures, names: MeasureNames) -> list[str]:
    """The parts above 0, in the order of `names`: `["trực tuyến 358 hồ sơ", …]`."""
    return [f"{name} {dossiers(figures[m])}" for m, name in names if figures.get(m, 0) > 0]


def _split(figures: Figures, total: int, names: MeasureNames, lead: str, one: str) -> str:
    """A sentence of a total and its parts. A part that is the whole total is named alone, after `one`."""
    parts = named_parts(figures, names)
    if not parts:
        return f"{lead} {dossiers(total)}."
    if len(parts) == 1 and any(figures.get(m) == total for m, _ in names):
        return f"{one} {parts[0]}.".lstrip()
    return f"{lead} {dossiers(total)}: {', '.join(parts)}."


def unit_note(figures: Figures) -> str:
    """A unit's Ghi chú: dossiers received, resolved and pending. "" when nothing is known."""
    sentences: list[str] = []
    received, resolved = total_of(figures, "received"), total_of(figures, "resolved")
    if received == 0:
        return "Không có hồ sơ phát sinh."
    if received is not None:
        sentences.append(upper_first(_split(figures, received, RECEIVED, "Tổng tiếp nhận", _one_received(figures))))
    if resolved == 0:
        sentences.append("Chưa có hồ sơ giải quyết xong.")
    elif resolved is not None:
        sentences.append(_split(figures, resolved, RESOLVED, "Đã giải quyết", "Đã giải quyết"))
    sentences.extend(_pending_and_closed(figures))
    return " ".join(sentences)


def _one_received(figures: Figures) -> str:
    """The verb before a single part; none for dossiers carried over, which were not received in the period."""
    return "" if figures.get("carried_over", 0) > 0 else "Tiếp nhận"


def _pending_and_closed(figures: Figures) -> list[str]:
    """A sentence on the dossiers pending, withdrawn and returned each; none where there are none."""
    pending = total_of(figures, "pending")
    sentences = []
    if pending:
        parts = named_parts(figures, PENDING)
        sentences.append(f"Đang giải quyết {', '.join(parts) or dossiers(pending)}.")
    sentences.extend(f"{name}: {dossiers(figures[m])}." for m, name in CLOSED_OTHERWISE if figures.get(m, 0) > 0)
    return sentences


def level_note(figures: Figures) -> str:
    """Ghi chú of the criterion on time in Biểu mẫu 03: the level's dossiers received, resolved and pending."""
    received, resolved = total_of(figures, "received"), total_of(figures, "resolved")
    sentences = []
    if received is not None:
        sentences.append(f"Tổng số hồ sơ nhận giải quyết là {dossiers(received)}.")
    if resolved is not None:
        parts = "; ".join(named_parts(figures, RESOLVED))
        sentences.append(f"Đã giải quyết: {parts}." if parts else "Chưa có hồ sơ giải quyết xong.")
    return " ".join([*sentences, *_pending_and_closed(figures)])


def online_note(figures: Figures, level_name: str, by_grade: Sequence[tuple[str, int]] = ()) -> str:
    """Ghi chú of the criterion on online services: procedures, and dossiers of those offered online; "" if unknown.

    `by_grade`: (grade of the service, procedures offered online), as the supplement splits them.
    """
    sentences = []
    if "procedures_total" in figures:
        total = vn_count(figures["procedures_total"])
        sentences.append(f"Tổng số TTHC thuộc thẩm quyền giải quyết của {level_name}: {total}.")
    if "procedures_online" in figures:
        grades = ", ".join(f"{name} là {vn_count(n)}" for name, n in by_grade)
        online = vn_count(figures["procedures_online"])
        split = f" ({grades})" if grades else ""
        sentences.append(f"Số TTHC được triển khai dịch vụ công trực tuyến mức độ 3, 4: {online}{split}.")
    if "eligible_received" in figures:
        parts = ", ".join(_parts_of(figures, "eligible_received", ELIGIBLE_RECEIVED))
        total = dossiers(figures["eligible_received"])
        split = f", trong đó: {parts}" if parts else ""
        sentences.append(f"Số hồ sơ của các TTHC này: tổng số nhận giải quyết là {total}{split}.")
    parts = ", ".join(named_parts(figures, ELIGIBLE_RESOLVED))
    if "eligible_resolved" in figures and _parts_of(figures, "eligible_resolved", ELIGIBLE_RESOLVED):
        sentences.append(f"Đã giải quyết {dossiers(figures['eligible_resolved'])}: {parts}.")
    elif parts:  # a total that contradicts its parts is reported as a finding and is not printed
        sentences.append(f"Đã giải quyết: {parts}.")
    elif "eligible_resolved" in figures:
        sentences.append(f"Đã giải quyết {dossiers(figures['eligible_resolved'])}.")
    if figures.get("eligible_pending", 0) > 0:
        sentences.append(f"Đang giải quyết {dossiers(figures['eligible_pending'])}.")
    if figures.get("eligible_unresolved", 0) > 0:
        sentences.append(f"Hồ sơ trực tuyến không được giải quyết: {dossiers(figures['eligible_unresolved'])}.")
    return " ".join(sentences)


def _parts_of(figures: Figures, total: str, names: MeasureNames) -> list[str]:
    """The named parts where they add up to the total, else none."""
    closes = sum(figures.get(m, 0) for m, _ in names) == figures[total]
    return named_parts(figures, names) if closes else []


def received_text(figures: Figures) -> str:
    """`3.166 hồ sơ, trong đó: trực tuyến 358 hồ sơ, …`, or a blank where the total is unknown."""
    return _total_and_parts(figures, "received", RECEIVED)


def resolved_text(figures: Figures) -> str:
    """`2.799 hồ sơ, trong đó: trước hạn 2.731 hồ sơ, quá hạn 68 hồ sơ`, or a blank where the total is unknown."""
    return _total_and_parts(figures, "resolved", RESOLVED)


def _total_and_parts(figures: Figures, group: str, names: MeasureNames) -> str:
    total = total_of(figures, group)
    if total is None:
        return f"{BLANK} hồ sơ"
    parts = named_parts(figures, names)
    return f"{dossiers(total)}, trong đó: {', '.join(parts)}" if parts else dossiers(total)


def pending_lines(figures: Figures, why_overdue: str = "") -> list[str]:
    """A line each on dossiers pending in time, overdue (with `why_overdue`), withdrawn and returned, if any."""
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


def sum_figures(several: Sequence[Figures]) -> dict[str, int]:
    """The sums of the measures that all of `several` have."""
    if not several:
        return {}
    common = [m for m in several[0] if all(m in f for f in several[1:])]
    return {m: sum(f[m] for f in several) for m in common}


def lower_first(text: str) -> str:
    """`Hoàn thành …` -> `hoàn thành …`, inside a sentence."""
    return text[:1].lower() + text[1:]


def upper_first(text: str) -> str:
    """`quý I …` -> `Quý I …`, at the start of a line."""
    return text[:1].upper() + text[1:]


def as_sentence(text: str) -> str:
    """A text with a full stop, unless it ends with a mark or is empty."""
    return text if not text or text.endswith((".", "!", "?", "…")) else f"{text}."
