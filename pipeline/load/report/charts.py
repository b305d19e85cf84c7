"""Charts of a quarter as SVG: totals of the units under their level, and how their dossiers were resolved.

Plain SVG, written by the standard library: the same figures give the same bytes, and nothing else is needed to read it.
"""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, indent, tostring

import pandas as pd

from pipeline.arithmetic.wide_counts import value_of
from pipeline.result import Scored
from pipeline.text import vn_decimal, vn_int, xml_text

#: resolved in time is never told from late by colour alone: the numbers stand beside the bars
COLOURS = {"resolved_early": "#2f6f4f", "resolved_on_time": "#8fbf9f", "resolved_late": "#b5452c"}
WIDTH, ROW, LABEL, BAR = 980, 24, 260, 560  # pixels
FONTS = "Times New Roman, Tinos, Liberation Serif, serif"


@dataclass(frozen=True)
class Bar:
    """One line: a name, coloured lengths in pixels from left to right, and the number beside them."""

    name: str
    parts: tuple[tuple[float, str], ...]  # (width, colour)
    text: str


@dataclass(frozen=True)
class Group:
    """A level with its units."""

    name: str
    bars: tuple[Bar, ...]


def render_charts(scored: Scored) -> dict[str, str]:
    """`bieu-do-diem.svg` (only with a rulebook) and `bieu-do-ho-so.svg`: file name -> SVG."""
    charts = {"bieu-do-ho-so.svg": _svg("Hồ sơ đã giải quyết", scored, _dossiers(scored), _legend())}
    if scored.rulebook is not None:
        charts["bieu-do-diem.svg"] = _svg("Tổng điểm", scored, _totals(scored), ())
    return charts


def _legend() -> tuple[tuple[str, str], ...]:
    names = ("trước hạn", "đúng hạn", "quá hạn")
    return tuple(zip(names, COLOURS.values(), strict=True))


def _svg(title: str, scored: Scored, groups: list[Group], legend: tuple[tuple[str, str], ...]) -> str:
    height = ROW * (sum(len(g.bars) + 1 for g in groups) + 3)
    size = {"width": str(WIDTH), "height": str(height), "viewBox": f"0 0 {WIDTH} {height}"}
    root = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", **size, "font-family": FONTS, "font-size": "14"})
    _rect(root, 0, 0, WIDTH, height, "#ffffff")
    _text(root, 16, 28, f"{title} {scored.checked.period.name}", **{"font-size": "18", "font-weight": "bold"})
    y = 2 * ROW
    for position, (name, colour) in enumerate(legend):
        _rect(root, LABEL + 130 * position, y - 12, 14, 14, colour)
        _text(root, LABEL + 130 * position + 20, y, name)
    for group in groups:
        y += ROW
        _text(root, 16, y, group.name, **{"font-weight": "bold"})
        for bar in group.bars:
            y += ROW
            _text(root, 32, y, bar.name)
            x = float(LABEL)
            for width, colour in bar.parts:
                _rect(root, x, y - 14, width, 17, colour)
                x = round(x + width, 1)
            _text(root, x + 8, y, bar.text)
    indent(root, space="")
    return tostring(root, encoding="unicode") + "\n"


def _rect(root: Element, x: float, y: float, width: float, height: float, fill: str) -> None:
    shape = {"x": x, "y": y, "width": width, "height": height}
    SubElement(root, "rect", {**{k: f"{v:g}" for k, v in shape.items()}, "fill": fill})


def _text(root: Element, x: float, y: float, text: str, **style: str) -> None:
    SubElement(root, "text", {"x": f"{x:g}", "y": f"{y:g}", **style}).text = xml_text(text)


def _levels(scored: Scored) -> list[tuple[str, str, pd.DataFrame]]:
    """(level's name, its id, its units) in registry order."""
    entities = scored.checked.entities
    units = entities.loc[entities["kind"] == "unit"]
    levels = entities.loc[entities["kind"] == "level"].to_dict("records")
    return [(str(lv["name"]), str(lv["unit_id"]), units.loc[units["level"] == lv["level"]]) for lv in levels]


def _totals(scored: Scored) -> list[Group]:
    rulebook = scored.rulebook
    if rulebook is None:
        return []
    most, places = float(rulebook.max_total), rulebook.rounding.print_places
    totals = dict(zip(scored.unit_scores["unit_id"], scored.unit_scores["total"], strict=True))
    reached = dict(zip(scored.unit_scores["unit_id"], scored.unit_scores["total_max"], strict=True))
    groups = []
    for name, _, units in _levels(scored):
        bars = []
        for unit in units.to_dict("records"):
            total = totals.get(unit["unit_id"])
            if total is None or pd.isna(total):
                bars.append(Bar(str(unit["name"]), (), str(unit["status_reason"]) or "không chấm"))
                continue
            text = vn_decimal(total, places)
            limit = reached[unit["unit_id"]]
            text += f" trên {vn_decimal(limit, places, trim=True)}" if limit < most else ""
            bars.append(Bar(str(unit["name"]), ((round(BAR * total / most, 1), COLOURS["resolved_early"]),), text))
        groups.append(Group(name, tuple(bars)))
    return groups


def _dossiers(scored: Scored) -> list[Group]:
    frame = scored.checked.figures
    known = frame.loc[frame["measure"].isin(list(COLOURS))].pivot(index="unit_id", columns="measure", values="value")
    known = known.reindex(columns=list(COLOURS)).astype("Int64")
    groups = []
    for name, _, units in _levels(scored):
        rows = known.reindex(units["unit_id"].tolist())
        most = int(rows.sum(axis=1).max()) if len(rows) else 0
        bars = []
        for unit in units.to_dict("records"):
            counts = [value_of(rows, str(unit["unit_id"]), m) for m in COLOURS]
            numbers = [c for c in counts if c is not None]
            if len(numbers) < len(counts) or unit["status"] == "set_aside":
                # figures that do not agree with each other are not drawn as facts
                bars.append(Bar(str(unit["name"]), (), str(unit["status_reason"]) or "chưa có số liệu"))
                continue
            widths = [
                (round(BAR * n / most, 1), colour) for n, colour in zip(numbers, COLOURS.values(), strict=True) if n
            ]
            late = f" (quá hạn {vn_int(numbers[2])})" if numbers[2] else ""
            bars.append(Bar(str(unit["name"]), tuple(widths), f"{vn_int(sum(numbers))}{late}"))
        groups.append(Group(name, tuple(bars)))
    return groups
