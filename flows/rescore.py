"""`cham-diem-lai`: an analyst publishes a period again, from a form that cannot be filled in wrongly."""

from typing import Annotated, Any

from flows.pages.form_fields import APPLYING, PeriodField, RulebookField, StrictField, chosen, field
from flows.scoring_flow import carry_out, entry
from flows.server.runtime import default_data_dir
from flows.steps import run_states
from flows.steps.job import Job

#: at least one character that is not a space
FILLED_IN = r"\S"

DESCRIPTION = f"""Chấm điểm lại một kỳ: sau khi có số liệu mới, biểu điều chỉnh, hoặc để xem phương án theo quy định
khác.

Nhập kỳ, lý do và người yêu cầu rồi bấm Submit. Công bố ngay với những gì đang có, kể cả khi còn đơn vị chưa gửi.

{run_states.EXPLAINED}
"""


@entry("Chấm điểm lại", DESCRIPTION, "{period} · chấm điểm lại")
def rescore(
    period: PeriodField,
    reason: Annotated[
        str, field("Lý do", "Vì sao chấm lại, như: Xã C gửi lại số liệu", pattern=FILLED_IN, max_length=1000)
    ],
    requested_by: Annotated[str, field("Người yêu cầu", "Họ tên hoặc bộ phận", pattern=FILLED_IN, max_length=200)],
    rulebook: RulebookField = APPLYING,
    strict: StrictField = False,
) -> Any:
    """Score a period with what is there and publish it, with a reason and somebody who asked."""
    return carry_out(
        Job.of(period, default_data_dir(), chosen(rulebook), reason, strict, requested_by), "chấm điểm lại"
    )
