"""The answers that the office gave about the layouts of its exports, and which of them apply to a header."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from pipeline.layouts.decisions import Kind, Topic
from pipeline.text import vn_day

#: (topic, subject) of a decision
Question = tuple[Topic, str]
#: share of the labels of two headers that is common to both, from which one is a changed version of the other
_SAME_FAMILY: Final = 0.5


@dataclass(frozen=True)
class ConfirmedLayout:
    """A layout with the answers of the office. `labels`: see `WithHeader.labels`.

    An answer with the meaning "" was withdrawn: its question is open, whatever is known of similar layouts.
    """

    name: str  # of its file in data/reference/layouts, without `.toml`
    kind: Kind
    labels: tuple[str, ...]
    answers: Mapping[Question, str]
    by: str
    on: dt.date


class Answer(NamedTuple):
    """One answer, and on whose word it stands."""

    meaning: str
    layout: str  # the name of the confirmed layout
    by: str
    on: dt.date

    @property
    def reason(self) -> str:
        """`xác nhận của Công chức 1, 15/9/2023`."""
        return f"xác nhận của {self.by}, {vn_day(self.on)}"


@dataclass(frozen=True)
class ConfirmedLayouts:
    """All confirmed layouts of an office."""

    layouts: Sequence[ConfirmedLayout] = field(default=())

    def answers(self, kind: Kind, labels: Sequence[str]) -> dict[Question, Answer]:
        """The answers that apply to a header.

        Those of the layout with this header, and for other questions those of a header that differs in a few columns:
        a portal that adds a column is asked about that column only.
        """
        return {question: answer for question, answer in self._said(kind, labels).items() if answer.meaning}

    def withdrawn(self, kind: Kind, labels: Sequence[str]) -> dict[Question, Answer]:
        """The questions of a header whose answer was withdrawn, by whom and when."""
        return {question: answer for question, answer in self._said(kind, labels).items() if not answer.meaning}

    def _said(self, kind: Kind, labels: Sequence[str]) -> dict[Question, Answer]:
        found: dict[Question, Answer] = {}
        wanted = set(labels)
        likeness = {
            layout.name: len(wanted & set(layout.labels)) / max(1, len(wanted | set(layout.labels)))
            for layout in self.layouts
            if layout.kind == kind
        }
        of_kind = [layout for layout in self.layouts if likeness.get(layout.name, 0.0) >= _SAME_FAMILY]
        for layout in sorted(of_kind, key=lambda x: (x.labels != tuple(labels), -likeness[x.name], -x.on.toordinal())):
            for question, meaning in layout.answers.items():
                found.setdefault(question, Answer(meaning, layout.name, layout.by, layout.on))
        return found


NONE_CONFIRMED = ConfirmedLayouts()
