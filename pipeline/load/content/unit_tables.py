"""Biểu mẫu 01, the table of results and the table of counts as plain values.

`groups` are (level's name, lines). Numbers stay numbers, rounded as printed; units that are not scored are lines too,
with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.load.content.display_names import criterion_heading
from pipeline.load.content.frame_rows import (
    Row,
    dtb_reduced,
    field_of,
    figures_by_unit,
    levels_of,
    not_scored,
    records,
    reduced_note,
    scores_by_unit,
    unit_remark,
)
from pipeline.load.content.late_reasons import LateReasons
from pipeline.result import Checked, Scored
from schemas.rulebook import Rulebook

COUNT_COLUMNS: dict[str, str] = {
    "received_total": "Tiếp nhận",
    "received_online": "Trực tuyến",
    "received_direct": "Trực tiếp",
    "carried_over": "Kỳ trước chuyển qua",
    "resolved_total": "Đã giải quyết",
    "resolved_early": "Trước hạn",
    "resolved_on_time": "Đúng hạn",
    "resolved_late": "Quá hạn",
    "pending_total": "Đang giải quyết",
    "pending_in_time": "Trong hạn",
    "pending_overdue": "Quá hạn",
}


@dataclass(frozen=True)
class OfficerLine:
    """A line of Biểu mẫu 01. `marks`: an X per class, in the order of `OfficerForm.classes`."""

    name: str
    position: str
    score: float | None
    marks: tuple[bool, ...]
    note: str


@dataclass(frozen=True)
class OfficerForm:
    """Biểu mẫu 01: `groups` are (level's name, lines)."""

    classes: tuple[str, ...]
    groups: tuple[tuple[str, tuple[OfficerLine, ...]], ...]


@dataclass(frozen=True)
class UnitLine:
    """A unit in the table of results; `scores` follow `UnitTable.columns`, None = not counted."""

    name: str
    scored: bool
    scores: tuple[float | None, ...]
    total: float | None
    total_max: float | None
    reduced: bool
    officer_average: float | None
    officer_average_max: float | None  # only where it is reduced
    class_local: str
    class_law: str
    note: str


@dataclass(frozen=True)
class UnitTable:
    """The table of results: `groups` are (level's name, lines)."""

    columns: tuple[str, ...]
    has_local: bool
    footnotes: tuple[str, ...]
    groups: tuple[tuple[str, tuple[UnitLine, ...]], ...]


@dataclass(frozen=True)
class CountLine:
    """A unit in the table of counts that stands in place of the scores where no rulebook is in force."""

    name: str
    is_level: bool
    counts: tuple[int | None, ...]
    note: str


def officer_form(scored: Scored) -> OfficerForm:
    """Biểu mẫu 01, officers in the order declared under their level."""
    rulebook = scored.rulebook
    if rulebook is None:
        return OfficerForm((), ())
    rows = records(scored.officer_scores)
    labels = [b.label for b in rulebook.officer_class.bands]
    classes = tuple(dict.fromkeys([*labels, *(str(r["class_law"]) for r in rows if r["class_law"])]))
    groups = []
    for level, registry_name in levels_of(scored.checked):
        lines = tuple(
            OfficerLine(
                name=str(r["officer"]),
                position=str(r["position"]),
                score=r["score"],
                marks=tuple(r["class_law"] == c for c in classes),
                note=_officer_note(r),
            )
            for r in rows
            if r["level"] == level
        )
        if lines:
            groups.append((registry_name, lines))
    return OfficerForm(classes, tuple(groups))


def _officer_note(row: Row) -> str:
    """Why there is no score, or what an average taken from the unit does not contain."""
    if row["score"] is None:
        return str(row["note"]) or "chưa có điểm"
    return str(row["note"]) if row["basis"] == "unit_average" else ""


def unit_table(scored: Scored) -> UnitTable:
    """Every unit of the period, scored or not, under its level, in registry order."""
    rulebook = scored.rulebook
    if rulebook is None:
        return UnitTable((), False, (), ())
    figures, reasons = figures_by_unit(scored.checked), LateReasons.of(scored.checked)
    rows, scores = records(scored.unit_scores), scores_by_unit(scored)
    groups = []
    for level, registry_name in levels_of(scored.checked):
        lines = tuple(
            _unit_line(rulebook, r, scores.get(str(r["unit_id"]), {}), figures.get(str(r["unit_id"]), {}), reasons)
            for r in rows
            if r["level"] == level
        )
        if lines:
            groups.append((field_of(scored.checked, f"unit_group:{level}") or registry_name, lines))
    columns = tuple(criterion_heading(c) for c in rulebook.criteria)
    return UnitTable(columns, rulebook.local_class is not None, _footnotes(scored, rulebook), tuple(groups))


def _footnotes(scored: Scored, rulebook: Rulebook) -> tuple[str, ...]:
    """Averages of a lower maximum, local classes nobody knows, and scores assessed directly instead of computed."""
    frame = scored.criterion_scores
    of_units = frame.loc[frame["kind"] == "unit"]
    names = dict(zip(scored.unit_scores["unit_id"], scored.unit_scores["name"], strict=True))
    lines = []
    scores = records(scored.unit_scores)
    if any(dtb_reduced(r, rulebook) for r in scores):
        lines.append("ĐTB ghi dạng “điểm/tối đa”: có tiêu chí không tính nên điểm tối đa thấp hơn.")
    local = rulebook.local_class
    if local is not None and local.otherwise and any(r["class_local"] == local.otherwise for r in scores):
        lines.append(
            f"Phân loại ghi “{local.otherwise}”: chưa có quy tắc phân loại cho mức ĐTB này; "
            "cơ quan xác định phân loại trước khi ký."
        )
    for criterion in rulebook.criteria:
        for basis, how in (("assessed", "đánh giá trực tiếp"), ("appraised", "theo thẩm định")):
            by_hand = of_units.loc[(of_units["basis"] == basis) & (of_units["criterion"] == criterion.id)]
            units = [names[u] for u in by_hand["unit_id"]]
            if units:
                lines.append(f"{criterion_heading(criterion)} {how}, không tính từ số hồ sơ: {'; '.join(units)}.")
    return tuple(lines)


def _unit_line(
    rulebook: Rulebook, row: Row, scores: Mapping[str, Row], figures: Mapping[str, int], reasons: LateReasons
) -> UnitLine:
    unit = str(row["unit_id"])
    printed = tuple(
        scores[c.id]["printed"] if c.id in scores and scores[c.id]["counted"] else None for c in rulebook.criteria
    )
    is_scored = row["status"] == "scored"
    reduced = reduced_note(rulebook, scores, row) if row["total"] is not None else ""
    why = reasons.of_unit(unit) if row["status"] in ("scored", "no_resolved") else ""
    return UnitLine(
        name=str(row["name"]),
        scored=is_scored,
        scores=printed,
        total=row["total"],
        total_max=row["total_max"],
        reduced=bool(reduced),
        officer_average=row["officer_average"],
        officer_average_max=row["officer_average_max"] if dtb_reduced(row, rulebook) else None,
        class_local=str(row["class_local"]),
        class_law=str(row["class_law"]),
        note=unit_remark(str(row["status"]), not_scored(row), figures, " ".join(x for x in (why, reduced) if x)),
    )


def _standing(row: Row, figures: Mapping[str, Mapping[str, int]]) -> Mapping[str, int]:
    """Figures that were set aside do not agree with each other: they are not printed as facts."""
    return {} if row["status"] == "set_aside" else figures.get(str(row["unit_id"]), {})


def count_groups(
    checked: Checked, figures: Mapping[str, Mapping[str, int]]
) -> tuple[tuple[str, tuple[CountLine, ...]], ...]:
    """Every unit's counts under its level, then the level's own."""
    rows = records(checked.entities)
    groups = []
    for level, name in levels_of(checked):
        mine = sorted((r for r in rows if r["level"] == level), key=lambda r: r["kind"] == "level")
        lines = tuple(
            CountLine(
                str(r["name"]),
                r["kind"] == "level",
                tuple(_standing(r, figures).get(m) for m in COUNT_COLUMNS),
                "" if r["status"] == "scored" else unit_remark(str(r["status"]), str(r["status_reason"]), {}),
            )
            for r in mine
        )
        groups.append((name, lines))
    return tuple(groups)
