"""The flow of the command line (`tthc score`): a quarter from its files to a published revision.

The annotations of a flow's parameters must be real objects: with postponed annotations a deployment's run
fails with "not fully defined". So the modules of flows do not import them from __future__.
"""

from pathlib import Path
from typing import Annotated, Any, Literal

from flows.pages.form_fields import APPLYING, TEXT, PeriodField, RulebookField, StrictField, chosen, field
from flows.scoring_flow import carry_out, entry
from flows.server.runtime import default_data_dir
from flows.steps import run_states
from flows.steps.job import Job

DESCRIPTION = f"""Chấm điểm một kỳ: đọc tệp, kiểm tra số liệu, chấm điểm, lập báo cáo, công bố.

{run_states.EXPLAINED}
Bảng điểm, các phát hiện và các thay đổi ở trang “Artifacts” của lần chạy.
"""


@entry("Chấm điểm một kỳ", DESCRIPTION, "{period} · chấm điểm")
def score_period(
    period: PeriodField,
    data_dir: Annotated[
        Literal[""] | Path, TEXT, field("Thư mục dữ liệu", "Có raw/, reference/, out/; để trống: của dự án")
    ] = "",
    rulebook: RulebookField = APPLYING,
    reason: Annotated[str, field("Lý do", "Vì sao công bố lại kỳ này", max_length=1000)] = "",
    strict: StrictField = False,
    requested_by: Annotated[str, field("Người yêu cầu", "Ai yêu cầu chạy lần này", max_length=200)] = "",
) -> Any:
    """Read, check, score, write and publish one quarter. The state says how it ended (`flows.steps.run_states`)."""
    job = Job.of(period, data_dir or default_data_dir(), chosen(rulebook), reason, strict, requested_by)
    return carry_out(job, "chấm điểm")
