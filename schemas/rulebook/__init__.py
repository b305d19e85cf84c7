"""A rulebook: one legal decision's way to score, as data. One TOML file per decision; there is no expression language.

Weights of criteria and points added or taken away (thưởng, trừ) are not part of it: no verified text of a decision on
administrative procedures needs them. A weight would be a field of `Criterion` (`criterion.py`) that the total
multiplies (`pipeline/score/totals.py`). Added or subtracted points would be a kind of criterion of their own that
`Rulebook.max_total` leaves out.
"""

from schemas.rulebook.book import Default, Level, Rounding, Rulebook
from schemas.rulebook.classes import UNKNOWN_CLASS, ClassBand, ClassTable
from schemas.rulebook.criterion import AnyCriterion, Criterion, Option, criterion_kind, criterion_kinds
from schemas.rulebook.groups import Group
from schemas.rulebook.imported import ImportedCriterion
from schemas.rulebook.numbers import Exact, Ratio, RulebookPart, Signed, unsigned
from schemas.rulebook.options import (
    DISCLOSURE,
    AverageCriterion,
    Condition,
    ConditionalOption,
    CountedOption,
    FirstMatchCriterion,
    OptionsCriterion,
)
from schemas.rulebook.shares import ShareCriterion

__all__ = [
    "DISCLOSURE",
    "UNKNOWN_CLASS",
    "AnyCriterion",
    "AverageCriterion",
    "ClassBand",
    "ClassTable",
    "Condition",
    "ConditionalOption",
    "CountedOption",
    "Criterion",
    "Default",
    "Exact",
    "FirstMatchCriterion",
    "Group",
    "ImportedCriterion",
    "Level",
    "Option",
    "OptionsCriterion",
    "Ratio",
    "Rounding",
    "Rulebook",
    "RulebookPart",
    "ShareCriterion",
    "Signed",
    "criterion_kind",
    "criterion_kinds",
    "unsigned",
]
