"""The evidence of all criteria as one frame: a row for every count or condition, with origin and source."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipeline.arithmetic.figure_columns import Block, Texts, joined, texts
from pipeline.arithmetic.rounding import Bools, Ints
from pipeline.score.kinds.base import MET, EvidenceLine
from pipeline.score.manual_options import AssessedOption
from schemas.frames import CriterionEvidence

_TEXT_COLUMNS = [c for c in CriterionEvidence.to_schema().columns if c not in ("value", "points")]


def evidence_blocks(criterion_id: str, lines: Sequence[EvidenceLine], unit_ids: Texts, where: Bools) -> list[Block]:
    """The rows of one criterion, a block a line, for the entities `where`; column `_row` is the entity's position."""
    blocks = []
    for line in lines:
        at: Ints = np.flatnonzero(line.where & where)
        if not len(at):
            continue
        same = {
            "criterion": criterion_id,
            "option": line.option,
            "role": line.role,
            "text": line.text,
            "measures": line.measures,
        }
        block: Block = {"_row": at, "unit_id": unit_ids[at]}
        block |= {name: texts(len(at), word) for name, word in same.items()}
        block |= {"value": line.value[at], "points": np.full(len(at), line.points)}
        block |= {"outcome": texts(len(at)) if line.outcome is None else line.outcome[at]}
        block |= {"origin": line.origin[at], "source": line.source[at]}
        blocks.append(block)
    return blocks


def assessed_lines(entries: Sequence[AssessedOption], rows: int) -> list[EvidenceLine]:
    """A line for each option entered by hand: the reason is in the place of a condition."""
    return [
        EvidenceLine(
            role="condition",
            text=entry.reason,
            measures="",
            value=np.full(rows, np.nan),
            origin=texts(rows, "assessed"),
            source=texts(rows, entry.source),
            where=np.arange(rows) == entry.row,
            option=entry.option.id,
            points=float(entry.option.points),
            outcome=texts(rows, MET),
        )
        for entry in entries
    ]


def evidence_frame(blocks: Sequence[Block]) -> pd.DataFrame:
    """CriterionEvidence: by entity, then in the order of the blocks."""
    if not blocks:
        return CriterionEvidence.empty()
    columns = joined(blocks)
    order = np.argsort(columns.pop("_row"), kind="stable")
    rows = {name: column[order] for name, column in columns.items()}
    return pd.DataFrame(
        {name: pd.array(rows[name], dtype="str") if name in _TEXT_COLUMNS else rows[name] for name in rows}
    )
