"""The review workbook of `tthc check`, beside the revisions and never one of them."""

from __future__ import annotations

from flows.job import Job
from flows.progress import shown
from pipeline.disk import PublishError, explain, period_lock, replace_file
from pipeline.load.review_workbook import FILE_NAME, render_review
from pipeline.result import Scored

FOLDER = "ra-soat"


def write_review(job: Job, scored: Scored) -> str:
    """Write the workbook in one step; gives a Vietnamese line: where it lies, or why it could not be written.

    Checks of one period wait for each other here (a lock of the folder's own): a run that publishes holds up no check.
    """
    folder = job.out / FOLDER
    data = render_review(scored)
    try:
        with period_lock(folder):
            replace_file(folder / FILE_NAME, data)
    except PublishError as error:
        return f"Kết quả kiểm tra ở trên vẫn đúng, chỉ chưa ghi được sổ rà soát. {error}"
    except OSError as error:
        why = explain(folder, error, "Kết quả kiểm tra ở trên vẫn đúng.")
        return f"Chưa ghi được sổ rà soát. {why}"
    return f"Sổ rà soát để mở bằng Excel: {shown(folder / FILE_NAME)}"
