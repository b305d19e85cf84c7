"""Notices about defaults: dossiers resolved late without entered figures of contacts and complaints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.arithmetic.wide_counts import first_places
from pipeline.findings import NO_PLACE, Finding
from pipeline.result import Checked
from pipeline.text import vn_int
from schemas.measures import SUPPLEMENT_GROUPS
from schemas.rulebook import Rulebook

_CONTACTS, _AGENCIES, _COMPLAINTS = (
    SUPPLEMENT_GROUPS[name] for name in ("số lần liên hệ", "số cơ quan phải liên hệ", "phản ánh về thái độ")
)


def late_without_contacts(
    checked: Checked,
    criterion_scores: pd.DataFrame,
    criterion_evidence: pd.DataFrame,
    rulebook: Rulebook,
    names: Mapping[str, str],
) -> list[Finding]:
    """One notice for all units (or levels) that the same defaults were used for, in the rulebook's words.

    It names each unit with its late dossiers. Levels that are sums of their units are left out. Nothing is reported
    where no default was used: the criterion is then not counted, which its explanation states.

    Frames: CriterionScores, CriterionEvidence. `names`: unit or level id -> name.
    """
    entities, figures = checked.entities, checked.figures
    late = figures.loc[(figures["measure"] == "resolved_late") & (figures["value"] > 0)].set_index("unit_id")["value"]
    entered = figures.loc[figures["measure"].isin([*_CONTACTS, *_COMPLAINTS]), "unit_id"]
    own = entities.loc[(entities["basis"] != "sum") & ~entities["unit_id"].isin(entered), ["unit_id", "kind"]]
    treated = {*_CONTACTS, *_AGENCIES, *_COMPLAINTS}
    words = {d.id: d.text for d in rulebook.defaults if set(d.measures) & treated}
    used = _defaults_used(criterion_scores, criterion_evidence)
    of_unit = used.loc[used["default"].isin(list(words))].groupby("unit_id")["default"].agg(frozenset)
    groups: dict[tuple[str, frozenset[str]], list[str]] = {}
    for unit, kind in zip(own["unit_id"], own["kind"], strict=True):
        if unit in late.index and unit in of_unit.index:
            groups.setdefault((kind, of_unit[unit]), []).append(unit)
    places = first_places(checked.counts)
    findings = []
    for (_, defaults), units in groups.items():
        unit = units[0] if len(units) == 1 else ""
        place = places.get((unit, "resolved_late"), NO_PLACE)
        facts: dict[str, Any] = {
            # every unit is named: the analyst has to ask each of them
            "row": ", ".join(f"“{names[u]}” {vn_int(int(late[u]))}" for u in units),
            "how": " ".join(text for default, text in words.items() if default in defaults),
        }
        found = f"{vn_int(int(late[units].sum()))} hồ sơ giải quyết quá hạn"
        several = tuple(units) if len(units) > 1 else ()
        findings.append(place.finding("late_without_contacts", unit, found=found, units=several, **facts))
    return findings


def _defaults_used(scores: pd.DataFrame, evidence: pd.DataFrame) -> pd.DataFrame:
    """Columns unit_id, default: one row for each default that a counted score of a unit rests on."""
    rests = scores.loc[scores["basis"] == "default", ["unit_id", "criterion"]]
    rows = evidence[["unit_id", "criterion", "origin"]].merge(rests)
    origins = rows.assign(default=rows["origin"].str.split("; ")).explode("default")
    named = origins.loc[origins["default"].str.startswith("default: ").fillna(False)]
    return named.assign(default=named["default"].str.removeprefix("default: "))[
        ["unit_id", "default"]
    ].drop_duplicates()
