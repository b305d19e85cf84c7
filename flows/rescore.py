"""The deployment `cham-diem-lai`: an analyst scores a period again from a form, which checks its fields."""

from typing import Annotated, Any

from flows.pages.form_fields import (
    APPLYING,
    FILLED_IN,
    AnyPeriodField,
    RequesterField,
    RulebookField,
    StrictField,
    form_field,
    rulebook_id,
)
from flows.scoring_flow import entry_flow, run_scoring
from flows.server.runtime import default_data_dir
from flows.steps import run_states
from flows.steps.job import Job

DESCRIPTION = f"""Chấm điểm lại một kỳ: sau khi có số liệu mới, biểu điều chỉnh, hoặc để xem phương án theo quy định
khác.

Nhập kỳ, lý do và người yêu cầu rồi bấm Submit. Công bố ngay với những gì đang có, kể cả khi còn đơn vị chưa gửi.

{run_states.EXPLAINED}
"""


@entry_flow("Chấm điểm lại", DESCRIPTION, "{period} · chấm điểm lại")
def rescore(
    period: AnyPeriodField,
    reason: Annotated[
        str, form_field("Lý do", "Vì sao chấm lại, như: Xã C gửi lại số liệu", pattern=FILLED_IN, max_length=1000)
    ],
    requested_by: RequesterField,
    rulebook: RulebookField = APPLYING,
    strict: StrictField = False,
) -> Any:
    """Score a period with the data that is there and publish it. Returns the final state."""
    return run_scoring(
        Job.of(period, default_data_dir(), rulebook_id(rulebook), reason, strict, requested_by, summed=True),
        "chấm điểm lại",
    )
