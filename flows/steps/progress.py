"""What a run says while it works: one line a step, to whoever listens (a terminal, a flow's logger), and how far it is,
to whoever follows (a page of Prefect's, flows/pages/progress_bar.py)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

from pipeline.text import vn_int

STEPS = 5

Listener = Callable[[str], None]
_listeners: ContextVar[tuple[Listener, ...]] = ContextVar("listeners", default=())


@dataclass(frozen=True)
class Stage:
    """How far a run is: step `number` of STEPS, `share` of it (0 to 1) done."""

    number: int
    name: str  # Vietnamese
    detail: str  # Vietnamese: of how much, or how much of it
    share: float = 0.0


Follower = Callable[[Stage], None]
_followers: ContextVar[tuple[Follower, ...]] = ContextVar("followers", default=())


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Let `listener` hear what is said inside, besides whoever listens already."""
    token = _listeners.set((*_listeners.get(), listener))
    try:
        yield
    finally:
        _listeners.reset(token)


@contextmanager
def following(follower: Follower) -> Iterator[None]:
    """Let `follower` see how far the work inside is; it is called often, and has to be quick."""
    token = _followers.set((*_followers.get(), follower))
    try:
        yield
    finally:
        _followers.reset(token)


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
    reached(number, name, detail)


def reached(number: int, name: str, detail: str, share: float = 0.0) -> None:
    """Not said, only seen by followers: part of a step is done."""
    for follower in _followers.get():
        follower(Stage(number, name, detail, share))


def counting(files: Mapping[str, bytes], number: int, name: str) -> Callable[[str], None]:
    """What to call with the name of each of `files` that is done: followers see how far step `number` is, by bytes, for
    one list of dossiers may outweigh all other files.
    """
    whole, of = max(sum(map(len, files.values())), 1), vn_int(len(files))
    count = size = 0

    def done(file: str) -> None:
        nonlocal count, size
        count, size = count + 1, size + len(files[file])
        reached(number, name, f"{vn_int(count)} trên {of} tệp", size / whole)

    return done
