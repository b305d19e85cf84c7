"""Step 4 of a run: the draft of the next revision, or the finding that the current revision is still right."""

from __future__ import annotations

from collections.abc import Mapping

from flows.steps.failures import JobFailed, publish_errors_as_failures
from flows.steps.job import Job
from flows.steps.manifest_draft import draft_manifest
from flows.steps.other_quarters import later_quarter_notes
from flows.steps.rerun import Rerun, refusal_text
from flows.steps.run_values import Draft, Inputs
from pipeline import quarter
from pipeline.load.content.frame_rows import report_field
from pipeline.publish import revisions
from pipeline.publish.revision_diff import CHANGES_FILE, Changes, changes
from pipeline.publish.revision_tables import IncomparableError, read_frames, read_revision
from pipeline.publish.signed_revisions import read_signings, signed
from pipeline.result import Scored, Stamp
from schemas.manifest import Manifest, Signing


def draft_revision(job: Job, inputs: Inputs, scored: Scored) -> Draft:
    """The draft of the next revision. Call it under the period's lock: a killed run's remains are cleaned up.

    If the inputs are those of the current revision and the text is the same, the draft is `unchanged`. If only the text
    differs and a report of the period was signed, the draft is `refused` unless a person gave a reason. Raises
    JobFailed if the folder of revisions or the record of signings cannot be used, OSError if a share does not answer.
    """
    with publish_errors_as_failures():
        current = revisions.recover(job.folder)
    signing = _signing(job)
    past = [before.used for before in inputs.past]
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
    )
    notes = (*current.damage, *later_quarter_notes(job.published, job.period))
    rerun = Rerun.of(current, manifest, signing, scored)
    if rerun is not None and rerun.unchanged(manifest):
        return Draft(rerun.manifest, {}, True, notes)
    tables = quarter.csv_tables(scored)
    found, problem = _changes(current, manifest, tables)
    notes += (problem,) if problem else ()
    if rerun is not None and signing is not None and (job.automatic or not job.reason):
        return Draft(manifest, {}, False, notes, found, refusal_text(rerun, manifest, signing, found))
    files = {CHANGES_FILE: f"{problem}\n".encode()} if problem else {}
    files |= quarter.render(scored, Stamp.of(manifest), tables, found)
    return Draft(manifest, files, False, (*notes, *_number_notes(job, scored, manifest)), found)


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
