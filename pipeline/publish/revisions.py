"""Published revisions of a period: where they are, which one is current, which files are as they were published.

    data/out/so-cong-bo/                            the ledger of all publications (pipeline/publish/ledger.py)
    data/out/<period>/.khoa                         lock of the period; the kernel frees it when its process ends
    data/out/<period>/.dang-ghi-…                   staging folder of a revision that is being written
    data/out/<period>/r1, r2 …                      revisions, never changed
    data/out/<period>/current.json                  names the current revision; replaced last
    data/out/<period>/ky-ban-hanh.json              record of signings (pipeline/publish/signed_revisions.py)
    data/out/<period>/phuong-an/<rulebook>/r1 …     revisions of an alternative rulebook, with their own current.json

`pipeline/publish/publication.py` writes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from pipeline.periods import PERIOD_FORM
from pipeline.publish.atomic_files import readable_bytes
from pipeline.publish.fingerprint import sha256
from pipeline.publish.ledger import ALTERNATIVES, Ledger, out_and_name, read_ledger
from schemas.manifest import Current, Manifest, Signings

#: names inside a folder of revisions; MANIFEST is in each revision, STAGING is the beginning of a name
CURRENT, MANIFEST, STAGING = "current.json", "manifest.json", ".dang-ghi"
#: beginning of the name of a staging folder that is being removed: it is never read
WASTE = f"{STAGING}-bo"
#: name of the record of signings of a period
SIGNED = "ky-ban-hanh.json"
#: state of what is not there, in the ledger's list of accepted problems
MISSING = "missing"
#: what to do about a revision that is not as it was published
VERIFY = "xem “tthc verify”"
_REVISION = re.compile(r"r([1-9][0-9]{0,5})")
_PERIOD = re.compile(PERIOD_FORM)


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
    return _sorted(p.name for p in folder.iterdir() if _REVISION.fullmatch(p.name))


def _sorted(names: Iterator[str] | set[str]) -> list[str]:
    return sorted(names, key=lambda name: int(name[1:]))


def no_such_revision(name: str, folder: str, there: Sequence[str]) -> str:
    """Vietnamese: a revision that somebody named does not exist, and what to do. `there`: those that do."""
    if not there:
        return f"Không có bản “{name}” trong {folder} (chưa có bản nào). Chấm điểm, công bố kỳ này trước."
    return f"Không có bản “{name}” trong {folder} (có: {', '.join(there)}). Ghi lại tên bản."


def read_manifest(revision: Path) -> Manifest:
    """The manifest of one revision folder. Raises ValueError (Vietnamese) if it is missing, unreadable or not recorded.

    A manifest that was altered is returned: `altered_files` names it. Raises OSError if a share does not answer, as all
    functions here that read revisions: that is no damage.
    """
    manifest = stored_manifest(revision)
    out, folder = out_and_name(revision.parent)
    if not is_known(read_ledger(out), folder, manifest):
        raise ValueError(f"{revision.name}: không có trong sổ công bố ({VERIFY})")
    return manifest


def stored_manifest(revision: Path) -> Manifest:
    """`read_manifest`, whether the revision is recorded or not."""
    try:
        manifest = Manifest.model_validate_json(readable_bytes(revision / MANIFEST, follow=False) or b"")
    except ValidationError:
        raise ValueError(f"{revision.name}: {MANIFEST} thiếu hoặc không đọc được") from None
    if manifest.revision != revision.name:
        raise ValueError(f"{revision.name}: {MANIFEST} là của bản {manifest.revision}")
    return manifest


def is_known(ledger: Ledger, folder: str, manifest: Manifest) -> bool:
    """Whether the ledger holds the revision, or a program without a ledger made it and there is no ledger yet."""
    if ledger.started:
        return bool(ledger.recorded(folder).get(manifest.revision))
    return manifest.previous_sha256 is None


def altered_files(revision: Path, manifest: Manifest, ledger: Ledger | None = None) -> tuple[str, ...]:
    """Names of files that are missing or have another hash than the published one; of the manifest: than the recorded.

    `ledger`: None to read it.
    """
    altered = tuple(name for name, digest in manifest.files.items() if file_hash(revision / name) != digest)
    expected = _known_manifest_hash(revision, ledger)
    return (*altered, MANIFEST) if expected and file_hash(revision / MANIFEST) != expected else altered


def _known_manifest_hash(revision: Path, ledger: Ledger | None) -> str:
    """The hash of a revision's manifest by the ledger, else by `current.json`; "" where neither names it."""
    out, folder = out_and_name(revision.parent)
    recorded = (ledger or read_ledger(out)).recorded(folder).get(revision.name)
    if recorded is not None:
        return recorded
    named = named_revision(revision.parent)
    return named.manifest_sha256 if named is not None and named.revision == revision.name else ""


def extra_files(revision: Path, manifest: Manifest) -> tuple[str, ...]:
    """Names of what is in a revision's folder and was not published, sorted.

    Files that Windows, macOS and office programs make while somebody looks at a folder are not named.
    """
    published = {MANIFEST, *manifest.files}
    found = {p.relative_to(revision).as_posix() for p in revision.rglob("*") if p.is_symlink() or not p.is_dir()}
    return tuple(sorted(name for name in found - published if not _is_system_file(name.rpartition("/")[2])))


def _is_system_file(name: str) -> bool:
    return name.startswith((".", "~$")) or name.casefold() in {"thumbs.db", "desktop.ini"}


def published_file(revision: Path, manifest: Manifest, name: str) -> bytes | None:
    """A file of a revision as it was published; None if it was not published, is missing or was altered."""
    data = readable_bytes(revision / name, follow=False) if name in manifest.files else None
    return data if data is not None and sha256(data) == manifest.files[name] else None


def current_revision(folder: Path) -> CurrentRevision:
    """Find the current revision of a folder of revisions. Writes nothing.

    It is the newest recorded revision that is there, altered or not. Before there is a ledger it is the revision that
    `current.json` names, or a newer complete one; without a usable `current.json` the newest complete one.
    """
    out, name = out_and_name(folder)
    ledger = read_ledger(out)
    recorded, accepted = ledger.recorded(name), ledger.accepted()
    named = named_revision(folder)
    there = revision_ids(folder)
    damage: list[str] = []
    following = next_number(folder, ledger)
    for revision in reversed(_sorted({*there, *recorded})):
        path = folder / revision
        if revision not in there:
            known_gone = (f"{name}/{revision}", MISSING) in accepted
            if not known_gone and not staged(folder, recorded[revision]):
                damage.append(f"{revision}: đã công bố nhưng thư mục không còn ({VERIFY}).")
            continue
        try:
            manifest = stored_manifest(path)
        except ValueError as error:
            damage.append(f"{error}.")
            continue
        if not is_known(ledger, name, manifest):
            damage.append(f"{revision}: không có trong sổ công bố nên không được dùng ({VERIFY}).")
            continue
        altered = altered_files(path, manifest, ledger)
        is_named = named is not None and named.revision == revision
        if altered:
            damage.append(f"{revision}: {', '.join(altered)} thiếu hoặc đã bị sửa sau khi công bố.")
        if not altered or is_named or recorded.get(revision):
            return CurrentRevision(manifest, path, altered, not is_named, tuple(damage), following)
    return CurrentRevision(damage=tuple(damage), next_revision=following)


def next_number(folder: Path, ledger: Ledger) -> str:
    """The name of the next revision, above every number that is used.

    A folder, an entry of the ledger, `current.json` or a signing uses a number.
    """
    _, name = out_and_name(folder)
    used = {*revision_ids(folder), *ledger.revision_names(name)}
    named = named_revision(folder)
    if named is not None:
        used.add(named.revision)
    records = [known.record for known in ledger.signings(name)]
    with suppress(ValidationError):
        records.append(Signings.model_validate_json(readable_bytes(folder / SIGNED) or b""))
    used |= {signing.revision for record in records for signing in record.signings}
    return f"r{max((int(revision[1:]) for revision in used), default=0) + 1}"


def staging_folders(folder: Path) -> list[Path]:
    """The staging folders of runs that are at work or were killed."""
    return sorted(folder.glob(f"{STAGING}*")) if folder.is_dir() else []


def staged(folder: Path, digest: str) -> Path | None:
    """The staging folder with a whole revision whose manifest has this hash."""
    for staging in staging_folders(folder):
        if staging.name.startswith(WASTE):
            continue
        data = readable_bytes(staging / MANIFEST, follow=False)
        if data is not None and sha256(data) == digest:
            files = Manifest.model_validate_json(data).files
            if all(file_hash(staging / name) == published for name, published in files.items()):
                return staging
    return None


def revision_folders(out: Path) -> Iterator[Path]:
    """Every folder of revisions in data/out: of the periods, and of their alternatives."""
    for period in sorted(out.iterdir()) if out.is_dir() else ():
        if _PERIOD.fullmatch(period.name) and period.is_dir():
            yield period
            alternatives = period / ALTERNATIVES
            yield from sorted(p for p in alternatives.iterdir() if p.is_dir()) if alternatives.is_dir() else ()


def named_revision(folder: Path) -> Current | None:
    """The content of `current.json`; None if it is missing or damaged."""
    try:
        return Current.model_validate_json(readable_bytes(folder / CURRENT) or b"")
    except ValidationError:
        return None


def file_hash(path: Path) -> str:
    """The SHA-256 of a file; "" if it is missing, unreadable or a link. Raises OSError if a share does not answer."""
    data = readable_bytes(path, follow=False)
    return "" if data is None else sha256(data)
