"""One criterion over all units and levels: points per dossier, or the first option whose conditions hold.

Conditions are three-valued: an unknown figure makes a condition "chưa rõ", and an option is passed over only
when it is certainly not met. A criterion that cannot be decided is not counted (Thông tư 01/2018/TT-VPCP,
art. 15.4b), and says why.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from pipeline.arithmetic.figure_columns import Texts, Values, texts
from pipeline.arithmetic.rounding import Bools, Floats, Ints, compare
from schemas.measures import DISCLOSURE_NAMES, MEASURE_NAMES, PART_OF
from schemas.rulebook import Condition, Criterion, Option, Rulebook

NO_RESOLVED = "Chưa có hồ sơ giải quyết xong"
_NOT_COUNTED = "Không tính điểm: "


@dataclass(frozen=True)
class Test:
    """A condition over all entities. `met` and `failed` are both False where it is not known."""

    met: Bools
    failed: Bools
    value: Floats  # the measure or ratio looked at, NaN where unknown
    empty: Bools  # a ratio without `when_empty` over a denominator of 0
    impossible: Bools  # a share below 0 or above 1


@dataclass
class Outcome:
    """A criterion over all entities; mutable only while it is being put together.

    `numerator` / `denominator` are exact: the points given over the dossiers (both multiplied where an option
    gives a broken number of points), or the option's points over 1; without meaning where not `counted`.
    """

    counted: Bools
    numerator: Ints
    denominator: Ints
    option: Texts
    option_text: Texts
    explanation: Texts

    def say(self, where: Bools, text: str | Texts) -> None:
        """Add a sentence to the explanation."""
        if where.any():
            gap = np.where(self.explanation == "", "", " ").astype(object)
            self.explanation = np.where(where, self.explanation + gap + text, self.explanation)


def measures_of(criterion: Criterion, rulebook: Rulebook) -> list[str]:
    """Every measure a criterion can look at, once, without signs."""
    names = list(criterion.denominator)
    for option in criterion.options:
        names += option.count
        for condition in (*option.all, *option.any, *option.note_when):
            names += condition_measures(condition, rulebook)
    return list(dict.fromkeys(n.removeprefix("-") for n in names))


def condition_measures(condition: Condition, rulebook: Rulebook) -> list[str]:
    """The measures a condition looks at; none for a category."""
    if condition.ratio is not None:
        ratio = rulebook.ratios[condition.ratio]
        return [*ratio.numerator, *ratio.denominator]
    return [] if condition.measure is None else [condition.measure]


def average(criterion: Criterion, values: Values) -> Outcome:
    """Points per dossier over the denominator. Every count must be known, none negative, all adding up."""
    scale = math.lcm(*(o.points.denominator for o in criterion.options))
    denominator, known = values.signed(criterion.denominator)
    impossible = known & (denominator < 0)
    numerator = np.zeros(values.rows, dtype=np.int64)
    total = np.zeros(values.rows, dtype=np.int64)
    for option in criterion.options:
        count, count_known = values.signed(option.count)
        impossible |= count_known & (count < 0)
        numerator += int(option.points * scale) * count
        total += count
        known &= count_known
    used = {m.removeprefix("-") for o in criterion.options for m in o.count} | set(criterion.denominator)
    above = texts(values.rows)
    for part, whole in PART_OF:
        if part in used:
            a, b = values.column(part), values.column(whole)
            exceeds = a.known & b.known & (a.value > b.value)
            impossible |= exceeds
            above[exceeds] = f"“{MEASURE_NAMES[part]}” lớn hơn “{MEASURE_NAMES[whole]}”"
    uneven = known & ~impossible & (total != denominator)
    empty = known & ~impossible & ~uneven & (denominator == 0)
    counted = known & ~impossible & ~uneven & ~empty
    outcome = _outcome(values.rows, counted, numerator, denominator * scale)
    above[impossible & (above == "")] = "phần lớn hơn toàn thể"
    outcome.say(impossible, texts(values.rows, f"{_NOT_COUNTED}số liệu không thể đúng: ") + above + ".")
    outcome.say(uneven, _NOT_COUNTED + "các dòng của tiêu chí không cộng thành số hồ sơ được tính.")
    outcome.say(empty, _NOT_COUNTED + "không có hồ sơ nào được tính (mẫu số bằng 0).")
    outcome.say(~known & ~impossible, _missing(values, used, ~known & ~impossible))
    return outcome


def first_match(criterion: Criterion, rulebook: Rulebook, values: Values, level: Texts) -> Outcome:
    """The first option of the entity's level that is certainly met, all before it being certainly not met.

    A share over nothing (no procedures, no dossiers, no value given for that) leaves the criterion uncounted.
    """
    rows = values.rows
    undecided = np.ones(rows, dtype=bool)
    outcome = _outcome(rows, ~undecided, np.zeros(rows, dtype=np.int64), np.ones(rows, dtype=np.int64))
    outside = np.zeros(rows, dtype=bool)
    if any(o.levels for o in criterion.options):
        outside = ~np.isin(level, [x.id for x in rulebook.levels])
        outcome.say(outside, _NOT_COUNTED + "quy định không có mức cho cấp này.")
    empty = _empty_shares(criterion, rulebook, values, level) & ~outside
    outcome.say(empty, _NOT_COUNTED + "không có thủ tục hoặc hồ sơ nào để tính tỷ lệ (mẫu số bằng 0).")
    undecided &= ~outside & ~empty
    for option in criterion.options:
        met, failed = option_truth(option, rulebook, values)
        active = undecided & applies(option, level)
        take(outcome, active & met, option)
        unknown = active & ~met & ~failed
        if unknown.any():
            _explain_unknown(outcome, unknown, option, rulebook, values)
        if option.note:
            _say_note(outcome, active & met, option, rulebook, values)
        undecided &= ~(active & ~failed)
    return outcome


def applies(option: Option, level: Texts) -> Bools:
    """Whether an option is on the form of each entity's level."""
    return np.isin(level, option.levels) if option.levels else np.ones(len(level), dtype=bool)


def option_truth(option: Option, rulebook: Rulebook, values: Values) -> tuple[Bools, Bools]:
    """Where an option is certainly met and where it is certainly not (Kleene's and / or)."""
    met = np.ones(values.rows, dtype=bool)
    failed = np.zeros(values.rows, dtype=bool)
    for test in (evaluate(c, rulebook, values) for c in option.all):
        met &= test.met
        failed |= test.failed
    if option.any:
        tests = [evaluate(c, rulebook, values) for c in option.any]
        met &= np.logical_or.reduce([t.met for t in tests])
        failed |= np.logical_and.reduce([t.failed for t in tests])
    return met & ~failed, failed


def evaluate(condition: Condition, rulebook: Rulebook, values: Values) -> Test:
    """One condition over all entities, exact on the integers."""
    nowhere = np.zeros(values.rows, dtype=bool)
    if condition.category is not None:
        known = np.isin(values.disclosure, list(DISCLOSURE_NAMES))
        inside = np.isin(values.disclosure, condition.one_of or [])
        return Test(known & inside, known & ~inside, np.full(values.rows, np.nan), nowhere, nowhere)
    if condition.measure is not None:
        value, known = values.signed([condition.measure])
        return _test(condition, value, np.ones_like(value), known, nowhere, nowhere)
    ratio = rulebook.ratios[str(condition.ratio)]
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
    return _test(condition, numerator, np.where(known, denominator, 1), known, zero, impossible)


def _test(c: Condition, numerator: Ints, denominator: Ints, known: Bools, empty: Bools, impossible: Bools) -> Test:
    if c.at_least is not None:
        holds = compare(numerator, denominator, c.at_least) >= 0
    elif c.below is not None:
        holds = compare(numerator, denominator, c.below) < 0
    elif c.equals is not None:
        holds = compare(numerator, denominator, c.equals) == 0
    else:  # the rulebook model lets no such condition in
        raise ValueError("a number is tested with at_least, below or equals")
    value = np.where(known, numerator / denominator, np.nan)
    return Test(known & holds, known & ~holds, value, empty, impossible)


def _outcome(rows: int, counted: Bools, numerator: Ints, denominator: Ints) -> Outcome:
    safe = np.where(counted, denominator, 1)
    return Outcome(counted, np.where(counted, numerator, 0), safe, texts(rows), texts(rows), texts(rows))


def take(outcome: Outcome, where: Bools, option: Option) -> None:
    """Give an option's points where `where`."""
    outcome.counted |= where
    outcome.numerator[where] = option.points.numerator
    outcome.denominator[where] = option.points.denominator
    outcome.option[where] = option.id
    outcome.option_text[where] = option.text


def _empty_shares(criterion: Criterion, rulebook: Rulebook, values: Values, level: Texts) -> Bools:
    empty = np.zeros(values.rows, dtype=bool)
    for option in criterion.options:
        for condition in (*option.all, *option.any):
            empty |= evaluate(condition, rulebook, values).empty & applies(option, level)
    return empty


def _explain_unknown(outcome: Outcome, where: Bools, option: Option, rulebook: Rulebook, values: Values) -> None:
    """Which figures are missing, or which share cannot be right, for an option that could not be decided."""
    impossible = np.zeros(values.rows, dtype=bool)
    wanted: list[str] = []
    disclosure = False
    for condition in (*option.all, *option.any):
        test = evaluate(condition, rulebook, values)
        if condition.ratio is not None:
            label = rulebook.ratios[condition.ratio].label
            wrong = where & test.impossible & ~impossible
            outcome.say(wrong, f"{_NOT_COUNTED}“{label}” không thể đúng (phần lớn hơn toàn thể).")
        impossible |= test.impossible
        wanted += condition_measures(condition, rulebook)
        disclosure |= condition.category is not None
    blank = where & ~impossible
    if disclosure:
        outcome.say(blank, _NOT_COUNTED + "chưa có thông tin về hình thức công khai.")
    else:
        outcome.say(blank, _missing(values, wanted, blank))


def _say_note(outcome: Outcome, where: Bools, option: Option, rulebook: Rulebook, values: Values) -> None:
    for condition in option.note_when:
        where = where & evaluate(condition, rulebook, values).met
    outcome.say(where, option.note)


def _missing(values: Values, measures: Iterable[str], where: Bools) -> Texts:
    """`Không tính điểm: chưa có số liệu “…”, “…”.` for each entity, naming the measures it lacks."""
    names = texts(values.rows)
    for measure in sorted({m.removeprefix("-") for m in measures}, key=list(MEASURE_NAMES).index):
        lacks = where & ~values.column(measure).known
        if lacks.any():
            gap = np.where(names == "", "", ", ").astype(object)
            names = np.where(lacks, names + gap + f"“{MEASURE_NAMES[measure]}”", names)
    said: Texts = texts(values.rows, _NOT_COUNTED + "chưa có số liệu ") + names + texts(values.rows, ".")
    return said
