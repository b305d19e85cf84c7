"""The state of a period in three lines: its units, the provisional totals of its levels, what blocks the signature."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

import pandas as pd

from pipeline.load.content.before_signature import before_signature, blank_parts
from pipeline.load.content.frame_rows import Row, records
from pipeline.load.content.sentences import lower_first
from pipeline.result import Scored
from pipeline.text import shortened_list, vn_decimal, vn_int
from pipeline.validate.statuses import NOT_SCORED
from pipeline.validate.submission_status import NOT_FILLED_IN
from schemas.rulebook import Rulebook

#: names of units in a line
_MOST_NAMES: Final = 3
#: the finding of a unit some of whose dossiers wait for an answer of the office
_ASKED: Final = "layout_open_unit"


def state_lines(scored: Scored, status: pd.DataFrame) -> tuple[str, str, str]:
    """Units, totals, what blocks the signature. `status`: ReturnsStatus."""
    obstacles = obstacles_to_signing(scored)
    blocked = f"Chưa ký được: {'; '.join(obstacles)}." if obstacles else "Trước khi ký: không còn việc gì bắt buộc."
    return _units(scored, status), _totals(scored), blocked


def obstacles_to_signing(scored: Scored) -> list[str]:
    """What keeps the period from being signed, in short, Vietnamese, most severe first; empty for nothing.

    It sums up the checklist `before_signature`, which has the places and what to do.
    """
    items = before_signature(scored)
    number = Counter(item.kind for item in items)
    waiting = [r for r in records(scored.checked.entities) if r["status"] in NOT_SCORED]
    blank = [lower_first(part.label) for part in blank_parts(scored.checked)]
    texts = [
        (number["error"], f"{vn_int(number['error'])} lỗi trong số liệu"),
        (number["unit"], _not_scored_yet(waiting, "unit", "đơn vị")),
        (number["level"], _not_scored_yet(waiting, "level", "cấp")),
        (number["partial_level"], "có cấp được tính thiếu đơn vị"),
        (number["class"], "có đơn vị chưa rõ phân loại"),
        (len(blank), f"mục còn trống trong báo cáo: {', '.join(blank)}"),
        (number["explanation"], "có hồ sơ quá hạn chưa rõ lý do"),
    ]
    return [text for count, text in texts if count]


def _not_scored_yet(waiting: Sequence[Row], kind: str, called: str) -> str:
    """`2 đơn vị chưa được chấm (Xã A, Xã B)`. `waiting`: rows of Entities."""
    names = [str(row["name"]) for row in waiting if row["kind"] == kind]
    return f"{vn_int(len(names))} {called} chưa được chấm ({shortened_list(names, _MOST_NAMES)})"


def _units(scored: Scored, status: pd.DataFrame) -> str:
    """`Đơn vị: 19 sẵn sàng; 1 còn chờ (Xã A); 1 để riêng (Xã B); 1 không có hồ sơ.`"""
    unsent = set(status.loc[status["sent"].isin(NOT_FILLED_IN), "unit_id"])
    asked = set(scored.findings.loc[scored.findings["code"] == _ASKED, "unit_id"])
    groups: dict[str, list[str]] = {"ready": [], "waiting": [], "aside": [], "none": []}
    for entity in records(scored.checked.entities):
        if entity["kind"] != "unit":
            continue
        unit, state = entity["unit_id"], entity["status"]
        waits = state == "missing" or unit in unsent or unit in asked
        key = "waiting" if waits else {"set_aside": "aside", "no_dossiers": "none"}.get(state, "ready")
        groups[key].append(str(entity["name"]))

    def part(key: str, words: str) -> str:
        names = groups[key]
        called = f" ({shortened_list(names, _MOST_NAMES)})" if names and key in ("waiting", "aside") else ""
        return f"{vn_int(len(names))} {words}{called}"

    parts = [part("ready", "sẵn sàng"), part("waiting", "còn chờ"), part("aside", "để riêng")]
    return f"Đơn vị: {'; '.join([*parts, *([part('none', 'không có hồ sơ')] if groups['none'] else [])])}."


def _totals(scored: Scored) -> str:
    """`Điểm tạm tính theo QĐ 1187: Cấp A 15,85 trên 18; Cấp B chưa có số liệu.`"""
    if scored.rulebook is None:
        return "Điểm tạm tính: chưa có căn cứ chấm điểm."
    levels = [_level(row, scored.rulebook) for row in records(scored.level_scores)]
    reasons = {str(e["unit_id"]): e for e in records(scored.checked.entities) if e["kind"] == "level"}
    known = set(scored.level_scores["unit_id"])
    levels += [f"{e['name']} {_not_scored(e)}" for i, e in reasons.items() if i not in known]
    return f"Điểm tạm tính theo {scored.rulebook.short}: {'; '.join(levels) or 'chưa có'}."


def _level(row: Row, rulebook: Rulebook) -> str:
    if row["total"] is None:
        return f"{row['name']} chưa chấm được"
    total = vn_decimal(row["total"], rulebook.rounding.print_places)
    most = vn_decimal(row["total_max"], 2, trim=True)
    return f"{row['name']} {total} trên {most}"


def _not_scored(entity: Row) -> str:
    reason = str(entity["status_reason"])
    return reason[:1].lower() + reason[1:] if reason else "chưa chấm được"
