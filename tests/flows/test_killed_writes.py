"""Commands that are killed, or meet a full disk, at each of their writes: no file is ever half-written.

After a kill every file is the old one or the new one, and the same command leaves what it leaves undisturbed. Every
write of every command: `TTHC_EVERY_WRITE=1 .venv/bin/pytest tests/flows/test_killed_writes.py` (half an hour).
"""

import errno
import io
import json
import os
import re
import shutil
import stat
import sys
import tomllib
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from asked_layouts import ask

from flows.cli import main

pytestmark = pytest.mark.slow

TEMPORARY = re.compile(r"\.tthc-[0-9a-f]{16}\.tmp")
#: files that hold no content
LOCKS = {".khoa", ".theo-doi.khoa"}
#: writes of a command that are disturbed, spread over all of them; every write where TTHC_EVERY_WRITE is set
MOST = 10**6 if os.environ.get("TTHC_EVERY_WRITE") else 3
KILLED = 99

COMMANDS = {
    "forms": ("forms", "2022-Q1"),
    "check": ("check", "2022-Q1"),
    "layouts": ("layouts", "2022-Q1"),
    "score": ("score", "2022-Q1", "--direct"),
    "sign": ("sign", "2022-Q1", "r1", "--number", "85/BC-UBND", "--date", "2022-03-18", "--despite", "thử"),
    "init": (
        "init",
        "--name",
        "UBND thành phố A",
        "--province",
        "Điện Biên",
        "--export",
        "cong.xlsx",
        "--data",
        "data",
        "--office",
        "a",
    ),
}


def furnish(command: str, place: Path, office: Path, first_revision: Path, short: bytes) -> None:
    """The folder in which a command is typed: each has something to write."""
    if command == "init":
        place.mkdir()
        (place / "cong.xlsx").write_bytes((office / "raw" / "2022-Q1" / "cong.xlsx").read_bytes())
        (place / "data").mkdir()
        return
    shutil.copytree(office, place / "data")
    raw = place / "data" / "raw" / "2022-Q1"
    if command in {"check", "layouts"}:  # a unit is missing, in `layouts` a column is asked about
        (raw / "cong.xlsx").write_bytes(short)
    if command == "sign":
        shutil.copytree(first_revision, place / "data" / "out")


#: what happens at a write: (its number, whether bytes are written, the call, the call with half of the bytes)
Disturb = Callable[[int, bool, Callable[[], Any], Callable[[], Any]], Any]


def child(place: Path, arguments: tuple[str, ...], disturb: Disturb) -> tuple[int, int]:
    """Run `tthc` in a forked process whose writes pass through `disturb`: (exit status, number of writes)."""
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        status = 1
        try:
            os.chdir(place)
            os.environ["TTHC_OFFICES"] = str(place / "settings" / "offices.toml")
            sys.stdout = sys.stderr = io.StringIO()
            pass_writes_through(disturb, writing)
            main(list(arguments))
        except SystemExit as end:
            status = int(end.code or 0)
        finally:
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading, "rb") as file:
        writes = len(file.read())
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), writes


def pass_writes_through(disturb: Disturb, counter: int) -> None:
    """Let every write to a regular file and every change of a name pass through `disturb`, in this process."""
    number, write = 0, os.write

    def counted(written: bool, call: Callable[[], Any], half: Callable[[], Any]) -> Any:
        nonlocal number
        number += 1
        write(counter, b".")
        return disturb(number, written, call, half)

    def write_through(handle: int, data: Any) -> Any:
        if not stat.S_ISREG(os.fstat(handle).st_mode):  # a pipe to the process that opens files
            return write(handle, data)
        return counted(True, lambda: write(handle, data), lambda: write(handle, data[: len(data) // 2]))

    def named(real: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *args, **kwargs: counted(False, lambda: real(*args, **kwargs), lambda: None)

    os.write = write_through  # type: ignore[assignment]
    for owner, name in ((os, "fsync"), (os, "link"), (Path, "replace"), (Path, "unlink"), (Path, "rename")):
        setattr(owner, name, named(getattr(owner, name)))


def undisturbed(number: int, written: bool, call: Callable[[], Any], half: Callable[[], Any]) -> Any:
    return call()


def killed_at(moment: int) -> Disturb:
    def disturb(number: int, written: bool, call: Callable[[], Any], half: Callable[[], Any]) -> Any:
        if number == moment:
            half()
            os._exit(KILLED)
        return call()

    return disturb


def full_from(moment: int) -> Disturb:
    def disturb(number: int, written: bool, call: Callable[[], Any], half: Callable[[], Any]) -> Any:
        if number >= moment and written:
            half()
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return call()

    return disturb


def files(place: Path) -> dict[str, bytes]:
    found = {p.relative_to(place).as_posix(): p for p in sorted(place.rglob("*")) if p.is_file()}
    return {name: p.read_bytes() for name, p in found.items() if p.name not in LOCKS}


def require_whole(found: Mapping[str, bytes], *, killed: bool) -> None:
    for name, data in found.items():
        last = name.rpartition("/")[2]
        if TEMPORARY.fullmatch(last) or "/.dang-ghi/" in name:
            assert killed, name
            continue
        assert data, f"{name} has no content"
        if name.endswith(".xlsx"):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                assert archive.testzip() is None
        elif name.endswith(".toml"):
            tomllib.loads(data.decode("utf-8-sig"))
        elif name.endswith(".json"):
            json.loads(data)
        elif name.endswith((".csv", ".md", ".svg")):
            assert data.endswith((b"\n", b">")), name


def comparable(found: Mapping[str, bytes]) -> dict[str, bytes]:
    """Without what holds the moment of the run."""
    moments = ("manifest.json", "current.json", "ky-ban-hanh.json", "bao-cao.md", "cham-diem.xlsx", "offices.toml")
    # the page of all quarters is no record: a run that publishes nothing new does not write it again
    found = {name: data for name, data in found.items() if not name.endswith("data/out/index.html")}
    return {name: b"" if name.endswith(moments) or "/so-cong-bo/" in name else data for name, data in found.items()}


@pytest.mark.parametrize("command", COMMANDS)
def test_no_file_is_half_written(
    command: str, office: Path, first_revision: Path, tmp_path: Path, export: Callable[..., bytes], rows: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    if command == "layouts":
        ask(monkeypatch)
    short = export(rows[:3])
    whole = tmp_path / "whole"
    furnish(command, whole, office, first_revision, short)
    before = files(whole)
    status, writes = child(whole, COMMANDS[command], undisturbed)
    assert status in (0, 3) and writes > 3
    expected = comparable(files(whole))
    assert set(expected) - set(before)
    for moment in sorted({writes, *range(1, writes + 1, max(1, writes // MOST))}):
        for disturb, killed in ((killed_at(moment), True), (full_from(moment), False)):
            if writes > MOST and killed == moment % 2:
                continue
            place = tmp_path / f"{command}-{moment}-{killed}"
            furnish(command, place, office, first_revision, short)
            ended, _ = child(place, COMMANDS[command], disturb)
            assert ended == KILLED if killed else ended in (0, 1, 3)
            require_whole(files(place), killed=killed)
            again, _ = child(place, COMMANDS[command], undisturbed)
            if command == "sign" and again == 1:  # signed already
                continue
            assert again in (0, 3)
            after = files(place)
            require_whole(after, killed=False)
            assert comparable(after) == expected
            shutil.rmtree(place)
