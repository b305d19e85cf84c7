"""Which revisions of a period were signed and issued, and which revision others are compared with.

The record is data/out/<period>/ky-ban-hanh.json; pipeline/publish/signing.py writes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from pipeline.periods import Period
from pipeline.publish.atomic_files import is_transient
from pipeline.publish.revisions import MANIFEST, altered_files, current_revision, file_hash, read_manifest
from schemas.manifest import Manifest, Signing, Signings

#: name of the record of signings
SIGNED = "ky-ban-hanh.json"
#: how a signing that is recorded already is replaced: in the form of the pages, and as an option of the command
REPLACING = "chọn “Thay bản đã ghi” (lệnh: --replace)"


def read_signings(folder: Path) -> tuple[Signing, ...]:
    """All signings recorded for a period, oldest first; empty without a record.

    Raises ValueError (Vietnamese) if the record is unreadable, OSError if a share does not answer.
    """
    try:
        record = Signings.model_validate_json((folder / SIGNED).read_bytes())
    except FileNotFoundError:
        return ()
    except (OSError, ValidationError) as error:
        if isinstance(error, OSError) and is_transient(error):
            raise
        raise ValueError(f"{folder / SIGNED} không đọc được: ghi lại bản đã ký, {REPLACING}.") from None
    return record.signings


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
