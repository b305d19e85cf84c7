"""One run of a period, step by step, without Prefect: `tthc score --direct` calls the steps in a row, the
flow one task each.

Read -> check -> score -> write the reports (or find that nothing changed) -> publish, all under the
period's lock. Clock, environment and disk live here, so that `pipeline/` needs none of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flows.steps.failures import JobFailed, NothingArrived, on_a_share
from flows.steps.manifest_draft import draft_manifest
from flows.steps.progress import counting, say, shown, step
from flows.steps.published import later_notes, later_published, load_past
from flows.steps.raw_folder import RawFiles, read_raw
from flows.steps.shared_paths import told
from flows.steps.unchanged import Again, refusal
from pipeline import quarter
from pipeline.load.content.frame_rows import field_of
from pipeline.periods import Period
from pipeline.publish import revisions
from pipeline.publish.atomic_files import passing
from pipeline.publish.fingerprint import sha256
from pipeline.publish.published_quarters import PastQuarter
from pipeline.publish.revision_diff import CHANGES_FILE, Changes, IncomparableError, changes, read_frames, read_revision
from pipeline.registry import RegistryError
from pipeline.result import Checked, Scored, Stamp
from pipeline.rulebooks import RulebookChoice, choose, installed
from schemas.manifest import Manifest, Signing

READING = "Đọc tệp"


@dataclass(frozen=True)
class Job:
    """What is asked for. `data_dir` holds raw/, reference/ and out/.

    `automatic`: the schedule asks. Its reason is a note and does not decide that a signed report is replaced.
    """

    period: Period
    data_dir: Path
    choice: RulebookChoice
    reason: str = ""
    strict: bool = False
    requested_by: str = ""
    automatic: bool = False

    @classmethod
    def of(
        cls,
        period: str,
        data_dir: Path,
        rulebook: str | None,
        reason: str = "",
        strict: bool = False,
        requested_by: str = "",
        *,
        automatic: bool = False,
    ) -> Job:
        """From what was typed. Raises ValueError, in Vietnamese, for an impossible period or rulebook.

        Raises JobFailed where an installed rulebook cannot be used: nobody typed that.
        """
        parsed = Period.parse(period)
        try:
            installed()
        except ValueError as error:
            raise JobFailed(str(error)) from None
        choice = choose(parsed, rulebook or None)
        said, asked_by = (" ".join(text.split()) for text in (reason, requested_by))
        return cls(parsed, data_dir, choice, said, strict, asked_by, automatic)

    @property
    def raw(self) -> Path:
        """Where the period's files arrive."""
        return self.data_dir / "raw" / str(self.period)

    @property
    def out(self) -> Path:
        """The period's output folder: its lock, whatever the rulebook."""
        return self.data_dir / "out" / str(self.period)

    @property
    def folder(self) -> Path:
        """Where its revisions stand: an alternative's in a folder of its own."""
        rulebook = self.choice.rulebook
        if self.choice.alternative and rulebook is not None:
            return self.out / revisions.ALTERNATIVES / rulebook.id
        return self.out

    @contextmanager
    def lock(self) -> Iterator[None]:
        """A second run of the period waits. Raises JobFailed where nothing can be written, or no data folder is there:
        made anew, an empty one would pass for a period of which nothing has arrived.
        """
        if not self.data_dir.is_dir():
            raise JobFailed(f"Không có thư mục dữ liệu {self.data_dir}: kiểm tra ổ đĩa mạng.", passing=True)
        try:
            with revisions.period_lock(self.out, lambda: say("Kỳ này đang được chạy ở nơi khác; đợi đến lượt …")):
                yield
        except revisions.PublishError as error:
            raise JobFailed(str(error), passing=error.passing) from None


@dataclass(frozen=True)
class Inputs:
    """What was read: the period's tables and forms, and the hashes that the manifest needs."""

    reading: quarter.Reading
    raw: RawFiles
    registry_sha256: str
    past: tuple[PastQuarter, ...] = ()  # published quarters before, newest first


@dataclass(frozen=True)
class Draft:
    """A revision ready to be published, or `unchanged`: the revision that stands already says all this.

    `refused`: Vietnamese, why it must not be published and what to do; "" where it may be published.
    """

    manifest: Manifest
    files: dict[str, bytes]
    unchanged: bool
    notes: tuple[str, ...]  # Vietnamese, of revisions that are not as they were published
    found: Changes | None = None  # against the revision that stands; None: there is none to compare with
    refused: str = ""


@dataclass(frozen=True)
class Outcome:
    """How a run ended."""

    manifest: Manifest
    path: Path  # the revision's folder
    unchanged: bool
    notes: tuple[str, ...]

    @property
    def state(self) -> str:
        """Completed | CompletedWithExclusions | Unchanged."""
        if self.unchanged:
            return "Unchanged"
        return "CompletedWithExclusions" if self.manifest.set_aside else "Completed"


@on_a_share()
def read_inputs(job: Job) -> Inputs:
    """Step 1. Raises JobFailed without any file, or with a registry that cannot be used."""
    try:
        raw = read_raw(job.raw)
    except FileNotFoundError:
        raise NothingArrived(_no_input(job)) from None
    except OSError as error:
        raise JobFailed(f"Không đọc được thư mục {job.raw}: {error.strerror}.", passing=passing(error)) from None
    if not raw.files and not raw.findings:
        raise NothingArrived(_no_input(job))
    step(1, READING, f"{len(raw.files)} tệp trong {shown(job.raw)}")
    registry = job.data_dir / "reference" / "units.csv"
    try:
        data = registry.read_bytes()
    except OSError as error:
        raise JobFailed(
            f"Không đọc được danh mục đơn vị {registry}: {_why(error)}. Việc cần làm: đặt tệp units.csv vào đó (từ bản "
            "sao lưu), cho chương trình quyền đọc tệp, rồi chạy lại.",
            passing=passing(error),
        ) from None
    try:
        later = later_published(job.data_dir / "out", job.period)
        reading = quarter.read_period(
            job.period, raw.files, data, (*raw.findings, *later), counting(raw.files, 1, READING)
        )
    except RegistryError as error:
        raise JobFailed(f"Danh mục đơn vị không dùng được – {error}") from None
    return Inputs(reading, raw, sha256(data), load_past(job.data_dir / "out", job.period))


def check_counts(job: Job, inputs: Inputs) -> Checked:
    """Step 2. Raises JobFailed when no file holds a count."""
    checked = check_inputs(job, inputs)
    if checked.counts.empty:
        raise NothingArrived(no_counts(job))
    return checked


def check_inputs(job: Job, inputs: Inputs) -> Checked:
    """What was read, corrected and reconciled, counts or not."""
    step(2, "Kiểm tra số liệu", f"{len(inputs.raw.files)} tệp")
    return quarter.check(inputs.reading, inputs.past)


def no_counts(job: Job, *, listed: bool = False) -> str:
    """What to tell an analyst when no file holds a count. `listed`: the files and what is wrong stand above."""
    why = "Từng tệp vì sao: xem ở trên." if listed else f"“tthc check {job.period}” cho biết từng tệp vì sao."
    return f"Không tệp nào trong {told(job.raw, job.data_dir)} cho số liệu đếm hồ sơ của {job.period.name}. {why}"


def score_units(job: Job, checked: Checked) -> Scored:
    """Step 3. Raises JobFailed under `strict` when the findings hold an error."""
    units = int((checked.entities["kind"] == "unit").sum())
    rulebook = job.choice.rulebook
    step(3, "Chấm điểm", f"{units} đơn vị, theo {rulebook.short}" if rulebook else "chưa có căn cứ chấm điểm")
    scored = quarter.score(checked, job.choice)
    errors = int((scored.findings["severity"] == "error").sum())
    if job.strict and errors:
        raise JobFailed(
            f"Đã chọn dừng khi có lỗi (--strict): có {errors} lỗi trong số liệu nên không công bố gì. Từng lỗi và cách "
            f"sửa: trang ra-soat-{str(job.period).lower()} của lần rà soát, hoặc “tthc check {job.period}”."
        )
    return scored


@on_a_share()
def write_reports(job: Job, inputs: Inputs, scored: Scored) -> Draft:
    """Step 4, under the lock. The revision's files, or `unchanged`: the current revision has the same inputs and text.

    If the inputs are the same, the text is another one and a report of the period was signed, the draft is refused
    unless somebody gave a reason.
    """
    step(4, "Lập báo cáo", "báo cáo, bảng chấm điểm, các bảng số liệu")
    try:
        stands = revisions.settle(job.folder)
    except revisions.PublishError as error:
        raise JobFailed(str(error), passing=error.passing) from None
    signing = _signing(job)
    manifest = draft_manifest(
        scored,
        job.choice,
        inputs.raw,
        inputs.registry_sha256,
        stands,
        job.reason,
        job.requested_by,
        signing,
        [q.used for q in inputs.past],
    )
    before = stands.manifest
    notes = [*stands.damage, *later_notes(job.data_dir / "out", job.period)]
    again = Again.of(stands, manifest, signing, scored)
    if again is not None and again.unchanged(manifest):
        return Draft(again.manifest, {}, True, tuple(notes))
    tables, found = quarter.csv_tables(scored), None
    files: dict[str, bytes] = {}
    if before is not None and stands.path is not None:
        try:
            found = changes(read_revision(stands.path, before), read_frames(tables, manifest))
        except IncomparableError as error:
            notes.append(f"Không so sánh được với bản {before.revision}: {error}.")
            files[CHANGES_FILE] = f"Không so sánh được với bản {before.revision}: {error}.\n".encode()
    if again is not None and signing is not None and (job.automatic or not job.reason):
        return Draft(manifest, {}, False, tuple(notes), found, refusal(again, manifest, signing, found))
    files |= quarter.render(scored, Stamp.of(manifest), tables, found)
    number = field_of(scored.checked, "report_number")
    if manifest.replaces and number in {s.number for s in revisions.read_signings(job.out)}:
        notes.append(f"Số báo cáo vẫn là {number} của một báo cáo đã ký: báo cáo thay thế phải có số mới.")
    return Draft(manifest, files, False, tuple(notes), found)


def _signing(job: Job) -> Signing | None:
    """What the period has signed; an alternative replaces nothing."""
    try:
        return None if job.choice.alternative else revisions.signed(job.out)
    except ValueError as error:
        raise JobFailed(str(error)) from None


@on_a_share()
def publish(job: Job, draft: Draft, flow_run_id: str | None = None) -> Outcome:
    """Step 5, under the lock. Raises JobFailed, publishing nothing, where the draft is refused or the disk does not
    take it.
    """
    if draft.refused:
        raise JobFailed(draft.refused)
    if draft.unchanged:
        step(5, "Công bố", f"không có gì thay đổi so với bản {draft.manifest.revision}")
        return Outcome(draft.manifest, job.folder / draft.manifest.revision, True, draft.notes)
    now = dt.datetime.now().astimezone().replace(microsecond=0)
    manifest = draft.manifest.model_copy(update={"created_at": now, "flow_run_id": flow_run_id})
    try:
        path = revisions.publish(job.folder, draft.files, manifest)
    except revisions.PublishError as error:
        raise JobFailed(str(error), passing=error.passing) from None
    step(5, "Công bố", f"bản {manifest.revision}, {len(draft.files) + 1} tệp")
    return Outcome(manifest, path, False, draft.notes)


def run(job: Job) -> Outcome:
    """The whole path, without Prefect. Raises JobFailed."""
    with job.lock():
        inputs = read_inputs(job)
        checked = check_counts(job, inputs)
        scored = score_units(job, checked)
        draft = write_reports(job, inputs, scored)
        return publish(job, draft)


def _no_input(job: Job) -> str:
    return (
        f"Chưa có tệp số liệu nào của {job.period.name}: đặt các tệp xuất từ cổng dịch vụ công vào "
        f"{told(job.raw, job.data_dir)} rồi chạy lại."
    )


def _why(error: OSError) -> str:
    return "không có tệp này" if isinstance(error, FileNotFoundError) else error.strerror or type(error).__name__
