"""An address on the loopback that notifications can be sent to, and what was sent there."""

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


class Webhook:
    """`secret` is the part of the address that makes it one, as in a chat's."""

    def __init__(self, port: int) -> None:
        self.secret = secrets.token_hex(16)
        self.url = f"http://127.0.0.1:{port}/hooks/{self.secret}"
        self.messages: list[dict[str, str]] = []

    def told(self, title: str, name: str) -> bool:
        """Whether a message of this title that names this run has come."""
        return any(m["title"] == title and name in m["text"] for m in self.messages)


@contextmanager
def listening() -> Iterator[Webhook]:
    """A server on a port the kernel gives."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path.endswith(webhook.secret):
                webhook.messages.append(json.loads(body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    webhook = Webhook(server.server_port)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield webhook
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
