"""The whole service in one afternoon: a quarter that is waited for, published, corrected, contested and crashed into.

PostgreSQL, Prefect's server with a password, a worker as a process of its own, the deployments as shipped, and a browser
to see what an office sees. The tests follow one another: a later one finds what the earlier ones published.
"""

import base64
import fcntl
import os
import signal
import sys
import urllib.error
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import Page, browser
from commands import tree
from gate import gate
from offices import OFFICE_FILE, REGISTRY, export_bytes, full_row
from processes import until
from repository import ROOT
from servers import TTHC
from service import RUN_SECONDS, Service
from webhook import Webhook, listening

from flows.steps import run_states
from pipeline.publish import revisions
from pipeline.publish.atomic_files import LOCK

pytestmark = pytest.mark.e2e

ROWS = {
    "Phòng A": full_row(1, "Phòng A", 40, 50, 10, 60, 35, 0),
    "Phòng B": full_row(2, "Phòng B", 5, 20, 0, 10, 12, 3),
    "Phòng C": full_row(3, "Phòng C", 7, 3, 0, 8, 2, 0),
    "Xã D": full_row(4, "Xã D", 100, 300, 4, 390, 10, 2),
    "Xã Đông Ê": full_row(5, "Xã Đông Ê", 0, 77, 1, 70, 8, 0),
}
CORRECTED = full_row(5, "Xã Đông Ê", 0, 77, 1, 60, 8, 10)
#: the reason of the run whose worker is killed
UNHEARD = "Chạy lúc máy chạy bị tắt"
HELD_UP = "đợi đến lượt"
#: heartbeats come every half minute; a run whose heartbeats stop is declared crashed by an automation
CRASH_SECONDS = 180


def put(service: Service, period: str, rows: Iterable[list[Any]], title: str, name: str = "cong.xlsx") -> None:
    """Let an export of these rows arrive for the period."""
    folder = service.data / "raw" / period
    folder.mkdir(exist_ok=True)
    titles = ("Biểu số II.06a/VPCP/KSTT", f"Kỳ báo cáo: {title}")
    (folder / name).write_bytes(export_bytes(list(rows), titles=titles))


def locked(out: Path) -> bool:
    """Whether some run holds the period's lock."""
    with (out / LOCK).open("r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def standing(service: Service, period: str) -> str:
    """The revision that stands, which has to be whole and named by current.json."""
    found = revisions.current_revision(service.data / "out" / period)
    assert found.manifest is not None and not found.altered and not found.damage and not found.adopted
    return found.manifest.revision


@pytest.fixture(scope="module")
def webhook() -> Iterator[Webhook]:
    """Where notifications are sent to."""
    with listening() as address:
        yield address


@pytest.fixture(scope="module")
def service(running: Service, webhook: Webhook) -> Service:
    """With the registry of an office, the deployments as shipped and one worker."""
    (running.data / "reference" / "units.csv").write_text(REGISTRY, "utf-8")
    (running.data / "reference" / "office.toml").write_text(OFFICE_FILE, "utf-8")
    for _ in range(2):  # once more changes nothing
        done = running.command(*TTHC, "service", env={"TTHC_WEBHOOK_URL": webhook.url})
        assert done.returncode == 0, done.stdout + done.stderr
    running.start_worker()
    return running


def waiting(service: Service, run_ids: list[str]) -> list[bool] | None:
    """Which of the runs have said that another holds their period; None while none has."""
    said = [any(HELD_UP in line for line in service.log(run_id)) for run_id in run_ids]
    return said if any(said) else None


def printed(service: Service, name: str) -> str:
    """What a process that the tests started has printed so far."""
    return (service.processes.logs / f"{name}.log").read_text("utf-8", "replace")


def last_line(service: Service, run_id: str) -> str:
    """The last line of the run's log, once Prefect's own, which quotes what the run said of its end, has arrived."""

    def whole() -> list[str] | None:
        log = service.log(run_id)  # lines arrive after the state
        return log if any(line.startswith("Finished in state") and "type=FAILED" in line for line in log) else None

    return until("the log is whole", whole, 30)[-1]


def rescore(service: Service, period: str, reason: str = "Kiểm thử", **more: Any) -> str:
    """Ask for a period again, as the form does; the run's id."""
    return service.ask("cham-diem-lai", {"period": period, "reason": reason, "requested_by": "Văn phòng", **more})


@pytest.mark.parametrize("password", [None, "quan-tri:sai"], ids=["none", "wrong"])
def test_nothing_is_told_without_the_password(running: Service, password: str | None) -> None:
    for path, body in (("/flow_runs/filter", {}), ("/admin/settings", None), ("/logs/filter", {})):
        with pytest.raises(urllib.error.HTTPError) as refused:
            running.api(path, body, password=password)
        assert refused.value.code == 401
    done = running.command(*TTHC, "score", "2022-Q1", env={"PREFECT_API_AUTH_STRING": password or ""})
    assert done.returncode == 1
    assert "Không thực hiện được" in done.stderr
    assert not (running.data / "out" / "2022-Q1").exists()


def test_a_scheduled_run_waits_for_all_and_then_publishes(service: Service) -> None:
    put(service, "2022-Q1", [ROWS[u] for u in ("Phòng A", "Phòng B", "Phòng C")], "Quý I năm 2022")
    waited = service.wait(service.ask("cham-diem-quy", at="2022-03-15T07:00:00+07:00"))
    assert (waited["state_type"], waited["state_name"]) == ("COMPLETED", run_states.WAITING), service.log(waited["id"])
    assert waited["name"].startswith("2022-Q1 · ")
    for name in ("Xã D", "Xã Đông Ê"):
        assert name in waited["state"]["message"]
    assert "Phòng A" not in waited["state"]["message"]
    assert not revisions.revision_ids(service.data / "out" / "2022-Q1")

    put(service, "2022-Q1", [ROWS["Xã D"], ROWS["Xã Đông Ê"]], "Quý I năm 2022", "xa.xlsx")
    done = service.wait(service.ask("cham-diem-quy", at="2022-03-16T07:00:00+07:00"))
    assert (done["state_type"], done["state_name"]) == ("COMPLETED", run_states.DONE), service.log(done["id"])
    assert "r1" in done["name"]
    assert standing(service, "2022-Q1") == "r1"
    assert revisions.read_manifest(service.data / "out" / "2022-Q1" / "r1").flow_run_id == done["id"]


def test_a_correction_is_published_as_a_new_revision_that_says_so(service: Service) -> None:
    put(service, "2022-Q1", [ROWS["Xã D"], CORRECTED], "Quý I năm 2022", "xa.xlsx")
    done = service.wait(rescore(service, "2022-Q1", "Xã Đông Ê gửi lại số liệu"))
    assert (done["state_type"], done["state_name"]) == ("COMPLETED", run_states.DONE), service.log(done["id"])
    assert "2022-Q1" in done["name"] and "r2" in done["name"] and "r1" in done["name"]
    left = service.artifacts(done["id"])
    assert "bản r2" in left["bang-diem-2022-q1"]["description"]
    assert "Xã Đông Ê" in left["thay-doi-2022-q1"]["data"]
    assert standing(service, "2022-Q1") == "r2"
    manifest = revisions.read_manifest(service.data / "out" / "2022-Q1" / "r2")
    assert (manifest.reason, manifest.requested_by) == ("Xã Đông Ê gửi lại số liệu", "Văn phòng")


def test_runs_of_one_period_wait_wherever_they_were_asked_for_and_all_end_well(service: Service) -> None:
    put(service, "2022-Q2", ROWS.values(), "Quý II năm 2022")
    with gate(service.data) as closed:
        both = [rescore(service, "2022-Q2"), rescore(service, "2022-Q2")]
        closed.arrived()
        typed = {
            name: service.processes.start(name, [*TTHC, "score", "2022-Q2", *options])
            for name, options in (("typed", []), ("typed-direct", ["--direct"]))
        }
        said = until("one of the service's runs waits", lambda: waiting(service, both), 60)
        assert sum(said) == 1
        for run_id in both:
            service.wait(run_id, "RUNNING")
        for name in typed:
            until(f"{name} waits", lambda n=name: HELD_UP in printed(service, n), 60)

        # meanwhile another period is nobody's turn but its own: it begins and ends while these are held
        closed.let_others_pass()
        done = service.command(*TTHC, "score", "2022-Q1", "--direct")
        assert done.returncode == 0, done.stderr
        assert "Unchanged" in done.stdout and HELD_UP not in done.stdout
        assert service.state(both[said.index(False)]) == "RUNNING"
        assert all(process.poll() is None for process in typed.values())
        assert not revisions.revision_ids(service.data / "out" / "2022-Q2")
    ended = [service.wait(run_id) for run_id in both]
    assert sorted(run["state_name"] for run in ended) == sorted([run_states.DONE, run_states.UNCHANGED])
    # the ones that waited came later and found nothing to change
    assert ended[said.index(True)]["state_name"] == run_states.UNCHANGED
    for name, process in typed.items():
        assert process.wait(RUN_SECONDS) == 0, printed(service, name)
        assert "Unchanged – Không có gì thay đổi so với r1" in printed(service, name)
    out = service.data / "out" / "2022-Q2"
    assert standing(service, "2022-Q2") == "r1"
    assert revisions.revision_ids(out) == ["r1"]
    assert not locked(out)


def test_a_run_that_is_killed_is_reported_by_its_worker(service: Service) -> None:
    with gate(service.data) as closed:
        killed = rescore(service, "2022-Q2")
        closed.arrived()
        for pid in service.processes.members(PREFECT__FLOW_RUN_ID=killed):
            os.kill(pid, signal.SIGKILL)
        assert service.wait(killed, seconds=60)["state_type"] == "CRASHED"
        until("the period is free", lambda: not locked(service.data / "out" / "2022-Q2"), 10)
    assert standing(service, "2022-Q2") == "r1"


def test_a_worker_killed_in_the_middle_of_a_run_loses_nothing(service: Service) -> None:
    put(service, "2022-Q1", ROWS.values(), "Quý I năm 2022")
    (service.data / "raw" / "2022-Q1" / "xa.xlsx").unlink()
    out = service.data / "out" / "2022-Q1"
    with gate(service.data) as closed:
        killed = rescore(service, "2022-Q1", UNHEARD)
        closed.arrived()
        service.wait(killed, "RUNNING")
        assert locked(out)
        service.kill_worker("worker-1")
        until("the period is free", lambda: not locked(out), 10)
    assert standing(service, "2022-Q1") == "r2"
    service.start_worker()
    done = service.wait(rescore(service, "2022-Q1", "Xã Đông Ê rút lại đính chính"))
    assert done["state_name"] == run_states.DONE, service.log(done["id"])
    assert standing(service, "2022-Q1") == "r3"
    assert revisions.revision_ids(out) == ["r1", "r2", "r3"]


def test_a_period_without_files_fails_with_what_to_do(service: Service) -> None:
    failed = service.wait(rescore(service, "2022-Q4"))
    assert (failed["state_type"], failed["state_name"]) == ("FAILED", run_states.FAILED)
    told = failed["state"]["message"]
    assert told.startswith("Chưa có tệp số liệu nào của quý IV năm 2022: đặt các tệp xuất")
    assert told in last_line(service, failed["id"])
    assert not any("Traceback" in line for line in service.log(failed["id"]))


def test_a_registry_that_contradicts_itself_fails_with_what_to_do(service: Service) -> None:
    registry = service.data / "reference" / "units.csv"
    registry.write_text(REGISTRY + "phong-a,Phòng A hai,unit,huyen,,,,,,\n", "utf-8")
    try:
        failed = service.wait(rescore(service, "2022-Q1"))
    finally:
        registry.write_text(REGISTRY, "utf-8")
    assert (failed["state_type"], failed["state_name"]) == ("FAILED", run_states.FAILED)
    assert "Danh mục đơn vị không dùng được" in failed["state"]["message"]
    assert "phong-a" in failed["state"]["message"]
    assert failed["state"]["message"] in last_line(service, failed["id"])
    assert standing(service, "2022-Q1") == "r3"


@pytest.fixture(scope="module")
def page(service: Service, kept: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A browser that has logged in as an analyst does."""
    with browser(service.processes, tmp_path_factory.mktemp("profile")) as tab:
        tab.open(service.address)
        tab.wait_for("Login")
        assert "2022-Q1" not in tab.text()
        tab.save(kept / "1-dang-nhap.png")
        tab.type_into("input[type=password]", service.password)
        tab.click("Login")
        tab.wait_for("Dashboard", "Flow Runs")
        yield tab


def newest(service: Service, *names: str) -> dict[str, Any]:
    """The newest run of these state names."""
    asked = {"flow_runs": {"state": {"name": {"any_": list(names)}}}, "sort": "START_TIME_DESC", "limit": 1}
    (run,) = service.api("/flow_runs/filter", asked)
    return dict(run)


def test_the_list_of_runs_tells_how_each_ended(service: Service, page: Page, kept: Path) -> None:
    page.resize(1700)
    page.open(f"{service.address}/v2/runs")
    text = page.wait_for(newest(service, run_states.DONE)["name"], run_states.FAILED)
    assert {run_states.DONE, run_states.UNCHANGED} <= set(text.splitlines())
    page.save(kept / "2-cac-lan-chay.png")
    # the list shows the last week by the moments runs were planned for, and this one was planned for years ago
    waited = newest(service, run_states.WAITING)
    page.open(f"{service.address}/v2/runs/flow-run/{waited['id']}")
    page.wait_for(waited["name"], run_states.WAITING)


def test_the_page_of_a_run_shows_its_steps_and_its_artifacts(service: Service, page: Page, kept: Path) -> None:
    run = newest(service, run_states.DONE)
    page.resize(1700)
    page.open(f"{service.address}/v2/runs/flow-run/{run['id']}")
    page.wait_for(run["name"], run_states.DONE, "[1/5] Đọc tệp", "[5/5] Công bố")
    page.save(kept / "3-mot-lan-chay.png")
    page.click("Artifacts")
    page.wait_for("Bảng điểm quý I năm 2022, bản r3", "Phát hiện quý I năm 2022, bản r3")
    page.save(kept / "4-san-pham.png")
    artifacts = service.artifacts(run["id"])
    for number, kind, wanted in (
        (5, "bang-diem", ("Bảng điểm quý I năm 2022, bản r3", "Cấp huyện", "Xã Đông Ê", "Phân loại")),
        (6, "phat-hien", ("Phát hiện quý I năm 2022, bản r3", "Việc cần làm")),
        (7, "thay-doi", ("Xã Đông Ê",)),
    ):
        page.open(f"{service.address}/v2/artifacts/artifact/{artifacts[f'{kind}-2022-q1']['id']}")
        page.wait_for(*wanted)
        page.save(kept / f"{number}-{kind}.png")


def test_a_failed_run_says_what_to_do(service: Service, page: Page, kept: Path) -> None:
    run = newest(service, run_states.FAILED)
    page.open(f"{service.address}/v2/runs/flow-run/{run['id']}?tab=Details")
    page.wait_for(run["name"], run_states.FAILED, run["state"]["message"][:60])
    page.save(kept / "8-khong-thuc-hien-duoc.png")


def test_an_analyst_asks_for_a_period_again_in_the_form(service: Service, page: Page, kept: Path) -> None:
    page.resize(1500)
    page.open(f"{service.address}/v2/deployments/deployment/{service.deployment('cham-diem-lai')['id']}/run")
    page.wait_for(
        "Kỳ",
        "Quý như 2022-Q1; nửa năm như 2022-H1; năm như 2022",
        "Lý do",
        "Người yêu cầu",
        "Quy định",
        "Dừng khi có lỗi",
        "Submit",
    )
    for number, text in enumerate(("2022-Q2", "Kiểm tra lại theo yêu cầu", "Phòng Nội vụ")):
        page.type_into("textarea", text, number)
    page.save(kept / "9-bieu-cham-lai.png")
    page.click("Submit")

    def asked() -> dict[str, Any] | None:
        return next((r for r in service.runs() if r["parameters"].get("requested_by") == "Phòng Nội vụ"), None)

    done = service.wait(until("the form's run is there", asked, 30)["id"])
    # the quarter before has a new revision since: what is compared with it is published anew
    assert done["state_name"] == run_states.DONE and "r2" in done["name"]
    assert "Kỳ trước đã có bản mới" in (service.data / "out" / "2022-Q2" / "r2" / "thay-doi.md").read_text("utf-8")
    assert done["parameters"]["reason"] == "Kiểm tra lại theo yêu cầu"


def test_a_run_whose_worker_died_is_found_crashed(service: Service) -> None:
    (killed,) = [run for run in service.runs() if run["parameters"].get("reason") == UNHEARD]
    crashed = service.wait(killed["id"], seconds=CRASH_SECONDS)
    assert crashed["state_type"] == "CRASHED"
    assert crashed["state"]["message"].startswith("Không còn tín hiệu từ lần chạy này")
    assert standing(service, "2022-Q1") == "r3"


def test_whoever_looks_after_it_is_told(service: Service, webhook: Webhook) -> None:
    for title, name in (
        ("Một lần chạy không thực hiện được", "2022-Q4 · chấm điểm lại · không thực hiện được"),
        ("Một lần chạy dừng giữa chừng", "2022-Q1 · chấm điểm lại"),
    ):
        until(f"a message “{title}” about {name}", lambda t=title, n=name: webhook.told(t, n), 60)


def test_a_file_that_arrives_is_reviewed(service: Service) -> None:
    watcher = service.processes.start("watch", [sys.executable, "-m", "flows.watch", "--every", "1"])
    try:
        put(service, "2022-Q3", ROWS.values(), "Quý III năm 2022")

        def reviewed() -> dict[str, Any] | None:
            return next((r for r in service.runs() if r["name"].startswith("2022-Q3 · rà soát")), None)

        done = service.wait(until("a review of 2022-Q3 has begun", reviewed, RUN_SECONDS)["id"])
    finally:
        watcher.terminate()
        assert watcher.wait(20) == 0
    assert done["state_name"] == run_states.REVIEWED
    assert "ra-soat-2022-q3" in service.artifacts(done["id"])
    assert not revisions.revision_ids(service.data / "out" / "2022-Q3")


def form(service: Service, page: Page, deployment: str, *texts: str) -> dict[str, Any]:
    """Fill the text fields of a deployment's form in their order and submit it; its run once it has ended."""
    page.resize(1500)
    page.open(f"{service.address}/v2/deployments/deployment/{service.deployment(deployment)['id']}/run")
    page.wait_for("Kỳ", "Submit")
    for number, text in enumerate(texts):
        page.type_into("textarea", text, number)
    until("the fields hold what was typed", lambda: page.script(
        "[...document.querySelectorAll('textarea')].filter(e => e.value).length") >= len(texts), 10)  # fmt: skip
    before = len(runs_of(service, deployment))
    page.click("Submit")

    def there() -> dict[str, Any] | None:
        runs = runs_of(service, deployment)
        return runs[0] if len(runs) > before else None

    return service.wait(until(f"a run of {deployment}", there, 60)["id"])


def runs_of(service: Service, deployment: str) -> list[dict[str, Any]]:
    """All runs of a deployment, newest first, also those that wait."""
    asked = {"deployments": {"name": {"any_": [deployment]}}, "sort": "EXPECTED_START_TIME_DESC"}
    return [dict(run) for run in service.api("/flow_runs/filter", asked)]


def test_an_analyst_makes_forms_compares_and_signs_in_the_browser(service: Service, page: Page, kept: Path) -> None:
    made = form(service, page, "tao-bieu", "2022-Q4")
    assert made["state_name"] == run_states.FORMS_MADE, service.log(made["id"])
    assert (service.data / "raw" / "2022-Q4" / "bo-sung.xlsx").is_file()
    page.open(f"{service.address}/v2/runs/flow-run/{made['id']}")
    page.wait_for(made["name"], run_states.FORMS_MADE)
    page.click("Artifacts")
    page.wait_for("Các biểu của quý IV năm 2022")
    page.save(kept / "10-tao-bieu.png")

    compared = form(service, page, "so-sanh-hai-ban", "2022-Q1", "r1", "r2")
    assert compared["state_name"] == run_states.COMPARED, service.log(compared["id"])
    assert (service.data / "out" / "2022-Q1" / "so-sanh-r1-r2.xlsx").is_file()
    page.open(f"{service.address}/v2/artifacts/artifact/{service.artifacts(compared['id'])['so-sanh-2022-q1']['id']}")
    page.wait_for("bản r2 so với bản r1", "Xã Đông Ê")
    page.save(kept / "11-so-sanh.png")

    report = ("85/BC-UBND", "18/3/2022", "Văn thư")
    wrong = form(service, page, "ghi-ban-da-ky", "2022-Q1", "r9", *report)
    assert (wrong["state_type"], wrong["state_name"]) == ("FAILED", run_states.FAILED)
    assert "Không có bản “r9”" in wrong["state"]["message"] and "r3" in wrong["state"]["message"]
    assert not any("Traceback" in line for line in service.log(wrong["id"]))
    signed = form(service, page, "ghi-ban-da-ky", "2022-Q1", "r3", *report, "Ký gấp")
    assert signed["state_name"] == run_states.SIGNED, service.log(signed["id"])
    assert "85/BC-UBND" in (service.data / "out" / "2022-Q1" / "ky-ban-hanh.json").read_text("utf-8")


def test_a_backup_holds_all_and_can_be_restored(service: Service, tmp_path: Path) -> None:
    address = {"PGHOST": str(service.database.place), "PGUSER": service.database.owner}
    path = f"{service.database.bin}:{os.environ['PATH']}"
    script = str(ROOT / "docs" / "systemd" / "tthc-backup.sh")
    for _ in range(2):
        done = service.command(
            script, str(service.data), "tthc", str(tmp_path / "kept"), "1", env={**address, "PATH": path}
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    (backup,) = (tmp_path / "kept").iterdir()
    assert backup == Path(done.stdout.strip())
    service.database.run("createdb", "restored")
    service.database.run(
        "pg_restore", "--no-owner", "--no-comments", "--exit-on-error", "--dbname=restored", str(backup / "server.dump")
    )  # fmt: skip
    count = "select count(*) from flow_run where state_type = 'COMPLETED'"
    there, again = (service.database.run("psql", "-Atc", count, database=name) for name in ("tthc", "restored"))
    assert int(there) == int(again) > 0
    (tmp_path / "data").mkdir()
    done = service.command("tar", "-C", str(tmp_path / "data"), "-xzf", str(backup / "data.tar.gz"))
    assert done.returncode == 0, done.stderr
    assert tree(tmp_path / "data") == tree(service.data)

    nothing = service.command(script, str(service.data), "nope", str(tmp_path / "kept"), env={**address, "PATH": path})
    assert nothing.returncode != 0
    assert list((tmp_path / "kept").iterdir()) == [backup]


def test_the_password_and_the_address_are_written_nowhere(service: Service, webhook: Webhook, kept: Path) -> None:
    secret = service.password.partition(":")[2]
    forms = [f.encode() for f in (secret, base64.b64encode(service.password.encode()).decode(), webhook.secret)]
    dump = service.database.run("pg_dump", database="tthc").encode()
    assert b"2022-Q1" in dump
    places = {"the database": dump}
    for folder in (kept, service.data):
        places |= {str(p): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    assert any(name.endswith("worker-1.log") for name in places)
    assert [name for name, content in places.items() if any(form in content for form in forms)] == []
