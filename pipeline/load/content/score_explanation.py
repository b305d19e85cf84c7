"""How the score of a criterion came about, in words or numbers, and its sources."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.load.content.display_names import place_text
from pipeline.load.content.frame_rows import Row
from pipeline.load.content.score_formula import score_formula
from pipeline.text import vn_decimal


def score_explanation(score: Row, evidence: Sequence[Row]) -> str:
    """The calculation of a score, or the option that applied with what its conditions looked at; "" if not counted.

    `score`: a row of CriterionScores; `evidence`: the rows of CriterionEvidence of the same unit and criterion.
    """
    if not score["counted"] or score["score"] is None:
        return ""
    if score["option_text"]:
        tested = [_condition(row) for row in evidence if row["role"] == "condition"]
        points = vn_decimal(score["score"], 2, trim=True)
        return f"{points} điểm: {score['option_text']}" + (f" ({'; '.join(tested)})" if tested else "")
    return score_formula(score, evidence) or f"{vn_decimal(score['score'], 4, trim=True)} điểm"


def _condition(row: Row) -> str:
    value = "" if row["value"] is None else evidence_value(row)
    return f"{row['text']}: {value} – {row['outcome']}" if value else f"{row['text']}: {row['outcome']}"


def evidence_value(row: Row) -> str:
    """A count as it is; a share (a condition over two sums, `a / b`) as a percentage: 0.2155 -> `21,55%`."""
    if row["role"] == "condition" and " / " in row["measures"]:
        percent = 100 * row["value"]
        shown = vn_decimal(percent, 2, trim=True)
        # 29,997% must not be shown as the 30% that an option requires
        return (vn_decimal(percent, 6, trim=True) if "," not in shown else shown) + "%"
    return vn_decimal(row["value"], 4, trim=True)


def evidence_sources(evidence: Iterable[Row]) -> tuple[str, ...]:
    """`bang.xlsx › II.06a › H12, I12`: the cells behind a score, those of one sheet together, each once."""
    cells: dict[tuple[str, str], dict[str, None]] = {}
    for row in evidence:
        for source in str(row["source"]).split("; "):
            file, _, rest = source.partition("!")
            sheet, _, cell = rest.rpartition("!")
            if file:
                cells.setdefault((file, sheet), {})[cell] = None
    return tuple(place_text(file, sheet, ", ".join(filter(None, found))) for (file, sheet), found in cells.items())
