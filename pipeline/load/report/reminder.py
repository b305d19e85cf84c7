"""don-doc.md: the letter that reminds units of what is still to come, drafted for the office to complete and sign."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from pipeline.load.content.report_text import heading
from pipeline.load.content.sentences import BLANK
from pipeline.load.report.templating import environment, tidy
from pipeline.result import Checked

FILE_NAME = "don-doc.md"
#: more are not named one by one after “Kính gửi”: they are named below
_NAMED = 8


@dataclass(frozen=True)
class Part:
    """One thing that is to come: from whom (name, what of it), and what they are asked to do."""

    title: str
    units: tuple[tuple[str, str], ...]
    request: str


def render_reminder(checked: Checked, status: pd.DataFrame) -> str | None:
    """The letter as Markdown; None where nothing is to come. `status`: ReturnsStatus of the same period.

    Units whose counts lie in a file that is set aside are not reminded: that file is the office's own to mend.
    """
    missing = _missing(checked, status)
    if not missing:
        return None
    names = list(dict.fromkeys(name for part in missing for name, _ in part.units))
    top = heading(checked)
    template = environment().get_template("don-doc.md.j2")
    text = template.render(
        heading=top,
        period=checked.period,
        addressees="; ".join(names) if len(names) <= _NAMED else "các cơ quan, đơn vị có tên dưới đây",
        parts=[*missing, *_disagreeing(status)],
        receiver=f"bộ phận tổng hợp của {top.issuing_body}",
        blank=BLANK,
    )
    return tidy(text)


def _missing(checked: Checked, status: pd.DataFrame) -> list[Part]:
    absent = checked.entities.loc[checked.entities["status"] == "missing", "unit_id"]
    groups = (
        (
            status["unit_id"].isin(absent) & ~status["has_counts"],
            "Chưa có số liệu hồ sơ trong số liệu xuất từ cổng dịch vụ công",
            "Đề nghị cập nhật hồ sơ trên cổng dịch vụ công; trong kỳ không phát sinh hồ sơ thì báo bằng văn bản.",
        ),
        (
            status["sent"] == "not_sent",
            "Chưa gửi phiếu số liệu và tự chấm",
            "Đề nghị điền các ô trắng của phiếu đã nhận và gửi lại; nội dung không phát sinh thì ghi số 0.",
        ),
        (
            status["sent"] == "blank",
            "Đã gửi phiếu nhưng phiếu còn để trống",
            "Đề nghị điền phiếu và gửi lại.",
        ),
    )
    parts = (Part(title, tuple((n, "") for n in status.loc[rows, "name"]), request) for rows, title, request in groups)
    return [part for part in parts if part.units]


def _disagreeing(status: pd.DataFrame) -> Iterator[Part]:
    rows = status.loc[status["disagreements"] != ""]
    units = tuple((str(n), _small(str(d))) for n, d in zip(rows["name"], rows["disagreements"], strict=True))
    if units:
        yield Part("Phiếu có số liệu chưa khớp", units, "Đề nghị rà soát, sửa phiếu và gửi lại.")


def _small(titles: str) -> str:
    return "; ".join(t[:1].lower() + t[1:] for t in titles.split("; "))
