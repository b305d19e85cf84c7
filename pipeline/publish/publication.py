"""Publishes revisions: a staging folder, an entry of the ledger, one rename, `current.json`.

A process killed before the entry leaves a staging folder, which the next run removes. A process killed after it leaves
a whole revision that is recorded: the next run finishes the rename. Times are passed in: this module reads no clock.
"""

from __future__ import annotations

import datetime as dt
import errno
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
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
    unique_ending,
    write_error_text,
    write_new,
)
from pipeline.publish.fingerprint import sha256
from pipeline.publish.ledger import LEDGER, Ledger, append, out_and_name, read_ledger, remove_drafts
from pipeline.publish.revisions import (
    CURRENT,
    MANIFEST,
    SIGNED,
    STAGING,
    WASTE,
    CurrentRevision,
    current_revision,
    file_hash,
    revision_folders,
    revision_ids,
    staged,
    staging_folders,
    stored_manifest,
)
from schemas.ledger import Event, KnownRevision, KnownSignings, Published, Started
from schemas.manifest import Current, Manifest, Signings

#: how often another process may remove a staging folder
_TRIES = 20


def recover(folder: Path, *, locked: bool = True) -> CurrentRevision:
    """`current_revision`, after finishing or cleaning up what a killed run left. Only under the lock.

    A recorded revision gets its name, and `current.json` names it. Staging folders that are not recorded are removed.
    `locked`: false where the lock does not keep other processes out; their staging folders stay then. Raises
    PublishError if the folder cannot be written.
    """
    out, name = out_and_name(folder)
    try:
        remove_drafts(out / LEDGER)
        recorded = read_ledger(out).recorded(name)
        for revision, digest in recorded.items():
            staging = None if (folder / revision).exists() else staged(folder, digest)
            if staging is not None:
                _rename(staging, folder / revision)
        found = current_revision(folder)
        if locked:
            _remove_staging(folder)
            remove_left(folder)
        if found.adopted and found.path is not None and not found.altered:
            _name_current(folder, found.path)
    except OSError as error:
        raise PublishError(write_error_text(folder, error), transient=is_transient(error)) from None
    return found


def _remove_staging(folder: Path) -> None:
    """Remove staging folders. Each is renamed first: a process at work then finds none, instead of half of one."""
    for staging in staging_folders(folder):
        waste = folder / f"{WASTE}-{unique_ending()}"
        with suppress(FileNotFoundError):
            staging.rename(waste)
            remove_path(waste)


def publish(folder: Path, files: Mapping[str, bytes], manifest: Manifest) -> Path:
    """Publish a revision: write a staging folder, record it in the ledger, one rename, then `current.json`.

    Only under the lock; where the lock keeps nobody out, the ledger lets one of two processes publish and refuses the
    other. `files`: path inside the revision -> content. `manifest.files` and `manifest.previous_sha256` are computed
    here. Returns the revision's folder. Raises PublishError if the revision exists or the disk does not take it.
    """
    out, name = out_and_name(folder)
    target = folder / manifest.revision
    if target.exists() or target.is_symlink():
        raise PublishError(_taken_text(target))
    staging = folder / f"{STAGING}-{unique_ending()}"
    try:
        ledger = start_ledger(out, manifest.created_at)
        changed = {
            "files": {file: sha256(files[file]) for file in sorted(files)},
            "previous_sha256": _previous_hash(folder, manifest, ledger),
        }
        complete = manifest.model_copy(update=changed)
        record = (complete.model_dump_json(indent=2) + "\n").encode()
        known = KnownRevision(folder=name, revision=manifest.revision, manifest_sha256=sha256(record))
        _write_staging(staging, files, record)
        append(out, lambda now: _publication(now, folder, known), manifest.created_at)
    except OSError as error:
        if not _may_be_recorded(out, name, manifest.revision, staging):
            shutil.rmtree(staging, ignore_errors=True)
            raise PublishError(write_error_text(folder, error), transient=is_transient(error)) from None
        kept = f"Lần chạy sau nhận {target} nếu bản này đã ghi đủ."
        raise PublishError(write_error_text(folder, error, kept)) from None
    except PublishError:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    try:
        _finish(staging, target, files, record)
        _name_current(folder, target)
    except OSError as error:
        raise PublishError(write_error_text(folder, error, _kept_text(target))) from None
    return target


def _taken_text(target: Path) -> str:
    return (
        f"{target} đã có: bản đã công bố không được ghi đè. Một lần chạy khác của kỳ này vừa công bố; chạy lại để so "
        "với bản đó."
    )


def _kept_text(target: Path) -> str:
    return f"{target} đã ghi đủ; lần chạy sau sẽ nhận bản này."


def _previous_hash(folder: Path, manifest: Manifest, ledger: Ledger) -> str:
    """The hash of the manifest of the revision before: the recorded one, "" for the first revision."""
    if manifest.previous is None:
        return ""
    recorded = ledger.recorded(out_and_name(folder)[1]).get(manifest.previous, "")
    return recorded or file_hash(folder / manifest.previous / MANIFEST)


def _publication(ledger: Ledger, folder: Path, known: KnownRevision) -> Event:
    """The entry of a publication. Raises PublishError if the number is used already."""
    target = folder / known.revision
    if known.revision in ledger.revision_names(known.folder) or target.exists():
        raise PublishError(_taken_text(target))
    return Published(revision=known)


def _may_be_recorded(out: Path, name: str, revision: str, staging: Path) -> bool:
    """Whether the ledger holds what is in the staging folder; true if they cannot be read."""
    with suppress(OSError):
        return read_ledger(out).recorded(name).get(revision) == file_hash(staging / MANIFEST) != ""
    return True


def _write_staging(staging: Path, files: Mapping[str, bytes], record: bytes) -> None:
    """Write a whole staging folder. Raises OSError, also if another process took the folder away in the middle.

    The files that come after that would make a folder of their own, without the files before.
    """
    staging.mkdir(parents=True)
    for name, data in sorted(files.items()):
        write_new(_inside(staging, name), data)
    write_new(staging / MANIFEST, record)
    for place in sorted({p.parent for p in staging.rglob("*")} | {staging}):
        sync_folder(place)
    gone = [name for name in (*files, MANIFEST) if not (staging / name).is_file()]
    if gone:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(staging / gone[0]))


def _finish(staging: Path, target: Path, files: Mapping[str, bytes], record: bytes) -> None:
    """Give a recorded revision its name. Raises OSError.

    Another process may have done it already, or have removed the staging folder, where the lock keeps nobody out. A
    folder that lost files while it was written is not used.
    """
    for _ in range(_TRIES):
        with suppress(FileNotFoundError):
            _rename(staging, target)
        if file_hash(target / MANIFEST) == sha256(record):
            return
        again = target.parent / f"{STAGING}-{unique_ending()}"
        try:
            _write_staging(again, files, record)
        except FileNotFoundError:
            shutil.rmtree(again, ignore_errors=True)
        else:
            staging = again
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))


def _rename(staging: Path, target: Path) -> None:
    """One rename, then the name is flushed. A revision that is there is never replaced. Raises OSError."""
    try:
        staging.rename(target)
    except OSError:
        if not target.is_dir():
            raise
    sync_folder(target.parent)


def start_ledger(out: Path, at: dt.datetime) -> Ledger:
    """The ledger. If there is none yet, an entry records what programs without a ledger published and signed.

    Revisions of programs with a ledger are not among them: their entries were lost. Raises OSError.
    """
    ledger = read_ledger(out)
    if ledger.started:
        return ledger
    append(out, lambda now: None if now.started else _start(out), at)
    return read_ledger(out)


def _start(out: Path) -> Event | None:
    revisions, signings = [], []
    for folder in revision_folders(out):
        _, name = out_and_name(folder)
        for revision in revision_ids(folder):
            data = readable_bytes(folder / revision / MANIFEST, follow=False)
            try:
                chained = stored_manifest(folder / revision).previous_sha256 is not None
            except ValueError:
                chained, data = False, None
            if not chained:
                digest = sha256(data) if data is not None else ""
                revisions.append(KnownRevision(folder=name, revision=revision, manifest_sha256=digest))
        with suppress(ValidationError):
            record = Signings.model_validate_json(readable_bytes(folder / SIGNED) or b"")
            signings.append(KnownSignings(folder=name, record=record))
    return Started(revisions=revisions, signings=signings) if revisions or signings else None


def _name_current(folder: Path, revision: Path) -> None:
    """Write `current.json`, which then names the revision."""
    data = readable_bytes(revision / MANIFEST, follow=False) or b""
    content = Current(revision=revision.name, manifest_sha256=sha256(data))
    replace_file(folder / CURRENT, (content.model_dump_json(indent=2) + "\n").encode())


def _inside(folder: Path, name: str) -> Path:
    """The path of a file inside a revision. Raises ValueError for a name that leads outside or is the manifest's."""
    parts = name.split("/")
    if not name or name == MANIFEST or any(part in {"", ".", ".."} or "\0" in part for part in parts):
        raise ValueError(f"not a file name inside a revision: {name!r}")
    return folder.joinpath(*parts)
