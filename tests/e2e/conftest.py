"""One whole service for the module; skipped where a program is missing, unless TTHC_E2E=require forbids that."""

import os
from collections.abc import Iterator
from pathlib import Path

import browser
import postgres
import pytest
from repository import ROOT
from service import Service, service


def require(**found: object) -> None:
    """Skip where one of these packages of Debian is missing: package -> its program, if it is there."""
    lacking = [package for package, program in found.items() if program is None]
    if lacking:
        reason = f"not installed: {', '.join(lacking)} (apt-get install {' '.join(lacking)})"
        if os.environ.get("TTHC_E2E") == "require":
            pytest.fail(reason)
        pytest.skip(reason)


@pytest.fixture(scope="session")
def kept() -> Path:
    """Where pictures of the pages and logs stay for whoever wants to look: TTHC_TEST_ARTIFACTS, or test-artifacts/."""
    folder = Path(os.environ.get("TTHC_TEST_ARTIFACTS") or ROOT / "test-artifacts") / "e2e"
    folder.mkdir(parents=True, exist_ok=True)  # other processes of the same run write there too: nothing is deleted
    return folder


@pytest.fixture(scope="module")
def running(kept: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service, without a worker and without deployments yet."""
    require(postgresql=postgres.programs(), chromium=browser.program())
    with service(tmp_path_factory.mktemp("service"), kept) as whole:
        yield whole


@pytest.fixture(scope="module")
def chromium() -> None:
    """A test that asks for it drives a browser and needs no PostgreSQL."""
    require(chromium=browser.program())
