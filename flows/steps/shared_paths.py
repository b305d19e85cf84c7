"""Paths in messages: as offices reach the data folder over the network, or as they are typed on this machine.

Each is one line without invisible characters.
"""

from __future__ import annotations

import os
from pathlib import Path

from pipeline.publish.text_differences import PAGE_FILE
from pipeline.text import visible

#: environment variable with the data folder's path as offices have it (`\\may-chu\tthc`, `Z:\tthc`)
SHARE = "TTHC_SHARE"
#: first part of the paths of published pages on the server (flows/server/published_pages.py); Prefect has none of it
PAGES = "xem"


def page_path(period: str, revision: str) -> str:
    """The path of a revision's page on the server."""
    return f"/{PAGES}/{period}/{revision}/{PAGE_FILE}"


def office_path(path: Path, data_dir: Path) -> str:
    """A path below `data_dir` as offices reach it. Without TTHC_SHARE, or outside `data_dir`: the absolute path."""
    whole, share = path.absolute(), os.environ.get(SHARE, "").rstrip("/\\")
    if not share or not whole.is_relative_to(data_dir.absolute()):
        return visible(str(whole))
    windows = "\\" in share or share[1:2] == ":"
    return visible(("\\" if windows else "/").join([share, *whole.relative_to(data_dir.absolute()).parts]))


def typed_path(path: Path) -> str:
    """A path as it is typed in a terminal: relative to the working directory if it lies below it."""
    here = Path.cwd()
    return visible(str(path.relative_to(here)) if path.is_relative_to(here) else str(path))


def readable_path(path: Path, data_dir: Path) -> str:
    """`office_path` where TTHC_SHARE is set, else `typed_path`."""
    return office_path(path, data_dir) if os.environ.get(SHARE) else typed_path(path)
