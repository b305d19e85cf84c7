"""Against the real thing: Prefect's server as it is shipped. In-process tests stay green where it cannot start."""

import importlib
import json
import sqlite3
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from commands import process, start
from gate import gate
from processes import family
from repository import ROOT
from servers import PASSWORD, PREFECT, TTHC, environment, free_port, start_server

from flows.server import runtime
from flows.server.allowed_runs import ENTRYPOINTS
from flows.server.registration import DEPLOYMENTS
from pipeline.publish.revisions import current_revision

TASKS = ["Đọc tệp", "Kiểm tra số liệu", "Chấm điểm", "Lập báo cáo", "Công bố"]
HELD_UP = "đợi đến lượt"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The server on a free port; the environment of its clients."""
    home, port = tmp_path_factory.mktemp("home"), free_port()
    env = environment(home, PREFECT_API_URL=f"http://127.0.0.1:{port}/api", PREFECT_API_AUTH_STRING=PASSWORD)
    with family(env, home) as processes:
        start_server(processes, port, PREFECT_SERVER_API_AUTH_STRING=PASSWORD)
        yield env


def python(code: str, env: dict[str, str], *arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], env=env, cwd=cwd, capture_output=True, text=True, check=False
    )


PARAMETERS = {"period": "2022-Q1", "reason": "Kiểm thử", "requested_by": "Văn phòng"}
DEPLOY = """
import datetime, json, sys
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterId
from prefect.client.schemas.objects import StateType
from prefect.deployments.runner import EntrypointType
from flows.rescore import rescore
sys.path.append("tests/support")
from processes import until

deployment = rescore.to_deployment(
    "thu", interval=datetime.timedelta(hours=1), parameters=json.loads(sys.argv[1]),
    entrypoint_type=EntrypointType.MODULE_PATH,
)
deployment_id = deployment.apply()
mine = DeploymentFilter(id=DeploymentFilterId(any_=[deployment_id]))
with get_client(sync_client=True) as client:
    runs = until("the server has planned runs", lambda: client.read_flow_runs(deployment_filter=mine), 60)
    try:
        client.create_flow_run_from_deployment(deployment_id, parameters={"period": "2022-Q5", "reason": "a"})
        refused = ""
    except Exception as error:
        refused = str(error)
    schema = client.read_deployment(deployment_id).parameter_openapi_schema
print(json.dumps({
    "scheduled": [r.state.type.value for r in runs], "parameters": [r.parameters for r in runs[:1]],
    "refused": refused, "schema": schema, "entrypoint": deployment.entrypoint,
}))
"""


@pytest.fixture(scope="module")
def deployed(server: dict[str, str]) -> dict[str, Any]:
    """What the server answers about a deployment with a schedule."""
    done = python(DEPLOY, server, json.dumps(PARAMETERS))
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


@pytest.mark.server
def test_scheduled_run_is_created(deployed: dict[str, Any]) -> None:
    assert deployed["scheduled"]
    assert set(deployed["scheduled"]) == {"SCHEDULED"}
    assert deployed["parameters"] == [PARAMETERS]
    assert deployed["entrypoint"] == "flows.rescore.rescore"


@pytest.mark.server
def test_server_refuses_a_period_there_is_not(deployed: dict[str, Any]) -> None:
    assert "2022-Q5" in deployed["refused"]


@pytest.mark.server
def test_form_of_the_pages_is_vietnamese_and_offers_the_rulebooks(deployed: dict[str, Any]) -> None:
    fields = deployed["schema"]["properties"]
    assert fields["period"]["title"] == "Kỳ"
    assert fields["period"]["pattern"] == r"^20\d\d(-Q[1-4]|-H[12])?$"
    assert fields["reason"]["title"] == "Lý do"
    assert fields["rulebook"]["enum"][0] == fields["rulebook"]["default"] == "đang áp dụng"
    assert {"qd-1187-2019", "tt-01-2018"} <= set(fields["rulebook"]["enum"])
    # the form sends its defaults: each has to fit its own field, and "text or nothing" shows Python's types
    assert all("anyOf" not in field and field.get("default", "") is not None for field in fields.values())
    assert deployed["schema"]["required"] == list(PARAMETERS)


@pytest.mark.server
def test_prefect_yaml_deploys(server: dict[str, str]) -> None:
    wide = {**server, "COLUMNS": "200"}  # a table as wide as a terminal cuts names
    for command in ([*TTHC, "service"], [*PREFECT, "deployment", "ls"]):
        done = subprocess.run(command, env=wide, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    assert all(name in done.stdout for name in DEPLOYMENTS)


@pytest.mark.server
def test_command_uses_the_server_it_is_given_and_other_runs_wait_for_its_period_only(
    server: dict[str, str], office: Path, later: None
) -> None:
    out = office / "out" / "2022-Q1"
    with gate(office) as closed:
        served = start(office, "score", "2022-Q1", env=server)
        closed.arrived(120)  # it has its period and is held
        closed.let_others_pass()
        waits = start(office, "score", "2022-Q1", "--direct")
        elsewhere = process(office, "score", "2025-Q3", "--direct")
        assert elsewhere.returncode == 0, elsewhere.stderr
        assert "Đã công bố bản r1" in elsewhere.stdout and HELD_UP not in elsewhere.stdout
        assert waits.stdout is not None
        assert HELD_UP in waits.stdout.readline()
        assert served.poll() is None and waits.poll() is None
        assert not (out / "r1").exists()
    first, second = served.communicate()[0], waits.communicate()[0]
    assert (served.returncode, waits.returncode) == (0, 0), first + second
    assert f"Dùng máy chủ Prefect {server['PREFECT_API_URL']}" in first
    assert "Đã công bố bản r1" in first and HELD_UP not in first
    assert "Unchanged – Không có gì thay đổi so với r1" in second
    for folder in (out, office / "out" / "2025-Q3"):
        found = current_revision(folder)
        assert found.manifest is not None and not found.altered and not found.damage
        assert {p.name for p in folder.iterdir()} == {".khoa", "current.json", "r1"}


@pytest.mark.server
def test_command_starts_the_embedded_server(office: Path, tmp_path: Path) -> None:
    done = python(TTHC[-1], environment(tmp_path / "home"), "score", "2022-Q1", cwd=office.parent)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].startswith("Đang khởi động máy chủ Prefect nhúng")
    assert [line[:5] for line in lines[1:6]] == [f"[{n}/5]" for n in range(1, 6)]
    assert done.stderr == ""
    record = json.loads((office / "out" / "2022-Q1" / "r1" / "manifest.json").read_text())
    assert record["flow_run_id"]
    with sqlite3.connect(tmp_path / "home" / "prefect.db") as database:
        recorded = database.execute("select name, state_name from task_run order by start_time").fetchall()
    # the embedded server writes task runs down after the fact: every one has to be there when it is gone
    assert recorded == [(name, "Completed") for name in TASKS]


def test_prefect_toml_says_what_the_command_sets() -> None:
    said = tomllib.loads((ROOT / "prefect.toml").read_text("utf-8"))
    flat = {"PREFECT_" + "_".join(path).upper(): value for path, value in _leaves(said)}
    assert flat.pop("PREFECT_HOME") == ".prefect"
    ours = {k: v for k, v in runtime.SETTINGS.items() if k.startswith("PREFECT_")}
    assert {k: str(v).lower() for k, v in flat.items()} == ours


def test_prefect_yaml_names_flows_by_their_module_and_lets_periods_run_side_by_side() -> None:
    deployments = yaml.safe_load((ROOT / "prefect.yaml").read_text("utf-8"))["deployments"]
    assert {d["name"]: d["entrypoint"] for d in deployments} == ENTRYPOINTS
    assert tuple(d["name"] for d in deployments) == DEPLOYMENTS
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for deployment in deployments:
        assert deployment["concurrency_limit"]["limit"] > 1
        assert deployment["version"] == project["version"]
        assert "tthc" in deployment["tags"] and deployment["work_pool"] == {"name": "tthc"}


def test_only_the_quarterly_deployment_has_a_schedule() -> None:
    deployments = yaml.safe_load((ROOT / "prefect.yaml").read_text("utf-8"))["deployments"]
    assert [d["name"] for d in deployments if d.get("schedules")] == ["cham-diem-quy"]


@pytest.mark.parametrize("name", [n for n in DEPLOYMENTS if n != "cham-diem-quy"])
def test_every_field_of_a_form_is_vietnamese_and_takes_its_default(name: str) -> None:
    deployments = yaml.safe_load((ROOT / "prefect.yaml").read_text("utf-8"))["deployments"]
    entrypoint = next(d["entrypoint"] for d in deployments if d["name"] == name)
    module, function = entrypoint.rsplit(".", 1)
    schema = getattr(importlib.import_module(module), function).parameters.model_dump()
    for parameter, field in schema["properties"].items():
        assert field["title"] != parameter and field["description"], parameter
        # "text or nothing" would show Python's types
        assert "anyOf" not in field and field.get("default", "") is not None, parameter
    assert "period" in schema["required"]


def test_schedule_is_seven_in_the_morning_from_the_15th_to_the_22nd() -> None:
    quarterly = yaml.safe_load((ROOT / "prefect.yaml").read_text("utf-8"))["deployments"][0]
    (schedule,) = quarterly["schedules"]
    assert (schedule["cron"], schedule["timezone"]) == ("0 7 15-22 3,6,9,12 *", "Asia/Ho_Chi_Minh")


def _leaves(table: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _leaves(value, (*path, key))
        else:
            yield (*path, key), value
