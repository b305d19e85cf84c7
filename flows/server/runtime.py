"""Settings of Prefect, which must be in the environment before Prefect is imported, and the start of its server.

Variables that are set already are kept. `prefect.toml` contains the same settings for `prefect` commands.
"""

from __future__ import annotations

import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.steps.failures import JobFailed

#: variable -> value, for all commands; docs/runbook.md explains them
SETTINGS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_ENABLED": "true",
    # the first start creates the database and takes nearly the default of 20 s
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "90",
    # a run whose machine died is found by its missing heartbeat (flows/server/automations.py); 30 s is the minimum
    "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
    # a worker polls every 10-15 s: with the default of 15 s every manually started run would become Late
    "PREFECT_SERVER_SERVICES_LATE_RUNS_AFTER_SECONDS": "600",
}
#: for commands in a terminal: only the run's own lines are printed; Prefect's log is in its pages
QUIET = {"PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL"}


def project_root() -> Path:
    """The source tree from which this package is installed, or the working directory if there is none."""
    root = Path(__file__).resolve().parents[2]
    return root if (root / "pyproject.toml").is_file() else Path.cwd()


def default_data_dir() -> Path:
    """TTHC_DATA_DIR, else `data` in the working directory, else `data` in the project (a worker runs elsewhere)."""
    named = os.environ.get("TTHC_DATA_DIR")
    if named:
        return Path(named)
    here = Path("data")
    return here if here.is_dir() else project_root() / "data"


def prepare(*, quiet: bool) -> None:
    """Put SETTINGS (and QUIET) into the environment. Raises RuntimeError if Prefect is imported already."""
    if "prefect" in sys.modules:
        raise RuntimeError("Prefect was imported before its settings were made")
    home = os.environ.setdefault("PREFECT_HOME", str(project_root() / ".prefect"))
    Path(home).expanduser().mkdir(parents=True, exist_ok=True)
    for name, value in {**SETTINGS, **(QUIET if quiet else {})}.items():
        os.environ.setdefault(name, value)


def server_address() -> str | None:
    """The API's address from PREFECT_API_URL, the profile or prefect.toml, or None. Call after `prepare`."""
    named = os.environ.get("PREFECT_API_URL")
    if named:
        return named
    from prefect.settings import get_current_settings

    return get_current_settings().api.url


def is_healthy(address: str) -> bool:
    """Whether a Prefect server answers at this address (like `http://127.0.0.1:4200`) and is healthy."""
    import urllib.request

    try:
        with urllib.request.urlopen(f"{address}/api/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:  # also the base of urllib's errors
        return False


def startup_text() -> str:
    """A Vietnamese line to print before the server starts."""
    server = os.environ.get("PREFECT_API_URL")
    if server:
        return f"Dùng máy chủ Prefect {server} …"
    return "Đang khởi động máy chủ Prefect nhúng (15–25 giây; thêm --direct để chạy thẳng) …"


@contextmanager
def serialised_start() -> Iterator[None]:
    """Hold a file lock while a server starts: parallel starts on a new database all fail. Call after `prepare`."""
    path = Path(os.environ["PREFECT_HOME"]).expanduser() / ".start.lock"
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def start_server() -> None:
    """Start the embedded server, which runs as long as this process, or connect to the server of PREFECT_API_URL.

    Raises JobFailed if the server of PREFECT_API_URL cannot be reached, Prefect's and httpx's exceptions if the
    embedded server does not start. Call it after `prepare`.
    """
    import httpx
    from prefect.client.orchestration import get_client

    try:
        with serialised_start(), get_client(sync_client=True) as client:
            client.hello().raise_for_status()
    except httpx.HTTPError as error:
        server = os.environ.get("PREFECT_API_URL")
        if not server:
            raise
        raise JobFailed(
            f"Không kết nối được máy chủ Prefect {server} ({type(error).__name__}). Kiểm tra máy chủ, "
            "hoặc bỏ PREFECT_API_URL để dùng máy chủ nhúng, hoặc thêm --direct để chạy thẳng."
        ) from None
