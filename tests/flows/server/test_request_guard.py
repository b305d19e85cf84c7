"""Which requests the guard lets through to Prefect, by their headers and bodies alone."""

import asyncio
import json
from typing import Any

import pytest

from flows.server.allowed_runs import ENTRYPOINTS, JOB_TEMPLATE, forbidden
from flows.server.request_guard import MAX_BODY, RequestGuard, body_refusal, own_address, request_refusal

PORT = 4200
HOST = f"127.0.0.1:{PORT}"
OWN = own_address(PORT, ("https://tthc.example.vn", "https://tthc.example.vn/api", None))
SHELL = {"job_configuration": {"command": "id"}, "variables": {"type": "object"}}


def status(method: str = "POST", path: str = "/api/flows/count", host: str | None = HOST, **sent: str | None) -> int:
    """The status of the refusal; 200 if the request is passed on. `sent`: headers, written with `_`."""
    headers = {} if host is None else {"host": host}
    headers |= {name.replace("_", "-"): value for name, value in sent.items() if value is not None}
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    refused = request_refusal(method, path, pairs, OWN)
    return refused.status if refused else 200


@pytest.mark.parametrize(
    "host", [HOST, "localhost", "LocalHost:4200", "[::1]:4200", "127.0.0.1:9000", "tthc.example.vn"]
)
def test_programs_and_tunnels_are_served_under_the_servers_own_names(host: str) -> None:
    assert status(host=host) == 200


@pytest.mark.parametrize(
    "host",
    ["trang-la.example", "trang-la.example:4200", "127.0.0.1.trang-la.example", "a.tthc.example.vn", "", "0.0.0.0:4200",
     "127.1:4200", "localhost.", "127.0.0.1:4200, a", "a@127.0.0.1", "::1", None],
)  # fmt: skip
def test_a_foreign_host_name_is_refused_although_it_resolves_to_this_machine(host: str | None) -> None:
    assert status(host=host) == 400
    assert status("GET", "/", host) == 400


def test_two_host_headers_are_refused() -> None:
    refused = request_refusal("GET", "/", [(b"host", HOST.encode()), (b"host", b"localhost")], OWN)
    assert refused and refused.status == 400


@pytest.mark.parametrize(
    ("origin", "host"),
    [("http://127.0.0.1:4200", HOST), ("http://localhost:4200", HOST), ("http://localhost:9000", "localhost:9000"),
     ("http://127.0.0.1:9000", "127.0.0.1:9000"), ("https://tthc.example.vn", "tthc.example.vn")],
)  # fmt: skip
def test_the_servers_own_pages_may_ask(origin: str, host: str) -> None:
    assert status(origin=origin, host=host, sec_fetch_site="cross-site") == 200


@pytest.mark.parametrize(
    "origin",
    ["http://trang-la.example", "null", "", "http://127.0.0.1:4201", "http://localhost", "https://127.0.0.1:4200",
     "file://", "http://127.0.0.1:4200.trang-la.example", "http://127.0.0.1:4200@trang-la.example",
     "http://tthc.example.vn", "https://tthc.example.vn:8443", "moz-extension://a"],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS", "DELETE"])
def test_a_page_of_another_origin_may_not(origin: str, method: str) -> None:
    assert status(method, origin=origin) == 403


def test_what_a_page_of_another_origin_embeds_is_refused_and_a_link_is_not() -> None:
    embedded = {"sec_fetch_mode": "no-cors", "sec_fetch_dest": "image"}
    frame = {"sec_fetch_mode": "navigate", "sec_fetch_dest": "iframe"}
    link = {"sec_fetch_mode": "navigate", "sec_fetch_dest": "document"}
    for site in ("cross-site", "same-site", "unknown"):
        assert status("GET", sec_fetch_site=site, **embedded) == 403
        assert status("GET", "/", sec_fetch_site=site, **frame) == 403
        assert status("POST", "/", sec_fetch_site=site, **link) == 403
        assert status("GET", "/", sec_fetch_site=site, **link) == 200
    for site in ("same-origin", "none"):
        assert status("GET", sec_fetch_site=site, **embedded) == 200


@pytest.mark.parametrize(
    "path", ["/docs", "/redoc", "/openapi.json", "/docs/", "//docs", "/docs\n", "/docs/oauth2-redirect"]
)
def test_the_description_of_the_api_is_closed(path: str) -> None:
    assert status("GET", path) == 404


@pytest.mark.parametrize(
    "body",
    [
        {"entrypoint": "os.system"}, {"entrypoint": "/tmp/a.py:a"}, {"entrypoint": ["flows.rescore.rescore"]},
        {"pull_steps": [{"prefect.deployments.steps.run_shell_script": {"script": "id"}}]},
        {"path": "/srv/tthc/data/raw"}, {"storage_document_id": "a"}, {"job_variables": {"env": {"PATH": "/tmp"}}},
        {"base_job_template": SHELL}, {"base_job_template": {}}, {"a": [{"b": {"base_job_template": SHELL}}]},
    ],
)  # fmt: skip
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_body_that_says_what_a_worker_starts_is_refused(body: object, encoding: str) -> None:
    refused = body_refusal(json.dumps(body).encode(encoding))
    assert refused and refused.status == 403


def test_what_the_program_itself_registers_is_passed_on() -> None:
    for entrypoint in ENTRYPOINTS.values():
        made = {"entrypoint": entrypoint, "pull_steps": [], "job_variables": {}, "path": None, "parameters": {}}
        assert forbidden(made) is None
    assert forbidden({"base_job_template": JOB_TEMPLATE, "name": "tthc"}) is None
    assert body_refusal(b"") is None and body_refusal(b"{") is None


def test_the_pools_template_takes_no_variable() -> None:
    assert "{{" not in json.dumps(JOB_TEMPLATE)
    # an `env` here, even an empty one, would be merged with the run's
    assert not {"command", "env", "working_dir"} & set(JOB_TEMPLATE["job_configuration"])
    assert JOB_TEMPLATE["variables"] == {"type": "object", "properties": {}, "additionalProperties": False}


def served(scope: dict[str, Any], *messages: dict[str, Any]) -> tuple[list[dict[str, Any]], list[bytes]]:
    """(what the client is sent, the bodies that reached Prefect). `messages`: what the client sends."""
    sent: list[dict[str, Any]] = []
    reached: list[bytes] = []
    incoming = iter(messages)

    async def receive() -> dict[str, Any]:
        return next(incoming, {"type": "http.disconnect"})

    async def send(message: Any) -> None:
        sent.append(dict(message))

    async def prefect(scope: Any, receive: Any, send: Any) -> None:
        reached.append((await receive()).get("body", b"") if scope["type"] == "http" else b"")
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": [(b"a", b"b")]})

    asyncio.run(RequestGuard(prefect, OWN)({"headers": [(b"host", HOST.encode())], **scope}, receive, send))
    return sent, reached


def test_a_body_in_parts_reaches_prefect_whole_or_not_at_all() -> None:
    scope = {"type": "http", "method": "PATCH", "path": "/api/work_pools/tthc"}
    parts = (
        {"type": "http.request", "body": part, "more_body": more} for part, more in ((b'{"a"', True), (b": 1}", False))
    )
    sent, reached = served(scope, *parts)
    assert reached == [b'{"a": 1}']
    assert dict(sent[0]["headers"])[b"content-security-policy"] == b"frame-ancestors 'none'"
    body = json.dumps({"base_job_template": SHELL}).encode()
    split = ({"type": "http.request", "body": bytes([b]), "more_body": n < len(body) - 1} for n, b in enumerate(body))
    sent, reached = served(scope, *split)
    assert (sent[0]["status"], reached) == (403, [])


def test_a_body_beyond_the_limit_and_one_nested_too_deeply_are_refused() -> None:
    scope = {"type": "http", "method": "POST", "path": "/api/deployments/"}
    large = {"type": "http.request", "body": b" " * (MAX_BODY // 2), "more_body": True}
    assert served(scope, large, large, large)[0][0]["status"] == 413
    deep = {"type": "http.request", "body": b'{"path":' * 100_000}
    assert served(scope, deep)[0][0]["status"] == 400


def test_a_websocket_of_a_foreign_page_is_closed_before_it_opens() -> None:
    scope = {"type": "websocket", "path": "/api/events/out"}
    foreign = [(b"host", HOST.encode()), (b"origin", b"http://trang-la.example")]
    assert served({**scope, "headers": foreign}) == ([{"type": "websocket.close", "code": 1008}], [])
    assert served(scope) == ([], [b""])


@pytest.mark.parametrize("create", [True, 1, "yes"])
def test_the_greeting_of_a_worker_creates_no_pool_past_the_check_of_its_template(create: object) -> None:
    greeting = {"type": "subscribe", "payload": {"create_pool_if_not_found": create, "pool": "p", "limit": 3}}
    seen: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append((await receive())["text"])

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.receive", "text": json.dumps(greeting)}

    async def send(message: Any) -> None: ...

    scope = {"type": "websocket", "path": "/api/workers/connect", "headers": [(b"host", HOST.encode())]}
    asyncio.run(RequestGuard(app, OWN)(scope, receive, send))
    payload = json.loads(seen[0])["payload"]
    assert payload == {"create_pool_if_not_found": False, "pool": "p", "limit": 3}
