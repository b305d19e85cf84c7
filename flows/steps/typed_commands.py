"""Command lines as messages tell an analyst to type them: with the office or the data folder that they work in."""

from __future__ import annotations

import shlex
from pathlib import Path

from flows.steps.known_offices import office_label
from flows.steps.shared_paths import typed_path


def init_command(data_dir: Path) -> str:
    """The command line that prepares a data folder: `tthc init --data DIR`, `tthc init` for `data` in this folder."""
    return f"tthc init{_data_option(data_dir)}"


def office_command(data_dir: Path, arguments: str, office: str = "") -> str:
    """A command in a data folder: `tthc --office NAME check 2022-Q1`, else `tthc check 2022-Q1 --data DIR`.

    `office`: the name of the folder; "" for the known one, if there are several.
    """
    name = office or office_label(data_dir)
    return f"tthc --office {name} {arguments}" if name else f"tthc {arguments}{_data_option(data_dir)}"


def _data_option(data_dir: Path) -> str:
    typed = typed_path(data_dir)
    return "" if typed == "data" else f" --data {shlex.quote(typed)}"
