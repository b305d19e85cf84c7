"""Published pages on the server: with the password, read-only, as published, and nothing else."""

import asyncio
import base64
from pathlib import Path
from typing import Any

import pytest

from flows.server.published_pages import PublishedPages
from flows.steps.shared_paths import page_path
from pipeline.publish.revisions import current_revision

PASSWORD = "quan-tri:mot-mat-khau"
RIGHT = {"authorization": "Basic " + base64.b64encode(PASSWORD.encode()).decode()}


def asked(data_dir: Path, path: str, method: str = "GET", password: str = PASSWORD, **headers: str) -> dict[str, Any]:
    """Status, headers and body of the answer; status 299 is Prefect's, to which everything else goes."""
    answer: dict[str, Any] = {"status": 299, "body": b""}

    async def send(message: Any) -> None:
        answer.update({k: v for k, v in message.items() if k in ("status", "headers", "body")})

    async def prefect(scope: Any, receive: Any, send: Any) -> None:
        pass

    scope = {"type": "http", "method": method, "path": path}
    scope["headers"] = [(name.encode(), value.encode()) for name, value in headers.items()]
    asyncio.run(PublishedPages(prefect, data_dir, password)(scope, None, send))  # type: ignore[arg-type]
    return answer


@pytest.mark.usefixtures("published")
def test_a_published_page_is_shown_to_who_knows_the_password(office: Path) -> None:
    path = page_path("2022-Q1", "r1")
    revision = current_revision(office / "out" / "2022-Q1").path
    assert revision is not None
    shown = asked(office, path, **RIGHT)
    assert (shown["status"], shown["body"]) == (200, (revision / "index.html").read_bytes())
    assert (b"content-security-policy", b"sandbox allow-scripts allow-popups") in shown["headers"]
    assert asked(office, path, "HEAD", **RIGHT)["status"] == 200
    for sent in ({}, {"authorization": "Basic eDp5"}, {"authorization": "Bearer x"}):
        refused = asked(office, path, **sent)
        assert (refused["status"], refused["body"]) == (401, b"")
    assert asked(office, path, password="", authorization="Basic Og==")["status"] == 401
    assert asked(office, path, "POST", **RIGHT)["status"] == 404
    (revision / "index.html").chmod(0o644)
    (revision / "index.html").write_bytes(b"altered")
    assert asked(office, path, **RIGHT)["status"] == 404


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(
    "path",
    ["/xem", "/xem/", "/xem/2022-Q1/r1/", "/xem/2022-Q1/r1/officer_scores.csv", "/xem/2022-Q1/r2/index.html",
     "/xem/../reference/office.toml", "/xem/2022-Q1/r1/../r1/index.html", "/xem/2022-Q1/r1/index.html/",
     "/xem//etc/passwd", "/xem/2022-Q1/r1/index.html\n", "/xem/2022-Q1\0/r1/index.html", "/xem/２０２２-Q1/r1/index.html"],
)  # fmt: skip
def test_no_other_file_is_shown(office: Path, path: str) -> None:
    answer = asked(office, path, **RIGHT)
    assert (answer["status"], answer["body"]) == (404, b"")


def test_everything_else_is_prefects(tmp_path: Path) -> None:
    for path in ("/", "/api/health", "/xemm/2022-Q1/r1/index.html", "/dashboard"):
        assert asked(tmp_path, path)["status"] == 299
