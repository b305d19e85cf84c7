"""Compares vectorised scoring of 100,000 units with scoring unit by unit and with a plain loop.

`python -m bench.bench_score` prints seconds, units per second and the ratio. It ends with status 1 if the totals of the
three ways differ.
"""

from __future__ import annotations

import sys
import time
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np
import pandas as pd

from pipeline.rulebooks import installed
from pipeline.score.score import score
from schemas.frames import Assessments, Choices, Entities, Figures

MEASURES = ("resolved_early", "resolved_on_time", "resolved_late")


def build(units: int, seed: int = 1) -> tuple[pd.DataFrame, pd.DataFrame, np.ndarray]:
    """Entities (one row per unit) and Figures (three per unit) of random units, and their counts.

    The counts are an array of shape (units, 3): resolved early, on time, late.
    """
    counts = np.random.default_rng(seed).integers(1, 3000, size=(units, 3))
    ids = np.array([f"u{i}" for i in range(units)], dtype=object)
    entities = pd.DataFrame({"unit_id": ids, "name": ids})
    for column, value in {
        "kind": "unit", "level": "xa", "status": "scored", "status_reason": "", "basis": "own",
    }.items():  # fmt: skip
        entities[column] = value
    figures = pd.DataFrame(
        {
            "unit_id": np.repeat(ids, 3),
            "measure": np.tile(np.array(MEASURES, dtype=object), units),
            "value": pd.array(counts.ravel(), dtype="Int64"),
            "origin": "entered",
            "source": "bench!s!A1",
        }
    )
    return entities.astype("str"), figures.astype({"unit_id": "str", "measure": "str"}), counts


def by_hand(row: np.ndarray) -> float:
    """One unit's total by exact fractions: five criteria from three counts, with the form's default answers."""
    early, on_time, late = (int(x) for x in row)
    done = early + on_time + late
    time_score = Fraction(2 * early + on_time, done)
    contacts = Fraction(2 * (early + on_time) + late, done)
    attitude = Fraction(2 * early + on_time, early + on_time)
    total = 2 * time_score + 2 * contacts + attitude
    exact = Decimal(total.numerator) / Decimal(total.denominator)
    return float(exact.quantize(Decimal("0.01"), ROUND_HALF_UP))


def main(units: int = 100_000, sample: int = 2_000) -> int:
    """Run the three ways and print the comparison. Exit status 0, or 1 if the totals differ."""
    entities, figures, counts = build(units)
    Entities.validate(entities), Figures.validate(figures)
    rulebook = installed()["qd-1187-2019"]
    start = time.perf_counter()
    result = score(entities, figures, Choices.empty(), Assessments.empty(), rulebook)
    vectorised = time.perf_counter() - start

    start = time.perf_counter()
    single = [
        score(
            entities.iloc[i : i + 1],
            figures.iloc[3 * i : 3 * i + 3],
            Choices.empty(),
            Assessments.empty(),
            rulebook,
        ).unit_scores["total"].iloc[0]
        for i in range(sample // 100)
    ]  # fmt: skip
    one_by_one = time.perf_counter() - start

    start = time.perf_counter()
    expected = [by_hand(row) for row in counts[:sample]]
    loop = time.perf_counter() - start
    if result.unit_scores["total"].head(sample).tolist() != expected or single != expected[: len(single)]:
        print("the totals differ")
        return 1
    per_unit = vectorised / units
    rows = len(result.criterion_evidence)
    print(f"column-wise: {units:,} units in {vectorised:.2f} s ({1 / per_unit:,.0f} units/s, {rows:,} evidence rows)")
    single_rate = len(single) / one_by_one
    print(f"the same, unit by unit: {single_rate:,.0f} units/s, {1 / (single_rate * per_unit):,.0f} x slower")
    print(f"totals only, in a loop of exact fractions: {sample / loop:,.0f} units/s (no evidence, no conditions)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
