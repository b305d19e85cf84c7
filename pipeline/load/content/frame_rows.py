"""What the forms and the report read from the frames: rows, figures, names, remarks.

Nothing is computed here that the frames do not hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.load.content.display_names import criterion_heading
from pipeline.load.content.sentences import lower_first, unit_note
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
    columns = {str(name): _values(frame[name]) for name in frame.columns}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _values(column: pd.Series) -> list[Any]:
    """By the column: asking each cell whether it is missing takes longer than all the rest of a page."""
    return [None if gone else value for value, gone in zip(column.tolist(), column.isna().tolist(), strict=True)]


def figures_by_unit(checked: Checked) -> dict[str, dict[str, int]]:
    """unit_id -> measure -> number, for the sentences."""
    result: dict[str, dict[str, int]] = {}
    frame = checked.figures
    for unit, measure, value in zip(frame["unit_id"], frame["measure"], frame["value"], strict=True):
        result.setdefault(unit, {})[measure] = int(value)
    return result


def field_of(checked: Checked, field: str) -> str:
    """The first value of a report field, "" where nobody entered one."""
    entered = zip(checked.report_fields["field"], checked.report_fields["value"], strict=True)
    return next((str(value) for name, value in entered if name == field and value != ""), "")


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


def scores_by_unit(scored: Scored) -> dict[str, dict[str, Row]]:
    """Unit or level -> criterion id -> its row of the audit trail."""
    found: dict[str, dict[str, Row]] = {}
    for row in records(scored.criterion_scores):
        found.setdefault(str(row["unit_id"]), {})[str(row["criterion"])] = row
    return found


def reduced_note(rulebook: Rulebook | None, scores: Mapping[str, Row], row: Row) -> str:
    """Said where criteria were not counted: which, and what could be reached. "" otherwise."""
    if rulebook is None or row["total_max"] is None or row["total_max"] >= rulebook.max_total:
        return ""
    left_out = [criterion_heading(c) for c in rulebook.criteria if c.id not in scores or not scores[c.id]["counted"]]
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
