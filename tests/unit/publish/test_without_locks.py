"""Publication where locks do nothing, as on some network file systems: two processes at the same moment."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest
from published import FILES, content, manifest

from pipeline.publish import atomic_files, ledger, publication
from pipeline.publish.atomic_files import PublishError, lock_holds, period_lock, replace_file
from pipeline.publish.publication import publish, recover
from pipeline.publish.revisions import current_revision, revision_ids
from pipeline.publish.verification import verify

#: publishes as often as it can, each time the next number, with a lock that keeps nobody out; prints what it published
CODE = """
import fcntl, sys
fcntl.flock = lambda *arguments: None
sys.path.insert(0, {tests!r})
from pathlib import Path
from published import manifest
from pipeline.publish.atomic_files import PublishError, period_lock, lock_holds
from pipeline.publish.publication import publish, recover
folder, mark, locked = Path(sys.argv[1]), sys.argv[2], sys.argv[3] == "believes"
sys.stdin.readline()
for number in range({times}):
    with period_lock(folder):
        try:
            found = recover(folder, locked=locked)
            previous = found.manifest.revision if found.manifest else None
            text = (mark + str(number)).encode()
            files = {{f"{{n}}.md": text * 500 for n in range(4)}}
            path = publish(folder, files, manifest(found.next_revision, previous, mark))
            print(path.name, text.decode(), flush=True)
        except PublishError:
            pass
"""


@pytest.mark.slow
@pytest.mark.parametrize("belief", ["knows", "believes"])
@pytest.mark.parametrize("periods", [("2022-Q1", "2022-Q1"), ("2022-Q1", "2022-Q2")])
def test_two_processes_publish_no_torn_revision_and_lose_none(
    tmp_path: Path, periods: tuple[str, str], belief: str
) -> None:
    """`believes`: a process takes the lock for one that holds, and removes what it takes for left behind."""
    code = CODE.format(tests=str(Path(__file__).parents[2] / "support"), times=8)
    both = []
    for mark, period in zip("xy", periods, strict=True):
        command = [sys.executable, "-c", code, str(tmp_path / period), mark, belief]
        both.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
    for process in both:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate()[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    for period in set(periods):
        with period_lock(tmp_path / period):
            recover(tmp_path / period)
    published = [
        (period, *line.split()) for period, text in zip(periods, said, strict=True) for line in text.splitlines()
    ]
    assert len({(period, revision) for period, revision, _ in published}) == len(published) > 0
    for period, revision, text in published:
        files = content(tmp_path / period / revision)
        assert {files[f"{n}.md"] for n in range(4)} == {text.encode() * 500}
    found = verify(tmp_path)
    assert (found.problems, found.notes, found.ledger.last) == ((), (), found.revisions)
    assert found.revisions == sum(len(revision_ids(tmp_path / period)) for period in set(periods))


def test_a_folder_that_loses_files_while_it_is_written_again_is_not_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process clears the staging folder after the entry, and again while it is written a second time."""
    folder, write, record = tmp_path / "2022-Q1", publication.write_new, publication.append
    publish(folder, FILES, manifest("r1"))
    recorded, written = [], []

    def append(*arguments: object) -> None:
        record(*arguments)  # type: ignore[arg-type]
        recorded.append(True)
        recover(folder)

    def write_new(path: Path, data: bytes) -> None:
        write(path, data)
        if recorded and path.name != "manifest.json" and not written:
            written.append(path)
            recover(folder)

    monkeypatch.setattr(publication, "append", append)
    monkeypatch.setattr(publication, "write_new", write_new)
    monkeypatch.setattr(publication, "staged", lambda *arguments: None)
    path = publish(folder, FILES, manifest("r2", "r1"))
    assert written and {name: data for name, data in content(path).items() if name in FILES} == FILES
    assert (verify(tmp_path).problems, [p.name for p in folder.glob(".*")]) == ((), [])


def test_a_lock_that_holds_and_one_that_does_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with period_lock(tmp_path):
        assert lock_holds(tmp_path)
    monkeypatch.setattr(fcntl, "flock", lambda *arguments: None)
    with period_lock(tmp_path):
        assert not lock_holds(tmp_path)


@pytest.mark.parametrize("number", ["ENOLCK", "EOPNOTSUPP", "ENOSYS"])
def test_a_file_system_without_locks_stops_no_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: str) -> None:
    def refuse(*arguments: object) -> None:
        raise OSError(getattr(atomic_files.errno, number), "no locks")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with period_lock(tmp_path):
        assert not lock_holds(tmp_path)


def test_staging_of_another_process_stays_where_the_lock_does_not_hold(tmp_path: Path) -> None:
    folder = tmp_path / "2022-Q1"
    other = folder / ".dang-ghi-1-00000000"
    other.mkdir(parents=True)
    (other / "bao-cao.md").write_text("đang ghi")
    recover(folder, locked=False)
    publish(folder, FILES, manifest("r1"))
    assert (other / "bao-cao.md").exists()
    recover(folder)
    assert not other.exists()


def test_a_number_that_another_process_took_meanwhile_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    folder = tmp_path / "2022-Q1"
    publish(folder, FILES, manifest("r1"))
    before = content(folder)
    with pytest.raises(PublishError, match="lần chạy khác của kỳ này vừa công bố"):
        publish(folder, {"bao-cao.md": b"other"}, manifest("r1", mark="b"))
    assert content(folder) == before
    assert current_revision(folder).altered == ()


@pytest.mark.parametrize("links", [True, False])
def test_an_entry_is_never_written_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool) -> None:
    if not links:

        def refuse(*arguments: object) -> None:
            raise OSError(atomic_files.errno.EOPNOTSUPP, "no links")

        monkeypatch.setattr(os, "link", refuse)
    publish(tmp_path / "2022-Q1", FILES, manifest("r1"))
    old = ledger.read_ledger(tmp_path)
    publish(tmp_path / "2022-Q1", FILES, manifest("r2", "r1"))
    newer, stale = content(tmp_path / ledger.LEDGER), iter([ledger.Ledger(tmp_path, hashes={}), old])
    read = ledger.read_ledger
    monkeypatch.setattr(ledger, "read_ledger", lambda out: next(stale, None) or read(out))
    publish(tmp_path / "2022-Q2", FILES, manifest("r1"))
    monkeypatch.undo()
    now = content(tmp_path / ledger.LEDGER)
    assert {name: now[name] for name in newer} == newer and len(now) == 3
    assert verify(tmp_path).problems == ()


def test_a_draft_that_another_process_removed_is_written_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write, removed = atomic_files.write_new, []

    def written(path: Path, data: bytes) -> None:
        write(path, data)
        if not removed:
            removed.append(path)
            path.unlink()

    monkeypatch.setattr(atomic_files, "write_new", written)
    replace_file(tmp_path / "current.json", b"new")
    assert (tmp_path / "current.json").read_bytes() == b"new"
    assert [p.name for p in tmp_path.iterdir()] == ["current.json"]
