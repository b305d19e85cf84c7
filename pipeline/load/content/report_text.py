"""Parts 2.1 and 2.2 of the report as values for the templates: dossiers and scores of the levels, officers by class.

A value that was not entered is a dotted blank, which the office fills in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.arithmetic.identities import total_of
from pipeline.load.content.against_before import level_change, whole_change
from pipeline.load.content.frame_rows import (
    Figures,
    Row,
    consistent_figures,
    level_rows,
    records,
    scores_by_unit,
)
from pipeline.load.content.group_table import classes_of_level
from pipeline.load.content.late_reasons import LateReasons
from pipeline.load.content.officer_form import OfficerForm
from pipeline.load.content.remarks import level_title, not_scored_reason, reduced_note, unit_remark
from pipeline.load.content.report_heading import report_fields
from pipeline.load.content.sentences import (
    BLANK,
    lower_first,
    pending_lines,
    received_text,
    resolved_text,
    sum_figures,
)
from pipeline.result import Checked, Scored
from pipeline.validate.statuses import NOT_SCORED
from schemas.frames import TOTALLED
from schemas.measures import LATE_MEASURES


@dataclass(frozen=True)
class LevelText:
    """Part 2.1 of one level, or of the whole area.

    `received`, `resolved`, `pending`: parts of sentences; `late`: the reason why dossiers were resolved late or a blank
    for it, "" where none were; `total`, `total_max`: None where the level is not scored.
    """

    name: str
    received: str
    resolved: str
    late: str
    pending: tuple[str, ...]
    total: float | None
    total_max: float | None
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class OfficersText:
    """Part 2.2. `evaluated`: officers with a score; `classes`: (class, officers); `unscored`: (name, why)."""

    evaluated: int
    classes: tuple[tuple[str, int], ...]
    unscored: tuple[tuple[str, str], ...]


def whole_text(scored: Scored, figures: Mapping[str, Figures]) -> LevelText:
    """Part 2.1 of the whole area: the sum of the levels' figures. Levels and units that it lacks are named.

    `figures`: unit_id -> measure -> dossiers.
    """
    checked = scored.checked
    levels = level_rows(checked)
    counted = [r for r in levels if total_of(consistent_figures(r, figures), "received") is not None]
    absent = [str(r["name"]) for r in levels if r not in counted]
    absent += [name for r in counted for name in _left_out(checked, str(r["level"]), str(r["basis"]))]
    total = sum_figures([figures[r["unit_id"]] for r in counted])
    partial = {str(r["unit_id"]) for r in levels if _left_out(checked, str(r["level"]), str(r["basis"]))}
    change = "" if len(counted) < len(levels) else whole_change(scored, levels, figures, partial)
    lacking = f"Số liệu chưa gồm: {'; '.join(absent)}." if absent else ""
    remarks = tuple(x for x in (lacking, change) if x)
    pending = tuple(pending_lines(total))
    return LevelText("", received_text(total), resolved_text(total), "", pending, None, None, remarks)


def level_texts(scored: Scored, figures: Mapping[str, Figures]) -> list[LevelText]:
    """Part 2.1 of each level that has a row of its own in the registry. `figures`: unit_id -> measure -> dossiers."""
    results = {r["unit_id"]: r for r in records(scored.level_scores)}
    reasons, scores = LateReasons.of(scored.checked), scores_by_unit(scored)
    texts = []
    # an index set is published for units: the sum of their counts gives few of its groups
    with_groups = scored.rulebook is not None and bool(scored.rulebook.groups)
    for row in level_rows(scored.checked):
        unit = str(row["unit_id"])
        result = results.get(unit, {"total": None, "total_max": None})
        reduced = ""
        if result["total"] is not None:
            reduced = reduced_note(scored.rulebook, scores.get(unit, {}), result)
        own = consistent_figures(row, figures)
        partial = bool(_left_out(scored.checked, str(row["level"]), str(row["basis"])))
        why_late = {measure: reasons.text(unit, measure) for measure in LATE_MEASURES}
        change = level_change(scored, row, own, result, partial, why_late)
        texts.append(
            LevelText(
                level_title(scored.rulebook, str(row["level"]), str(row["name"])),
                received_text(own),
                resolved_text(own),
                _late_reason(scored.checked, row, own, reasons),
                tuple(pending_lines(own, reasons.text(unit, "pending_overdue"))),
                None if with_groups else result["total"],
                result["total_max"],
                (
                    *([classes_of_level(scored, str(row["level"]))] if with_groups else []),
                    *_level_remarks(scored.checked, row, own, reduced),
                    *([change] if change else []),
                ),
            )
        )
    return texts


def _late_reason(checked: Checked, level: Row, figures: Figures, reasons: LateReasons) -> str:
    """Why dossiers of a level were resolved late; "" where none were.

    A reason that the office entered takes precedence over the explanations.
    """
    if figures.get("resolved_late", 0) <= 0:
        return ""
    explained = reasons.text(str(level["unit_id"]), "resolved_late") or f"nguyên nhân: {BLANK}"
    return report_fields(checked).get(f"late_reason:{level['level']}", [explained])[0]


def _level_remarks(checked: Checked, level: Row, figures: Figures, reduced: str) -> tuple[str, ...]:
    """Units that the level's sum lacks, why the level is not scored, and `reduced`, its lower maximum."""
    why = unit_remark(str(level["status"]), not_scored_reason(level), {}) if level["status"] not in TOTALLED else ""
    known = total_of(figures, "received") is not None
    left_out = "; ".join(_left_out(checked, str(level["level"]), str(level["basis"]))) if known else ""
    partial = f"Số liệu và điểm trên tính từ các đơn vị còn lại, chưa gồm: {left_out}." if left_out else ""
    return tuple(x for x in (partial, why, reduced) if x)


def _left_out(checked: Checked, level: str, basis: str) -> list[str]:
    """Names of the units that a level's sum does not contain; none for a level with figures of its own."""
    if basis == "own":
        return []
    entities = checked.entities
    units = entities.loc[(entities["kind"] == "unit") & (entities["level"] == level)]
    return [str(name) for name in units.loc[units["status"].isin(NOT_SCORED), "name"]]


def unscored_units(checked: Checked) -> list[tuple[str, str]]:
    """(name, why) of every unit that is not scored, in registry order."""
    units = checked.entities.loc[(checked.entities["kind"] == "unit") & ~checked.entities["status"].isin(TOTALLED)]
    return [
        (str(r["name"]), lower_first(unit_remark(str(r["status"]), str(r["status_reason"]), {})))
        for r in records(units)
    ]


def officers_text(form: OfficerForm) -> OfficersText:
    """Officers counted by class, in the order of the rulebook's classes, and the names of those without a score."""
    lines = [line for _, group in form.groups for line in group]
    counts = [(label, sum(line.marks[i] for line in lines)) for i, label in enumerate(form.classes)]
    return OfficersText(
        evaluated=sum(line.score is not None for line in lines),
        classes=tuple((label, n) for label, n in counts if n),
        unscored=tuple((line.name, line.note) for line in lines if line.score is None),
    )
