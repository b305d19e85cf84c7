"""The failure an analyst can do something about; apart, so that naming it does not load pandas."""

from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.publish.atomic_files import passing


class JobFailed(Exception):  # noqa: N818 – what the flow's state is called
    """The whole period is meaningless or cannot be published. The Vietnamese message says what to do.

    `passing`: what stopped it may be over in a minute (a network share that does not answer): worth another try.
    """

    def __init__(self, message: str, *, passing: bool = False) -> None:
        super().__init__(message)
        self.passing = passing


class NothingArrived(JobFailed):
    """No file of the period, or none with a count: nothing to score yet. A scheduled run waits."""


@contextmanager
def on_a_share() -> Iterator[None]:
    """Around whatever reads and writes: a disk that does not answer for a moment is no damage and no defect of the
    program, but a JobFailed worth another try.
    """
    try:
        yield
    except OSError as error:
        network = isinstance(error, ConnectionError) and error.filename is None  # of a server, not of a file
        if network or not passing(error):
            raise
        where = f"không đọc ghi được {error.filename}" if error.filename else "ổ đĩa không trả lời"
        raise JobFailed(
            f"Ổ đĩa (ổ mạng) đang gián đoạn: {where} ({error.strerror}). Kiểm tra ổ đĩa rồi chạy lại.", passing=True
        ) from None
