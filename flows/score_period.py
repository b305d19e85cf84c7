"""The flow: a quarter from its files to a published revision.

The annotations of a flow's parameters must be real objects: with postponed annotations a deployment's run
fails with "not fully defined". So this module does not import them from __future__.
"""

from pathlib import Path
from typing import Annotated, Any, Literal

from prefect import flow, get_run_logger
from prefect.runtime import flow_run
from prefect.states import Completed, Failed
from pydantic import Field, WithJsonSchema

from flows import artifacts, tasks
from flows.failure import JobFailed
from flows.job import Job
from flows.progress import listening
from flows.runtime import default_data_dir
from flows.summary import summary
from flows.tasks import Handle, done
from pipeline.rulebooks import installed

#: the first choice of the form: the rulebook in force on the period's last day
APPLYING = "đang áp dụng"
RulebookId = Literal[(APPLYING, *installed())]  # type: ignore[valid-type]  # a drop-down in the form
# in the form "a text or nothing" is a pair of buttons named after Python's types, and nothing is refused where only a
# text may stand: so both optional fields are told of as texts that have a value from the start
_Text = WithJsonSchema({"type": "string"})
_Rulebook = WithJsonSchema({"type": "string", "enum": [APPLYING, *installed()]})

DESCRIPTION = """Chấm điểm một kỳ: đọc tệp, kiểm tra số liệu, chấm điểm, lập báo cáo, công bố.

Trạng thái khi kết thúc:

- **Completed**: hoàn thành, đã công bố bản mới.
- **CompletedWithExclusions**: hoàn thành, đã công bố bản mới, còn đơn vị hoặc tệp phải để riêng vì số liệu có lỗi.
- **Unchanged**: không có gì thay đổi so với bản đang có; không công bố gì.
- **Failed**: không thực hiện được; trang “Details” (State Message) cho biết vì sao và phải làm gì.

Bảng điểm và các phát hiện ở trang “Artifacts” của lần chạy.
"""


def _field(title: str, description: str, **checks: Any) -> Any:
    """A field of the form in Prefect's pages, which would otherwise be titled by the parameter's name."""
    return Field(json_schema_extra={"title": title, "description": description}, **checks)


@flow(name="score-period", description=DESCRIPTION, flow_run_name="{period} · chấm điểm", persist_result=False)
def score_period(
    period: Annotated[str, _field("Kỳ", "Năm và quý, như 2022-Q1", pattern=r"^20\d\d-Q[1-4]$")],
    data_dir: Annotated[
        Literal[""] | Path, _Text, _field("Thư mục dữ liệu", "Có raw/, reference/, out/; để trống: của dự án")
    ] = "",
    rulebook: Annotated[
        RulebookId | None, _Rulebook, _field("Quy định", "Khác quy định đang áp dụng thì chỉ là phương án")
    ] = APPLYING,
    reason: Annotated[str, _field("Lý do", "Vì sao công bố lại kỳ này", max_length=1000)] = "",
    strict: Annotated[bool, _field("Dừng khi có lỗi", "Không công bố nếu có bất kỳ lỗi nào")] = False,
    requested_by: Annotated[str, _field("Người yêu cầu", "Ai yêu cầu chạy lần này", max_length=200)] = "",
) -> Any:
    """Read, check, score, write and publish one quarter. The state says how it ended:

    Completed, CompletedWithExclusions (something was set aside), Unchanged (nothing new to publish), Failed.
    """
    logger = get_run_logger()
    chosen = None if rulebook == APPLYING else rulebook
    job = Job.of(period, data_dir or default_data_dir(), chosen, reason, strict, requested_by)
    with listening(logger.info):
        try:
            outcome = _run(job)
        except JobFailed as error:
            artifacts.rename_run(job, None)
            return Failed(message=str(error), data=Handle(error))
    artifacts.rename_run(job, outcome)
    logger.info(summary(outcome))  # as lines; the last line of Prefect shows it as one
    return Completed(name=outcome.state, message=summary(outcome), data=Handle(outcome))


def _run(job: Job) -> Any:
    with job.lock():
        handle = Handle(job)
        inputs = done(tasks.read_inputs(handle))
        checked = done(tasks.check_counts(handle, inputs))
        scored = done(tasks.score_units(handle, checked))
        draft = done(tasks.write_reports(handle, inputs, scored))
        outcome = done(tasks.publish(handle, draft, str(flow_run.id))).value
    try:
        artifacts.leave(job, scored.value, outcome)
    except Exception:
        # the revision stands already: a server that went away does not make it a failure
        get_run_logger().warning("the artifacts could not be written", exc_info=True)
    return outcome
