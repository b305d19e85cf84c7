"""A time limit on what a thread does with one file: an exception ends the work.

Files are opened in a process that can be killed. What the cells mean is worked out in the process of the run, which
holds the modules that take long to load; there a second thread raises the exception.
"""

from __future__ import annotations

import ctypes
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Final

#: longest time of a step over all files, in minutes
STEP_MINUTES: Final = 10


class OutOfTimeError(BaseException):
    """The work on a file took too long. No Exception: a library that catches those must not swallow it."""


class StepTooLongError(Exception):
    """A step over all files of a period took too long. The message is Vietnamese and states what to do."""


class Watch:
    """Watches the work of the thread that makes it. One watch serves many files, one after the other."""

    #: seconds between two attempts to end work that has run out of time: a destructor can swallow an exception
    AGAIN = 0.5

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._worker = threading.get_ident()
        self._deadline: float | None = None
        self._raising = False
        self._raised = False
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    @contextmanager
    def limit(self) -> Iterator[None]:
        """Raises OutOfTimeError in the block once it has run for the seconds of the watch."""
        self._deadline = time.monotonic() + self._seconds
        try:
            yield
        finally:
            self._deadline = None
            while self._raising:
                time.sleep(0)
            if self._raised:
                self._raised = False
                _end_pending(self._worker)

    def _run(self) -> None:
        pause = self._seconds
        while not self._ended.wait(pause):
            # the order matters: `limit` waits for `_raising` after it has taken the deadline away
            self._raising = True
            deadline = self._deadline
            left = self._seconds if deadline is None else deadline - time.monotonic()
            if deadline is not None and left <= 0:
                self._raised = True
                _raise_in(self._worker, OutOfTimeError)
            self._raising = False
            pause = left if left > 0 else self.AGAIN


@contextmanager
def step_limit(step: str, minutes: float = STEP_MINUTES) -> Iterator[None]:
    """Raises StepTooLongError once the block has run for so long. `step`: its Vietnamese name."""
    try:
        with Watch(60 * minutes) as watch, watch.limit():
            yield
    except OutOfTimeError:
        raise StepTooLongError(
            f"Bước {step} chạy quá {minutes:g} phút nên đã dừng; không công bố gì. Thường do một tệp hoặc biểu mẫu dài "
            "khác thường: chuyển các tệp mới thêm hoặc mới sửa ra khỏi thư mục của kỳ, rồi đưa lại từng tệp và chạy "
            "lại để biết là tệp nào. Mọi tệp đều đúng thì báo người quản trị."
        ) from None


def _end_pending(thread: int) -> None:
    """End an exception that was set in the calling thread and not raised yet: it is raised and caught here.

    Taking it back would leave CPython 3.11 with a flag that says one is pending: every call is slow from then on, and
    under a debugger or a profiler the next one never ends. Only raising an exception clears the flag.
    """
    with suppress(OutOfTimeError):
        _raise_in(thread, OutOfTimeError)  # instead of the pending one, if there is one
        while True:
            time.sleep(0)


def _raise_in(thread: int, error: type[BaseException]) -> None:
    """Raise an exception in a thread before one of its next bytecodes. It replaces one that was not raised yet."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(error))
