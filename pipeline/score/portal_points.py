"""Điểm công bố: the points that another system published, checked against the rulebook, as one column a name.

A unit whose published points cannot be right is left out with all of them: a row of which one figure is wrong may be
another unit's row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd

from pipeline.findings import Finding, source_place
from pipeline.score.kinds.base import PublishedPoints
from pipeline.score.source_text import Record, source_text
from pipeline.text import vn_decimal
from schemas.rulebook import Rulebook

#: points by which a published total may differ from the sum of its groups, and published from recomputed points
TOLERANCE = Fraction(1, 100)


@dataclass(frozen=True)
class UsablePoints:
    """The published points that are used, by their name in the rulebook, and findings about those that are not."""

    columns: Mapping[str, PublishedPoints]
    findings: tuple[Finding, ...]


def usable_points(points: pd.DataFrame, entities: pd.DataFrame, rulebook: Rulebook) -> UsablePoints:
    """The published points of a period, one array element for each entity. Frames: PortalPoints, Entities.

    Points have to be from 0 to the maximum of their criterion or group, each given once or always alike, and a total
    has to be the sum of its groups to 0,01.
    """
    maxima = rulebook.published_maxima()
    row_of = {unit: row for row, unit in enumerate(entities["unit_id"])}
    names = dict(zip(entities["unit_id"], entities["name"], strict=True))
    given: dict[str, dict[str, Record]] = {}
    findings: list[Finding] = []
    wrong: set[str] = set()
    for cell in points.to_dict("records"):
        unit, code = str(cell["unit_id"]), str(cell["code"])
        if unit not in row_of or code not in maxima:
            continue
        before = given.setdefault(unit, {}).setdefault(code, cell)
        finding = _cell_fault(cell, before, maxima[code], names[unit])
        if finding is not None:
            findings.append(finding)
            wrong.add(unit)
    for unit, cells in given.items():
        finding = None if unit in wrong else _total_fault(cells, rulebook, names[unit])
        if finding is not None:
            findings.append(finding)
            wrong.add(unit)
    used = {row_of[unit]: cells for unit, cells in given.items() if unit not in wrong}
    columns = {code: _column(code, used, len(entities)) for code in maxima}
    return UsablePoints({code: c for code, c in columns.items() if c.known.any()}, tuple(findings))


def _cell_fault(cell: Record, before: Record, most: Fraction, name: str) -> Finding | None:
    """The finding about points outside 0 … maximum, or given twice with different values."""
    value, place, unit = exact_points(cell), source_place(cell), str(cell["unit_id"])
    if not 0 <= value <= most:
        return place.finding(
            "portal_points_impossible", unit, found=shown(value), expected=f"từ 0 đến {shown(most)}", row=name,
            label=cell["code"],
        )  # fmt: skip
    if exact_points(before) != value:
        found = f"{shown(exact_points(before))} ({source_place(before)}) và {shown(value)} ({place})"
        return place.finding("portal_points_twice", unit, found=found, row=name, label=cell["code"])
    return None


def _total_fault(cells: Mapping[str, Record], rulebook: Rulebook, name: str) -> Finding | None:
    """The finding about a published total that is not the sum of its groups. None where one of them is not given."""
    codes = [group.code for group in rulebook.groups]
    if not rulebook.total_code or not codes or not {rulebook.total_code, *codes} <= cells.keys():
        return None
    total = cells[rulebook.total_code]
    added = sum((exact_points(cells[code]) for code in codes), Fraction(0))
    if abs(exact_points(total) - added) <= TOLERANCE:
        return None
    return source_place(total).finding(
        "portal_total_differs", str(total["unit_id"]), found=shown(exact_points(total)), expected=shown(added), row=name
    )


def _column(code: str, used: Mapping[int, Mapping[str, Record]], rows: int) -> PublishedPoints:
    column = PublishedPoints.none(rows)
    for row, cells in used.items():
        if code in cells:
            value = exact_points(cells[code])
            column.numerator[row], column.denominator[row] = value.numerator, value.denominator
            column.known[row], column.source[row] = True, source_text(source_place(cells[code]))
    return column


def exact_points(cell: Record) -> Fraction:
    """The decimal that is written, not the float's last bits."""
    return Fraction(Decimal(repr(float(cell["points"]))))


def shown(points: Fraction) -> str:
    """Points as analysts read them: `19,41`, `18`."""
    return vn_decimal(float(points), 2, trim=True)


def points_differ(
    label: str, units: pd.DataFrame, published: Sequence[float], recomputed: Sequence[float], sources: Sequence[str]
) -> Finding | None:
    """One finding for all units whose published points of a group or criterion differ from the recomputed ones.

    `units`: columns unit_id, name; the sequences: one element a row of it, points, NaN where not known.
    """
    lines, ids = [], []
    for unit, name, one, other, source in zip(
        units["unit_id"], units["name"], published, recomputed, sources, strict=True
    ):
        if not (np.isnan(one) or np.isnan(other)) and abs(_decimal(other) - _decimal(one)) > TOLERANCE:
            figures = f"công bố {vn_decimal(one, 2)}, tính lại {vn_decimal(other, 2)}"
            lines.append(f"“{name}” {figures} ({source})")
            ids.append(str(unit))
    if not lines:
        return None
    several = tuple(ids) if len(ids) > 1 else ()
    facts = {"label": label, "row": "; ".join(lines)}
    return Finding("portal_points_differ", "" if several else ids[0], facts=facts, units=several)


def _decimal(points: float) -> Fraction:
    return Fraction(Decimal(repr(float(points))))
