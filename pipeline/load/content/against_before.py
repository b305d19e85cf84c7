"""The report against the published quarter just before: how dossiers and totals of the levels changed.

Compared is only what was counted and scored alike: under the same rulebook, on the same side of 1 July 2025, a level
on the same basis and with all its units in both quarters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.arithmetic.identities import total_of
from pipeline.load.content.frame_rows import Figures, Row
from pipeline.load.content.sentences import dossiers, sum_figures
from pipeline.publish.fingerprint import rulebook_hash
from pipeline.result import LevelBefore, Scored
from pipeline.text import vn_decimal, vn_percent

#: measure, or group whose total is compared -> its name in the sentence
_COMPARED = (
    ("received", "tiếp nhận"),
    ("resolved", "đã giải quyết"),
    ("resolved_late", "giải quyết quá hạn"),
    ("pending", "đang giải quyết"),
    ("pending_overdue", "đang giải quyết quá hạn"),
)
_LATE = ("resolved_late", "pending_overdue")


def why_not_compared(scored: Scored) -> str:
    """Vietnamese: why a published quarter before is not compared with; "" if it is, or if there is none."""
    before = scored.checked.before
    if before is None:
        return ""
    if not before.period.same_bodies(scored.checked.period):
        return "từ ngày 01/7/2025 không còn cấp huyện, đơn vị cùng tên là đơn vị khác"
    if not before.rulebook[0]:
        return "không có điểm dùng được của kỳ đó"
    book = scored.rulebook
    if book is None or before.rulebook[0] != book.id or before.rulebook[1] != rulebook_hash(book):
        return "hai kỳ không theo cùng một quy định chấm điểm"
    return ""


def comparison_note(scored: Scored) -> str:
    """A line of the annex: which revision the text compares with, or why none; "" where no quarter before is there."""
    before = scored.checked.before
    if before is None:
        return ""
    why = why_not_compared(scored)
    name = f"{before.period.name} (bản {before.revision})"
    return f"Không so sánh với {name}: {why}." if why else f"So sánh với {name}."


def level_change(
    scored: Scored, row: Row, figures: Figures, result: Row, partial: bool, reasons: Mapping[str, str]
) -> str:
    """A sentence on how a level changed; "" where it cannot be compared.

    `row`: of Entities; `result`: of LevelScores; `partial`: units are left out now; `reasons`: kind of late dossiers ->
    why they are late ("do chờ phối hợp 03 hồ sơ"), from the explanations.
    """
    was = _level_before(scored, str(row["unit_id"]), str(row["basis"]), partial)
    if was is None:
        return ""
    return _sentence(scored, _changes(was.figures, figures, reasons) + _total_change(scored, was, result))


def whole_change(scored: Scored, levels: Sequence[Row], figures: Mapping[str, Figures], partial: set[str]) -> str:
    """The sentence on all levels together; "" unless each of them can be compared. `partial`: levels without a unit."""
    found = [_level_before(scored, str(r["unit_id"]), str(r["basis"]), str(r["unit_id"]) in partial) for r in levels]
    was = [level.figures for level in found if level is not None]
    if not levels or len(was) < len(levels):
        return ""
    return _sentence(scored, _changes(sum_figures(was), sum_figures([figures[str(r["unit_id"])] for r in levels]), {}))


def _level_before(scored: Scored, level: str, basis: str, partial: bool) -> LevelBefore | None:
    before = scored.checked.before
    if before is None or why_not_compared(scored):
        return None
    was = before.levels.get(level)
    if was is None or was.basis != basis or (basis != "own" and (partial or not was.complete)):
        return None
    return was


def _sentence(scored: Scored, parts: Sequence[str]) -> str:
    before = scored.checked.before
    return f"So với {before.period.name}: {'; '.join(parts)}." if before is not None and parts else ""


def _changes(was: Figures, now: Figures, reasons: Mapping[str, str]) -> list[str]:
    """`tiếp nhận 3.166 hồ sơ, tăng 120 hồ sơ (+3,94%)` for each figure that both quarters know."""
    parts = []
    for item, name in _COMPARED:
        one, other = _value(was, item), _value(now, item)
        if one is None or other is None or (not one and not other):
            continue
        why = f" (kỳ này quá hạn {reasons[item]})" if item in _LATE and other > one and reasons.get(item) else ""
        parts.append(f"{name} {dossiers(other)}, {_moved(one, other)}{why}")
    return parts


def _value(figures: Figures, item: str) -> int | None:
    return figures.get(item) if item in _LATE else total_of(figures, item)


def _moved(was: int, now: int) -> str:
    """`tăng 120 hồ sơ (+3,94%)`; without a percentage where there was none before."""
    if was == now:
        return "không đổi"
    gap = abs(now - was)
    verb, sign = ("tăng", "+") if now > was else ("giảm", "−")
    share = f" ({sign}{vn_percent(gap, was)})" if was else ""
    return f"{verb} {dossiers(gap)}{share}"


def _total_change(scored: Scored, was: LevelBefore, result: Row) -> list[str]:
    """The level's total; not compared where another maximum could be reached."""
    total, most = result["total"], result["total_max"]
    if scored.rulebook is None or total is None or was.total is None:
        return []
    places = scored.rulebook.rounding.print_places
    if most != was.total_max:
        return ["tổng điểm không so sánh được, vì điểm tối đa của hai kỳ khác nhau"]
    gap = round(float(total) - was.total, places)
    moved = "không đổi" if not gap else f"{'tăng' if gap > 0 else 'giảm'} {vn_decimal(abs(gap), places)} điểm"
    return [f"tổng điểm {vn_decimal(float(total), places)}, {moved}"]
