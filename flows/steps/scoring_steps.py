"""The five steps of a run, without Prefect: read -> check -> score -> write the reports -> publish.

`run` calls them in a row under the period's lock (`tthc score --direct`). A flow runs each as a task
(flows/steps/tasks.py). Clock, environment and disk are used here and not in `pipeline/`.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from flows.steps.failures import JobFailed, NothingArrived, disk_errors_as_failures, publish_errors_as_failures
from flows.steps.job import Job
from flows.steps.layout_folder import read_with_answers
from flows.steps.other_quarters import later_quarter_findings, load_past_quarters
from flows.steps.progress import file_counter, report_step
from flows.steps.quarter_inputs import read_quarters
from flows.steps.quarters_index import write_quarters_index
from flows.steps.raw_folder import RawFiles, read_raw
from flows.steps.revision_draft import draft_revision
from flows.steps.run_values import Draft, Inputs, RunResult
from flows.steps.shared_paths import readable_path, typed_path
from flows.steps.stored_registry import registry_error_text, stored_registry
from pipeline import quarter
from pipeline.publish.atomic_files import is_transient
from pipeline.publish.fingerprint import sha256
from pipeline.publish.ledger import head_text, read_ledger
from pipeline.publish.publication import publish
from pipeline.publish.revision_state import RevisionState, revision_state
from pipeline.publish.signed_revisions import read_signings
from pipeline.registry_file import RegistryError
from pipeline.result import Checked, Scored
from schemas.manifest import Manifest

READING = "Đọc tệp"


def run(job: Job) -> RunResult:
    """All five steps under the period's lock. Raises JobFailed if nothing can be published."""
    with job.lock():
        inputs = read_inputs(job)
        checked = check_counts(job, inputs)
        scored = score_units(job, checked)
        draft = write_reports(job, inputs, scored)
        return publish_draft(job, draft)


@disk_errors_as_failures()
def read_inputs(job: Job) -> Inputs:
    """Step 1. Read the raw folder, the registry and the published quarters; of a half-year or year only its quarters.

    Raises NothingArrived if the raw folder has no file, JobFailed if the folder, the registry or the office's file
    cannot be used.
    """
    job.require_ready()
    if job.period.is_summed:
        return read_quarters(job)
    raw = _raw_files(job)
    report_step(1, READING, f"{len(raw.files)} tệp trong {typed_path(job.raw)}")
    registry = stored_registry(job.data_dir).data
    later = later_quarter_findings(job.published, job.period)
    findings = (*raw.findings, *later)
    try:
        with publish_errors_as_failures():
            reading = read_with_answers(job, raw.files, registry, findings, lambda: file_counter(raw.files, 1, READING))
    except RegistryError as error:
        raise JobFailed(registry_error_text(error)) from None
    return Inputs(reading, raw, sha256(registry), load_past_quarters(job.published, job.period))


def _raw_files(job: Job) -> RawFiles:
    try:
        raw = read_raw(job.raw)
    except FileNotFoundError:
        raise NothingArrived(_no_files_text(job)) from None
    except OSError as error:
        raise JobFailed(f"Không đọc được thư mục {job.raw}: {error.strerror}.", transient=is_transient(error)) from None
    if not raw.files and not raw.findings:
        raise NothingArrived(_no_files_text(job))
    return raw


def _no_files_text(job: Job) -> str:
    return (
        f"Chưa có tệp số liệu nào của {job.period.name}: đặt các tệp xuất từ cổng dịch vụ công vào "
        f"{readable_path(job.raw, job.data_dir)} rồi chạy lại."
    )


@disk_errors_as_failures()
def check_inputs(job: Job, inputs: Inputs) -> Checked:
    """Step 2. Correct and check what was read. The result may have no count."""
    report_step(2, "Kiểm tra số liệu", f"{len(inputs.raw.files)} tệp")
    return quarter.check(inputs.reading, inputs.past)


def check_counts(job: Job, inputs: Inputs) -> Checked:
    """Step 2 of a run that publishes: `check_inputs`, and NothingArrived if no file has a count or published points."""
    checked = check_inputs(job, inputs)
    if checked.counts.empty and checked.portal_points.empty:
        raise NothingArrived(no_counts_text(job))
    return checked


def no_counts_text(job: Job, *, listed: bool = False) -> str:
    """Vietnamese: no file contains a count. `listed`: the files and their findings are printed above already."""
    review = f"“Rà soát số liệu” (tthc check {job.period})"
    why = "Từng tệp vì sao: xem ở trên." if listed else f"{review} cho biết từng tệp vì sao."
    folder = readable_path(job.raw, job.data_dir)
    return f"Không tệp nào trong {folder} cho số liệu đếm hồ sơ của {job.period.name}. {why}"


@disk_errors_as_failures()
def score_units(job: Job, checked: Checked) -> Scored:
    """Step 3. Score units and levels. Raises JobFailed under `strict` if a finding is an error."""
    units = int((checked.entities["kind"] == "unit").sum())
    rulebook = job.choice.rulebook
    report_step(3, "Chấm điểm", f"{units} đơn vị, theo {rulebook.short}" if rulebook else "chưa có căn cứ chấm điểm")
    scored = quarter.score(checked, job.choice)
    errors = int((scored.findings["severity"] == "error").sum())
    if job.strict and errors:
        raise JobFailed(
            f"Đã chọn dừng khi có lỗi (--strict): có {errors} lỗi trong số liệu nên không công bố gì. Từng lỗi và cách "
            f"sửa: trang ra-soat-{str(job.period).lower()} của lần rà soát, hoặc tthc check {job.period}."
        )
    return scored


@disk_errors_as_failures()
def write_reports(job: Job, inputs: Inputs, scored: Scored) -> Draft:
    """Step 4, under the lock. Render the files of the next revision in memory, or find that nothing changed.

    Raises JobFailed if the folder of revisions or the record of signings cannot be used.
    """
    report_step(4, "Lập báo cáo", "báo cáo, bảng chấm điểm, các bảng số liệu")
    return draft_revision(job, inputs, scored)


@disk_errors_as_failures()
def publish_draft(job: Job, draft: Draft, flow_run_id: str | None = None) -> RunResult:
    """Step 5, under the lock. Publish the draft as a revision, or nothing if it is unchanged.

    Raises JobFailed if the draft is refused or the disk does not take it; nothing is published then.
    """
    if draft.refused:
        raise JobFailed(draft.refused)
    if draft.unchanged:
        report_step(5, "Công bố", f"không có gì thay đổi so với bản {draft.manifest.revision}")
        path = job.folder / draft.manifest.revision
        signature = _signature(job, path, draft.manifest)
        return RunResult(draft.manifest, path, True, draft.notes, signature, head_text(read_ledger(job.published)))
    now = dt.datetime.now().astimezone().replace(microsecond=0)
    manifest = draft.manifest.model_copy(update={"created_at": now, "flow_run_id": flow_run_id})
    with publish_errors_as_failures():
        path = publish(job.folder, draft.files, manifest)
    report_step(5, "Công bố", f"bản {manifest.revision}, {len(draft.files) + 1} tệp")
    signature = _signature(job, path, manifest)
    notes = (*draft.notes, *filter(None, [write_quarters_index(job.published)]))
    return RunResult(manifest, path, False, notes, signature, head_text(read_ledger(job.published)))


def _signature(job: Job, path: Path, manifest: Manifest) -> RevisionState | None:
    """The state of the revision before its signature. A damaged record of signings was refused in step 4."""
    return revision_state(path, manifest, () if manifest.alternative else read_signings(job.out))
