"""`cham-diem-quy`: the quarter's run that nobody has to start."""

from typing import Any

from prefect.context import FlowRunContext
from prefect.runtime import flow_run

from flows.scoring_flow import carry_out, entry
from flows.server.runtime import default_data_dir
from flows.steps import run_states
from flows.steps.job import Job
from flows.steps.schedule import Due, due
from pipeline.text import vn_date

DESCRIPTION = f"""Chấm điểm quý vừa chốt số liệu, theo lịch: 7 giờ sáng từ ngày 15 đến ngày 22 của tháng 3, 6, 9, 12.

Kỳ được chấm là quý gần nhất đã chốt số liệu (ngày 14) trước ngày mà lần chạy được hẹn, nên chạy trễ hay chạy lại vẫn là
kỳ đó. Khi còn đơn vị chưa gửi, lần chạy chỉ đọc, kiểm tra và nhắc; từ ngày 22 thì công bố với những gì đang có.

{run_states.EXPLAINED}
"""


def _due() -> Due:
    return due(flow_run.scheduled_start_time)


def _run_name() -> str:
    return f"{_due().period} · chấm điểm quý"


@entry("Chấm điểm quý", DESCRIPTION, _run_name)
def score_scheduled() -> Any:
    """Score the quarter that a run scheduled for this moment is for, or say who has not sent."""
    asked = _due()
    context = FlowRunContext.get()
    scheduled = context is not None and context.flow_run is not None and context.flow_run.auto_scheduled
    job = Job.of(
        str(asked.period),
        default_data_dir(),
        None,
        reason=f"Chạy theo lịch, ngày {vn_date(asked.day)}" if scheduled else "Chạy thêm ngoài lịch",
        requested_by="Lịch tự động" if scheduled else "",
        automatic=True,
    )
    return carry_out(job, "chấm điểm quý", asked)
