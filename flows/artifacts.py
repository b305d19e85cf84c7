"""What a run leaves in Prefect's own pages: a name that tells how it ended, the scoreboard and the findings."""

from collections.abc import Iterator
from uuid import UUID

import pandas as pd
from prefect import get_run_logger
from prefect.artifacts import create_markdown_artifact
from prefect.client.orchestration import get_client
from prefect.runtime import flow_run

from flows.job import Job, Outcome
from pipeline.findings import SEVERITY_NAMES
from pipeline.markdown import cell, table
from pipeline.result import Scored
from pipeline.text import vn_decimal, vn_int

#: an artifact is one row of the server's database: the whole list is in findings.csv
MOST_FINDINGS = 300


def key(kind: str, job: Job) -> str:
    """`bang-diem-2022-q1`; an alternative's ends with its rulebook. Prefect takes a-z, 0-9 and dashes."""
    rulebook = job.choice.rulebook
    tail = f"-{rulebook.id}" if job.choice.alternative and rulebook else ""
    return f"{kind}-{job.period}{tail}".lower()


def leave(job: Job, scored: Scored, outcome: Outcome) -> None:
    """Both artifacts, with the revision they speak of."""
    where = f"{job.period.name}, bản {outcome.manifest.revision}"
    for kind, text, name in (
        ("bang-diem", scoreboard(scored, where), "Bảng điểm"),
        ("phat-hien", findings(scored, where), "Phát hiện"),
    ):
        create_markdown_artifact(text, key=key(kind, job), description=f"{name} {where}")


def rename_run(job: Job, outcome: Outcome | None) -> None:
    """The list of runs shows names and states, and the states are English: the name says in Vietnamese how it ended."""
    try:
        with get_client(sync_client=True) as client:
            client.update_flow_run(UUID(flow_run.id), name=run_name(job, outcome))
    except Exception:
        # only a name: what was published stands
        get_run_logger().warning("the run could not be renamed", exc_info=True)


def run_name(job: Job, outcome: Outcome | None) -> str:
    """`2022-Q1 · chấm điểm · bản r2, để riêng 1`; no outcome: the run could not be carried out."""
    parts = [str(job.period), "chấm điểm"]
    if job.choice.alternative and job.choice.rulebook:
        parts.append(f"phương án {job.choice.rulebook.id}")
    if outcome is None:
        return " · ".join([*parts, "không thực hiện được"])
    aside = len(outcome.manifest.set_aside)
    revision = outcome.manifest.revision
    ending = f"không có gì thay đổi so với {revision}" if outcome.unchanged else f"bản {revision}"
    return " · ".join([*parts, ending + (f", để riêng {aside}" if aside else "")])


def scoreboard(scored: Scored, where: str) -> str:
    """Levels, then the units of each by rank (unscored ones last, with the reason)."""
    parts = [f"# Bảng điểm {cell(where)}\n"]
    if scored.rulebook is None:
        return parts[0] + "\nChưa có căn cứ chấm điểm cho kỳ này.\n"
    parts.append(f"Theo {cell(scored.rulebook.title)}.\n")
    for level in scored.level_scores.to_dict("records"):
        units = scored.unit_scores.loc[scored.unit_scores["level"] == level["level"]]
        units = units.sort_values("rank", kind="stable", na_position="last")
        rows = [
            (
                "" if pd.isna(u["rank"]) else u["rank"],
                u["name"],
                _score(u["total"]),
                _score(u["officer_average"]),
                u["class_law"] or _sentence(u["status_reason"]),
            )
            for u in units.to_dict("records")
        ]
        parts.append(f"## {cell(level['name'])}: {_score(level['total'])} điểm\n")
        parts.append(table(("Hạng", "Đơn vị", "Tổng điểm", "ĐTB CCVC", "Xếp loại"), rows, right=(0, 2, 3)))
    return "\n".join(parts)


def findings(scored: Scored, where: str) -> str:
    """Most severe first, with the place and the next step."""
    found = scored.findings
    counts = ", ".join(f"{vn_int(int((found['severity'] == s).sum()))} {n.lower()}" for s, n in SEVERITY_NAMES.items())
    parts = [f"# Phát hiện {cell(where)}\n", f"{counts}.\n"]
    shown = found.head(MOST_FINDINGS)
    for severity, name in SEVERITY_NAMES.items():
        rows = shown.loc[shown["severity"] == severity].to_dict("records")
        if rows:
            parts += [f"## {name}\n", "\n".join(line for f in rows for line in _item(f)) + "\n"]
    if len(found) > len(shown):
        parts.append(f"Còn {vn_int(len(found) - len(shown))} phát hiện nữa trong findings.csv.\n")
    return "\n".join(parts)


def _item(finding: dict[str, str]) -> Iterator[str]:
    """A list, not a table: Prefect's pages do not wrap the cells of a table, and a finding is a sentence or two."""
    at = place(finding)
    yield f"- {cell(finding['message'])}" + (f" *({cell(at)})*" if at else "")
    if finding["action"] and finding["severity"] != "notice":
        yield f"    - Việc cần làm: {cell(finding['action'])}"


def place(finding: dict[str, str]) -> str:
    """`bo-sung.xlsx › Đơn vị › C7`."""
    return " › ".join(finding[part] for part in ("file", "sheet", "cell") if finding[part])


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _score(value: float) -> str:
    return "–" if pd.isna(value) else vn_decimal(float(value))
