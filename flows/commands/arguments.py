"""Arguments of the command line turned into values. Wrong ones raise UsageError (exit status 2)."""

from __future__ import annotations

import getpass
from pathlib import Path

from flows.commands.usage_errors import UsageError
from flows.server.runtime import default_data_dir
from flows.steps.job import Job
from pipeline.periods import Period


def login_name() -> str:
    """The login name of the current account; "" for an account without a name, as in some containers."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


def existing_data_dir(data: Path | None) -> Path:
    """The data folder: the one given, else the default. Raises UsageError if it does not exist."""
    folder = data or default_data_dir()
    if not folder.is_dir():
        raise UsageError(f"Không có thư mục dữ liệu {folder}: chạy trong thư mục dự án, hoặc chỉ ra bằng --data.")
    return folder


def parsed_period(text: str) -> Period:
    """The period `2022-Q1`. Raises UsageError for another form."""
    try:
        return Period.parse(text)
    except ValueError as error:
        raise UsageError(str(error)) from None


def job_of(
    period: str,
    data: Path | None,
    rulebook: str | None = None,
    reason: str = "",
    strict: bool = False,
    requested_by: str = "",
) -> Job:
    """The job of a command. Raises UsageError for an impossible period, rulebook or data folder."""
    folder = existing_data_dir(data)
    try:
        return Job.of(period, folder, rulebook, reason, strict, requested_by)
    except ValueError as error:
        raise UsageError(str(error)) from None
