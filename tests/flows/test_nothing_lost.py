"""Nothing lost, whatever the disk, the folder or another run does: each really done, to a real run.

`bench/kill_runs.py` kills hundreds of runs at random moments; here a few at chosen ones.
"""

import json
import os
import resource
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import Tthc, process, start, tree
from disks import AFTER, can_mount, read_only, small_disk

from pipeline.publish.atomic_files import period_lock
from pipeline.publish.fingerprint import sha256
from pipeline.publish.revisions import current_revision

PUT = Callable[..., None]
SCORE = ("score", "2022-Q1", "--direct")


def out(office: Path, period: str = "2022-Q1") -> Path:
    return office / "out" / period


def revision(office: Path, name: str = "r1", period: str = "2022-Q1") -> dict[str, bytes]:
    """The files of a revision but its manifest, which holds the time."""
    files = tree(out(office, period) / name)
    del files["manifest.json"]
    return files


def kept(office: Path) -> dict[str, bytes]:
    """Everything in the period's output but the lock."""
    return {name: data for name, data in tree(out(office)).items() if name != ".khoa"}


@pytest.fixture
def changed(put: PUT, rows: tuple) -> None:
    """The export is another one than the published revision was made from."""
    put((*rows[:3], ("Xã D", 0, 77, 1, 69, 9, 0, 0, 0)))


# --- killed ----------------------------------------------------------------------------------------------

KILL = "import os, signal\ndef die(*args, **kwargs): os.kill(os.getpid(), signal.SIGKILL)\n"
MOMENTS = {
    "while it reads": "import pipeline.quarter as q\nq.read_period = die\n",
    "before anything is written": "import flows.steps.scoring_steps as s\ns.publish = die\n",
    "after the first file": "import pipeline.publish.publication as r\nw = r.write_new\n"
    "def first(path, data):\n    w(path, data[: len(data) // 2])\n    die()\nr.write_new = first\n",
    "in the middle of the workbook": "from pipeline.load.excel import xlsx_bytes as xlsx\nrows = xlsx.WorksheetWriter.write_rows\n"
    "def part(self):\n    rows(self)\n    die()\nxlsx.WorksheetWriter.write_rows = part\n",
    "before the rename": "from pathlib import Path\nPath.rename = die\n",
    "before current.json": "import pipeline.publish.publication as r\nr.replace_file = die\n",
    "in the middle of current.json": "import pipeline.publish.atomic_files\nfrom pathlib import Path\nPath.replace = die\n",
}


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.usefixtures("published")
def test_killed_run_leaves_what_stood_and_the_next_one_ends_well(
    office: Path, tthc: Tthc, request: pytest.FixtureRequest, moment: str
) -> None:
    first = tree(out(office) / "r1")
    request.getfixturevalue("changed")
    temporary = office / "tmp"
    temporary.mkdir()
    killed = process(office, *SCORE, before=KILL + MOMENTS[moment], env={"TMPDIR": str(temporary)})
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert not list(temporary.iterdir())
    assert tree(out(office) / "r1") == first
    found = current_revision(out(office))
    assert found.manifest is not None and not found.altered and not found.damage
    assert json.loads((out(office) / "current.json").read_text())["revision"] == "r1"
    done = tthc(*SCORE)
    assert done.returncode == 0, done.stderr
    assert json.loads((out(office) / "current.json").read_text())["revision"] == "r2"
    assert {p.name for p in out(office).iterdir()} == {".khoa", "current.json", "r1", "r2"}
    assert tthc("verify").returncode == 0


# --- the disk --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def mounts(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Skip where the system lets nobody mount."""
    if not can_mount(tmp_path_factory.mktemp("mount")):
        pytest.skip("mounting is not permitted here")


@pytest.mark.usefixtures("mounts")
@pytest.mark.parametrize("kilobytes", [4, 40])
@pytest.mark.usefixtures("published")
def test_full_disk_publishes_nothing_and_says_so(
    office: Path, tthc: Tthc, request: pytest.FixtureRequest, kilobytes: int
) -> None:
    before = kept(office)
    request.getfixturevalue("changed")
    # the copy of the output lies on a small disk with so many kilobytes to spare, and comes back when the run has ended
    folder, small = out(office), office / "small"
    small.mkdir()
    around = small_disk(folder, small, kilobytes)
    done = process(office, *SCORE, around=around, before=AFTER.format(folder=str(folder)))
    assert done.returncode == 1, done.stdout
    assert "hết dung lượng đĩa. Không có gì được công bố" in done.stderr
    left = json.loads(done.stderr.split("AFTER ")[1].splitlines()[0])
    assert left == {name: sha256(data) for name, data in before.items()}
    assert "Traceback" not in done.stderr
    assert tthc(*SCORE).returncode == 0


@pytest.mark.usefixtures("published")
def test_files_that_may_not_grow_publish_nothing(office: Path, request: pytest.FixtureRequest) -> None:
    before = kept(office)
    request.getfixturevalue("changed")
    limit = f"import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (9000, {resource.RLIM_INFINITY}))\n"
    done = process(office, *SCORE, before=limit)
    assert done.returncode == 1, done.stdout
    assert "tệp vượt quá cỡ mà hệ thống cho phép ghi. Không có gì được công bố" in done.stderr
    assert kept(office) == before
    assert not (out(office) / ".dang-ghi").exists()


@pytest.mark.usefixtures("mounts")
@pytest.mark.usefixtures("published")
def test_read_only_output_folder(office: Path, request: pytest.FixtureRequest) -> None:
    before = tree(out(office))
    request.getfixturevalue("changed")
    done = process(office, *SCORE, around=read_only(office / "out"))
    assert done.returncode == 1
    assert "Không ghi được vào data/out/2022-Q1: ổ đĩa chỉ đọc" in done.stderr
    assert tree(out(office)) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_output_folder_without_permission(office: Path, tthc: Tthc) -> None:
    (office / "out").mkdir(mode=0o555)
    done = tthc(*SCORE)
    assert done.returncode == 1
    assert "không có quyền ghi" in done.stderr


# --- files that are open, or change ----------------------------------------------------------------------


def test_lock_files_of_excel_beside_inputs_and_outputs_are_nobodys_data(
    office: Path, tthc: Tthc, request: pytest.FixtureRequest
) -> None:
    (office / "raw" / "2022-Q1" / "~$cong.xlsx").write_bytes(b"\x05user")
    assert tthc(*SCORE).returncode == 0
    for folder in (out(office), out(office) / "r1"):
        (folder / "~$cham-diem.xlsx").write_bytes(b"\x05user")
    assert "Unchanged" in tthc(*SCORE).stdout
    request.getfixturevalue("changed")
    done = tthc(*SCORE)
    assert done.returncode == 0 and "Chú ý" not in done.stdout
    record = json.loads((out(office) / "r2" / "manifest.json").read_text())
    assert [i["path"] for i in record["inputs"]] == ["cong.xlsx"]
    assert not [name for name in tree(out(office) / "r2") if "~$" in name]
    assert "~$" not in "".join(p.read_text("utf-8") for p in (out(office) / "r2").glob("*.[cm][sd]*"))


@pytest.mark.usefixtures("published")
def test_what_was_hashed_is_what_was_read_when_the_folder_changes_during_the_run(
    office: Path, tthc: Tthc, request: pytest.FixtureRequest
) -> None:
    first = revision(office)
    read = (office / "raw" / "2022-Q1" / "cong.xlsx").read_bytes()
    registry = (office / "reference" / "units.csv").read_bytes()
    request.getfixturevalue("changed")
    arriving = (office / "raw" / "2022-Q1" / "cong.xlsx").read_bytes()
    assert arriving != read
    (office / "raw" / "2022-Q1" / "cong.xlsx").write_bytes(read)
    (office / "moi.xlsx").write_bytes(arriving)
    shutil.rmtree(office / "out")
    # a unit sends a new export, another file comes and the registry is edited right after the first step has read them
    swap = """
import shutil, pipeline.quarter as q
from pathlib import Path
before = q.read_period
def swapped(*args, **kwargs):
    shutil.copy("data/moi.xlsx", "data/raw/2022-Q1/cong.xlsx")
    shutil.copy("data/moi.xlsx", "data/raw/2022-Q1/them.xlsx")
    Path("data/reference/units.csv").write_text("")
    return before(*args, **kwargs)
q.read_period = swapped
"""
    done = process(office, *SCORE, before=swap)
    assert done.returncode == 0, done.stderr
    assert revision(office) == first
    record = json.loads((out(office) / "r1" / "manifest.json").read_text())
    assert [(i["path"], i["sha256"]) for i in record["inputs"]] == [("cong.xlsx", sha256(read))]
    assert record["registry_sha256"] == sha256(registry)
    (office / "raw" / "2022-Q1" / "them.xlsx").unlink()
    (office / "reference" / "units.csv").write_bytes(registry)
    assert "Đã công bố bản r2" in tthc(*SCORE).stdout


def test_a_file_that_goes_away_between_listing_and_reading_is_named(office: Path) -> None:
    gone = """
from pathlib import Path
listed = Path.iterdir
Path.iterdir = lambda self: iter([*listed(self), *([self / "mat.xlsx"] if self.name == "2022-Q1" else [])])
"""
    done = process(office, "check", "2022-Q1", before=gone)
    assert "tệp đã bị xoá hoặc đổi tên trong lúc đọc" in done.stdout
    assert "mat.xlsx" in done.stdout


# --- several runs at once --------------------------------------------------------------------------------


def test_two_runs_of_a_period_wait_and_both_end_well(office: Path) -> None:
    with period_lock(out(office)):
        runs = [start(office, *SCORE) for _ in range(2)]
        for run in runs:
            assert run.stdout is not None
            assert "đợi đến lượt" in run.stdout.readline()
    said = []
    for run in runs:
        assert run.stdout is not None
        with run.stdout as lines:
            said.append(lines.read())
        assert run.wait() == 0
    assert sorted("Đã công bố bản r1" in text for text in said) == [False, True]
    assert sorted("Unchanged – Không có gì thay đổi so với r1" in text for text in said) == [False, True]
    assert {p.name for p in out(office).iterdir()} == {".khoa", "current.json", "r1"}


def test_two_runs_that_start_together_both_end_well(office: Path) -> None:
    runs = [start(office, *SCORE) for _ in range(2)]
    said = [run.communicate()[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0]
    assert sum("Đã công bố bản r1" in text for text in said) == 1
    assert sum("Unchanged" in text for text in said) == 1


def test_another_period_does_not_wait(office: Path, later: None) -> None:
    with period_lock(out(office)):
        done = process(office, "score", "2025-Q3", "--direct")
    assert done.returncode == 0, done.stderr
    assert "đợi đến lượt" not in done.stdout
    assert (out(office, "2025-Q3") / "r1").is_dir()
    assert not (out(office) / "r1").exists()


# --- elsewhere -------------------------------------------------------------------------------------------

#: folders list their names in whatever order the disk likes
BACKWARDS = """
from pathlib import Path
listed = Path.iterdir
Path.iterdir = lambda self: iter(sorted(listed(self), reverse=True))
"""
PLACES = {
    "C locale, ASCII terminal": (
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "utf-8", "PYTHONHASHSEED": "1"}, 0o077, "",
    ),
    "UTF-8 locale, far east, files backwards": (
        {"LC_ALL": "C.UTF-8", "LANG": "vi_VN.UTF-8", "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "2"}, 0o002, BACKWARDS,
    ),
    "far west": ({"TZ": "Etc/GMT+12", "PYTHONHASHSEED": "0"}, 0o027, ""),
}  # fmt: skip


def test_same_inputs_elsewhere_give_the_same_bytes(
    office: Path, tthc: Tthc, rows: tuple, export: Callable[..., bytes], tmp_path: Path
) -> None:
    names = ("Đợt 2.xlsx", "dot-1.xlsx", "A.xlsx", "ă.xlsx")
    others = {place: tmp_path / str(number) / "data" for number, place in enumerate(PLACES)}
    (office / "raw" / "2022-Q1" / "cong.xlsx").unlink()
    for line, name in enumerate(names):
        (office / "raw" / "2022-Q1" / name).write_bytes(export((rows[line],)))
    for other in others.values():
        (other / "reference").mkdir(parents=True)
        (other / "raw" / "2022-Q1").mkdir(parents=True)
        for name in ("units.csv", "office.toml"):
            (other / "reference" / name).write_bytes((office / "reference" / name).read_bytes())
        for name in reversed(names):
            (other / "raw" / "2022-Q1" / name).write_bytes((office / "raw" / "2022-Q1" / name).read_bytes())
    assert tthc(*SCORE).returncode == 0
    assert "thay-doi.md" not in revision(office)
    for place, (env, umask, before) in PLACES.items():
        done = process(others[place], *SCORE, env=env, umask=umask, before=before)
        assert done.returncode == 0, (place, done.stderr)
        assert "4 được chấm điểm, 0 để riêng" in done.stdout
        assert revision(others[place]) == revision(office), place
    later = export((("Xã D", 0, 77, 1, 69, 9, 0, 0, 0),))
    for folder in (office, *others.values()):
        (folder / "raw" / "2022-Q1" / names[3]).write_bytes(later)
    assert tthc(*SCORE).returncode == 0
    assert "thay-doi.md" in revision(office, "r2")
    place, (env, umask, before) = next(iter(PLACES.items()))  # a second revision differs from a first in no other way
    assert process(others[place], *SCORE, env=env, umask=umask, before=before).returncode == 0
    assert revision(others[place], "r2") == revision(office, "r2")


def test_a_terminal_without_vietnamese_is_no_reason_to_fail(office: Path) -> None:
    env = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
    done = process(office, *SCORE, env=env)
    assert done.returncode == 0, done.stderr
    assert "r1" in done.stdout
