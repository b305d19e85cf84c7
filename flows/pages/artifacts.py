"""The artifacts of a run in Prefect's pages: scoreboard, report, findings, changes, files; the reminder; the review.

Flows that do not score leave the list of forms, the comparison of two revisions and the list of revisions.

An artifact has one key per kind and period, so its page shows the versions of all runs. An artifact that cannot be
written is logged and does not fail the run.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

import httpx
from prefect import get_run_logger
from prefect.artifacts import create_markdown_artifact
from prefect.settings import get_current_settings

from flows.pages.changes_page import changes_page
from flows.pages.findings_page import findings_page
from flows.pages.report_page import report_page
from flows.pages.scoreboard_page import scoreboard_page
from flows.pages.todo_page import todo_page
from flows.steps.failures import where_it_happened
from flows.steps.job import Job
from flows.steps.known_offices import office_label
from flows.steps.run_values import RunResult
from flows.steps.shared_paths import office_path, page_path
from flows.steps.waiting_reminder import Reminder
from pipeline.load.content.changes import changes_title
from pipeline.load.review.review_summary import ReviewSummary
from pipeline.markdown import escaped, pipe_table
from pipeline.publish.revision_diff import Changes
from pipeline.publish.revisions import published_file, read_manifest
from pipeline.result import Checked, Scored


def artifact_key(kind: str, job: Job) -> str:
    """`bang-diem-2022-q1`; at the end the rulebook's id of an alternative, and the office where several are known.

    Prefect allows a-z, 0-9 and dashes. Two offices share a server without sharing pages.
    """
    rulebook, office = job.choice.rulebook, office_label(job.data_dir)
    tail = f"-{rulebook.id}" if job.choice.alternative and rulebook else ""
    return f"{kind}-{job.period}{tail}{f'-{office}' if office else ''}".lower()


def write_revision_artifacts(job: Job, scored: Scored, result: RunResult, found: Changes | None = None) -> None:
    """Write the artifacts of a published or unchanged revision: scoreboard, findings, files and changes."""
    where = f"{job.period.name}, bản {result.manifest.revision}"
    _put(job, "bang-diem", f"Bảng điểm {where}", scoreboard_page(scored, where, found, result.signature))
    report = published_report(result)
    if report:  # one that was altered since is reported by the run
        _put(job, "bao-cao", f"Lời văn báo cáo {where}", report_page(report))
    _put(job, "phat-hien", f"Phát hiện {where}", findings_page(scored.findings, where))
    _put(job, "tep", f"Các tệp của {where}", files_page(job, result, served_page(job, result)))
    if found is not None:
        _put(job, "thay-doi", f"Thay đổi {where}", changes_page(found))


def published_report(result: RunResult) -> str:
    """The text of the revision's report as it was published; "" if it was altered or cannot be read."""
    with suppress(OSError, UnicodeError, ValueError):
        manifest = read_manifest(result.path)
        return (published_file(result.path, manifest, "bao-cao.md") or b"").decode()
    return ""


def write_reminder_artifact(job: Job, reminder: Reminder) -> None:
    """Write the artifact with the units that have not sent their data."""
    _put(job, "nhac-gui", f"Nhắc gửi số liệu {job.period.name}", reminder.markdown)


def write_review_artifacts(job: Job, checked: Checked, scored: Scored, summary: ReviewSummary) -> None:
    """Write the artifacts of a review: what to do and findings, and provisional scores if there is any count."""
    where = f"{job.period.name} (rà soát, chưa công bố)"
    page = f"{todo_page(summary, where)}\n{findings_page(scored.findings, where)}"
    _put(job, "ra-soat", f"Rà soát số liệu {job.period.name}", page)
    if not checked.counts.empty:
        _put(job, "diem-tam", f"Điểm tạm tính {job.period.name}", scoreboard_page(scored, where))


def write_forms_artifact(job: Job, folder: str, lines: Iterable[str]) -> None:
    """Write the list of the period's forms. `folder`: as offices reach it. `lines`: Vietnamese, of `tthc forms`."""
    text = "\n".join(f"{'    ' if line.startswith(' ') else ''}- {escaped(line.strip())}" for line in lines)
    page = f"# Các biểu của {escaped(job.period.name)}\n\n{_OPEN_FOLDER}\n\n    {folder}\n\n## Đã làm gì\n\n{text}\n"
    _put(job, "bieu", f"Các biểu của {job.period.name}", page)


def write_comparison_artifact(job: Job, found: Changes) -> None:
    """Write the changes between two revisions that somebody compared."""
    _put(job, "so-sanh", changes_title(found), changes_page(found))


def write_history_artifact(job: Job, lines: Iterable[str]) -> None:
    """Write the list of the period's revisions. `lines`: of `tthc history`, aligned for letters of one width."""
    text = "\n".join(f"    {line}" for line in lines)
    _put(job, "cac-ban", f"Các bản của {job.period.name}", f"# Các bản của {escaped(job.period.name)}\n\n{text}\n")


def _put(job: Job, kind: str, description: str, text: str) -> None:
    try:
        create_markdown_artifact(text, key=artifact_key(kind, job), description=description)
    except Exception as error:
        # the revision is published already: a server that does not answer must not fail the run
        get_run_logger().warning("an artifact could not be written:\n%s", where_it_happened(error))


def served_page(job: Job, result: RunResult) -> str:
    """The path of the revision's page on the server; "" where the server of this run does not answer it."""
    settings = get_current_settings().api
    if job.choice.alternative or not settings.url:
        return ""
    path = page_path(str(job.period), result.manifest.revision)
    password = settings.auth_string.get_secret_value() if settings.auth_string else ""
    name, _, secret = password.partition(":")
    with suppress(httpx.HTTPError):
        answer = httpx.head(settings.url.removesuffix("/api") + path, auth=(name, secret), timeout=_PATIENCE)
        # Prefect's own server answers every path with its start page, which is never sandboxed
        if answer.is_success and "sandbox" in answer.headers.get("content-security-policy", ""):
            return path
    return ""


def files_page(job: Job, result: RunResult, page: str = "") -> str:
    """Markdown: the revision's folder and files. The path is text, because browsers block links to local files.

    `page`: path of the revision's page on the server, "" for none.
    """
    folder = office_path(result.path, job.data_dir)
    rows = [(name, content) for name, content in _FILES if (result.path / name).exists()]
    lines = [
        f"# Các tệp của {escaped(job.period.name)}, bản {result.manifest.revision}\n",
        *([f"[Mở trang để xem]({page}) (hỏi tên và mật khẩu của máy chủ).\n"] if page else []),
        f"{_OPEN_FOLDER}\n",
        f"    {folder}\n",
        pipe_table(("Tệp", "Nội dung"), rows),
        *([f"{result.ledger}\n"] if result.ledger else []),
    ]
    return "\n".join(lines)


#: seconds to wait for the server's answer
_PATIENCE = 5.0
#: browsers block links to local files, so a path is shown as text
_OPEN_FOLDER = "Thư mục (chép dòng này vào thanh địa chỉ của cửa sổ thư mục):"
#: file name, content in Vietnamese
_FILES = (
    ("index.html", "Trang để xem: bảng điểm tìm và sắp xếp được, cách tính từng điểm với nguồn, biểu đồ, phát hiện"),
    ("bao-cao.docx", "Báo cáo để trình ký, kèm các biểu"),
    ("bao-cao.pdf", "Báo cáo, bản in"),
    ("bao-cao.md", "Báo cáo và phụ lục nguồn số liệu"),
    ("cham-diem.xlsx", "Các biểu mẫu để in, ký, nộp"),
    ("doi-chieu.xlsx", "Nội bộ: số liệu với nguồn, phát hiện, cách tính từng điểm"),
    ("cham-diem-cong-khai.xlsx", "Bản công khai, không có tên công chức, viên chức"),
    ("ket-qua", "Thư mục: kết quả của từng đơn vị, để gửi lại đơn vị"),
    ("thay-doi.md", "Thay đổi so với bản trước"),
    ("findings.csv", "Mọi phát hiện"),
    ("unit_scores.csv", "Điểm các đơn vị"),
    ("datapackage.json", "Cho phần mềm khác: mô tả các bảng; các bảng dạng Parquet, JSON ở thư mục du-lieu"),
    ("manifest.json", "Dấu vết: tệp đầu vào, quy định, phiên bản chương trình"),
)
