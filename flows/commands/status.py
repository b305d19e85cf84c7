"""`tthc status`: the last runs and the next one. Asks a server that answers at once; starts none."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from flows.server import runtime
from flows.steps import run_states
from flows.steps.published import published_periods
from flows.steps.run_states import TAG
from flows.steps.schedule import ZONE
from pipeline.publish import revisions
from pipeline.text import nfc, vn_day

#: a server on this machine answers within milliseconds; nobody waits long for one that is away
PATIENCE_SECONDS = 3.0
LAST_RUNS = 10


def status_lines(data_dir: Path) -> Iterator[str]:
    """Vietnamese. From the server, else from what is published, which is said."""
    address = runtime.server_address() or f"http://127.0.0.1:{os.environ.get('PREFECT_SERVER_API_PORT', '4200')}/api"
    try:
        last, coming = _ask(address)
    except Exception as error:
        yield f"Không hỏi được máy chủ Prefect {address} ({_why(error)})."
        yield "Các bản đã công bố, mới nhất trước:"
        yield from _published(data_dir / "out")
        return
    yield f"Máy chủ Prefect {address}"
    yield f"Lần chạy theo lịch kế tiếp: {coming or 'chưa có (chạy “tthc service” để đăng ký lịch)'}"
    yield "Các lần chạy gần đây, mới nhất trước:" if last else "Chưa có lần chạy nào."
    yield from last


def _ask(address: str) -> tuple[list[str], str]:
    import httpx
    from prefect.client.orchestration import SyncPrefectClient
    from prefect.client.schemas.filters import (
        FlowRunFilter,
        FlowRunFilterState,
        FlowRunFilterStateName,
        FlowRunFilterTags,
    )
    from prefect.client.schemas.sorting import FlowRunSort
    from prefect.settings import get_current_settings

    httpx.get(f"{address}/health", timeout=PATIENCE_SECONDS).raise_for_status()
    secret = get_current_settings().api.auth_string
    # by name: a run that is late, or waits for another try, is of the same type as one whose time has not come
    waiting = FlowRunFilterStateName(any_=["Scheduled"])
    begun = FlowRunFilterStateName(not_any_=["Scheduled"])
    ours = FlowRunFilterTags(all_=[TAG])
    with SyncPrefectClient(
        address,
        auth_string=secret.get_secret_value() if secret is not None else None,
        httpx_settings={"timeout": PATIENCE_SECONDS},
    ) as client:
        last = client.read_flow_runs(
            flow_run_filter=FlowRunFilter(tags=ours, state=FlowRunFilterState(name=begun)),
            sort=FlowRunSort.START_TIME_DESC,
            limit=LAST_RUNS,
        )
        coming = client.read_flow_runs(
            flow_run_filter=FlowRunFilter(tags=ours, state=FlowRunFilterState(name=waiting)),
            sort=FlowRunSort.NEXT_SCHEDULED_START_TIME_ASC,
            limit=1,
        )
    return [_line(run) for run in last], _moment(coming[0].next_scheduled_start_time) if coming else ""


def _line(run: Any) -> str:
    state = run_states.in_words(run.state_name or "")
    first = (run.state.message or "").split("\n", 1)[0] if run.state is not None else ""
    said = f" – {nfc(first)}" if first and run.state_name == run_states.FAILED else ""  # Prefect's own are English
    return f"  {_moment(run.start_time or run.expected_start_time)}  {nfc(run.name)}: {state}{said}"


def _moment(at: dt.datetime | None) -> str:
    if at is None:
        return "–"
    here = at.astimezone(ZONE)
    return f"{vn_day(here.date())} {here:%H:%M}"


def _published(out: Path) -> Iterator[str]:
    found = []
    for period in published_periods(out):
        manifest = revisions.standing(out / str(period)).manifest
        if manifest is not None:
            found.append((manifest.created_at, period, manifest))
    for at, period, manifest in sorted(found, key=lambda row: row[0], reverse=True)[:LAST_RUNS]:
        aside = f", để riêng {len(manifest.set_aside)}" if manifest.set_aside else ""
        yield f"  {_moment(at)}  {period}: bản {manifest.revision}{aside}"
    if not found:
        yield f"  Chưa công bố bản nào trong {out}."


def _why(error: Exception) -> str:
    response: Any = getattr(error, "response", None)
    if response is not None and response.status_code in {401, 403}:
        return "máy chủ đòi mật khẩu: đặt PREFECT_API_AUTH_STRING"
    names: Sequence[str] = [c.__name__ for c in type(error).__mro__]
    if "TimeoutException" in names:
        return "không trả lời"
    return "không kết nối được" if "TransportError" in names else type(error).__name__
