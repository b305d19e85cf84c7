"""Which units have sent their data: the table that `tthc check` prints, and the draft of a reminder that it writes."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from flows.steps.file_names import REVIEW_FOLDER
from flows.steps.job import Job
from flows.steps.run_values import Inputs
from flows.steps.shared_paths import typed_path
from pipeline.load.content.display_names import SENT_NAMES
from pipeline.load.report.reminder import FILE_NAME, render_reminder
from pipeline.publish.atomic_files import PublishError, period_lock, replace_file
from pipeline.result import Checked
from pipeline.text import vn_int
from pipeline.validate.submission_status import WORKBOOKS_UNUSED, returns_status, workbooks_unused

_HEADS = ("Đơn vị", "Số liệu của cổng", "Phiếu", "Chưa khớp")


def submission_table(inputs: Inputs, checked: Checked) -> Iterator[str]:
    """Vietnamese: the table of units; nothing if no unit lacks data and the office does not use units' workbooks."""
    status = returns_status(checked, inputs.raw.sent_out)
    uses_workbooks = bool((status["sent"] != "not_needed").any()) or len(checked.returns) > 0
    if uses_workbooks or _letter(checked, status) is not None:
        yield from _table(status)


def reminder_lines(job: Job, inputs: Inputs, checked: Checked) -> Iterator[str]:
    """Vietnamese: the path of the reminder's draft, which is written here, and advice on workbooks nobody returned.

    The draft of an earlier check is removed if no unit lacks data any more. Does not raise OSError or PublishError.
    """
    letter = _letter(checked, returns_status(checked, inputs.raw.sent_out))
    if workbooks_unused(checked, inputs.raw.sent_out):
        yield WORKBOOKS_UNUSED
    path = job.out / REVIEW_FOLDER / FILE_NAME
    try:
        if letter is not None:
            with period_lock(path.parent):
                replace_file(path, letter.encode("utf-8"))
            yield f"Dự thảo công văn đôn đốc: {typed_path(path)}"
        elif len(checked.counts) and path.is_file():
            path.unlink()
            yield f"Không còn đơn vị nào thiếu: đã xoá dự thảo đôn đốc cũ {typed_path(path)}"
    except (PublishError, OSError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        yield f"Chưa ghi được dự thảo công văn đôn đốc {typed_path(path)}: {why}. Kết quả kiểm tra vẫn đúng."


def _letter(checked: Checked, status: pd.DataFrame) -> str | None:
    """The reminder; none without any count: there was no export yet, and a letter to the units does not help."""
    return render_reminder(checked, status) if len(checked.counts) else None


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
