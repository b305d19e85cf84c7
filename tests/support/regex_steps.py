"""Counts the steps of a backtracking match, and makes the inputs that cost a pattern most.

`re` reports no steps. This matcher interprets the parsed pattern as CPython's engine does (same order of attempts, same
result) and counts every test of a character or a place and every attempt of an alternative or a repeat.
"""

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache, partial
from re import _compiler as compiler  # type: ignore[attr-defined]
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

Text = str | bytes
Then = Callable[[int], int | None]
_CHARACTERS = {op.LITERAL, op.NOT_LITERAL, op.ANY, op.IN}
_REPEATS = {op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT}


class TooManyStepsError(Exception):
    """The match takes more steps than were allowed."""


class CountedPattern:
    """A pattern whose `steps` grow with every match."""

    def __init__(self, pattern: Text, flags: int = 0) -> None:
        self.tree = parser.parse(pattern, flags)
        self.flags = self.tree.state.flags
        self.steps = 0
        self.most = sys.maxsize
        self.text: Text = ""
        self._groups: dict[int, tuple[int, int]] = {}
        self._begun: dict[int, int] = {}
        self._match = self._sequence(list(self.tree), self.flags)

    def spans(self, text: Text, *, anchored: bool, whole: bool = False) -> list[tuple[int, int]]:
        """The spans that `finditer` gives; `anchored`: that `match` gives (`whole`: that `fullmatch` gives)."""
        self.text = text
        found: list[tuple[int, int]] = []
        start, empty_at = 0, -1
        with _deep_recursion():
            while start <= len(text):
                self._groups.clear()
                self._count()
                # after an empty match, the next one at its place is not empty
                end = self._match(start, partial(self._accept, whole=whole, empty_at=empty_at))
                if end is not None:
                    found.append((start, end))
                if anchored:
                    break
                if end is None:
                    start += 1
                else:
                    empty_at, start = end if end == start else -1, end
        return found

    def _accept(self, end: int, *, whole: bool, empty_at: int) -> int | None:
        """The end of a whole match, or None where it does not count. `empty_at`: where it may not be empty."""
        return None if end == empty_at or (whole and end < len(self.text)) else end

    def _count(self) -> None:
        self.steps += 1
        if self.steps > self.most:
            raise TooManyStepsError

    def _sequence(self, nodes: Sequence[Any], flags: int) -> Callable[[int, Then], int | None]:
        matchers = [self._node(node, flags) for node in nodes]
        if len(matchers) == 1:
            return matchers[0]

        def match(at: int, then: Then) -> int | None:
            def go(index: int, at: int) -> int | None:
                return then(at) if index == len(matchers) else matchers[index](at, lambda i: go(index + 1, i))

            return go(0, at)

        return match

    def _node(self, node: Any, flags: int) -> Callable[[int, Then], int | None]:
        kind, value = node
        if kind in _CHARACTERS:
            holds = self._character(node, flags)

            def character(at: int, then: Then) -> int | None:
                self._count()
                return then(at + 1) if at < len(self.text) and holds(self.text[at : at + 1]) else None

            return character
        if kind in _REPEATS:
            return self._repeat(kind, *value, flags)
        if kind == op.AT:
            probe = compiler.compile(_tree(self.tree, [node]), flags)

            def place(at: int, then: Then) -> int | None:
                self._count()
                return then(at) if probe.match(self.text, at) else None

            return place
        if kind == op.BRANCH:
            branches = [self._sequence(list(branch), flags) for branch in value[1]]

            def branch(at: int, then: Then) -> int | None:
                for each in branches:
                    self._count()
                    if (end := each(at, then)) is not None:
                        return end
                return None

            return branch
        if kind == op.SUBPATTERN:
            group, added, removed, inner = value
            return self._group(group, self._sequence(list(inner), (flags | added) & ~removed))
        if kind in (op.ASSERT, op.ASSERT_NOT):
            return self._assertion(kind, *value, flags)
        if kind == op.ATOMIC_GROUP:
            inner = self._sequence(list(value), flags)

            def atomic(at: int, then: Then) -> int | None:
                end = inner(at, lambda i: i)
                return None if end is None else then(end)

            return atomic
        if kind == op.GROUPREF:
            return self._reference(value, flags)
        raise ValueError(f"the counting matcher has no case for {kind}: a pattern that uses it cannot be checked")

    def _character(self, node: Any, flags: int) -> Callable[[Text], bool]:
        probe = compiler.compile(_tree(self.tree, [node]), flags)
        return lru_cache(maxsize=None)(lambda c: probe.match(c) is not None)

    def _repeat(self, kind: Any, least: int, most: Any, body: Any, flags: int) -> Callable[[int, Then], int | None]:
        nodes = list(body)
        top = sys.maxsize if most == op.MAXREPEAT else int(most)
        if len(nodes) == 1 and nodes[0][0] in _CHARACTERS and kind != op.MIN_REPEAT:
            holds = self._character(nodes[0], flags)

            def characters(at: int, then: Then) -> int | None:
                end = at
                self._count()
                while end - at < top and end < len(self.text) and holds(self.text[end : end + 1]):
                    self._count()
                    end += 1
                if end - at < least:
                    return None
                if kind == op.POSSESSIVE_REPEAT:
                    return then(end)
                for each in range(end, at + least - 1, -1):
                    self._count()
                    if (found := then(each)) is not None:
                        return found
                return None

            return characters
        one = self._sequence(nodes, flags)

        def repeat(at: int, then: Then) -> int | None:
            def greedy(done: int, at: int, before: int) -> int | None:
                self._count()
                if done < least:
                    return one(at, lambda i: greedy(done + 1, i, at))
                if done < top and at != before:
                    groups = dict(self._groups)
                    if (end := one(at, lambda i: greedy(done + 1, i, at))) is not None:
                        return end
                    self._groups = groups
                return then(at)

            def lazy(done: int, at: int) -> int | None:
                self._count()
                if done >= least and (end := then(at)) is not None:
                    return end
                return one(at, lambda i: lazy(done + 1, i) if i > at or done < least else None) if done < top else None

            if kind == op.MIN_REPEAT:
                return lazy(0, at)
            if kind == op.MAX_REPEAT:
                return greedy(0, at, -1)
            done = 0
            while done < top:
                self._count()
                end = one(at, lambda i: i)
                if end is None or (end == at and done >= least):
                    break
                at, done = end, done + 1
            return then(at) if done >= least else None

        return repeat

    def _group(self, group: int | None, inner: Callable[[int, Then], int | None]) -> Callable[[int, Then], int | None]:
        if group is None:
            return inner

        def capture(at: int, then: Then) -> int | None:
            def close(end: int) -> int | None:
                before = self._groups.get(group)
                self._groups[group] = (at, end)
                if (found := then(end)) is not None:
                    return found
                if before is None:
                    self._groups.pop(group, None)
                else:
                    self._groups[group] = before
                return None

            return inner(at, close)

        return capture

    def _assertion(self, kind: Any, direction: int, body: Any, flags: int) -> Callable[[int, Then], int | None]:
        inner = self._sequence(list(body), flags)
        width = body.getwidth()[0] if direction < 0 else 0

        def assertion(at: int, then: Then) -> int | None:
            self._count()
            start = at - width
            holds = start >= 0 and inner(start, lambda i: i) is not None
            return then(at) if holds == (kind == op.ASSERT) else None

        return assertion

    def _reference(self, group: int, flags: int) -> Callable[[int, Then], int | None]:
        def reference(at: int, then: Then) -> int | None:
            if group not in self._groups:
                return None
            start, end = self._groups[group]
            said, here = self.text[start:end], self.text[at : at + end - start]
            self.steps += end - start
            alike = said.lower() == here.lower() if flags & re.IGNORECASE else said == here
            return then(at + end - start) if alike else None

        return reference


def _tree(whole: Any, nodes: list[Any]) -> Any:
    return parser.SubPattern(whole.state, nodes)


@contextmanager
def _deep_recursion() -> Iterator[None]:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(1_000_000)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


# --- inputs -----------------------------------------------------------------------------------------------------------

#: texts for one pattern; of more, every second or third is taken
MOST_INPUTS = 120
#: characters of the samples, the usual ones first
_ALPHABET = "1a +.-A,(/\n:ộ\u0301%;I0)[]{}<>#=\"'|_–x?!&*"


def worst_inputs(pattern: Text, flags: int) -> list[tuple[Text, Text, Text]]:
    """(head, piece, tail): texts `head + n × piece + tail` on which the pattern may backtrack most.

    A piece is a match of a part of the pattern, or of all parts up to one; a head is what comes before the part.
    """
    tree = parser.parse(pattern, flags)
    is_bytes = isinstance(pattern, bytes)
    parts = list(dict.fromkeys(_parts(tree, tree.state.flags, "", is_bytes)))
    pieces = [piece for _, piece in parts] + list("1a +.-,(\u0301\n[")
    tails = ("\x01", "")
    found = [(head, piece, tail) for head, piece in parts for tail in tails]
    found += [("", piece, tail) for piece in dict.fromkeys(pieces) for tail in tails]
    found += [
        (head, piece, "\x01") for head in dict.fromkeys(h for h, _ in parts) for piece in ("1", "a", " ", "a ", "1.")
    ]
    found += [
        ("", one + other, tail) for one in ("tổng 1", "1.", "a ") for other in (".", " ", ",") for tail in ("x", "")
    ]
    unique = list(dict.fromkeys(t for t in found if t[1]))
    unique = unique[:: 1 + len(unique) // MOST_INPUTS]
    return [tuple(_encoded(x, is_bytes) for x in t) for t in unique]  # type: ignore[misc]


def _encoded(text: str, is_bytes: bool) -> Text:
    return text.encode("latin-1", "replace") if is_bytes else text


def _parts(tree: Any, flags: int, head: str, is_bytes: bool) -> Iterator[tuple[str, str]]:
    """(what comes before, a match) of every part of the pattern."""
    before = head
    for node in tree:
        kind, value = node
        for choice in range(2):
            sample = _sample(tree, [node], flags, is_bytes, choice)
            yield before, sample
            yield head, before[len(head) :] + sample
            yield "", before + sample
        inner: Sequence[Any] = ()
        if kind in _REPEATS:
            inner = (value[2],)
        elif kind == op.SUBPATTERN:
            inner = (value[3],)
        elif kind == op.BRANCH:
            inner = value[1]
        elif kind in (op.ASSERT, op.ASSERT_NOT):
            inner = (value[1],)
        elif kind == op.ATOMIC_GROUP:
            inner = (value,)
        for each in inner:
            yield from _parts(each, flags, before, is_bytes)
        before += _sample(tree, [node], flags, is_bytes, 0)


def _sample(tree: Any, nodes: Sequence[Any], flags: int, is_bytes: bool, choice: int) -> str:
    """A short text that the nodes match. `choice`: another alternative or character with every number."""
    text = ""
    for kind, value in nodes:
        if kind == op.LITERAL:
            text += chr(value)
        elif kind in _CHARACTERS:
            probe = compiler.compile(_tree(tree, [(kind, value)]), flags)
            fitting = [c for c in _ALPHABET if probe.match(_encoded(c, is_bytes)) is not None]
            if fitting:
                text += fitting[choice % len(fitting)]
            elif kind == op.IN and value[0][0] in (op.LITERAL, op.RANGE):
                first = value[0][1]
                text += chr(first if isinstance(first, int) else first[0])
        elif kind in _REPEATS:
            text += _sample(tree, list(value[2]), flags, is_bytes, choice) * max(1, min(int(value[0]), 60))
        elif kind == op.SUBPATTERN:
            text += _sample(tree, list(value[3]), flags, is_bytes, choice)
        elif kind == op.BRANCH:
            text += _sample(tree, list(value[1][choice % len(value[1])]), flags, is_bytes, choice)
        elif kind == op.ATOMIC_GROUP:
            text += _sample(tree, list(value), flags, is_bytes, choice)
    return text
