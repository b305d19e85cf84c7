"""A rulebook: one legal decision's way to score, as data. One TOML file per decision; there is no expression language.

The kinds of criteria are a discriminated union: each kind is a model here (field `kind`) and a scoring in
`pipeline/score/kinds/`. Callers ask the model's methods, never for the kind.

Numbers that decide a score (points, thresholds, bounds of classes) are exact: text or integers in TOML,
`fractions.Fraction` in memory. A float would move a boundary by its last bit.
"""

from __future__ import annotations

import datetime as dt
import operator
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cache, reduce
from typing import Annotated, Any, ClassVar, Literal, Self, TypeVar, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SerializeAsAny,
    TypeAdapter,
    model_validator,
)

from schemas.measures import DISCLOSURE_NAMES, MEASURE_NAMES
from schemas.provinces import province_named


def _exact(value: object) -> object:
    """`"0.3"`, `"3,5"`, `"30%"`, `2` -> Fraction. Raises ValueError for a float: the float 0.3 is not three tenths."""
    if isinstance(value, bool | float):
        raise ValueError("write the number as text or integer (“0.3”, “30%”, 2), not as a float")
    if isinstance(value, int | Fraction):
        return Fraction(value)
    text = str(value).strip().replace(",", ".")
    return Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)


#: the class where a table of the locality or the office says nothing
UNKNOWN_CLASS = "chưa rõ quy tắc"
Exact = Annotated[Fraction, BeforeValidator(_exact)]
#: A measure of a sum; a leading "-" subtracts it: ["resolved_early", "-complaints_early"].
Signed = str
#: The only category a condition can test: how procedures are published.
DISCLOSURE = "disclosure"


def unsigned(measures: Iterable[Signed]) -> tuple[str, ...]:
    """The measures of signed sums without their signs, each once, in order."""
    return tuple(dict.fromkeys(m.removeprefix("-") for m in measures))


class RulebookPart(BaseModel):
    """Base of every part of a rulebook. Unknown keys are refused, values are frozen, fractions are allowed."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Ratio(RulebookPart):
    """A share that conditions test: numerator / denominator, each a signed sum of measures."""

    label: str
    numerator: list[Signed] = Field(min_length=1)
    denominator: list[Signed] = Field(min_length=1)
    #: the ratio's value when the denominator is 0; without it the ratio (and its criterion) is not known then
    when_empty: Exact | None = None


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


class Option(RulebookPart):
    """A line of Biểu mẫu 03 under a criterion, with the points it gives. Each kind has its own sort of line."""

    id: str
    text: str = Field(min_length=1)  # the form's own words
    points: Exact

    def counted(self) -> tuple[Signed, ...]:
        """The signed sum of the dossiers that get these points; empty where the line counts no dossiers."""
        return ()

    def level_ids(self) -> tuple[str, ...]:
        """The levels whose form has the line; empty = every level."""
        return ()

    def at_level(self, level: str) -> bool:
        """Whether the form of the level has the line."""
        return not self.level_ids() or level in self.level_ids()


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


class Criterion(RulebookPart, ABC):
    """One criterion, whatever its kind: what forms, appraisals and the scoring ask of it.

    A kind is a subclass with a literal `kind`, made known by `criterion_kind`. It gives `measures`; the other methods
    have an answer that fits a score computed from figures alone, without lines on the form.
    """

    id: str  # semantic: total_time, contacts, …
    number: str  # as the rulebook numbers it: "1", "CS1"
    label: str
    kind: str
    max_points: Exact
    citation: str = Field(min_length=1)
    officers: bool = False  # part of the officers' average
    reading: str = ""  # Vietnamese: which reading of the law the figures use, reported with every score

    #: True: the score is the points of one option, which an assessor or appraiser may choose as well. False: the score
    #: is computed from figures, can be any number of points up to the maximum and cannot be chosen.
    by_option: ClassVar[bool] = False
    #: Vietnamese: how the points come about, as findings word it after the criterion's number
    how: ClassVar[str] = "tính từ số liệu"

    @abstractmethod
    def measures(self, ratios: Mapping[str, Ratio]) -> tuple[str, ...]:
        """Every measure the criterion can look at, without sign, each once. `ratios`: the rulebook's, by name."""

    def categories(self) -> tuple[str, ...]:
        """The categories it looks at (`disclosure`), each once."""
        return ()

    def ratio_names(self) -> tuple[str, ...]:
        """The rulebook's ratios it looks at, each once."""
        return ()

    def lines(self) -> tuple[Option, ...]:
        """The lines under the criterion on Biểu mẫu 03, highest points first; none where the form has none."""
        return ()

    def lines_at(self, level: str) -> tuple[Option, ...]:
        """The lines that the form of a level has."""
        return tuple(line for line in self.lines() if line.at_level(level))

    def line(self, option_id: str) -> Option | None:
        """The line of that id; None if there is none."""
        return next((line for line in self.lines() if line.id == option_id), None)

    def choices(self, level: str) -> tuple[Option, ...]:
        """The options an assessor or appraiser may choose at a level; none where the score is computed."""
        return self.lines_at(level) if self.by_option else ()

    def possible_points(self, level: str) -> tuple[Fraction, ...]:
        """The points the criterion can give at a level, each once; empty = any number from 0 to the maximum."""
        return tuple(dict.fromkeys(option.points for option in self.choices(level)))

    def dossiers(self) -> tuple[Signed, ...]:
        """The signed sum of the dossiers its points are divided by; empty where no dossiers are counted."""
        return ()

    def notes(self) -> tuple[str, ...]:
        """Vietnamese notes that its score can carry, each a reading of the law."""
        return ()


KindModel = TypeVar("KindModel", bound=Criterion)
_KINDS: dict[str, type[Criterion]] = {}


def criterion_kind(model: type[KindModel]) -> type[KindModel]:
    """Class decorator: rulebooks can hold criteria of this kind from now on.

    Raises ValueError where the field `kind` is not one literal word, or the word is already another kind's.
    """
    words = get_args(model.model_fields["kind"].annotation)
    if len(words) != 1:
        raise ValueError(f"{model.__name__}: the field kind is a Literal of one word")
    (kind,) = words
    if kind in _KINDS:
        raise ValueError(f"the kind of criterion {kind!r} exists already")
    _KINDS[kind] = model
    _any_kind.cache_clear()
    return model


def criterion_kinds() -> Mapping[str, type[Criterion]]:
    """kind -> its model, for every kind that rulebooks can hold."""
    return dict(_KINDS)


@cache
def _any_kind() -> TypeAdapter[Any]:
    """The discriminated union of all kinds."""
    kinds: Any = reduce(operator.or_, _KINDS.values())
    return TypeAdapter(Annotated[kinds, Field(discriminator="kind")])


def _of_its_kind(value: object) -> object:
    """A table of TOML -> the criterion of its kind. A ValidationError keeps the place inside the criterion."""
    return _any_kind().validate_python(value)


AnyCriterion = Annotated[SerializeAsAny[Criterion], BeforeValidator(_of_its_kind)]


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


class Default(RulebookPart):
    """What a form assumes where a group of measures is blank. It is used only if ALL measures of the group are blank.

    `values`: each measure as a signed sum of counts of the same unit or level ([] = 0). `from_level`: the measures of
    the unit's level replace the whole group, so that a share is never of two sources. `when_blank`: the measures that
    have to be blank, if not all of them. `criteria`: the only criteria that may use it; empty = every one that looks at
    the group.
    """

    id: str
    text: str  # Vietnamese, part of the explanation of every score that used it
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


class ClassBand(RulebookPart):
    """A class of points from `at_least` (inclusive) to `up_to` (exclusive) or `through` (inclusive), else unbounded."""

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


class ClassTable(RulebookPart):
    """Classes by a printed figure (points). In a gap between bands the class is `otherwise`, never interpolated."""

    basis: Literal["total", "officer_average"]
    citation: str
    otherwise: str = ""
    note: str = ""
    bands: list[ClassBand] = Field(min_length=1)

    def classify(self, value: Fraction) -> str:
        """The band's label, or `otherwise`."""
        return next((b.label for b in self.bands if b.holds(value)), self.otherwise)


class Rounding(RulebookPart):
    """Decimal places; rounding is half up, as in the law. `criterion_places` None: totals sum unrounded criteria."""

    criterion_places: int | None = None
    total_places: int
    print_places: int


class Level(RulebookPart):
    """A level that the rulebook scores."""

    id: str
    name: str  # "cấp huyện"
    form_suffix: str = ""  # of Biểu mẫu 03: "TP", "xã phường"


class Rulebook(RulebookPart):
    """One decision. Of those in force for an office's province the highest `precedence` applies (local over national).

    `provinces`: where the decision is law, as in "Điện Biên"; empty = the whole country.
    """

    id: str
    provinces: list[Annotated[str, AfterValidator(province_named)]]
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
    criteria: list[AnyCriterion]
    unit_class: ClassTable
    local_class: ClassTable | None = None
    officer_class: ClassTable

    @model_validator(mode="after")
    def _names_are_known(self) -> Self:
        if len({c.id for c in self.criteria}) != len(self.criteria):
            raise ValueError("criterion ids repeat")
        for name, ratio in self.ratios.items():
            _refuse_unknown(f"ratio {name}", "measure", unsigned([*ratio.numerator, *ratio.denominator]), MEASURE_NAMES)
        for default in self.defaults:
            named = unsigned([*default.measures, *(m for value in default.values.values() for m in value)])
            _refuse_unknown(f"default {default.id}", "measure", named, MEASURE_NAMES)
            _refuse_unknown(f"default {default.id}", "criterion", default.criteria, {c.id for c in self.criteria})
        for criterion in self.criteria:
            levels = [level for line in criterion.lines() for level in line.level_ids()]
            _refuse_unknown(criterion.id, "level", levels, {level.id for level in self.levels})
            _refuse_unknown(criterion.id, "ratio", criterion.ratio_names(), self.ratios)
            _refuse_unknown(criterion.id, "measure", criterion.measures(self.ratios), MEASURE_NAMES)
            _refuse_unknown(criterion.id, "category", criterion.categories(), {DISCLOSURE})
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError("valid_to before valid_from")
        return self

    def covers(self, day: dt.date) -> bool:
        """Whether the decision is in force on a day (both ends inclusive)."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def level_name(self, level: str) -> str:
        """The level's name in this decision, or the id where it knows none."""
        return next((x.name for x in self.levels if x.id == level), level)

    def defaults_of(self, criterion: Criterion) -> list[Default]:
        """The defaults that a criterion may use: they fill a measure it looks at, and are not for others only."""
        measures = set(criterion.measures(self.ratios))
        return [
            d for d in self.defaults if measures & set(d.measures) and (not d.criteria or criterion.id in d.criteria)
        ]

    @property
    def max_total(self) -> Fraction:
        """Points a unit can reach with every criterion counted: 18 for both rulebooks shipped."""
        return sum((c.max_points for c in self.criteria), Fraction(0))

    @property
    def officer_criteria(self) -> tuple[str, ...]:
        """Ids of the criteria that make up the officers' score."""
        return tuple(c.id for c in self.criteria if c.officers)


def _refuse_unknown(place: str, what: str, names: Iterable[str], known: Iterable[str]) -> None:
    """Raises ValueError for names that the rulebook does not have, with the part of it that uses them."""
    unknown = sorted(set(names) - set(known))
    if unknown:
        raise ValueError(f"{place}: unknown {what} {', '.join(map(repr, unknown))}")
