"""The scoring of `first_match`: the points of the first option whose conditions hold.

Conditions are three-valued (Kleene): an unknown figure makes a condition "chưa rõ", and an option is passed over only
if it is certainly not met.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from pipeline.arithmetic.rounding import Bools, Floats, Ints, compare
from pipeline.score.kinds.base import (
    FAILED,
    MET,
    NOT_COUNTED,
    UNKNOWN,
    EvidenceLine,
    KindScore,
    Outcome,
    ScoringInput,
    missing_figures,
    share_in_signs,
)
from pipeline.text import vn_decimal
from schemas.measures import DISCLOSURE_NAMES, MEASURE_NAMES
from schemas.rulebook import Condition, ConditionalOption, FirstMatchCriterion, Ratio, Rulebook

_BOUNDS = {"at_least": "từ", "below": "dưới", "equals": "bằng"}


@dataclass(frozen=True)
class ConditionResult:
    """A condition over all entities. `met` and `failed` are both False where it is not known."""

    condition: Condition
    met: Bools
    failed: Bools
    value: Floats  # the measure or ratio it tests, NaN where unknown
    empty: Bools  # a ratio without `when_empty` over a denominator of 0
    impossible: Bools  # a share below 0 or above 1


@dataclass(frozen=True)
class _JudgedOption:
    """An option over all entities. `met`: certainly, `failed`: certainly not."""

    option: ConditionalOption
    on_form: Bools  # the form of the entity's level has it
    results: list[ConditionResult]  # of its deciding conditions, in their order
    met: Bools
    failed: Bools


def score_first_match(criterion: FirstMatchCriterion, given: ScoringInput) -> KindScore:
    """The first option of the entity's level that is certainly met, each one before it being certainly not met.

    A share whose denominator is 0 (no procedures, no dossiers, no value given for that) is not decided, nor is a level
    that the rulebook does not have where options differ by level: the criterion is then not counted.
    """
    judged = [_judged(option, given) for option in criterion.options]
    evidence = [_tested(one, result, given) for one in judged for result in one.results]
    return KindScore(_outcome(judged, given), evidence)


def _outcome(judged: list[_JudgedOption], given: ScoringInput) -> Outcome:
    outcome = Outcome.not_counted(given.rows)
    outside = np.zeros(given.rows, dtype=bool)
    if any(one.option.levels for one in judged):
        outside = ~np.isin(given.level, [x.id for x in given.rulebook.levels])
        outcome = outcome.explained(outside, f"{NOT_COUNTED}quy định không có mức cho cấp này.")
    empty = np.zeros(given.rows, dtype=bool)
    for one in judged:
        for result in one.results:
            empty |= result.empty & one.on_form
    empty &= ~outside
    outcome = outcome.explained(empty, f"{NOT_COUNTED}không có thủ tục hoặc hồ sơ nào để tính tỷ lệ (mẫu số bằng 0).")
    undecided = ~outside & ~empty
    for one in judged:
        active = undecided & one.on_form
        outcome = outcome.given(active & one.met, one.option)
        unknown = active & ~one.met & ~one.failed
        if unknown.any():
            outcome = _unknown_explained(outcome, unknown, one, given)
        if one.option.note:
            outcome = outcome.explained(_noted(active & one.met, one.option, given), one.option.note)
        undecided = undecided & ~(active & ~one.failed)
    return outcome


def _judged(option: ConditionalOption, given: ScoringInput) -> _JudgedOption:
    """The option's conditions and what follows from them (Kleene's and / or)."""
    on_form = np.isin(given.level, option.levels) if option.levels else np.ones(given.rows, dtype=bool)
    every, some = ([check_condition(c, given) for c in conditions] for conditions in (option.all, option.any))
    met = np.ones(given.rows, dtype=bool)
    failed = np.zeros(given.rows, dtype=bool)
    for result in every:
        met &= result.met
        failed |= result.failed
    if some:
        met &= np.logical_or.reduce([r.met for r in some])
        failed |= np.logical_and.reduce([r.failed for r in some])
    return _JudgedOption(option, on_form, [*every, *some], met & ~failed, failed)


def check_condition(condition: Condition, given: ScoringInput) -> ConditionResult:
    """One condition over all entities, exact on the integers."""
    values = given.values
    nowhere = np.zeros(given.rows, dtype=bool)
    if condition.category is not None:
        known = np.isin(values.disclosure, list(DISCLOSURE_NAMES))
        inside = np.isin(values.disclosure, condition.one_of or [])
        blank = np.full(given.rows, np.nan)
        return ConditionResult(condition, known & inside, known & ~inside, blank, nowhere, nowhere)
    if condition.measure is not None:
        value, known = values.signed([condition.measure])
        return _against_bound(condition, value, np.ones_like(value), known, nowhere, nowhere)
    ratio = given.rulebook.ratios[str(condition.ratio)]
    numerator, numerator_known = values.signed(ratio.numerator)
    denominator, denominator_known = values.signed(ratio.denominator)
    known = numerator_known & denominator_known
    zero = denominator_known & (denominator == 0)
    impossible = known & ~zero & ((numerator < 0) | (numerator > denominator) | (denominator < 0))
    if ratio.when_empty is None:
        known = known & ~zero & ~impossible
    else:
        numerator = np.where(zero, ratio.when_empty.numerator, numerator)
        denominator = np.where(zero, ratio.when_empty.denominator, denominator)
        known = (known | zero) & ~impossible
        zero = nowhere
    return _against_bound(condition, numerator, np.where(known, denominator, 1), known, zero, impossible)


def _against_bound(
    condition: Condition, numerator: Ints, denominator: Ints, known: Bools, empty: Bools, impossible: Bools
) -> ConditionResult:
    """numerator / denominator against the condition's bound."""
    if condition.at_least is not None:
        holds = compare(numerator, denominator, condition.at_least) >= 0
    elif condition.below is not None:
        holds = compare(numerator, denominator, condition.below) < 0
    elif condition.equals is not None:
        holds = compare(numerator, denominator, condition.equals) == 0
    else:  # the rulebook model lets no such condition in
        raise ValueError("a number is tested with at_least, below or equals")
    value = np.where(known, numerator / denominator, np.nan)
    return ConditionResult(condition, known & holds, known & ~holds, value, empty, impossible)


def _unknown_explained(outcome: Outcome, where: Bools, one: _JudgedOption, given: ScoringInput) -> Outcome:
    """Which figures are missing, or which share cannot be right, for an option that could not be decided."""
    ratios = given.rulebook.ratios
    impossible = np.zeros(given.rows, dtype=bool)
    for result in one.results:
        if result.condition.ratio is not None:
            label = ratios[result.condition.ratio].label
            wrong = where & result.impossible & ~impossible
            outcome = outcome.explained(wrong, f"{NOT_COUNTED}“{label}” không thể đúng (phần lớn hơn toàn thể).")
        impossible |= result.impossible
    blank = where & ~impossible
    conditions = one.option.deciding()
    if any(c.category is not None for c in conditions):
        return outcome.explained(blank, f"{NOT_COUNTED}chưa có thông tin về hình thức công khai.")
    wanted = [m for c in conditions for m in c.signed_measures(ratios)]
    return outcome.explained(blank, missing_figures(given.values, wanted, blank))


def _noted(where: Bools, option: ConditionalOption, given: ScoringInput) -> Bools:
    """Where the option's note applies."""
    for condition in option.note_when:
        where = where & check_condition(condition, given).met
    return where


def _tested(one: _JudgedOption, result: ConditionResult, given: ScoringInput) -> EvidenceLine:
    """A condition as evidence of its option."""
    condition, ratios = result.condition, given.rulebook.ratios
    origin, source = given.values.trace(condition.signed_measures(ratios))
    if condition.category is not None:
        entered = given.values.disclosure != ""
        origin, source = np.where(entered, "entered", "").astype(object), given.values.disclosure_source
    return EvidenceLine(
        role="condition",
        text=condition_in_words(condition, given.rulebook),
        measures=_tested_sum(condition, ratios),
        value=result.value,
        origin=origin,
        source=source,
        where=one.on_form,
        option=one.option.id,
        points=float(one.option.points),
        outcome=np.where(result.met, MET, np.where(result.failed, FAILED, UNKNOWN)).astype(object),
    )


def condition_in_words(condition: Condition, rulebook: Rulebook) -> str:
    """A condition as an analyst reads it: `Tỷ lệ hồ sơ trực tuyến … từ 30% trở lên`."""
    if condition.category is not None:
        return "Hình thức công khai: " + " hoặc ".join(DISCLOSURE_NAMES[x] for x in condition.one_of or [])
    share = condition.ratio is not None
    subject = rulebook.ratios[str(condition.ratio)].label if share else MEASURE_NAMES[str(condition.measure)]
    for name, word in _BOUNDS.items():
        bound: Fraction | None = getattr(condition, name)
        if bound is not None:
            number = vn_decimal(float(bound * (100 if share else 1)), 2, trim=True) + ("%" if share else "")
            return f"{subject} {word} {number}" + (" trở lên" if name == "at_least" else "")
    return subject


def _tested_sum(condition: Condition, ratios: Mapping[str, Ratio]) -> str:
    """The measures of a condition as the evidence names them: a measure, a share or a category."""
    if condition.ratio is None:
        return condition.measure or str(condition.category)
    ratio = ratios[condition.ratio]
    return share_in_signs(ratio.numerator, ratio.denominator)
