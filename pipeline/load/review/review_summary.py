"""The opening of a review, in the console, its workbook and its page: what to do, and the state of the period."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd

from pipeline.load.review.period_state import state_lines
from pipeline.load.review.todo_list import TodoLine, todo_lines
from pipeline.result import Scored
from pipeline.validate.submission_status import returns_status


@dataclass(frozen=True)
class ReviewSummary:
    """`todo`: everything to do, in the order to do it; `state`: units, totals, what blocks the signature.

    `submissions`: ReturnsStatus, what each unit has sent.
    """

    todo: tuple[TodoLine, ...]
    state: tuple[str, ...]
    submissions: pd.DataFrame


def review_summary(scored: Scored, sent_out: Collection[str] = ()) -> ReviewSummary:
    """The opening of the review of a period.

    `sent_out`: ids of the units whose workbook was made to be sent out.
    """
    status = returns_status(scored.checked, sent_out)
    return ReviewSummary(todo_lines(scored, status), state_lines(scored, status), status)
