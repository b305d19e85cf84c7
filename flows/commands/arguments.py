"""Arguments of the command line turned into values. Wrong ones raise UsageError (exit status 2)."""

from __future__ import annotations

import getpass
import os
from contextvars import ContextVar
from pathlib import Path

from flows.commands.usage_errors import UsageError
from flows.steps.failures import JobFailed
from flows.steps.job import Job
from flows.steps.known_offices import known_offices, offices_file
from flows.steps.other_quarters import published_periods
from flows.steps.stored_office import office_file_path, stored_office
from flows.steps.stored_registry import registry_paths
from flows.steps.terminal import echo
from flows.steps.typed_commands import init_command
from pipeline.periods import Period

#: name after `tthc --office`; "" for none
ASKED_OFFICE: ContextVar[str] = ContextVar("ASKED_OFFICE", default="")


#: the data folder of the command, once it is known; None before
USED_DATA_DIR: ContextVar[Path | None] = ContextVar("USED_DATA_DIR", default=None)


def login_name() -> str:
    """The login name of the current account; "" for an account without a name, as in some containers."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


def asked_data_dir(data: Path | None) -> Path:
    """The data folder of `--data` or `--office`, else TTHC_DATA_DIR, else `data` in the working directory.

    The folder may not exist. The log of a crash goes to this folder from now on. Raises UsageError for an unknown
    office, and for an office whose folder is not `data`.
    """
    folder = _asked_data_dir(data)
    USED_DATA_DIR.set(folder)
    return folder


def _asked_data_dir(data: Path | None) -> Path:
    name = ASKED_OFFICE.get()
    if not name:
        return data or Path(os.environ.get("TTHC_DATA_DIR") or "data")
    offices = known_offices()
    if name not in offices:
        known = ", ".join(offices) or "chưa có văn phòng nào"
        raise UsageError(
            f"Không biết văn phòng “{name}” (trong {offices_file()}: {known}). Ghi tên cho một thư mục dữ liệu: "
            f"“tthc init --office {name} --data THƯ_MỤC”."
        )
    if data is not None and data.resolve() != offices[name].resolve():
        raise UsageError(
            f"--office {name} là thư mục {offices[name]}, --data ghi {data}: hai thư mục khác nhau, bỏ một trong hai."
        )
    return offices[name]


def existing_data_dir(data: Path | None) -> Path:
    """The data folder of a command (`asked_data_dir`). Reports on stderr which office it is, where several are known.

    Raises UsageError if it does not exist, JobFailed if nothing in it is prepared.
    """
    folder = asked_data_dir(data)
    if not folder.is_dir():
        raise UsageError(
            f"Không có thư mục dữ liệu {folder}: chuyển về thư mục có nó, chỉ ra bằng --data, hoặc lập thư mục cho đơn "
            f"vị mới bằng “{init_command(folder)}”."
        )
    published = any(published_periods(folder / "out"))
    if not registry_paths(folder) and not office_file_path(folder).exists() and not published:
        raise JobFailed(
            f"Thư mục dữ liệu {folder} chưa được chuẩn bị: chưa có danh mục đơn vị, chưa có tệp của văn phòng. "
            f"Việc cần làm: chạy “{init_command(folder)}”."
        )
    _report_office(folder)
    return folder


def _report_office(folder: Path) -> None:
    try:
        offices = known_offices()
    except JobFailed:  # a damaged list of names stops no command that does not use it
        return
    if len(offices) < 2:
        return
    name = next((n for n, known in offices.items() if known.resolve() == folder.resolve()), "")
    try:
        stored = stored_office(folder)
    except JobFailed:
        stored = None
    shown = " – ".join(filter(None, (name or "chưa đặt tên", stored.name if stored else "")))
    echo(f"Văn phòng: {shown} ({folder})", err=True)


def parsed_period(text: str) -> Period:
    """The period `2022-Q1`, `2022-H1` or `2022`. Raises UsageError for another form."""
    try:
        return Period.parse_any(text)
    except ValueError as error:
        raise UsageError(str(error)) from None


def job_of(
    period: str,
    data: Path | None,
    rulebook: str | None = None,
    reason: str = "",
    strict: bool = False,
    requested_by: str = "",
    *,
    summed: bool = False,
) -> Job:
    """The job of a command. `summed`: half-years and years too.

    Raises UsageError for an impossible period, rulebook or data folder.
    """
    folder = existing_data_dir(data)
    try:
        return Job.of(period, folder, rulebook, reason, strict, requested_by, summed=summed)
    except ValueError as error:
        raise UsageError(str(error)) from None
