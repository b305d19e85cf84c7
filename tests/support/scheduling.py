"""How test files are spread over processes (pytest-xdist): those that share a server stay together."""

from functools import cache
from pathlib import Path

import pytest
from repository import ROOT
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

#: the fixture that starts one Prefect server for all tests of a process (tests/flows/conftest.py)
SERVER = "prefect_server"


class ServerOnce(LoadFileScheduling):
    """Gives a file at a time to a process. All files that name the fixture of the server count as one file."""

    def _split_scope(self, nodeid: str) -> str:
        file = str(super()._split_scope(nodeid))
        return SERVER if _asks_for_server(ROOT / file) else file


@cache
def _asks_for_server(file: Path) -> bool:
    return SERVER in file.read_text("utf-8")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling | None:
    """A hook of pytest-xdist: with `--dist loadfile`, one process starts the server and no other needs one."""
    return ServerOnce(config, log) if config.getoption("dist") == "loadfile" else None
