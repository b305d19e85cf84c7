"""Groups: the points that are published beside those that are recomputed, and which of them is printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.arithmetic.figure_columns import texts
from pipeline.arithmetic.rounding import Bools, Floats, Ints, half_up_units, sum_half_up_units
from pipeline.findings import Finding
from pipeline.score.kinds.base import PublishedPoints
from pipeline.score.points_table import PointsTable
from pipeline.score.portal_points import points_differ
from schemas.frames import GroupScores
from schemas.rulebook import Group, Rulebook

_Texts = npt.NDArray[np.object_]


@dataclass(frozen=True)
class GroupTable:
    """The points of groups in units of 10**-places; arrays of shape (entities, groups), in the rulebook's order.

    `total`, `total_known`: the published total, shape (entities,).
    """

    groups: Sequence[Group]
    places: int
    published: Ints
    published_known: Bools
    recomputed: Ints
    recomputed_known: Bools
    sources: _Texts
    total: Ints
    total_known: Bools

    @property
    def known(self) -> Bools:
        """Where the points of a group are known."""
        return self.published_known | self.recomputed_known

    @property
    def complete(self) -> Bools:
        """Where the points of every group are known, shape (entities,)."""
        return np.asarray(self.known.all(axis=1), dtype=bool)

    @cached_property
    def printed(self) -> Ints:
        """The published points, else the recomputed ones, else 0."""
        recomputed = np.where(self.recomputed_known, self.recomputed, 0)
        return np.where(self.published_known, self.published, recomputed)

    def totals(self) -> Ints:
        """The published total where all its groups are published, else the sum of the groups that are known."""
        whole = self.total_known & self.published_known.all(axis=1)
        return np.where(whole, self.total, self.printed.sum(axis=1))

    def maxima(self) -> Floats:
        """The most points of the groups that are known."""
        return np.asarray(self.known @ np.array([float(g.max_points) for g in self.groups]), dtype=np.float64)

    def missing(self, row: int) -> tuple[Group, ...]:
        """The groups of an entity whose points are not known."""
        return tuple(g for g, known in zip(self.groups, self.known[row], strict=True) if not known)


def group_table(
    rulebook: Rulebook, table: PointsTable, applies: Bools, published: Mapping[str, PublishedPoints], scored: Bools
) -> GroupTable | None:
    """The groups of a rulebook; None for one without groups.

    `applies`: whether a criterion scores the entity, shape (entities, criteria). A group is recomputed where every
    criterion of it that scores the entity is counted; its points are the sum of the rounded criteria.
    """
    if not rulebook.groups:
        return None
    places, rows = rulebook.rounding.total_places, len(scored)
    recomputed, known, given, given_known, sources = [], [], [], [], []
    for group in rulebook.groups:
        own = np.array([c.group == group.id for c in rulebook.criteria]) & applies
        counted = own & table.counted
        recomputed.append(sum_half_up_units(table.numerator, table.denominator, counted, places))
        known.append((counted == own).all(axis=1) & own.any(axis=1) & scored)
        points = published.get(group.code) or PublishedPoints.none(rows)
        given.append(half_up_units(points.numerator, points.denominator, places))
        given_known.append(points.known & scored)
        sources.append(points.source)
    total = published.get(rulebook.total_code) or PublishedPoints.none(rows)
    return GroupTable(
        groups=tuple(rulebook.groups),
        places=places,
        published=np.stack(given, axis=1),
        published_known=np.stack(given_known, axis=1),
        recomputed=np.stack(recomputed, axis=1),
        recomputed_known=np.stack(known, axis=1),
        sources=np.stack(sources, axis=1),
        total=half_up_units(total.numerator, total.denominator, places),
        total_known=total.known & scored,
    )


def group_scores(table: GroupTable | None, entities: pd.DataFrame, scored: Bools) -> pd.DataFrame:
    """GroupScores: by entity, then in the rulebook's order. Empty without groups."""
    at = np.flatnonzero(scored)
    if table is None or not len(at):
        return GroupScores.empty()
    count, scale = len(table.groups), 10**table.places
    which = np.where(table.published_known, "published", np.where(table.recomputed_known, "recomputed", "missing"))

    def points(units: Ints, known: Bools) -> Floats:
        return np.where(known, units / scale, np.nan)[at].ravel()

    both = table.published_known & table.recomputed_known
    columns = {
        "unit_id": np.repeat(entities["unit_id"].to_numpy(dtype=object)[at], count),
        "kind": np.repeat(entities["kind"].to_numpy(dtype=object)[at], count),
        "group": np.tile([g.id for g in table.groups], len(at)),
        "number": np.tile([g.number for g in table.groups], len(at)),
        "label": np.tile([g.label for g in table.groups], len(at)),
        "max_points": np.tile([float(g.max_points) for g in table.groups], len(at)),
        "published": points(table.published, table.published_known),
        "recomputed": points(table.recomputed, table.recomputed_known),
        "printed": points(table.printed, table.known),
        "which": which[at].ravel(),
        "difference": points(table.recomputed - table.published, both),
        "source": np.where(table.published_known, table.sources, texts(1))[at].ravel(),
    }
    types = GroupScores.empty().dtypes
    frame = pd.DataFrame({name: pd.array(columns[name], dtype=types[name]) for name in types.index})
    return GroupScores.validate(frame, lazy=True)


def group_differences(scores: pd.DataFrame, names: Mapping[str, str]) -> list[Finding]:
    """One finding for each group of whose units the published points differ from the recomputed ones.

    Frame: GroupScores. `names`: unit_id -> name.
    """
    found = []
    for label, rows in scores.groupby("label", sort=False):
        units = rows.assign(name=rows["unit_id"].map(names))
        columns = (rows["published"].tolist(), rows["recomputed"].tolist(), rows["source"].tolist())
        found.append(points_differ(f"Nhóm “{label}”", units, *columns))
    return [finding for finding in found if finding is not None]
