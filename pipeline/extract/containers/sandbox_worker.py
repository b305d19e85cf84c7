"""The limited worker process that opens files: requests on stdin, answers on stdout.

A file that exhausts memory or time, or makes a library abort, ends this process and nothing else. Start-up must be
quick: no pandas, NumPy or pydantic may be imported here, directly or through another module.
"""

from __future__ import annotations

import marshal
import os
import pickle
import resource
import signal
import struct
import sys
from collections.abc import Sequence
from dataclasses import fields
from typing import Any, BinaryIO

from pipeline.extract.containers.limits import FILE_UNITS
from pipeline.extract.containers.open_file import OpenedFile, open_file
from pipeline.extract.sheet.grid import Grid, MisreadCell

#: address space of the process, in bytes
MEMORY = 3_000_000_000
#: CPU time for one file; the limit is raised before each file
CPU_SECONDS = 120
#: a request: lengths of name and data, the name in UTF-8, the data
HEADER = struct.Struct("<QQ")
#: an answer: its length, then `pack`
LENGTH = struct.Struct("<Q")
#: the first byte of an answer: serialised by marshal or by pickle
_MARSHAL, _PICKLE = b"m", b"p"
_PLAIN_FIELDS = tuple(f.name for f in fields(Grid) if f.name != "misread")


def main(left: int) -> None:
    """Answer requests until stdin closes. `left`: the units that all files together may have (`limits`)."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not mix with the answers
    limit(resource.RLIMIT_AS, MEMORY)
    limit(resource.RLIMIT_CORE, 0)
    # Ctrl-C reaches the whole group of processes; the run ends this one
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests = sys.stdin.buffer
    while request := read_request(requests):
        used = resource.getrusage(resource.RUSAGE_SELF)
        limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + CPU_SECONDS)
        opened = _answer(*request, min(left, FILE_UNITS))
        left -= sum(o.units for o in opened)
        answer = pack(opened)
        del opened
        answers.write(LENGTH.pack(len(answer)))
        answers.write(answer)
        answers.flush()


def _answer(name: str, data: bytes, most: int) -> list[OpenedFile]:
    try:
        return open_file(name, data, most)
    except MemoryError:
        return [OpenedFile(name, "", code="file_too_large", detail="đọc tệp cần quá nhiều bộ nhớ")]
    except Exception as error:
        # an unforeseen error of a library: the file is refused; the class of the error helps to find the cause
        return [
            OpenedFile(name, "", code="file_unreadable", detail=f"không đọc được nội dung ({type(error).__name__})")
        ]


def pack(opened: Sequence[OpenedFile]) -> bytes:
    """Serialise results as plain values: by marshal, which is fastest; by pickle where a cell holds a date."""
    plain = [(o.name, o.sha256, o.code, o.detail, o.units, [_plain_values(g) for g in o.grids]) for o in opened]
    try:
        return _MARSHAL + marshal.dumps(plain)
    except ValueError:
        return _PICKLE + pickle.dumps(plain, protocol=pickle.HIGHEST_PROTOCOL)


def unpack(packed: memoryview) -> list[OpenedFile]:
    """The results that `pack` serialised. The input comes from our own worker: no bytes of a file are unpickled."""
    form, body = bytes(packed[:1]), packed[1:]
    plain = marshal.loads(body) if form == _MARSHAL else pickle.loads(body)
    return [
        OpenedFile(name, digest, tuple([_grid(*values) for values in grids]), code, detail, used)
        for name, digest, code, detail, used, grids in plain
    ]


def _plain_values(grid: Grid) -> tuple[Any, ...]:
    misread = [(address, m.text, m.formula, m.other_number, m.why) for address, m in grid.misread.items()]
    return misread, *(getattr(grid, name) for name in _PLAIN_FIELDS)


def _grid(misread: Sequence[tuple[Any, ...]], *plain: Any) -> Grid:
    cells = {address: MisreadCell(*values) for address, *values in misread}
    return Grid(**dict(zip(_PLAIN_FIELDS, plain, strict=True)), misread=cells)


def read_request(stream: BinaryIO) -> tuple[str, bytes] | None:
    """The next request as (name, bytes); None at the end."""
    header = stream.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    name_size, data_size = HEADER.unpack(header)
    return stream.read(name_size).decode("utf-8", "replace"), stream.read(data_size)


def limit(what: int, value: int) -> None:
    """Set a soft limit of this process (`resource.RLIMIT_…`), at most to its hard limit."""
    _, hard = resource.getrlimit(what)
    resource.setrlimit(what, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))
