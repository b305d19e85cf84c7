"""`ra-soat-so-lieu`: read and check a period, leave what was found beside its files, publish nothing."""

import os
from typing import Any

from prefect import get_run_logger
from prefect.states import Completed

from flows.commands.review import forget_review, write_review
from flows.commands.review_file import leave_beside
from flows.pages import artifacts, run_names
from flows.pages.form_fields import APPLYING, PeriodField, RulebookField, chosen
from flows.pages.progress_bar import bar
from flows.scoring_flow import entry, failed
from flows.server.runtime import default_data_dir
from flows.steps import run_states, tasks
from flows.steps.failures import NothingArrived
from flows.steps.job import Job
from flows.steps.progress import listening, say
from flows.steps.reminder import Reminder
from flows.steps.tasks import Handle, done
from pipeline.finding_catalogue import SEVERITY_NAMES
from pipeline.load.review.review_workbook import render_review
from pipeline.text import vn_int

KIND = "rà soát"
TIMEOUT_SECONDS = 60 * 60

DESCRIPTION = f"""Rà soát số liệu của một kỳ: đọc các tệp, kiểm tra, tính điểm tạm. Không công bố gì.

Chạy tự động vài phút sau khi có tệp mới hoặc tệp được sửa trong thư mục của kỳ. Kết quả: các phát hiện và
điểm tạm tính ở trang “Artifacts”, và tệp ket-qua-ra-soat.xlsx trong thư mục đó; bản đánh dấu của từng tệp (ô có
phát hiện được tô màu, có ghi chú) ở thư mục out/‹kỳ›/ra-soat.

- **{run_states.REVIEWED}**: không có lỗi nào.
- **{run_states.REVIEWED_ERRORS}**: có lỗi; mỗi lỗi có tệp, ô và việc cần làm.
- **{run_states.WAITING}**: chưa có tệp nào của kỳ.
- **{run_states.FAILED}**: không đọc được; dòng cuối của nhật ký cho biết phải làm gì.
"""


@entry("Rà soát số liệu", DESCRIPTION, "{period} · rà soát", TIMEOUT_SECONDS)
def check_period(period: PeriodField, rulebook: RulebookField = APPLYING) -> Any:
    """Read and check; findings and provisional scores as artifacts and as a workbook beside the files."""
    job = Job.of(period, default_data_dir(), chosen(rulebook))
    run_names.tag(period, KIND)
    logger = get_run_logger()
    with listening(logger.info), bar(job) as progress:
        try:
            name, message = _run(job)
        except Exception as error:
            progress.end(run_states.FAILED)
            return failed(job, KIND, error)
        progress.end(name, full=name != run_states.WAITING)
    logger.info(message)
    return Completed(name=name, message=message)


def _run(job: Job) -> tuple[str, str]:
    """The state's name and message."""
    with job.lock():
        handle = Handle(job)
        try:
            inputs = done(tasks.read_inputs(handle))
        except NothingArrived as nothing:
            forget_review(job)
            reminder = Reminder.of_nobody(job)
            artifacts.leave_reminder(job, reminder)
            run_names.rename(run_names.name(job, KIND, run_states.WAITING.lower()))
            return run_states.WAITING, str(nothing)
        checked = done(tasks.check_inputs(handle, inputs))
        scored = done(tasks.score_provisionally(handle, checked)).value
    artifacts.leave_review(job, checked.value, scored)
    review = write_review(job, inputs.value, scored)
    for line in review.lines:
        say(line)
    say(leave_beside(job.raw, render_review(scored, review.copies, os.path.relpath(review.folder, job.raw))))
    count = {severity: int((scored.findings["severity"] == severity).sum()) for severity in SEVERITY_NAMES}
    said = ", ".join(f"{vn_int(count[s])} {name.lower()}" for s, name in SEVERITY_NAMES.items())
    run_names.rename(run_names.name(job, KIND, said))
    name = run_states.REVIEWED_ERRORS if count["error"] else run_states.REVIEWED
    return name, f"Đã rà soát {job.period.name}: {said}. Chưa công bố gì."
