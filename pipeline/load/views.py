"""What the forms and the report read from the frames: rows, figures, names, remarks.

Nothing is computed here that the frames do not hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.load.names import criterion_heading
from pipeline.load.sentences import lower_first, unit_note
from pipeline.result import Checked, Scored
from pipeline.text import vn_decimal
from schemas.rulebook import Rulebook

Row = Mapping[str, Any]


#: Said where a unit is not scored and the frame gives no reason of its own.
STATUS_TEXTS = {
    "no_dossiers": "Không có hồ sơ phát sinh",
    "no_resolved": "Chưa có hồ sơ giải quyết xong",
    "set_aside": "Chưa chấm điểm, số liệu chưa khớp",
    "missing": "Chưa có số liệu",
}


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a frame as dicts, every missing number as None."""
    return [{str(k): None if _missing(v) else v for k, v in row.items()} for row in frame.to_dict("records")]


def _missing(value: object) -> bool:
    return not isinstance(value, str) and bool(pd.isna(value))  # type: ignore[call-overload]


def figures_by_unit(checked: Checked) -> dict[str, dict[str, int]]:
    """unit_id -> measure -> number, for the sentences."""
    result: dict[str, dict[str, int]] = {}
    frame = checked.figures
    for unit, measure, value in zip(frame["unit_id"], frame["measure"], frame["value"], strict=True):
        result.setdefault(unit, {})[measure] = int(value)
    return result


def field_of(checked: Checked, field: str) -> str:
    """The first value of a report field, "" where nobody entered one."""
    frame = checked.report_fields
    values = frame.loc[(frame["field"] == field) & (frame["value"] != ""), "value"]
    return str(values.iloc[0]) if len(values) else ""


def levels_of(checked: Checked) -> list[tuple[str, str]]:
    """(level id, registry name) of the period's levels, in registry order; levels without a row of their own last."""
    entities = checked.entities
    own = entities.loc[entities["kind"] == "level"]
    named = dict(zip(own["level"], own["name"], strict=True))
    return [(x, named.get(x, x)) for x in dict.fromkeys([*named, *entities["level"]])]


def level_name(rulebook: Rulebook | None, level: str, registry_name: str) -> str:
    """`cấp huyện`: as the decision names the level, else as the registry does."""
    known = rulebook is not None and any(x.id == level for x in rulebook.levels)
    if rulebook is not None and known:
        return rulebook.level_name(level)
    return lower_first(registry_name) if registry_name.startswith("Cấp ") else registry_name


def sentence(text: str) -> str:
    """A text ended as a sentence."""
    return text if not text or text.endswith((".", "!", "?", "…")) else f"{text}."


def scores_of(scored: Scored, unit: str) -> dict[str, dict[str, Any]]:
    """criterion id -> its row of the audit trail, for one unit or level."""
    frame = scored.criterion_scores
    return {str(r["criterion"]): r for r in records(frame.loc[frame["unit_id"] == unit])}


def reduced_note(scored: Scored, unit: str, row: Row) -> str:
    """Said where criteria were not counted: which, and what could be reached. "" otherwise."""
    if scored.rulebook is None or row["total_max"] is None or row["total_max"] >= scored.rulebook.max_total:
        return ""
    scores = scores_of(scored, unit)
    left_out = [
        criterion_heading(c) for c in scored.rulebook.criteria if c.id not in scores or not scores[c.id]["counted"]
    ]
    which = f"Không tính {', '.join(left_out)}: tổng" if left_out else "Tổng"
    return f"{which} điểm tối đa có thể đạt là {vn_decimal(row['total_max'], 2, trim=True)}."


def not_scored(row: Row) -> str:
    """Why a unit or level is not scored, as a note that stands alone."""
    reason = str(row["status_reason"])
    return f"Chưa chấm điểm: {reason}" if row["status"] == "set_aside" and reason else reason


def dtb_reduced(row: Row, rulebook: Rulebook) -> bool:
    """Whether criteria of the officers were not counted: their average is then of a lower maximum."""
    full = float(sum(c.max_points for c in rulebook.criteria if c.officers))
    return row["officer_average_max"] is not None and row["officer_average_max"] < full


def unit_remark(status: str, reason: str, figures: Mapping[str, int], more: str = "") -> str:
    """Ghi chú of a unit: its counts; why it is not scored; and what else has to be said of its scores."""
    if status == "scored":
        return " ".join(x for x in (unit_note(figures), more) if x)
    why = sentence(reason or STATUS_TEXTS.get(status, ""))
    # figures that were set aside do not agree with each other: they are not printed as facts
    counts = unit_note(figures) if status == "no_resolved" else ""
    return " ".join(x for x in (why, counts.replace(why, "").strip() if counts else "", more) if x)
