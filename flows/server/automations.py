"""Notifications as code: what the server does by itself when a run ends badly, does not start, or dies unheard.

`apply` (part of `tthc service`) may be repeated: what is there under the same name is updated, never doubled, and what
an office has switched off stays off. What is the same already is not touched: an update gives its trigger another id,
and the server forgets which runs it was waiting to hear of. The address lives in a secret of the server, the block
`thong-bao`: taken from TTHC_WEBHOOK_URL when that is set, else left as it is (it can be typed in the pages); it is
never printed.
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

BLOCK = "thong-bao"
ADDRESS = "TTHC_WEBHOOK_URL"
#: where a block points to before an office has an address: nothing listens there, nothing leaves the machine
NOWHERE = "http://127.0.0.1:9/"
#: three heartbeats (flows/server/runtime.py) without a word
SILENCE = timedelta(seconds=100)

_RUNS = {"prefect.resource.id": "prefect.flow-run.*"}
_OURS = {"prefect.resource.role": "tag", "prefect.resource.id": f"prefect.tag.{TAG}"}


def apply() -> Iterator[str]:
    """Make or update the block and every automation; a Vietnamese line each. Raises what the server refuses."""
    with get_client(sync_client=True) as client:
        block_id, addressed = _block(client)
        yield (
            f"Thông báo: gửi tới địa chỉ đã đặt trong khối “{BLOCK}”."
            if addressed
            else f"Thông báo: chưa có địa chỉ nhận. Đặt {ADDRESS} rồi chạy lại lệnh này, hoặc sửa khối “{BLOCK}” "
            "(Blocks) trên trang Prefect."
        )
        for automation in automations(block_id):
            yield f"Tự động: {automation.name} – {_put(client, automation)}"


def automations(block_id: UUID) -> list[AutomationCore]:
    """All of them, for a notification block."""
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
        _unheard(),
    ]


def _notice(block_id: UUID, name: str, subject: str, match: dict[str, str], then: str) -> AutomationCore:
    """Call the block when a run of ours enters a state.

    By the state's labels, not by the event's name: a failure is a failure under every name it has.
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
        actions=[CallWebhook(block_document_id=block_id, payload=_payload(subject, then))],
    )


def _payload(subject: str, then: str) -> str:
    """JSON with the keys that chats and mail gateways commonly read, `title` and `text`, whatever a name holds."""
    run = "{{ flow.name }}: {{ flow_run.name }}"
    # what Prefect itself says of a run (that it crashed, that time was up) is English, and not for an office
    ours = [run_states.FAILED, *run_states.OF_OUTCOME.values()]
    said = "{% if event.resource['prefect.state-name'] in " + repr(ours) + " %}"
    said += "{{ event.resource['prefect.state-message'] }}\n{% endif %}"
    body = (
        "{%- set message -%}"
        f"{run}\n{said}{then}"
        "{%- if flow_run.id %}\nXem: {{ flow_run|ui_url }}{% endif -%}"
        "{%- endset -%}"
    )
    return body + '{"title": {{ ' + repr(subject) + ' | tojson }}, "text": {{ message | string | tojson }}}'


def _unheard() -> AutomationCore:
    """A run whose machine died says nothing any more: after its start or last heartbeat nothing follows, so it crashed.

    A worker tells of a run that dies under it; nobody tells when the worker dies too.
    """
    return AutomationCore(
        name="tthc: Mất liên lạc",
        description="Lần chạy không còn tín hiệu nào thì ghi là dừng giữa chừng",
        tags=[TAG],
        trigger=EventTrigger(
            # the server tells of "Running" itself: a run that dies before its first heartbeat is heard of too
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
    """The block's id and whether it has an address."""
    url = os.environ.get(ADDRESS, "").strip()
    there = next(
        (b for b in client.read_block_documents_by_type(Webhook.get_block_type_slug()) if b.name == BLOCK), None
    )
    if there is not None and not url:
        kept = client.read_block_document(there.id, include_secrets=True)
        return there.id, kept.data.get("url") != NOWHERE
    block = Webhook(url=SecretStr(url or NOWHERE), headers={"Content-Type": "application/json; charset=utf-8"})
    return UUID(str(block.save(BLOCK, overwrite=True))), bool(url)


def _put(client: SyncPrefectClient, automation: AutomationCore) -> str:
    same = client.read_automations_by_name(automation.name)
    if not same:
        client.create_automation(automation)
        return "đã tạo"
    first, *others = same
    done = "đã có"
    if _said(first) != _said(automation):
        client.update_automation(first.id, automation.model_copy(update={"enabled": first.enabled}))
        done = "đã cập nhật"
    for other in others:
        client.delete_automation(other.id)
    return done if first.enabled else f"{done}, đang tắt"


def _said(automation: AutomationCore) -> dict[str, object]:
    """What it does; not whether it is switched on, nor the ids it has."""
    return automation.model_dump(include=set(AutomationCore.model_fields) - {"enabled"})
