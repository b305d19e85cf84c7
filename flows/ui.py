"""`make ui`: the whole service on this machine for trying: server, pages, deployments, notifications, a worker, the
watcher of the landing zone. Until Ctrl-C, which ends all of it.
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
from flows.steps.failures import JobFailed

HOST = "127.0.0.1"
WAIT_SECONDS = 120
#: in the environment of all that this service started
MARK = "TTHC_UI_OF"


def main() -> int:
    """Start the server, serve the deployment, and end the server it started. Exit status 0 or 1."""
    port = os.environ.get("PREFECT_SERVER_API_PORT", "4200")
    address = f"http://{HOST}:{port}"
    if runtime.answers(address):
        print(f"Ở {address} đã có một máy chủ Prefect đang chạy: dừng nó trước, hoặc đổi PREFECT_SERVER_API_PORT.")
        return 1
    # the pages ask this address, whatever the port
    os.environ["PREFECT_API_URL"] = f"{address}/api"
    runtime.prepare(quiet=False)
    print("Đang khởi động máy chủ Prefect (10–20 giây) …", flush=True)
    for number in (signal.SIGTERM, signal.SIGINT):  # the second is ignored where a shell started this in the background
        signal.signal(number, _interrupt)
    running: list[subprocess.Popen[bytes]] = []
    try:
        with runtime.serialised_start():
            # the server's database is the embedded one, under the same home
            running.append(_start("-m", "prefect", "server", "start", "--host", HOST, "--port", port, quiet=True))
            started = _wait(address, running[0])
        if not started:
            print("Máy chủ Prefect không khởi động được.")
            return 1
        from flows.server.service import POOL, register

        for line in register():
            print(line, flush=True)
        running.append(_start("-m", "prefect", "worker", "start", "--pool", POOL, quiet=True))
        running.append(_start("-m", "flows.watch"))
        print(f"Mở {address} trong trình duyệt; Ctrl-C để dừng.", flush=True)
        return _watch_over(running)
    except JobFailed as error:
        print(f"Không thực hiện được: {error}")
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # ending takes seconds, and is not to be broken off
        for process in reversed(running):
            _end(process)
        _end_runs()
        print("Đã dừng máy chủ Prefect.")


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _start(*arguments: str, quiet: bool = False) -> subprocess.Popen[bytes]:
    """A part of the service. In a session of its own: Ctrl-C ends it through us, once, in order."""
    out = subprocess.DEVNULL if quiet else None
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=runtime.project_root(),
        env={**os.environ, MARK: str(os.getpid())},
        stdout=out,
        start_new_session=True,
    )


def _watch_over(running: list[subprocess.Popen[bytes]]) -> int:
    """Until one of them ends by itself, which is a failure; Ctrl-C raises."""
    while all(process.poll() is None for process in running):
        time.sleep(0.5)
    print("Một phần của dịch vụ đã tự dừng; dừng cả dịch vụ.")
    return 1


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask it to end, and make sure that nothing of its session lives on. A worker without its server does not heed."""
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _end_runs() -> None:
    """What a worker that had to be killed started, each run in a session of its own: known by what it inherited."""
    mark = f"{MARK}={os.getpid()}".encode()
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # ended, or another user's
            if mark in (entry / "environ").read_bytes().split(b"\0"):
                os.kill(int(entry.name), signal.SIGKILL)


def _wait(address: str, server: subprocess.Popen[bytes]) -> bool:
    for _ in range(WAIT_SECONDS * 4):
        if server.poll() is not None:
            return False
        if runtime.answers(address):
            return True
        time.sleep(0.25)
    return False


if __name__ == "__main__":
    sys.exit(main())
