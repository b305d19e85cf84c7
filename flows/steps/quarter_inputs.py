"""Step 1 of a half-year or year: its published quarters instead of a raw folder.

Of each quarter the signed revision is used, else the current one. A quarter that is missing, altered or scored by
another rulebook is refused: nothing is summed up in part.
"""

from __future__ import annotations

from flows.steps.failures import JobFailed
from flows.steps.job import Job
from flows.steps.progress import report_step
from flows.steps.raw_folder import RawFiles
from flows.steps.run_values import Inputs
from flows.steps.stored_registry import registry_error_text, stored_registry
from pipeline import quarter
from pipeline.periods import Period
from pipeline.publish.fingerprint import rulebook_hash, sha256
from pipeline.publish.revisions import VERIFY, published_file
from pipeline.publish.signed_revisions import ReferenceRevision, reference_revision
from pipeline.publish.signing import report_name
from pipeline.registry_file import RegistryError
from pipeline.summed.quarter_tables import NEEDED, PublishedQuarter, UnequalQuartersError


def read_quarters(job: Job) -> Inputs:
    """The summed quarters of the job's half-year or year. Raises JobFailed where they cannot be summed up."""
    quarters = job.period.quarters
    if not all(quarters[0].same_bodies(period) for period in quarters):
        raise JobFailed(
            f"{_upper(job.period.name)} có quý trước và quý sau ngày 01/7/2025, khi không còn cấp huyện: đơn vị cùng "
            "tên là đơn vị khác, không cộng được. Việc cần làm: tổng hợp từng nửa năm (như "
            f"{job.period.year}-H1 và {job.period.year}-H2)."
        )
    references = {period: reference_revision(job.published, period) for period in quarters}
    missing = [period for period, found in references.items() if found is None]
    if missing:
        raise JobFailed(_missing_text(job.period, missing))
    published = [_published(job, period, found) for period, found in references.items() if found is not None]
    report_step(1, "Đọc các quý", "; ".join(q.shown for q in published))
    registry = stored_registry(job.data_dir).data
    try:
        reading = quarter.read_summed(job.period, published, registry, job.choice.rulebook, job.office)
    except RegistryError as error:
        raise JobFailed(registry_error_text(error)) from None
    except UnequalQuartersError as error:
        raise JobFailed(str(error)) from None
    files = {f"{q.folder}/{name}": data for q in published for name, data in q.files.items()}
    return Inputs(reading, RawFiles(files, ()), sha256(registry))


def _published(job: Job, period: Period, found: ReferenceRevision) -> PublishedQuarter:
    manifest = found.manifest
    signed = f", đã ký {_lower(report_name(found.signing))}" if found.signing is not None else ""
    shown = f"{period.name} (bản {manifest.revision}{signed})"
    used, now = manifest.rulebook, job.choice.rulebook
    if now is None or used is None or (used.id, used.sha256) != (now.id, rulebook_hash(now)):
        then = used.short or used.id if used is not None else "không có quy định nào"
        today = now.short if now is not None else "không có quy định nào"
        same = " (nội dung tệp quy định đã khác)" if used is not None and now is not None and used.id == now.id else ""
        raise JobFailed(
            f"{_upper(shown)} chấm theo {then}, {job.period.name} theo {today}{same}: không tổng hợp được các quý chấm "
            "theo quy định khác nhau. Việc cần làm, chọn một: công bố lại quý đó theo cùng quy định (quý đã ký: ký bản "
            "thay thế) rồi chạy lại; hoặc tổng hợp nửa năm gồm các quý cùng quy định; hoặc báo cáo từng quý."
        )
    files = {name: published_file(found.path, manifest, name) for name in NEEDED}
    altered = [name for name, data in files.items() if data is None]
    if altered or found.altered:
        names = ", ".join(dict.fromkeys([*altered, *found.altered]))
        raise JobFailed(
            f"{_upper(shown)}: {names} thiếu hoặc đã bị sửa sau khi công bố ({VERIFY}), nên không tổng hợp. Việc cần "
            f"làm: chép lại bản đó từ nơi lưu dự phòng, hoặc công bố lại quý: tthc score {period} --reason “…”."
        )
    return PublishedQuarter(
        period, f"{period}/{manifest.revision}", shown, {n: d for n, d in files.items() if d is not None}
    )


def _missing_text(period: Period, missing: list[Period]) -> str:
    first = missing[0]
    return (
        f"Chưa công bố {', '.join(p.name for p in missing)} nên chưa tổng hợp được {period.name}. Việc cần làm: chấm "
        f"điểm, công bố quý đó trước (tthc score {first}; trên trang Prefect: cham-diem-lai), rồi chạy lại."
    )


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
