"""The service as it stands on a real machine: PostgreSQL, Prefect's server with a password, a worker, the deployments
of prefect.yaml. One data folder, nothing in the user's home, no port but the server's own on the loopback."""

import secrets
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from postgres import Cluster, cluster
from processes import Family, family, until
from repository import ROOT
from servers import PREFECT, asked, environment, free_port, start_server

POOL = "tthc"
#: role and database, as the runbook makes them
DATABASE = "tthc"
#: a run that is not over by then has hung
RUN_SECONDS = 120


class Service:
    """A running service and how tests speak with it. `password`: `name:secret`, in no log, page or output ever."""

    def __init__(self, processes: Family, database: Cluster, data: Path, address: str, password: str) -> None:
        self.processes, self.database, self.data = processes, database, data
        self.address, self.password = address, password
        self._workers = 0

    def command(self, *command: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """Run a client in the project's folder; its output is kept with the logs."""
        environment = {**self.processes.env, **(env or {})}
        done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
        with (self.processes.logs / "clients.log").open("a", encoding="utf-8") as log:
            log.write(f"$ {' '.join(command[-6:])} -> {done.returncode}\n{done.stdout}{done.stderr}\n")
        return done

    def prefect(self, *arguments: str) -> str:
        """`prefect …`, which has to succeed; what it printed."""
        done = self.command(*PREFECT, *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def api(self, path: str, body: Any = None, method: str | None = None, password: str | None = "") -> Any:
        """The server's answer to one request; `password` None: a request without any. Raises HTTPError."""
        return asked(self.address, path, body, self.password if password == "" else password, method)

    def deployment(self, name: str) -> dict[str, Any]:
        """The deployment that is called so."""
        (found,) = self.api("/deployments/filter", {"deployments": {"name": {"any_": [name]}}})
        return dict(found)

    def ask(self, deployment: str, parameters: dict[str, Any] | None = None, at: str | None = None) -> str:
        """A run of the deployment, at once or as if scheduled for the moment `at` (ISO, with its zone); its id."""
        body: dict[str, Any] = {"parameters": parameters or {}}
        if at is not None:
            body["state"] = {"type": "SCHEDULED", "state_details": {"scheduled_time": at}}
        made = self.api(f"/deployments/{self.deployment(deployment)['id']}/create_flow_run", body)
        return str(made["id"])

    def runs(self) -> list[dict[str, Any]]:
        """All that have begun, newest first."""
        return [dict(r) for r in self.api("/flow_runs/filter", {"sort": "START_TIME_DESC"}) if r["start_time"]]

    def run(self, run_id: str) -> dict[str, Any]:
        """The run as the server has it."""
        return dict(self.api(f"/flow_runs/{run_id}"))

    def state(self, run_id: str) -> str:
        """Its type: SCHEDULED, RUNNING, COMPLETED, FAILED, CRASHED …"""
        return str(self.run(run_id)["state_type"])

    def wait(self, run_id: str, *types: str, seconds: float = RUN_SECONDS) -> dict[str, Any]:
        """The run once its state is of one of these types (none given: any final one)."""
        wanted = types or ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")

        def there() -> dict[str, Any] | None:
            run = self.run(run_id)
            return run if run["state_type"] in wanted else None

        try:
            return until(f"run {run_id} is {' or '.join(wanted)}", there, seconds, every=0.5)
        except AssertionError as error:
            raise AssertionError(f"{error}: {self.run(run_id)['state']}\n" + "\n".join(self.log(run_id))) from None

    def log(self, run_id: str) -> list[str]:
        """The messages of the run, in order."""
        wanted = {"logs": {"flow_run_id": {"any_": [run_id]}}, "sort": "TIMESTAMP_ASC", "limit": 200}
        return [entry["message"] for entry in self.api("/logs/filter", wanted)]

    def artifacts(self, run_id: str) -> dict[str, dict[str, Any]]:
        """The run's artifacts by key."""
        wanted = {"artifacts": {"flow_run_id": {"any_": [run_id]}}}
        return {a["key"]: a for a in self.api("/artifacts/filter", wanted)}

    def start_worker(self) -> str:
        """A worker of the pool, once the server knows it; its name."""
        self._workers += 1
        name = f"worker-{self._workers}"
        command = [*PREFECT, "worker", "start", "--pool", POOL, "--name", name]
        process = self.processes.start(name, command, WORKER=name)

        def online() -> bool:
            assert process.poll() is None, f"{name} ended by itself"
            workers = self.api(f"/work_pools/{POOL}/workers/filter", {})
            return any(w["name"] == name and w["status"] == "ONLINE" for w in workers)

        until(f"{name} is online", online, 60)
        return name

    def kill_worker(self, name: str) -> None:
        """kill -9 of the worker and all it started, which is what a service manager and a power cut leave."""
        self.processes.kill(WORKER=name)


@contextmanager
def service(place: Path, logs: Path) -> Iterator[Service]:
    """A whole service with an empty data folder in `place`. Whatever happens, none of its processes is left."""
    data = place / "data"
    for folder in ("raw", "reference", "out"):
        (data / folder).mkdir(parents=True)
    port = free_port()
    address, password = f"http://127.0.0.1:{port}", f"quan-tri:{secrets.token_hex(16)}"
    with cluster() as database:
        database.run(
            "psql", "-qc", f"create role {DATABASE} login", "-c", f"create database {DATABASE} owner {DATABASE}"
        )
        env = environment(
            place / "home", PYTHONUNBUFFERED="1", PREFECT_API_URL=f"{address}/api", PREFECT_API_AUTH_STRING=password,
            PREFECT_WORKER_QUERY_SECONDS="1", TTHC_DATA_DIR=str(data),
        )  # fmt: skip
        with family(env, logs) as processes:
            start_server(
                processes,
                port,
                PREFECT_SERVER_API_AUTH_STRING=password,
                PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT="false",
                PREFECT_API_DATABASE_CONNECTION_URL=database.url(DATABASE, DATABASE),
            )
            yield Service(processes, database, data, address, password)
