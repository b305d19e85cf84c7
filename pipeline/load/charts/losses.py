"""Where the points were lost: a table of units and criteria whose cells are the darker, the more is lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.load.charts.selection import MOST, rest_left_out
from pipeline.load.charts.svg import INK, MARGIN, WIDTH, Picture, box, lines_of, named, picture, row_height, text
from pipeline.load.content.display_names import criterion_heading
from pipeline.load.content.frame_rows import Row, records, scores_by_unit
from pipeline.load.content.lost_points import lost_points
from pipeline.load.content.sentences import lower_first
from pipeline.result import Scored
from pipeline.text import vn_decimal, vn_percent
from schemas.rulebook import Criterion, Group

_LABELS, _HEAD = 210, 26
#: lost share of a criterion's points from which a cell has this shade; the number stands in every cell
_SHADES = ((0.75, "#3b4a57"), (0.5, "#7d8d9a"), (0.25, "#b3bec7"), (0.0, "#e3e8ec"))
#: hundredths of a point: printed scores have two decimals
_SMALLEST = 0.005


@dataclass(frozen=True)
class UnitLosses:
    """The lost points of a unit by criterion id; None where a criterion is not counted."""

    name: str
    lost: Mapping[str, float | None]

    @property
    def total(self) -> float:
        """All lost points."""
        return sum(points for points in self.lost.values() if points is not None)


def unit_losses(scored: Scored, level: str) -> list[UnitLosses]:
    """The scored units of a level, those that lost most first. Points: maximum minus printed score."""
    if scored.rulebook is not None and scored.rulebook.groups:
        return _group_losses(scored, level)
    scores = scores_by_unit(scored)
    rows = [r for r in records(scored.unit_scores) if r["level"] == level and r["total"] is not None]
    losses = [
        UnitLosses(str(r["name"]), {c: _lost(score) for c, score in scores.get(str(r["unit_id"]), {}).items()})
        for r in rows
    ]
    return sorted(losses, key=lambda unit: -round(unit.total, 4))


def _group_losses(scored: Scored, level: str) -> list[UnitLosses]:
    """Of an index set, by group; of the units whose groups are all known."""
    lost = lost_points(scored)
    rows = [r for r in records(scored.unit_scores) if r["level"] == level and r["rank"] is not None]
    losses = [UnitLosses(str(r["name"]), {x.criterion: x.lost for x in lost[str(r["unit_id"])]}) for r in rows]
    return sorted(losses, key=lambda unit: -round(unit.total, 4))


def _lost(score: Row) -> float | None:
    if not score["counted"] or score["printed"] is None:
        return None
    return max(0.0, float(score["max_points"]) - float(score["printed"]))


def losses_picture(scored: Scored, level: str, level_name: str) -> Picture | None:
    """None without a rulebook or without a scored unit."""
    losses = unit_losses(scored, level)
    if scored.rulebook is None or not losses:
        return None
    criteria: Sequence[Criterion | Group] = scored.rulebook.groups or scored.rulebook.criteria
    width = (WIDTH - MARGIN - _LABELS) / (len(criteria) + 1)
    body = [
        text(_LABELS + width * (i + 0.5), 16, criterion.number, anchor="middle", bold=True)
        for i, criterion in enumerate(criteria)
    ]
    body.append(text(_LABELS + width * (len(criteria) + 0.5), 16, "Cộng", anchor="middle", bold=True))
    y: float = _HEAD
    for unit in losses[:MOST]:
        names = lines_of(unit.name, _LABELS - MARGIN - 8)
        height = row_height(names)
        body.append(named(MARGIN, y, names, height))
        for i, criterion in enumerate(criteria):
            body += _cell(
                _LABELS + width * i, y, width, height, unit.lost.get(criterion.id), float(criterion.max_points)
            )
        body.append(
            text(
                _LABELS + width * (len(criteria) + 0.5),
                y + height / 2 + 5,
                _points(unit.total),
                anchor="middle",
                bold=True,
            )
        )
        y += height
    names_of = "; ".join(f"{criterion.number}: {lower_first(criterion.label)}" for criterion in criteria)
    what = "Nhóm" if scored.rulebook.groups else "Tiêu chí"
    notes = [
        f"Số trong ô: điểm bị mất; để trống: không mất; “–”: không tính. {what} {names_of}.",
        *rest_left_out(losses, "mất nhiều điểm nhất"),
    ]
    return picture(f"bieu-do-mat-diem-{level}.svg", _title(losses, criteria, level_name), body, y, notes)


def _cell(x: float, y: float, width: float, height: float, lost: float | None, most: float) -> list[str]:
    middle, base = x + width / 2, y + height / 2 + 5
    frame = "#c4cbd1"
    if lost is None or lost < _SMALLEST:
        return [
            box(x, y, width, height, "#ffffff", frame),
            *([text(middle, base, "–", anchor="middle")] if lost is None else []),
        ]
    shade = next(colour for share, colour in _SHADES if lost / most >= share)
    ink = "#ffffff" if shade == _SHADES[0][1] else INK
    return [box(x, y, width, height, shade, frame), text(middle, base, _points(lost), anchor="middle", fill=ink)]


def _points(points: float) -> str:
    return vn_decimal(points, 2, trim=True)


def _title(losses: Sequence[UnitLosses], criteria: Sequence[Criterion | Group], level_name: str) -> str:
    sums = {c.id: round(sum(unit.lost.get(c.id) or 0.0 for unit in losses), 4) for c in criteria}
    whole = sum(sums.values())
    if whole < _SMALLEST:
        return f"{level_name}: không đơn vị nào mất điểm"
    worst = max(criteria, key=lambda c: sums[c.id])
    share = vn_percent(round(sums[worst.id] * 100), round(whole * 100))
    heading = f"nhóm {worst.number}" if isinstance(worst, Group) else lower_first(criterion_heading(worst))
    return (
        f"{level_name}: mất nhiều điểm nhất ở {heading} ({lower_first(worst.label)}), "
        f"{_points(sums[worst.id])} trên {_points(whole)} điểm bị mất ({share})"
    )
