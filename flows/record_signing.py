"""The deployment `ghi-ban-da-ky`: records that a revision was signed and issued, as `tthc sign` does."""

from typing import Annotated, Any

from flows.command_flow import TIMEOUT_SECONDS, Outcome, run_command
from flows.commands.history import history_lines
from flows.commands.sign import sign_lines, sign_revision
from flows.pages import artifacts
from flows.pages.form_fields import FILLED_IN, TEXT, PeriodText, RequesterField, RevisionField, form_field
from flows.scoring_flow import entry_flow
from flows.steps import run_states
from flows.steps.job import Job

#: the kind of run for its name and tag
KIND = "ghi bản đã ký"

DESCRIPTION = f"""Ghi một bản đã công bố là đã ký ban hành: số, ngày của báo cáo đã ký.

Ghi *sau khi* văn bản đã được ký. Từ đó các kỳ sau so với bản này, và bản mới của kỳ được ghi là thay thế báo cáo đó.
Bản chưa đủ điều kiện ký thì bị từ chối, nêu từng việc còn thiếu. Không tệp nào đã công bố bị đổi.
Các bản của kỳ, bản nào đã ký: ở trang “Artifacts”.

- **{run_states.SIGNED}**: đã ghi; đọc các dòng “Chú ý” trong State Message.
- **{run_states.FAILED}**: không ghi gì; dòng cuối của nhật ký và ô State Message cho biết vì sao và phải làm gì.
"""


@entry_flow("Ghi bản đã ký", DESCRIPTION, "{period} · ghi bản đã ký", TIMEOUT_SECONDS)
def record_signing(
    period: PeriodText,
    revision: RevisionField,
    number: Annotated[str, form_field("Số văn bản", "Như 85/BC-UBND", pattern=FILLED_IN, max_length=100)],
    date: Annotated[
        str, form_field("Ngày ký", "Ngày/tháng/năm trên văn bản, như 18/3/2022", pattern=FILLED_IN, max_length=20)
    ],
    requested_by: RequesterField,
    replace: Annotated[
        bool, form_field("Thay bản đã ghi", "Chọn khi bản này thay báo cáo đã ký, hoặc lần trước ghi nhầm")
    ] = False,
    despite: Annotated[
        str,
        TEXT,
        form_field("Vẫn ký vì", "Chỉ khi bản chưa đủ điều kiện ký: lý do, được ghi cùng lần ký", max_length=1000),
    ] = "",
) -> Any:
    """Record the signing of a revision. Returns the final state."""
    return run_command(
        period,
        KIND,
        lambda job: _run(job, revision.strip(), number, date, replace, despite.strip() or None),
        requested_by=requested_by,
        summed=True,
    )


def _run(job: Job, revision: str, number: str, date: str, replace: bool, despite: str | None) -> Outcome:
    """Raises UsageError for wrong values, JobFailed for a revision that cannot be recorded as signed."""
    try:
        signing = sign_revision(job, revision, number, date, job.requested_by, replace, despite)
    finally:  # after a refusal too: it shows which revisions there are
        artifacts.write_history_artifact(job, history_lines(job.published, job.period))
    return Outcome(run_states.SIGNED, "\n".join(sign_lines(job.out, signing)), (signing.revision, signing.number))
