"""Rows, figures and names read from the frames of a quarter. Nothing is computed that the frames do not hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.result import Checked, Scored

#: a row of a frame: column -> value, None where the frame has no value
Row = Mapping[str, Any]
#: measure of `schemas.measures` -> number of dossiers; a measure that is not in it is unknown
Figures = Mapping[str, int]


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame as dicts, every missing value as None."""
    columns = {str(name): _values(frame[name]) for name in frame.columns}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _values(column: pd.Series) -> list[Any]:
    """The values of a column. `isna` runs once a column: once a cell would take longer than the rest of a page."""
    return [None if gone else value for value, gone in zip(column.tolist(), column.isna().tolist(), strict=True)]


def figures_by_unit(checked: Checked) -> dict[str, dict[str, int]]:
    """unit_id -> measure -> number of dossiers, of units and levels."""
    result: dict[str, dict[str, int]] = {}
    frame = checked.figures
    for unit, measure, value in zip(frame["unit_id"], frame["measure"], frame["value"], strict=True):
        result.setdefault(unit, {})[measure] = int(value)
    return result


def consistent_figures(entity: Row, figures: Mapping[str, Figures]) -> Figures:
    """The figures of a unit or level; none where they were set aside, as they contradict each other.

    `entity`: a row of Entities; `figures`: by unit_id.
    """
    return {} if entity["status"] == "set_aside" else figures.get(str(entity["unit_id"]), {})


def report_field(checked: Checked, field: str) -> str:
    """The first value entered for a report field, "" for none."""
    entered = zip(checked.report_fields["field"], checked.report_fields["value"], strict=True)
    return next((str(value) for name, value in entered if name == field and value != ""), "")


def level_rows(checked: Checked) -> list[dict[str, Any]]:
    """The rows of Entities that are levels, in registry order."""
    return records(checked.entities.loc[checked.entities["kind"] == "level"])


def level_names(checked: Checked) -> list[tuple[str, str]]:
    """(level id, registry name) of the period's levels, in registry order; levels without a row of their own last."""
    named = {str(row["level"]): str(row["name"]) for row in level_rows(checked)}
    return [(x, named.get(x, x)) for x in dict.fromkeys([*named, *checked.entities["level"]])]


def scores_by_unit(scored: Scored) -> dict[str, dict[str, Row]]:
    """unit_id of a unit or level -> criterion id -> its row of CriterionScores."""
    found: dict[str, dict[str, Row]] = {}
    for row in records(scored.criterion_scores):
        found.setdefault(str(row["unit_id"]), {})[str(row["criterion"])] = row
    return found
