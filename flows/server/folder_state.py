"""What lies in a period's folder, as the watcher sees it: which files count, and whether they are at rest."""

from __future__ import annotations

import hashlib
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flows.steps.file_names import RETURNED, is_data
from pipeline.periods import Period

#: (path below the period's folder, size, time of change)
Look = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class Folder:
    """A period and its folder in the landing zone."""

    period: Period
    path: Path


def folders(raw: Path) -> Iterator[Folder]:
    """The periods' folders, in time; other names are nobody's. Raises OSError where the zone cannot be listed."""
    found = []
    for path in raw.iterdir():
        try:
            period = Period.parse(path.name)
        except ValueError:
            continue
        if str(period) == path.name and path.is_dir():
            found.append(Folder(period, path))
    yield from sorted(found, key=lambda folder: folder.period)


def look(folder: Path) -> Look:
    """What lies there now: the folder's own files and those of `phieu/`. Raises OSError where it cannot be listed."""
    places = [folder, folder / RETURNED]
    seen = [entry for place in places if place == folder or place.is_dir() for entry in _files(place, folder)]
    return tuple(sorted(seen))


def _files(place: Path, folder: Path) -> Iterator[tuple[str, int, int]]:
    for path in place.iterdir():
        if not is_data(unicodedata.normalize("NFC", path.name)):
            continue
        try:
            status = path.lstat()
        except FileNotFoundError:  # gone since the listing; the next look knows
            continue
        if stat.S_ISREG(status.st_mode):
            yield path.relative_to(folder).as_posix(), status.st_size, status.st_mtime_ns


def content(folder: Path, seen: Look) -> str:
    """A hash of what the files hold, so that a file that was only touched is no new one. Raises OSError."""
    digest = hashlib.sha256()
    for name, size, _ in seen:
        digest.update(f"{name}\0{size}\0".encode("utf-8", "surrogateescape"))
        try:
            with (folder / name).open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        except PermissionError:  # the review says so; the other files are looked at all the same
            digest.update(b"\0unreadable")
    return digest.hexdigest()


def changed_while_reading(folder: Path, seen: Look) -> bool:
    """Whether the folder is no longer as it was looked at."""
    try:
        return look(folder) != seen
    except OSError:
        return True
