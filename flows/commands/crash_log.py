"""The log file for unexpected exceptions, so that the command line never prints a traceback."""

from __future__ import annotations

import tempfile
from pathlib import Path

from flows.server.runtime import default_data_dir
from flows.steps.failures import where_it_happened

FILE_NAME = "loi-chuong-trinh.log"


def log_crash(error: BaseException) -> str:
    """Append where it happened to the log file in out/, or in the temporary folder if that cannot be written.

    Returns Vietnamese: where the log is and what to do. Raises nothing.
    """
    text = where_it_happened(error)
    for folder in (default_data_dir() / "out", Path(tempfile.gettempdir())):
        path = folder / FILE_NAME
        try:
            with path.open("a", encoding="utf-8") as file:
                file.write(text + "\n")
        except OSError:
            continue
        return f"Các bản đã công bố vẫn nguyên. Gửi tệp {path} cho người phụ trách chương trình."
    return "Các bản đã công bố vẫn nguyên. Báo cho người phụ trách chương trình."
