"""Checks everything that was published: the ledger, the revisions of all periods, `current.json`, the signings.

A problem has a place and a state. A person who knows the reason accepts it (`accept`): the ledger keeps who and why,
and the problem is no alarm any more as long as its state is the same. What was altered stays unused all the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from pipeline.publish.atomic_files import PublishError, is_transient, readable_bytes, write_error_text
from pipeline.publish.fingerprint import sha256
from pipeline.publish.ledger import LEDGER, Ledger, append, out_and_name, read_ledger
from pipeline.publish.publication import start_ledger
from pipeline.publish.revisions import (
    CURRENT,
    MANIFEST,
    MISSING,
    SIGNED,
    altered_files,
    extra_files,
    file_hash,
    is_known,
    named_revision,
    revision_folders,
    revision_ids,
    staged,
    stored_manifest,
)
from pipeline.publish.signed_revisions import restore_signings, signings_damage
from pipeline.text import shortened_list, vn_int
from schemas.ledger import Accepted, AcceptedProblem, Event, KnownRevision, LedgerEntry
from schemas.manifest import Manifest


@dataclass(frozen=True)
class Problem:
    """Something that is not as it was published. `place`, `text`, `action`: for people, Vietnamese.

    `state`: a hash of what was found, so that a later change is another problem. `accepted`: the entry of the ledger in
    which a person accepted it, None where nobody did.
    """

    place: str
    text: str
    action: str
    state: str
    accepted: LedgerEntry | None = None

    @property
    def reason(self) -> str:
        """Who accepted it and why; "" where nobody did."""
        event = self.accepted.event if self.accepted is not None else None
        return f"{event.by}: {event.reason}" if isinstance(event, Accepted) else ""


@dataclass(frozen=True)
class Verification:
    """What was checked and found. `notes`: Vietnamese, what is no problem but worth knowing."""

    ledger: Ledger
    revisions: int
    periods: int
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]

    @property
    def alarms(self) -> tuple[Problem, ...]:
        """The problems that nobody accepted."""
        return tuple(problem for problem in self.problems if problem.accepted is None)


def verify(out: Path) -> Verification:
    """Check a data/out. Writes nothing. Raises OSError if a share does not answer."""
    ledger = read_ledger(out)
    on_disk = {out_and_name(folder)[1] for folder in revision_folders(out)}
    names = sorted(on_disk | ledger.folders())
    problems: list[Problem] = [*_ledger_problems(ledger)]
    notes: list[str] = [*_ledger_notes(ledger)]
    checked = 0
    for name in names:
        folder = out / name
        ids = sorted({*revision_ids(folder), *ledger.recorded(name)}, key=lambda text: int(text[1:]))
        checked += len(ids)
        for revision in ids:
            problems += _revision_problems(ledger, folder, revision)
        problems += _record_problems(ledger, folder)
        notes += _folder_notes(ledger, folder)
    known = ledger.accepted()
    found = tuple(
        Problem(p.place, p.text, p.action, p.state, known.get((p.place, p.state)))
        for p in {(p.place, p.state): p for p in problems}.values()
    )
    return Verification(ledger, checked, len({name.split("/")[0] for name in names}), found, tuple(notes))


# --- the ledger ------------------------------------------------------------------------------------------


def _ledger_problems(ledger: Ledger) -> Iterator[Problem]:
    sure = {entry.number for entry in ledger.trusted}
    for found in ledger.breaks:
        what = (
            "mục này (và có thể các mục ngay trước) không còn"
            if found.state == MISSING
            else "mục này đã bị sửa sau khi ghi"
        )
        lost = [n for n in ledger.hashes if n < found.number and n not in sure]
        before = f"; {vn_int(len(lost))} mục trước đó vì vậy không xác nhận được" if lost else ""
        yield Problem(found.place, f"{what}{before}", _restore_text(f"{LEDGER}/{found.number:06d}.json"), found.state)


def _ledger_notes(ledger: Ledger) -> Iterator[str]:
    if ledger.torn:
        yield (
            f"Mục cuối cùng trong {LEDGER} ghi dở (tiến trình bị dừng khi đang ghi): lần ghi sau dùng lại số của mục."
        )


def _restore_text(path: str) -> str:
    return f"Khôi phục {path} từ bản sao lưu"


# --- revisions -------------------------------------------------------------------------------------------


def _revision_problems(ledger: Ledger, folder: Path, revision: str) -> Iterator[Problem]:
    """At most one problem of what the revision should hold, and one of what it should not hold."""
    _, name = out_and_name(folder)
    place, path = f"{name}/{revision}", folder / revision
    recorded = ledger.recorded(name)
    if path.is_symlink():
        state = sha256(str(path.readlink()).encode("utf-8", "surrogateescape"))
        yield Problem(place, "thư mục là một liên kết đến nơi khác", _restore_text(f"thư mục {place}"), state)
    if not path.exists():
        if revision in recorded and not staged(folder, recorded[revision]):
            text = f"đã công bố nhưng thư mục không còn{_signed_text(ledger, name, revision)}"
            yield Problem(place, text, _restore_text(f"thư mục {place}"), MISSING)
        return
    try:
        manifest = stored_manifest(path)
    except ValueError as error:
        if recorded.get(revision) != "":  # a program without a ledger left it like this
            state = file_hash(path / MANIFEST) or MISSING
            yield Problem(place, str(error).partition(": ")[2], _restore_text(f"thư mục {place}"), state)
        return
    if not is_known(ledger, name, manifest):
        yield _unknown_revision(ledger, place, path, manifest)
        return
    altered = altered_files(path, manifest, ledger)
    if altered:
        names, signed = shortened_list(altered, unit="tệp"), _signed_text(ledger, name, revision)
        text = f"{names} thiếu hoặc đã bị sửa sau khi công bố{signed}"
        yield Problem(place, text, _restore_text(f"thư mục {place}"), _state(path, altered))
    else:
        yield from _chain_problem(recorded, folder, place, manifest)
    extra = extra_files(path, manifest)
    if extra:
        text = f"có tệp không được công bố cùng bản này: {shortened_list(extra, unit='tệp')}"
        yield Problem(f"{place}/+", text, "Đưa các tệp đó ra khỏi thư mục", _state(path, extra))


def _unknown_revision(ledger: Ledger, place: str, path: Path, manifest: Manifest) -> Problem:
    if ledger.started:
        why = "không có trong sổ công bố: thư mục được chép vào, hoặc sổ là của một bản sao lưu cũ hơn"
    else:
        why = f"sổ công bố ({LEDGER}) không còn"
    action = (
        f"Khôi phục {LEDGER} từ bản sao lưu mới nhất; chắc chắn bản này đúng thì chấp nhận để nhận bản này vào sổ; "
        "không đúng thì đưa thư mục ra khỏi đây"
    )
    return Problem(place, why, action, _state(path, (MANIFEST, *manifest.files)))


def _chain_problem(recorded: Mapping[str, str], folder: Path, place: str, manifest: Manifest) -> Iterator[Problem]:
    """The manifest names another hash of the manifest before than that one has, and the ledger does not show it."""
    if manifest.previous and manifest.previous_sha256:
        before = file_hash(folder / manifest.previous / MANIFEST)
        if before == recorded.get(manifest.previous, before) != manifest.previous_sha256 and before:
            text = f"ghi mã của một {MANIFEST} khác của bản {manifest.previous} trước nó"
            yield Problem(place, text, _restore_text(f"thư mục của bản {manifest.previous}"), before)


def _signed_text(ledger: Ledger, name: str, revision: str) -> str:
    records = ledger.signings(name)
    signed = [s for s in records[-1].record.signings if s.revision == revision] if records else []
    return f" (bản này đã ký {signed[-1].number})" if signed else ""


def _state(path: Path, names: Sequence[str]) -> str:
    return sha256("".join(f"{name}\0{file_hash(path / name)}\n" for name in names).encode("utf-8", "surrogateescape"))


# --- current.json and signings ---------------------------------------------------------------------------


def _record_problems(ledger: Ledger, folder: Path) -> Iterator[Problem]:
    _, name = out_and_name(folder)
    recorded = ledger.recorded(name)
    named = named_revision(folder)
    if named is not None and recorded and recorded.get(named.revision) != named.manifest_sha256:
        text = f"chỉ bản {named.revision} với mã không có trong sổ công bố"
        action = f"Chạy lại kỳ này (tthc score {name[:7]}): tệp được ghi lại theo sổ"
        yield Problem(f"{name}/{CURRENT}", text, action, file_hash(folder / CURRENT))
    damage = signings_damage(folder)
    if damage:
        action = _restore_text(f"{name}/{SIGNED}") + "; lần chạy hoặc lần ghi bản ký sau ghi lại tệp theo sổ"
        state = file_hash(folder / SIGNED) or MISSING
        yield Problem(f"{name}/{SIGNED}", damage.removeprefix(f"{SIGNED} ").rstrip("."), action, state)


def _folder_notes(ledger: Ledger, folder: Path) -> Iterator[str]:
    """What is no alarm: revisions from before the ledger, and what the next run finishes."""
    _, name = out_and_name(folder)
    ids, recorded, older = revision_ids(folder), ledger.recorded(name), ledger.before_ledger(name)
    if ids and not ledger.started:
        older = set()
        for revision in ids:
            with suppress(ValueError):
                if stored_manifest(folder / revision).previous_sha256 is None:
                    older.add(revision)
    if older:
        last = max(int(revision[1:]) for revision in older)
        yield f"{name}: các bản đến r{last} công bố trước khi có sổ công bố, chỉ xác nhận được từ khi vào sổ."
    newest = next((r for r in reversed(ids) if r in recorded), "")
    named = named_revision(folder)
    if newest and (named is None or (named.revision != newest and named.revision in recorded)):
        yield f"{name}: {CURRENT} chưa chỉ bản {newest}; lần chạy sau ghi lại."
    for revision, digest in recorded.items():
        if not (folder / revision).exists() and digest and staged(folder, digest):
            yield f"{name}: bản {revision} đã ghi đủ nhưng chưa có tên; lần chạy sau nhận bản này."


# --- acceptance ------------------------------------------------------------------------------------------


def accept(out: Path, problems: Sequence[Problem], *, by: str, reason: str, at: dt.datetime) -> None:
    """Record in the ledger that a person accepts these problems. Whole revisions that no entry holds are recorded.

    `by`, `reason`, `at`: who, why, when. Raises PublishError if the disk does not take it.
    """
    try:
        start_ledger(out, at)
        append(out, lambda ledger: _acceptance(ledger, out, problems, by, reason), at)
    except OSError as error:
        raise PublishError(
            write_error_text(out, error, "Không có gì được ghi."), transient=is_transient(error)
        ) from None
    for place in {problem.place for problem in problems}:
        if place.endswith(f"/{SIGNED}"):
            restore_signings(out / place.removesuffix(f"/{SIGNED}"))


def _acceptance(ledger: Ledger, out: Path, problems: Sequence[Problem], by: str, reason: str) -> Event:
    places = {problem.place for problem in problems}
    broken = [found.number for found in ledger.breaks if found.place in places]
    before = {max((n for n in ledger.hashes if n < number), default=0) for number in broken}
    anchored = (before | set(broken)) & set(ledger.hashes)
    return Accepted(
        problems=[AcceptedProblem(place=p.place, state=p.state) for p in problems],
        adopted=tuple(_adopted(ledger, out, places)),
        anchors={number: ledger.hashes[number] for number in sorted(anchored)},
        reason=reason,
        by=by,
    )


def _adopted(ledger: Ledger, out: Path, places: set[str]) -> Iterator[KnownRevision]:
    for folder in revision_folders(out):
        _, name = out_and_name(folder)
        for revision in revision_ids(folder):
            if f"{name}/{revision}" not in places or ledger.recorded(name).get(revision):
                continue
            data = readable_bytes(folder / revision / MANIFEST, follow=False) or b""
            with suppress(ValidationError):
                manifest = Manifest.model_validate_json(data)
                whole = all(file_hash(folder / revision / f) == digest for f, digest in manifest.files.items())
                if whole and (manifest.revision, manifest.period) == (revision, name.partition("/")[0]):
                    yield KnownRevision(folder=name, revision=revision, manifest_sha256=sha256(data))
