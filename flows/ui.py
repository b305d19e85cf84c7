"""`make ui`: runs the whole service on this machine to try it out, until Ctrl-C.

The service is a Prefect server with its pages, deployments and automations, a worker and the watcher.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from flows.server import runtime
from flows.server.allowed_runs import POOL
from flows.server.password import OF_CLIENT, OF_SERVER, ensure_password, password_lines
from flows.steps.failures import JobFailed
from flows.steps.terminal import echo

HOST = "127.0.0.1"
#: most seconds to wait for the server to start
WAIT_SECONDS = 120
#: environment variable of every process that this service starts: the process id of the service
MARK = "TTHC_UI_OF"


def main() -> int:
    """Start all parts, wait until one ends or Ctrl-C, and stop them all.

    Exit status: 0 after Ctrl-C or SIGTERM, 1 if a part does not start or ends by itself.
    """
    port = os.environ.get("PREFECT_SERVER_API_PORT", "4200")
    address = f"http://{HOST}:{port}"
    if runtime.is_healthy(address):
        echo(f"Ở {address} đã có một máy chủ Prefect đang chạy: dừng nó trước, hoặc đổi PREFECT_SERVER_API_PORT.")
        return 1
    # for this process and all it starts, whatever the port
    os.environ["PREFECT_API_URL"] = f"{address}/api"
    runtime.prepare(quiet=False)
    try:
        lines = _use_password()
    except JobFailed as error:
        echo(f"Không thực hiện được: {error}")
        return 1
    echo("Đang khởi động máy chủ Prefect (10–20 giây) …")
    for number in (signal.SIGTERM, signal.SIGINT):  # a shell lets a background process ignore SIGINT
        signal.signal(number, _interrupt)
    running: list[subprocess.Popen[bytes]] = []
    try:
        with runtime.serialised_start():
            # the server uses the same database as the embedded one, in PREFECT_HOME
            running.append(_start("-m", "flows.server.serve", "--host", HOST, "--port", port, quiet=True))
            started = _wait_for_server(address, running[0])
        if not started:
            echo("Máy chủ Prefect không khởi động được.")
            return 1
        from flows.server.registration import register_service

        for line in register_service():
            echo(line)
        running.append(_start("-m", "prefect", "worker", "start", "--pool", POOL, quiet=True))
        running.append(_start("-m", "flows.watch"))
        echo("\n".join([f"Mở {address} trong trình duyệt; Ctrl-C để dừng.", *lines]))
        return _wait_for_end(running)
    except JobFailed as error:
        echo(f"Không thực hiện được: {error}")
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # stopping takes seconds and must not be interrupted
        for process in reversed(running):
            _stop(process)
        _end_runs()
        echo("Đã dừng máy chủ Prefect.")


def _use_password() -> list[str]:
    """Give all parts the configured password, else the stored one, else a new one. Vietnamese lines to print.

    Raises JobFailed if the file of the password cannot be used.
    """
    configured = os.environ.get(OF_SERVER) or os.environ.get(OF_CLIENT)
    if configured:
        password, lines = configured, []
    else:
        with runtime.serialised_start():
            password, made = ensure_password(runtime.prefect_home())
        lines = password_lines(runtime.prefect_home(), password, made)
    for name in (OF_SERVER, OF_CLIENT):
        os.environ[name] = os.environ.get(name) or password
    return lines


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _start(*arguments: str, quiet: bool = False) -> subprocess.Popen[bytes]:
    """Start a part of the service in its own session: Ctrl-C reaches only this process, which stops all in order."""
    out = subprocess.DEVNULL if quiet else None
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=runtime.project_root(),
        env={**os.environ, MARK: str(os.getpid())},
        stdout=out,
        start_new_session=True,
    )


def _wait_for_end(running: list[subprocess.Popen[bytes]]) -> int:
    """Wait until a part ends by itself, which is a failure. Exit status 1. Ctrl-C raises KeyboardInterrupt."""
    while all(process.poll() is None for process in running):
        time.sleep(0.5)
    echo("Một phần của dịch vụ đã tự dừng; dừng cả dịch vụ.")
    return 1


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Stop a part and kill what is left of its session. A worker without its server ignores SIGTERM."""
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _end_runs() -> None:
    """Kill the runs of a worker that was killed. Each has its own session; they are found by the inherited MARK."""
    mark = f"{MARK}={os.getpid()}".encode()
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it ended, or belongs to another user
            if mark in (entry / "environ").read_bytes().split(b"\0"):
                os.kill(int(entry.name), signal.SIGKILL)


def _wait_for_server(address: str, server: subprocess.Popen[bytes]) -> bool:
    """Whether the server answers before it ends or the time is up."""
    for _ in range(WAIT_SECONDS * 4):
        if server.poll() is not None:
            return False
        if runtime.is_healthy(address):
            return True
        time.sleep(0.25)
    return False


if __name__ == "__main__":
    sys.exit(main())
