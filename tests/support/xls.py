"""Makes .xls files, record by record and in a container of its own, as no writer at hand writes all of it."""

import struct
from collections.abc import Iterable, Sequence
from typing import Any

FREE, END, TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_TYPES = {"storage": 1, "stream": 2, "root": 5}


def record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def text(value: str) -> bytes:
    return struct.pack("<HB", len(value), 1) + value.encode("utf-16-le")


def begin(kind: int, version: int = 0x600) -> bytes:
    return record(0x809, struct.pack("<HHHHII", version, kind, 0, 0, 0, 0))


END_OF_PART = record(0x0A)


def number(row: int, column: int, value: float, style: int = 0) -> bytes:
    return record(0x203, struct.pack("<HHHd", row, column, style, value))


def small(row: int, column: int, value: int, style: int = 0) -> bytes:
    return record(0x27E, struct.pack("<HHHI", row, column, style, (value << 2 | 2) & 0xFFFFFFFF))


def smalls(row: int, column: int, values: Sequence[int], style: int = 0) -> bytes:
    cells = b"".join(struct.pack("<HI", style, (v << 2 | 2) & 0xFFFFFFFF) for v in values)
    return record(0xBD, struct.pack("<HH", row, column) + cells + struct.pack("<H", column + len(values) - 1))


def label(row: int, column: int, value: str, style: int = 0) -> bytes:
    return record(0x204, struct.pack("<HHH", row, column, style) + text(value))


def error(row: int, column: int, code: int) -> bytes:
    return record(0x205, struct.pack("<HHHBB", row, column, 0, code, 1))


def formula(row: int, column: int, result: bytes, flags: int = 0, style: int = 0) -> bytes:
    """`result`: eight bytes; the formula itself is 1."""
    return record(
        0x06, struct.pack("<HHH", row, column, style) + result + struct.pack("<HI", flags, 0) + b"\3\0\x1e\1\0"
    )


def result(kind: int, code: int = 0) -> bytes:
    """What a formula holds that is no number: 0 a text that follows, 1 a truth, 2 an error, 3 nothing."""
    return bytes([kind, 0, code, 0, 0, 0, 0xFF, 0xFF])


def line(row: int, *, hidden: bool = False, height: int = 255) -> bytes:
    return record(0x208, struct.pack("<HHHHHHI", row, 0, 256, height, 0, 0, 0x100 | 0x20 * hidden))


def columns(first: int, last: int, *, hidden: bool = False, width: int = 2560) -> bytes:
    return record(0x7D, struct.pack("<HHHHHH", first, last, width, 0, hidden, 0))


def cells(rows: Iterable[Sequence[Any]]) -> bytes:
    """Texts and numbers from A1 on."""
    return b"".join(
        number(r, c, v) if isinstance(v, int | float) else label(r, c, v)
        for r, row in enumerate(rows)
        for c, v in enumerate(row)
        if v is not None
    )


def stream(
    *sheets: bytes, names: Sequence[str] = ("S", "T"), formats: Sequence[str] = (), hidden: int = 0, old: bool = False
) -> bytes:
    """The records of a workbook. Style n + 1 has the n-th of `formats`; `hidden`: the state of its last sheet.

    `old`: as Excel 95 wrote it, with texts of one byte a letter.
    """
    version = 0x500 if old else 0x600

    def short(value: str) -> bytes:
        return bytes([len(value)]) + (value.encode() if old else text(value)[2:])

    made = record(0x42, struct.pack("<H", 1252 if old else 1200))
    for i, code in enumerate(formats):
        made += record(0x41E, struct.pack("<H", 164 + i) + (short(code) if old else text(code)))
    made += b"".join(record(0xE0, struct.pack("<HH16x", 0, k)) for k in [0, *range(164, 164 + len(formats))])
    head = begin(5, version) + made
    listed = [short(n) for n in names[: len(sheets)]]
    start = len(head) + sum(10 + len(n) for n in listed) + len(END_OF_PART)
    parts = [begin(0x10, version) + s + END_OF_PART for s in sheets]
    for i, name in enumerate(listed):
        state = hidden if i == len(sheets) - 1 else 0
        head += record(0x85, struct.pack("<IBB", start + sum(map(len, parts[:i])), state, 0) + name)
    return head + END_OF_PART + b"".join(parts)


def container(*streams: tuple[str, bytes], inside: Sequence[tuple[str, bytes]] = ()) -> bytes:
    """A compound file of streams; those of `inside` come first in its directory and lie in a folder of their own."""
    everything = [(n, d.ljust(4096, b"\0")) for n, d in [*inside, *streams]]
    sizes = [-(-len(d) // 512) for _, d in everything]
    directory_at = sum(sizes)
    directory_size = -(-(len(everything) + 2) // 4)
    table = [FREE] * 128 * -(-(directory_at + directory_size + 2) // 126)
    entries, at = [], 0
    for (name, data), size in zip(everything, sizes, strict=True):
        table[at : at + size] = [*range(at + 1, at + size), END]
        entries.append((name, "stream", at, len(data)))
        at += size
    table[at : at + directory_size] = [*range(at + 1, at + directory_size), END]
    table_at = at + directory_size
    tables = len(table) // 128
    table[table_at : table_at + tables] = [TABLE] * tables
    right = {i: i + 1 for i in range(1, len(entries)) if i != len(inside)}
    folder = len(entries) + 1 if inside else FREE
    first = len(inside) + 1
    written = [_entry("Root Entry", "root", END, 0, FREE, first)]
    for i, (name, kind, start, length) in enumerate(entries, 1):
        left = folder if i == first else FREE
        written.append(_entry(name, kind, start, length, right.get(i, FREE), FREE, left))
    if inside:
        written.append(_entry("MBD0001", "storage", 0, 0, FREE, 1))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, tables, directory_at, 0, 4096, END, 0, END, 0)
    head += struct.pack("<109I", *range(table_at, table_at + tables), *[FREE] * (109 - tables))
    body = b"".join(d.ljust(s * 512, b"\0") for (_, d), s in zip(everything, sizes, strict=True))
    body += b"".join(written).ljust(directory_size * 512, b"\0")
    return head + body + struct.pack(f"<{len(table)}I", *table)


def _entry(name: str, kind: str, start: int, size: int, right: int, child: int, left: int = FREE) -> bytes:
    written = (name + "\0").encode("utf-16-le")
    places = struct.pack("<HBBIII", len(written), _TYPES[kind], 1, left, right, child)
    return written.ljust(64, b"\0") + places + bytes(36) + struct.pack("<IQ", start, size)


def workbook(*sheets: bytes, **kinds: Any) -> bytes:
    """An .xls of the records of its sheets."""
    return container(("Workbook", stream(*sheets, **kinds)))
