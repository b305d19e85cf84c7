"""Properties of scoring that hold for any figures: bounds, exact sums, order of rows, monotony, rounding."""

from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.arithmetic.rounding import compare, half_up, half_up_units, sum_half_up_units
from pipeline.rulebooks import installed
from pipeline.score.score import score_entities
from schemas.frames import Assessments, Choices, Entities, Figures
from schemas.measures import DISCLOSURE_NAMES, MEASURE_NAMES

RULEBOOKS = st.sampled_from(sorted(installed()))
COUNT = st.integers(0, 4000)
#: any measure may be blank, and figures may contradict each other
UNIT = st.dictionaries(st.sampled_from(sorted(MEASURE_NAMES)), COUNT)
RESOLVED = st.tuples(COUNT, COUNT, COUNT).filter(lambda x: sum(x) > 0)
FEW = settings(deadline=None, max_examples=25)


def frame(model, rows, integers=()):
    columns = list(model.to_schema().columns)
    return pd.DataFrame(rows, columns=columns).astype({c: "Int64" if c in integers else "str" for c in columns})


def run(units, rulebook_id, order=None, disclosure="both"):
    """Scores of units (measures by name), optionally with rows in another order."""
    entities, rows, said = [("xa", "cấp xã", "level", "xa", "scored", "", "own")], [], []
    for i, unit in enumerate(units):
        entities.append((f"u{i}", f"Đơn vị {i}", "unit", "xa", "scored", "", "own"))
        rows += [(f"u{i}", m, v, "entered", "t") for m, v in unit.items()]
        said.append((f"u{i}", "disclosure", disclosure, "t"))
    if order is not None:
        order.shuffle(entities)
        order.shuffle(rows)
        order.shuffle(said)
    return score_entities(
        frame(Entities, entities),
        frame(Figures, rows, {"value"}),
        frame(Choices, said),
        Assessments.empty(),
        installed()[rulebook_id],
    )


@FEW
@given(st.lists(UNIT, min_size=1, max_size=4), RULEBOOKS, st.randoms(use_true_random=False))
def test_order_of_rows_is_irrelevant(units, rulebook_id, order):
    straight, shuffled = run(units, rulebook_id), run(units, rulebook_id, order)
    for name, key in (
        ("criterion_scores", ["unit_id", "number"]),
        ("unit_scores", ["unit_id"]),
        ("level_scores", ["unit_id"]),
        ("criterion_evidence", ["unit_id", "criterion", "option", "role", "text", "measures"]),
    ):
        a, b = (getattr(r, name).sort_values(key, ignore_index=True) for r in (straight, shuffled))
        pd.testing.assert_frame_equal(a, b)


@FEW
@given(st.lists(UNIT, min_size=1, max_size=4), RULEBOOKS, st.sampled_from(sorted(DISCLOSURE_NAMES)))
def test_scores_stay_within_bounds(units, rulebook_id, disclosure):
    result = run(units, rulebook_id, disclosure=disclosure)
    counted = result.criterion_scores[result.criterion_scores["counted"]]
    assert ((counted["score"] >= 0) & (counted["score"] <= counted["max_points"])).all()
    assert ((counted["printed"] >= 0) & (counted["printed"] <= counted["max_points"])).all()
    totals = result.unit_scores.dropna(subset="total")
    assert ((totals["total"] >= 0) & (totals["total"] <= totals["total_max"])).all()
    # what is not counted says why
    silent = result.criterion_scores[~result.criterion_scores["counted"]]
    assert (silent["explanation"] != "").all()
    assert silent[["score", "printed", "numerator"]].isna().all(axis=None)


@FEW
@given(st.lists(UNIT, min_size=1, max_size=4), st.lists(RESOLVED, min_size=1, max_size=4), RULEBOOKS)
def test_a_total_is_the_exact_sum_rounded_once(extra, resolved, rulebook_id):
    units = [
        {**more, "resolved_early": e, "resolved_on_time": o, "resolved_late": late}
        for more, (e, o, late) in zip(extra, resolved, strict=False)
    ]
    rulebook = installed()[rulebook_id]
    result = run(units, rulebook_id)
    places, criterion_places = rulebook.rounding.total_places, rulebook.rounding.criterion_places
    for unit in result.unit_scores.itertuples():
        rows = result.criterion_scores[
            (result.criterion_scores["unit_id"] == unit.unit_id) & result.criterion_scores["counted"]
        ]
        terms = {r.criterion: Fraction(int(r.numerator), int(r.denominator)) for r in rows.itertuples()}
        if criterion_places is not None:
            terms = {c: exactly(t, criterion_places) for c, t in terms.items()}
        assert unit.total == float(exactly(sum(terms.values(), Fraction(0)), places)) or not terms
        mine = [terms[c] for c in rulebook.officer_criteria if c in terms]
        if mine:
            assert unit.officer_average == float(exactly(sum(mine, Fraction(0)), places))


def exactly(value, places):
    """Half up by decimal's own rules, on an exact fraction."""
    with localcontext() as context:
        context.prec = 60
        # a tie is a terminating decimal, so 60 digits decide every case with denominators of this size
        digits = Decimal(value.numerator) / Decimal(value.denominator)
        return Fraction(digits.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


@FEW
@given(RESOLVED, st.sampled_from([i for i, b in sorted(installed().items()) if b.criteria[0].id == "total_time"]))
def test_more_early_never_lowers_the_first_criterion(resolved, rulebook_id):
    early, on_time, late = resolved
    names = ("resolved_early", "resolved_on_time", "resolved_late")
    units = [dict(zip(names, x, strict=True)) for x in (resolved, (early + 1, on_time, late))]
    scores = run(units, rulebook_id).criterion_scores
    first = scores[scores["criterion"] == "total_time"].set_index("unit_id")
    assert first.loc["u1", "score"] >= first.loc["u0", "score"]
    # … nor does deciding a late dossier on time instead
    if late:
        moved = dict(zip(names, (early, on_time + 1, late - 1), strict=True))
        again = run([moved], rulebook_id).criterion_scores
        assert again[again["criterion"] == "total_time"]["score"].iloc[-1] >= first.loc["u0", "score"]


@given(st.integers(-(10**14), 10**14), st.integers(1, 10**15), st.integers(0, 4))
def test_rounding_agrees_with_decimal(numerator, denominator, places):
    units = int(half_up_units([numerator], [denominator], places)[0])
    assert Fraction(units, 10**places) == exactly(Fraction(numerator, denominator), places)


@given(st.integers(0, 10**6), st.integers(1, 4))
def test_ties_go_up(units, places):
    odd = 2 * units + 1  # odd / (2 * 10**places) lies half-way
    assert half_up([odd], [2 * 10**places], places)[0] == float(Decimal(units + 1).scaleb(-places))


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 10**6), st.booleans()), min_size=1, max_size=9))
def test_summed_rounding_is_exact(terms):
    n, d, c = (np.array([column]) for column in zip(*terms, strict=True))
    exact = sum((Fraction(a, b) for a, b, counted in terms if counted), Fraction(0))
    assert Fraction(int(sum_half_up_units(n, d, c, 2)[0]), 100) == exactly(exact, 2)


@given(st.integers(1, 2000), st.integers(0, 10**5), st.integers(0, 1))
def test_sums_at_a_tie_are_settled_exactly(parts, cents, below):
    # (cents + 0,5) hundredths as a sum of odd fractions: exactly a tie, or one part below it
    d = 200 * (2 * parts + 1)
    target = (2 * cents + 1) * (2 * parts + 1) - below
    first = target // 3
    n = np.array([[first, target - first]])
    units = sum_half_up_units(n, np.array([[d, d]]), np.array([[True, True]]), 2)
    assert units[0] == cents + 1 - below


@given(st.integers(0, 2**60), st.integers(1, 2**60), st.fractions(0, 2, max_denominator=1000))
def test_compare_is_exact(numerator, denominator, bound):
    value = Fraction(numerator, denominator)
    assert compare(np.array([numerator]), np.array([denominator]), bound)[0] == (value > bound) - (value < bound)
