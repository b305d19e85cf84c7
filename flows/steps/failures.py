"""Failures that an analyst can act on. The module loads neither pandas nor Prefect, so that `tthc` starts fast."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.extract.time_limit import StepTooLongError
from pipeline.publish.atomic_files import PublishError, is_transient


class JobFailed(Exception):  # noqa: N818 – the flow's final state has this name
    """The period cannot be scored or published. The message is Vietnamese and states what to do.

    `transient`: the cause may be gone in a minute (a network share that does not answer), so another try makes sense.
    """

    def __init__(self, message: str, *, transient: bool = False) -> None:
        super().__init__(message)
        self.transient = transient


class NothingArrived(JobFailed):
    """The period has no file, or no file with a count. A scheduled run waits then; a manual run fails."""


class UnforeseenError(Exception):
    """An unexpected exception as logs may keep it: its kind and where it happened. Its message may repeat a cell."""

    def __init__(self, kind: str, where: str) -> None:
        super().__init__(where)
        self.kind = kind


def unforeseen(error: Exception) -> UnforeseenError:
    """An unexpected exception without its message."""
    if isinstance(error, UnforeseenError):
        return error
    return UnforeseenError(type(error).__name__, where_it_happened(error))


def is_own(error: BaseException) -> bool:
    """Whether an exception is one of this program, whose messages are written for its users."""
    return type(error).__module__.startswith(("flows.", "pipeline."))


def where_it_happened(error: BaseException) -> str:
    """The kinds of an exception and of its causes, with the lines of code; no message, which may repeat a cell."""
    parts = []
    seen: BaseException | None = error
    while seen is not None:
        message = f": {seen}" if is_own(seen) else ""
        parts.append("".join([*traceback.format_tb(seen.__traceback__), f"{type(seen).__qualname__}{message}\n"]))
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return "\n".join(reversed(parts))


@contextmanager
def disk_errors_as_failures() -> Iterator[None]:
    """Turns a transient OSError of a disk or share into a transient JobFailed, a step that takes too long into one.

    Wraps every step. Other OSErrors pass unchanged, also those of a network connection without a file.
    """
    try:
        yield
    except StepTooLongError as error:
        raise JobFailed(str(error)) from None
    except OSError as error:
        of_server = isinstance(error, ConnectionError) and error.filename is None
        if of_server or not is_transient(error):
            raise
        where = f"không đọc ghi được {error.filename}" if error.filename else "ổ đĩa không trả lời"
        raise JobFailed(
            f"Ổ đĩa (ổ mạng) đang gián đoạn: {where} ({error.strerror}). Kiểm tra ổ đĩa rồi chạy lại.", transient=True
        ) from None


@contextmanager
def publish_errors_as_failures() -> Iterator[None]:
    """Turns a PublishError into a JobFailed with the same message and the same `transient`."""
    try:
        yield
    except PublishError as error:
        raise JobFailed(str(error), transient=error.transient) from None
