"""Loaded by every Python of a test's service (PYTHONPATH): holds whoever opens a registry that has a gate before it."""

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any


def _hold(event: str, arguments: tuple[Any, ...]) -> None:
    if event != "open" or not isinstance(arguments[0], str | os.PathLike):
        return
    registry = Path(os.fsdecode(arguments[0]))
    if registry.parts[-2:] != ("reference", "units.csv"):
        return
    gate = registry.with_name(".cong")
    with suppress(OSError):
        if gate.is_fifo():
            gate.read_bytes()  # waits until the test opens it, and then until the test closes it


sys.addaudithook(_hold)
