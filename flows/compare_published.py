"""The deployment `so-sanh-hai-ban`: what differs between two published revisions of a period, as `tthc diff` does."""

from typing import Annotated, Any

from flows.command_flow import TIMEOUT_SECONDS, Outcome, run_command
from flows.commands.diff import compare_periods, compare_revisions, is_period, newest_two, write_comparison
from flows.commands.history import history_lines
from flows.commands.usage_errors import UsageError
from flows.pages import artifacts
from flows.pages.form_fields import APPLYING, TEXT, PeriodText, RulebookField, form_field
from flows.scoring_flow import entry_flow
from flows.steps import run_states
from flows.steps.job import Job
from flows.steps.shared_paths import office_path
from pipeline.load.content.changes import changes_title, side_names
from pipeline.publish.revision_diff import Changes
from pipeline.text import vn_int

#: the kind of run for its name and tag
KIND = "so sánh hai bản"

DESCRIPTION = f"""So sánh hai bản đã công bố của một kỳ: số liệu, điểm, xếp loại, thứ hạng nào khác, và vì sao.

Để trống cả hai ô bản thì so bản mới nhất với bản ngay trước. Ghi một kỳ khác (như 2022-Q1) vào ô Bản trước thì so hai
kỳ với nhau. Kết quả ở trang “Artifacts” và trong một tệp Excel ở
thư mục out/‹kỳ›; cùng trang đó có danh sách các bản của kỳ.

- **{run_states.COMPARED}**: đã có kết quả; không tệp nào đã công bố bị đổi.
- **{run_states.FAILED}**: dòng cuối của nhật ký và ô State Message cho biết vì sao và phải làm gì.
"""


@entry_flow("So sánh hai bản", DESCRIPTION, "{period} · so sánh hai bản", TIMEOUT_SECONDS)
def compare_published(
    period: PeriodText,
    before: Annotated[
        str, TEXT, form_field("Bản trước", "Như r1, hoặc một kỳ như 2022-Q1; để trống: bản ngay trước", max_length=20)
    ] = "",
    after: Annotated[str, TEXT, form_field("Bản sau", "Như r2; để trống: bản mới nhất", max_length=20)] = "",
    rulebook: RulebookField = APPLYING,
) -> Any:
    """Compare two revisions, by default the newest with the one before it. Returns the final state."""
    return run_command(period, KIND, lambda job: _run(job, before.strip(), after.strip()), rulebook, summed=True)


def _run(job: Job, before: str, after: str) -> Outcome:
    """Raises UsageError for revisions that do not exist, JobFailed if one cannot be read or the disk refuses."""
    artifacts.write_history_artifact(job, history_lines(job.published, job.period))
    if not after and is_period(before):
        return _outcome(job, compare_periods(job, before))
    if bool(before) != bool(after):
        raise UsageError("Mới ghi một trong hai bản: ghi cả “Bản trước” và “Bản sau”, hoặc để trống cả hai.")
    if not before:
        before, after = newest_two(job)
    return _outcome(job, compare_revisions(job, before, after))


def _outcome(job: Job, found: Changes) -> Outcome:
    artifacts.write_comparison_artifact(job, found)
    path = office_path(write_comparison(job, found), job.data_dir)
    results = vn_int(found.results)
    return Outcome(
        run_states.COMPARED,
        f"{changes_title(found)}: {results} khác biệt về số liệu, điểm, xếp loại, thứ hạng. Tệp: {path}",
        (" → ".join(side_names(found)), f"{results} khác biệt"),
    )
