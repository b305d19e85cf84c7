"""The log file for unexpected exceptions, so that the command line never prints a traceback."""

from __future__ import annotations

import tempfile
from pathlib import Path

from flows.commands.arguments import USED_DATA_DIR
from flows.server.runtime import default_data_dir
from flows.steps.failures import where_it_happened
from flows.steps.terminal import terminal_text
from pipeline.publish.atomic_files import append_text

FILE_NAME = "loi-chuong-trinh.log"


def log_crash(error: BaseException) -> str:
    """Append where it happened to the log file in out/ of the command's data folder, else in the temporary folder.

    Returns Vietnamese: where the log is and what to do. Raises nothing.
    """
    text = where_it_happened(error)
    data_dir = USED_DATA_DIR.get() or default_data_dir()
    for folder in (data_dir / "out", Path(tempfile.gettempdir())):
        path = folder / FILE_NAME
        try:
            append_text(path, terminal_text(text) + "\n")
        except OSError:
            continue
        return f"Các bản đã công bố vẫn nguyên. Gửi tệp {path} cho người phụ trách chương trình."
    return "Các bản đã công bố vẫn nguyên. Báo cho người phụ trách chương trình."
