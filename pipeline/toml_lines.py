"""Where in a TOML file a value is written."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from typing import Any


def line_of(text: str, path: Sequence[int | str]) -> int:
    """The line (from 1) where the statement of TOML begins that gives the value at a path; 0 for none.

    Every beginning of a TOML text that ends with a whole statement can be parsed: the statement of the value follows
    the longest such beginning without the value.
    """
    lines = text.splitlines(keepends=True)
    start = 1
    for end in range(1, len(lines) + 1):
        try:
            content: Any = tomllib.loads("".join(lines[:end]))
        except tomllib.TOMLDecodeError:
            continue
        if path and _holds(content, path):
            return start
        start = end + 1
    return 0


def _holds(content: Any, path: Sequence[int | str]) -> bool:
    for part in path:
        try:
            content = content[part]
        except (KeyError, IndexError, TypeError):
            return False
    return True
