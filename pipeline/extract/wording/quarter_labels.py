"""Labels that name a quarter: "Quý III/2023" beside "Quý II/2023" is to "Kỳ này" what "Kỳ trước" is to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from pipeline.extract.wording.phrases import Phrases, words
from pipeline.extract.wording.vocabulary import Vocabulary
from pipeline.periods import Period

#: years before and after that of the period, whose quarters a table may show beside it
_YEARS: Final = range(-3, 2)
_QUARTERS: Final = (1, 2, 3, 4)


@lru_cache(maxsize=64)  # a run reads one period
def with_quarter(vocabulary: Vocabulary, period: Period) -> Vocabulary:
    """The vocabulary, with the names of the period among the words of this period and those of others before it."""
    times, (own, others) = vocabulary.raw["times"], _own_and_others(period)
    extended = {**times, "now": [*times["now"], *own], "before": [*times["before"], *others]}
    return Vocabulary({**vocabulary.raw, "times": extended})


def shows_quarters(labels: Iterable[str], period: Period) -> bool:
    """Whether labels name the period as a quarter, and others another one: `Quý III/2023 | Quý II/2023`."""
    own, others = _phrases(period)
    found: set[bool] = set()
    for label in dict.fromkeys(map(words, labels)):
        now, other = own.rests_of(label), others.rests_of(label)
        if now or other:
            found.add(bool(now) and (not other or len(now[0]) <= len(other[0])))
    return found == {True, False}


@lru_cache(maxsize=64)
def _phrases(period: Period) -> tuple[Phrases, Phrases]:
    own, others = _own_and_others(period)
    return Phrases(own), Phrases(others)


@lru_cache(maxsize=64)
def _own_and_others(period: Period) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """How the period is named, and how other quarters are."""
    years = (Period(period.year + more, quarter) for more in _YEARS for quarter in _QUARTERS)
    others = [name for other in years if other != period for name in _with_year(other)]
    others += [name for quarter in _QUARTERS if quarter != period.quarter for name in _names(quarter)]
    return (*_with_year(period), *_names(period.quarter)), tuple(others)


def _names(quarter: int) -> Iterator[str]:
    """`quý iii`, `quý 3`, `q3`, as the words of a label."""
    roman = Period(2000, quarter).roman.lower()
    for number in (roman, str(quarter)):
        yield from (f"quý {number}", f"q{number}", f"q {number}")


def _with_year(period: Period) -> Iterator[str]:
    for name in _names(period.quarter):
        yield from (f"{name} {period.year}", f"{name} năm {period.year}", f"{period.year} {name}")
