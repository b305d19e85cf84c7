"""`make ui` and a page of another origin in the same browser: it reads nothing and starts nothing; the own pages work."""

import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from browser import FOREIGN, Page, browser
from processes import Family, family, until
from servers import asked, environment, free_port

from flows.server.password import FILE

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("chromium")]


@dataclass(frozen=True)
class Trial:
    """A running `make ui`. `password`: of the file that it made at its first start."""

    processes: Family
    port: int
    password: str

    @property
    def address(self) -> str:
        """As `make ui` prints it."""
        return f"http://127.0.0.1:{self.port}"

    def runs(self) -> list[str]:
        """Ids of the runs that nothing but a request can have created."""
        found = asked(
            self.address, "/flow_runs/filter", {"flow_runs": {"state": {"name": {"not_any_": []}}}}, self.password
        )
        return sorted(run["id"] for run in found if not run["auto_scheduled"])

    def deployment(self) -> str:
        """The id of one whose runs change files."""
        wanted = {"deployments": {"name": {"any_": ["tao-bieu"]}}}
        return str(asked(self.address, "/deployments/filter", wanted, self.password)[0]["id"])


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory, kept: Path) -> Iterator[Trial]:
    """The service as `make ui` starts it, with an empty data folder and no password configured."""
    home, data, port = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("data"), free_port()
    (data / "raw").mkdir()
    env = environment(home, PREFECT_SERVER_API_PORT=str(port), PYTHONUNBUFFERED="1", TTHC_DATA_DIR=str(data))
    with family(env, kept) as processes:
        service = processes.start("ui", [sys.executable, "-m", "flows.ui"])

        def printed() -> str:
            return (kept / "ui.log").read_text("utf-8")

        def up() -> bool:
            assert service.poll() is None, printed()
            return "Mật khẩu được giữ" in printed()

        until("the service is up", up, 180)
        password = (home / FILE).read_text("ascii").strip()
        assert printed().count(password) == 1
        yield Trial(processes, port, password)


@pytest.fixture(scope="module")
def page(trial: Trial, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A tab of a browser."""
    with browser(trial.processes, tmp_path_factory.mktemp("profile")) as tab:
        yield tab


class Blank(BaseHTTPRequestHandler):
    """Answers every request with a page that says where it is from."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>a</title><body>foreign page</body>")

    def log_message(self, *_: Any) -> None:
        """Print nothing."""


@contextmanager
def foreign_page() -> Iterator[int]:
    """A web server of somebody else on this machine; its port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Blank)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


#: what a page can try, as the body of a JavaScript function of (address, deployment id, password); its result is JSON
ATTEMPTS = """
const run = `${address}/api/deployments/${deployment}/create_flow_run`;
const body = JSON.stringify({parameters: {period: '2022-Q1'}, job_variables: {command: 'id'}});
const plain = JSON.stringify({parameters: {period: '2022-Q1'}});
const login = {'Authorization': 'Basic ' + btoa(password), 'Content-Type': 'application/json'};
const read = async (url, options) => {
  try { const answer = await fetch(url, options); return answer.type === 'opaque' ? 'opaque' : `read ${answer.status}`; }
  catch (error) { return 'blocked'; }
};
const loaded = (tag, url) => new Promise(done => {
  const element = document.createElement(tag);
  element.onload = () => done('loaded'); element.onerror = () => done('blocked');
  element.src = url; document.body.append(element);
});
const socket = path => new Promise(done => {
  const opened = new WebSocket(address.replace('http', 'ws') + path, 'prefect');
  opened.onopen = () => { opened.close(); done('open'); };
  opened.onerror = () => done('blocked');
});
const form = encoding => new Promise(done => {
  const frame = document.createElement('iframe'); frame.name = 'f' + Math.random();
  const sent = document.createElement('form');
  Object.assign(sent, {method: 'post', action: run, target: frame.name, enctype: encoding});
  const field = document.createElement('input'); field.name = plain; sent.append(field);
  document.body.append(frame, sent); frame.onload = () => done('sent'); sent.submit(); setTimeout(() => done('sent'), 3000);
});
return {
  cors: await read(`${address}/api/flow_runs/filter`, {method: 'POST', body: '{}', headers: {'Content-Type': 'application/json'}}),
  'cors with the password': await read(run, {method: 'POST', body: plain, headers: login}),
  'cors simple': await read(run, {method: 'POST', body: plain}),
  'cors get': await read(`${address}/api/health`),
  settings: await read(`${address}/ui-settings`),
  description: await read(`${address}/openapi.json`),
  'no-cors text': await read(run, {method: 'POST', mode: 'no-cors', body: body, headers: {'Content-Type': 'text/plain'}}),
  'no-cors without type': await read(run, {method: 'POST', mode: 'no-cors', body: new Blob([plain])}),
  beacon: navigator.sendBeacon(run, new Blob([plain], {type: 'text/plain'})),
  'form text': await form('text/plain'),
  'form': await form('application/x-www-form-urlencoded'),
  image: await loaded('img', `${address}/api/health`),
  script: await loaded('script', `${address}/ui-settings`),
  events: await socket('/api/events/in'),
  logs: await socket('/api/logs/out'),
};
"""


def attempts(page: Page, trial: Trial, deployment: str) -> dict[str, Any]:
    given = ", ".join(json.dumps(value) for value in (trial.address, deployment, trial.password))
    return dict(page.script(f"(async (address, deployment, password) => {{ {ATTEMPTS} }})({given})"))


@pytest.mark.parametrize("host", [FOREIGN, "127.0.0.1"], ids=["another site", "another port"])
def test_a_page_of_another_origin_reads_nothing_and_starts_nothing(trial: Trial, page: Page, host: str) -> None:
    before = trial.runs()
    with foreign_page() as port:
        page.open(f"http://{host}:{port}/")
        page.wait_for("foreign page")
        done = attempts(page, trial, trial.deployment())
    # of a form and a beacon a page never learns what became of them: the server's runs tell it
    sent = {"beacon": True, "form text": "sent", "form": "sent"}
    assert done == dict.fromkeys(done, "blocked") | sent
    assert trial.runs() == before


def test_a_foreign_name_that_leads_to_this_machine_is_refused(trial: Trial, page: Page) -> None:
    page.open(f"http://{FOREIGN}:{trial.port}/")
    page.wait_for("Máy chủ không nhận tên này")
    assert page.script("fetch('/api/health').then(answer => answer.status)") == 400
    assert page.script("fetch('/ui-settings').then(answer => answer.status)") == 400


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_the_own_pages_work_with_the_password_of_the_file(trial: Trial, page: Page, kept: Path, name: str) -> None:
    own = f"http://{name}:{trial.port}"
    page.open(own)
    page.wait_for("Login")
    assert "tao-bieu" not in page.text()
    page.type_into("input[type=password]", trial.password)
    page.click("Login")
    page.wait_for("Dashboard", "Flow Runs")
    page.open(f"{own}/v2/deployments")
    page.wait_for("tao-bieu", "cham-diem-lai")
    page.save(kept / f"12-thu-{name}.png")
    done = attempts(page, trial, trial.deployment())
    assert (done["cors"], done["cors with the password"], done["events"]) == ("read 401", "read 201", "open")
