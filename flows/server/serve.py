"""`python -m flows.server.serve`: Prefect's server with a password, behind `RequestGuard`.

It does what `prefect server start` does, in this process, services included. `--socket` and `--with-parent` are for the
embedded server (flows/server/embedded_server.py).
"""

from __future__ import annotations

import argparse
import os
import socket
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from flows.server import runtime
from flows.server.password import EXAMPLE, OF_SERVER, ensure_password, password_lines
from flows.server.published_pages import PublishedPages
from flows.server.request_guard import RequestGuard, own_address
from flows.steps.failures import JobFailed
from flows.steps.terminal import echo

if TYPE_CHECKING:
    import uvicorn

HOST, PORT = "127.0.0.1", 4200


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGTERM or Ctrl-C. Exit status: 0, or 1 if the server cannot start."""
    parser = argparse.ArgumentParser(prog="python -m flows.server.serve", description="Máy chủ Prefect có mật khẩu.")
    parser.add_argument("--host", default=os.environ.get("PREFECT_SERVER_API_HOST") or HOST)
    parser.add_argument("--port", type=int, default=int(os.environ.get("PREFECT_SERVER_API_PORT") or PORT))
    parser.add_argument("--socket", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--with-parent", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    runtime.prepare(quiet=False)
    listening = None if asked.socket is None else socket.socket(fileno=asked.socket)
    port = asked.port if listening is None else int(listening.getsockname()[1])
    runtime.change_settings(PREFECT_SERVER_API_PORT=str(port))  # for the address that the pages ask
    try:
        for line in use_password():
            echo(line)
    except JobFailed as error:
        echo(f"Máy chủ không khởi động: {error}", err=True)
        return 1
    return _serve(asked.host, port, listening, embedded=asked.with_parent)


def use_password() -> list[str]:
    """Keep the configured password of the server, else use the stored one, else make it. Vietnamese lines to print.

    Raises JobFailed if the configured password is the example's or the file of the password cannot be used.
    """
    from prefect.settings import get_current_settings

    configured = get_current_settings().server.api.auth_string
    if configured is not None and configured.get_secret_value():
        if EXAMPLE in configured.get_secret_value():
            raise JobFailed(f"thay {EXAMPLE} trong {OF_SERVER} bằng một mật khẩu riêng.")
        return []
    home = runtime.prefect_home()
    with runtime.serialised_start():
        password, made = ensure_password(home)
    runtime.change_settings(**{OF_SERVER: password})
    # a service's output is kept in a journal that others may read: there the file is named only
    return password_lines(home, password, made and sys.stdout.isatty())


def _serve(host: str, port: int, listening: socket.socket | None, *, embedded: bool) -> int:
    """Run the server with Prefect's settings. Exit status."""
    import uvicorn
    from prefect.server.api.server import create_app
    from prefect.settings import get_current_settings

    settings = get_current_settings()
    own = own_address(port, (settings.ui_url, settings.server.ui.api_url, settings.api.url))
    # a page of `localhost` asks 127.0.0.1, which is another origin: these, and no other, may read the answers
    runtime.change_settings(PREFECT_SERVER_CORS_ALLOWED_ORIGINS=",".join(sorted(own.origins)))
    api = settings.server.api
    password = api.auth_string.get_secret_value() if api.auth_string is not None else ""
    pages = PublishedPages(create_app(final=True, ephemeral=embedded), runtime.default_data_dir(), password)
    server = uvicorn.Server(
        uvicorn.Config(
            RequestGuard(pages, own),
            host=host,
            port=port,
            timeout_keep_alive=api.keepalive_timeout,
            ws_ping_interval=api.websocket_ping_interval,
            ws_ping_timeout=api.websocket_ping_timeout,
            log_level="error" if embedded else settings.server.logging_level.lower(),
        )
    )
    if embedded:
        threading.Thread(target=_end_with_parent, args=(server,), daemon=True).start()
    with suppress(KeyboardInterrupt):  # uvicorn has stopped and raises the signal once more
        server.run(None if listening is None else [listening])
    return 0 if server.started else 1


def _end_with_parent(server: uvicorn.Server) -> None:
    """Stop the server when the process that started it has ended: its end of the standard input closes then."""
    sys.stdin.buffer.read()
    server.should_exit = True


if __name__ == "__main__":
    sys.exit(main())
