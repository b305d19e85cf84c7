"""The data folder as offices reach it, for paths in the pages."""

from __future__ import annotations

import os
from pathlib import Path

from flows.steps import progress

#: how offices see the data folder (`\\may-chu\tthc`, `Z:\tthc`)
SHARE = "TTHC_SHARE"


def shown(path: Path, data_dir: Path) -> str:
    """A path below the data folder as offices reach it."""
    whole, share = path.absolute(), os.environ.get(SHARE, "").rstrip("/\\")
    if not share or not whole.is_relative_to(data_dir.absolute()):
        return str(whole)
    windows = "\\" in share or share[1:2] == ":"
    return ("\\" if windows else "/").join([share, *whole.relative_to(data_dir.absolute()).parts])


def told(path: Path, data_dir: Path) -> str:
    """A path in what a run says: as offices reach it, or as whoever typed the command would type it."""
    return shown(path, data_dir) if os.environ.get(SHARE) else progress.shown(path)
