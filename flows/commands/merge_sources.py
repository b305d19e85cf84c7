"""The offices that `tthc merge` reads: folders or names of offices, and the revision of each that can be used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flows.commands.usage_errors import UsageError
from flows.steps.failures import JobFailed
from flows.steps.known_offices import known_offices, offices_file
from flows.steps.other_quarters import published_periods
from flows.steps.shared_paths import typed_path
from flows.steps.stored_office import stored_office
from pipeline.merged.office_revision import FIELDS, NEEDED, OfficeRevision, published_counts, published_name
from pipeline.periods import Period
from pipeline.publish.ledger import LEDGER, read_ledger
from pipeline.publish.published_scores import published_scores
from pipeline.publish.revisions import CURRENT, MANIFEST, SIGNED, current_revision, file_hash, published_file
from pipeline.publish.signed_revisions import ReferenceRevision, reference_revision
from pipeline.publish.verification import verify
from pipeline.text import shortened_list


@dataclass(frozen=True)
class MergeSource:
    """An office to merge. `label`: as the user named it; `data_dir`: None where only its `out` is there."""

    label: str
    out: Path
    data_dir: Path | None


def merge_sources(named: Sequence[str]) -> list[MergeSource]:
    """The offices named by folder or by name; without any, all that have a name on this machine.

    A folder is a data folder, or the `out` of one. Raises UsageError for a folder without publications, an unknown
    name, a folder that is named twice, and for fewer than two offices.
    """
    offices = known_offices() if not named or not all(Path(text).is_dir() for text in named) else {}
    sources = [_source(text, offices) for text in named or offices]
    for number, source in enumerate(sources):
        same = next((s for s in sources[:number] if s.out.resolve() == source.out.resolve()), None)
        if same is not None:
            raise UsageError(f"{same.label} và {source.label} là cùng một thư mục ({source.out}): bỏ một trong hai.")
    if len(sources) < 2:
        known = ", ".join(known_offices()) or "chưa có"
        raise UsageError(
            "Gộp cần ít nhất hai địa phương: ghi --from cho từng thư mục dữ liệu, hoặc đặt tên văn phòng bằng “tthc "
            f"init --office TÊN --data THƯ_MỤC” (đã đặt trong {offices_file()}: {known})."
        )
    return sources


def _source(text: str, offices: dict[str, Path]) -> MergeSource:
    folder = Path(text) if Path(text).is_dir() or text not in offices else offices[text]
    shown = text if text in offices else typed_path(folder)
    if not folder.is_dir():
        known = ", ".join(offices) or "chưa có"
        raise UsageError(f"Không có thư mục hay văn phòng “{shown}” (văn phòng đã đặt tên: {known}).")
    inner = next((what for name, what in ((MANIFEST, "bản"), (CURRENT, "kỳ")) if (folder / name).is_file()), "")
    if inner:
        raise UsageError(
            f"{shown} là thư mục của một {inner}: chỉ ra thư mục dữ liệu, hoặc thư mục out có {LEDGER}, để kiểm tra "
            "được bản còn như đã công bố."
        )
    for out, data_dir in ((folder / "out", folder), (folder, None)):
        if (out / LEDGER).is_dir() or any(published_periods(out)):
            return MergeSource(shown, out, data_dir)
    raise UsageError(
        f"Trong {shown} chưa có kỳ nào được công bố: chỉ ra thư mục dữ liệu của địa phương (có out/), hoặc bản chép cả "
        f"thư mục out, gồm {LEDGER}."
    )


def read_offices(sources: Sequence[MergeSource], period: Period) -> tuple[list[OfficeRevision], list[str]]:
    """The revisions that can be used, and for each other office why not (Vietnamese, with a way out).

    Of each office the signed revision is used, else the current one. Raises OSError if a share does not answer.
    """
    found, refused = [], []
    for source in sources:
        try:
            found.append(_office(source, period))
        except ValueError as error:
            refused.append(f"{source.label}: {error}")
    return found, refused


def _office(source: MergeSource, period: Period) -> OfficeRevision:
    """Raises ValueError (Vietnamese) if the office has no revision of the period that can be used."""
    reference = reference_revision(source.out, period)
    wrong = _not_as_published(source.out, period, reference)
    if wrong:
        raise ValueError(
            f"{'; '.join(wrong)}. Không gộp số liệu đã bị sửa hoặc thiếu: khôi phục từ bản sao lưu, hoặc xin địa "
            "phương chép lại cả thư mục out; kiểm tra bằng “tthc verify”."
        )
    if reference is None:
        periods = ", ".join(map(str, published_periods(source.out))) or "chưa có kỳ nào"
        raise ValueError(
            f"chưa công bố {period.name} (đã có: {periods}). Địa phương chấm điểm, công bố kỳ này (tthc score "
            f"{period}) rồi gửi lại; hoặc không gộp địa phương này."
        )
    manifest = reference.manifest
    files = {name: published_file(reference.path, manifest, name) for name in (*NEEDED, FIELDS)}
    scores = published_scores(
        period, manifest, {n: d for n, d in files.items() if d is not None}, reference.signing is not None
    )
    counts = published_counts(files["counts.csv"])
    if scores.damage or counts is None:
        problem = scores.damage or f"{manifest.revision}: counts.csv thiếu hoặc không đọc được"
        raise ValueError(f"{problem}. Công bố lại kỳ này bằng phiên bản hiện nay rồi gộp lại.")
    office = _stored_office(source)
    ledger = read_ledger(source.out)
    current = current_revision(source.out / str(period)).manifest
    return OfficeRevision(
        label=source.label,
        name=published_name(files[FIELDS]) or (office[0] if office else "") or source.label,
        province=office[1] if office else "",
        manifest=manifest,
        manifest_sha256=file_hash(reference.path / MANIFEST),
        signing=reference.signing,
        newest=current.revision if current is not None else manifest.revision,
        ledger_start=ledger.hashes.get(1, ""),
        scores=scores,
        counts=counts,
    )


def _stored_office(source: MergeSource) -> tuple[str, str] | None:
    """Name and province by the office's own file; None where it is not there or cannot be used."""
    try:
        office = stored_office(source.data_dir) if source.data_dir is not None else None
    except JobFailed:
        return None
    return (office.name, office.province) if office is not None else None


def _not_as_published(out: Path, period: Period, reference: ReferenceRevision | None) -> list[str]:
    """What is not as it was published: the ledger, the record of signings, the revision that would be used.

    A person may have accepted it (`tthc verify --accept`): an altered revision stays unused all the same.
    """
    used = f"{period}/{reference.manifest.revision}" if reference is not None else ""
    alarms = [
        f"{problem.place}: {problem.text}"
        for problem in verify(out).alarms
        if problem.place.startswith((f"{LEDGER}/", f"{period}/{SIGNED}")) or problem.place == used
    ]
    if alarms or reference is None:
        return alarms or [line.rstrip(".") for line in current_revision(out / str(period)).damage]
    damage = [line.rstrip(".") for line in reference.damage]
    altered = f"{reference.manifest.revision}: {shortened_list(reference.altered, unit='tệp')} thiếu hoặc đã bị sửa"
    return damage or ([altered] if reference.altered else [])
