"""Row labels of a table with measures down the rows -> the labels above each of them, as a header would have them.

"2 Hồ sơ đã giải quyết" is the band of "2.1 Trước hạn" below it. What belongs to what is written in ordinals (A, I, 1,
1.1, a), in bullets, in merged cells left of the label, by indentation, or by nothing but the order.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.extract.sheet.grid import CellAddress
from pipeline.extract.wording.phrases import words
from pipeline.extract.wording.vocabulary import Vocabulary

#: an ordinal before a label: `2.1 Trước hạn`, `2.1. Trước hạn`, `II. …`, `a) …`, `(1) …`
_LEAD = re.compile(
    r"\(?(?:(\d{1,2}(?:[.,]\d{1,2}){1,4})[.)]? |(\d{1,2}|[IVX]{1,5}|[A-ZĐa-zđ]) ?[.)\-–/:]+ ?)(?=[^\W\d])"
)
_BULLET = re.compile(r" ?([-–—+*•·>]+) ?")
_DOTTED = re.compile(r"\d{1,2}(?:[.,]\d{1,2}){1,4}")
#: levels of ordinals: A over I over 1 over 1.1 over a; then labels without one, then bullets
_LETTER, _ROMAN, _NUMBER, _SMALL, _SECTION, _UNMARKED, _BULLETS = 0, 1, 2, 12, 19, 20, 40
#: spaces before a label are a level of their own each, up to this many
_MOST_SPACES = 19
_OF_NOTHING = frozenset(("total",))


@dataclass(frozen=True)
class Label:
    """The label of a row as written, and what stands beside it."""

    row: int  # of the sheet
    text: str  # with the spaces before it
    at: CellAddress
    ordinal: str = ""  # from a column of ordinals
    bands: tuple[tuple[str, CellAddress], ...] = ()  # labels in columns left of it, the widest first
    has_values: bool = True


@dataclass(frozen=True)
class LabelPath:
    """The labels over a row, the widest first and its own last, each with its cell; () without a label of its own."""

    row: int
    path: tuple[tuple[str, CellAddress], ...]
    heads: bool = False  # a row without numbers that only heads rows below it


@dataclass(frozen=True)
class _Level:
    """A label on the way down to the current one."""

    level: int
    number: tuple[int, ...]  # of an ordinal such as 2.1
    text: str
    at: CellAddress
    row: int


def label_paths(labels: Sequence[Label], vocabulary: Vocabulary) -> list[LabelPath]:
    """The path of each label, in their order."""
    labels = _without_running_numbers(labels)
    marked = [_marks(label) for label in labels]
    bullets = list(dict.fromkeys(m.bullet for m in marked if m.bullet))
    if all(
        not (m.ordinal or m.bullet or m.spaces) and x.has_values and not x.bands
        for m, x in zip(marked, labels, strict=True)
    ):
        return [LabelPath(x.row, ((m.text, x.at),) if m.text else ()) for m, x in zip(marked, labels, strict=True)]
    stack: list[_Level] = []
    bands: tuple[str, ...] = ()
    found: list[LabelPath] = []
    parents: set[int] = set()
    for label, marks in zip(labels, marked, strict=True):
        if not marks.text:
            found.append(LabelPath(label.row, ()))  # numbers without a label: nothing says whose they are
            continue
        own_bands = tuple(text for text, _ in label.bands)
        if own_bands != bands:
            stack.clear()
            bands = own_bands
        level, number = _level(marks, bullets, label, vocabulary)
        while stack and (stack[-1].level >= level or not _is_within(number, stack[-1].number)):
            stack.pop()
        if not marks.ordinal:
            _leave_other_bands(stack, marks.text, vocabulary)
        if not (marks.ordinal or marks.bullet or marks.spaces):
            # nothing marks it as a share of "Trong hạn" above it: it is beside it
            while stack and not _heads_by_meaning(stack[-1].text, vocabulary):
                stack.pop()
        above = [(x.text, x.at) for x in stack]
        parents.update(x.row for x in stack)
        found.append(LabelPath(label.row, (*label.bands, *above, (marks.text, label.at))))
        stack.append(_Level(level, number, marks.text, label.at, label.row))
    with_values = {x.row for x in labels if x.has_values}
    heads = parents.union(x.row for x, m in zip(labels, marked, strict=True) if vocabulary.row_label(m.text).within)
    return [LabelPath(x.row, x.path, x.row in heads - with_values) for x in found]


def _without_running_numbers(labels: Sequence[Label]) -> list[Label]:
    """The labels; numbers that count every row, headings without values too, say nothing about levels."""
    numbers = [label.ordinal.strip("(). ") for label in labels]
    running = all(n.isdigit() for n in numbers) and all(int(b) == int(a) + 1 for a, b in itertools.pairwise(numbers))
    headed = any(not label.has_values for label in labels)
    return [replace(label, ordinal="") for label in labels] if running and headed else list(labels)


@dataclass(frozen=True)
class _Marks:
    """A label taken apart."""

    text: str
    ordinal: str
    bullet: str
    spaces: int


def _marks(label: Label) -> _Marks:
    text = label.text.rstrip()
    spaces = len(text) - len(text.lstrip())
    text = text.lstrip()
    bullet, ordinal = "", label.ordinal.strip("(). ")
    if match := _BULLET.match(text):
        bullet, text = match[1][:1], text[match.end() :]
    elif lead := _LEAD.match(text):
        ordinal, text = ordinal or lead[1] or lead[2], text[lead.end() :]
    if ordinal and not re.fullmatch(r"\d{1,2}|[IVX]{1,5}|[A-ZĐa-zđ]", ordinal) and not _DOTTED.fullmatch(ordinal):
        bullet = bullet or (ordinal if ordinal in "-–—+*•·" else "")
        ordinal = ""
    if not any(map(str.isalpha, text)):
        text = ""
    return _Marks(text, ordinal, bullet.replace("–", "-").replace("—", "-"), min(spaces, _MOST_SPACES))


def _level(marks: _Marks, bullets: Sequence[str], label: Label, vocabulary: Vocabulary) -> tuple[int, tuple[int, ...]]:
    """The level of a label, and the numbers of its ordinal."""
    ordinal = marks.ordinal
    if ordinal and (_DOTTED.fullmatch(ordinal) or ordinal.isdigit()):
        numbers = tuple(int(n) for n in re.split(r"[.,]", ordinal))
        return _NUMBER + len(numbers) - 1, numbers
    if ordinal:
        roman = set(ordinal) <= set("IVX")
        return (_ROMAN if roman else _LETTER if ordinal.isupper() else _SMALL), ()
    if marks.bullet:
        return _BULLETS + bullets.index(marks.bullet), ()
    if not label.has_values and _heads_by_meaning(marks.text, vocabulary):
        return _SECTION, ()
    if vocabulary.band(words(marks.text)) and not marks.spaces:
        return _SECTION, ()
    return _UNMARKED + marks.spaces, ()


def _heads_by_meaning(text: str, vocabulary: Vocabulary) -> bool:
    """Whether a label names no share of its band: a row of blanks named "Quá hạn" heads nothing."""
    return {name for name, _ in vocabulary.concepts(words(text))} <= _OF_NOTHING


def _is_within(number: tuple[int, ...], above: tuple[int, ...]) -> bool:
    """Whether an ordinal such as 2.1 can be below another: 2 yes, 3 no. Other ordinals can be below any."""
    return len(number) < 2 or not above or number[: len(above)] == above


def _leave_other_bands(stack: list[_Level], text: str, vocabulary: Vocabulary) -> None:
    """Leave the labels of another band: a label without an ordinal that names a band of its own is not below them."""
    band = vocabulary.band(words(text))
    others = {x.row for x in stack if (above := vocabulary.band(words(x.text))) and above != band}
    if band and others:
        first = next(i for i, x in enumerate(stack) if x.row in others)
        del stack[first:]
