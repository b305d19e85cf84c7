"""Settings of Prefect, which must be in the environment before Prefect is imported, and which server is used.

Variables that are set already are kept. `prefect.toml` contains the same settings for `prefect` commands.
"""

from __future__ import annotations

import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.server.password import OF_CLIENT, is_on_this_machine, stored_password

#: variable -> value, for all commands; docs/runbook.md explains them
SETTINGS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    # Prefect's own embedded server is open to every page of a browser; `embedded_server` starts one that is not
    "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
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


def prefect_home() -> Path:
    """The folder of Prefect's database and of the server's password: PREFECT_HOME, else `.prefect` in the project."""
    return Path(os.environ.get("PREFECT_HOME") or project_root() / ".prefect").expanduser()


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
    os.environ.setdefault("PREFECT_HOME", str(project_root() / ".prefect"))
    prefect_home().mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, value in {**SETTINGS, **(QUIET if quiet else {})}.items():
        os.environ.setdefault(name, value)


def server_address() -> str | None:
    """The API's address from PREFECT_API_URL, the profile or prefect.toml, or None. Call after `prepare`."""
    named = os.environ.get("PREFECT_API_URL")
    if named:
        return named
    from prefect.settings import get_current_settings

    return get_current_settings().api.url


def change_settings(**variables: str) -> None:
    """Set variables for this process and those it starts, also where Prefect has read its settings already."""
    os.environ.update(variables)
    if "prefect" in sys.modules:
        from prefect.context import refresh_global_settings_context

        refresh_global_settings_context()


def log_in(address: str) -> None:
    """Use the stored password for a server of this machine (`address` of its API) where none is configured.

    Call it after `prepare`. Raises JobFailed if the file of the password cannot be used.
    """
    from prefect.settings import get_current_settings

    if get_current_settings().api.auth_string is None and is_on_this_machine(address):
        stored = stored_password(prefect_home())
        if stored is not None:
            change_settings(**{OF_CLIENT: stored})


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
    with (prefect_home() / ".start.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
