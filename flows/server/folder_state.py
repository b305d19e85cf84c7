"""The state of a period's folder for the watcher: names, sizes, times and a hash of its input files."""

from __future__ import annotations

import hashlib
import stat
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from flows.steps.file_names import INPUT_FOLDERS, is_data
from pipeline.periods import Period
from pipeline.publish.atomic_files import regular_bytes

#: for each file: path below the period's folder, size in bytes, time of change in nanoseconds; sorted by path
FolderSnapshot = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class PeriodFolder:
    """A period and its folder in the raw folder."""

    period: Period
    path: Path


def period_folders(raw: Path) -> Iterator[PeriodFolder]:
    """The periods' folders, oldest first; other names are ignored. Raises OSError if `raw` cannot be listed."""
    found = []
    for path in raw.iterdir():
        try:
            period = Period.parse(path.name)
        except ValueError:
            continue
        if str(period) == path.name and path.is_dir():
            found.append(PeriodFolder(period, path))
    yield from sorted(found, key=lambda folder: folder.period)


def folder_snapshot(folder: Path) -> FolderSnapshot:
    """The input files in the folder, its `phieu/` and its `thay-the/`. Raises OSError if a folder cannot be listed."""
    places = [folder, *(folder / name for name in INPUT_FOLDERS)]
    seen = [entry for place in places if place == folder or place.is_dir() for entry in _files(place, folder)]
    return tuple(sorted(seen))


def _files(place: Path, folder: Path) -> Iterator[tuple[str, int, int]]:
    for path in place.iterdir():
        if not is_data(unicodedata.normalize("NFC", path.name)):
            continue
        try:
            status = path.lstat()
        except FileNotFoundError:  # removed since the listing: the next snapshot shows it
            continue
        if stat.S_ISREG(status.st_mode):
            yield path.relative_to(folder).as_posix(), status.st_size, status.st_mtime_ns


def content_hash(folder: Path, seen: FolderSnapshot, own: Collection[str] = ()) -> str:
    """A hash of the files' names and contents, so that a file with only a new time is no change. Raises OSError.

    `own`: hashes of files that the program wrote itself; they count as not there while nobody changed them.
    """
    digest = hashlib.sha256()
    for name, size, _ in seen:
        try:
            content = hashlib.sha256(regular_bytes(folder / name))
        except PermissionError:  # the review reports it; the other files are still hashed
            content = hashlib.sha256(b"unreadable")
        if content.hexdigest() not in own:
            digest.update(f"{name}\0{size}\0".encode("utf-8", "surrogateescape"))
            digest.update(content.digest())
    return digest.hexdigest()


def changed_while_reading(folder: Path, seen: FolderSnapshot) -> bool:
    """Whether the folder differs from the snapshot, or cannot be listed."""
    try:
        return folder_snapshot(folder) != seen
    except OSError:
        return True
