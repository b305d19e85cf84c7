"""Prefect's own server, started as an office starts it, among the processes of a test."""

import os
import socket
import sys
import urllib.request
from pathlib import Path

from processes import Family, until

from flows.server.runtime import SETTINGS

PREFECT = [sys.executable, "-m", "prefect", "--no-prompt"]
TTHC = [sys.executable, "-c", "from flows.cli import main; main()"]
START_SECONDS = 120
#: what every Python of a test's service loads, so that a `gate` can hold it
HELD = str(Path(__file__).with_name("held"))


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def environment(home: Path, **more: str) -> dict[str, str]:
    """This process's environment with the program's settings in place of whatever Prefect's or its own stand in it."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "TTHC_"))}
    own = {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1", "PREFECT_HOME": str(home), "PYTHONPATH": HELD}
    return {**kept, **SETTINGS, **own, **more}


def start_server(processes: Family, port: int, **settings: str) -> None:
    """Start it on the port and wait until it answers; its output is `server.log` of the family."""
    command = [*PREFECT, "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    server = processes.start("server", command, **settings)

    def healthy() -> bool:
        assert server.poll() is None, (processes.logs / "server.log").read_text("utf-8")[-3000:]
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/health", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    until("the server answers", healthy, START_SECONDS)
