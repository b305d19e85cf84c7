"""The deployment `cham-diem-quy`: scores the last quarter on a schedule."""

from typing import Any

from prefect.context import FlowRunContext
from prefect.runtime import flow_run

from flows.scoring_flow import entry_flow, run_scoring
from flows.server.runtime import default_data_dir
from flows.steps import run_states
from flows.steps.job import Job
from flows.steps.schedule import ScheduledRun, scheduled_run
from pipeline.periods import Period
from pipeline.text import vn_day

DESCRIPTION = f"""Chấm điểm quý vừa chốt số liệu, theo lịch: 7 giờ sáng từ ngày 15 đến ngày 22 của tháng 3, 6, 9, 12
(kỳ tính từ ngày 15 đến ngày 14) và của tháng 1, 4, 7, 10 (kỳ tính theo tháng dương lịch).

Kỳ được chấm là quý gần nhất đã hết trước ngày mà lần chạy được hẹn, nên chạy trễ hay chạy lại vẫn là
kỳ đó. Khi còn đơn vị chưa gửi, lần chạy chỉ đọc, kiểm tra và nhắc; từ ngày 22 thì công bố với những gì đang có.

{run_states.EXPLAINED}
"""


def _this_run() -> ScheduledRun:
    def with_days(period: Period) -> Period:
        return Job.of(str(period), default_data_dir(), None).period

    return scheduled_run(flow_run.scheduled_start_time, with_days)


def _run_name() -> str:
    return f"{_this_run().period} · chấm điểm quý"


@entry_flow("Chấm điểm quý", DESCRIPTION, _run_name)
def score_scheduled() -> Any:
    """Score the last quarter before the run's scheduled time, or remind the units. Returns the final state."""
    this_run = _this_run()
    context = FlowRunContext.get()
    scheduled = context is not None and context.flow_run is not None and context.flow_run.auto_scheduled
    job = Job.of(
        str(this_run.period),
        default_data_dir(),
        None,
        reason=f"Chạy theo lịch, ngày {vn_day(this_run.day)}" if scheduled else "Chạy thêm ngoài lịch",
        requested_by="Lịch tự động" if scheduled else "",
        automatic=True,
    )
    return run_scoring(job, "chấm điểm quý", this_run)
