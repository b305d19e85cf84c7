"""Exact numbers and named shares: what conditions and points are computed from.

Numbers that decide a score (points, thresholds, bounds of classes) are exact: text or integers in TOML,
`fractions.Fraction` in memory. A float would move a boundary by its last bit.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _exact(value: object) -> object:
    """`"0.3"`, `"3,5"`, `"30%"`, `2` -> Fraction. Raises ValueError for a float: the float 0.3 is not three tenths."""
    if isinstance(value, bool | float):
        raise ValueError("write the number as text or integer (“0.3”, “30%”, 2), not as a float")
    if isinstance(value, int | Fraction):
        return Fraction(value)
    text = str(value).strip().replace(",", ".")
    return Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)


Exact = Annotated[Fraction, BeforeValidator(_exact)]
#: A measure of a sum; a leading "-" subtracts it: ["resolved_early", "-complaints_early"].
Signed = str


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
