"""Totals, officers' averages, classes and ranks. Criteria are exact; each printed figure is rounded half up once."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd

from pipeline.arithmetic.figure_columns import Texts
from pipeline.arithmetic.rounding import Bools, Floats, Ints, sum_half_up_units
from pipeline.score.groups import GroupTable
from pipeline.score.points_table import PointsTable
from schemas.frames import TOTALLED, LevelScores, UnitScores
from schemas.rulebook import ClassTable, Rulebook


def with_totals(
    entities: pd.DataFrame,
    table: PointsTable,
    applies: Bools,
    scored: Bools,
    rulebook: Rulebook,
    groups: GroupTable | None = None,
) -> pd.DataFrame:
    """Entities with the columns of UnitScores: totals, averages, their maxima, classes and rank.

    `applies`: whether a criterion scores an entity, shape (entities, criteria); `scored`: entities that get criteria.
    Totals, averages and maxima are points. The PRINTED total or average decides class and rank. An entity with nothing
    resolved has no officers' average, class or rank. A criterion that is not counted lowers the maximum and rescales
    nothing (Thông tư 01/2018/TT-VPCP, art. 15.4b).

    A unit without points that only another system has gets neither class nor rank. `groups`: of a rulebook with groups,
    whose total is the sum of the groups that are known; class and rank need all.
    """
    places = rulebook.rounding.total_places
    maxima = np.array([float(c.max_points) for c in rulebook.criteria])
    officer = np.array([c.officers for c in rulebook.criteria])
    resolved = scored & entities["status"].isin(TOTALLED).to_numpy(dtype=bool)
    total = sum_half_up_units(table.numerator, table.denominator, table.counted, places)
    has_total = scored & table.counted.any(axis=1)
    needed = np.array([c.needed_for_class for c in rulebook.criteria])
    # a criterion of another level is not needed: it is not counted there, and no points of it are missing
    lacking = (~table.counted & needed & applies).any(axis=1)
    total_max, judged = table.counted @ maxima, has_total & resolved & ~lacking
    if groups is not None:
        total, total_max = groups.totals(), groups.maxima()
        # the sum of a level's units gives few of its groups: a level has a total of all of them or none
        is_unit = entities["kind"].to_numpy() == "unit"
        has_total, judged = scored & (total_max > 0) & (groups.complete | is_unit), scored & groups.complete
    by_dossier = table.counted & officer
    average = sum_half_up_units(table.numerator, table.denominator, by_dossier, places)
    has_average = resolved & by_dossier.any(axis=1)
    frame = entities.copy()
    frame["total"] = _printed(total, has_total, places)
    frame["total_max"] = np.where(scored, total_max, np.nan)
    frame["officer_average"] = _printed(average, has_average, places)
    frame["officer_average_max"] = np.where(has_average, by_dossier @ maxima, np.nan)
    figures = {"total": (total, judged), "officer_average": (average, has_average)}
    for column, classes in (("class_law", rulebook.unit_class), ("class_local", rulebook.local_class)):
        labels = [""] * len(frame) if classes is None else _classes(classes, *figures[classes.basis], places)
        frame[column] = pd.array(labels, dtype="str")
    # one class is printed; `class_decisions.settle_classes` puts the office's own in its place
    frame["class_printed"] = frame["class_local" if rulebook.local_class is not None else "class_law"]
    for column in ("class_office", "class_basis", "class_ground"):
        frame[column] = pd.array([""] * len(frame), dtype="str")
    ranked = judged & (entities["kind"].to_numpy() == "unit")
    frame["rank"] = competition_ranks(total, ranked, frame["level"])
    return frame


def unit_scores(frame: pd.DataFrame) -> pd.DataFrame:
    """UnitScores: the units of a frame that `with_totals` returned."""
    return _of_kind(frame, "unit", list(UnitScores.to_schema().columns))


def level_scores(frame: pd.DataFrame) -> pd.DataFrame:
    """LevelScores: the levels of a frame that `with_totals` returned."""
    return _of_kind(frame, "level", list(LevelScores.to_schema().columns))


def _of_kind(frame: pd.DataFrame, kind: str, columns: list[str]) -> pd.DataFrame:
    """The rows of units or of levels, with these columns."""
    return frame.loc[frame["kind"] == kind, columns].reset_index(drop=True)


def _printed(units: Ints, where: Bools, places: int) -> Floats:
    """Units of 10**-places as points; NaN outside `where`."""
    return np.where(where, units / 10**places, np.nan)


def _classes(table: ClassTable, units: Ints, where: Bools, places: int) -> Texts:
    """Class labels, "" outside `where`. Each distinct printed figure is classified once, as an exact fraction."""
    distinct, at = np.unique(units, return_inverse=True)
    labels = np.array([table.classify(Fraction(int(u), 10**places)) for u in distinct], dtype=object)
    return np.where(where, labels[at] if len(distinct) else "", "")


def competition_ranks(total: Ints | Floats, where: Bools, level: pd.Series[str]) -> pd.Series[int]:
    """Ranks within a level, the highest printed total first, equal totals share a rank (1-1-3); NA outside `where`."""
    totals = pd.Series(total, index=level.index)[where]
    ranks = totals.groupby(level[where]).rank(method="min", ascending=False)
    return ranks.reindex(level.index).astype("Int64")
