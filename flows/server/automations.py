"""Automations of the Prefect server: what it does by itself if a run fails, does not start or stops sending heartbeats.

`apply_automations` (part of `tthc service`) can be repeated. An automation of the same name is updated and not added a
second time; one that was switched off in the pages stays off. An equal one is not updated, because an update gives its
trigger a new id and the server then loses the list of runs whose heartbeat it waits for. The webhook's address is in a
secret block of the server, `thong-bao`: it is set from TTHC_WEBHOOK_URL, or stays as it is without that variable (the
address can also be entered in the pages). It is never printed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from prefect.blocks.webhook import Webhook
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.objects import StateType
from prefect.events.actions import CallWebhook, ChangeFlowRunState
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture, ResourceSpecification
from pydantic import SecretStr

from flows.steps import run_states
from flows.steps.run_states import TAG

#: name of the webhook block
BLOCK = "thong-bao"
#: environment variable with the webhook's address
ADDRESS = "TTHC_WEBHOOK_URL"
#: the block's address before an office has one: a port of this machine on which nothing listens
NOWHERE = "http://127.0.0.1:9/"
#: a run counts as crashed after this time without an event: more than three heartbeats (flows/server/runtime.py)
SILENCE = timedelta(seconds=100)

_RUNS = {"prefect.resource.id": "prefect.flow-run.*"}
_OURS = {"prefect.resource.role": "tag", "prefect.resource.id": f"prefect.tag.{TAG}"}


def apply_automations() -> Iterator[str]:
    """Create or update the block and all automations. Yields one Vietnamese line for each.

    Raises Prefect's and httpx's exceptions if the server refuses a request or cannot be reached.
    """
    with get_client(sync_client=True) as client:
        block_id, addressed = _block(client)
        yield (
            f"Thông báo: gửi tới địa chỉ đã đặt trong khối “{BLOCK}”."
            if addressed
            else f"Thông báo: chưa có địa chỉ nhận. Đặt {ADDRESS} rồi chạy lại lệnh này, hoặc sửa khối “{BLOCK}” "
            "(Blocks) trên trang Prefect."
        )
        for automation in automations(block_id):
            yield f"Tự động: {automation.name} – {_create_or_update(client, automation)}"


def automations(block_id: UUID) -> list[AutomationCore]:
    """All automations of this program. `block_id`: of the webhook block that notifications use."""
    return [
        _notice(
            block_id,
            "Không thực hiện được",
            "Một lần chạy không thực hiện được",
            {"prefect.state-type": "FAILED"},
            "Việc cần làm: làm theo dòng trên, rồi chạy lại; chưa có gì được công bố.",
        ),
        _notice(
            block_id,
            "Dừng giữa chừng",
            "Một lần chạy dừng giữa chừng",
            {"prefect.state-type": "CRASHED"},
            "Máy chạy đã tắt, hết bộ nhớ hoặc mất kết nối. Việc cần làm: kiểm tra máy chạy (worker) rồi chạy lại; "
            "kỳ này đã được nhả ra, không có bản dở dang.",
        ),
        _notice(
            block_id,
            "Đến giờ mà chưa chạy",
            "Một lần chạy đến giờ mà chưa chạy",
            {"prefect.state-name": "Late"},
            "Việc cần làm: kiểm tra máy chạy (worker) còn hoạt động không; hoạt động lại thì lần chạy này tự chạy.",
        ),
        _notice(
            block_id,
            "Còn phần chưa chấm được",
            "Đã công bố, còn phần chưa chấm được",
            {"prefect.state-name": run_states.WITH_EXCLUSIONS},
            "Việc cần làm: xem các mục “Để riêng”, đề nghị đơn vị gửi lại số liệu, rồi chấm điểm lại.",
        ),
        _silent_run(),
    ]


def _notice(block_id: UUID, name: str, subject: str, match: dict[str, str], action: str) -> AutomationCore:
    """A notification when a run of this program enters a state.

    `match` compares labels of the state and not the event's name, because failed states have different names.
    """
    return AutomationCore(
        name=f"tthc: {name}",
        description=subject,
        tags=[TAG],
        trigger=EventTrigger(
            expect={"prefect.flow-run.*"},
            match=ResourceSpecification.model_validate({**_RUNS, **match}),
            match_related=ResourceSpecification.model_validate(_OURS),
            posture=Posture.Reactive,
            threshold=1,
        ),
        actions=[CallWebhook(block_document_id=block_id, payload=_payload(subject, action))],
    )


def _payload(subject: str, action: str) -> str:
    """A Jinja template of JSON with `title` and `text`, the keys that chats and mail gateways read; escapes texts."""
    run = "{{ flow.name }}: {{ flow_run.name }}"
    # Prefect's own state messages (crashed, timed out) are English: they are left out
    ours = [run_states.FAILED, *run_states.OF_RESULT.values()]
    message = "{% if event.resource['prefect.state-name'] in " + repr(ours) + " %}"
    message += "{{ event.resource['prefect.state-message'] }}\n{% endif %}"
    body = (
        "{%- set message -%}"
        f"{run}\n{message}{action}"
        "{%- if flow_run.id %}\nXem: {{ flow_run|ui_url }}{% endif -%}"
        "{%- endset -%}"
    )
    return body + '{"title": {{ ' + repr(subject) + ' | tojson }}, "text": {{ message | string | tojson }}}'


def _silent_run() -> AutomationCore:
    """A run without any event for SILENCE after its start or last heartbeat becomes Crashed.

    A worker reports a run whose process ended. If the worker itself ended too, only this automation notices.
    """
    return AutomationCore(
        name="tthc: Mất liên lạc",
        description="Lần chạy không còn tín hiệu nào thì ghi là dừng giữa chừng",
        tags=[TAG],
        trigger=EventTrigger(
            # "Running" is the server's own event: it covers a run that ends before its first heartbeat
            after={"prefect.flow-run.Running", "prefect.flow-run.heartbeat"},
            expect={"prefect.flow-run.*"},
            match=ResourceSpecification.model_validate(_RUNS),
            match_related=ResourceSpecification.model_validate(_OURS),
            for_each={"prefect.resource.id"},
            posture=Posture.Proactive,
            threshold=1,
            within=SILENCE,
        ),
        actions=[
            ChangeFlowRunState(
                state=StateType.CRASHED,
                message="Không còn tín hiệu từ lần chạy này: máy chạy đã tắt hoặc mất kết nối.",
            )
        ],
    )


def _block(client: SyncPrefectClient) -> tuple[UUID, bool]:
    """The block's id, and whether it has a real address. Creates the block or sets its address if needed."""
    url = os.environ.get(ADDRESS, "").strip()
    there = next(
        (b for b in client.read_block_documents_by_type(Webhook.get_block_type_slug()) if b.name == BLOCK), None
    )
    if there is not None and not url:
        kept = client.read_block_document(there.id, include_secrets=True)
        return there.id, kept.data.get("url") != NOWHERE
    block = Webhook(url=SecretStr(url or NOWHERE), headers={"Content-Type": "application/json; charset=utf-8"})
    return UUID(str(block.save(BLOCK, overwrite=True))), bool(url)


def _create_or_update(client: SyncPrefectClient, automation: AutomationCore) -> str:
    """What was done, in Vietnamese. Further automations of the same name are deleted."""
    same = client.read_automations_by_name(automation.name)
    if not same:
        client.create_automation(automation)
        return "đã tạo"
    first, *others = same
    done = "đã có"
    if _settings(first) != _settings(automation):
        client.update_automation(first.id, automation.model_copy(update={"enabled": first.enabled}))
        done = "đã cập nhật"
    for other in others:
        client.delete_automation(other.id)
    return done if first.enabled else f"{done}, đang tắt"


def _settings(automation: AutomationCore) -> dict[str, object]:
    """The settings of an automation, without ids and without whether it is switched on."""
    return automation.model_dump(include=set(AutomationCore.model_fields) - {"enabled"})
