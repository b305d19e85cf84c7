"""What a service has written when it is over: no person's data, no address of notifications, no pickled result.

The whole of `python -m flows.ui` – server, worker, watcher – over a list of dossiers with marked persons in every
column that is not counted, and in rows that are refused.
"""

import base64
import re
import signal
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from processes import family, until
from servers import PASSWORD, asked, environment, free_port
from webhook import listening
from workbooks import saved

from flows.steps import run_states

pytestmark = pytest.mark.server

PERSONS = ("NGUOI-NOP-BI-MAT", "0900-BI-MAT", "So-nha-BI-MAT", "CCCD-BI-MAT", "CAN-BO-BI-MAT")
HEADER = [
    "Số hồ sơ", "Phòng ban", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý", "Trạng thái hồ sơ",
    "Chủ hồ sơ", "Số điện thoại", "Địa chỉ", "Số CCCD", "Cán bộ xử lý",
]  # fmt: skip
DATES = ("01/02/2022", "10/02/2022", "09/02/2022", "Đã trả kết quả")
#: a pickle of protocol 2 to 5 begins like this, as bytes and in base64
PICKLED = re.compile(rb"\A\x80[\x02-\x05]|\bgA[JSWQ][A-Za-z0-9+/]{20}")


def dossiers() -> bytes:
    """Each unit has one; beside them a day there is not, a unit nobody knows, a result without its day."""
    book = Workbook()
    book.active.append(HEADER)
    rows = [(unit, *DATES) for unit in ("Phòng A", "Phòng B", "Xã C", "Xã D") for _ in range(9)]
    rows += [("Phòng A", "31/02/2022", *DATES[1:]), ("Phòng Không Có", *DATES), ("Xã C", *DATES[:2], None, DATES[3])]
    for number, row in enumerate(rows):
        book.active.append([f"H18-220301-{number:04d}", *row, *PERSONS])
    return saved(book)


def rescored(address: str) -> dict[str, Any]:
    """The run of the form, asked for as the form does, once it is over."""
    (found,) = asked(address, "/deployments/filter", {"deployments": {"name": {"any_": ["cham-diem-lai"]}}})
    parameters = {"period": "2022-Q1", "reason": "Kiểm thử", "requested_by": "Văn phòng"}
    made = asked(
        address, f"/deployments/{found['id']}/create_flow_run", {"parameters": parameters, "idempotency_key": "one"}
    )

    def over() -> dict[str, Any] | None:
        run = dict(asked(address, f"/flow_runs/{made['id']}"))
        return run if run["state_type"] in ("COMPLETED", "FAILED", "CRASHED") else None

    return until("the run is over", over, 150, every=0.5)


def test_a_service_keeps_no_person_no_address_and_no_pickle(office: Path, tmp_path: Path) -> None:
    (office / "raw" / "2022-Q1" / "cong.xlsx").write_bytes(dossiers())
    places = {name: tmp_path / name for name in ("home", "tmp", "logs")}
    for place in places.values():
        place.mkdir()
    port = free_port()
    with listening() as webhook:
        env = environment(
            places["home"], TMPDIR=str(places["tmp"]), PREFECT_SERVER_API_PORT=str(port),
            PREFECT_WORKER_QUERY_SECONDS="1", PYTHONUNBUFFERED="1", TTHC_DATA_DIR=str(office),
            TTHC_WEBHOOK_URL=webhook.url, PREFECT_SERVER_API_AUTH_STRING=PASSWORD,
        )  # fmt: skip
        address = f"http://127.0.0.1:{port}"
        with family(env, places["logs"]) as processes:
            service = processes.start("ui", [sys.executable, "-m", "flows.ui"])

            def up() -> bool:
                assert service.poll() is None, (places["logs"] / "ui.log").read_text("utf-8")
                return "trong trình duyệt" in (places["logs"] / "ui.log").read_text("utf-8")

            until("the service is up", up, 180)
            run = rescored(address)
            assert (run["state_type"], run["state_name"]) == ("COMPLETED", run_states.WITH_EXCLUSIONS), run["state"]
            until("somebody is told", lambda: webhook.told("Đã công bố, còn phần chưa chấm được", run["name"]), 60)
            service.send_signal(signal.SIGTERM)
            assert service.wait(60) == 0
        secret = webhook.secret
    kept = (PASSWORD, base64.b64encode(PASSWORD.encode()).decode())
    forms = [form.encode() for form in (*PERSONS, secret, base64.b64encode(webhook.url.encode()).decode()[8:-8], *kept)]
    files = [p for place in (*places.values(), office / "out") for p in place.rglob("*") if p.is_file()]
    written = {str(p): p.read_bytes() for p in files}
    # pages and logs are among what is looked through
    for there in ("bang-diem-2022-q1", "[5/5] Công bố"):
        assert any(there.encode() in content for name, content in written.items() if "prefect.db" in name)
    assert [name for name, content in written.items() if any(form in content for form in forms)] == []
    assert [name for name, content in written.items() if PICKLED.search(content)] == []
    assert not [name for name in written if "/storage/" in name or name.endswith((".pkl", ".pickle"))]
    # the file that arrived holds them: what is looked for can be found
    with zipfile.ZipFile(office / "raw" / "2022-Q1" / "cong.xlsx") as arrived:
        assert any(PERSONS[0].encode() in arrived.read(name) for name in arrived.namelist())
