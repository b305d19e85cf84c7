"""Ways to damage a file: its bytes, the members of a workbook's zip, its cells. One `Random` makes all choices."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from fuzz_cells import damage_cells

#: kinds of damage that remove the meaning of headings, as opposed to those that give another meaning
_MEANINGLESS = ("cells: unheaded", "cells: unmerge", "cells: insert")


@dataclass(frozen=True)
class Damaged:
    """A damaged file and what was done to it. `restates`: its labels may have another valid meaning now."""

    kind: str
    data: bytes
    restates: bool = True


def damage(rng: random.Random, name: str, data: bytes) -> Damaged:
    """The file with one random kind of damage that its format allows."""
    workbook = data[:2] == b"PK"
    ways: list[Callable[[], tuple[str, bytes]]] = [lambda: damage_cells(rng, name, data)] * 5
    ways += [lambda: _in_bytes(rng, data, "bytes")] * (1 if workbook else 4)
    if workbook:
        ways += [lambda: _in_member(rng, data)] * 3
        ways += [lambda: _in_archive(rng, data)]
    try:
        kind, changed = rng.choice(ways)()
        return Damaged(kind, changed, not any(way in kind for way in _MEANINGLESS))
    except (
        ValueError,
        IndexError,
        KeyError,
        TypeError,
        AttributeError,
        StopIteration,
    ) as error:  # this file has nothing of that kind
        kind, changed = _in_bytes(rng, data, "bytes")
        return Damaged(f"{kind} (for want of cells: {type(error).__name__})", changed)


# --- bytes ---------------------------------------------------------------------------------------------------------


def _in_bytes(rng: random.Random, data: bytes, kind: str) -> tuple[str, bytes]:
    way = rng.choice(["flip", "flip", "set", "truncate", "delete", "repeat", "move"])
    out = bytearray(data)
    at = rng.randrange(len(out))
    size = min(rng.choice([1, 1, 2, 3, 8, 40, 400]), len(out) - at)
    if way == "flip":
        for _ in range(rng.choice([1, 1, 2, 10])):
            out[rng.randrange(len(out))] ^= 1 << rng.randrange(8)
    elif way == "set":
        out[at : at + size] = bytes(rng.choice(b"0123456789;,\t\r\n<>/ \0\xff") for _ in range(size))
    elif way == "truncate":
        del out[at:]
    elif way == "delete":
        del out[at : at + size]
    elif way == "repeat":
        out[at:at] = out[at : at + size] * rng.choice([1, 1, 2, 50])
    else:
        part = bytes(out[at : at + size])
        del out[at : at + size]
        to = rng.randrange(len(out) + 1)
        out[to:to] = part
    return f"{kind}: {way} {size} at {at}", bytes(out)


# --- the zip of a workbook -----------------------------------------------------------------------------------------


def _unzip(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {n: archive.read(n) for n in archive.namelist()}


def _zip(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def _in_member(rng: random.Random, data: bytes) -> tuple[str, bytes]:
    """Damage bytes of one member's XML, mostly of cells and texts. The zip's checksums stay right."""
    members = _unzip(data)
    cells = [n for n in members if "sheet" in n or "sharedStrings" in n]
    name = rng.choice(cells if rng.random() < 0.8 else list(members))
    kind, members[name] = _in_bytes(rng, members[name], "member")
    return f"{kind} of {name}", _zip(members)


def _in_archive(rng: random.Random, data: bytes) -> tuple[str, bytes]:
    members = _unzip(data)
    names = list(members)
    one, other = rng.choice(names), rng.choice(names)
    way = rng.choice(["swap", "drop", "empty", "copy", "strings", "date styles", "cell types", "targets"])
    if way == "swap":
        members[one], members[other] = members[other], members[one]
    elif way == "drop":
        del members[one]
    elif way == "empty":
        members[one] = b""
    elif way == "copy":
        members[one] = members[other]
    elif way == "strings":
        one = next(n for n in names if "sharedStrings" in n)
        items = members[one].split(b"<si>")
        a, b = rng.randrange(1, len(items)), rng.randrange(1, len(items))
        if rng.random() < 0.5:
            items[a], items[b] = items[b].replace(b"</sst>", b""), items[a]
        else:
            del items[a]
        members[one] = b"<si>".join(items)
    elif way == "date styles":
        one = next(n for n in names if "styles" in n)
        members[one] = members[one].replace(b'numFmtId="0"', b'numFmtId="14"')
    elif way == "cell types":
        one = rng.choice([n for n in names if "worksheets/" in n])
        members[one] = members[one].replace(b't="s"', rng.choice([b"", b't="n"', b't="e"', b't="str"', b't="b"']))
    else:
        one = rng.choice([n for n in names if n.endswith(".rels")])
        members[one] = members[one].replace(b"sheet1", rng.choice([b"sheet2", b"sheet9", b"../../x"]))
    return f"archive: {way} {one} {other}", _zip(members)
