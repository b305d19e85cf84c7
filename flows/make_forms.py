"""The deployment `tao-bieu`: makes the forms of a period and the workbooks of its units, as `tthc forms` does."""

from typing import Any

from flows.command_flow import TIMEOUT_SECONDS, Outcome, run_command
from flows.commands.forms import write_forms
from flows.pages import artifacts
from flows.pages.form_fields import PeriodText
from flows.scoring_flow import entry_flow
from flows.steps import run_states
from flows.steps.job import Job
from flows.steps.progress import report_line
from flows.steps.shared_paths import office_path

#: the kind of run for its name and tag
KIND = "tạo biểu"

DESCRIPTION = f"""Tạo các biểu của một kỳ (bo-sung, dieu-chinh, tu-cham, giai-trinh, tham-dinh,
phan-loai), phiếu của từng đơn vị.

Thư mục của kỳ chưa có thì được tạo. Đặt tệp xuất từ cổng vào thư mục đó *trước*: số của cổng được ghi sẵn vào phiếu
và biểu giải trình. Chạy lại bao nhiêu lần cũng được: ô đã nhập không bao giờ bị ghi đè; biểu chưa ai nhập thì số ghi
sẵn được cập nhật. Danh sách các tệp và nơi để ở trang “Artifacts”.

- **{run_states.FORMS_MADE}**: các biểu đã ở trong thư mục của kỳ.
- **{run_states.FAILED}**: dòng cuối của nhật ký và ô State Message cho biết vì sao và phải làm gì.
"""


@entry_flow("Tạo biểu", DESCRIPTION, "{period} · tạo biểu", TIMEOUT_SECONDS)
def make_forms(period: PeriodText) -> Any:
    """Make the forms of a period that are not there yet, and update those that are blank. Returns the final state."""
    return run_command(period, KIND, _run)


def _run(job: Job) -> Outcome:
    """Raises JobFailed."""
    lines = []
    for line in write_forms(job):
        report_line(line)
        lines.append(line)
    folder = office_path(job.raw, job.data_dir)
    artifacts.write_forms_artifact(job, folder, lines)
    return Outcome(run_states.FORMS_MADE, f"Các biểu của {job.period.name} ở {folder}.", ())
