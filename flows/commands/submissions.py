"""What `tthc check` says and leaves of who has sent what: a table, and the draft of the reminder."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from flows.steps.file_names import REVIEWS
from flows.steps.job import Inputs, Job
from flows.steps.progress import shown
from pipeline.load.report.reminder import FILE_NAME, render_reminder
from pipeline.publish.atomic_files import PublishError, period_lock, replace_file
from pipeline.result import Checked
from pipeline.text import vn_int
from pipeline.validate.submission_status import WORKBOOKS_UNUSED, returns_status, workbooks_unused

#: beside the revisions and never one of them
_SENT = {"sent": "đã gửi", "blank": "đã gửi nhưng để trống", "not_sent": "chưa gửi", "not_needed": "không cần"}
_HEADS = ("Đơn vị", "Số liệu của cổng", "Phiếu", "Chưa khớp")


def returns_lines(job: Job, inputs: Inputs, checked: Checked) -> Iterator[str]:
    """The table where something is to be said of it, and where the reminder lies; nothing where every unit is there
    and the office works without units' workbooks. The draft of an earlier check goes when nothing is missing any more.
    """
    status = returns_status(checked, inputs.raw.sent_out)
    at_work = bool((status["sent"] != "not_needed").any()) or len(checked.returns) > 0
    # no counts at all: nothing was exported yet, which no unit can mend
    letter = render_reminder(checked, status) if len(checked.counts) else None
    if at_work or letter is not None:
        yield ""
        yield from _table(status)
    if workbooks_unused(checked, inputs.raw.sent_out):
        yield WORKBOOKS_UNUSED
    path = job.out / REVIEWS / FILE_NAME
    try:
        if letter is not None:
            with period_lock(path.parent):
                replace_file(path, letter.encode("utf-8"))
            yield f"Dự thảo công văn đôn đốc: {shown(path)}"
        elif len(checked.counts) and path.is_file():
            path.unlink()
            yield f"Không còn đơn vị nào thiếu: đã xoá dự thảo đôn đốc cũ {shown(path)}"
    except (PublishError, OSError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        yield f"Chưa ghi được dự thảo công văn đôn đốc {shown(path)}: {why}. Kết quả kiểm tra vẫn đúng."


def _table(status: pd.DataFrame) -> Iterator[str]:
    counts = status["sent"].value_counts()
    said = [f"{vn_int(int(counts[key]))} {word}" for key, word in _SENT.items() if key in counts]
    yield f"Số liệu và phiếu của từng đơn vị (phiếu: {', '.join(said)}):"
    rows = [
        (r["name"], "có" if r["has_counts"] else "CHƯA CÓ", _SENT[r["sent"]], r["disagreements"] or "–")
        for r in status.to_dict("records")
    ]
    widths = [max(len(str(row[i])) for row in [_HEADS, *rows]) for i in range(len(_HEADS) - 1)]
    for row in [_HEADS, *rows]:
        cells = [str(cell).ljust(width) for cell, width in zip(row, widths, strict=False)]
        yield f"  {'  '.join([*cells, str(row[-1])])}".rstrip()
