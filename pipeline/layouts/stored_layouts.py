"""The answers of the office as they are kept, and which of them hold in a quarter.

An answer is kept with the quarter in whose folder it was given, and holds from that quarter on, until a later quarter
has another one. So a published quarter that is run again is read as it was. An answer that is withdrawn stays for the
quarters before; from then on an answer without a meaning stands for it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pipeline.layouts.confirmed import ConfirmedLayout, ConfirmedLayouts, Question
from pipeline.layouts.decisions import Kind, Topic, kept_label, signature_of
from pipeline.layouts.question_sheets import SharedLayout
from pipeline.text import without_diacritics

_NOT_IN_NAMES: Final = re.compile(r"[^a-z0-9]+")
#: letters of a file's name before the signature; the name where no sheet has one
_LONGEST_NAME: Final = 40
#: `text` of an answer that was withdrawn
WITHDRAWN: Final = "đã rút câu trả lời"
_NO_NAME: Final[dict[Kind, str]] = {"table": "bang", "list": "danh-sach"}


@dataclass(frozen=True)
class StoredAnswer:
    """An answer. `shown` and `text`: question and meaning in Vietnamese; `period`: the quarter it was given in.

    `meaning`: "" where the answer is withdrawn from this quarter on.
    """

    topic: Topic
    subject: str
    meaning: str
    by: str
    on: dt.date
    period: str
    shown: str = ""
    text: str = ""

    @property
    def question(self) -> Question:
        """Topic and subject."""
        return self.topic, self.subject


@dataclass(frozen=True)
class StoredLayout:
    """A file of data/reference/layouts. `name`: of the file, without `.toml`; it ends with the signature."""

    name: str
    kind: Kind
    labels: tuple[str, ...]
    answers: tuple[StoredAnswer, ...]

    @property
    def signature(self) -> str:
        """See `WithHeader.signature`."""
        return signature_of(self.kind, tuple(map(kept_label, self.labels)))

    def in_force(self, period: str) -> dict[Question, StoredAnswer]:
        """The answer to each question in a quarter: of this or the last quarter before, else of the first one after."""
        chosen: dict[Question, StoredAnswer] = {}
        for answer in sorted(self.answers, key=lambda a: a.period):
            if answer.period <= period or (answer.question not in chosen and answer.meaning):
                chosen[answer.question] = answer
        return chosen


@dataclass(frozen=True)
class GivenAnswer:
    """An answer as it was read from the workbook."""

    layout: SharedLayout
    question: Question
    meaning: str
    text: str
    by: str


@dataclass(frozen=True)
class ClearedCell:
    """A cell of the workbook that is blank under a name.

    `was_answered`: the program had written an answer of the office into it; `where`: the cell in Vietnamese words.
    """

    layout: SharedLayout
    question: Question
    by: str
    was_answered: bool
    where: str


def confirmed_layouts(stored: Iterable[StoredLayout], period: str) -> ConfirmedLayouts:
    """The answers that hold in a quarter: a `ConfirmedLayout` for each layout, person and day."""
    found: list[ConfirmedLayout] = []
    for layout in stored:
        answers = layout.in_force(period).values()
        for by, on in sorted({(a.by, a.on) for a in answers}, key=lambda key: (-key[1].toordinal(), key[0])):
            mine = {a.question: a.meaning for a in answers if (a.by, a.on) == (by, on)}
            labels = tuple(map(kept_label, layout.labels))
            found.append(ConfirmedLayout(layout.name, layout.kind, labels, mine, by, on))
    return ConfirmedLayouts(tuple(found))


def with_answers(
    stored: Sequence[StoredLayout], given: Iterable[GivenAnswer], period: str, today: dt.date
) -> tuple[StoredLayout, ...]:
    """The stored layouts with the answers given in a quarter.

    An answer that says what holds already changes nothing: it keeps its person and day. Another one replaces the
    answer that was given to this question in this quarter.
    """
    layouts = {layout.signature: layout for layout in stored}
    for answer in given:
        signature = answer.layout.signature
        layout = layouts.get(signature) or _new_layout(answer.layout)
        now = layout.in_force(period).get(answer.question)
        if now is not None and now.meaning == answer.meaning:
            continue
        others = [a for a in layout.answers if (a.question, a.period) != (answer.question, period)]
        layouts[signature] = replace(layout, answers=(*others, _stored(answer, period, today)))
    return tuple(layouts.values())


def with_withdrawals(
    stored: Sequence[StoredLayout], cleared: Iterable[ClearedCell], period: str, today: dt.date
) -> tuple[tuple[StoredLayout, ...], tuple[ClearedCell, ...]]:
    """The stored layouts without the answers that cleared cells withdraw from a quarter on, and those cells.

    A blank cell withdraws the answer that it showed, or one that was given in this quarter. Any other blank cell was
    never filled in.
    """
    layouts = {layout.signature: layout for layout in stored}
    done = []
    for cell in cleared:
        shared = cell.layout
        layout = layouts.get(shared.signature) or _new_layout(shared)
        own = layout.in_force(period).get(cell.question)
        is_new = own is not None and own.period == period
        known = confirmed_layouts(layouts.values(), period).answers(shared.kind, shared.labels)
        if cell.question not in known or not (cell.was_answered or is_new):
            continue
        others = [a for a in layout.answers if a.question != cell.question or a.period < period]
        layouts[shared.signature] = replace(layout, answers=(*others, _withdrawn(cell, period, today)))
        done.append(cell)
    return tuple(layouts.values()), tuple(done)


def _withdrawn(cell: ClearedCell, period: str, today: dt.date) -> StoredAnswer:
    decision = cell.layout.decision(cell.question)
    shown = decision.shown if decision is not None else ""
    return StoredAnswer(*cell.question, "", cell.by, today, period, shown, WITHDRAWN)


def _stored(answer: GivenAnswer, period: str, today: dt.date) -> StoredAnswer:
    decision = answer.layout.decision(answer.question)
    shown = decision.shown if decision is not None else ""
    return StoredAnswer(*answer.question, answer.meaning, answer.by, today, period, shown, answer.text)


def _new_layout(layout: SharedLayout) -> StoredLayout:
    """A layout without answers, named after its first sheet or file."""
    file, sheet, _ = layout.places[0] if layout.places else ("", "", "")
    plain = _NOT_IN_NAMES.sub("-", without_diacritics(sheet or file.rpartition(".")[0])).strip("-")
    name = plain[:_LONGEST_NAME].strip("-") or _NO_NAME[layout.kind]
    return StoredLayout(f"{name}-{layout.signature}", layout.kind, layout.labels, ())
