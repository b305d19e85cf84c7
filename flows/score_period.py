"""The flow: a quarter from its files to a published revision.

The annotations of a flow's parameters must be real objects: with postponed annotations a deployment's run
fails with "not fully defined". So this module does not import them from __future__.
"""

from pathlib import Path
from typing import Annotated, Any, Literal

from prefect import flow, get_run_logger
from prefect.runtime import flow_run
from prefect.states import Completed, Failed
from pydantic import Field

from flows import artifacts, tasks
from flows.failure import JobFailed
from flows.job import Job
from flows.progress import listening
from flows.runtime import default_data_dir
from flows.summary import summary
from flows.tasks import Handle
from pipeline.rulebooks import installed

RulebookId = Literal[tuple(installed())]  # type: ignore[valid-type]  # a drop-down in the UI


def _field(title: str, description: str, **checks: Any) -> Any:
    """A field of the form in Prefect's pages, which would otherwise be titled by the parameter's name."""
    return Field(json_schema_extra={"title": title, "description": description}, **checks)


@flow(name="score-period", flow_run_name="{period} · chấm điểm", persist_result=False)
def score_period(
    period: Annotated[str, _field("Kỳ", "Năm và quý, như 2022-Q1", pattern=r"^20\d\d-Q[1-4]$")],
    data_dir: Annotated[
        Path | None, _field("Thư mục dữ liệu", "Có raw/, reference/, out/; để trống: của dự án")
    ] = None,
    rulebook: Annotated[RulebookId | None, _field("Quy định", "Để trống: quy định đang áp dụng của kỳ")] = None,
    reason: Annotated[str, _field("Lý do", "Vì sao công bố lại kỳ này", max_length=1000)] = "",
    strict: Annotated[bool, _field("Dừng khi có lỗi", "Không công bố nếu có bất kỳ lỗi nào")] = False,
) -> Any:
    """Read, check, score, write and publish one quarter. The state says how it ended:

    Completed, CompletedWithExclusions (something was set aside), Unchanged (nothing new to publish), Failed.
    """
    logger = get_run_logger()
    job = Job.of(period, data_dir or default_data_dir(), rulebook, reason, strict)
    with listening(logger.info):
        try:
            outcome = _run(job)
        except JobFailed as error:
            return Failed(message=str(error), data=Handle(error))
    return Completed(name=outcome.state, message=summary(outcome), data=Handle(outcome))


def _run(job: Job) -> Any:
    with job.lock():
        handle = Handle(job)
        inputs = tasks.read_inputs(handle)
        checked = tasks.check_counts(handle, inputs)
        scored = tasks.score_units(handle, checked)
        draft = tasks.write_reports(handle, inputs, scored)
        outcome = tasks.publish(handle, draft, str(flow_run.id)).value
    try:
        artifacts.leave(job, scored.value, outcome)
    except Exception:
        # the revision stands already: a server that went away does not make it a failure
        get_run_logger().warning("the artifacts could not be written", exc_info=True)
    return outcome
