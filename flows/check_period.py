"""The deployment `ra-soat-so-lieu`: checks a period and writes a review beside its files. Publishes nothing."""

import os
from typing import Annotated, Any

from prefect import get_run_logger
from prefect.states import Completed

from flows.commands.review_file import write_beside
from flows.commands.review_folder import remove_review, write_review
from flows.commands.submission_status import reminder_lines
from flows.commands.template_notes import template_notes
from flows.pages import artifacts, run_names
from flows.pages.form_fields import APPLYING, PeriodField, RulebookField, form_field, rulebook_id
from flows.pages.progress_bar import progress_bar
from flows.scoring_flow import entry_flow, failed_state
from flows.server.runtime import default_data_dir
from flows.steps import run_states, tasks
from flows.steps.failures import NothingArrived
from flows.steps.job import Job
from flows.steps.progress import lines_to, report_line
from flows.steps.question_file import write_questions
from flows.steps.tasks import Handle, task_result
from flows.steps.terminal import terminal_text
from flows.steps.waiting_reminder import Reminder
from pipeline.finding_catalogue import SEVERITY_NAMES
from pipeline.load.review.review_summary import review_summary
from pipeline.load.review.review_workbook import render_review
from pipeline.text import vn_int

#: the kind of run for its name and tag
KIND = "rà soát"
TIMEOUT_SECONDS = 60 * 60
LayoutsField = Annotated[
    bool, form_field("Ghi mọi cách đọc", "Để xem hoặc đổi câu trả lời đã có: cach-doc.xlsx ghi mọi mẫu tệp của kỳ")
]

DESCRIPTION = f"""Rà soát số liệu của một kỳ: đọc các tệp, kiểm tra, tính điểm tạm. Không công bố gì.

Chạy tự động vài phút sau khi có tệp mới hoặc tệp được sửa trong thư mục của kỳ. Kết quả: việc cần làm, các phát hiện và
điểm tạm tính ở trang “Artifacts”, và tệp ket-qua-ra-soat.xlsx trong thư mục đó; bản đánh dấu của từng tệp (ô có
phát hiện được tô màu, có ghi chú) ở thư mục out/‹kỳ›/ra-soat. Chưa rõ cách đọc một tệp thì câu hỏi ở cach-doc.xlsx
trong thư mục của kỳ: trả lời, ghi tên, lưu lại; vài phút sau được rà soát lại.

- **{run_states.REVIEWED}**: không có lỗi nào.
- **{run_states.REVIEWED_ERRORS}**: có lỗi; mỗi lỗi có tệp, ô và việc cần làm.
- **{run_states.WAITING}**: chưa có tệp nào của kỳ.
- **{run_states.FAILED}**: không đọc được; dòng cuối của nhật ký cho biết phải làm gì.
"""


@entry_flow("Rà soát số liệu", DESCRIPTION, "{period} · rà soát", TIMEOUT_SECONDS)
def check_period(period: PeriodField, rulebook: RulebookField = APPLYING, every_layout: LayoutsField = False) -> Any:
    """Read, check and score provisionally. Writes artifacts and the review. Returns the final state.

    `every_layout`: `cach-doc.xlsx` gets how every export was read, as `tthc layouts` does, and not only open questions.
    """
    job = Job.of(period, default_data_dir(), rulebook_id(rulebook))
    run_names.tag_run(period, KIND)
    logger = get_run_logger()
    with lines_to(logger.info), progress_bar(job) as progress:
        try:
            name, message = _run(job, every_layout)
        except Exception as error:
            progress.end(run_states.FAILED)
            return failed_state(job, KIND, error)
        progress.end(name, full=name != run_states.WAITING)
    logger.info(terminal_text(message))
    return Completed(name=name, message=message)


def _run(job: Job, every_layout: bool) -> tuple[str, str]:
    """The name and the message of the final state. Raises JobFailed."""
    with job.lock():
        handle = Handle(job)
        try:
            inputs = task_result(tasks.read_inputs_task(handle))
        except NothingArrived as nothing:
            remove_review(job)
            reminder = Reminder.nothing_arrived(job)
            artifacts.write_reminder_artifact(job, reminder)
            run_names.rename_run(run_names.run_name(job, KIND, run_states.WAITING.lower()))
            return run_states.WAITING, str(nothing)
        checked = task_result(tasks.check_inputs_task(handle, inputs))
        scored = task_result(tasks.score_provisionally_task(handle, checked)).value
    summary = review_summary(scored, inputs.value.raw.sent_out)
    artifacts.write_review_artifacts(job, checked.value, scored, summary)
    for line in write_questions(job, inputs.value, everything=every_layout):
        report_line(line)
    for line in (*reminder_lines(job, inputs.value, checked.value), *template_notes(job, scored)):
        report_line(line)
    review = write_review(job, inputs.value, scored, summary)
    for line in review.lines:
        report_line(line)
    folder = os.path.relpath(review.folder, job.raw)
    report_line(write_beside(job.raw, render_review(scored, review.copies, folder, summary)))
    count = {severity: int((scored.findings["severity"] == severity).sum()) for severity in SEVERITY_NAMES}
    counts = ", ".join(f"{vn_int(count[s])} {name.lower()}" for s, name in SEVERITY_NAMES.items())
    run_names.rename_run(run_names.run_name(job, KIND, counts))
    name = run_states.REVIEWED_ERRORS if count["error"] else run_states.REVIEWED
    return name, f"Đã rà soát {job.period.name}: {counts}. Chưa công bố gì."
