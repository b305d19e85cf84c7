"""Published revisions of a period: find the current one, publish the next one by a single rename.

    data/out/<period>/.khoa                         lock of the period; the kernel frees it when its process ends
    data/out/<period>/.dang-ghi                     staging folder of a revision that is being written
    data/out/<period>/r1, r2 …                      revisions, never changed
    data/out/<period>/current.json                  names the current revision; replaced last
    data/out/<period>/ky-ban-hanh.json              record of signings (pipeline/publish/signed_revisions.py)
    data/out/<period>/phuong-an/<rulebook>/r1 …     revisions of an alternative rulebook, with their own current.json

A process killed at any moment leaves a staging folder, which the next run removes, or a complete rN that `current.json`
does not name yet, which the next run adopts. Times are passed in: this module reads no clock.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from pipeline.publish.atomic_files import (
    PublishError,
    is_transient,
    readable_bytes,
    remove_left,
    remove_path,
    replace_file,
    sync_folder,
    write_error_text,
    write_new,
)
from pipeline.publish.fingerprint import sha256
from schemas.manifest import Current, Manifest

#: names inside a folder of revisions; MANIFEST is in each revision
CURRENT, MANIFEST, STAGING = "current.json", "manifest.json", ".dang-ghi"
#: folder with one folder of revisions per alternative rulebook
ALTERNATIVES = "phuong-an"
_REVISION = re.compile(r"r([1-9]\d*)")


# --- the current revision --------------------------------------------------------------------------------


@dataclass(frozen=True)
class CurrentRevision:
    """The current revision of a folder; `manifest` and `path` are None if the folder has none.

    `damage`: Vietnamese, one line for each revision that is not as it was published.
    """

    manifest: Manifest | None = None
    path: Path | None = None
    altered: tuple[str, ...] = ()  # its files that are missing or have another hash than the published one
    adopted: bool = False  # it is complete, but current.json does not name it yet
    damage: tuple[str, ...] = ()
    next_revision: str = "r1"


def revision_ids(folder: Path) -> list[str]:
    """Names of the revision folders, oldest first, including damaged ones; empty if the folder does not exist."""
    if not folder.is_dir():
        return []
    return sorted((p.name for p in folder.iterdir() if _REVISION.fullmatch(p.name)), key=lambda name: int(name[1:]))


def no_such_revision(name: str, folder: str, there: Sequence[str]) -> str:
    """Vietnamese: a revision that somebody named does not exist, and what to do. `there`: those that do."""
    if not there:
        return f"Không có bản “{name}” trong {folder} (chưa có bản nào). Chấm điểm, công bố kỳ này trước."
    return f"Không có bản “{name}” trong {folder} (có: {', '.join(there)}). Ghi lại tên bản."


def read_manifest(revision: Path) -> Manifest:
    """The manifest of one revision folder. Raises ValueError (Vietnamese) if it is missing or unreadable.

    Raises OSError if a share does not answer, as all functions here that read revisions: that is no damage.
    """
    try:
        manifest = Manifest.model_validate_json(readable_bytes(revision / MANIFEST) or b"")
    except ValidationError:
        raise ValueError(f"{revision.name}: {MANIFEST} thiếu hoặc không đọc được") from None
    if manifest.revision != revision.name:
        raise ValueError(f"{revision.name}: {MANIFEST} là của bản {manifest.revision}")
    return manifest


def altered_files(revision: Path, manifest: Manifest) -> tuple[str, ...]:
    """Names of files that are missing or have another hash than the published one."""
    return tuple(name for name, digest in manifest.files.items() if file_hash(revision / name) != digest)


def current_revision(folder: Path) -> CurrentRevision:
    """Find the current revision of a folder of revisions. Writes nothing.

    It is the revision that `current.json` names, or a newer complete one: a run that was killed between the rename and
    the replacement of `current.json` had published that. Without a usable `current.json` it is the newest complete one.
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
        is_named = named is not None and named.revision == revision
        if is_named and named is not None and file_hash(path / MANIFEST) != named.manifest_sha256:
            altered = (*altered, MANIFEST)
        if altered:
            damage.append(f"{revision}: {', '.join(altered)} thiếu hoặc đã bị sửa sau khi công bố.")
        if not altered or is_named:
            return CurrentRevision(manifest, path, altered, not is_named, tuple(damage), following)
    return CurrentRevision(damage=tuple(damage), next_revision=following)


def recover(folder: Path) -> CurrentRevision:
    """`current_revision`, after cleaning up behind a killed run. Only under the lock.

    Removes its staging folder and names an adopted revision in `current.json`. Raises PublishError if the folder cannot
    be written.
    """
    found = current_revision(folder)
    try:
        remove_path(folder / STAGING)
        remove_left(folder)
        if found.adopted and found.path is not None:
            _name_current(folder, found.path)
    except OSError as error:
        raise PublishError(write_error_text(folder, error), transient=is_transient(error)) from None
    return found


# --- publication -----------------------------------------------------------------------------------------


def publish(folder: Path, files: Mapping[str, bytes], manifest: Manifest) -> Path:
    """Publish a revision: write a staging folder, fsync, one rename, then `current.json`. Only under the lock.

    `files`: path inside the revision -> content. `manifest.files` is computed here. Returns the revision's folder.
    Raises PublishError if the revision exists or the disk does not take it.
    """
    staging, target = folder / STAGING, folder / manifest.revision
    complete = manifest.model_copy(update={"files": {name: sha256(files[name]) for name in sorted(files)}})
    if target.exists() or target.is_symlink():
        raise PublishError(f"{target} đã có: bản đã công bố không được ghi đè.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        remove_path(staging)
        staging.mkdir()
        for name, data in sorted(files.items()):
            write_new(_inside(staging, name), data)
        write_new(staging / MANIFEST, (complete.model_dump_json(indent=2) + "\n").encode())
        for place in sorted({p.parent for p in staging.rglob("*")} | {staging}):
            sync_folder(place)
        staging.rename(target)
        sync_folder(folder)
        _name_current(folder, target)
    except OSError as error:
        if target.is_dir():  # complete, but current.json does not name it yet
            kept = f"{target} đã ghi đủ; lần chạy sau sẽ nhận bản này."
            raise PublishError(write_error_text(folder, error, kept)) from None
        shutil.rmtree(staging, ignore_errors=True)
        raise PublishError(write_error_text(folder, error), transient=is_transient(error)) from None
    return target


def _name_current(folder: Path, revision: Path) -> None:
    """Write `current.json`, which then names the revision."""
    content = Current(revision=revision.name, manifest_sha256=sha256((revision / MANIFEST).read_bytes()))
    replace_file(folder / CURRENT, (content.model_dump_json(indent=2) + "\n").encode())


def _named(folder: Path) -> Current | None:
    """The content of `current.json`; None if it is missing or damaged."""
    try:
        return Current.model_validate_json(readable_bytes(folder / CURRENT) or b"")
    except ValidationError:
        return None


def file_hash(path: Path) -> str:
    """The SHA-256 of a file; "" if it is missing or unreadable. Raises OSError if a share does not answer."""
    data = readable_bytes(path)
    return "" if data is None else sha256(data)


def _inside(folder: Path, name: str) -> Path:
    """The path of a file inside a revision. Raises ValueError for a name that leads outside or is the manifest's."""
    parts = name.split("/")
    if not name or name == MANIFEST or any(part in {"", ".", ".."} or "\0" in part for part in parts):
        raise ValueError(f"not a file name inside a revision: {name!r}")
    return folder.joinpath(*parts)
