"""Remarks (Ghi chú) on a unit or level: why it is not scored, and which criteria were not counted."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.load.content.display_names import criterion_heading
from pipeline.load.content.frame_rows import Figures, Row
from pipeline.load.content.sentences import as_sentence, lower_first, unit_note
from pipeline.text import vn_decimal
from schemas.rulebook import Rulebook

#: status of a unit that is not scored -> remark, where the frame gives no reason of its own
_STATUS_TEXTS = {
    "no_dossiers": "Không có hồ sơ phát sinh",
    "no_resolved": "Chưa có hồ sơ giải quyết xong",
    "published": "Chỉ có điểm công bố",
    "set_aside": "Chưa chấm điểm, số liệu chưa khớp",
    "missing": "Chưa có số liệu",
}


def level_title(rulebook: Rulebook | None, level: str, registry_name: str) -> str:
    """A level's name inside a sentence: `cấp huyện`, as the rulebook names it, else as the registry does."""
    if rulebook is not None and any(x.id == level for x in rulebook.levels):
        return rulebook.level_name(level)
    return lower_first(registry_name) if registry_name.startswith("Cấp ") else registry_name


def reduced_note(rulebook: Rulebook | None, scores: Mapping[str, Row], row: Row) -> str:
    """The criteria that were not counted and the maximum that is left; "" where every criterion was counted,
    and for a rulebook with groups, whose tables name the groups that are missing.

    `scores`: criterion id -> row of CriterionScores; `row`: of UnitScores or LevelScores.
    """
    if rulebook is None or row["total_max"] is None or row["total_max"] >= rulebook.max_total or rulebook.groups:
        return ""
    left_out = [criterion_heading(c) for c in rulebook.criteria if c.id not in scores or not scores[c.id]["counted"]]
    which = f"Không tính {', '.join(left_out)}: tổng" if left_out else "Tổng"
    return f"{which} điểm tối đa có thể đạt là {vn_decimal(row['total_max'], 2, trim=True)}."


def not_scored_reason(row: Row) -> str:
    """Why a unit or level is not scored, as a remark of its own. `row`: with `status` and `status_reason`."""
    reason = str(row["status_reason"])
    return f"Chưa chấm điểm: {reason}" if row["status"] == "set_aside" and reason else reason


def average_reduced(row: Row, rulebook: Rulebook) -> bool:
    """Whether criteria of the officers were not counted: their average then has a lower maximum. `row`: UnitScores."""
    full = float(sum(c.max_points for c in rulebook.criteria if c.officers))
    return row["officer_average_max"] is not None and row["officer_average_max"] < full


def unit_remark(status: str, reason: str, figures: Figures, more: str = "") -> str:
    """Ghi chú of a unit: its counts, or why it is not scored; then `more`, remarks on its scores."""
    if status == "scored":
        return " ".join(x for x in (unit_note(figures), more) if x)
    why = as_sentence(reason or _STATUS_TEXTS.get(status, ""))
    # figures that were set aside contradict each other: they are not printed as facts
    counts = unit_note(figures) if status == "no_resolved" else ""
    return " ".join(x for x in (why, counts.replace(why, "").strip() if counts else "", more) if x)
