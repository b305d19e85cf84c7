"""The table of results and the table of counts as plain values: a line a unit, grouped by level.

Numbers stay numbers, rounded as printed. Units that are not scored have a line with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.load.content.class_notes import class_notes
from pipeline.load.content.display_names import criterion_heading
from pipeline.load.content.frame_rows import (
    Figures,
    Row,
    consistent_figures,
    figures_by_unit,
    level_names,
    records,
    report_field,
    scores_by_unit,
)
from pipeline.load.content.late_reasons import LateReasons
from pipeline.load.content.remarks import average_reduced, not_scored_reason, reduced_note, unit_remark
from pipeline.result import Checked, Scored
from schemas.frames import TOTALLED
from schemas.rulebook import Rulebook

#: measure -> heading, in the order of the table of counts
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
class UnitLine:
    """A unit in the table of results. `scores`: by `UnitTable.columns`, None for a criterion that is not counted.

    `reduced`: the maximum `total_max` is below that of the rulebook; `officer_average_max`: only where it is reduced.
    """

    name: str
    scored: bool
    scores: tuple[float | None, ...]
    total: float | None
    total_max: float | None
    reduced: bool
    officer_average: float | None
    officer_average_max: float | None
    class_name: str
    note: str


@dataclass(frozen=True)
class UnitTable:
    """The table of results. `columns`: headings of the criteria; `groups`: (level's name, lines); `of`: whose results,
    in the table's title.
    """

    of: str
    columns: tuple[str, ...]
    footnotes: tuple[str, ...]
    groups: tuple[tuple[str, tuple[UnitLine, ...]], ...]


@dataclass(frozen=True)
class CountLine:
    """A unit, or the level itself, in the table of counts. `counts`: by `COUNT_COLUMNS`, None for an unknown count."""

    name: str
    is_level: bool
    counts: tuple[int | None, ...]
    note: str


def unit_table(scored: Scored) -> UnitTable:
    """Every unit of the period, scored or not, under its level, in registry order. Empty without a rulebook."""
    rulebook = scored.rulebook
    if rulebook is None:
        return UnitTable("", (), (), ())
    figures, reasons = figures_by_unit(scored.checked), LateReasons.of(scored.checked)
    rows, scores = records(scored.unit_scores), scores_by_unit(scored)
    groups = []
    for level, registry_name in level_names(scored.checked):
        lines = tuple(
            _unit_line(rulebook, r, scores.get(str(r["unit_id"]), {}), figures.get(str(r["unit_id"]), {}), reasons)
            for r in rows
            if r["level"] == level
        )
        if lines:
            groups.append((report_field(scored.checked, f"unit_group:{level}") or registry_name, lines))
    columns = tuple(criterion_heading(c) for c in rulebook.criteria)
    return UnitTable(unit_groups_title(scored.checked), columns, _footnotes(scored, rulebook), tuple(groups))


def unit_groups_title(checked: Checked) -> str:
    """The groups of units as the title of the table names them; `các cơ quan, đơn vị` unless each level has a name."""
    names = [report_field(checked, f"unit_group:{level}") for level, _ in level_names(checked)]
    return "; ".join(names) if names and all(names) else "các cơ quan, đơn vị"


def _footnotes(scored: Scored, rulebook: Rulebook) -> tuple[str, ...]:
    """Notes under the table: averages with a lower maximum, what the classes rest on, scores decided by hand."""
    frame = scored.criterion_scores
    unit_rows = frame.loc[frame["kind"] == "unit"]
    names = dict(zip(scored.unit_scores["unit_id"], scored.unit_scores["name"], strict=True))
    lines = []
    scores = records(scored.unit_scores)
    if any(average_reduced(r, rulebook) for r in scores):
        lines.append("ĐTB ghi dạng “điểm/tối đa”: có tiêu chí không tính nên điểm tối đa thấp hơn.")
    lines += class_notes(scored)
    counted = scored.criterion_scores.loc[scored.criterion_scores["kind"] == "unit", "counted"]
    if not counted.astype(bool).all():
        lines.append(
            "Dấu “–”: tiêu chí không tính vì không có thông tin hoặc không có hồ sơ để tính; "
            "điểm tối đa đạt được giảm tương ứng."
        )
    for criterion in rulebook.criteria:
        for basis, how in (("assessed", "đánh giá trực tiếp"), ("appraised", "theo thẩm định")):
            by_hand = unit_rows.loc[(unit_rows["basis"] == basis) & (unit_rows["criterion"] == criterion.id)]
            units = [names[u] for u in by_hand["unit_id"]]
            if units:
                lines.append(f"{criterion_heading(criterion)} {how}, không tính từ số hồ sơ: {'; '.join(units)}.")
    return tuple(lines)


def _unit_line(
    rulebook: Rulebook, row: Row, scores: Mapping[str, Row], figures: Figures, reasons: LateReasons
) -> UnitLine:
    unit = str(row["unit_id"])
    printed = tuple(
        scores[c.id]["printed"] if c.id in scores and scores[c.id]["counted"] else None for c in rulebook.criteria
    )
    is_scored = row["status"] in TOTALLED
    reduced = reduced_note(rulebook, scores, row) if row["total"] is not None else ""
    why = reasons.of_unit(unit) if row["status"] in (*TOTALLED, "no_resolved") else ""
    return UnitLine(
        name=str(row["name"]),
        scored=is_scored,
        scores=printed,
        total=row["total"],
        total_max=row["total_max"],
        reduced=bool(reduced),
        officer_average=row["officer_average"],
        officer_average_max=row["officer_average_max"] if average_reduced(row, rulebook) else None,
        class_name=str(row["class_printed"]),
        note=unit_remark(str(row["status"]), not_scored_reason(row), figures, " ".join(x for x in (why, reduced) if x)),
    )


def count_groups(checked: Checked, figures: Mapping[str, Figures]) -> tuple[tuple[str, tuple[CountLine, ...]], ...]:
    """The table of counts, which replaces the scores where no rulebook is in force: (level's name, lines).

    Under each level the counts of its units, then those of the level itself. `figures`: unit_id -> measure -> dossiers.
    """
    rows = records(checked.entities)
    groups = []
    for level, name in level_names(checked):
        entities = sorted((r for r in rows if r["level"] == level), key=lambda r: r["kind"] == "level")
        lines = tuple(
            CountLine(
                str(r["name"]),
                r["kind"] == "level",
                tuple(consistent_figures(r, figures).get(m) for m in COUNT_COLUMNS),
                "" if r["status"] == "scored" else unit_remark(str(r["status"]), str(r["status_reason"]), {}),
            )
            for r in entities
        )
        groups.append((name, lines))
    return tuple(groups)
