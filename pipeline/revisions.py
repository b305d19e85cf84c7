"""Published revisions of a period: lock, staging, one rename, and what stands now.

    data/out/<period>/.khoa                         the period's lock, which the kernel frees with its process
    data/out/<period>/r1, r2 …                      revisions, never changed
    data/out/<period>/current.json                  which one stands; replaced last
    data/out/<period>/phuong-an/<rulebook>/r1 …     the same, under another than the applying rulebook

A kill at any moment leaves a staging folder that the next run removes, or a whole rN that
`current.json` does not name yet, which the next run adopts. Times are passed in: there is no clock here.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import shutil
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from pipeline.fingerprint import sha256
from schemas.manifest import Current, Manifest

CURRENT, MANIFEST, LOCK, STAGING = "current.json", "manifest.json", ".khoa", ".dang-ghi"
ALTERNATIVES = "phuong-an"
_REVISION = re.compile(r"r([1-9]\d*)")
_REASONS = {
    errno.ENOSPC: "hết dung lượng đĩa",
    errno.EDQUOT: "hết hạn mức đĩa",
    errno.EROFS: "ổ đĩa chỉ đọc",
    errno.EACCES: "không có quyền ghi",
    errno.EPERM: "không có quyền ghi",
    errno.ELOOP: "ở đó là một liên kết (symlink)",
    errno.ENOTDIR: "ở đó là một tệp, không phải thư mục",
    errno.EISDIR: "ở đó là một thư mục",
    errno.EEXIST: "ở đó đã có một tệp",
}


class PublishError(Exception):
    """Nothing was published. The message is Vietnamese and says what to do."""


# --- the lock --------------------------------------------------------------------------------------------


@contextmanager
def period_lock(folder: Path, waiting: Callable[[], None] | None = None) -> Iterator[None]:
    """Hold the lock of a period's output folder; wait for whoever has it, saying so through `waiting`.

    fcntl.flock: the kernel frees it at once when the process dies, a kill -9 included. The lock file is never
    removed (that would let two processes hold "the" lock). Raises PublishError where it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise PublishError(_explain(folder, error)) from None
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise PublishError(f"{folder / LOCK} không phải tệp thường: xoá nó rồi chạy lại.")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if waiting is not None:
                waiting()
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


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
    """The manifest of one revision folder. Raises ValueError, in Vietnamese, if there is none."""
    try:
        manifest = Manifest.model_validate_json((revision / MANIFEST).read_bytes())
    except (OSError, ValidationError):
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
        _remove(folder / STAGING)
        if found.adopted and found.path is not None:
            _name_current(folder, found.path)
    except OSError as error:
        raise PublishError(_explain(folder, error)) from None
    return found


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
        _remove(staging)
        staging.mkdir()
        for name, data in sorted(files.items()):
            _write(_inside(staging, name), data)
        _write(staging / MANIFEST, (complete.model_dump_json(indent=2) + "\n").encode())
        for place in sorted({p.parent for p in staging.rglob("*")} | {staging}):
            _sync(place)
        staging.rename(target)
        _sync(folder)
        _name_current(folder, target)
    except OSError as error:
        if target.is_dir():  # whole, only not named yet
            raise PublishError(_explain(folder, error, f"{target} đã ghi đủ; lần chạy sau sẽ nhận bản này.")) from None
        shutil.rmtree(staging, ignore_errors=True)
        raise PublishError(_explain(folder, error)) from None
    return target


def _name_current(folder: Path, revision: Path) -> None:
    content = Current(revision=revision.name, manifest_sha256=sha256((revision / MANIFEST).read_bytes()))
    draft = folder / f".{CURRENT}"
    draft.unlink(missing_ok=True)
    _write(draft, (content.model_dump_json(indent=2) + "\n").encode())
    draft.replace(folder / CURRENT)
    _sync(folder)


def _named(folder: Path) -> Current | None:
    try:
        return Current.model_validate_json((folder / CURRENT).read_bytes())
    except (OSError, ValidationError):
        return None


def _digest(path: Path) -> str:
    try:
        return sha256(path.read_bytes())
    except OSError:
        return ""


def _inside(folder: Path, name: str) -> Path:
    parts = name.split("/")
    if not name or name == MANIFEST or any(part in {"", ".", ".."} or "\0" in part for part in parts):
        raise ValueError(f"not a file name inside a revision: {name!r}")
    return folder.joinpath(*parts)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove(path: Path) -> None:
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.exists():
        shutil.rmtree(path)


def _explain(folder: Path, error: OSError, kept: str = "Không có gì được công bố.") -> str:
    reason = _REASONS.get(error.errno or 0, error.strerror or type(error).__name__)
    return f"Không ghi được vào {folder}: {reason}. {kept} Xử lý xong thì chạy lại."
