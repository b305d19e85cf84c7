"""Dossiers resolved early, on time and late as shares of each unit: a large office does not hide the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.load.charts.selection import MOST, rest_left_out
from pipeline.load.charts.svg import (
    INK,
    LINE,
    MARGIN,
    SOLID,
    Picture,
    box,
    lines_of,
    named,
    picture,
    row_height,
    stripes,
    text,
)
from pipeline.load.content.frame_rows import consistent_figures, figures_by_unit, records
from pipeline.load.content.sentences import lower_first
from pipeline.result import Checked
from pipeline.text import vn_int, vn_percent

_LABELS, _BARS = 210, 330
_MEASURES = ("resolved_early", "resolved_on_time", "resolved_late")
_NAMES = ("trước hạn", "đúng hạn", "quá hạn")
_LIGHT = "#dfe5e9"


@dataclass(frozen=True)
class UnitDeadlines:
    """The resolved dossiers of a unit: early, on time, late; at least one."""

    name: str
    counts: tuple[int, int, int]

    @property
    def whole(self) -> int:
        """All resolved dossiers."""
        return sum(self.counts)

    @property
    def late_share(self) -> float:
        """0 … 1."""
        return self.counts[2] / self.whole


def unit_deadlines(checked: Checked, level: str) -> tuple[list[UnitDeadlines], list[str]]:
    """The units of a level with resolved dossiers, the largest share of late ones first, and the others with why.

    Figures that contradict each other are not drawn.
    """
    figures = figures_by_unit(checked)
    known, others = [], []
    for entity in records(checked.entities):
        if entity["kind"] != "unit" or entity["level"] != level:
            continue
        own = consistent_figures(entity, figures)
        counts = [own.get(measure) for measure in _MEASURES]
        early, on_time, late = counts
        if early is None or on_time is None or late is None or not early + on_time + late:
            why = lower_first(str(entity["status_reason"])) or "không có hồ sơ đã giải quyết"
            others.append(f"{entity['name']} ({why})")
        else:
            known.append(UnitDeadlines(str(entity["name"]), (early, on_time, late)))
    return sorted(known, key=lambda unit: (-unit.late_share, -unit.counts[1] / unit.whole)), others


def deadlines_picture(checked: Checked, level: str, level_name: str) -> Picture | None:
    """None if no unit of the level has resolved dossiers."""
    units, others = unit_deadlines(checked, level)
    if not units:
        return None
    pattern = f"soc-{level}"
    fills = (SOLID, _LIGHT, f"url(#{pattern})")
    body = [stripes(pattern)]
    x: float = _LABELS
    for name, fill in zip(_NAMES, fills, strict=True):
        body += [box(x, 4, 14, 14, fill, INK), text(x + 20, 16, name)]
        x += 105
    y: float = 8 + LINE
    for unit in units[:MOST]:
        names = lines_of(unit.name, _LABELS - MARGIN - 8)
        height = row_height(names)
        body.append(named(MARGIN, y, names, height))
        x = _LABELS
        for count, fill in zip(unit.counts, fills, strict=True):
            width = _BARS * count / unit.whole
            body += [box(x, y + 4, width, height - 8, fill, INK)] if count else []
            x += width
        body.append(text(_LABELS + _BARS + 8, y + height / 2 + 5, _label(unit)))
        y += height
    notes = [
        "Mỗi thanh là toàn bộ hồ sơ đã giải quyết của một đơn vị.",
        *rest_left_out(units, "có tỷ lệ quá hạn cao nhất"),
        *([f"Không vẽ: {'; '.join(others[:20])}{' …' if len(others) > 20 else ''}."] if others else []),
    ]
    return picture(f"bieu-do-thoi-han-{level}.svg", _title(units, level_name), body, y, notes)


def _label(unit: UnitDeadlines) -> str:
    late = unit.counts[2]
    return f"{vn_int(unit.whole)} hồ sơ" + (
        f", quá hạn {vn_int(late)} ({vn_percent(late, unit.whole)})" if late else ""
    )


def _title(units: Sequence[UnitDeadlines], level_name: str) -> str:
    whole = sum(unit.whole for unit in units)
    late = [unit for unit in units if unit.counts[2]]
    if not late:
        return f"{level_name}: không đơn vị nào giải quyết hồ sơ quá hạn ({vn_int(whole)} hồ sơ đã giải quyết)"
    worst = late[0]
    share = vn_percent(worst.counts[2], worst.whole)
    return (
        f"{level_name}: {vn_int(len(late))} trên {vn_int(len(units))} đơn vị có hồ sơ quá hạn; tỷ lệ cao nhất là "
        f"{worst.name}, {share} ({vn_int(worst.counts[2])} trên {vn_int(worst.whole)} hồ sơ)"
    )
