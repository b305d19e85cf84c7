"""SIGINT ends a command while a hostile file is being read, and while its cells are being interpreted."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from processes import Family, family, until
from repository import ROOT

#: seconds in which the command has to end: two on an idle machine
ENDED = 15.0
LONG = ("tổng 1." + "1.a " * 8_000)[:32_000]


def page(count: int) -> bytes:
    """A page whose cells take the reader some seconds."""
    row = "<tr><td>1</td><td>Phòng A</td><td>2</td><td>3</td></tr>"
    return f"<table>{row * count}</table>".encode()


def long_texts(count: int) -> bytes:
    """A small table of long texts, which is read at once."""
    lines = ["STT;Đơn vị;Tổng số;Đã giải quyết;Đang giải quyết"]
    lines += [f"{i};{LONG}{i};{i};{LONG}b{i};{LONG}c{i}" for i in range(count)]
    return "\n".join(lines).encode()


def data_folder(base: Path, content: bytes) -> Path:
    raw, reference = base / "raw" / "2022-Q1", base / "reference"
    raw.mkdir(parents=True)
    reference.mkdir()
    (raw / "a.xls").write_bytes(content)
    for name in ("units.csv", "office.toml"):
        (reference / name).write_bytes((ROOT / "data" / "reference" / name).read_bytes())
    return base


def workers(processes: Family) -> list[int]:
    """The limited processes that open files."""
    return [p for p in processes.members() if b"sandbox_worker" in command_of(p)]


def command_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


@pytest.mark.slow
@pytest.mark.parametrize("command", [("check", "2022-Q1"), ("score", "2022-Q1", "--direct")], ids=["check", "score"])
@pytest.mark.parametrize(
    ("content", "pause"), [(page(250_000), 0.0), (long_texts(400), 4.0)], ids=["reads", "interprets"]
)
def test_sigint_ends_the_command(tmp_path: Path, command: Sequence[str], content: bytes, pause: float) -> None:
    base = data_folder(tmp_path / "data", content)
    with family({**os.environ, "PREFECT_HOME": str(tmp_path)}, tmp_path) as processes:
        run = processes.start(
            "run", [sys.executable, "-c", "from flows.cli import main; main()", *command, "--data", str(base)]
        )
        until("a worker reads", lambda: workers(processes), 60)
        time.sleep(pause)
        assert run.poll() is None, (tmp_path / "run.log").read_text("utf-8")
        run.send_signal(signal.SIGINT)
        assert run.wait(ENDED) != 0
        until("its workers are gone", lambda: not workers(processes), ENDED)
    assert "Đã dừng theo yêu cầu" in (tmp_path / "run.log").read_text("utf-8")
    assert not list((base / "out").rglob("current.json"))


EARLY = """
import sys

class Pressed:
    def find_spec(self, name, path=None, target=None):
        if name == sys.argv[1]:
            sys.meta_path.remove(self)
            raise KeyboardInterrupt

sys.meta_path.insert(0, Pressed())
from flows.cli import main
main(["check", "2022-Q1", "--data", sys.argv[2]])
"""


@pytest.mark.parametrize("module", ["typer", "flows.steps.terminal", "flows.commands.usage_errors", "pandas"])
def test_ctrl_c_while_modules_load_ends_quietly(module: str, tmp_path: Path) -> None:
    base = data_folder(tmp_path / "data", page(1))
    done = subprocess.run(
        [sys.executable, "-c", EARLY, module, str(base)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.count("Traceback")) == (130, 0)
    assert done.stderr.strip().splitlines() == ["Đã dừng theo yêu cầu; bản đã công bố trước đó vẫn nguyên."]
