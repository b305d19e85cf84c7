"""bao-cao.docx and nhac-viec.docx: filled from the office's own template, or from the one that is shipped.

A template of the office that cannot be filled is a problem in words; the paper is made from the shipped template then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Final

from pipeline.load.report.report_context import report_context
from pipeline.result import Checked, Scored, Stamp

REPORT: Final = "bao-cao.docx"
REMINDER: Final = "nhac-viec.docx"


@dataclass(frozen=True)
class WordPaper:
    """A paper as .docx bytes. `problem`: Vietnamese, what is wrong in the office's template, "" for nothing."""

    data: bytes
    problem: str = ""


def word_report(scored: Scored, stamp: Stamp, own: bytes | None = None) -> WordPaper:
    """bao-cao.docx of a revision, in the form of Nghị định 30/2020/NĐ-CP. `own`: the office's template.

    Its properties name period, revision, rulebook and the last day of the data: the signed text does not.
    """
    checked, rulebook = scored.checked, scored.rulebook
    about = (
        f"{checked.period}, bản {stamp.revision}; {rulebook.short if rulebook else 'chưa có căn cứ chấm điểm'}; "
        f"số liệu đến hết ngày {checked.period.end:%d/%m/%Y}"
    )
    title = f"Báo cáo kết quả giải quyết thủ tục hành chính {checked.period.name}"
    return _filled(REPORT, report_context(scored, stamp), title, about, checked, own)


def word_reminder(context: Mapping[str, object], checked: Checked, own: bytes | None = None) -> WordPaper:
    """nhac-viec.docx, an official letter. `context`: the result of `reminder_context`."""
    title = f"Đôn đốc gửi số liệu {checked.period.name}"
    return _filled(REMINDER, context, title, str(checked.period), checked, own)


def shipped_template(name: str) -> bytes:
    """The template of a paper as it is shipped. `name`: of the paper."""
    return resources.files("templates").joinpath(name).read_bytes()


def _filled(
    name: str, context: Mapping[str, object], title: str, about: str, checked: Checked, own: bytes | None
) -> WordPaper:
    # docxtpl is imported only where a paper is written
    from pipeline.load.word.word_template import UnfillableError, fill_template

    problem, day = "", checked.period.end
    if own is not None:
        try:
            return WordPaper(fill_template(own, context, title, about, day))
        except UnfillableError as fault:
            problem = str(fault)
    return WordPaper(fill_template(shipped_template(name), context, title, about, day), problem)
