"""What every criterion has, whatever its kind, and the registry of the kinds.

The kinds are a discriminated union: each kind is a model here (field `kind`) and a scoring in `pipeline/score/kinds/`.
Callers ask the model's methods, never for the kind.
"""

from __future__ import annotations

import operator
from abc import ABC, abstractmethod
from collections.abc import Mapping
from fractions import Fraction
from functools import cache, reduce
from typing import Annotated, Any, ClassVar, TypeVar, get_args

from pydantic import BeforeValidator, Field, SerializeAsAny, TypeAdapter

from schemas.rulebook.numbers import Exact, Ratio, RulebookPart, Signed


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
    note: str = ""  # Vietnamese: how the formula is known (read, derived, second-hand), printed beside the citation
    group: str = ""  # id of its group, where the rulebook has groups
    levels: list[str] = Field(default_factory=list)  # ids of the levels that it scores; empty = every level

    #: True: the score is the points of one option, which an assessor or appraiser may choose as well. False: the score
    #: is computed from figures, can be any number of points up to the maximum and cannot be chosen.
    by_option: ClassVar[bool] = False
    #: True: the criterion says itself which points an empty denominator gives, so its ratio has no value for one
    has_empty_points: ClassVar[bool] = False
    #: Vietnamese: how the points come about, as findings word it after the criterion's number
    how: ClassVar[str] = "tính từ số liệu"

    @abstractmethod
    def measures(self, ratios: Mapping[str, Ratio]) -> tuple[str, ...]:
        """Every measure the criterion can look at, without sign, each once. `ratios`: the rulebook's, by name."""

    def import_codes(self) -> tuple[str, ...]:
        """The names of points of the criterion that another system publishes; empty where none does."""
        return ()

    def scores_level(self, level: str) -> bool:
        """Whether the criterion is scored at a level."""
        return not self.levels or level in self.levels

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
