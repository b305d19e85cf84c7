"""What every kind of criterion is scored from, and what its scoring returns.

All arrays are column-wise: one element for each unit or level of the period, in the order of the entities.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Protocol, TypeVar

import numpy as np

from pipeline.arithmetic.figure_columns import Texts, Values, texts
from pipeline.arithmetic.rounding import Bools, Floats, Ints
from schemas.measures import MEASURE_NAMES
from schemas.rulebook import Criterion, Option, Rulebook, Signed, unsigned

#: begins every explanation of a criterion that is not counted
NOT_COUNTED = "Không tính điểm: "
#: how a condition came out, in the evidence
MET, FAILED, UNKNOWN = "đạt", "không đạt", "chưa rõ"


@dataclass(frozen=True)
class PublishedPoints:
    """The points that another system publishes under one name. Where `known` is False the others mean nothing.

    `numerator` / `denominator` is the exact number of points; `source`: its cell.
    """

    numerator: Ints
    denominator: Ints
    known: Bools
    source: Texts

    @classmethod
    def none(cls, rows: int) -> PublishedPoints:
        """No points anywhere."""
        zeros, ones = np.zeros(rows, dtype=np.int64), np.ones(rows, dtype=np.int64)
        return cls(zeros, ones, np.zeros(rows, dtype=bool), texts(rows))


@dataclass(frozen=True)
class ScoringInput:
    """The figures of a period, with the defaults that the criterion may use, and the points published elsewhere."""

    rulebook: Rulebook
    values: Values
    level: Texts  # id of each entity's level
    no_resolved: Bools  # dossiers were received, none is resolved yet
    published: Mapping[str, PublishedPoints] = field(default_factory=dict)  # by name ("TDGQ")

    @property
    def rows(self) -> int:
        """The number of units and levels."""
        return self.values.rows

    def published_points(self, code: str) -> PublishedPoints:
        """The points published under a name; none for a name that nothing is published under."""
        return self.published.get(code) or PublishedPoints.none(self.rows)


@dataclass(frozen=True)
class Outcome:
    """The points of one criterion. `numerator` / `denominator` is the exact score; both mean nothing if not `counted`.

    The denominator is positive. `option`: id of the option whose points were given, "" where points are computed.
    `explanation`: Vietnamese, "" where nothing has to be explained.
    """

    counted: Bools
    numerator: Ints
    denominator: Ints
    option: Texts
    option_text: Texts
    explanation: Texts
    imported: Bools | None = None  # where the points are those that another system published

    @classmethod
    def of(cls, counted: Bools, numerator: Ints, denominator: Ints) -> Outcome:
        """Points numerator / denominator where `counted`; no option and no explanation."""
        rows = len(counted)
        safe = np.where(counted, numerator, 0), np.where(counted, denominator, 1)
        return cls(counted, *safe, texts(rows), texts(rows), texts(rows))

    @classmethod
    def not_counted(cls, rows: int) -> Outcome:
        """No points anywhere."""
        return cls.of(np.zeros(rows, dtype=bool), np.zeros(rows, dtype=np.int64), np.ones(rows, dtype=np.int64))

    def taken_over(self, where: Bools, points: PublishedPoints) -> Outcome:
        """The outcome with the published points where `where`, without any explanation there."""
        return replace(
            self,
            counted=self.counted | where,
            numerator=np.where(where, points.numerator, self.numerator),
            denominator=np.where(where, points.denominator, self.denominator),
            explanation=np.where(where, "", self.explanation).astype(object),
            imported=where if self.imported is None else self.imported | where,
        )

    def explained(self, where: Bools, text: str | Texts) -> Outcome:
        """The outcome with a sentence more in the explanation where `where`."""
        if not where.any():
            return self
        gap = np.where(self.explanation == "", "", " ").astype(object)
        return replace(self, explanation=np.where(where, self.explanation + gap + text, self.explanation))

    def without(self, where: Bools, reason: str) -> Outcome:
        """The outcome not counted where `where`, with this reason alone as explanation."""
        return replace(self, counted=self.counted & ~where).with_explanation(where, reason)

    def with_explanation(self, where: Bools, text: str) -> Outcome:
        """The outcome with this text alone as explanation where `where`."""
        return replace(self, explanation=np.where(where, text, self.explanation).astype(object))

    def with_points(self, where: Bools, points: Fraction) -> Outcome:
        """The outcome with the same points everywhere where `where`."""
        return replace(
            self,
            counted=self.counted | where,
            numerator=np.where(where, points.numerator, self.numerator),
            denominator=np.where(where, points.denominator, self.denominator),
        )

    def given(self, where: Bools, option: Option) -> Outcome:
        """The outcome with the points of an option where `where`."""
        if not where.any():
            return self
        return replace(
            self.with_points(where, option.points),
            option=np.where(where, option.id, self.option),
            option_text=np.where(where, option.text, self.option_text),
        )


@dataclass(frozen=True)
class EvidenceLine:
    """One count or condition that a criterion looked at, for all entities; a row of CriterionEvidence where `where`."""

    role: str  # points | denominator | condition | numerator | published
    text: str
    measures: str  # `resolved_early - complaints_early`
    value: Floats  # dossiers, the ratio of a condition, points that are published; NaN where unknown
    origin: Texts
    source: Texts
    where: Bools
    option: str = ""  # id of the line of the form it belongs to
    points: float = np.nan  # points of that line
    outcome: Texts | None = None  # of a condition: MET, FAILED, UNKNOWN


@dataclass(frozen=True)
class KindScore:
    """What the scoring of a kind returns: the points and what they rest on, in the order of the form."""

    outcome: Outcome
    evidence: Sequence[EvidenceLine]


KindCriterion = TypeVar("KindCriterion", bound=Criterion, contravariant=True)


class KindScoring(Protocol[KindCriterion]):
    """The scoring of one kind of criterion.

    Points are exact, from 0 to the criterion's maximum. A criterion that cannot be decided is not counted
    (Thông tư 01/2018/TT-VPCP, art. 15.4b), and the explanation gives the reason.
    """

    def __call__(self, criterion: KindCriterion, given: ScoringInput, /) -> KindScore:
        """The points of one criterion for every unit and level."""


def sum_in_signs(measures: Iterable[Signed]) -> str:
    """A signed sum as the evidence names it: `resolved_early - complaints_early`."""
    parts = [f"- {m[1:]}" if m.startswith("-") else f"+ {m}" for m in measures]
    return " ".join(parts).removeprefix("+ ")


def share_in_signs(numerator: Iterable[Signed], denominator: Iterable[Signed]) -> str:
    """A share as the evidence names it: `petitions_on_time / (petitions_received - petitions_prolonged)`."""
    sides = [sum_in_signs(side) for side in (numerator, denominator)]
    return " / ".join(f"({s})" if " " in s else s for s in sides)


def missing_figures(values: Values, measures: Iterable[Signed], where: Bools) -> Texts:
    """`Không tính điểm: chưa có số liệu “…”, “…”.` for each entity, with the measures it lacks where `where`."""
    names = texts(values.rows)
    for measure in sorted(unsigned(measures), key=list(MEASURE_NAMES).index):
        lacks = where & ~values.column(measure).known
        if lacks.any():
            gap = np.where(names == "", "", ", ").astype(object)
            names = np.where(lacks, names + gap + f"“{MEASURE_NAMES[measure]}”", names)
    sentence: Texts = texts(values.rows, f"{NOT_COUNTED}chưa có số liệu ") + names + texts(values.rows, ".")
    return sentence
