"""The embedded Prefect of an analyst's machine: settings that must stand before Prefect is imported.

What is set in the environment wins. `prefect.toml` says the same to `prefect` commands run in the project.
"""

from __future__ import annotations

import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: why each: docs/decisions.md
SETTINGS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_ENABLED": "true",
    # the default of 20 s is nearly exceeded by the first start, which makes the database
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "90",
    # a run whose machine died is found out by its silence (flows/server/automations.py); 30 s is the shortest there is
    "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
    # a worker looks every 10-15 s, and the default of 15 s would call every run late that somebody starts
    "PREFECT_SERVER_SERVICES_LATE_RUNS_AFTER_SECONDS": "600",
}
#: an analyst reads the run's own lines; Prefect's go to the run's log, which `make ui` shows
QUIET = {"PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL"}


def project_root() -> Path:
    """The source tree this was installed from, else the working directory."""
    root = Path(__file__).resolve().parents[2]
    return root if (root / "pyproject.toml").is_file() else Path.cwd()


def default_data_dir() -> Path:
    """TTHC_DATA_DIR, else `data` here, or the project's: a worker has a working directory of its own."""
    named = os.environ.get("TTHC_DATA_DIR")
    if named:
        return Path(named)
    here = Path("data")
    return here if here.is_dir() else project_root() / "data"


def prepare(*, quiet: bool) -> None:
    """Put the settings into the environment. Raises RuntimeError when Prefect is already imported."""
    if "prefect" in sys.modules:
        raise RuntimeError("Prefect was imported before its settings were made")
    home = os.environ.setdefault("PREFECT_HOME", str(project_root() / ".prefect"))
    Path(home).expanduser().mkdir(parents=True, exist_ok=True)
    for name, value in {**SETTINGS, **(QUIET if quiet else {})}.items():
        os.environ.setdefault(name, value)


def server_address() -> str | None:
    """The API's address: PREFECT_API_URL, else the profile's or prefect.toml's. Call after `prepare`."""
    named = os.environ.get("PREFECT_API_URL")
    if named:
        return named
    from prefect.settings import get_current_settings

    return get_current_settings().api.url


def answers(address: str) -> bool:
    """Whether a server is there and well, `http://127.0.0.1:4200`."""
    import urllib.request

    try:
        with urllib.request.urlopen(f"{address}/api/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:  # of which urllib's own errors are some
        return False


def announcement() -> str:
    """What an analyst is told before the wait."""
    server = os.environ.get("PREFECT_API_URL")
    if server:
        return f"Dùng máy chủ Prefect {server} …"
    return "Đang khởi động máy chủ Prefect nhúng (15–25 giây; thêm --direct để chạy thẳng) …"


@contextmanager
def serialised_start() -> Iterator[None]:
    """One first start at a time: three at once on a new database all fail. Call after `prepare`."""
    path = Path(os.environ["PREFECT_HOME"]).expanduser() / ".start.lock"
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def start_server() -> None:
    """Start the embedded server and leave it running for this process, or reach the one of PREFECT_API_URL.

    Raises whatever Prefect raises if it does not come up.
    """
    from prefect.client.orchestration import get_client

    with serialised_start(), get_client(sync_client=True) as client:
        client.hello().raise_for_status()
