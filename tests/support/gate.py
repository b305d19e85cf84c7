"""Hold a run in the middle, without waiting for luck: it waits before the registry until the gate is opened.

The run's environment is that of `servers.environment`: its Python loads tests/support/held.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from processes import until


class Gate:
    """A run that opens the registry waits, holding its period's lock, and is heard of by `arrived`."""

    def __init__(self, data: Path) -> None:
        self._fifo = data / "reference" / ".cong"
        os.mkfifo(self._fifo)
        self._pipe: int | None = None

    def arrived(self, seconds: float = 60) -> None:
        """Wait until a run is held."""
        until("a run opens the registry", self._opened, seconds, every=0.05)

    def _opened(self) -> bool:
        try:
            self._pipe = os.open(self._fifo, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:  # nobody waits yet
            return False
        return True

    def let_others_pass(self) -> None:
        """Whoever opens the registry from now on is not held; a run that is held stays held."""
        self._fifo.unlink(missing_ok=True)

    def open(self) -> None:
        """The same, and a run that was held goes on."""
        if self._pipe is None:
            self._opened()
        self.let_others_pass()
        if self._pipe is not None:
            pipe, self._pipe = self._pipe, None
            with suppress(OSError):
                os.close(pipe)


@contextmanager
def gate(data: Path) -> Iterator[Gate]:
    """A closed gate before the data folder's registry, open at the end whatever happens."""
    closed = Gate(data)
    try:
        yield closed
    finally:
        closed.open()
