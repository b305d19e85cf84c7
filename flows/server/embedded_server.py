"""The server of a command: the one of PREFECT_API_URL, else an embedded one.

The embedded server is a Prefect server without pages that runs as long as this process. Prefect's own embedded server
takes requests of every page of a browser, without a password. This one is a `serve` on a port that the system chooses;
its password is made for one run and is known to this process and those it starts.
"""

from __future__ import annotations

import atexit
import os
import socket
import subprocess
import sys
import time

from flows.server import runtime
from flows.server.password import OF_CLIENT, OF_SERVER, make_password
from flows.steps.failures import JobFailed

#: most seconds to wait: the first start creates the database
START_SECONDS = 90
#: most seconds for the server to end; it writes down what it was told last
STOP_SECONDS = 5


def start_server() -> None:
    """Start the embedded server, or connect to the server of PREFECT_API_URL. Call it after `runtime.prepare`.

    Raises JobFailed if the server does not start, cannot be reached or refuses the password.
    """
    server = runtime.server_address()
    if server is None:
        with runtime.serialised_start():
            start_embedded()
        return
    import httpx
    from prefect.client.orchestration import get_client

    runtime.log_in(server)
    try:
        with get_client(sync_client=True) as client:
            client.hello().raise_for_status()
    except httpx.HTTPError as error:
        raise JobFailed(
            f"Không kết nối được máy chủ Prefect {server} ({type(error).__name__}). Kiểm tra máy chủ, "
            "hoặc bỏ PREFECT_API_URL để dùng máy chủ nhúng, hoặc thêm --direct để chạy thẳng."
        ) from None


def start_embedded() -> None:
    """Start the embedded server and make Prefect's clients in this process use it.

    Raises JobFailed if it does not start.
    """
    password = make_password()
    with socket.socket() as listening:
        # bound here, so that no other process gets the port in between
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        fd = listening.fileno()
        server = subprocess.Popen(
            [sys.executable, "-m", "flows.server.serve", "--socket", str(fd), "--with-parent"],
            cwd=runtime.project_root(),
            env={**os.environ, OF_SERVER: password},
            stdin=subprocess.PIPE,  # never written: it closes when this process ends, however it ends
            stdout=subprocess.DEVNULL,
            pass_fds=(fd,),
            start_new_session=True,  # Ctrl-C reaches this process, which still has to tell the server how its run ended
        )
    atexit.register(_stop, server)
    deadline = time.monotonic() + START_SECONDS
    while not runtime.is_healthy(address):
        if server.poll() is not None or time.monotonic() > deadline:
            raise JobFailed("Máy chủ Prefect nhúng không khởi động được; thêm --direct để chạy thẳng.")
        time.sleep(0.1)
    runtime.change_settings(PREFECT_API_URL=f"{address}/api", **{OF_CLIENT: password})


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
