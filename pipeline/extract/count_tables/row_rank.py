"""How high a row stands by its ordinal: A over I over 1 over 1.1."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.extract.count_tables.rows import Row
from pipeline.registry import ORDINAL_PREFIX

_ROMAN = re.compile(r"[IVX]+")


def rank(row: Row) -> int | None:
    """How high a row stands: A, B over I, II over 1, 2 over 1.1, a, –; None where it bears no ordinal."""
    text = row.stt.strip("(). ") or (m[0].strip("().-–/ ") if (m := ORDINAL_PREFIX.match(row.name)) else "")
    return _rank_of(text) if text else 4 if row.bullet else None


@lru_cache(maxsize=1 << 12)
def _rank_of(text: str) -> int:
    if _ROMAN.fullmatch(text):
        return 1
    if re.fullmatch(r"[A-ZĐ]", text):
        return 0
    return 2 if text.isdigit() else 3
