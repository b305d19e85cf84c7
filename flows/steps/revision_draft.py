"""Step 4 of a run: the draft of the next revision, or the finding that the current revision is still right."""

from __future__ import annotations

from collections.abc import Mapping

from flows.steps.failures import JobFailed, publish_errors_as_failures
from flows.steps.job import Job
from flows.steps.manifest_draft import draft_manifest
from flows.steps.other_quarters import later_quarter_notes, load_published_scores
from flows.steps.pdf import print_report
from flows.steps.rerun import Rerun, refusal_text
from flows.steps.run_values import Draft, Inputs
from flows.steps.word_templates import own_template
from pipeline import quarter
from pipeline.load.content.frame_rows import report_field
from pipeline.load.content.sentences import lower_first
from pipeline.load.word.papers import REPORT, word_report
from pipeline.publish import revisions
from pipeline.publish.atomic_files import lock_holds
from pipeline.publish.publication import recover
from pipeline.publish.revision_diff import CHANGES_FILE, Changes, changes
from pipeline.publish.revision_tables import IncomparableError, read_frames, read_revision
from pipeline.publish.signed_revisions import read_signings, restore_signings, signed, signings_damage
from pipeline.result import Scored, Stamp
from pipeline.text import vn_int
from pipeline.validate.statuses import has_scorable_unit
from schemas.manifest import Manifest, Signing


def draft_revision(job: Job, inputs: Inputs, scored: Scored) -> Draft:
    """The draft of the next revision. Call it under the period's lock: a killed run's remains are cleaned up.

    If the inputs are those of the current revision and the text is the same, the draft is `unchanged`. It is `refused`
    where no unit can be scored; also where only the text differs, a report of the period was signed and no person gave
    a reason. Raises JobFailed if the folder of revisions or the record of signings cannot be used, OSError if a share
    does not answer.
    """
    locked = lock_holds(job.out)
    signings_note = signings_damage(job.out)
    with publish_errors_as_failures():
        current = recover(job.folder, locked=locked)
        restore_signings(job.out)
    signing = _signing(job)
    past = [before.used for before in inputs.past]
    template = own_template(job.data_dir, REPORT)
    manifest = draft_manifest(
        scored,
        job.choice,
        inputs.raw.without(inputs.reading.files.question_files),
        inputs.registry_sha256,
        current,
        job.reason,
        job.requested_by,
        signing,
        past,
        template.data,
    )
    notes = (
        *([] if locked else [job.no_lock_text]),
        *current.damage,
        *filter(None, [signings_note]),
        *later_quarter_notes(job.published, job.period),
    )
    if not has_scorable_unit(scored.checked.entities, by_rulebook=scored.rulebook is not None):
        return Draft(manifest, {}, False, notes, None, _nothing_scorable(job, current, scored))
    rerun = Rerun.of(current, manifest, signing, scored, template.data)
    keep = signing is not None and (job.automatic or not job.reason)
    if rerun is not None and rerun.unchanged(manifest, keep=keep):
        return Draft(rerun.manifest, {}, True, notes)
    tables = quarter.csv_tables(scored)
    found, problem = _changes(current, manifest, tables)
    notes += (problem,) if problem else ()
    if rerun is not None and signing is not None and keep:
        return Draft(manifest, {}, False, notes, found, refusal_text(rerun, manifest, signing, found))
    files = {CHANGES_FILE: f"{problem}\n".encode()} if problem else {}
    stamp = Stamp.of(manifest)
    word = word_report(scored, stamp, template.data)
    history = () if job.period.is_summed else load_published_scores(job.published, job.period)
    files |= quarter.render(scored, stamp, tables, found, word, history)
    notes += (*template.notes(word.problem), *_number_notes(job, scored, manifest))
    return Draft(manifest, files | print_report(word.data), False, notes, found)


def _nothing_scorable(job: Job, current: revisions.CurrentRevision, scored: Scored) -> str:
    """Vietnamese: why a quarter without any unit that can be scored is not published, and what to do."""
    reasons = scored.checked.entities.loc[scored.checked.entities["kind"] == "unit", "status_reason"].value_counts()
    why = "; ".join(f"{vn_int(int(units))} đơn vị: {lower_first(str(reason))}" for reason, units in reasons.items())
    kept = f" Bản {current.manifest.revision} còn nguyên." if current.manifest is not None else ""
    return (
        f"Không đơn vị nào của {job.period.name} có số liệu để chấm ({why}), nên không công bố gì.{kept} "
        f"Việc cần làm: sửa lỗi trong số liệu rồi chạy lại; từng lỗi và cách sửa: “tthc check {job.period}” "
        f"(trên trang Prefect: lần rà soát, trang ra-soat-{str(job.period).lower()})."
    )


def _signing(job: Job) -> Signing | None:
    """The signing that the new revision replaces. None for an alternative, which replaces nothing."""
    try:
        return None if job.choice.alternative else signed(job.out)
    except ValueError as error:
        raise JobFailed(str(error)) from None


def _changes(
    current: revisions.CurrentRevision, manifest: Manifest, tables: Mapping[str, bytes]
) -> tuple[Changes | None, str]:
    """The changes of `tables` against the current revision, or (None, why they cannot be compared, Vietnamese)."""
    before = current.manifest
    if before is None or current.path is None:
        return None, ""
    try:
        return changes(read_revision(current.path, before), read_frames(tables, manifest)), ""
    except IncomparableError as error:
        return None, f"Không so sánh được với bản {before.revision}: {error}."


def _number_notes(job: Job, scored: Scored, manifest: Manifest) -> list[str]:
    """A note if the report has the number of a signed report: a replacing report needs a new number."""
    number = report_field(scored.checked, "report_number")
    if manifest.replaces and number in {s.number for s in read_signings(job.out)}:
        return [f"Số báo cáo vẫn là {number} của một báo cáo đã ký: báo cáo thay thế phải có số mới."]
    return []
