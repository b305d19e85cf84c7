"""Where test files are: in folders that `make test` runs, and in folders named after what they test."""

import os
import re
import subprocess
from pathlib import Path

import pytest
from repository import ROOT

#: folders of the repository that hold no file of it
OTHERS = {"out", "build", "dist", "__pycache__", "node_modules"}


def files(pattern: str) -> list[Path]:
    """The repository's files of this name, relative to its root; without hidden and made folders."""
    found = []
    for folder, inside, names in os.walk(ROOT):
        inside[:] = [d for d in inside if not d.startswith(".") and d not in OTHERS]
        found += [(Path(folder) / n).relative_to(ROOT) for n in names if re.fullmatch(pattern, n)]
    return found


def run_by(target: str) -> list[Path]:
    """The folders and files that a target of the Makefile gives to pytest."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("MAKE")}
    done = subprocess.run(["make", "-n", target], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    (command,) = [line for line in done.stdout.splitlines() if "/pytest " in line]
    return [Path(word) for word in command.split() if word.startswith("tests/")]


@pytest.mark.parametrize("target", ["test", "check"])
def test_every_test_file_is_run(target: str) -> None:
    run = run_by(target)
    missed = [f for f in files(r"test_.*\.py|.*_test\.py") if not any(f.is_relative_to(r) for r in run)]
    assert len(run) > 5 and missed == []


def test_every_test_is_in_a_file_that_pytest_collects() -> None:
    names = {f for f in files(r".*\.py") if f.parts[0] == "tests"}
    with_tests = {f for f in names if re.search(r"^(async )?def test_", (ROOT / f).read_text("utf-8"), re.M)}
    assert len(with_tests) > 50
    assert sorted(str(f) for f in with_tests if not f.name.startswith("test_")) == []


@pytest.mark.parametrize(("tests", "packages"), [("tests/unit", ("pipeline", ".")), ("tests/flows", ("flows",))])
def test_folders_are_named_after_packages(tests: str, packages: tuple[str, ...]) -> None:
    folders = {f.parent.relative_to(tests) for f in files(r"test_.*\.py") if f.is_relative_to(tests)}
    assert len(folders) > 3
    assert [str(f) for f in folders if not any((ROOT / p / f).is_dir() for p in packages)] == []
