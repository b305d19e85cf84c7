"""What is changed, added or removed after publication is found, and used for nothing."""

import datetime as dt
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from published import FILES, content, manifest
from upgrades import without_ledger

from pipeline.publish import ledger
from pipeline.publish.atomic_files import PublishError
from pipeline.publish.fingerprint import sha256
from pipeline.publish.ledger import LEDGER, read_ledger
from pipeline.publish.publication import publish, recover
from pipeline.publish.revision_tables import IncomparableError, read_revision
from pipeline.publish.revisions import current_revision, read_manifest, stored_manifest
from pipeline.publish.signed_revisions import signed
from pipeline.publish.signing import record_signing
from pipeline.publish.verification import accept, verify
from schemas.manifest import Manifest

AT = dt.datetime(2022, 3, 18, 9, tzinfo=dt.UTC)


def of_period(revision: str, previous: str | None, period: str) -> Manifest:
    return manifest(revision, previous).model_copy(update={"period": period})


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Two periods with two revisions each; r2 of 2022-Q1 is signed."""
    for revision, previous in (("r1", None), ("r2", "r1")):
        for period in ("2022-Q1", "2022-Q2"):
            publish(tmp_path / period, {**FILES, "a.md": revision.encode()}, of_period(revision, previous, period))
    record_signing(tmp_path / "2022-Q1", "r2", number="85/BC-UBND", date=AT.date(), by="an", at=AT, despite="thử")
    return tmp_path


def places(out: Path) -> list[str]:
    return [problem.place for problem in verify(out).alarms]


def test_what_is_as_it_was_published_is_no_alarm(out: Path) -> None:
    found = verify(out)
    assert (found.problems, found.notes, found.revisions, found.periods) == ((), (), 4, 2)
    assert found.ledger.last == 5


def test_manifests_and_entries_name_the_one_before(out: Path) -> None:
    before = sha256((out / "2022-Q1" / "r1" / "manifest.json").read_bytes())
    assert stored_manifest(out / "2022-Q1" / "r2").previous_sha256 == before
    assert stored_manifest(out / "2022-Q1" / "r1").previous_sha256 == ""
    entries = [json.loads((out / LEDGER / f"{n:06d}.json").read_text()) for n in range(1, 6)]
    hashes = [sha256((out / LEDGER / f"{n:06d}.json").read_bytes()) for n in range(1, 6)]
    assert [entry["before"] for entry in entries] == ["", *hashes[:-1]]


def forge(revision: Path) -> None:
    """Change a table and write its new hash into the manifest."""
    (revision / "counts.csv").write_bytes(b"unit_id\nkhac\n")
    record = json.loads((revision / "manifest.json").read_text("utf-8"))
    record["files"]["counts.csv"] = sha256(b"unit_id\nkhac\n")
    (revision / "manifest.json").write_text(json.dumps(record))


def name_as_current(revision: Path) -> None:
    digest = sha256((revision / "manifest.json").read_bytes())
    named = {"revision": revision.name, "manifest_sha256": digest}
    (revision.parent / "current.json").write_text(json.dumps(named))


def forge_and_name(revision: Path) -> None:
    forge(revision)
    name_as_current(revision)


def replaced_by_link(revision: Path) -> None:
    (revision / "counts.csv").rename(revision.parents[1] / "elsewhere.csv")
    (revision / "counts.csv").symlink_to(revision.parents[1] / "elsewhere.csv")


def pipe(name: str) -> Callable[[Path], None]:
    def put(revision: Path) -> None:
        (revision / name).unlink()
        os.mkfifo(revision / name)

    return put


@pytest.mark.parametrize("name", ["2022-Q1/r1", "2022-Q1/r2", "2022-Q2/r1", "2022-Q2/r2"])
@pytest.mark.parametrize(
    "change",
    [
        lambda r: (r / "counts.csv").write_bytes(b"unit_id\nkhac\n"),
        lambda r: (r / "bieu-do" / "cap-xa.svg").unlink(),
        lambda r: shutil.rmtree(r / "bieu-do"),
        lambda r: (r / "manifest.json").unlink(),
        lambda r: (r / "manifest.json").write_text((r / "manifest.json").read_text() + "\n"),
        lambda r: (r / "manifest.json").write_text("{"),
        forge,
        replaced_by_link,
        pipe("counts.csv"),
        pipe("manifest.json"),
        lambda r: shutil.rmtree(r),
    ],
)
def test_every_change_of_a_revision_is_one_alarm_at_its_place(
    out: Path, name: str, change: Callable[[Path], None]
) -> None:
    change(out / name)
    assert places(out) == [name]


@pytest.mark.parametrize(
    "put",
    [
        lambda r: (r / "replaced.csv").write_text("unit_id,measure\n"),
        lambda r: (r / "bieu-do" / "them.svg").write_text("<svg/>"),
        lambda r: (r / "them").symlink_to("/etc"),
        lambda r: os.mkfifo(r / "ong"),
    ],
)
def test_what_was_not_published_with_a_revision_is_an_alarm_and_is_not_signed(
    out: Path, put: Callable[[Path], None]
) -> None:
    put(out / "2022-Q2" / "r2")
    assert places(out) == ["2022-Q2/r2/+"]
    with pytest.raises(PublishError, match="tệp không được công bố cùng bản đó"):
        record_signing(out / "2022-Q2", "r2", number="9/BC", date=AT.date(), by="an", at=AT, despite="thử")


def test_files_that_a_desktop_leaves_in_a_folder_are_no_alarm(out: Path) -> None:
    for name in ("Thumbs.db", "desktop.ini", "~$cham-diem.xlsx", ".DS_Store", ".~lock.bao-cao.md#"):
        (out / "2022-Q1" / "r1" / name).write_text("")
    assert places(out) == []


def test_a_deleted_number_is_never_used_again_and_the_new_content_is_not_signed(out: Path) -> None:
    folder = out / "2022-Q1"
    shutil.rmtree(folder / "r2")
    found = recover(folder)
    assert found.next_revision == "r3"
    assert "r2: đã công bố nhưng thư mục không còn" in found.damage[0]
    with pytest.raises(PublishError):
        publish(folder, FILES, manifest("r2", "r1", "c"))
    publish(folder, FILES, manifest("r3", "r1", "c"))
    last = signed(folder)
    assert last is not None and last.revision == "r2"


@pytest.mark.parametrize("kept", ["current.json", "ky-ban-hanh.json"])
def test_a_number_stays_used_where_the_ledger_is_gone_too(out: Path, kept: str) -> None:
    folder = out / "2022-Q1"
    shutil.rmtree(out / LEDGER)
    for name in {"current.json", "ky-ban-hanh.json"} - {kept}:
        (folder / name).unlink()
    shutil.rmtree(folder / "r2")
    assert current_revision(folder).next_revision == "r3"


def test_a_copied_revision_is_used_for_nothing(out: Path) -> None:
    folder = out / "2022-Q1"
    shutil.copytree(folder / "r2", folder / "r3")
    record = json.loads((folder / "r3" / "manifest.json").read_text())
    record |= {"revision": "r3", "previous": "r2"}
    (folder / "r3" / "manifest.json").write_text(json.dumps(record))
    name_as_current(folder / "r3")
    found = current_revision(folder)
    assert found.manifest is not None
    assert (found.manifest.revision, found.next_revision) == ("r2", "r4")
    assert "r3: không có trong sổ công bố" in found.damage[0]
    assert places(out) == ["2022-Q1/r3", "2022-Q1/current.json"]
    with pytest.raises(ValueError, match="không có trong sổ công bố"):
        read_manifest(folder / "r3")


@pytest.mark.parametrize("change", [forge, forge_and_name])
def test_tables_of_an_altered_manifest_are_not_compared(out: Path, change: Callable[[Path], None]) -> None:
    change(out / "2022-Q2" / "r2")
    with pytest.raises(IncomparableError, match=r"manifest\.json đã bị sửa"):
        read_revision(out / "2022-Q2" / "r2", stored_manifest(out / "2022-Q2" / "r2"))


def test_a_table_that_was_not_published_is_not_read(out: Path) -> None:
    counts = b"unit_id,measure,value\r\n"
    revision = publish(out / "2022-Q2", {"counts.csv": counts}, of_period("r3", "r2", "2022-Q2"))
    (revision / "criterion_scores.csv").write_text("unit_id,criterion,number,label,score,printed\n")
    with pytest.raises(IncomparableError, match=r"thiếu criterion_scores\.csv"):
        read_revision(revision, stored_manifest(revision))


# --- the ledger itself -----------------------------------------------------------------------------------


def edit(out: Path, number: int) -> None:
    path = out / LEDGER / f"{number:06d}.json"
    path.write_text(path.read_text().replace("2022-03-15", "2022-03-16").replace("2022-03-18", "2022-03-19"))


@pytest.mark.parametrize("number", [1, 2, 3, 4])
@pytest.mark.parametrize("change", [edit, lambda out, n: (out / LEDGER / f"{n:06d}.json").unlink()])
def test_a_changed_or_removed_entry_is_an_alarm(out: Path, number: int, change: Callable[[Path, int], None]) -> None:
    change(out, number)
    assert f"{LEDGER}/{number:06d}" in places(out)
    # what follows is still confirmed by the entries after it
    assert {entry.number for entry in read_ledger(out).trusted} == set(range(number + 1, 6))


def test_entries_that_were_chained_again_up_to_the_last_are_found_by_the_hash_kept_elsewhere(out: Path) -> None:
    head = read_ledger(out).head
    shutil.rmtree(out / LEDGER)
    without_ledger(out)
    publish(out / "2022-Q2", FILES, of_period("r3", "r2", "2022-Q2"))
    found = verify(out)
    assert found.alarms == ()
    assert head not in found.ledger.hashes.values()
    assert any("công bố trước khi có sổ" in note for note in found.notes)


@pytest.mark.parametrize("rest", [b"", b"{", b'{"number": 6, "before"'])
def test_an_entry_cut_short_by_a_kill_is_written_again(out: Path, rest: bytes) -> None:
    (out / LEDGER / "000006.json").write_bytes(rest)
    found = verify(out)
    assert found.alarms == () and "ghi dở" in found.notes[0]
    publish(out / "2022-Q2", FILES, of_period("r3", "r2", "2022-Q2"))
    assert (verify(out).problems, verify(out).notes) == ((), ())
    assert read_ledger(out).last == 6


def test_a_damaged_entry_behind_a_gap_is_no_unfinished_write(out: Path) -> None:
    (out / LEDGER / "000005.json").unlink()
    (out / LEDGER / "000006.json").write_text("{")
    found = verify(out)
    assert not found.ledger.torn and found.alarms


def test_a_whole_entry_is_not_taken_for_an_unfinished_one_by_a_process_that_read_earlier(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = (out / LEDGER / "000005.json").read_bytes()
    (out / LEDGER / "000005.json").write_bytes(whole[:40])
    before = read_ledger(out)
    assert before.torn
    (out / LEDGER / "000005.json").write_bytes(whole)  # another process was quicker
    answers = iter([before])
    monkeypatch.setattr(ledger, "read_ledger", lambda out: next(answers, None) or read_ledger(out))
    accept(out, (), by="an", reason="thử", at=AT)
    assert (out / LEDGER / "000005.json").read_bytes() == whole
    assert read_ledger(out).last == 6


def test_a_draft_of_a_killed_process_is_removed_by_the_next_run_and_signing(out: Path) -> None:
    for tidy in (recover, lambda folder: record_signing(folder, "r2", number="85/BC-UBND", date=AT.date(), by="an",
                                                        at=AT, despite="thử")):  # fmt: skip
        (out / LEDGER / ".nhap-1-abcdef01").write_text("{")
        tidy(out / "2022-Q1")
        assert not list((out / LEDGER).glob(".*"))


@pytest.mark.parametrize("rest", [None, b"", b"{}"])
def test_a_signing_that_the_ledger_lost_is_not_forgotten_while_its_file_is_there(out: Path, rest: bytes | None) -> None:
    publish(out / "2022-Q1", FILES, of_period("r3", "r2", "2022-Q1"))
    entry, record = out / LEDGER / "000005.json", out / "2022-Q1" / "ky-ban-hanh.json"
    kept = record.read_bytes()
    entry.unlink() if rest is None else entry.write_bytes(rest)
    with pytest.raises(ValueError, match="chưa biết bản nào đã ký"):
        signed(out / "2022-Q1")
    recover(out / "2022-Q1")
    assert record.read_bytes() == kept
    assert signed(out / "2022-Q2") is None  # another period's
    accept(out, [p for p in verify(out).alarms if p.place.startswith(LEDGER)], by="an", reason="thử", at=AT)
    assert signed(out / "2022-Q1") is None
    assert "2022-Q1/ky-ban-hanh.json" in places(out)


def test_a_signing_whose_entry_and_file_are_both_gone_is_not_forgotten(out: Path) -> None:
    publish(out / "2022-Q1", FILES, of_period("r3", "r2", "2022-Q1"))
    (out / LEDGER / "000005.json").unlink()
    (out / "2022-Q1" / "ky-ban-hanh.json").unlink()
    with pytest.raises(ValueError, match="chưa biết bản nào đã ký"):
        signed(out / "2022-Q1")
    recover(out / "2022-Q1")
    assert signed(out / "2022-Q3") is None  # nothing was published
    accept(out, [p for p in verify(out).alarms if p.place.startswith(LEDGER)], by="an", reason="thử", at=AT)
    assert signed(out / "2022-Q1") is None


def test_a_lost_entry_of_a_revision_on_disk_hides_no_signing(out: Path) -> None:
    for name, before in (("r3", "r2"), ("r4", "r3")):
        publish(out / "2022-Q1", FILES, of_period(name, before, "2022-Q1"))
    (out / LEDGER / "000006.json").unlink()
    assert signed(out / "2022-Q2") is None


@pytest.mark.parametrize(
    "named", [{"folder": "../../etc"}, {"folder": "2022-Q1/phuong-an/.."}, {"revision": "r" + "9" * 5000}]
)
def test_an_entry_that_names_no_place_of_a_revision_is_none(out: Path, named: dict[str, str]) -> None:
    publish(out / "2022-Q1", FILES, of_period("r3", "r2", "2022-Q1"))
    path = out / LEDGER / "000006.json"
    entry = json.loads(path.read_text())
    entry["event"]["revision"].update(named)
    path.write_text(json.dumps(entry))
    assert "2022-Q1/r3" in places(out)
    assert recover(out / "2022-Q1").next_revision == "r4"


def test_a_link_in_the_place_of_a_revision_is_an_alarm(out: Path) -> None:
    (out / "2022-Q1" / "r2").rename(out / "elsewhere")
    (out / "2022-Q1" / "r2").symlink_to(out / "elsewhere")
    (out / "2022-Q2" / "r9").symlink_to(out / "nowhere")
    assert places(out) == ["2022-Q1/r2", "2022-Q2/r9"]
    assert recover(out / "2022-Q2").next_revision == "r10"


def test_a_folder_with_a_number_that_no_revision_has_is_none(out: Path) -> None:
    (out / "2022-Q1" / ("r" + "9" * 200)).mkdir()
    assert recover(out / "2022-Q1").next_revision == "r3"


def test_an_entry_with_a_number_far_ahead_is_one_alarm(out: Path) -> None:
    entry = json.loads((out / LEDGER / "000005.json").read_text()) | {"number": 99_999_999_999}
    (out / LEDGER / "99999999999.json").write_text(json.dumps(entry))
    assert f"{LEDGER}/99999999998" in places(out)
    accepted(out)
    assert places(out) == []
    assert current_revision(out / "2022-Q2").damage == ()


@pytest.mark.parametrize("put", [lambda path: path.write_text(""), os.mkfifo])
def test_something_else_in_the_place_of_the_ledger_is_no_hang(out: Path, put: Callable[[Path], None]) -> None:
    shutil.rmtree(out / LEDGER)
    put(out / LEDGER)
    assert len(places(out)) == 4
    with pytest.raises(PublishError, match="ở đó đã có một tệp"):
        publish(out / "2022-Q2", FILES, of_period("r3", "r2", "2022-Q2"))
    assert not (out / "2022-Q2" / "r3").exists()


def test_without_the_ledger_chained_revisions_are_used_for_nothing(out: Path) -> None:
    shutil.rmtree(out / LEDGER)
    found = current_revision(out / "2022-Q2")
    assert (found.manifest, found.next_revision) == (None, "r3")
    assert set(places(out)) == {"2022-Q1/r1", "2022-Q1/r2", "2022-Q2/r1", "2022-Q2/r2"}


# --- the way out -----------------------------------------------------------------------------------------


def accepted(out: Path) -> None:
    accept(out, verify(out).alarms, by="an", reason="khôi phục bản sao lưu", at=AT)


def test_what_a_person_accepts_is_no_alarm_until_it_changes_again_and_is_still_not_used(out: Path) -> None:
    table = out / "2022-Q2" / "r2" / "counts.csv"
    table.write_bytes(b"1")
    accepted(out)
    found = verify(out)
    assert found.alarms == () and found.problems[0].reason == "an: khôi phục bản sao lưu"
    assert current_revision(out / "2022-Q2").altered == ("counts.csv",)
    table.write_bytes(b"2")
    assert places(out) == ["2022-Q2/r2"]


def test_revisions_that_a_person_accepts_are_recorded_and_used_again(out: Path) -> None:
    shutil.rmtree(out / LEDGER)
    accepted(out)
    assert places(out) == []
    found = current_revision(out / "2022-Q2")
    assert found.manifest is not None and (found.manifest.revision, found.damage) == ("r2", ())


def test_an_altered_revision_is_not_recorded_by_accepting_it(out: Path) -> None:
    shutil.rmtree(out / LEDGER)
    (out / "2022-Q2" / "r2" / "counts.csv").write_bytes(b"1")
    accepted(out)
    found = current_revision(out / "2022-Q2")
    assert found.manifest is not None and found.manifest.revision == "r1"


@pytest.mark.parametrize("number", [1, 2, 3])
def test_an_accepted_break_of_the_ledger_confirms_the_entries_before_it_again(out: Path, number: int) -> None:
    (out / LEDGER / f"{number:06d}.json").unlink()
    accepted(out)
    assert places(out) == []
    kept = set(range(1, 7)) - {number}
    assert {entry.number for entry in read_ledger(out).trusted} == kept


def test_revisions_of_another_period_are_not_recorded_by_accepting_them(out: Path) -> None:
    shutil.copytree(out / "2022-Q1", out / "2022-Q3")
    accepted(out)
    assert places(out) == []
    assert current_revision(out / "2022-Q3").manifest is None
    assert signed(out / "2022-Q3") is None


def test_a_deleted_revision_that_a_person_accepts_is_not_reported_by_every_run(out: Path) -> None:
    shutil.rmtree(out / "2022-Q2" / "r2")
    assert current_revision(out / "2022-Q2").damage != ()
    accepted(out)
    found = current_revision(out / "2022-Q2")
    assert (found.damage, found.next_revision) == ((), "r3")


# --- data folders of programs without a ledger -----------------------------------------------------------


def test_an_older_data_folder_is_taken_over_and_no_alarm(out: Path) -> None:
    without_ledger(out)
    before = content(out / "2022-Q1" / "r1")
    assert verify(out).alarms == ()
    assert "2022-Q1: các bản đến r2 công bố trước khi có sổ công bố" in verify(out).notes[0]
    last = signed(out / "2022-Q1")
    assert last is not None and last.revision == "r2"
    publish(out / "2022-Q2", FILES, of_period("r3", "r2", "2022-Q2"))
    found = verify(out)
    assert found.alarms == () and len(found.notes) == 2
    assert content(out / "2022-Q1" / "r1") == before
    (out / "2022-Q1" / "r1" / "counts.csv").write_text("sửa")
    shutil.rmtree(out / "2022-Q1" / "r2")
    (out / "2022-Q1" / "ky-ban-hanh.json").unlink()
    assert places(out) == ["2022-Q1/r1", "2022-Q1/r2", "2022-Q1/ky-ban-hanh.json"]
    last = signed(out / "2022-Q1")
    assert last is not None and last.revision == "r2"
