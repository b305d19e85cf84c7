"""Published revisions of a period: staging, one rename, what stands now and which one was signed.

    data/out/<period>/.khoa                         the period's lock, which the kernel frees with its process
    data/out/<period>/r1, r2 …                      revisions, never changed
    data/out/<period>/current.json                  which one stands; replaced last
    data/out/<period>/ky-ban-hanh.json              which ones were signed and issued (pipeline/publish/signing.py)
    data/out/<period>/phuong-an/<rulebook>/r1 …     the same, under another than the applying rulebook

A kill at any moment leaves a staging folder that the next run removes, or a whole rN that
`current.json` does not name yet, which the next run adopts. Times are passed in: there is no clock here.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from pipeline.periods import Period
from pipeline.publish.atomic_files import (
    LOCK,
    PublishError,
    explain,
    passing,
    period_lock,
    remove,
    replace_file,
    sync,
    write_new,
)
from pipeline.publish.fingerprint import sha256
from schemas.manifest import Current, Manifest, Signing, Signings

#: the lock is part of how revisions are used
__all__ = ["LOCK", "PublishError", "period_lock"]

CURRENT, MANIFEST, STAGING, SIGNED = "current.json", "manifest.json", ".dang-ghi", "ky-ban-hanh.json"
ALTERNATIVES = "phuong-an"
_REVISION = re.compile(r"r([1-9]\d*)")


# --- what stands -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """What a folder of revisions holds. `damage`: Vietnamese, a line each that is not as published."""

    manifest: Manifest | None = None
    path: Path | None = None
    altered: tuple[str, ...] = ()  # files of the standing revision that are missing or no longer as published
    adopted: bool = False  # a whole revision that current.json did not name yet
    damage: tuple[str, ...] = ()
    next_revision: str = "r1"


def revision_ids(folder: Path) -> list[str]:
    """Names of the revision folders, oldest first, whole or not."""
    if not folder.is_dir():
        return []
    return sorted((p.name for p in folder.iterdir() if _REVISION.fullmatch(p.name)), key=lambda name: int(name[1:]))


def read_manifest(revision: Path) -> Manifest:
    """The manifest of one revision folder. Raises ValueError, in Vietnamese, if there is none; OSError, here and
    wherever revisions are read, only where a share does not answer for a moment: that is no damage.
    """
    try:
        manifest = Manifest.model_validate_json(_bytes(revision / MANIFEST) or b"")
    except ValidationError:
        raise ValueError(f"{revision.name}: {MANIFEST} thiếu hoặc không đọc được") from None
    if manifest.revision != revision.name:
        raise ValueError(f"{revision.name}: {MANIFEST} là của bản {manifest.revision}")
    return manifest


def altered_files(revision: Path, manifest: Manifest) -> tuple[str, ...]:
    """Files that are missing or no longer have the hash they were published with."""
    return tuple(name for name, digest in manifest.files.items() if _digest(revision / name) != digest)


def standing(folder: Path) -> Standing:
    """What stands in a folder of revisions, found without writing anything.

    The revision that `current.json` names, or a whole newer one: a run that died between the rename and
    the replacement of `current.json` had published it. Without a usable `current.json` the newest
    whole one stands.
    """
    ids = revision_ids(folder)
    named = _named(folder)
    damage: list[str] = []
    following = f"r{int(ids[-1][1:]) + 1}" if ids else "r1"
    for revision in reversed(ids):
        path = folder / revision
        try:
            manifest = read_manifest(path)
        except ValueError as error:
            damage.append(f"{error}.")
            continue
        altered = altered_files(path, manifest)
        stands = named is not None and named.revision == revision
        if stands and named is not None and _digest(path / MANIFEST) != named.manifest_sha256:
            altered = (*altered, MANIFEST)
        if altered:
            damage.append(f"{revision}: {', '.join(altered)} thiếu hoặc đã bị sửa sau khi công bố.")
        if not altered or stands:
            return Standing(manifest, path, altered, not stands, tuple(damage), following)
    return Standing(damage=tuple(damage), next_revision=following)


def settle(folder: Path) -> Standing:
    """`standing`, after removing a killed run's staging folder and naming a whole newer rN in `current.json`.

    Only under the lock. Raises PublishError where the folder cannot be written.
    """
    found = standing(folder)
    try:
        remove(folder / STAGING)
        if found.adopted and found.path is not None:
            _name_current(folder, found.path)
    except OSError as error:
        raise PublishError(explain(folder, error), passing=passing(error)) from None
    return found


# --- what was signed -------------------------------------------------------------------------------------


def read_signings(folder: Path) -> tuple[Signing, ...]:
    """Every signing recorded of a period, oldest first; none without a record. Raises ValueError, in Vietnamese."""
    try:
        record = Signings.model_validate_json((folder / SIGNED).read_bytes())
    except FileNotFoundError:
        return ()
    except (OSError, ValidationError) as error:
        if isinstance(error, OSError) and passing(error):
            raise
        raise ValueError(f"{folder / SIGNED} không đọc được: ghi lại bằng “tthc sign … --replace”.") from None
    return record.signings


def signed(folder: Path) -> Signing | None:
    """The signed revision of a period, or None. Raises ValueError, in Vietnamese, where the record is unreadable."""
    signings = read_signings(folder)
    return signings[-1] if signings else None


def altered_since(folder: Path, signing: Signing) -> tuple[str, ...]:
    """Files of a signed revision that are missing or no longer as they were signed."""
    path = folder / signing.revision
    if _digest(path / MANIFEST) != signing.manifest_sha256:
        return (MANIFEST,)
    return altered_files(path, read_manifest(path))


@dataclass(frozen=True)
class Reference:
    """The revision of a period that others compare themselves with."""

    manifest: Manifest
    path: Path
    signing: Signing | None  # None: nothing is signed (or can be read as such), the current revision
    altered: tuple[str, ...] = ()  # files that are missing or no longer as published
    damage: tuple[str, ...] = ()  # Vietnamese: why the signed revision was not taken, and what is wrong with this one


def reference_revision(out_dir: Path, period: Period) -> Reference | None:
    """What a comparison with a period reads: its signed revision, else its current one; None without either.

    `out_dir` holds a folder a period. A signed revision that is gone gives way to the current one, said in `damage`.
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
            return Reference(manifest, folder / signing.revision, signing, altered, damage)
    except ValueError as error:
        damage = (f"{period}: {error}",)
    found = standing(folder)
    if found.manifest is None or found.path is None:
        return None
    return Reference(found.manifest, found.path, None, found.altered, (*damage, *found.damage))


# --- publication -----------------------------------------------------------------------------------------


def publish(folder: Path, files: Mapping[str, bytes], manifest: Manifest) -> Path:
    """Write a revision whole: staging folder, fsync, one rename, then `current.json`. Only under the lock.

    `manifest.files` is filled in here. Returns the revision's folder. Raises PublishError.
    """
    staging, target = folder / STAGING, folder / manifest.revision
    complete = manifest.model_copy(update={"files": {name: sha256(files[name]) for name in sorted(files)}})
    if target.exists() or target.is_symlink():
        raise PublishError(f"{target} đã có: bản đã công bố không được ghi đè.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        remove(staging)
        staging.mkdir()
        for name, data in sorted(files.items()):
            write_new(_inside(staging, name), data)
        write_new(staging / MANIFEST, (complete.model_dump_json(indent=2) + "\n").encode())
        for place in sorted({p.parent for p in staging.rglob("*")} | {staging}):
            sync(place)
        staging.rename(target)
        sync(folder)
        _name_current(folder, target)
    except OSError as error:
        if target.is_dir():  # whole, only not named yet
            raise PublishError(explain(folder, error, f"{target} đã ghi đủ; lần chạy sau sẽ nhận bản này.")) from None
        shutil.rmtree(staging, ignore_errors=True)
        raise PublishError(explain(folder, error), passing=passing(error)) from None
    return target


def _name_current(folder: Path, revision: Path) -> None:
    content = Current(revision=revision.name, manifest_sha256=sha256((revision / MANIFEST).read_bytes()))
    replace_file(folder / CURRENT, (content.model_dump_json(indent=2) + "\n").encode())


def _named(folder: Path) -> Current | None:
    try:
        return Current.model_validate_json(_bytes(folder / CURRENT) or b"")
    except ValidationError:
        return None


def _digest(path: Path) -> str:
    data = _bytes(path)
    return "" if data is None else sha256(data)


def _bytes(path: Path) -> bytes | None:
    """None for what is not there or cannot be read. Raises OSError where the same may succeed in a moment."""
    try:
        return path.read_bytes()
    except OSError as error:
        if passing(error):
            raise
        return None


def _inside(folder: Path, name: str) -> Path:
    parts = name.split("/")
    if not name or name == MANIFEST or any(part in {"", ".", ".."} or "\0" in part for part in parts):
        raise ValueError(f"not a file name inside a revision: {name!r}")
    return folder.joinpath(*parts)
