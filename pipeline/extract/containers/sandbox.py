"""Opens files in a limited worker process. A file that crashes or exhausts the worker gives one refused result.

A thread writes requests ahead, as far as the pipe takes them, so that the worker opens the next files while this
process reads the cells of the last one. The worker opens one file at a time; its limits hold for each file.
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
from pipeline.extract.containers.limits import Budget
from pipeline.extract.containers.open_file import OpenedFile
from pipeline.extract.containers.sandbox_worker import HEADER, LENGTH, unpack

#: wall time for one file, in seconds; the worker has a limit on CPU time besides
SECONDS = 150.0
#: size of either pipe, in bytes
PIPE = 1 << 20


def open_all(files: Mapping[str, bytes], budget: Budget | None = None) -> Iterator[tuple[str, list[OpenedFile]]]:
    """(name, results of `open_file`) of every file, in the order given.

    `budget`: what the files of the period may still use; they spend it. Without one, these files are a whole period.

    One worker serves all files; after a crash or a time-out a new one serves the rest.
    """
    names = list(files)
    budget = budget or Budget()
    worker: _Worker | None = None
    try:
        for position, name in enumerate(names):
            worker = worker or _Worker(files, names[position:], budget.left)
            opened = worker.next_answer()
            if opened is None:
                worker.stop()
                worker = None
                detail = "mở tệp vượt giới hạn thời gian hoặc bộ nhớ"
                opened = [OpenedFile(name, "", code="file_too_large", detail=detail)]
            budget.spend(sum(o.units for o in opened))
            yield name, opened
            del opened  # the cells of this file do not wait for those of the next
    finally:
        if worker is not None:
            worker.stop()


class _Worker:
    """One running worker process, and the thread that writes the files of `names` to it."""

    def __init__(self, files: Mapping[str, bytes], names: Sequence[str], left: int) -> None:
        paths = [*sys.path, str(Path(pipeline.__file__).parents[1])]
        command = [sys.executable, "-I", "-S", "-c", _START, str(left), *paths]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        for stream in (self._process.stdin, self._process.stdout):
            # a wider pipe saves waiting; the system may allow less
            with suppress(OSError, AttributeError):
                fcntl.fcntl(stream, fcntl.F_SETPIPE_SZ, PIPE)  # type: ignore[arg-type]
        assert self._process.stdout is not None
        # read from the descriptor, not through the buffer: poll() does not know what the buffer holds
        self._answers = self._process.stdout.fileno()
        self._arrival = select.poll()
        self._arrival.register(self._answers, select.POLLIN)
        self._writer = threading.Thread(target=self._write, args=(files, names), daemon=True)
        self._writer.start()

    def _write(self, files: Mapping[str, bytes], names: Sequence[str]) -> None:
        stdin = self._process.stdin
        assert stdin is not None
        # a worker that has ended reads no more: `next_answer` returns None then
        with suppress(OSError, ValueError):
            for name in names:
                encoded = name.encode("utf-8", "replace")
                stdin.write(HEADER.pack(len(encoded), len(files[name])) + encoded)
                stdin.write(files[name])
                stdin.flush()

    def next_answer(self) -> list[OpenedFile] | None:
        """The results for the next file; None where the worker ended or took longer than SECONDS."""
        # answers come in the order of the files, each as soon as its file is read: the wait is for one file
        deadline = time.monotonic() + SECONDS
        try:
            header = self._take(LENGTH.size, deadline)
            body = None if header is None else self._take(LENGTH.unpack(header)[0], deadline)
        except OSError:
            return None
        return None if body is None else unpack(memoryview(body))

    def _take(self, size: int, deadline: float) -> bytearray | None:
        """The next `size` bytes of the answers; None where they end before that or are not complete at the deadline."""
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
        """Kill the process and end the thread that writes to it."""
        self._process.kill()
        self._process.wait()
        self._writer.join()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()


#: the worker's program. It runs isolated and without `site` (-I -S): no environment variables, no working folder, no
#: start-up code of site-packages; the units left and `sys.path` are passed as arguments
_START = (
    "import sys; sys.path[:] = sys.argv[2:]; "
    "from pipeline.extract.containers.sandbox_worker import main; main(int(sys.argv[1]))"
)
