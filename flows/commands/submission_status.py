"""Which units have sent their data: the table that `tthc check` prints, and the draft of a reminder that it writes."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from flows.commands.reminder_draft import write_drafts
from flows.steps.file_names import REVIEW_FOLDER
from flows.steps.job import Job
from flows.steps.run_values import Inputs
from flows.steps.word_templates import own_template
from pipeline.load.content.display_names import SENT_NAMES
from pipeline.load.report.reminder import FILE_NAME, reminder_context, render_reminder
from pipeline.load.word.papers import REMINDER, word_reminder
from pipeline.result import Checked
from pipeline.text import vn_int
from pipeline.validate.submission_status import WORKBOOKS_UNUSED, returns_status, workbooks_unused

_HEADS = ("Đơn vị", "Số liệu của cổng", "Phiếu", "Chưa khớp")


def submission_table(inputs: Inputs, checked: Checked) -> Iterator[str]:
    """Vietnamese: the table of units; nothing if no unit lacks data and the office does not use units' workbooks."""
    status = returns_status(checked, inputs.raw.sent_out)
    uses_workbooks = bool((status["sent"] != "not_needed").any()) or len(checked.returns) > 0
    if uses_workbooks or _letter(checked, status, scored=True) is not None:
        yield from _table(status)


def reminder_lines(job: Job, inputs: Inputs, checked: Checked) -> Iterator[str]:
    """Vietnamese: the paths of the reminder's drafts (Word, Markdown), which are written here, and advice on workbooks.

    Drafts of an earlier check are removed if no unit lacks data any more and nobody edited them. Does not raise OSError
    or PublishError.
    """
    has_counts = len(checked.counts) > 0
    scored = job.choice.applying is not None
    context = _letter(checked, returns_status(checked, inputs.raw.sent_out), scored=scored)
    if workbooks_unused(checked, inputs.raw.sent_out):
        yield WORKBOOKS_UNUSED
    if not has_counts:
        return
    letters: dict[str, bytes | None] = {REMINDER: None, FILE_NAME: None}
    if context is not None:
        template = own_template(job.data_dir, REMINDER)
        word = word_reminder(context, checked, template.data)
        yield from template.notes(word.problem)
        letters = {REMINDER: word.data, FILE_NAME: render_reminder(context).encode()}
    yield from write_drafts(job.out / REVIEW_FOLDER, letters)


def _letter(checked: Checked, status: pd.DataFrame, *, scored: bool) -> dict[str, object] | None:
    """The values of the reminder; none without any count: there was no export yet, and a letter does not help.

    `scored`: whether the period has a rulebook.
    """
    return reminder_context(checked, status, scored=scored) if len(checked.counts) else None


def _table(status: pd.DataFrame) -> Iterator[str]:
    """`status`: one row per unit, columns name, has_counts, sent and disagreements."""
    counts = status["sent"].value_counts()
    totals = [f"{vn_int(int(counts[key]))} {word}" for key, word in SENT_NAMES.items() if key in counts]
    yield f"Số liệu và phiếu của từng đơn vị (phiếu: {', '.join(totals)}):"
    rows = [
        (r["name"], "có" if r["has_counts"] else "CHƯA CÓ", SENT_NAMES[r["sent"]], r["disagreements"] or "–")
        for r in status.to_dict("records")
    ]
    widths = [max(len(str(row[i])) for row in [_HEADS, *rows]) for i in range(len(_HEADS) - 1)]
    for row in [_HEADS, *rows]:
        cells = [str(cell).ljust(width) for cell, width in zip(row, widths, strict=False)]
        yield f"  {'  '.join([*cells, str(row[-1])])}".rstrip()
