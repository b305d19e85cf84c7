"""The class of each unit that is printed in the signed table, and the ground it rests on.

What the office decided for the unit comes first, then the office's own table of thresholds, then the local table of the
rulebook, then its table by law (where it has no local one). A class that contradicts one of these rules is reported
with both values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from pipeline.findings import Finding, Place, source_place
from pipeline.score.finding_of_units import finding_of_units
from pipeline.text import fold, vn_decimal
from schemas.frames import UnitScores
from schemas.office import OfficeClasses
from schemas.rulebook import ClassTable, Rulebook

_BASIS_NAMES = {"total": "tổng điểm", "officer_average": "ĐTB"}


@dataclass(frozen=True)
class SettledClasses:
    """UnitScores with the office's and the printed class, its basis and ground filled in, and findings."""

    unit_scores: pd.DataFrame
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class _Decision:
    """The class that the office decided for one unit. `ground`: Vietnamese, reason and person."""

    name: str
    ground: str
    place: Place


def settle_classes(
    unit_scores: pd.DataFrame, decisions: pd.DataFrame, office: OfficeClasses | None, rulebook: Rulebook
) -> SettledClasses:
    """The printed class of every unit. Frames: UnitScores as scored, ClassDecisions.

    `office`: the office's own table of thresholds. A decision is used for a unit that has a class by some rule, "chưa
    rõ" included; two different ones for a unit are not used.
    """
    frame = unit_scores.copy()
    frame["class_office"] = pd.array(_by_table(frame, office.table, rulebook) if office else [""] * len(frame), "str")
    rows = [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]
    made, findings = _usable(decisions, rows, _class_names(rulebook, office))
    printed = []
    for row in rows:
        decision = made.get(row["unit_id"])
        if decision is None:
            printed.append(_by_rule(row, office, rulebook))
        else:
            printed.append((decision.name, "decided", decision.ground))
            findings += _contradictions(row, decision, office, rulebook)
    for position, column in enumerate(("class_printed", "class_basis", "class_ground")):
        frame[column] = pd.array([values[position] for values in printed], "str")
    findings += [*_unknown(frame, office, rulebook), *_table_differs(frame, made, office, rulebook)]
    return SettledClasses(UnitScores.validate(frame, lazy=True), tuple(findings))


def unused_decisions(decisions: pd.DataFrame, names: Mapping[str, str]) -> list[Finding]:
    """A finding for each decision about a class in a quarter without a rulebook. `names`: unit_id -> name."""
    return [
        source_place(row).finding("class_decision_unused", row=names[row["unit_id"]], why="kỳ này không chấm điểm")
        for row in _records(decisions)
    ]


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]


def _by_table(frame: pd.DataFrame, table: ClassTable, rulebook: Rulebook) -> list[str]:
    """The class of each unit by a table; "" for a unit without any class."""
    scale = 10**rulebook.rounding.total_places
    figures = frame[table.basis].to_numpy(dtype=float, na_value=np.nan)
    return [
        table.classify(Fraction(round(figure * scale), scale)) if law and not np.isnan(figure) else ""
        for figure, law in zip(figures, frame["class_law"], strict=True)
    ]


def _by_rule(row: Mapping[str, Any], office: OfficeClasses | None, rulebook: Rulebook) -> tuple[str, str, str]:
    """(class, basis, ground) of a unit by the office's table, else by the rulebook's; empty texts without a class."""
    if not row["class_law"]:
        return "", "", ""
    if office is not None:
        return row["class_office"], "office", office.decision
    local = rulebook.local_class
    if local is not None:
        return row["class_local"], "local", local.citation
    return row["class_law"], "law", rulebook.unit_class.citation


def _class_names(rulebook: Rulebook, office: OfficeClasses | None) -> dict[str, str]:
    """Folded name -> name of every class that the rulebook or the office's table knows."""
    tables = [rulebook.unit_class, rulebook.local_class, office.table if office else None]
    return {fold(band.label): band.label for table in tables if table is not None for band in table.bands}


def _usable(
    decisions: pd.DataFrame, rows: Iterable[Mapping[str, Any]], names: Mapping[str, str]
) -> tuple[dict[str, _Decision], list[Finding]]:
    """unit_id -> its decision, and findings about decisions that are not used."""
    units = {str(row["unit_id"]): row for row in rows}
    made: dict[str, _Decision] = {}
    findings: list[Finding] = []
    contested: set[str] = set()
    for row in _records(decisions):
        unit, place = str(row["unit_id"]), source_place(row)
        name = names.get(fold(row["class_name"]))
        shown = units[unit]["name"] if unit in units else unit
        if unit not in units or not units[unit]["class_law"]:
            findings.append(place.finding("class_decision_unused", row=shown, why="không có điểm để phân loại"))
        elif name is None:
            known = "; ".join(dict.fromkeys(names.values()))
            findings.append(place.finding("class_name_unknown", found=row["class_name"], expected=known, row=shown))
        elif unit in made and made[unit].name != name:
            both = f"{made[unit].name} ({made[unit].place}); {name} ({place})"
            findings.append(place.finding("class_decided_twice", found=both, row=shown))
            contested.add(unit)
        else:
            made.setdefault(unit, _Decision(name, _ground(row), place))
    return {unit: decision for unit, decision in made.items() if unit not in contested}, findings


def _ground(row: Mapping[str, Any]) -> str:
    document = f" tại {row['document']}" if row["document"] else ""
    return f"{row['decided_by']} quyết định{document}; lý do: {row['reason'].rstrip('. ')}"


def _contradictions(
    row: Mapping[str, Any], decision: _Decision, office: OfficeClasses | None, rulebook: Rulebook
) -> list[Finding]:
    """A warning with the rules that give another class than the decision; a notice of the decision without one."""
    own = rulebook.local_class or rulebook.unit_class
    rules = [(own, row["class_local" if rulebook.local_class else "class_law"], f"quy tắc của {rulebook.short}")]
    if office is not None:
        rules.insert(0, (office.table, row["class_office"], "bảng mức của cơ quan"))
    facts = {"row": row["name"], "ground": decision.ground}
    differing = [
        (table, ruled, rule) for table, ruled, rule in rules if ruled not in ("", table.otherwise, decision.name)
    ]
    if not differing:
        expected, unit = rules[0][1] or "không xếp", row["unit_id"]
        return [decision.place.finding("class_decided", unit, found=decision.name, expected=expected, **facts)]
    texts = [f"theo {rule}, {_figure(row, table, rulebook)} là {ruled}" for table, ruled, rule in differing]
    expected = "; ".join(dict.fromkeys(str(ruled) for _, ruled, _ in differing))
    return [
        decision.place.finding(
            "class_contradicts",
            row["unit_id"],
            found=decision.name,
            expected=expected,
            rules="; ".join(texts),
            **facts,
        )
    ]


def _figure(row: Mapping[str, Any], table: ClassTable, rulebook: Rulebook) -> str:
    """`ĐTB 9,14`: the figure that a table judges."""
    return f"{_BASIS_NAMES[table.basis]} {vn_decimal(float(row[table.basis]), rulebook.rounding.print_places)}"


def _unknown(frame: pd.DataFrame, office: OfficeClasses | None, rulebook: Rulebook) -> list[Finding]:
    """One finding for the units whose class neither a decision nor the rule gives."""
    table = office.table if office is not None else rulebook.local_class
    if table is None or not table.otherwise:
        return []
    rows = frame.loc[frame["class_printed"] == table.otherwise]
    return [finding_of_units("class_unknown", rows, table.otherwise)] if len(rows) else []


def _table_differs(
    frame: pd.DataFrame, made: Mapping[str, _Decision], office: OfficeClasses | None, rulebook: Rulebook
) -> list[Finding]:
    """One finding for each pair of classes where the office's table and the rulebook's local one differ."""
    local = rulebook.local_class
    if office is None or local is None:
        return []
    known = frame.loc[
        (frame["class_local"] != "")
        & (frame["class_local"] != local.otherwise)
        & (frame["class_office"] != office.table.otherwise)
        & (frame["class_office"] != frame["class_local"])
        & ~frame["unit_id"].isin(list(made))
    ]
    return [
        finding_of_units(
            "class_table_differs", rows, str(mine), str(theirs), decision=office.decision, rule=rulebook.short
        )
        for (mine, theirs), rows in known.groupby(["class_office", "class_local"], sort=False)
    ]
