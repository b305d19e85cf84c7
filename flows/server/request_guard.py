"""Which requests reach Prefect's server: those of its own pages and of programs, under a host name of its own.

Prefect has a password and a list of origins that may read answers. It does not check the Host header (a foreign name
that resolves to this machine makes a foreign page the same origin), the Origin of a request that only writes or of a
WebSocket, or whether a foreign page shows its pages in a frame; its description of the API is open. `RequestGuard` is
an ASGI application around Prefect's and adds these checks.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flows.server.allowed_runs import forbidden

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = Iterable[tuple[bytes, bytes]]

#: names of this machine for itself
LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
#: first part of the paths where FastAPI describes the API; Prefect leaves them open
DESCRIPTIONS = frozenset({"docs", "redoc", "openapi.json"})
#: bytes; the largest request of Prefect's clients (logs, parameters) stays below 1 MB
MAX_BODY = 8_000_000
#: seconds until the first message of a WebSocket, which holds the password
MAX_SILENCE = 20.0
#: field of a worker's greeting on a WebSocket
_POOL = "create_pool_if_not_found"
#: on every answer: shown in no frame, embedded in no other page, not guessed to be another type
ANSWER_HEADERS = (
    (b"content-security-policy", b"frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-content-type-options", b"nosniff"),
)
#: in the paths of requests whose body can say what is started. A run can be created without a deployment
_SAYING = ("deployments", "work_pools", "flow_runs")
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::([0-9]{1,5}))?")


@dataclass(frozen=True)
class OwnAddress:
    """Under what the server is reached. `names`: host names, lower case, without port. `origins`: of its pages."""

    names: frozenset[str]
    origins: frozenset[str]


@dataclass(frozen=True)
class Refusal:
    """An answer in place of Prefect's: HTTP status and a sentence, Vietnamese where a browser shows it to a person."""

    status: int
    reason: str


def own_address(port: int, addresses: Iterable[str | None] = ()) -> OwnAddress:
    """The loopback at this port, and the addresses (URLs) under which offices reach the server; None is skipped."""
    names, origins = set(LOOPBACK), {f"http://{name}:{port}" for name in LOOPBACK}
    for address in addresses:
        parts = urlsplit(address or "")
        if parts.hostname:
            netloc = parts.netloc.rpartition("@")[2].lower()
            names.add(_name_and_port(netloc)[0])
            origins.add(f"{parts.scheme.lower()}://{netloc}")
    return OwnAddress(frozenset(names), frozenset(origins))


def request_refusal(method: str, path: str, headers: Headers, own: OwnAddress) -> Refusal | None:
    """Why a request is not passed on, or None. A WebSocket counts as GET.

    Programs send neither Origin nor Sec-Fetch-Site; a browser sends at least one of them with everything that a foreign
    page starts, except where a person follows a link.
    """
    sent: dict[str, list[str]] = {}
    for name, value in headers:
        sent.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1").strip())
    hosts, origins = sent.get("host", []), sent.get("origin", [])
    if len(hosts) != 1 or _name_and_port(hosts[0].lower())[0] not in own.names:
        return Refusal(400, "Máy chủ không nhận tên này: người quản trị đặt PREFECT_UI_URL theo địa chỉ mở trang.")
    if path.strip("/ \t\r\n").split("/")[0].strip() in DESCRIPTIONS:
        return Refusal(404, "Not found.")
    if origins:
        if len(origins) != 1 or not _is_own_page(origins[0].lower(), hosts[0].lower(), own):
            return Refusal(403, "Requests of pages of another origin are refused.")
        return None
    foreign = {site for site in sent.get("sec-fetch-site", []) if site not in ("same-origin", "none")}
    if foreign and not _follows_link(method, sent):
        return Refusal(403, "Requests of pages of another origin are refused.")
    return None


def _name_and_port(host: str) -> tuple[str, str]:
    """("localhost", "4200") of `localhost:4200`; ("", "") if it is no host. Expects lower case."""
    found = _HOST.fullmatch(host)
    return (found[1], found[2] or "") if found else ("", "")


def _is_own_page(origin: str, host: str, own: OwnAddress) -> bool:
    """Whether a page of this origin may ask this host.

    Beside the configured origins: a page of the loopback at the port that it asks. A tunnel can give it another port.
    """
    if origin in own.origins:
        return True
    page, asked = _name_and_port(origin.removeprefix("http://")), _name_and_port(host)
    return origin.startswith("http://") and {page[0], asked[0]} <= LOOPBACK and page[1] == asked[1]


def _follows_link(method: str, sent: dict[str, list[str]]) -> bool:
    """Whether a person opens a page by a link elsewhere, as in a mail."""
    return (
        method in ("GET", "HEAD")
        and sent.get("sec-fetch-mode") == ["navigate"]
        and sent.get("sec-fetch-dest") == ["document"]
    )


def body_refusal(body: bytes, *, new_pool: bool = False) -> Refusal | None:
    """Why a body that creates or changes a run, a deployment or a pool is not passed on, or None.

    It is parsed as Prefect parses it. A body that is no JSON is Prefect's to refuse. `new_pool`: it creates a pool,
    which must name its template; without one Prefect or a worker would fill in another.
    """
    try:
        asked = json.loads(body)
        field = forbidden(asked)
        if field is None and new_pool and not (isinstance(asked, dict) and asked.get("base_job_template")):
            field = "a pool without base_job_template"
    except RecursionError:
        return Refusal(400, "The body is nested too deeply.")
    except ValueError:
        return None
    return Refusal(403, f"This server runs the flows of tthc-scorecard only: {field} is refused.") if field else None


class RequestGuard:
    """ASGI application that refuses a request or passes it on to `app`."""

    def __init__(self, app: Application, own: OwnAddress) -> None:
        self._app, self._own = app, own

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection. Raises what `app` raises."""
        kind = scope["type"]
        if kind == "lifespan":
            await self._app(scope, receive, send)
            return
        method = scope["method"] if kind == "http" else "GET"
        refused = request_refusal(method, scope["path"], scope["headers"], self._own)
        if kind != "http":
            if refused:
                await send({"type": "websocket.close", "code": 1008})  # before it is accepted: the answer is 403
            else:
                await self._app(scope, _of_socket(receive), send)
            return
        send = _with_headers(send)
        if refused is None and _says_what_runs(method, scope["path"]):
            body = await _read(receive)
            if body is None:
                refused = Refusal(413, "The body is too large.")
            else:
                new_pool = method == "POST" and scope["path"].rstrip("/").endswith("/work_pools")
                refused, receive = body_refusal(body, new_pool=new_pool), _again(body, receive)
        if refused:
            await _answer(send, refused)
        else:
            await self._app(scope, receive, send)


def _says_what_runs(method: str, path: str) -> bool:
    """Whether the body of such a request can say what a worker starts."""
    return method not in ("GET", "HEAD", "OPTIONS") and any(part in path for part in _SAYING)


async def _read(receive: Receive) -> bytes | None:
    """The whole body; None if it is larger than MAX_BODY. A client that leaves has sent what it has sent."""
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        part = message.get("body", b"")
        size += len(part)
        if size > MAX_BODY:
            return None
        parts.append(part)
        more = message["type"] == "http.request" and message.get("more_body", False)
    return b"".join(parts)


def _of_socket(receive: Receive) -> Receive:
    """A `receive` of a WebSocket. A worker's greeting may not create a pool: its template would pass unseen.

    The password comes in the first message; a connection that sends none for MAX_SILENCE seconds is ended.
    """
    messages = 0

    async def receiving() -> Message:
        nonlocal messages
        try:
            message = await (receive() if messages > 1 else asyncio.wait_for(receive(), MAX_SILENCE))
        except TimeoutError:
            return {"type": "websocket.disconnect", "code": 1008}
        messages += 1
        if message["type"] == "websocket.receive" and _POOL in (message.get("text") or ""):
            return {**message, "text": _without_pool(str(message["text"]))}
        return message

    return receiving


def _without_pool(text: str) -> str:
    """A greeting that creates no pool. Text that is no JSON is Prefect's to refuse."""
    try:
        greeting = json.loads(text)
        payload = greeting.get("payload") if isinstance(greeting, dict) else None
        return json.dumps({**greeting, "payload": {**payload, _POOL: False}}) if isinstance(payload, dict) else text
    except (ValueError, RecursionError):
        return text


def _again(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives the body that was read, then what still comes (that the client leaves)."""
    given = False

    async def first_the_body() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return first_the_body


def _with_headers(send: Send) -> Send:
    """A `send` that adds ANSWER_HEADERS."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), *ANSWER_HEADERS]}
        await send(message)

    return sending


async def _answer(send: Send, refused: Refusal) -> None:
    body = json.dumps({"detail": refused.reason}, ensure_ascii=False).encode()
    headers = [(b"content-type", b"application/json; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": refused.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
