"""Publication: whole or not at all, whatever happens in between."""

import datetime as dt
import errno
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from published import FILES, content, manifest
from repository import ROOT

from pipeline.periods import Period
from pipeline.publish import atomic_files, publication, revisions, signed_revisions
from pipeline.publish.atomic_files import PublishError, period_lock
from pipeline.publish.fingerprint import code_hash, fingerprint, rulebook_hash, same_inputs, sha256
from pipeline.publish.publication import publish, recover
from pipeline.publish.revisions import current_revision
from pipeline.publish.signed_revisions import reference_revision, signings_damage
from pipeline.publish.signing import record_signing
from pipeline.rulebooks import installed
from schemas.manifest import InputFile, Manifest, PastUsed, RulebookUsed


@pytest.fixture
def quarter(tmp_path: Path) -> Path:
    """The folder of a period in a data/out of its own."""
    return tmp_path / "2022-Q1"


def killed(folder: Path, patch: str) -> None:
    """Publish r2 in a process of its own, which `patch` kills with SIGKILL on the way."""
    code = f"""
import os, signal, sys
sys.path.insert(0, {str(Path(__file__).parents[2] / "support")!r})
from pathlib import Path
from pipeline.publish import atomic_files, publication, revisions, signed_revisions
from published import manifest
from pipeline.publish.atomic_files import period_lock
def die(*args, **kwargs): os.kill(os.getpid(), signal.SIGKILL)
{patch}
folder = Path({str(folder)!r})
with period_lock(folder):
    publication.publish(folder, {{"bao-cao.md": b"new"}}, manifest("r2", "r1", "b"))
"""
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr


def test_published_files_are_the_ones_given_and_current_names_the_revision(quarter: Path) -> None:
    path = publish(quarter, FILES, manifest("r1"))
    assert path == quarter / "r1"
    written = content(path)
    record = Manifest.model_validate_json(written.pop("manifest.json"))
    assert written == FILES
    assert record.files == {name: sha256(data) for name, data in FILES.items()}
    assert json.loads((quarter / "current.json").read_text())["revision"] == "r1"
    assert not list(quarter.glob(".dang-ghi*"))


def test_next_revision_follows_and_the_first_is_not_touched(quarter: Path) -> None:
    first = content(publish(quarter, FILES, manifest("r1")))
    assert current_revision(quarter).next_revision == "r2"
    publish(quarter, {"bao-cao.md": b"2"}, manifest("r2", "r1", "b"))
    assert content(quarter / "r1") == first
    found = current_revision(quarter)
    assert found.manifest is not None
    assert (found.manifest.revision, found.next_revision, found.adopted, found.damage) == ("r2", "r3", False, ())


def test_ten_comes_after_nine(quarter: Path) -> None:
    for number in (1, 2, 9, 10):
        publish(quarter, {}, manifest(f"r{number}"))
    assert current_revision(quarter).next_revision == "r11"
    assert revisions.revision_ids(quarter) == ["r1", "r2", "r9", "r10"]


def test_a_revision_is_never_written_over(quarter: Path) -> None:
    publish(quarter, FILES, manifest("r1"))
    before = content(quarter)
    with pytest.raises(PublishError, match="không được ghi đè"):
        publish(quarter, {"bao-cao.md": b"other"}, manifest("r1", mark="b"))
    assert content(quarter) == before


def test_killed_between_rename_and_current_is_adopted(quarter: Path) -> None:
    publish(quarter, FILES, manifest("r1"))
    killed(quarter, "publication._name_current = die")
    assert json.loads((quarter / "current.json").read_text())["revision"] == "r1"
    with period_lock(quarter):
        found = recover(quarter)
    assert found.adopted
    assert found.manifest is not None and found.manifest.revision == "r2"
    assert json.loads((quarter / "current.json").read_text())["revision"] == "r2"
    assert not current_revision(quarter).adopted


def test_killed_before_the_ledger_leaves_what_stood_and_the_next_run_works(quarter: Path) -> None:
    publish(quarter, FILES, manifest("r1"))
    before = content(quarter)
    killed(quarter, "publication.append = die")
    assert list(quarter.glob(".dang-ghi*"))
    with period_lock(quarter):
        found = recover(quarter)
        assert content(quarter) == before
        assert found.manifest is not None and found.manifest.revision == "r1"
        publish(quarter, FILES, manifest(found.next_revision, "r1", "b"))
    assert current_revision(quarter).next_revision == "r3"


def test_killed_between_ledger_and_rename_is_finished_by_the_next_run(quarter: Path) -> None:
    publish(quarter, FILES, manifest("r1"))
    before = content(quarter / "r1")
    killed(quarter, "Path.rename = die")
    assert not (quarter / "r2").exists()
    waiting = current_revision(quarter)
    assert waiting.manifest is not None and (waiting.manifest.revision, waiting.damage) == ("r1", ())
    assert waiting.next_revision == "r3"
    with period_lock(quarter):
        found = recover(quarter)
    assert found.manifest is not None and (found.manifest.revision, found.altered) == ("r2", ())
    assert content(quarter / "r1") == before and (quarter / "r2" / "bao-cao.md").read_bytes() == b"new"
    assert not list(quarter.glob(".dang-ghi*"))


def test_newer_folder_that_is_not_whole_is_not_adopted_and_its_number_not_used_again(quarter: Path) -> None:
    publish(quarter, FILES, manifest("r1"))
    (quarter / "r2").mkdir()
    (quarter / "r2" / "bao-cao.md").write_text("chép tay")
    found = recover(quarter)
    assert found.manifest is not None and found.manifest.revision == "r1"
    assert found.next_revision == "r3"
    assert found.damage == ("r2: manifest.json thiếu hoặc không đọc được.",)


@pytest.mark.parametrize("lost", [b"", b"{", b'{"revision": "r7", "manifest_sha256": "0"}', None])
def test_without_a_usable_current_json_the_newest_whole_revision_stands(quarter: Path, lost: bytes | None) -> None:
    publish(quarter, FILES, manifest("r1"))
    publish(quarter, FILES, manifest("r2", "r1", "b"))
    (quarter / "current.json").unlink()
    if lost is not None:
        (quarter / "current.json").write_bytes(lost)
    found = recover(quarter)
    assert found.manifest is not None and found.manifest.revision == "r2"
    assert json.loads((quarter / "current.json").read_text())["revision"] == "r2"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda r: (r / "counts.csv").write_text("sửa"), "counts.csv"),
        (lambda r: (r / "counts.csv").unlink(), "counts.csv"),
        (lambda r: (r / "manifest.json").write_text((r / "manifest.json").read_text() + " "), "manifest.json"),
    ],
)
def test_altered_revision_still_stands_and_says_what_was_altered(quarter: Path, change: object, named: str) -> None:
    publish(quarter, FILES, manifest("r1"))
    change(quarter / "r1")  # type: ignore[operator]
    found = current_revision(quarter)
    assert found.manifest is not None
    assert found.altered == (named,)
    assert named in found.damage[0]


@pytest.mark.parametrize(
    ("number", "said"), [(errno.ENOSPC, "hết dung lượng đĩa"), (errno.EROFS, "chỉ đọc"), (errno.EACCES, "quyền ghi")]
)
def test_disk_that_does_not_take_it_leaves_nothing_half_written(
    quarter: Path, monkeypatch: pytest.MonkeyPatch, number: int, said: str
) -> None:
    publish(quarter, FILES, manifest("r1"))
    before = content(quarter)
    calls = iter(range(100))

    def fail(handle: int) -> None:
        if next(calls) == 2:  # in the middle of the files
            raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(PublishError, match=said):
        publish(quarter, FILES, manifest("r2", "r1", "b"))
    assert content(quarter) == before
    assert current_revision(quarter).next_revision == "r2"


@pytest.mark.parametrize("name", ["manifest.json", "current.json", "counts.csv", "ky-ban-hanh.json"])
def test_a_share_that_is_away_for_a_moment_is_no_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    folder = tmp_path / "2022-Q1"
    publish(folder, FILES, manifest("r1"))
    signed_at = dt.datetime(2022, 3, 18, tzinfo=dt.UTC)
    record_signing(folder, "r1", number="85/BC-UBND", date=signed_at.date(), by="an", at=signed_at)
    read, answer = atomic_files.regular_bytes, errno.ESTALE

    def refuse(path: Path, **options: Any) -> bytes:
        if path.name == name:
            raise OSError(answer, os.strerror(answer), str(path))
        return read(path, **options)

    def found() -> list[str]:
        reference = reference_revision(tmp_path, Period(2022, 1))
        return [
            *filter(None, [signings_damage(folder)]),
            *current_revision(folder).damage,
            *(reference.damage if reference else ("none",)),
        ]

    assert found() == []
    monkeypatch.setattr(atomic_files, "regular_bytes", refuse)
    monkeypatch.setattr(signed_revisions, "regular_bytes", refuse)
    with pytest.raises(OSError, match="Stale"):
        found()
    answer = errno.EACCES  # that lasts
    # without current.json the newest whole revision stands
    assert found() != [] or name == "current.json"


def test_failure_after_the_rename_says_that_the_revision_is_there(
    quarter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(folder: Path, revision: Path) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(publication, "_name_current", full)
    with pytest.raises(PublishError, match="lần chạy sau sẽ nhận bản này"):
        publish(quarter, FILES, manifest("r1"))
    monkeypatch.undo()
    assert recover(quarter).adopted


@pytest.mark.parametrize("name", ["../r1/x", "/etc/x", "a//b", "", "manifest.json", "./a"])
def test_names_that_leave_the_revision_are_refused(quarter: Path, name: str) -> None:
    with pytest.raises(ValueError, match="not a file name"):
        publish(quarter, {name: b""}, manifest("r1"))
    assert not (quarter / "r1").exists()


def test_a_second_run_waits_for_the_first(tmp_path: Path) -> None:
    code = f"""
from pathlib import Path
from pipeline.publish.atomic_files import period_lock
folder = Path({str(tmp_path)!r})
with period_lock(folder, lambda: print("waits", flush=True)):
    print((folder / "first-was-done").exists(), flush=True)
"""
    with period_lock(tmp_path):
        second = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
        assert second.stdout is not None
        assert second.stdout.readline() == "waits\n"
        (tmp_path / "first-was-done").touch()
    assert second.stdout.readline() == "True\n"
    assert second.wait() == 0
    second.stdout.close()


def test_kill_9_frees_the_lock(tmp_path: Path) -> None:
    code = f"""
import sys
from pathlib import Path
from pipeline.publish.atomic_files import period_lock
with period_lock(Path({str(tmp_path)!r})):
    print("held", flush=True)
    sys.stdin.read()
"""
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == "held\n"
        run.kill()
        waited: list[bool] = []
        with period_lock(tmp_path, lambda: waited.append(True)):
            assert (tmp_path / ".khoa").is_file()


def test_lock_is_not_taken_through_a_link(tmp_path: Path) -> None:
    target = tmp_path / "target"
    folder = tmp_path / "2022-Q1"
    folder.mkdir()
    (folder / ".khoa").symlink_to(target)
    with pytest.raises(PublishError, match="symlink"), period_lock(folder):
        pass
    assert not target.exists()


@pytest.fixture
def facts() -> Iterator[dict[str, object]]:
    yield {
        "period": "2022-Q1",
        "inputs": [("a.xlsx", "1"), ("b.xlsx", "2")],
        "registry_sha256": "3",
        "rulebook": "qd-1187-2019",
        "alternative": False,
    }


@pytest.mark.parametrize(
    ("part", "other"),
    [
        ("period", "2022-Q2"),
        ("inputs", [("a.xlsx", "1")]),
        ("inputs", [("a.xlsx", "1"), ("b.xlsx", "9")]),
        ("inputs", [("a.xlsx", "1"), ("c.xlsx", "2")]),
        ("registry_sha256", "9"),
        ("rulebook", "tt-01-2018"),
        ("alternative", True),
        ("replaces", "Báo cáo số 85/BC-UBND ngày 18/3/2022"),
        ("past", [{"period": "2021-Q4", "revision": "r1"}]),
    ],
)
def test_fingerprint_tells_every_part(facts: dict[str, object], part: str, other: object) -> None:
    assert fingerprint(**{**facts, part: other}) != fingerprint(**facts)  # type: ignore[arg-type]


def test_fingerprint_does_not_depend_on_order(facts: dict[str, object]) -> None:
    turned = {**facts, "inputs": [("b.xlsx", "2"), ("a.xlsx", "1")]}
    assert fingerprint(**turned) == fingerprint(**facts)  # type: ignore[arg-type]


INPUTS = {
    "inputs": [InputFile(path="a.xlsx", sha256=sha256(b"1"), role="counts")],
    "rulebook": RulebookUsed(id="qd-1187-2019", sha256=sha256(b"rules")),
    "past": [PastUsed(period="2021-Q4", revision="r1", counts_sha256=sha256(b"counts"))],
}


@pytest.mark.parametrize(
    "part",
    [
        {"inputs": []},
        {"inputs": [InputFile(path="a.xlsx", sha256=sha256(b"2"), role="counts")]},
        {"inputs": [InputFile(path="b.xlsx", sha256=sha256(b"1"), role="counts")]},
        {"registry_sha256": sha256(b"another")},
        {"rulebook": None},
        {"rulebook": RulebookUsed(id="tt-01-2018", sha256=sha256(b"rules"))},
        {"alternative": True},
        {"past": []},
        {"past": [PastUsed(period="2021-Q4", revision="r2", counts_sha256=sha256(b"counts"))]},
        {"past": [PastUsed(period="2021-Q4", revision="r1", counts_sha256=sha256(b"others"))]},
        {"past": [PastUsed(period="2021-Q4", revision="r1", counts_sha256=sha256(b"counts"), damage="hỏng")]},
    ],
)
def test_another_input_is_told(part: dict[str, object]) -> None:
    one = manifest("r1").model_copy(update=INPUTS)
    assert not same_inputs(one, one.model_copy(update=part))


@pytest.mark.parametrize(
    "part",
    [
        {"inputs": [InputFile(path="a.xlsx", sha256=sha256(b"1"), role="unread")]},
        {"rulebook": RulebookUsed(id="qd-1187-2019", sha256=sha256(b"edited"))},
        {"past": [PastUsed(period="2021-Q4", revision="r1", counts_sha256=sha256(b"counts"), in_doubt=["xa-c"])]},
        {"revision": "r2", "reason": "x", "fingerprint": sha256(b"other"), "code_version": "1", "built_with": None},
    ],
)
def test_what_the_program_makes_of_them_is_no_input(part: dict[str, object]) -> None:
    one = manifest("r1").model_copy(update=INPUTS)
    assert same_inputs(one, one.model_copy(update=part))


def test_code_hash_ignores_caches_and_sees_the_rulebooks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for package in ("pipeline", "schemas", "templates"):
        (tmp_path / package / "reference").mkdir(parents=True)
        (tmp_path / package / "reference" / "rules.toml").write_text("x = 1")
    monkeypatch.setattr("pipeline.publish.fingerprint.resources.files", lambda package: tmp_path / package)
    monkeypatch.setattr("pipeline.publish.fingerprint.resources.as_file", lambda path: _same(path))
    before = code_hash()
    (tmp_path / "pipeline" / "__pycache__").mkdir()
    (tmp_path / "pipeline" / "__pycache__" / "a.pyc").write_bytes(b"1")
    (tmp_path / "pipeline" / ".swp").write_bytes(b"1")
    assert code_hash() == before
    (tmp_path / "pipeline" / "reference" / "rules.toml").write_text("x = 2")
    assert code_hash() != before


def _same(path: Path) -> object:
    from contextlib import nullcontext

    return nullcontext(path)


def test_rulebook_hash_is_that_of_its_file() -> None:
    books = installed()
    data = (ROOT / "pipeline/reference/rulebooks/qd-1187-2019.toml").read_bytes()
    assert rulebook_hash(books["qd-1187-2019"]) == sha256(data) != rulebook_hash(books["tt-01-2018"])


def test_rulebook_hash_of_an_office_is_of_what_it_says() -> None:
    own = installed()["tt-01-2018"].model_copy(update={"id": "qd-0"})
    assert rulebook_hash(own) == rulebook_hash(own.model_copy())
    assert rulebook_hash(own) != rulebook_hash(own.model_copy(update={"title": "Quyết định khác"}))
