"""Charts of a quarter as SVG: total scores of the units, and their dossiers resolved early, on time and late.

Units are grouped by level. The same figures give the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, indent, tostring

import pandas as pd

from pipeline.arithmetic.wide_counts import value_of
from pipeline.result import Scored
from pipeline.text import vn_decimal, vn_int, xml_text

#: measure -> colour. The number of late dossiers is printed beside the bar too: no meaning is in the colour alone
COLOURS = {"resolved_early": "#2f6f4f", "resolved_on_time": "#8fbf9f", "resolved_late": "#b5452c"}
CHART_WIDTH, ROW_HEIGHT, LABEL_WIDTH, BAR_WIDTH = 980, 24, 260, 560  # pixels
FONTS = "Times New Roman, Tinos, Liberation Serif, serif"


@dataclass(frozen=True)
class ChartLine:
    """A unit in a chart: its name, the parts of its bar from left to right, and the text beside the bar."""

    name: str
    parts: tuple[tuple[float, str], ...]  # (width in pixels, colour)
    text: str


@dataclass(frozen=True)
class ChartGroup:
    """A level and its units."""

    name: str
    lines: tuple[ChartLine, ...]


def render_charts(scored: Scored) -> dict[str, str]:
    """File name -> SVG: `bieu-do-ho-so.svg` and, with a rulebook, `bieu-do-diem.svg`."""
    charts = {"bieu-do-ho-so.svg": _svg("Hồ sơ đã giải quyết", scored, _dossiers(scored), _legend())}
    if scored.rulebook is not None:
        charts["bieu-do-diem.svg"] = _svg("Tổng điểm", scored, _totals(scored), ())
    return charts


def _legend() -> tuple[tuple[str, str], ...]:
    """(name, colour) of the parts of a bar."""
    names = ("trước hạn", "đúng hạn", "quá hạn")
    return tuple(zip(names, COLOURS.values(), strict=True))


def _svg(title: str, scored: Scored, groups: list[ChartGroup], legend: tuple[tuple[str, str], ...]) -> str:
    """The chart as SVG text. `legend`: (name, colour) above the groups."""
    height = ROW_HEIGHT * (sum(len(g.lines) + 1 for g in groups) + 3)
    size = {"width": str(CHART_WIDTH), "height": str(height), "viewBox": f"0 0 {CHART_WIDTH} {height}"}
    root = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", **size, "font-family": FONTS, "font-size": "14"})
    _rect(root, 0, 0, CHART_WIDTH, height, "#ffffff")
    _text(root, 16, 28, f"{title} {scored.checked.period.name}", **{"font-size": "18", "font-weight": "bold"})
    y = 2 * ROW_HEIGHT
    for position, (name, colour) in enumerate(legend):
        _rect(root, LABEL_WIDTH + 130 * position, y - 12, 14, 14, colour)
        _text(root, LABEL_WIDTH + 130 * position + 20, y, name)
    for group in groups:
        y += ROW_HEIGHT
        _text(root, 16, y, group.name, **{"font-weight": "bold"})
        for line in group.lines:
            y += ROW_HEIGHT
            _text(root, 32, y, line.name)
            x = float(LABEL_WIDTH)
            for width, colour in line.parts:
                _rect(root, x, y - 14, width, 17, colour)
                x = round(x + width, 1)
            _text(root, x + 8, y, line.text)
    indent(root, space="")
    return tostring(root, encoding="unicode") + "\n"


def _rect(root: Element, x: float, y: float, width: float, height: float, fill: str) -> None:
    shape = {"x": x, "y": y, "width": width, "height": height}
    SubElement(root, "rect", {**{k: f"{v:g}" for k, v in shape.items()}, "fill": fill})


def _text(root: Element, x: float, y: float, text: str, **style: str) -> None:
    SubElement(root, "text", {"x": f"{x:g}", "y": f"{y:g}", **style}).text = xml_text(text)


def _levels(scored: Scored) -> list[tuple[str, pd.DataFrame]]:
    """(level's name, rows of Entities of its units) in registry order."""
    entities = scored.checked.entities
    units = entities.loc[entities["kind"] == "unit"]
    levels = entities.loc[entities["kind"] == "level"].to_dict("records")
    return [(str(level["name"]), units.loc[units["level"] == level["level"]]) for level in levels]


def _totals(scored: Scored) -> list[ChartGroup]:
    """Total scores; a bar of full width is the maximum of the rulebook. Units without a score have no bar."""
    rulebook = scored.rulebook
    if rulebook is None:
        return []
    most, places = float(rulebook.max_total), rulebook.rounding.print_places
    totals = dict(zip(scored.unit_scores["unit_id"], scored.unit_scores["total"], strict=True))
    reached = dict(zip(scored.unit_scores["unit_id"], scored.unit_scores["total_max"], strict=True))
    groups = []
    for name, units in _levels(scored):
        lines = []
        for unit in units.to_dict("records"):
            total = totals.get(unit["unit_id"])
            if total is None or pd.isna(total):
                lines.append(ChartLine(str(unit["name"]), (), str(unit["status_reason"]) or "không chấm"))
                continue
            text = vn_decimal(total, places)
            limit = reached[unit["unit_id"]]
            text += f" trên {vn_decimal(limit, places, trim=True)}" if limit < most else ""
            lines.append(
                ChartLine(str(unit["name"]), ((round(BAR_WIDTH * total / most, 1), COLOURS["resolved_early"]),), text)
            )
        groups.append(ChartGroup(name, tuple(lines)))
    return groups


def _dossiers(scored: Scored) -> list[ChartGroup]:
    """Resolved dossiers; a bar of full width is the largest number in the level. Unknown figures have no bar."""
    frame = scored.checked.figures
    known = frame.loc[frame["measure"].isin(list(COLOURS))].pivot(index="unit_id", columns="measure", values="value")
    known = known.reindex(columns=list(COLOURS)).astype("Int64")
    groups = []
    for name, units in _levels(scored):
        rows = known.reindex(units["unit_id"].tolist())
        most = int(rows.sum(axis=1).max()) if len(rows) else 0
        lines = []
        for unit in units.to_dict("records"):
            counts = [value_of(rows, str(unit["unit_id"]), m) for m in COLOURS]
            numbers = [c for c in counts if c is not None]
            if len(numbers) < len(counts) or unit["status"] == "set_aside":
                # figures that contradict each other are not drawn as facts
                lines.append(ChartLine(str(unit["name"]), (), str(unit["status_reason"]) or "chưa có số liệu"))
                continue
            widths = [
                (round(BAR_WIDTH * n / most, 1), colour)
                for n, colour in zip(numbers, COLOURS.values(), strict=True)
                if n
            ]
            late = f" (quá hạn {vn_int(numbers[2])})" if numbers[2] else ""
            lines.append(ChartLine(str(unit["name"]), tuple(widths), f"{vn_int(sum(numbers))}{late}"))
        groups.append(ChartGroup(name, tuple(lines)))
    return groups
