"""The evidence of a criterion: one row for every count or condition it looked at, with origin and source."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd

from pipeline.arithmetic.figure_columns import Block, Texts, Values, joined, texts
from pipeline.arithmetic.rounding import Bools, Floats, Ints
from pipeline.score.criteria import applies, condition_measures, evaluate
from pipeline.score.manual_options import Assessed
from pipeline.text import vn_decimal
from schemas.frames import CriterionEvidence
from schemas.measures import DISCLOSURE_NAMES, MEASURE_NAMES
from schemas.rulebook import Condition, Criterion, Option, Rulebook

_TEXT_COLUMNS = [c for c in CriterionEvidence.to_schema().columns if c not in ("value", "points")]
MET, FAILED, UNKNOWN = "đạt", "không đạt", "chưa rõ"
_BOUNDS = {"at_least": "từ", "below": "dưới", "equals": "bằng"}


def expression(measures: list[str]) -> str:
    """`resolved_early - complaints_early`."""
    parts = [f"- {m[1:]}" if m.startswith("-") else f"+ {m}" for m in measures]
    return " ".join(parts).removeprefix("+ ")


def in_words(condition: Condition, rulebook: Rulebook) -> str:
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


class EvidenceRows:
    """Collects blocks of rows column-wise; `frame` puts them in the entities' and the criteria's order."""

    def __init__(self, unit_ids: Texts) -> None:
        self._unit_ids = unit_ids
        self._blocks: list[Block] = []

    def average(self, criterion: Criterion, values: Values, where: Bools) -> None:
        """A row for each line of the form and one for the denominator."""
        for option in criterion.options:
            self._sum(criterion, option, values, where)
        self._sum(criterion, None, values, where)

    def first_match(self, criterion: Criterion, rulebook: Rulebook, values: Values, level: Texts, where: Bools) -> None:
        """A row for each condition of each option of the entity's level."""
        for option in criterion.options:
            mine = where & applies(option, level)
            for condition in (*option.all, *option.any):
                test = evaluate(condition, rulebook, values)
                names = condition_measures(condition, rulebook)
                origin, source = values.trace(names)
                if condition.category is not None:
                    said = values.disclosure != ""
                    origin, source = np.where(said, "entered", "").astype(object), values.disclosure_source
                outcome = np.where(test.met, MET, np.where(test.failed, FAILED, UNKNOWN)).astype(object)
                self._add(
                    criterion,
                    option.id,
                    "condition",
                    in_words(condition, rulebook),
                    _looked_at(condition, rulebook),
                    test.value,
                    float(option.points),
                    outcome,
                    origin,
                    source,
                    mine,
                )

    def assessed(self, criterion: Criterion, entries: list[Assessed]) -> None:
        """A row for each option entered by hand: its reason stands where a condition would."""
        rows = len(self._unit_ids)
        for entry in entries:
            where = np.zeros(rows, dtype=bool)
            where[entry.row] = True
            self._add(
                criterion,
                entry.option.id,
                "condition",
                entry.reason,
                "",
                np.full(rows, np.nan),
                float(entry.option.points),
                texts(rows, MET),
                texts(rows, "assessed"),
                texts(rows, entry.source),
                where,
            )

    def frame(self) -> pd.DataFrame:
        """CriterionEvidence: by entity, then criterion, then the order of the form."""
        if not self._blocks:
            return CriterionEvidence.empty()
        columns = joined(self._blocks)
        order = np.argsort(columns.pop("_row"), kind="stable")
        rows = {name: column[order] for name, column in columns.items()}
        return pd.DataFrame(
            {name: pd.array(rows[name], dtype="str") if name in _TEXT_COLUMNS else rows[name] for name in rows}
        )

    def _sum(self, criterion: Criterion, option: Option | None, values: Values, where: Bools) -> None:
        measures = criterion.denominator if option is None else option.count
        value, known = values.signed(measures)
        origin, source = values.trace(measures)
        self._add(
            criterion,
            "" if option is None else option.id,
            "denominator" if option is None else "points",
            "Số hồ sơ được tính" if option is None else option.text,
            expression(measures),
            np.where(known, value.astype(np.float64), np.nan),
            np.nan if option is None else float(option.points),
            texts(values.rows),
            origin,
            source,
            where,
        )

    def _add(
        self,
        criterion: Criterion,
        option: str,
        role: str,
        text: str,
        measures: str,
        value: Floats,
        points: float,
        outcome: Texts,
        origin: Texts,
        source: Texts,
        where: Bools,
    ) -> None:
        at: Ints = np.flatnonzero(where)
        if not len(at):
            return
        same = {"criterion": criterion.id, "option": option, "role": role, "text": text, "measures": measures}
        columns: Block = {"_row": at, "unit_id": self._unit_ids[at]}
        columns |= {name: texts(len(at), word) for name, word in same.items()}
        columns |= {"value": value[at], "points": np.full(len(at), points)}
        columns |= {"outcome": outcome[at], "origin": origin[at], "source": source[at]}
        self._blocks.append(columns)


def _looked_at(condition: Condition, rulebook: Rulebook) -> str:
    if condition.ratio is None:
        return condition.measure or str(condition.category)
    ratio = rulebook.ratios[condition.ratio]
    sides = [expression(side) for side in (ratio.numerator, ratio.denominator)]
    return " / ".join(f"({s})" if " " in s else s for s in sides)
