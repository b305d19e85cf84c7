"""The data folder as offices reach it, for paths in the pages."""

from __future__ import annotations

import os
from pathlib import Path

#: how offices see the data folder (`\\may-chu\tthc`, `Z:\tthc`)
SHARE = "TTHC_SHARE"


def shown(path: Path, data_dir: Path) -> str:
    """A path below the data folder as offices reach it."""
    whole, share = path.absolute(), os.environ.get(SHARE, "").rstrip("/\\")
    if not share or not whole.is_relative_to(data_dir.absolute()):
        return str(whole)
    return ("\\" if "\\" in share else "/").join([share, *whole.relative_to(data_dir.absolute()).parts])
