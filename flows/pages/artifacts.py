"""What a run leaves in Prefect's own pages: scoreboard, findings, changes, files; who has not sent; a review.

Every artifact has a key of its own per period, so its page shows how it developed from run to run. An artifact never
fails a run: what was published stands.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from itertools import groupby
from typing import Any

import pandas as pd
from prefect import get_run_logger
from prefect.artifacts import create_markdown_artifact

from flows.pages.changes_page import changes_page
from flows.steps.job import Job, Outcome
from flows.steps.reminder import Reminder
from flows.steps.shared_paths import shown
from pipeline.finding_catalogue import SEVERITY_NAMES
from pipeline.markdown import escaped, pipe_table
from pipeline.publish.revision_diff import Changes
from pipeline.result import Checked, Scored
from pipeline.text import vn_decimal, vn_int

#: an artifact is one row of the server's database: the whole list is in findings.csv
MOST_FINDINGS = 300


def key(kind: str, job: Job) -> str:
    """`bang-diem-2022-q1`; an alternative's ends with its rulebook. Prefect takes a-z, 0-9 and dashes."""
    rulebook = job.choice.rulebook
    tail = f"-{rulebook.id}" if job.choice.alternative and rulebook else ""
    return f"{kind}-{job.period}{tail}".lower()


def leave(job: Job, scored: Scored, outcome: Outcome, found: Changes | None = None) -> None:
    """What there is to see of a published (or unchanged) revision."""
    where = f"{job.period.name}, bản {outcome.manifest.revision}"
    _put(job, "bang-diem", f"Bảng điểm {where}", scoreboard(scored, where, found))
    _put(job, "phat-hien", f"Phát hiện {where}", findings(scored.findings, where))
    _put(job, "tep", f"Các tệp của {where}", files(job, outcome))
    if found is not None:
        _put(job, "thay-doi", f"Thay đổi {where}", changes_page(found))


def leave_reminder(job: Job, reminder: Reminder) -> None:
    """Who has not sent anything yet."""
    _put(job, "nhac-gui", f"Nhắc gửi số liệu {job.period.name}", reminder.markdown)


def leave_review(job: Job, checked: Checked, scored: Scored) -> None:
    """Findings and provisional scores of files that nothing is published of."""
    where = f"{job.period.name} (rà soát, chưa công bố)"
    _put(job, "ra-soat", f"Rà soát số liệu {job.period.name}", findings(scored.findings, where))
    if not checked.counts.empty:
        _put(job, "diem-tam", f"Điểm tạm tính {job.period.name}", scoreboard(scored, where))


def _put(job: Job, kind: str, description: str, text: str) -> None:
    try:
        create_markdown_artifact(text, key=key(kind, job), description=description)
    except Exception:
        # the revision stands already: a server that went away does not make it a failure
        get_run_logger().warning("an artifact could not be written", exc_info=True)


def scoreboard(scored: Scored, where: str, found: Changes | None = None) -> str:
    """Levels with their units by rank, the change since a revision, then the units without a score and why.

    Those stand below the table: a reason is a sentence, and would leave the other columns no room.
    """
    parts = [f"# Bảng điểm {escaped(where)}\n"]
    if scored.rulebook is None:
        return parts[0] + "\nChưa có căn cứ chấm điểm cho kỳ này.\n"
    since = [] if found is None else ["Thay đổi"]
    compared = f" Thay đổi: so với bản {found.before.revision}." if found is not None else ""
    parts.append(f"Theo {escaped(scored.rulebook.title)}.{compared}\n")
    before = {} if found is None else {c.subject: c.before for c in found.totals if c.item == "Tổng điểm"}
    places, units_scored = scored.rulebook.rounding.print_places, scored.unit_scores
    # where the decision has classes of its own, the report prints both
    local = scored.rulebook.local_class is not None
    classes = ("Xếp loại tại địa phương", "Xếp loại theo quy định") if local else ("Xếp loại",)
    heads = ("Hạng", "Đơn vị", "Tổng điểm", *since, "ĐTB CCVC", *classes)
    for level in scored.level_scores.to_dict("records"):
        units = units_scored.loc[units_scored["level"] == level["level"]]
        ranked = units.loc[units["rank"].notna()].sort_values("rank", kind="stable").to_dict("records")
        rows = [
            (
                u["rank"],
                u["name"],
                _score(u["total"], places),
                *(_change(before.get(u["unit_id"]), u["total"], places) for _ in since),
                _score(u["officer_average"], places),
                *([u["class_local"] or "–"] if local else []),
                u["class_law"] or "–",
            )
            for u in ranked
        ]
        change = _change(before.get(level["unit_id"]), level["total"], places).strip("=")
        parts.append(
            f"## {escaped(level['name'])}: {_points(level['total'], places)}{f' ({change})' if change else ''}\n"
        )
        parts.append(
            pipe_table(heads, rows, right=(0, *range(2, len(heads) - len(classes))))
            if rows
            else "Chưa có đơn vị nào có điểm.\n"
        )
        parts += list(_unranked(units.loc[units["rank"].isna()].to_dict("records"), before, places))
    return "\n".join(parts)


def _unranked(units: list[dict[Hashable, Any]], before: dict[str, str], places: int) -> Iterator[str]:
    if units:
        yield "Không xếp hạng:\n"
        for u in units:
            change = _change(before.get(u["unit_id"]), u["total"], places)
            total = "" if pd.isna(u["total"]) else f" {_score(u['total'], places)} điểm;"
            changed = f" ({change})" if change.strip("=") else ""
            yield f"- {escaped(u['name'])}:{total} {escaped(u['status_reason'])}{changed}"
        yield ""


def _change(before: str | None, after: float, places: int) -> str:
    """`+0,25`; `=` where the total is not among what changed."""
    if before is None:
        return "" if pd.isna(after) else "="
    if before == "" or pd.isna(after):
        return f"trước: {vn_decimal(float(before), places)}" if before else "trước: chưa chấm"
    difference = float(after) - float(before)
    return ("+" if difference > 0 else "−") + vn_decimal(abs(difference), places)


def files(job: Job, outcome: Outcome) -> str:
    """Paths as text: a browser follows no link from a page of the network to a file of the machine."""
    folder = shown(outcome.path, job.data_dir)
    rows = [(name, what) for name, what in _FILES if (outcome.path / name).is_file()]
    lines = [
        f"# Các tệp của {escaped(job.period.name)}, bản {outcome.manifest.revision}\n",
        "Thư mục (chép dòng này vào thanh địa chỉ của cửa sổ thư mục):\n",
        f"    {folder}\n",
        pipe_table(("Tệp", "Nội dung"), rows),
    ]
    return "\n".join(lines)


_FILES = (
    ("bao-cao.md", "Báo cáo"),
    ("cham-diem.xlsx", "Bảng chấm điểm, các biểu mẫu và căn cứ của từng điểm"),
    ("thay-doi.md", "Thay đổi so với bản trước"),
    ("findings.csv", "Mọi phát hiện"),
    ("unit_scores.csv", "Điểm các đơn vị"),
    ("manifest.json", "Dấu vết: tệp đầu vào, quy định, phiên bản chương trình"),
)


def findings(found: pd.DataFrame, where: str) -> str:
    """Most severe first, with the place and the next step."""
    counts = ", ".join(f"{vn_int(int((found['severity'] == s).sum()))} {n.lower()}" for s, n in SEVERITY_NAMES.items())
    parts = [f"# Phát hiện {escaped(where)}\n", f"{counts}.\n"]
    # what costs a file comes before what follows from it for each unit in the file
    weight = found["severity"].map({s: i for i, s in enumerate(SEVERITY_NAMES)}) * 2 + (found["sets_aside"] != "file")
    printed = found.iloc[weight.argsort(kind="stable")].head(MOST_FINDINGS)
    for severity, name in SEVERITY_NAMES.items():
        rows = printed.loc[printed["severity"] == severity].to_dict("records")
        if rows:
            parts += [f"## {name}\n", "\n".join(_items(rows)) + "\n"]
    if len(found) > len(printed):
        parts.append(f"Còn {vn_int(len(found) - len(printed))} phát hiện nữa trong findings.csv.\n")
    return "\n".join(parts)


def _items(rows: list[dict[str, str]]) -> Iterator[str]:
    """A list, not a table: a finding is a sentence or two. What is to be done about several in a row is said once."""
    for action, several in groupby(rows, key=lambda f: f["action"] if f["severity"] != "notice" else ""):
        for finding in several:
            at = place(finding)
            yield f"- {escaped(finding['message'])}" + (f" *({escaped(at)})*" if at else "")
        if action:
            yield f"    - Việc cần làm: {escaped(action)}"


def place(finding: dict[str, str]) -> str:
    """`bo-sung.xlsx › Đơn vị › C7`."""
    return " › ".join(finding[part] for part in ("file", "sheet", "cell") if finding[part])


def _score(value: float, places: int) -> str:
    return "–" if pd.isna(value) else vn_decimal(float(value), places)


def _points(value: float, places: int) -> str:
    return "không chấm" if pd.isna(value) else f"{vn_decimal(float(value), places)} điểm"
