"""Zip archives (.xlsx, .docx) with the same bytes for the same content."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Final

#: the oldest moment a zip entry can carry, in place of the clock
MOMENT: Final = (1980, 1, 1, 0, 0, 0)


def zip_entries(archive: bytes) -> dict[str, bytes]:
    """Entry name -> content. Raises zipfile.BadZipFile for bytes that are no zip archive."""
    with zipfile.ZipFile(io.BytesIO(archive)) as source:
        return {name: source.read(name) for name in source.namelist()}


def zip_bytes(entries: Mapping[str, bytes]) -> bytes:
    """An archive of the entries, sorted by name, with fixed dates and attributes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as target:
        for name in sorted(entries):
            entry = zipfile.ZipInfo(name, MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            entry.create_system = 3  # the same on every system
            target.writestr(entry, entries[name], compresslevel=6)
    return packed.getvalue()
