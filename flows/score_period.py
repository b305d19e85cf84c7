"""The flow `score_period` of the command line (`tthc score`): a quarter from its files to a published revision.

The modules of flows do not postpone annotations (`from __future__ import annotations`): a run of a deployment needs the
parameters' annotations as objects and fails with "not fully defined" otherwise.
"""

from pathlib import Path
from typing import Annotated, Any, Literal

from prefect import tags

from flows.pages.form_fields import APPLYING, TEXT, AnyPeriodField, RulebookField, StrictField, form_field, rulebook_id
from flows.scoring_flow import entry_flow, run_scoring
from flows.server.runtime import default_data_dir
from flows.steps import run_states
from flows.steps.job import Job
from flows.steps.run_values import RunResult

DESCRIPTION = f"""Chấm điểm một kỳ: đọc tệp, kiểm tra số liệu, chấm điểm, lập báo cáo, công bố.

{run_states.EXPLAINED}
Bảng điểm, các phát hiện và các thay đổi ở trang “Artifacts” của lần chạy.
"""


@entry_flow("Chấm điểm một kỳ", DESCRIPTION, "{period} · chấm điểm")
def score_period(
    period: AnyPeriodField,
    data_dir: Annotated[
        Literal[""] | Path, TEXT, form_field("Thư mục dữ liệu", "Có raw/, reference/, out/; để trống: của dự án")
    ] = "",
    rulebook: RulebookField = APPLYING,
    reason: Annotated[str, form_field("Lý do", "Vì sao công bố lại kỳ này", max_length=1000)] = "",
    strict: StrictField = False,
    requested_by: Annotated[str, form_field("Người yêu cầu", "Ai yêu cầu chạy lần này", max_length=200)] = "",
) -> Any:
    """Read, check, score, write and publish one quarter. Returns the final state (`flows.steps.run_states`)."""
    job = Job.of(
        period, data_dir or default_data_dir(), rulebook_id(rulebook), reason, strict, requested_by, summed=True
    )
    return run_scoring(job, "chấm điểm")


def run_flow(job: Job) -> RunResult:
    """Run `score_period` for a job in this process. Raises the exception with which the run failed."""
    with tags(run_states.TAG, "chạy tay"):
        state = score_period(
            period=str(job.period),
            data_dir=job.data_dir.resolve(),
            rulebook=job.choice.rulebook.id if job.choice.rulebook else None,
            reason=job.reason,
            strict=job.strict,
            requested_by=job.requested_by,
            return_state=True,
        )
    ended: Any = state.result(raise_on_failure=False)
    if isinstance(ended, BaseException):
        raise ended
    result: RunResult = ended.value
    return result
