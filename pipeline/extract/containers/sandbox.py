"""Files -> their sheets, each opened in a limited worker process; a file that breaks it is one refused part.

Requests are written ahead by a thread, as far as the pipe takes them, so that the worker opens the next files while the
cells of the last one are read here. Bytes are never copied, and no limit is shared: one file at a time is open.
"""

from __future__ import annotations

import fcntl
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import pipeline
from pipeline.extract.containers.parts import Part
from pipeline.extract.containers.sandbox_worker import HEADER, LENGTH, unpack

#: wall time for one file; the worker's own CPU limit is the other guard
SECONDS = 150.0
#: bytes of requests or answers that may wait for the other side
PIPE = 1 << 20


def read_all(files: Mapping[str, bytes]) -> Iterator[tuple[str, list[Part]]]:
    """(name, parts) of every file, in the order given. One worker serves them all; a new one after a crash."""
    names = list(files)
    worker: _Worker | None = None
    try:
        for position, name in enumerate(names):
            worker = worker or _Worker(files, names[position:])
            parts = worker.next_answer()
            if parts is None:
                worker.stop()
                worker = None
                detail = "mở tệp vượt giới hạn thời gian hoặc bộ nhớ"
                parts = [Part(name, "", code="file_too_large", detail=detail)]
            yield name, parts
    finally:
        if worker is not None:
            worker.stop()


class _Worker:
    """One running worker process, and the thread that hands it the files from the first of `names` on."""

    def __init__(self, files: Mapping[str, bytes], names: Sequence[str]) -> None:
        command = [sys.executable, "-I", "-S", "-c", _START, *sys.path, str(Path(pipeline.__file__).parents[1])]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        for stream in (self._process.stdin, self._process.stdout):
            # a wider pipe only saves waiting; the system may allow less
            with suppress(OSError, AttributeError):
                fcntl.fcntl(stream, fcntl.F_SETPIPE_SZ, PIPE)  # type: ignore[arg-type]
        assert self._process.stdout is not None
        # read past its buffer, so that what is polled for is all there is
        self._answers = self._process.stdout.fileno()
        self._arrival = select.poll()
        self._arrival.register(self._answers, select.POLLIN)
        self._writer = threading.Thread(target=self._write, args=(files, names), daemon=True)
        self._writer.start()

    def _write(self, files: Mapping[str, bytes], names: Sequence[str]) -> None:
        stdin = self._process.stdin
        assert stdin is not None
        # a worker that is gone reads no more: whoever waits for its answer sees that
        with suppress(OSError, ValueError):
            for name in names:
                encoded = name.encode("utf-8", "replace")
                stdin.write(HEADER.pack(len(encoded), len(files[name])) + encoded)
                stdin.write(files[name])
                stdin.flush()

    def next_answer(self) -> list[Part] | None:
        """The parts of the next file, or None if the worker died or took too long over it."""
        # answers come in the order of the files, each as soon as its file is read: what is waited for is one file
        deadline = time.monotonic() + SECONDS
        try:
            header = self._take(LENGTH.size, deadline)
            body = None if header is None else self._take(LENGTH.unpack(header)[0], deadline)
        except OSError:
            return None
        return None if body is None else unpack(memoryview(body))

    def _take(self, size: int, deadline: float) -> bytearray | None:
        """The next `size` bytes of the answers; None where they end before, or do not all come in time."""
        taken = bytearray()
        while len(taken) < size:
            left = deadline - time.monotonic()
            if left <= 0 or not self._arrival.poll(1000 * left):
                return None
            piece = os.read(self._answers, min(size - len(taken), PIPE))
            if not piece:
                return None
            taken += piece
        return taken

    def stop(self) -> None:
        """End the process, whatever it is doing, and the thread that writes to it."""
        self._process.kill()
        self._process.wait()
        self._writer.join()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()


#: isolated and without `site`: no environment, no working folder, nothing of site-packages runs; the path is given
_START = "import sys; sys.path[:] = sys.argv[1:]; from pipeline.extract.containers.sandbox_worker import main; main()"
