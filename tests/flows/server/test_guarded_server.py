"""The real server behind the guard, and the embedded one: what is refused, with and without the password."""

import json
import signal
import sqlite3
import subprocess
import sys
import urllib.error
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from processes import family, until
from repository import ROOT
from servers import PASSWORD, TTHC, asked, environment, free_port, start_server

from flows.server.allowed_runs import ENTRYPOINTS, JOB_TEMPLATE, POOL
from flows.server.password import FILE

pytestmark = pytest.mark.server

#: a deployment that somebody made of one of the program's
COPY = "ban-sao"
PERIOD = {"parameters": {"period": "2022-Q1"}}
SHELL = {"prefect.deployments.steps.run_shell_script": {"script": "id"}}


@dataclass(frozen=True)
class Guarded:
    """A running server. `password`: the one that it made at its first start."""

    address: str
    password: str

    def ask(self, path: str, body: Any = None, **more: Any) -> Any:
        """The answer to a request with the password."""
        return asked(self.address, path, body, **{"password": self.password, **more})

    def refused(self, path: str, body: Any = None, method: str | None = None, **more: Any) -> int:
        """The status of a request that is refused."""
        with pytest.raises(urllib.error.HTTPError) as answer:
            self.ask(path, body, method=method, **more)
        return answer.value.code

    def deployment(self) -> str:
        """The id of one of the program's."""
        return str(self.ask("/deployments/filter", {"deployments": {"name": {"any_": ["tao-bieu"]}}})[0]["id"])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    """A server with the program's pool and deployments, registered over a pool with another template."""
    home, port = tmp_path_factory.mktemp("home"), free_port()
    address = f"http://127.0.0.1:{port}"
    with family(environment(home, PREFECT_API_URL=f"{address}/api"), home) as processes:
        start_server(processes, port)  # without a configured password it makes one, which its clients find
        made = Guarded(address, (home / FILE).read_text("ascii").strip())
        made.ask("/work_pools/", {"name": POOL, "type": "process", "base_job_template": JOB_TEMPLATE})
        flow = made.ask("/flows/", {"name": "a"})["id"]
        for name in ("la", COPY):
            new = {"name": name, "flow_id": flow, "work_pool_name": POOL, "entrypoint": "flows.rescore.rescore"}
            made.ask("/deployments/", new)
        with (
            closing(sqlite3.connect(home / "prefect.db", timeout=30)) as database,
            database,
        ):  # as an older server took it
            database.execute("update work_pool set base_job_template = '{}'")
            database.execute("update deployment set path = '/tmp'")
            database.execute("update deployment set entrypoint = '/tmp/a.py:a' where name = 'la'")
        done = subprocess.run(
            [*TTHC, "service"], env=processes.env, cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert f"Nhóm máy chạy: {POOL} – đã cập nhật" in done.stdout
        assert "Đã xoá mục chạy “la”" in done.stdout
        yield made


def test_nothing_but_its_health_is_told_without_the_password(server: Guarded) -> None:
    assert server.ask("/health", password=None) is True
    for path in ("/version", "/docs", "/openapi.json", "/redoc", "/admin/settings", "/csrf-token?client=a"):
        assert server.refused(path, password=None) == 401
    assert server.refused("/flow_runs/filter", {}, password="quan-tri:khong-phai-no") == 401
    for path in ("/../docs", "/../openapi.json"):
        assert server.refused(path) == 404


def test_foreign_hosts_and_origins_are_refused_with_the_right_password(server: Guarded) -> None:
    assert server.refused("/flow_runs/filter", {}, Host="trang-la.example") == 400
    assert server.refused("/flow_runs/filter", {}, Origin="http://trang-la.example") == 403
    assert server.refused("/health", method="OPTIONS", Origin="null") == 403
    # a simple request needs no preflight: JSON in a text is not read, and the page's origin is refused before
    as_text = {"Content_Type": "text/plain"}
    assert server.refused("/flows/", {"name": "a"}, **as_text) == 422
    assert server.refused("/flows/", {"name": "a"}, Origin="http://127.0.0.1:1", **as_text) == 403


@pytest.mark.parametrize(
    "variables",
    [
        {"command": "id"},
        {"env": {"LD_PRELOAD": "/tmp/a"}},
        {"env.PATH": "/tmp"},
        {"working_dir": "/tmp"},
        {"name": "a"},
    ],
)
def test_no_run_and_no_deployment_says_how_it_is_started(server: Guarded, variables: dict[str, Any]) -> None:
    one = server.deployment()
    given = {"job_variables": variables}
    assert server.refused(f"/deployments/{one}/create_flow_run", {**PERIOD, **given}) == 403
    assert server.refused(f"/deployments/{one}/create_flow_run/bulk", [{**PERIOD, **given}]) == 403
    assert server.refused(f"/deployments/{one}", given, "PATCH") == 403
    run = server.ask(f"/deployments/{one}/create_flow_run", PERIOD)
    assert server.refused(f"/flow_runs/{run['id']}", given, "PATCH") == 403
    flow = server.ask(f"/deployments/{one}")["flow_id"]
    alone = {"flow_id": flow, "work_pool_name": POOL, "state": {"type": "SCHEDULED"}}
    assert server.refused("/flow_runs/", {**alone, **given}) == 403


def test_no_deployment_and_no_pool_says_what_is_started(server: Guarded) -> None:
    one = server.deployment()
    for changed in (
        {"entrypoint": "os.system"}, {"entrypoint": "/tmp/a.py:a"}, {"pull_steps": [SHELL]}, {"path": "/tmp"},
    ):  # fmt: skip
        assert server.refused(f"/deployments/{one}", changed, "PATCH") == 403
    flow = server.ask(f"/deployments/{one}")["flow_id"]
    new = {"name": "a", "flow_id": flow, "work_pool_name": POOL, "entrypoint": "os.system"}
    assert server.refused("/deployments/", new) == 403
    shell = {"base_job_template": {"job_configuration": {"command": "id"}, "variables": {}}}
    assert server.refused(f"/work_pools/{POOL}", shell, "PATCH") == 403
    for template in (shell, {}, {"base_job_template": None}, {"base_job_template": {}}):
        assert server.refused("/work_pools/", {"name": "b", "type": "process", **template}) == 403
        assert server.refused("/work_pools", {"name": "b", "type": "process", **template}) in (307, 403)
    assert server.ask(f"/work_pools/{POOL}")["base_job_template"] == JOB_TEMPLATE
    there = server.ask("/deployments/filter", {})
    assert {d["name"]: (d["entrypoint"], d["pull_steps"], d["path"]) for d in there} == {
        **{name: (entrypoint, [], None) for name, entrypoint in ENTRYPOINTS.items()},
        COPY: ("flows.rescore.rescore", None, None),
    }


#: starts the embedded server, says where it is and how it answers, and waits until its input ends
EMBEDDED = """
import json, os, sys
from flows.server import embedded_server, runtime
runtime.prepare(quiet=True)
embedded_server.start_server()
from prefect.client.orchestration import get_client
with get_client(sync_client=True) as client:
    client.hello().raise_for_status()
print(json.dumps([os.environ["PREFECT_API_URL"].removesuffix("/api"), os.environ["PREFECT_API_AUTH_STRING"]]), flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("end", [None, signal.SIGKILL], ids=["ends", "is killed"])
def test_the_embedded_server_is_as_closed_and_ends_with_its_command(tmp_path: Path, end: signal.Signals | None) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", EMBEDDED], env=environment(tmp_path / "home"), cwd=ROOT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as command:  # fmt: skip
        assert command.stdin is not None and command.stdout is not None
        address, password = json.loads(command.stdout.readline())
        assert asked(address, "/flow_runs/filter", {}, password) == []
        for given, status in (
            ({"password": None}, 401), ({"password": PASSWORD}, 401), ({"password": password, "Host": "a.example"}, 400),
            ({"password": password, "Origin": "http://a.example"}, 403),
        ):  # fmt: skip
            with pytest.raises(urllib.error.HTTPError) as answer:
                asked(address, "/flow_runs/filter", {}, **given)
            assert answer.value.code == status
        if end is None:
            command.stdin.close()
        else:
            command.send_signal(end)
        command.wait(30)

    def gone() -> bool:
        try:
            asked(address, "/health", password=None)
        except urllib.error.HTTPError:
            return False
        except OSError:
            return True
        return False

    until("nobody listens any more", gone, 30)
    assert not (tmp_path / "home" / FILE).exists()
