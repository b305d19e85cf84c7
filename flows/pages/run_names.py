"""Name and tags of a run in Prefect's list of runs: the period, the kind of run, how it ended."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from prefect import get_run_logger
from prefect.client.orchestration import get_client
from prefect.context import FlowRunContext
from prefect.runtime import flow_run

from flows.steps.failures import where_it_happened
from flows.steps.job import Job
from flows.steps.run_states import TAG
from flows.steps.run_values import RunResult


def result_name(job: Job, result: RunResult) -> str:
    """The name of a run that published or changed nothing: `2022-Q1 · r2 · thay thế r1 · để riêng 1`."""
    manifest = result.manifest
    if result.unchanged:
        parts = [f"không có gì thay đổi so với {manifest.revision}"]
    else:
        parts = [manifest.revision, *([f"thay thế {manifest.previous}"] if manifest.previous else [])]
    aside = len(manifest.set_aside)
    return run_name(job, *parts, *([f"để riêng {aside}"] if aside else []))


def run_name(job: Job, *parts: str) -> str:
    """`2022-Q1 · chấm điểm · không thực hiện được`; for an alternative with the id of its rulebook."""
    alternative = [f"phương án {job.choice.rulebook.id}"] if job.choice.alternative and job.choice.rulebook else []
    return " · ".join([str(job.period), *alternative, *(part for part in parts if part)])


def rename_run(text: str) -> None:
    """Rename the current run. A server that does not answer is only logged."""
    _update(name=text)


def tag_run(*tags: str) -> None:
    """Add tags, and this program's tag, to the current run. A server that does not answer is only logged."""
    context = FlowRunContext.get()
    there = list(context.flow_run.tags) if context is not None and context.flow_run is not None else []
    _update(tags=list(dict.fromkeys([*there, TAG, *tags])))


def _update(**what: Any) -> None:
    try:
        with get_client(sync_client=True) as client:
            client.update_flow_run(UUID(flow_run.id), **what)
    except Exception as error:
        # only the list of runs is affected, not the published revision
        get_run_logger().warning("the run could not be renamed or tagged:\n%s", where_it_happened(error))
