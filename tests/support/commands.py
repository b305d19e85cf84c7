"""`tthc` as it is typed, in this process or in one of its own."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from flows.cli import main

#: runs the command and then tells, on a last line of stderr, whether Prefect was loaded
CODE = """
import sys
from flows.cli import main
try:
    main()
finally:
    print("prefect" in sys.modules, file=sys.stderr)
"""


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


Tthc = Callable[..., Done]


def in_this_process(capsys: pytest.CaptureFixture[str]) -> Tthc:
    """`tthc …` in this process, in the working directory."""

    def run(*arguments: str) -> Done:
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            main(list(arguments))
        said = capsys.readouterr()
        return Done(int(end.value.code or 0), said.out, said.err)

    return run


def process(
    office: Path,
    *arguments: str,
    before: str = "",
    around: tuple[str, ...] = (),
    env: Mapping[str, str] | None = None,
    umask: int = -1,
) -> subprocess.CompletedProcess[str]:
    """Run `tthc …` in the office's folder, in a process of its own, after the code `before`, inside `around`."""
    return subprocess.run(
        [*around, sys.executable, "-c", before + CODE, *arguments],
        cwd=office.parent, capture_output=True, encoding="utf-8", check=False, umask=umask,
        env={**os.environ, **env} if env is not None else None,
    )  # fmt: skip


def start(office: Path, *arguments: str, env: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    """The same without waiting for its end; its lines come at once."""
    return subprocess.Popen(
        [sys.executable, "-u", "-c", CODE, *arguments],
        cwd=office.parent, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8",
        env={**os.environ, **env} if env is not None else None,
    )  # fmt: skip


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
