"""The name and the tags of a run in the list of runs: which period, what kind of run, how it ended."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from prefect import get_run_logger
from prefect.client.orchestration import get_client
from prefect.context import FlowRunContext
from prefect.runtime import flow_run

from flows.steps.job import Job, Outcome
from flows.steps.run_states import TAG


def outcome_name(job: Job, outcome: Outcome) -> str:
    """`2022-Q1 · r2 · thay thế r1 · để riêng 1`."""
    manifest = outcome.manifest
    if outcome.unchanged:
        parts = [f"không có gì thay đổi so với {manifest.revision}"]
    else:
        parts = [manifest.revision, *([f"thay thế {manifest.previous}"] if manifest.previous else [])]
    aside = len(manifest.set_aside)
    return name(job, *parts, *([f"để riêng {aside}"] if aside else []))


def name(job: Job, *parts: str) -> str:
    """`2022-Q1 · chấm điểm · không thực hiện được`; an alternative says under which rulebook."""
    alternative = [f"phương án {job.choice.rulebook.id}"] if job.choice.alternative and job.choice.rulebook else []
    return " · ".join([str(job.period), *alternative, *(part for part in parts if part)])


def rename(text: str) -> None:
    """Name the current run."""
    _update(name=text)


def tag(*tags: str) -> None:
    """Add to the current run's tags."""
    context = FlowRunContext.get()
    there = list(context.flow_run.tags) if context is not None and context.flow_run is not None else []
    _update(tags=list(dict.fromkeys([*there, TAG, *tags])))


def _update(**what: Any) -> None:
    try:
        with get_client(sync_client=True) as client:
            client.update_flow_run(UUID(flow_run.id), **what)
    except Exception:
        # only how it is listed: what was published stands
        get_run_logger().warning("the run could not be renamed or tagged", exc_info=True)
