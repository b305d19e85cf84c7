"""`tthc service`: registers the work pool, the deployments and the automations with a running Prefect server."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

from flows.server import runtime
from flows.steps.failures import JobFailed

#: name of the work pool
POOL = "tthc"
#: the deployments of prefect.yaml
DEPLOYMENTS = ("cham-diem-quy", "cham-diem-lai", "ra-soat-so-lieu", "tao-bieu", "so-sanh-hai-ban", "ghi-ban-da-ky")


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
    yield f"Lịch và các mục chạy: {', '.join(DEPLOYMENTS)} – đã đăng ký"
    from flows.server import automations

    yield from automations.apply_automations()


def _pool() -> str:
    """Create the pool if it is missing. What was done, in Vietnamese."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import WorkPoolCreate
    from prefect.exceptions import ObjectAlreadyExists, ObjectNotFound

    with get_client(sync_client=True) as client:
        try:
            client.read_work_pool(POOL)
            return "đã có"
        except ObjectNotFound:
            pass
        try:
            client.create_work_pool(WorkPoolCreate(name=POOL, type="process"))
        except ObjectAlreadyExists:  # created by another process in the meantime
            return "đã có"
        return "đã tạo"


def _deploy(root: os.PathLike[str]) -> None:
    """Run Prefect's own command, which supports everything that prefect.yaml may contain."""
    command = [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all"]
    done = subprocess.run(command, cwd=root, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        last = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()][-5:]
        raise JobFailed("Không đăng ký được các mục chạy với máy chủ Prefect:\n" + "\n".join(last))
