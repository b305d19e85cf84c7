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
from dataclasses import replace
from typing import Any, BinaryIO, cast

from pipeline.extract.containers import Part, read_parts

MEMORY = 3_000_000_000  # address space, bytes
CPU_SECONDS = 120  # for one file; raised before each
HEADER = struct.Struct("<QQ")  # lengths of name and data
LENGTH = struct.Struct("<Q")


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
        answer = pickle.dumps(pack(_answer(*request)), protocol=pickle.HIGHEST_PROTOCOL)
        answers.write(LENGTH.pack(len(answer)) + answer)
        answers.flush()


def _answer(name: str, data: bytes) -> list[Part]:
    try:
        return read_parts(name, data)
    except MemoryError:
        return [Part(name, "", code="file_too_large", detail="đọc tệp cần quá nhiều bộ nhớ")]
    except Exception as error:
        # a reader library's own error: the file is refused by name, the class helps whoever looks into it
        return [Part(name, "", code="file_unreadable", detail=f"không đọc được nội dung ({type(error).__name__})")]


#: parts without the cells of their grids, and those cells: as bytes, or as they are where one is a date
Packed = tuple[list[Part], list[list[object]]]


def pack(parts: Sequence[Part]) -> Packed:
    """Parts as they travel: plain cells in the quickest form Python has, which knows no dates."""
    cells: list[list[object]] = []
    for part in parts:
        cells.append([])
        for grid in part.grids:
            try:
                cells[-1].append(marshal.dumps(grid.rows))  # type: ignore[arg-type]  # dates raise ValueError
            except ValueError:
                cells[-1].append(grid.rows)
    return [replace(p, grids=tuple(replace(g, rows=()) for g in p.grids)) for p in parts], cells


def unpack(packed: Packed) -> list[Part]:
    """What was packed."""
    return [
        replace(
            part,
            grids=tuple(
                replace(g, rows=cast(Any, marshal.loads(r) if isinstance(r, bytes) else r))
                for g, r in zip(part.grids, rows, strict=True)
            ),
        )
        for part, rows in zip(*packed, strict=True)
    ]


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
