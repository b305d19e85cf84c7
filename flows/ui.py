"""`make ui`: a Prefect server on this machine, its pages, and the deployment served until Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

from flows import runtime

HOST = "127.0.0.1"
WAIT_SECONDS = 120


def main() -> int:
    """Start the server, serve the deployment, and end the server it started. Exit status 0 or 1."""
    port = os.environ.get("PREFECT_SERVER_API_PORT", "4200")
    address = f"http://{HOST}:{port}"
    if _healthy(address):
        print(f"Ở {address} đã có một máy chủ Prefect đang chạy: dừng nó trước, hoặc đổi PREFECT_SERVER_API_PORT.")
        return 1
    # the pages ask this address, whatever the port
    os.environ["PREFECT_API_URL"] = f"{address}/api"
    runtime.prepare(quiet=False)
    print("Đang khởi động máy chủ Prefect (10–20 giây) …", flush=True)
    signal.signal(signal.SIGTERM, _interrupt)
    server = None
    try:
        with runtime.serialised_start():
            server = subprocess.Popen(
                [sys.executable, "-m", "prefect", "server", "start", "--host", HOST, "--port", port],
                stdout=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C ends it through us, once, after the runs
            )
            started = _wait(address, server)
        if not started:
            print("Máy chủ Prefect không khởi động được.")
            return 1
        print(f"Mở {address} trong trình duyệt; Ctrl-C để dừng.", flush=True)
        _serve()
    except KeyboardInterrupt:
        pass
    finally:
        if server is not None:
            _end(server)
    print("Đã dừng máy chủ Prefect.")
    return 0


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _end(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(timeout=15)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _serve() -> None:
    from prefect.deployments.runner import EntrypointType

    from flows.score_period import score_period

    score_period.serve(
        name="cham-diem",
        tags=["tthc"],
        entrypoint_type=EntrypointType.MODULE_PATH,
        print_starting_message=False,
        limit=2,
    )


def _wait(address: str, server: subprocess.Popen[bytes]) -> bool:
    for _ in range(WAIT_SECONDS * 4):
        if server.poll() is not None:
            return False
        if _healthy(address):
            return True
        time.sleep(0.25)
    return False


def _healthy(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/api/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


if __name__ == "__main__":
    sys.exit(main())
