"""Files -> their sheets, each opened in a limited worker process; a file that breaks it is one refused part."""

from __future__ import annotations

import pickle
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import IO

from pipeline.extract.containers import Part
from pipeline.extract.worker import HEADER, LENGTH

#: wall time for one file; the worker's own CPU limit is the other guard
SECONDS = 150.0


def read_all(files: Mapping[str, bytes]) -> Iterator[tuple[str, list[Part]]]:
    """(name, parts) of every file, in the order given. One worker serves them all; a new one after a crash."""
    worker: _Worker | None = None
    try:
        for name, data in files.items():
            worker = worker or _Worker()
            parts = worker.read(name, data)
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
    """One running worker process."""

    def __init__(self) -> None:
        command = [sys.executable, "-I", "-c", _START, *sys.path]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )

    def read(self, name: str, data: bytes) -> list[Part] | None:
        """The parts of one file, or None if the worker died or took too long over it."""
        encoded = name.encode("utf-8", "replace")
        assert self._process.stdin is not None and self._process.stdout is not None
        timer = threading.Timer(SECONDS, self._process.kill)
        timer.start()
        try:
            self._process.stdin.write(HEADER.pack(len(encoded), len(data)) + encoded + data)
            self._process.stdin.flush()
            answer = _read_answer(self._process.stdout)
        except (BrokenPipeError, OSError):
            answer = None
        finally:
            timer.cancel()
        return answer

    def stop(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        self._process.wait()


#: isolated mode ignores the environment and the working folder, so the path is handed over
_START = "import sys; sys.path[:] = sys.argv[1:]; from pipeline.extract.worker import main; main()"


def _read_answer(stream: IO[bytes]) -> list[Part] | None:
    header = stream.read(LENGTH.size)
    if len(header) < LENGTH.size:
        return None
    (size,) = LENGTH.unpack(header)
    body = stream.read(size)
    # our own worker's answer, made a moment ago: no bytes of the file are unpickled, only the cells it read
    return pickle.loads(body) if len(body) == size else None
