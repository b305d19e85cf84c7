"""What a worker of the pool may start: this program's own flows, with the worker's own command and environment.

Prefect lets every client say what a run executes: `command`, `env` and `working_dir` in the job variables of a run or
deployment, an entrypoint and pull steps in a deployment, all of it in the template of a pool. The pool's template here
has no variable, so job variables have no effect and are refused; `forbidden` finds the rest in a request.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

#: name of the work pool
POOL = "tthc"
#: deployment of prefect.yaml -> its flow
ENTRYPOINTS = {
    "cham-diem-quy": "flows.score_scheduled.score_scheduled",
    "cham-diem-lai": "flows.rescore.rescore",
    "ra-soat-so-lieu": "flows.check_period.check_period",
    "tao-bieu": "flows.make_forms.make_forms",
    "so-sanh-hai-ban": "flows.compare_published.compare_published",
    "ghi-ban-da-ky": "flows.record_signing.record_signing",
}
#: the pool's base job template. Without `command`, `env` and `working_dir` in its configuration a process worker takes
#: its own; an `env` there, even an empty one, would be merged with the run's
JOB_TEMPLATE: dict[str, Any] = {
    "job_configuration": {"stream_output": True},
    "variables": {"type": "object", "properties": {}, "additionalProperties": False},
}

#: fields of a deployment that name other code, another folder or environment to run in; this program's have none.
#: A `path` or storage is imported from before the installed package, so a folder that offices write to would be code
OF_DEPLOYMENTS = frozenset({"pull_steps", "path", "storage_document_id", "job_variables", "infra_overrides"})


def forbidden(body: object) -> str | None:
    """The first field of a request's JSON body that would make a worker start something else, or None.

    It is looked for at every depth, because requests for several deployments nest them.
    """
    for name, value in _fields(body):
        if name in OF_DEPLOYMENTS and value:
            return name
        if name == "entrypoint" and value is not None and value not in ENTRYPOINTS.values():
            return name
        if name == "base_job_template" and value is not None and value != JOB_TEMPLATE:
            return name
    return None


def _fields(body: object) -> Iterator[tuple[str, object]]:
    """Every field of every object in parsed JSON, without recursion: a request may be nested deeply."""
    left = [body]
    while left:
        part = left.pop()
        if isinstance(part, dict):
            yield from part.items()
            left.extend(part.values())
        elif isinstance(part, list):
            left.extend(part)
