"""Progress of a run: text lines (for a terminal or a flow's log) and stages (for the bar, flows/pages/progress_bar.py).

The steps report; callers register callbacks with `lines_to` and `stages_to`. Without a callback nothing happens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

from flows.steps.terminal import terminal_text
from pipeline.text import vn_int

#: how many steps a run has: read, check, score, write, publish
STEPS = 5


@dataclass(frozen=True)
class Stage:
    """How far a run is: `share` (0 to 1) of step `number` (1 to STEPS) is done."""

    number: int
    name: str  # Vietnamese: of the step
    detail: str  # Vietnamese: the amount of work, or how much of it is done
    share: float = 0.0


LineCallback = Callable[[str], None]
StageCallback = Callable[[Stage], None]
_Callback = TypeVar("_Callback")
_line_callbacks: ContextVar[tuple[LineCallback, ...]] = ContextVar("line_callbacks", default=())
_stage_callbacks: ContextVar[tuple[StageCallback, ...]] = ContextVar("stage_callbacks", default=())


def lines_to(callback: LineCallback) -> AbstractContextManager[None]:
    """Inside the block `callback` also receives every line of `report_line`."""
    return _registered(_line_callbacks, callback)


def stages_to(callback: StageCallback) -> AbstractContextManager[None]:
    """Inside the block `callback` also receives every stage. It is called often and must be quick."""
    return _registered(_stage_callbacks, callback)


@contextmanager
def _registered(callbacks: ContextVar[tuple[_Callback, ...]], callback: _Callback) -> Iterator[None]:
    token = callbacks.set((*callbacks.get(), callback))
    try:
        yield
    finally:
        callbacks.reset(token)


def report_line(text: str) -> None:
    """Pass one Vietnamese line to the callbacks of `lines_to`."""
    shown = terminal_text(text)
    for callback in _line_callbacks.get():
        callback(shown)


def report_stage(stage: Stage) -> None:
    """Pass a stage to the callbacks of `stages_to`."""
    for callback in _stage_callbacks.get():
        callback(stage)


def report_step(number: int, name: str, detail: str) -> None:
    """Report the begin of a step, as the line `[2/5] Kiểm tra số liệu · 6 tệp` and as a stage."""
    report_line(f"[{number}/{STEPS}] {name} · {detail}")
    report_stage(Stage(number, name, detail))


def file_counter(files: Mapping[str, bytes], number: int, name: str) -> Callable[[str], None]:
    """A callback that takes the name of a finished file and reports how far step `number` is.

    `files`: name -> content of all files to read. The share counts bytes, because one list of dossiers may be larger
    than all other files together.
    """
    whole, of = max(sum(map(len, files.values())), 1), vn_int(len(files))
    count = size = 0

    def file_done(file: str) -> None:
        nonlocal count, size
        count, size = count + 1, size + len(files[file])
        report_stage(Stage(number, name, f"{vn_int(count)} trên {of} tệp", size / whole))

    return file_done
