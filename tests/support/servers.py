"""The server, started as an office starts it, among the processes of a test."""

import base64
import json
import os
import socket
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from processes import Family, until

from flows.server.runtime import SETTINGS

PREFECT = [sys.executable, "-m", "prefect", "--no-prompt"]
TTHC = [sys.executable, "-c", "from flows.cli import main; main()"]
START_SECONDS = 120
#: what every Python of a test's service loads, so that a `gate` can hold it
HELD = str(Path(__file__).with_name("held"))
#: `name:password` of a server that has no secrets to protect
PASSWORD = "quan-tri:chi-de-thu-may-chu"


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


def asked(
    address: str, path: str, body: Any = None, password: str | None = PASSWORD, method: str | None = None, **more: str
) -> Any:
    """The answer of the API at `address` to one request. `more`: headers, written with `_`. Raises HTTPError.

    It asks again while SQLite is busy (503), as Prefect's own clients do.
    """
    headers = {"Content-Type": "application/json", **{name.replace("_", "-"): value for name, value in more.items()}}
    if password is not None:
        headers["Authorization"] = "Basic " + base64.b64encode(password.encode()).decode()
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{address}/api{path}", data, headers, method=method)

    def answered() -> list[Any] | None:
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                text = answer.read()
        except urllib.error.HTTPError as error:
            if error.code != 503:
                raise
            return None
        return [json.loads(text) if text else None]

    return until(f"an answer of {path}", answered, 60, every=0.5)[0]


def start_server(processes: Family, port: int, **settings: str) -> None:
    """Start it on the port and wait until it answers; its output is `server.log` of the family."""
    command = [sys.executable, "-m", "flows.server.serve", "--host", "127.0.0.1", "--port", str(port)]
    server = processes.start("server", command, **settings)

    def healthy() -> bool:
        assert server.poll() is None, (processes.logs / "server.log").read_text("utf-8")[-3000:]
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/health", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    until("the server answers", healthy, START_SECONDS)
