"""`tthc sign` and the deployment `ghi-ban-da-ky`: record under the period's lock that a revision was signed.

The clock is read here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from flows.commands.usage_errors import UsageError
from flows.steps.job import Job
from flows.steps.quarters_index import write_quarters_index
from pipeline.publish import revisions, signing
from pipeline.publish.ledger import head_text, read_ledger
from pipeline.publish.signed_revisions import REPLACING, SIGNED
from pipeline.text import nfc
from schemas.manifest import Signing


def sign_revision(
    job: Job, revision: str, number: str, date: str, by: str, replace: bool, despite: str | None = None
) -> Signing:
    """Record the signing of a revision. `number` and `date` as typed; `by`: who records it.

    `despite`: why it is signed although something is missing; None where no reason is given.

    Raises UsageError for wrong arguments, JobFailed for a revision that cannot be recorded as signed.
    """
    try:
        if despite is not None and not nfc(despite).strip():
            raise UsageError("--despite cần một lý do, như --despite “Ký gấp theo yêu cầu của UBND tỉnh”.")
        parsed_number, day = signing.parse_number(number), signing.parse_date(date, job.period)
        # checked before the lock, which would create a folder for a period without revisions
        signing.revision_to_sign(job.out, revision)
        now = dt.datetime.now().astimezone().replace(microsecond=0)
        with job.lock():
            signed = signing.record_signing(
                job.out,
                revision,
                number=parsed_number,
                date=day,
                by=by,
                at=now,
                replace=replace,
                despite=(despite or "").strip(),
            )
        write_quarters_index(job.published)  # a page that cannot be written is no part of the record
        return signed
    except ValueError as error:
        raise UsageError(str(error)) from None


def sign_lines(folder: Path, signed: Signing) -> Iterator[str]:
    """Vietnamese: what was recorded, warnings about it, and what it means. `folder`: the period's output folder."""
    yield f"Đã ghi: bản {signed.revision} đã ký ban hành ({signing.report_name(signed)}), trong {folder / SIGNED}."
    if signed.missing:
        yield f"Ký khi chưa đủ điều kiện (lý do: {signed.despite}); còn thiếu:"
        yield from (f"  {number}. {line}" for number, line in enumerate(signed.missing, 1))
    for warning in signing.signing_warnings(folder, signed):
        yield f"Chú ý: {warning}. Ghi nhầm thì ghi lại, {REPLACING}."
    current = revisions.current_revision(folder).manifest
    if current is not None and current.revision != signed.revision:
        yield f"Chú ý: bản hiện hành là {current.revision}; so sánh với kỳ này dùng bản đã ký {signed.revision}."
    yield "Từ nay bản mới của kỳ này ghi là thay thế báo cáo đó."
    yield from filter(None, [head_text(read_ledger(folder.parent))])
