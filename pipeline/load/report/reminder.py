"""Draft of the letter that asks units for missing counts and forms; the office completes and signs it.

`don-doc.md` and nhac-viec.docx (`load/word`) print the same values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from pipeline.load.content.report_heading import report_heading
from pipeline.load.content.sentences import BLANK, lower_first
from pipeline.load.report.templating import environment, tidy
from pipeline.result import Checked
from pipeline.validate.submission_status import NOT_FILLED_IN

FILE_NAME = "don-doc.md"
#: who gets a copy
_RECIPIENTS = ("Như trên;", "Lưu: VT.")
#: units named after “Kính gửi”; more of them are named in the sections only
_MOST_ADDRESSEES = 8


@dataclass(frozen=True)
class ReminderSection:
    """One kind of thing that is missing. `units`: (name, details or ""); `request`: what the units are asked to do."""

    title: str
    units: tuple[tuple[str, str], ...]
    request: str


def render_reminder(context: Mapping[str, object]) -> str:
    """The letter as Markdown. `context`: the result of `reminder_context`."""
    return tidy(environment().get_template("don-doc.md.j2").render(context))


def reminder_context(checked: Checked, status: pd.DataFrame, *, scored: bool) -> dict[str, object] | None:
    """Name in the templates -> value; None where nothing is missing. `status`: ReturnsStatus of the same period.

    `scored`: a rulebook applies to the period. Without one the letter mentions no scores. Units whose counts are in a
    file that is set aside are not reminded: the office has to repair that file.
    """
    absent, *workbooks = _missing(checked, status, scored=scored)
    waits_for_workbooks = bool(status["sent"].isin(NOT_FILLED_IN).any())
    if not absent.units and not waits_for_workbooks:
        return None
    contradictions = list(_contradictions(status))
    sections = [section for section in (absent, *workbooks, *contradictions) if section.units]
    asked = {name for section in sections for name, _ in section.units}
    names = [name for name in status["name"] if name in asked]
    heading = report_heading(checked)
    return {
        "heading": heading,
        "period": checked.period,
        "addressees": "; ".join(names) if len(names) <= _MOST_ADDRESSEES else "các cơ quan, đơn vị có tên dưới đây",
        "sections": sections,
        "contradicted": bool(contradictions),
        "scored": scored,
        "counts_missing": bool(absent.units),
        "workbooks_missing": waits_for_workbooks,
        "signature": heading.signature_beside(_RECIPIENTS, ""),
        "recipients": _RECIPIENTS,
        "receiver": f"bộ phận tổng hợp của {heading.issuing_body}",
        "blank": BLANK,
    }


def _missing(checked: Checked, status: pd.DataFrame, *, scored: bool) -> Iterator[ReminderSection]:
    """Sections on units without counts, without a returned workbook, and with a blank one. A section may be empty."""
    absent = checked.entities.loc[checked.entities["status"] == "missing", "unit_id"]
    workbook = "phiếu số liệu và tự chấm" if scored else "phiếu số liệu"
    groups = (
        (
            status["unit_id"].isin(absent) & ~status["has_counts"],
            "Chưa có số liệu hồ sơ trong số liệu xuất từ cổng dịch vụ công",
            "Đề nghị cập nhật hồ sơ trên cổng dịch vụ công; trong kỳ không phát sinh hồ sơ thì báo bằng văn bản.",
        ),
        (
            (status["sent"] == "not_sent") & (status["disagreements"] == ""),
            f"Chưa gửi {workbook}",
            "Đề nghị điền các ô trắng của phiếu và gửi lại; nội dung không phát sinh thì ghi số 0.",
        ),
        (
            status["sent"] == "blank",
            "Đã gửi phiếu nhưng phiếu còn để trống",
            "Đề nghị điền các ô trắng của phiếu và gửi lại; nội dung không phát sinh thì ghi số 0.",
        ),
    )
    for rows, title, request in groups:
        yield ReminderSection(title, tuple((n, "") for n in status.loc[rows, "name"]), request)


def _contradictions(status: pd.DataFrame) -> Iterator[ReminderSection]:
    """A section on units whose workbook contradicts other figures or cannot be used; none without such units."""
    rows = status.loc[status["disagreements"] != ""]
    units = tuple((str(n), _lower_titles(str(d))) for n, d in zip(rows["name"], rows["disagreements"], strict=True))
    if units:
        yield ReminderSection(
            "Đã gửi phiếu nhưng phiếu chưa khớp hoặc chưa dùng được", units, "Đề nghị rà soát, sửa phiếu và gửi lại."
        )


def _lower_titles(titles: str) -> str:
    """`Sai tổng; Thiếu dòng` -> `sai tổng; thiếu dòng`."""
    return "; ".join(lower_first(title) for title in titles.split("; "))
