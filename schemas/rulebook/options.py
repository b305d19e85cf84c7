"""The kinds of criteria with lines on Biểu mẫu 03: an average over dossiers, and the first line that applies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from schemas.measures import DISCLOSURE_NAMES
from schemas.rulebook.criterion import Criterion, Option, criterion_kind
from schemas.rulebook.numbers import Exact, Ratio, RulebookPart, Signed, unsigned

#: The only category a condition can test: how procedures are published.
DISCLOSURE = "disclosure"


class Condition(RulebookPart):
    """One test of an option: a measure, a named ratio or a category against one bound."""

    measure: str | None = None
    ratio: str | None = None
    category: str | None = None
    at_least: Exact | None = None
    below: Exact | None = None
    equals: Exact | None = None
    one_of: list[str] | None = None  # for a category

    @model_validator(mode="after")
    def _one_subject_one_bound(self) -> Self:
        if sum(x is not None for x in (self.measure, self.ratio, self.category)) != 1:
            raise ValueError("a condition names exactly one of measure, ratio, category")
        if sum(x is not None for x in (self.at_least, self.below, self.equals, self.one_of)) != 1:
            raise ValueError("a condition has exactly one of at_least, below, equals, one_of")
        if (self.category is not None) != (self.one_of is not None):
            raise ValueError("a category is tested with one_of, a number with at_least, below or equals")
        if self.category is not None and (
            self.category != DISCLOSURE or set(self.one_of or ()) - set(DISCLOSURE_NAMES)
        ):
            raise ValueError(f"the only category is {DISCLOSURE}, with {sorted(DISCLOSURE_NAMES)}")
        return self

    def signed_measures(self, ratios: Mapping[str, Ratio]) -> tuple[Signed, ...]:
        """The measures it tests, with their signs; none for a category. KeyError for an unknown ratio."""
        if self.ratio is not None:
            return (*ratios[self.ratio].numerator, *ratios[self.ratio].denominator)
        return () if self.measure is None else (self.measure,)


class CountedOption(Option):
    """A line of an average: the dossiers that get these points each."""

    count: list[Signed] = Field(min_length=1)

    def counted(self) -> tuple[Signed, ...]:
        """The signed sum of the dossiers that get these points."""
        return tuple(self.count)


class ConditionalOption(Option):
    """A line of a first-match criterion: it applies if all of `all` hold and, where `any` is given, one of `any`."""

    all: list[Condition] = Field(default_factory=list)
    any: list[Condition] = Field(default_factory=list)
    levels: list[str] = Field(default_factory=list)  # empty = every level
    note: str = ""  # Vietnamese, a reading of the law: reported when this option applies …
    note_when: list[Condition] = Field(default_factory=list)  # … and all of these hold; empty = always

    def level_ids(self) -> tuple[str, ...]:
        """The levels whose form has the line; empty = every level."""
        return tuple(self.levels)

    def deciding(self) -> tuple[Condition, ...]:
        """The conditions that decide whether the option applies."""
        return (*self.all, *self.any)

    def conditions(self) -> tuple[Condition, ...]:
        """Every condition, those of the note too."""
        return (*self.deciding(), *self.note_when)


class OptionsCriterion(Criterion):
    """Base of the kinds with lines on Biểu mẫu 03, from the highest points down; the first gives the maximum."""

    options: Sequence[Option] = Field(min_length=2)

    @model_validator(mode="after")
    def _options_descend_from_the_maximum(self) -> Self:
        if len({o.id for o in self.options}) != len(self.options):
            raise ValueError(f"{self.id}: option ids repeat")
        points = [o.points for o in self.options]
        if points != sorted(points, reverse=True):
            raise ValueError(f"{self.id}: options go from the highest points down")
        if points[0] != self.max_points or points[-1] < 0:
            raise ValueError(f"{self.id}: the first option gives the maximum, none is negative")
        return self

    def lines(self) -> tuple[Option, ...]:
        """The options, highest points first."""
        return tuple(self.options)


@criterion_kind
class AverageCriterion(OptionsCriterion):
    """Points per dossier: the sum over the options of points × dossiers, divided by all dossiers (`denominator`).

    Thông tư 01/2018/TT-VPCP, art. 15.2a: a criterion by dossier is an average over dossiers.
    """

    kind: Literal["average"]
    options: list[CountedOption] = Field(min_length=2)
    denominator: list[Signed] = Field(min_length=1)
    how: ClassVar[str] = "tính theo từng hồ sơ"

    def measures(self, ratios: Mapping[str, Ratio]) -> tuple[str, ...]:
        """The measures of the denominator and of every option."""
        return unsigned([*self.denominator, *(m for o in self.options for m in o.count)])

    def dossiers(self) -> tuple[Signed, ...]:
        """The signed sum of the denominator."""
        return tuple(self.denominator)


@criterion_kind
class FirstMatchCriterion(OptionsCriterion):
    """The points of the first option whose conditions hold; the last option has no condition."""

    kind: Literal["first_match"]
    options: list[ConditionalOption] = Field(min_length=2)
    by_option: ClassVar[bool] = True
    how: ClassVar[str] = "chấm theo mức"

    @model_validator(mode="after")
    def _all_but_the_last_have_conditions(self) -> Self:
        if self.options[-1].deciding() or self.options[-1].levels:
            raise ValueError(f"{self.id}: the last option has no condition")
        if any(not o.deciding() for o in self.options[:-1]):
            raise ValueError(f"{self.id}: every option but the last has a condition")
        return self

    def _conditions(self) -> list[Condition]:
        return [c for o in self.options for c in o.conditions()]

    def measures(self, ratios: Mapping[str, Ratio]) -> tuple[str, ...]:
        """The measures of every condition, those of notes too. KeyError for an unknown ratio."""
        return unsigned(m for c in self._conditions() for m in c.signed_measures(ratios))

    def categories(self) -> tuple[str, ...]:
        """The categories of every condition, each once."""
        return tuple(dict.fromkeys(c.category for c in self._conditions() if c.category is not None))

    def ratio_names(self) -> tuple[str, ...]:
        """The ratios of every condition, each once."""
        return tuple(dict.fromkeys(c.ratio for c in self._conditions() if c.ratio is not None))

    def notes(self) -> tuple[str, ...]:
        """The notes of its options, in their order."""
        return tuple(o.note for o in self.options if o.note)
