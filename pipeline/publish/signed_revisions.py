"""Which revisions of a period were signed and issued, and which revision others are compared with.

pipeline/publish/signing.py records a signing in the ledger. data/out/<period>/ky-ban-hanh.json is a copy for people; it
is the record only of periods of which no program with a ledger recorded a signing.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from pipeline.periods import Period
from pipeline.publish.atomic_files import PublishError, is_transient, regular_bytes, replace_file, write_error_text
from pipeline.publish.ledger import LEDGER, Ledger, out_and_name, read_ledger, remove_drafts
from pipeline.publish.revisions import (
    MANIFEST,
    SIGNED,
    VERIFY,
    altered_files,
    current_revision,
    file_hash,
    read_manifest,
    revision_folders,
    revision_ids,
)
from schemas.manifest import Manifest, Signing, Signings

#: how a signing that is recorded already is replaced: in the form of the pages, and as an option of the command
REPLACING = "chọn “Thay bản đã ghi” (lệnh: --replace)"


def read_signings(folder: Path) -> tuple[Signing, ...]:
    """All signings recorded for a period, oldest first; empty without a record.

    Raises ValueError (Vietnamese) if the record is unreadable, OSError if a share does not answer.
    """
    out, name = out_and_name(folder)
    ledger = read_ledger(out)
    if ledger.breaks and (_unconfirmed(ledger, name) or _lost(ledger, folder)):
        raise ValueError(f"Sổ công bố đã bị sửa ở các mục ghi lần ký của {name}: chưa biết bản nào đã ký ({VERIFY}).")
    recorded = ledger.signings(name)
    if recorded:
        return recorded[-1].record.signings
    if ledger.started:
        return ()
    try:
        return Signings.model_validate_json(regular_bytes(folder / SIGNED)).signings
    except FileNotFoundError:
        return ()
    except (OSError, ValidationError) as error:
        if isinstance(error, OSError) and is_transient(error):
            raise
        raise ValueError(f"{folder / SIGNED} không đọc được: ghi lại bản đã ký, {REPLACING}.") from None


def _unconfirmed(ledger: Ledger, name: str) -> bool:
    """Whether entries that the chain does not confirm hold signings that no later trusted entry repeats."""
    unsure = [entry.number for entry in ledger.others if ledger.holds_signings(entry, name)]
    sure = [entry.number for entry in ledger.trusted if ledger.holds_signings(entry, name)]
    return max(unsure, default=0) > max(sure, default=0)


def _lost(ledger: Ledger, folder: Path) -> bool:
    """Whether an entry that is gone or unreadable may have held signings of a period.

    It may if the period's file has others than the ledger, or if the file is gone too and nothing else that is on disk
    can be what the entry held. Not after a person accepted what is wrong with the ledger.
    """
    accepted = ledger.accepted()
    if all((found.place, found.state) in accepted for found in ledger.breaks):
        return False
    recorded = ledger.signings(out_and_name(folder)[1])
    try:
        stored = Signings.model_validate_json(regular_bytes(folder / SIGNED))
    except (OSError, ValidationError) as error:
        if isinstance(error, OSError) and is_transient(error):
            raise
        return bool(revision_ids(folder)) and _unexplained(ledger, out_and_name(folder))
    return stored.signings != (recorded[-1].record.signings if recorded else ())


def _unexplained(ledger: Ledger, place: tuple[Path, str]) -> bool:
    """Whether more entries are gone, after the last signing of a period, than what is on disk without an entry.

    `place`: see `out_and_name`. What is on disk: revisions, and files of signings that the ledger does not hold.
    """
    out, name = place
    known = {entry.number for entry in (*ledger.trusted, *ledger.others)}
    last = max((entry.number for entry in ledger.trusted if ledger.holds_signings(entry, name)), default=0)
    gone = sum(number not in known for number in range(last + 1, ledger.last))
    for folder in revision_folders(out) if gone else ():
        other = out_and_name(folder)[1]
        gone -= len(set(revision_ids(folder)) - ledger.revision_names(other))
        gone -= (folder / SIGNED).exists() and bool(signings_damage(folder))
    return gone > 0


def signings_damage(folder: Path) -> str:
    """Vietnamese: the period's file of signings is not what the ledger holds; "" if it is, or if there is no ledger."""
    out, name = out_and_name(folder)
    ledger = read_ledger(out)
    recorded = ledger.signings(name)
    try:
        stored = Signings.model_validate_json(regular_bytes(folder / SIGNED))
    except (OSError, ValidationError) as error:
        if isinstance(error, OSError) and is_transient(error):
            raise
        stored = None
    if recorded and stored != recorded[-1].record:
        return f"{SIGNED} thiếu hoặc đã bị sửa; các lần ký được lấy từ sổ công bố."
    if ledger.started and not recorded and (folder / SIGNED).exists():
        return f"{SIGNED} không có trong sổ công bố nên không được dùng ({VERIFY})."
    return ""


def restore_signings(folder: Path) -> None:
    """Write the period's file of signings again where it is not what the ledger holds. Only under the lock.

    Drafts that a killed signing left in the ledger are removed. The file stays where it may hold what the ledger lost.
    Raises PublishError if the disk does not take it.
    """
    out, name = out_and_name(folder)
    try:
        remove_drafts(out / LEDGER)
        ledger = read_ledger(out)
        recorded = ledger.signings(name)
        if recorded and signings_damage(folder) and not _lost(ledger, folder):
            write_signings(folder, recorded[-1].record)
    except OSError as error:
        raise PublishError(write_error_text(folder, error), transient=is_transient(error)) from None


def write_signings(folder: Path, record: Signings) -> None:
    """Write the period's file of signings. Raises OSError."""
    replace_file(folder / SIGNED, (record.model_dump_json(indent=2) + "\n").encode())


def signed(folder: Path) -> Signing | None:
    """The newest signing of a period, or None. Raises ValueError (Vietnamese) if the record is unreadable."""
    signings = read_signings(folder)
    return signings[-1] if signings else None


def altered_since(folder: Path, signing: Signing) -> tuple[str, ...]:
    """Names of files of a signed revision that are missing or have another hash than when it was signed.

    Raises ValueError (Vietnamese) if its manifest is unreadable.
    """
    path = folder / signing.revision
    if file_hash(path / MANIFEST) != signing.manifest_sha256:
        return (MANIFEST,)
    return altered_files(path, read_manifest(path))


@dataclass(frozen=True)
class ReferenceRevision:
    """The revision of a period that other periods are compared with."""

    manifest: Manifest
    path: Path
    signing: Signing | None  # None: this is the current revision, because no readable revision is signed
    altered: tuple[str, ...] = ()  # names of files that are missing or have another hash
    damage: tuple[str, ...] = ()  # Vietnamese: why not the signed revision, and what is wrong with this one


def reference_revision(out_dir: Path, period: Period) -> ReferenceRevision | None:
    """The revision of a period to compare with: the signed one, else the current one; None without either.

    `out_dir` contains one folder per period. If the signed revision is missing, the current one is used and `damage`
    reports it. Raises OSError if a share does not answer.
    """
    folder = out_dir / str(period)
    damage: tuple[str, ...] = ()
    try:
        signing = signed(folder)
        if signing is not None:
            manifest = read_manifest(folder / signing.revision)
            altered = altered_since(folder, signing)
            if altered:
                damage = (f"{signing.revision}: {', '.join(altered)} thiếu hoặc đã bị sửa sau khi ký.",)
            return ReferenceRevision(manifest, folder / signing.revision, signing, altered, damage)
    except ValueError as error:
        damage = (f"{period}: {error}",)
    found = current_revision(folder)
    if found.manifest is None or found.path is None:
        return None
    return ReferenceRevision(found.manifest, found.path, None, found.altered, (*damage, *found.damage))
