"""Which units have sent their data: the table that `tthc check` prints, and the draft of a reminder that it writes."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from flows.commands.reminder_draft import write_draft
from flows.steps.file_names import REVIEW_FOLDER
from flows.steps.job import Job
from flows.steps.run_values import Inputs
from pipeline.load.content.display_names import SENT_NAMES
from pipeline.load.report.reminder import render_reminder
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
    """Vietnamese: the path of the reminder's draft, which is written here, and advice on workbooks nobody returned.

    The draft of an earlier check is removed if no unit lacks data any more and nobody edited it. Does not raise OSError
    or PublishError.
    """
    has_counts = len(checked.counts) > 0
    scored = job.choice.applying is not None
    letter = _letter(checked, returns_status(checked, inputs.raw.sent_out), scored=scored)
    if workbooks_unused(checked, inputs.raw.sent_out):
        yield WORKBOOKS_UNUSED
    if has_counts:
        yield from write_draft(job.out / REVIEW_FOLDER, letter)


def _letter(checked: Checked, status: pd.DataFrame, *, scored: bool) -> str | None:
    """The reminder; none without any count: there was no export yet, and a letter to the units does not help.

    `scored`: whether the period has a rulebook.
    """
    return render_reminder(checked, status, scored=scored) if len(checked.counts) else None


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
