"""The command that prepares a data folder, as messages name it."""

from __future__ import annotations

import shlex
from pathlib import Path

from flows.steps.shared_paths import typed_path


def init_command(data_dir: Path) -> str:
    """The command line that prepares a data folder: `tthc init --data DIR`, `tthc init` for `data` in this folder."""
    typed = typed_path(data_dir)
    return "tthc init" if typed == "data" else f"tthc init --data {shlex.quote(typed)}"
