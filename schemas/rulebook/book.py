"""A rulebook as a whole: its validity, levels, groups, criteria and classes, and what has to fit together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from fractions import Fraction
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from schemas.measures import MEASURE_NAMES
from schemas.provinces import province_named
from schemas.rulebook.classes import ClassTable
from schemas.rulebook.criterion import AnyCriterion, Criterion
from schemas.rulebook.groups import Group
from schemas.rulebook.numbers import Ratio, RulebookPart, Signed, unsigned
from schemas.rulebook.options import DISCLOSURE


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

    `provinces`: where the decision is law, as in "Điện Biên"; empty = the whole country. `period`: the days of a
    quarter that it scores: calendar months, or those of periodic reports (from the 15th of the month before to the
    14th).
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
    period: Literal["calendar", "cutoff_15_14"] = "cutoff_15_14"
    levels: list[Level] = Field(min_length=1)
    rounding: Rounding
    ratios: dict[str, Ratio] = Field(default_factory=dict)
    defaults: list[Default] = Field(default_factory=list)
    groups: list[Group] = Field(default_factory=list)
    group_columns: list[str] = Field(default_factory=list)  # ids of groups as a table of units orders them
    criteria: list[AnyCriterion]
    total_code: str = ""  # the name of the total where a system publishes it ("TONG_SCORE")
    disclaimer: str = ""  # Vietnamese, printed wherever points are: what they do not prove
    unit_class: ClassTable
    local_class: ClassTable | None = None
    officer_class: ClassTable | None = None  # None: the decision does not score officers

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
            levels = [*criterion.levels, *(level for line in criterion.lines() for level in line.level_ids())]
            _refuse_unknown(criterion.id, "level", levels, {level.id for level in self.levels})
            _refuse_unknown(criterion.id, "ratio", criterion.ratio_names(), self.ratios)
            _refuse_unknown(criterion.id, "measure", criterion.measures(self.ratios), MEASURE_NAMES)
            _refuse_unknown(criterion.id, "category", criterion.categories(), {DISCLOSURE})
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError("valid_to before valid_from")
        return self

    @model_validator(mode="after")
    def _one_rule_for_an_empty_denominator(self) -> Self:
        for criterion in self.criteria:
            names = criterion.ratio_names() if criterion.has_empty_points else ()
            for name in names:
                if self.ratios[name].when_empty is not None:
                    raise ValueError(f"{criterion.id}: tỷ lệ {name} có when_empty, mà tiêu chí đã có empty_points")
        return self

    @model_validator(mode="after")
    def _groups_hold_every_criterion(self) -> Self:
        _refuse_repeated("groups", [group.id for group in self.groups])
        known = {group.id for group in self.groups}
        for criterion in self.criteria:
            if criterion.group not in known and (known or criterion.group):
                raise ValueError(
                    f"{criterion.id}: nhóm {criterion.group!r} không có trong groups ({', '.join(sorted(known))})"
                )
        if self.group_columns and sorted(self.group_columns) != sorted(known):
            raise ValueError(f"group_columns: phải có đúng các nhóm {', '.join(sorted(known))}, mỗi nhóm một lần")
        if known and self.rounding.criterion_places is None:
            raise ValueError("rounding: có groups thì phải có criterion_places, vì điểm nhóm là tổng điểm đã làm tròn")
        for group in self.groups:
            for level in self.levels:
                points = sum((c.max_points for c in self.criteria_of(group, level.id)), Fraction(0))
                if points != group.max_points:
                    raise ValueError(
                        f"groups: nhóm {group.id} có {group.max_points} điểm, các tiêu chí của nhóm ở cấp {level.id} "
                        f"cộng được {points}"
                    )
        return self

    @model_validator(mode="after")
    def _published_points_are_told_apart(self) -> Self:
        for level in self.levels:
            codes = [code for c in self.criteria_at(level.id) for code in c.import_codes()]
            _refuse_repeated("import_code", [*codes, *(g.code for g in self.groups), *filter(None, [self.total_code])])
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

    def criteria_at(self, level: str) -> list[AnyCriterion]:
        """The criteria that score a level."""
        return [c for c in self.criteria if c.scores_level(level)]

    def criteria_of(self, group: Group, level: str) -> list[AnyCriterion]:
        """The criteria of a group at a level."""
        return [c for c in self.criteria_at(level) if c.group == group.id]

    def groups_in_columns(self) -> list[Group]:
        """The groups in the order of the columns of a table of units."""
        of = {group.id: group for group in self.groups}
        return [of[name] for name in self.group_columns or of]

    def published_maxima(self) -> dict[str, Fraction]:
        """The name of each figure that another system publishes -> the most points it can be.

        The criteria's, the groups' and the total's, in this order.
        """
        criteria = {code: c.max_points for c in self.criteria for code in c.import_codes()}
        groups = {group.code: group.max_points for group in self.groups}
        return {**criteria, **groups, **({self.total_code: self.max_total} if self.total_code else {})}

    @property
    def max_total(self) -> Fraction:
        """Points a unit can reach with every criterion counted; of the levels the highest."""
        return max(sum((c.max_points for c in self.criteria_at(x.id)), Fraction(0)) for x in self.levels)

    @property
    def officer_criteria(self) -> tuple[str, ...]:
        """Ids of the criteria that make up the officers' score."""
        return tuple(c.id for c in self.criteria if c.officers)


def _refuse_unknown(place: str, what: str, names: Iterable[str], known: Iterable[str]) -> None:
    """Raises ValueError for names that the rulebook does not have, with the part of it that uses them."""
    unknown = sorted(set(names) - set(known))
    if unknown:
        raise ValueError(f"{place}: unknown {what} {', '.join(map(repr, unknown))}")


def _refuse_repeated(place: str, names: list[str]) -> None:
    """Raises ValueError for names that stand more than once."""
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise ValueError(f"{place}: {', '.join(repeated)} có hơn một lần")
