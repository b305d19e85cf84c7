"""`tthc sign`: the record that a revision was signed, under the period's lock. The clock lives here."""

from __future__ import annotations

import datetime as dt

from flows.steps.failures import JobFailed
from flows.steps.job import Job
from pipeline.publish import signing
from pipeline.publish.atomic_files import PublishError
from schemas.manifest import Signing


def record(job: Job, revision: str, number: str, date: str, by: str, replace: bool) -> Signing:
    """Raises ValueError (Vietnamese) for what was typed wrongly, JobFailed for what cannot be recorded."""
    written, day = signing.parse_number(number), signing.parse_date(date, job.period)
    signing.revision_to_sign(job.out, revision)  # before the lock: no folder is made for a period without revisions
    now = dt.datetime.now().astimezone().replace(microsecond=0)
    with job.lock():
        try:
            return signing.sign(job.out, revision, number=written, date=day, by=by, at=now, replace=replace)
        except PublishError as error:
            raise JobFailed(str(error)) from None
