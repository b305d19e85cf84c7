"""A rulebook: one legal decision's way to score, as data. One TOML file each, checked here; no expression language.

Numbers that decide a score (thresholds, class bounds) are exact: written as text or integers in TOML and kept as
`fractions.Fraction`, so that a boundary is never moved by the last bit of a float.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from schemas.measures import DISCLOSURE_NAMES, MEASURE_NAMES


def _exact(value: object) -> object:
    """`"0.3"`, `"3,5"`, `"30%"`, `2` -> Fraction. Floats are refused: 0.3 is not three tenths."""
    if isinstance(value, bool | float):
        raise ValueError("write the number as text or integer (“0.3”, “30%”, 2), not as a float")
    if isinstance(value, int | Fraction):
        return Fraction(value)
    text = str(value).strip().replace(",", ".")
    return Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)


Exact = Annotated[Fraction, BeforeValidator(_exact)]
#: A measure, with a leading "-" when it is subtracted: ["resolved_early", "-complaints_early"].
Signed = str


class Strict(BaseModel):
    """Unknown keys are refused; values are frozen; fractions allowed."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Ratio(Strict):
    """A share two criteria options can look at: numerator / denominator, each a signed sum of measures."""

    label: str
    numerator: list[Signed] = Field(min_length=1)
    denominator: list[Signed] = Field(min_length=1)
    #: the ratio's value when the denominator is 0; without it the ratio (and its criterion) is not known then
    when_empty: Exact | None = None


class Condition(Strict):
    """One test of a `first_match` option: a measure, a named ratio or a category against one bound."""

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
            self.category != "disclosure" or set(self.one_of or ()) - set(DISCLOSURE_NAMES)
        ):
            raise ValueError(f"the only category is disclosure, with {sorted(DISCLOSURE_NAMES)}")
        return self


class Option(Strict):
    """A line of the form under a criterion, with the points it gives."""

    id: str
    text: str = Field(min_length=1)  # the form's own words
    points: Exact
    count: list[Signed] = Field(default_factory=list)  # average only: dossiers that get these points
    all: list[Condition] = Field(default_factory=list)  # first_match only
    any: list[Condition] = Field(default_factory=list)  # first_match only
    levels: list[str] = Field(default_factory=list)  # empty = every level
    note: str = ""  # said when this option applies (a reading of the law) …
    note_when: list[Condition] = Field(default_factory=list)  # … and all of these hold; empty = always


class Criterion(Strict):
    """One criterion: `average` (points per dossier) or `first_match` (options from the highest points down)."""

    id: str  # semantic: total_time, contacts, …
    number: str  # as the rulebook numbers it: "1", "CS1"
    label: str
    kind: Literal["average", "first_match"]
    max_points: Exact
    citation: str = Field(min_length=1)
    options: list[Option] = Field(min_length=2)
    denominator: list[Signed] = Field(default_factory=list)  # average only
    officers: bool = False  # part of the officers' average
    reading: str = ""  # Vietnamese: which reading of the law the figures use, said with every score

    @model_validator(mode="after")
    def _options_fit(self) -> Self:
        if len({o.id for o in self.options}) != len(self.options):
            raise ValueError(f"{self.id}: option ids repeat")
        points = [o.points for o in self.options]
        if points != sorted(points, reverse=True):
            raise ValueError(f"{self.id}: options go from the highest points down")
        if points[0] != self.max_points or points[-1] < 0:
            raise ValueError(f"{self.id}: the first option gives the maximum, none is negative")
        if self.kind == "average":
            if not self.denominator:
                raise ValueError(f"{self.id}: an average names its denominator")
            if any(o.all or o.any or o.levels or o.note_when for o in self.options):
                raise ValueError(f"{self.id}: conditions belong to first_match")
            if any(not o.count for o in self.options):
                raise ValueError(f"{self.id}: every option of an average says which dossiers it counts")
        else:
            if self.denominator or any(o.count for o in self.options):
                raise ValueError(f"{self.id}: counts and denominator belong to average")
            if self.options[-1].all or self.options[-1].any or self.options[-1].levels:
                raise ValueError(f"{self.id}: the last option has no condition")
            if any(not (o.all or o.any) for o in self.options[:-1]):
                raise ValueError(f"{self.id}: every option but the last has a condition")
        return self


class Default(Strict):
    """What a form assumes where a group of measures is blank: used only if ALL of its measures are blank.

    `values`: each measure as a signed sum of counts of the same unit or level ([] = 0). `from_level`: the level's own;
    it replaces the whole group, so that a share is never of two sources. `when_blank`: the measures that have to be
    blank, if not all of them. `criteria`: the only criteria that may use it; empty = every one that looks at them.
    """

    id: str
    text: str  # Vietnamese, said with every score that used it
    measures: list[str] = Field(min_length=1)
    values: dict[str, list[Signed]] = Field(default_factory=dict)
    from_level: bool = False
    when_blank: list[str] = Field(default_factory=list)
    criteria: list[str] = Field(default_factory=list)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.from_level == bool(self.values):
            raise ValueError(f"default {self.id}: either values or from_level")
        if set(self.when_blank) - set(self.measures):
            raise ValueError(f"default {self.id}: when_blank names measures of the group")
        if self.values and set(self.values) != set(self.measures):
            raise ValueError(f"default {self.id}: one value for each of its measures")
        return self


class ClassBand(Strict):
    """A class from `at_least` (inclusive) up to `up_to` (exclusive) or `through` (inclusive); None = no upper bound."""

    label: str
    at_least: Exact
    up_to: Exact | None = None
    through: Exact | None = None

    def holds(self, value: Fraction) -> bool:
        """Whether a printed total or average falls into the band."""
        return (
            value >= self.at_least
            and (self.up_to is None or value < self.up_to)
            and (self.through is None or value <= self.through)
        )


class ClassTable(Strict):
    """Classes by a printed figure. Bands may leave gaps: there `otherwise` is given, nothing is interpolated."""

    basis: Literal["total", "officer_average"]
    citation: str
    otherwise: str = ""
    note: str = ""
    bands: list[ClassBand] = Field(min_length=1)

    def classify(self, value: Fraction) -> str:
        """The band's label, or `otherwise`."""
        return next((b.label for b in self.bands if b.holds(value)), self.otherwise)


class Rounding(Strict):
    """Half up, as the law rounds. `criterion_places`: None = a total sums unrounded criteria."""

    criterion_places: int | None = None
    total_places: int
    print_places: int


class Level(Strict):
    """A level the rulebook knows."""

    id: str
    name: str  # "cấp huyện"
    form_suffix: str = ""  # of Biểu mẫu 03: "TP", "xã phường"


class Rulebook(Strict):
    """One decision. Of the rulebooks in force the highest `precedence` applies (the local over the national)."""

    id: str
    title: str
    short: str  # as a table heading can hold it
    issued_on: dt.date
    valid_from: dt.date
    valid_to: dt.date | None = None  # inclusive
    validity_note: str = ""
    precedence: int
    levels: list[Level]
    rounding: Rounding
    ratios: dict[str, Ratio] = Field(default_factory=dict)
    defaults: list[Default] = Field(default_factory=list)
    criteria: list[Criterion]
    unit_class: ClassTable
    local_class: ClassTable | None = None
    officer_class: ClassTable

    @model_validator(mode="after")
    def _names_are_known(self) -> Self:
        for name in self._measures_used():
            if name.removeprefix("-") not in MEASURE_NAMES:
                raise ValueError(f"unknown measure {name!r}")
        levels = {level.id for level in self.levels}
        if len({c.id for c in self.criteria}) != len(self.criteria):
            raise ValueError("criterion ids repeat")
        for default in self.defaults:
            if set(default.criteria) - {c.id for c in self.criteria}:
                raise ValueError(f"default {default.id}: unknown criterion in {default.criteria}")
        for criterion in self.criteria:
            for option in criterion.options:
                if set(option.levels) - levels:
                    raise ValueError(f"{criterion.id}: unknown level in {option.levels}")
                for condition in (*option.all, *option.any, *option.note_when):
                    if condition.ratio is not None and condition.ratio not in self.ratios:
                        raise ValueError(f"{criterion.id}: unknown ratio {condition.ratio!r}")
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError("valid_to before valid_from")
        return self

    def _measures_used(self) -> Iterator[str]:
        for ratio in self.ratios.values():
            yield from (*ratio.numerator, *ratio.denominator)
        for default in self.defaults:
            yield from default.measures
            for value in default.values.values():
                yield from value
        for criterion in self.criteria:
            yield from criterion.denominator
            for option in criterion.options:
                yield from option.count
                conditions = (*option.all, *option.any, *option.note_when)
                yield from (c.measure for c in conditions if c.measure is not None)

    def covers(self, day: dt.date) -> bool:
        """Whether the decision is in force on a day (both ends inclusive)."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def level_name(self, level: str) -> str:
        """The level's name in this decision, or the id where it knows none."""
        return next((x.name for x in self.levels if x.id == level), level)

    @property
    def max_total(self) -> Fraction:
        """18 for both rulebooks shipped."""
        return sum((c.max_points for c in self.criteria), Fraction(0))

    @property
    def officer_criteria(self) -> tuple[str, ...]:
        """Criteria that make up the officers' score."""
        return tuple(c.id for c in self.criteria if c.officers)
