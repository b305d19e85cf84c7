"""`tthc service`: registers the work pool, the deployments and the automations with a running Prefect server."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress

from flows.server import runtime
from flows.server.allowed_runs import ENTRYPOINTS, JOB_TEMPLATE, OF_DEPLOYMENTS, POOL
from flows.steps.failures import JobFailed

#: the deployments of prefect.yaml
DEPLOYMENTS = tuple(ENTRYPOINTS)


def register_service() -> Iterator[str]:
    """Register everything; can be repeated. Yields one Vietnamese line for each part.

    Call it after `runtime.prepare` and with PREFECT_API_URL set. Raises JobFailed without prefect.yaml or if Prefect's
    deploy command fails.
    """
    root = runtime.project_root()
    if not (root / "prefect.yaml").is_file():
        raise JobFailed(f"Không có prefect.yaml trong {root}: chạy lệnh này trong thư mục dự án.")
    yield f"Nhóm máy chạy: {POOL} – {_pool()}"
    _deploy(root)
    yield from _clear()
    yield f"Lịch và các mục chạy: {', '.join(DEPLOYMENTS)} – đã đăng ký"
    from flows.server import automations

    yield from automations.apply_automations()


def _pool() -> str:
    """Create the pool, or give the one that is there this program's template. What was done, in Vietnamese."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import WorkPoolCreate, WorkPoolUpdate
    from prefect.exceptions import ObjectAlreadyExists

    done = "đã có"
    with get_client(sync_client=True) as client:
        with suppress(ObjectAlreadyExists):
            client.create_work_pool(WorkPoolCreate(name=POOL, type="process", base_job_template=JOB_TEMPLATE))
            return "đã tạo"
        if client.read_work_pool(POOL).base_job_template != JOB_TEMPLATE:
            client.update_work_pool(POOL, WorkPoolUpdate(base_job_template=JOB_TEMPLATE))
            done = "đã cập nhật"
    return done


def _deploy(root: os.PathLike[str]) -> None:
    """Run Prefect's own command, which supports everything that prefect.yaml may contain."""
    command = [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all"]
    done = subprocess.run(command, cwd=root, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        last = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()][-5:]
        raise JobFailed("Không đăng ký được các mục chạy với máy chủ Prefect:\n" + "\n".join(last))


def _clear() -> Iterator[str]:
    """Remove from the pool what a worker must not start and an older server took. Vietnamese lines.

    Prefect's command keeps the folder and the storage of a deployment that was there.
    """
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import DeploymentUpdate
    from prefect.client.schemas.filters import WorkPoolFilter, WorkPoolFilterName

    pool = WorkPoolFilter(name=WorkPoolFilterName(any_=[POOL]))
    with get_client(sync_client=True) as client:
        for deployment in client.read_deployments(work_pool_filter=pool):
            if deployment.entrypoint not in ENTRYPOINTS.values():
                client.delete_deployment(deployment.id)
                yield f"Đã xoá mục chạy “{deployment.name}”: không phải của chương trình này."
            elif any(getattr(deployment, name, None) for name in OF_DEPLOYMENTS):
                client.update_deployment(
                    deployment.id,
                    DeploymentUpdate(path=None, storage_document_id=None, pull_steps=None, job_variables={}),
                )
