"""How a score was computed, as one line: `(2 × 2.731 + 1 × 68) ÷ 2.799 = 1,9757`."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.load.content.frame_rows import Row
from pipeline.text import vn_decimal, vn_int

#: decimals of a result that is not a short number
_PLACES = 4


def score_formula(score: Row, evidence: Iterable[Row]) -> str:
    """The computation of one score, "" for a score that is not computed from dossiers.

    `score`: a row of CriterionScores; `evidence`: its rows of CriterionEvidence. Terms of no points or no dossiers are
    left out. Where the terms do not add up to the numerator, the numerator itself is printed.
    """
    if not score["counted"] or score["option"] or score["numerator"] is None or not score["denominator"]:
        return ""
    terms = [(r["points"], r["value"]) for r in evidence if r["role"] == "points" and r["points"] and r["value"]]
    numerator, denominator = int(score["numerator"]), int(score["denominator"])
    above = vn_int(numerator)
    if terms and sum(points * dossiers for points, dossiers in terms) == numerator:
        above = " + ".join(f"{vn_decimal(p, 2, trim=True)} × {vn_int(int(v))}" for p, v in terms)
        above = f"({above})" if len(terms) > 1 else above
    return f"{above} ÷ {vn_int(denominator)} = {vn_decimal(numerator / denominator, _PLACES, trim=True)}"
