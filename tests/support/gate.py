"""Hold a run in the middle, without waiting for luck: its registry of offices is a pipe until the gate is opened."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from processes import until


class Gate:
    """A run that reads the registry waits inside the read, holding its period's lock, and is heard of by `arrived`."""

    def __init__(self, registry: Path) -> None:
        self.registry, self._content = registry, registry.read_bytes()
        registry.unlink()
        os.mkfifo(registry)
        self._pipe: int | None = None

    def arrived(self, seconds: float = 60) -> None:
        """Wait until a run is held."""

        def opened() -> bool:
            try:
                self._pipe = os.open(self.registry, os.O_WRONLY | os.O_NONBLOCK)
            except OSError:  # nobody reads it yet
                return False
            return True

        until("a run reads the registry", opened, seconds, every=0.05)

    def let_others_pass(self) -> None:
        """The registry is a file again for whoever reads it from now on; a run that is held stays held."""
        if self.registry.is_fifo():
            draft = self.registry.with_name("units.csv.draft")
            draft.write_bytes(self._content)
            draft.replace(self.registry)

    def open(self) -> None:
        """The same, and a run that was held reads it from the pipe."""
        self.let_others_pass()
        if self._pipe is not None:
            pipe, self._pipe = self._pipe, None
            try:
                os.write(pipe, self._content)  # far smaller than a pipe's buffer
            except BrokenPipeError:  # the run that was held is no more
                pass
            finally:
                os.close(pipe)


@contextmanager
def gate(data: Path) -> Iterator[Gate]:
    """A closed gate before the data folder's registry, open at the end whatever happens."""
    closed = Gate(data / "reference" / "units.csv")
    try:
        yield closed
    finally:
        closed.open()
