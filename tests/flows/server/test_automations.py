"""Notifications against the real server: each of the four arrives, again is no more, and no address is ever said."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from processes import family, until
from repository import ROOT
from servers import TTHC, environment, free_port, start_server
from webhook import Webhook, listening

from flows.steps import run_states

PASSWORD = "ai:mat-khau-77"
#: four runs of ours and one of somebody else's, put into their last states; one that nobody runs becomes late
RUNS = """
import sys
from prefect import flow
from prefect.client.orchestration import get_client
from prefect.states import Completed, Crashed, Failed
from flows.steps import run_states

@flow(name="thử")
def trial(): ...

with get_client(sync_client=True) as client:
    for tags, state in (
        (["tthc"], Failed(name=run_states.FAILED, message='Hết “đĩa”\\nLàm: "dọn" {{ x }}')),
        (["tthc"], Failed(name="TimedOut", message="Flow run exceeded timeout")),
        (["tthc"], Crashed(message="in English")),
        (["tthc"], Completed(name=run_states.WITH_EXCLUSIONS, message="Để riêng: Xã D")),
        (["tthc"], Completed(name=run_states.DONE)),
        (["tthc"], Completed(name=run_states.WAITING)),
        (["khac"], Failed()),
    ):
        run = client.create_flow_run(trial, tags=tags, name="2022-Q1 · thử")
        client.set_flow_run_state(run.id, state, force=True)
    deployment = client.read_deployment_by_name("Chấm điểm lại/cham-diem-lai")
    wanted = {"period": "2022-Q1", "reason": "thử", "requested_by": "thử"}
    client.create_flow_run_from_deployment(deployment.id, parameters=wanted, name="trễ")
"""
KEPT = """
import json
from prefect.client.orchestration import get_client
with get_client(sync_client=True) as client:
    mine = [a for a in client.read_automations() if a.name.startswith("tthc: ")]
    print(json.dumps(sorted([a.name, a.enabled] for a in mine)))
    for a in mine:
        if a.name == "tthc: Dừng giữa chừng":
            client.pause_automation(a.id)
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A server with a password; the environment of its clients."""
    port = free_port()
    env = environment(
        tmp_path, COLUMNS="200", PREFECT_API_URL=f"http://127.0.0.1:{port}/api", PREFECT_API_AUTH_STRING=PASSWORD
    )
    with family(env, tmp_path) as processes:
        start_server(
            processes,
            port,
            PREFECT_SERVER_API_AUTH_STRING=PASSWORD,
            PREFECT_SERVER_SERVICES_LATE_RUNS_AFTER_SECONDS="1",
        )
        yield env


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    """What an office's chat would get."""
    with listening() as address:
        yield address


def said(env: dict[str, str], *command: str) -> str:
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.mark.server
def test_each_ending_that_somebody_has_to_know_of_is_told(
    server: dict[str, str], webhook: Webhook, tmp_path: Path
) -> None:
    got = webhook.messages
    first = said({**server, "TTHC_WEBHOOK_URL": webhook.url}, *TTHC, "service")
    assert first.count("đã tạo") == 6  # the pool and five automations
    said(server, sys.executable, "-c", RUNS)
    titles = {
        "Một lần chạy không thực hiện được": 2,
        "Một lần chạy dừng giữa chừng": 1,
        "Một lần chạy đến giờ mà chưa chạy": 1,
        "Đã công bố, còn phần chưa chấm được": 1,
    }
    until("all have been told", lambda: len(got) >= sum(titles.values()), 60)
    assert {t: sum(g["title"] == t for g in got) for t in titles} == titles, got
    assert len(got) == sum(titles.values())
    texts = {g["title"]: g["text"] for g in got if "English" not in g["text"] and "exceeded" not in g["text"]}
    assert len(texts) == 4  # what Prefect says in English is left out
    failed = next(g["text"] for g in got if "Hết “đĩa”" in g["text"])
    assert failed.startswith('thử: 2022-Q1 · thử\nHết “đĩa”\nLàm: "dọn" {{ x }}\nViệc cần làm: ')
    assert "Để riêng: Xã D" in texts["Đã công bố, còn phần chưa chấm được"]

    before = json.loads(said(server, sys.executable, "-c", KEPT).splitlines()[-1])
    again = said(server, *TTHC, "service")  # no address given: the one that is there stays
    assert "gửi tới địa chỉ đã đặt" in again and "đã tạo" not in again
    # an update would make the server forget the runs it waits to hear of
    assert again.count("đã có") == 6 and "đã cập nhật" not in again
    after = json.loads(said(server, sys.executable, "-c", KEPT).splitlines()[-1])
    assert [name for name, _ in after] == [name for name, _ in before] and len(after) == 5
    assert [name for name, enabled in after if not enabled] == ["tthc: Dừng giữa chừng"]  # switched off stays off

    status = said(server, *TTHC, "status")
    assert "2022-Q1 · thử: " + run_states.FAILED + " – Hết “đĩa”" in status and "Máy chủ Prefect" in status
    locked = said({k: v for k, v in server.items() if k != "PREFECT_API_AUTH_STRING"}, *TTHC, "status")
    assert "máy chủ đòi mật khẩu" in locked
    written = (tmp_path / "server.log").read_text() + first + again + status
    assert webhook.secret not in written and PASSWORD not in written
