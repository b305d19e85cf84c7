"""What a run leaves in Prefect's own pages: the scoreboard and the findings, as Markdown."""

import pandas as pd
from prefect.artifacts import create_markdown_artifact

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
                u["class_law"] or u["status_reason"],
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
    rows = [
        (SEVERITY_NAMES[f["severity"]], f["message"], place(f), f["action"])
        for f in found.head(MOST_FINDINGS).to_dict("records")
    ]
    text = f"# Phát hiện {cell(where)}\n\n{counts}.\n\n"
    text += table(("Mức", "Phát hiện", "Ở đâu", "Việc cần làm"), rows) if rows else ""
    rest = len(found) - len(rows)
    return text + (f"\nCòn {vn_int(rest)} phát hiện nữa trong findings.csv.\n" if rest > 0 else "")


def place(finding: dict[str, str]) -> str:
    """`bo-sung.xlsx › Đơn vị › C7`."""
    return " › ".join(finding[part] for part in ("file", "sheet", "cell") if finding[part])


def _score(value: float) -> str:
    return "–" if pd.isna(value) else vn_decimal(float(value))
