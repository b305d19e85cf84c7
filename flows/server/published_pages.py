"""Published pages in the browser: `/xem/2022-Q1/r1/index.html` is the page of a revision, read-only, with the password.

Only the page as it was published is answered: the path is matched, never joined from what was asked, and the file must
have the hash of its manifest. The answer is sandboxed: its script runs apart from Prefect's pages and their login.
"""

from __future__ import annotations

import base64
import hmac
import re
from pathlib import Path

from flows.server.request_guard import Application, Receive, Scope, Send
from flows.steps.shared_paths import PAGES
from pipeline.periods import PERIOD_FORM
from pipeline.publish.revisions import published_file, read_manifest
from pipeline.publish.text_differences import PAGE_FILE

_PATH = re.compile(rf"/{PAGES}/(?P<period>{PERIOD_FORM})/(?P<revision>r[1-9][0-9]{{0,5}})/{re.escape(PAGE_FILE)}", re.A)
_SANDBOX = (b"content-security-policy", b"sandbox allow-scripts allow-popups")


def published_page(data_dir: Path, path: str) -> bytes | None:
    """The page at a path as it was published; None for another path, and if it is missing or was altered."""
    found = _PATH.fullmatch(path)
    if found is None:
        return None
    revision = data_dir / "out" / found["period"] / found["revision"]
    try:
        return published_file(revision, read_manifest(revision), PAGE_FILE)
    except (OSError, ValueError):
        return None


class PublishedPages:
    """ASGI application that answers for published pages of `data_dir` and passes everything else on to `app`.

    `password`: `name:password` of the server, asked for as HTTP Basic; "" answers for no page.
    """

    def __init__(self, app: Application, data_dir: Path, password: str) -> None:
        self._app, self._data_dir = app, data_dir
        self._expected = b"Basic " + base64.b64encode(password.encode()) if password else b""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection. Raises what `app` raises."""
        if scope["type"] != "http" or scope["path"].split("/")[1:2] != [PAGES]:
            await self._app(scope, receive, send)
            return
        sent = dict(scope["headers"]).get(b"authorization", b"")
        if not self._expected or not hmac.compare_digest(sent, self._expected):
            await _answer(send, 401, b"", (b"www-authenticate", b'Basic realm="tthc-scorecard", charset="UTF-8"'))
            return
        page = published_page(self._data_dir, scope["path"]) if scope["method"] in ("GET", "HEAD") else None
        if page is None:
            await _answer(send, 404, b"")
        else:
            await _answer(send, 200, page if scope["method"] == "GET" else b"", _SANDBOX)


async def _answer(send: Send, status: int, body: bytes, *headers: tuple[bytes, bytes]) -> None:
    about = [(b"content-type", b"text/html; charset=utf-8"), (b"cache-control", b"no-store"), *headers]
    await send({"type": "http.response.start", "status": status, "headers": about})
    await send({"type": "http.response.body", "body": body})
