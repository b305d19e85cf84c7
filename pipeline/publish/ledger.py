"""The ledger of publications of a data folder: what was published, signed and accepted, in the order it happened.

    data/out/so-cong-bo/000001.json, 000002.json …   entries of all periods, never changed

Each entry names the hash of the entry before, so an entry that is changed or removed is noticed. An entry is created
under a name that must not exist: of two processes only one can write entry 17, also where locks do nothing. Whoever can
write the whole folder can make a new chain; the hash of the last entry, kept elsewhere, shows that.

Times are passed in: this module reads no clock.
"""

from __future__ import annotations

import datetime as dt
import errno
import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from pipeline.publish.atomic_files import readable_bytes, sync_folder, unique_ending, write_new
from pipeline.publish.fingerprint import sha256
from schemas.ledger import Accepted, Event, KnownRevision, KnownSignings, LedgerEntry, Published, Signed, Started

#: folder of the ledger in data/out
LEDGER = "so-cong-bo"
#: folder with one folder of revisions per alternative rulebook, below the folder of a period
ALTERNATIVES = "phuong-an"
_ENTRY = re.compile(r"([0-9]{6,})\.json")
#: beginning of the names of drafts
_DRAFT = ".nhap-"
#: errors of a file system that has no hard links
_NO_LINKS = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EACCES, errno.EINVAL})
#: how often another process may write an entry first
_TRIES = 100


@dataclass(frozen=True)
class Break:
    """A place where the chain does not hold: an entry that was changed, or the last of missing ones.

    `state`: the hash of the file, or `missing`.
    """

    number: int
    state: str

    @property
    def place(self) -> str:
        """`so-cong-bo/000017`."""
        return f"{LEDGER}/{self.number:06d}"


@dataclass(frozen=True)
class Ledger:
    """The ledger as it was read.

    `trusted`: the entries that the chain confirms, oldest first; `others`: readable entries that it does not confirm.
    `hashes`: number -> hash of every entry's bytes. `breaks`: entries that are changed or missing, oldest first.
    `torn`: the last file is no entry, because a process was killed while it wrote it. `head`: hash of the last entry.
    """

    path: Path
    trusted: tuple[LedgerEntry, ...] = ()
    others: tuple[LedgerEntry, ...] = ()
    hashes: dict[int, str] = field(default_factory=dict)
    breaks: tuple[Break, ...] = ()
    torn: bool = False

    @property
    def started(self) -> bool:
        """Whether there is any entry."""
        return bool(self.hashes)

    @property
    def last(self) -> int:
        """The number of the last entry, 0 without one."""
        return max(self.hashes, default=0)

    @property
    def head(self) -> str:
        """The hash of the last entry, "" without one."""
        return self.hashes.get(self.last, "")

    def recorded(self, folder: str) -> dict[str, str]:
        """Revision -> hash of its manifest ("": it had none), by the trusted entries. `folder`: below data/out."""
        found: dict[str, str] = {}
        for entry in self.trusted:
            for known in _revisions(entry.event):
                if known.folder == folder:
                    found.setdefault(known.revision, known.manifest_sha256)
        return found

    def revision_names(self, folder: str) -> set[str]:
        """Every revision that any readable entry names: its number is used."""
        entries = (*self.trusted, *self.others)
        return {known.revision for e in entries for known in _revisions(e.event) if known.folder == folder}

    def before_ledger(self, folder: str) -> set[str]:
        """Revisions that programs without a ledger had published."""
        started = [e.event for e in self.trusted if isinstance(e.event, Started)]
        return {known.revision for event in started for known in event.revisions if known.folder == folder}

    def signings(self, folder: str) -> list[KnownSignings]:
        """The records of signings of a period, oldest first; the last one is in effect."""
        return [known for e in self.trusted for known in _signings(e.event) if known.folder == folder]

    def holds_signings(self, entry: LedgerEntry, folder: str) -> bool:
        """Whether an entry holds signings of a period."""
        return any(known.folder == folder for known in _signings(entry.event))

    def folders(self) -> set[str]:
        """Every folder that an entry names."""
        entries = (*self.trusted, *self.others)
        revisions = {known.folder for e in entries for known in _revisions(e.event)}
        return revisions | {known.folder for e in entries for known in _signings(e.event)}

    def accepted(self) -> dict[tuple[str, str], LedgerEntry]:
        """(place, state) -> the entry in which a person accepted it."""
        return {
            (problem.place, problem.state): entry
            for entry in self.trusted
            if isinstance(entry.event, Accepted)
            for problem in entry.event.problems
        }


def _revisions(event: Event) -> Iterator[KnownRevision]:
    if isinstance(event, Published):
        yield event.revision
    elif isinstance(event, Started):
        yield from event.revisions
    elif isinstance(event, Accepted):
        yield from event.adopted


def _signings(event: Event) -> Iterator[KnownSignings]:
    if isinstance(event, Signed):
        yield event.signings
    elif isinstance(event, Started):
        yield from event.signings


def out_and_name(folder: Path) -> tuple[Path, str]:
    """The data/out of a folder of revisions, and its name below that: `2022-Q1`, `2022-Q1/phuong-an/<id>`."""
    if folder.parent.name == ALTERNATIVES:
        return folder.parents[2], "/".join(folder.parts[-3:])
    return folder.parent, folder.name


def head_text(ledger: Ledger) -> str:
    """`Sổ công bố: mục 17, mã kiểm 3f2a…`, with all digits of the hash; "" without an entry.

    Kept outside the data folder, it shows later whether the ledger still holds this entry.
    """
    return f"Sổ công bố: mục {ledger.last}, mã kiểm {ledger.head}" if ledger.started else ""


# --- reading ---------------------------------------------------------------------------------------------


def read_ledger(out: Path) -> Ledger:
    """The ledger of a data/out. Raises OSError if a share does not answer, or if the ledger's folder is unreadable."""
    path = out / LEDGER
    try:
        names = sorted(p.name for p in path.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return Ledger(path)
    contents: dict[int, bytes] = {}
    for name in names:
        found = _ENTRY.fullmatch(name)
        if found and int(found[1]) >= 1 and name == _file_name(int(found[1])):
            contents[int(found[1])] = readable_bytes(path / name, follow=False) or b""
    entries = {number: _entry(data, number) for number, data in contents.items()}
    last = max(entries, default=0)
    torn = last > 0 and entries[last] is None and (last == 1 or last - 1 in entries)  # no process leaves a gap
    if torn:
        del entries[last], contents[last]
    return _checked(path, entries, {number: sha256(data) for number, data in contents.items()}, torn)


def _file_name(number: int) -> str:
    return f"{number:06d}.json"


def _entry(data: bytes, number: int) -> LedgerEntry | None:
    try:
        entry = LedgerEntry.model_validate_json(data)
    except ValidationError:
        return None
    return entry if entry.number == number and (entry.before == "") == (number == 1) else None


def _checked(path: Path, entries: dict[int, LedgerEntry | None], hashes: dict[int, str], torn: bool) -> Ledger:
    """Walk from the newest entry to the oldest: an entry is trusted if a trusted one after it names its hash.

    A gap is one break, at its highest number.
    """
    trusted: list[LedgerEntry] = []
    others: list[LedgerEntry] = []
    breaks: list[Break] = []
    numbers = sorted(entries, reverse=True)
    named: dict[int, str] = {number: hashes[number] for number in numbers[:1]}
    for number, below in zip(numbers, [*numbers[1:], 0], strict=False):
        entry, digest = entries[number], hashes[number]
        if entry is not None and named.get(number) == digest:
            trusted.append(entry)
            named.setdefault(number - 1, entry.before)
            if isinstance(entry.event, Accepted):
                named.update(entry.event.anchors)
        else:
            others += [entry] if entry is not None else []
            breaks += [Break(number, digest)] if number in named or entry is None else []
        if below != number - 1:
            breaks.append(Break(number - 1, "missing"))
    return Ledger(path, tuple(trusted[::-1]), tuple(others[::-1]), hashes, tuple(breaks[::-1]), torn)


# --- writing ---------------------------------------------------------------------------------------------


def append(out: Path, event: Callable[[Ledger], Event | None], at: dt.datetime) -> None:
    """Write the next entry. `event`: makes its content from the ledger as it is at that moment; None: nothing to write.

    If another process writes an entry first, `event` is asked again. Raises what `event` raises, and OSError if the
    disk does not take the entry.
    """
    folder = out / LEDGER
    folder.mkdir(parents=True, exist_ok=True)
    sync_folder(out)
    for _ in range(_TRIES):
        ledger = read_ledger(out)
        content = event(ledger)
        if content is None:
            return
        entry = LedgerEntry(number=ledger.last + 1, before=ledger.head, at=at, event=content)
        if _written(folder, entry, torn=ledger.torn):
            sync_folder(folder)
            return
    raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), str(folder))


def _written(folder: Path, entry: LedgerEntry, *, torn: bool) -> bool:
    """Create the entry's file; false if another process was first."""
    target, data = folder / _file_name(entry.number), (entry.model_dump_json(indent=1) + "\n").encode()
    remove_drafts(folder)
    draft = folder / f"{_DRAFT}{unique_ending()}"
    try:
        write_new(draft, data)
        if torn and _entry(readable_bytes(target, follow=False) or b"", entry.number) is None:
            target.unlink(missing_ok=True)  # an entry that is whole by now is another process's
        _link_or_create(draft, target, data)
    except (FileExistsError, FileNotFoundError):
        return False
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
    return True


def remove_drafts(folder: Path) -> None:
    """Remove the drafts of killed processes; one that is at work writes its draft again. `folder`: the ledger's.

    Raises OSError.
    """
    for left in folder.glob(f"{_DRAFT}*"):
        left.unlink(missing_ok=True)


def _link_or_create(draft: Path, target: Path, data: bytes) -> None:
    """Give the draft its name if nothing has that name. Without hard links the file is created and then written."""
    try:
        os.link(draft, target)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        try:
            write_new(target, data)
        except FileExistsError:
            raise
        except OSError:
            target.unlink(missing_ok=True)
            raise
