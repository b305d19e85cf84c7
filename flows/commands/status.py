"""`tthc status`: the last runs and the next scheduled one. Asks the Prefect server, but starts none."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from flows.server import runtime
from flows.steps import run_states
from flows.steps.other_quarters import published_periods
from flows.steps.run_states import TAG
from flows.steps.schedule import ZONE
from pipeline.publish import revisions
from pipeline.publish.revision_state import revision_state
from pipeline.publish.signed_revisions import read_signings
from pipeline.text import nfc, vn_day
from schemas.manifest import Manifest

#: timeout of a request; a server on this machine answers within milliseconds
PATIENCE_SECONDS = 3.0
LAST_RUNS = 10


def status_lines(data_dir: Path) -> Iterator[str]:
    """Vietnamese lines: the runs on the server, or why it does not answer; then the published revisions."""
    address = runtime.server_address() or f"http://127.0.0.1:{os.environ.get('PREFECT_SERVER_API_PORT', '4200')}/api"
    try:
        runtime.log_in(address)
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
    yield "Các bản đã công bố, mới nhất trước:"
    yield from _published(data_dir / "out")


def _ask(address: str) -> tuple[list[str], str]:
    """The last runs, one line each, and the time of the next scheduled run ("" without one)."""
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
    # by the state's name, because runs that are late or wait for a retry have the same state type as scheduled ones
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
    state = run_states.vietnamese_name(run.state_name or "")
    first = (run.state.message or "").split("\n", 1)[0] if run.state is not None else ""
    # Prefect's own messages are English and not shown
    reason = f" – {nfc(first)}" if first and run.state_name == run_states.FAILED else ""
    return f"  {_moment(run.start_time or run.expected_start_time)}  {nfc(run.name)}: {state}{reason}"


def _moment(at: dt.datetime | None) -> str:
    if at is None:
        return "–"
    here = at.astimezone(ZONE)
    return f"{vn_day(here.date())} {here:%H:%M}"


def _published(out: Path) -> Iterator[str]:
    found, damaged = [], []
    for period in published_periods(out):
        current = revisions.current_revision(out / str(period))
        if current.manifest is None:
            continue
        if revisions.MANIFEST in current.altered:  # nothing that it says is printed
            name = current.manifest.revision
            damaged.append(f"  {period}: bản {name} có manifest.json đã bị sửa sau khi công bố ({revisions.VERIFY})")
        else:
            found.append((current.manifest.created_at, period, current.manifest))
    for at, period, manifest in sorted(found, key=lambda row: row[0], reverse=True)[:LAST_RUNS]:
        aside = f", để riêng {len(manifest.set_aside)}" if manifest.set_aside else ""
        yield f"  {_moment(at)}  {period}: bản {manifest.revision}{aside}{_state(out / str(period), manifest)}"
    yield from damaged
    if not found and not damaged:
        yield f"  Chưa công bố bản nào trong {out}."


def _state(folder: Path, manifest: Manifest) -> str:
    """`, đã ký 85/BC-UBND ngày 18/3/2022`; "" if the record of signings is unreadable (`tthc history` reports it)."""
    with suppress(ValueError):
        state = revision_state(folder / manifest.revision, manifest, read_signings(folder))
        return f", {state.text}" if state is not None else ""
    return ""


def _why(error: Exception) -> str:
    response: Any = getattr(error, "response", None)
    if response is not None and response.status_code in {401, 403}:
        return "máy chủ đòi mật khẩu: đặt PREFECT_API_AUTH_STRING"
    names: Sequence[str] = [c.__name__ for c in type(error).__mro__]
    if "TimeoutException" in names:
        return "không trả lời"
    return "không kết nối được" if "TransportError" in names else type(error).__name__
