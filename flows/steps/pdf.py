"""bao-cao.pdf: the Word report printed by LibreOffice, where it is installed. A run never fails because of it.

LibreOffice runs with an empty profile in a folder of its own, for at most `SECONDS`, in a process group that is ended
with it. A killed run leaves that folder; a later one removes it. A template that links to pictures or files elsewhere
is refused before (`pipeline/load/word`).
"""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from flows.steps.progress import report_line

PDF: Final = "bao-cao.pdf"
#: environment variable: the path of LibreOffice's `soffice`, or `khong` for no PDF
SOFFICE: Final = "TTHC_SOFFICE"
NO_PDF: Final = "khong"
#: longest time of a conversion
SECONDS: Final = 120
#: how the names of the temporary folders begin
_FOLDER: Final = "tthc-pdf-"
#: seconds after which a folder belongs to no conversion that still runs
_LEFT_AFTER: Final = 2 * SECONDS
#: where LibreOffice's installers put the program, if it is not in the path
_PLACES: Final = (
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.exe",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)


def print_report(docx: bytes) -> dict[str, bytes]:
    """The PDF of the Word report, by its name; empty if there is none. A line reports why there is none."""
    asked = os.environ.get(SOFFICE, "")
    if asked == NO_PDF:
        return {}
    program = shutil.which(asked or "soffice") or next((place for place in _PLACES if Path(place).is_file()), "")
    if not program:
        report_line(f"Không lập {PDF}: máy này chưa cài LibreOffice. Cần PDF thì mở bao-cao.docx, chọn lưu dạng PDF.")
        return {}
    try:
        return {PDF: _converted(program, docx)}
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        why = f"quá {SECONDS} giây" if isinstance(error, subprocess.TimeoutExpired) else str(error)
        report_line(f"Không lập được {PDF} bằng LibreOffice ({why}); các tệp khác không ảnh hưởng.")
        return {}


def _converted(program: str, docx: bytes) -> bytes:
    """The PDF. Raises OSError, subprocess.TimeoutExpired, or ValueError if LibreOffice writes no PDF."""
    _remove_left()
    with tempfile.TemporaryDirectory(prefix=_FOLDER, ignore_cleanup_errors=True) as folder:
        source = Path(folder, "bao-cao.docx")
        source.write_bytes(docx)
        command = [
            program,
            f"-env:UserInstallation={Path(folder, 'profile').as_uri()}",
            *("--headless", "--norestore", "--nolockcheck", "--nodefault"),
            *("--convert-to", "pdf", "--outdir", folder, str(source)),
        ]
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C reaches this program, which ends the group
        )
        try:
            process.wait(SECONDS)
        finally:
            _end_group(process)
        made = source.with_suffix(".pdf")
        data = made.read_bytes() if made.is_file() else b""
    if not data.startswith(b"%PDF"):
        raise ValueError(f"không ra tệp, mã {process.returncode}")
    return data


def _remove_left() -> None:
    """Remove the folders that killed runs left, once no conversion can use them any more."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_FOLDER}*"):
        with suppress(OSError):
            found = folder.lstat()
            own = stat.S_ISDIR(found.st_mode) and (not hasattr(os, "getuid") or found.st_uid == os.getuid())
            if own and time.time() - found.st_mtime > _LEFT_AFTER:
                shutil.rmtree(folder, ignore_errors=True)


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """End LibreOffice and what it started, if it still runs."""
    if process.poll() is not None:
        return
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()
