"""`tthc verify`, and what the other commands do with what was altered after publication."""

import fcntl
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import Tthc, tree

from flows.commands import crash_log
from flows.commands.crash_log import FILE_NAME
from pipeline.publish.fingerprint import sha256
from pipeline.publish.ledger import LEDGER
from pipeline.quarter import read_period

SCORE = ("score", "2022-Q1", "--direct")
SIGN = ("sign", "2022-Q1", "r1", "--number", "85/BC-UBND", "--date", "2022-03-18", "--despite", "thử")


def revision(office: Path, name: str = "r1") -> Path:
    return office / "out" / "2022-Q1" / name


@pytest.fixture
def changed(put: Callable[..., None], rows: tuple) -> Callable[[], None]:
    """The export is another one than the published revision was made from."""
    return lambda: put((*rows[:3], ("Xã D", 0, 77, 1, 69, 9, 0, 0, 0)))


def forge(path: Path) -> None:
    """Another number in the table of counts, with its hash in the manifest, and its manifest's hash in current.json."""
    table = path / "counts.csv"
    table.write_bytes(table.read_bytes().replace(b",390,", b",391,"))
    record = json.loads((path / "manifest.json").read_text("utf-8"))
    assert record["files"]["counts.csv"] != sha256(table.read_bytes())
    record["files"]["counts.csv"] = sha256(table.read_bytes())
    record["reason"] = "người khác ghi"
    (path / "manifest.json").write_text(json.dumps(record), "utf-8")
    named = {"revision": path.name, "manifest_sha256": sha256((path / "manifest.json").read_bytes())}
    (path.parent / "current.json").write_text(json.dumps(named), "utf-8")


@pytest.mark.usefixtures("published")
def test_a_forged_revision_is_used_nowhere_and_said_everywhere(
    office: Path, tthc: Tthc, changed: Callable[[], None]
) -> None:
    forge(revision(office))
    found = tthc("verify")
    assert found.returncode == 1
    assert "[2022-Q1/r1] manifest.json thiếu hoặc đã bị sửa sau khi công bố." in found.stdout
    assert "[2022-Q1/current.json]" in found.stdout
    for command in ("history", "status"):
        said = tthc(command).stdout
        assert "manifest.json đã bị sửa sau khi công bố" in said and "người khác ghi" not in said
    assert "không còn như đã công bố" in tthc(*SIGN).stderr
    changed()
    done = tthc(*SCORE)
    assert done.returncode == 0 and "r1: manifest.json thiếu hoặc đã bị sửa" in done.stdout
    page = (revision(office, "r2") / "thay-doi.md").read_text("utf-8")
    assert page.startswith("Không so sánh được với bản r1: manifest.json đã bị sửa sau khi công bố")
    assert "391" not in page
    assert "đã bị sửa sau khi công bố" in tthc("diff", "2022-Q1", "r1", "r2").stderr
    assert "2022-Q1/r1" in tthc("verify").stdout


@pytest.mark.usefixtures("published")
def test_a_signed_revision_that_is_deleted_stays_signed_and_its_number_used(office: Path, tthc: Tthc) -> None:
    assert "Sổ công bố: mục 2, mã kiểm" in tthc(*SIGN).stdout
    shutil.rmtree(revision(office))
    assert "r1" in tthc("history").stdout and "thư mục không còn (bản này đã ký 85/BC-UBND)" in tthc("history").stdout
    assert "Đã công bố bản r2" in tthc(*SCORE).stdout
    assert not revision(office).exists()
    (row,) = [line for line in tthc("history").stdout.splitlines() if line.startswith("  r2")]
    assert "đã ký" not in row
    assert json.loads((revision(office, "r2") / "manifest.json").read_text("utf-8"))["replaces"].startswith(
        "Báo cáo số 85"
    )


@pytest.mark.usefixtures("published")
def test_the_way_out_is_recorded_with_name_and_reason(office: Path, tthc: Tthc) -> None:
    shutil.rmtree(revision(office))
    assert tthc("verify").returncode == 1
    assert "cần một lý do" in tthc("verify", "--accept", "2022-Q1/r1").stderr
    wrong = tthc("verify", "--accept", "2022-Q1/r7", "--reason", "thử")
    assert wrong.returncode == 2 and "có: 2022-Q1/r1" in wrong.stderr
    assert tthc("verify", "--reason", "thử").returncode == 2
    before = tree(office / "out")
    done = tthc("verify", "--accept", "2022-Q1/r1", "--reason", "xoá bản thử", "--by", "quản trị")
    assert done.returncode == 0 and "quản trị: xoá bản thử" in done.stdout
    assert {*tree(office / "out")} - {*before} == {f"{LEDGER}/000002.json"}
    assert tthc("verify").returncode == 0
    assert "Mọi bản của mọi kỳ còn như đã công bố" in (tthc(*SCORE).stdout and tthc("history").stdout)


@pytest.mark.usefixtures("published")
def test_the_hash_of_a_run_shows_later_that_the_ledger_was_cut(office: Path, tthc: Tthc) -> None:
    (line,) = [line for line in tthc(*SIGN).stdout.splitlines() if "mã kiểm" in line]
    head = line.rpartition(" ")[2]
    assert len(head) == 64 and tthc("verify", "--head", head).returncode == 0
    assert tthc("verify", "--head", head[:16].upper()).returncode == 0
    assert tthc("verify", "--head", head[:5]).returncode == 2
    (office / "out" / LEDGER / "000002.json").unlink()
    (revision(office).parent / "ky-ban-hanh.json").unlink()
    assert tthc("verify").returncode == 0
    cut = tthc("verify", "--head", head)
    assert cut.returncode == 1 and "không có mục nào mang mã" in cut.stdout


def test_a_run_says_that_the_lock_does_not_hold(office: Path, tthc: Tthc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fcntl, "flock", lambda *arguments: None)
    done = tthc(*SCORE)
    assert done.returncode == 0
    first, *rest = done.stdout.splitlines()
    assert first.startswith("Chú ý: ổ đĩa của") and "không giữ được khoá (flock)" in first
    assert any("không giữ được khoá (flock)" in line for line in rest)


@pytest.mark.parametrize("name", ["office.toml", "units.csv"])
def test_a_pipe_in_the_place_of_a_file_ends_a_run_with_words(office: Path, tthc: Tthc, name: str) -> None:
    path = office / "reference" / name
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    done = tthc(*SCORE)
    assert done.returncode == 1 and name in done.stderr and "Traceback" not in done.stderr


def test_the_log_of_a_crash_is_in_the_data_folder_of_the_command(
    office: Path, tthc: Tthc, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def crash(*arguments: object, **options: object) -> None:
        raise RuntimeError("unforeseen")

    other = tmp_path / "van-phong-khac"
    shutil.copytree(office, other)
    (other / "out").mkdir(exist_ok=True)
    monkeypatch.setattr("pipeline.quarter.read_period", crash)
    done = tthc(*SCORE, "--data", str(other))
    assert done.returncode == 1 and str(other / "out" / FILE_NAME) in done.stderr
    assert "unforeseen" in (other / "out" / FILE_NAME).read_text("utf-8")
    assert not (office / "out" / FILE_NAME).exists()
    assert read_period is not crash


def test_a_log_that_is_a_pipe_or_a_link_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crash_log, "default_data_dir", lambda: tmp_path)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    (tmp_path / "out").mkdir()
    os.mkfifo(tmp_path / "out" / FILE_NAME)
    assert str(tmp_path / FILE_NAME) in crash_log.log_crash(RuntimeError("one"))
    (tmp_path / "out" / FILE_NAME).unlink()
    (tmp_path / "out" / FILE_NAME).symlink_to(tmp_path / "elsewhere")
    crash_log.log_crash(LookupError("two"))
    assert "LookupError" in (tmp_path / FILE_NAME).read_text("utf-8")
    assert not (tmp_path / "elsewhere").exists()
