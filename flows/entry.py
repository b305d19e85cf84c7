"""What the four flows that people and schedules start have in common."""

from collections.abc import Callable
from typing import Any

from prefect import flow

from flows.pages.progress_bar import broken_off
from flows.scoring_flow import advise

#: what a run of a large district takes in minutes, waiting for its turn included
TIMEOUT_SECONDS = 2 * 60 * 60


def entry(name: str, description: str, run_name: str | Callable[[], str], seconds: int = TIMEOUT_SECONDS) -> Any:
    """A flow as this program has them: nothing persisted, never retried as a whole, its end told in words."""
    return flow(
        name=name,
        description=description,
        flow_run_name=run_name,
        timeout_seconds=seconds,
        persist_result=False,
        on_failure=[advise],
        on_crashed=[broken_off],
    )
