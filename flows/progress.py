"""What a run says while it works: one line a step, to whoever listens (a terminal, a flow's logger)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

STEPS = 5

Listener = Callable[[str], None]
_listeners: ContextVar[tuple[Listener, ...]] = ContextVar("listeners", default=())


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Let `listener` hear what is said inside, besides whoever listens already."""
    token = _listeners.set((*_listeners.get(), listener))
    try:
        yield
    finally:
        _listeners.reset(token)


def say(text: str) -> None:
    """One line, Vietnamese."""
    for listener in _listeners.get():
        listener(text)


def shown(path: Path) -> str:
    """A path as an analyst types it: relative to the working directory where it lies below it."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def step(number: int, name: str, detail: str) -> None:
    """`[2/5] Kiểm tra số liệu · 6 tệp`."""
    say(f"[{number}/{STEPS}] {name} · {detail}")
