"""`tthc status` where no server answers: quickly, from what is published, and it says so."""

from pathlib import Path

import pytest
from commands import Tthc, process


@pytest.fixture(autouse=True)
def nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """An address where nothing listens."""
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")


def test_without_a_server_the_published_revisions_are_shown(tthc: Tthc) -> None:
    done = tthc("status")
    assert done.returncode == 0
    assert done.stdout.splitlines()[0] == (
        "Không hỏi được máy chủ Prefect http://127.0.0.1:9/api (không kết nối được)."
    )
    assert "Chưa công bố bản nào trong data/out" in done.stdout
    tthc("score", "2022-Q1", "--direct")
    assert "2022-Q1: bản r1" in tthc("status").stdout.splitlines()[-1]


def test_service_without_a_server_says_what_to_do(office: Path) -> None:
    done = process(office, "service", env={"PREFECT_HOME": str(office / "home")})  # no server of another test
    assert done.returncode == 1 and "Không kết nối được máy chủ Prefect" in done.stderr
