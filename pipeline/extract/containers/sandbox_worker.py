"""The limited process that opens files: requests on stdin, answers on stdout.

A file that exhausts memory or time, or aborts the reader library, takes this process down and nothing else.
"""

from __future__ import annotations

import marshal
import os
import pickle
import resource
import struct
import sys
from collections.abc import Sequence
from dataclasses import fields
from typing import Any, BinaryIO

from pipeline.extract.containers.parts import Part, read_parts
from pipeline.extract.sheet.grid import Grid, Hidden

MEMORY = 3_000_000_000  # address space, bytes
CPU_SECONDS = 120  # for one file; raised before each
HEADER = struct.Struct("<QQ")  # lengths of name and data
LENGTH = struct.Struct("<Q")
#: the first byte of an answer: how the rest of it is written
_QUICK, _ANY = b"m", b"p"
_PLAIN_FIELDS = tuple(f.name for f in fields(Grid) if f.name != "hidden")


def main() -> None:
    """Serve until stdin closes."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing a library prints may mix with the answers
    limit(resource.RLIMIT_AS, MEMORY)
    limit(resource.RLIMIT_CORE, 0)
    requests = sys.stdin.buffer
    while request := read_request(requests):
        used = resource.getrusage(resource.RUSAGE_SELF)
        limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + CPU_SECONDS)
        answer = pack(_answer(*request))
        answers.write(LENGTH.pack(len(answer)))
        answers.write(answer)
        answers.flush()


def _answer(name: str, data: bytes) -> list[Part]:
    try:
        return read_parts(name, data)
    except MemoryError:
        return [Part(name, "", code="file_too_large", detail="đọc tệp cần quá nhiều bộ nhớ")]
    except Exception as error:
        # a reader library's own error: the file is refused by name, the class helps whoever looks into it
        return [Part(name, "", code="file_unreadable", detail=f"không đọc được nội dung ({type(error).__name__})")]


def pack(parts: Sequence[Part]) -> bytes:
    """Parts as they travel: plain values in the quickest form Python has, or where a cell is a date, which that form
    does not know, in the other.
    """
    plain = [(p.name, p.sha256, p.code, p.detail, [_values(g) for g in p.grids]) for p in parts]
    try:
        return _QUICK + marshal.dumps(plain)
    except ValueError:
        return _ANY + pickle.dumps(plain, protocol=pickle.HIGHEST_PROTOCOL)


def unpack(packed: memoryview) -> list[Part]:
    """What was packed: by our own worker, a moment ago; no bytes of a file are unpickled, only the cells it read."""
    form, body = bytes(packed[:1]), packed[1:]
    plain = marshal.loads(body) if form == _QUICK else pickle.loads(body)
    return [
        Part(name, digest, tuple([_grid(*values) for values in grids]), code, detail)
        for name, digest, code, detail, grids in plain
    ]


def _values(grid: Grid) -> tuple[Any, ...]:
    hidden = [(at, h.text, h.formula, h.other_number) for at, h in grid.hidden.items()]
    return hidden, *(getattr(grid, name) for name in _PLAIN_FIELDS)


def _grid(hidden: Sequence[tuple[Any, ...]], *plain: Any) -> Grid:
    return Grid(**dict(zip(_PLAIN_FIELDS, plain, strict=True)), hidden={at: Hidden(*said) for at, *said in hidden})


def read_request(stream: BinaryIO) -> tuple[str, bytes] | None:
    """The next (name, bytes), or None at the end."""
    header = stream.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    name_size, data_size = HEADER.unpack(header)
    return stream.read(name_size).decode("utf-8", "replace"), stream.read(data_size)


def limit(what: int, value: int) -> None:
    """Lower a soft limit of this process, as far as its hard limit allows."""
    _, hard = resource.getrlimit(what)
    resource.setrlimit(what, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


if __name__ == "__main__":
    main()
