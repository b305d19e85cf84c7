"""Markdown whose text cannot break it, whatever an input file held."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pipeline.text import nfc

_SPECIAL = re.compile(r"[\\|`*\[\]~#]|(?<!\w)_|_(?!\w)")


def cell(value: object) -> str:
    """Text on one line, with what Markdown and HTML would read as markup escaped."""
    text = nfc(value).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _SPECIAL.sub(r"\\\g<0>", text)


def table(header: Sequence[str], rows: Iterable[Sequence[object]], right: Iterable[int] = ()) -> str:
    """A pipe table, every cell escaped; columns whose index is in `right` are flush right."""
    flush = set(right)
    lines = [
        "| " + " | ".join(cell(h) for h in header) + " |",
        "|" + "|".join("---:" if i in flush else "---" for i in range(len(header))) + "|",
    ]
    lines += ["| " + " | ".join(cell(v) for v in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"
