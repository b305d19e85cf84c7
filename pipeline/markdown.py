"""Markdown from values of input files: escaped, so that no value can change the layout of a page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pipeline.text import nfc

#: markup, and the characters without which an address of the web or of mail is no link: `:` before `//`, `.`, `@`
_SPECIAL = re.compile(
    r"[\\|`*\[\]~#]|(?<!\w)_|_(?!\w)|(?<=[a-z]):(?=//)|(?<=www)\.|(?<=mailto):|(?<=xmpp):|(?<=\S)@(?=\S)",
    re.IGNORECASE,
)


def escaped(value: object) -> str:
    """The value as text on one line; characters that Markdown (GFM) or HTML would read as markup are escaped.

    A bare address (`https://…`, `www.…`, `a@b.vn`) stays text and becomes no link.
    """
    text = nfc(value).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _SPECIAL.sub(r"\\\g<0>", text)


def pipe_table(header: Sequence[str], rows: Iterable[Sequence[object]], right: Iterable[int] = ()) -> str:
    """A GFM pipe table. Every cell is escaped. `right`: indexes of the columns that are aligned right."""
    right_aligned = set(right)
    lines = [
        "| " + " | ".join(escaped(h) for h in header) + " |",
        "|" + "|".join("---:" if i in right_aligned else "---" for i in range(len(header))) + "|",
    ]
    lines += ["| " + " | ".join(escaped(v) for v in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"
