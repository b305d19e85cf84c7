"""Which answers of the office the reading of a period followed: they are inputs of its revision."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from pipeline.layouts.confirmed import Answer, ConfirmedLayouts, Question
from pipeline.layouts.decisions import Decision, Layout
from pipeline.layouts.question_sheets import TOPIC_NAMES, meaning_text
from schemas.manifest import AnswerUsed, LayoutUsed


def used_layouts(layouts: Iterable[Layout], confirmed: ConfirmedLayouts) -> tuple[LayoutUsed, ...]:
    """The answers to the questions of these layouts, by layout, person and day.

    An answer that the table contradicts leaves its question open; it is among them, because a finding names it. An
    answer to what is known or proven has no effect and is left out.
    """
    found: dict[tuple[str, str, dt.date], dict[Question, AnswerUsed]] = {}
    for layout in layouts:
        for decision, answer in _answered(layout, confirmed):
            of_layout = found.setdefault((answer.layout, answer.by, answer.on), {})
            of_layout.setdefault((decision.topic, decision.subject), _used(decision, answer))
    topics = list(TOPIC_NAMES)
    return tuple(
        LayoutUsed(
            name=name,
            by=by,
            on=on,
            answers=[used for _, used in sorted(answers.items(), key=lambda i: (topics.index(i[0][0]), i[0][1]))],
        )
        for (name, by, on), answers in sorted(found.items())
    )


def _answered(layout: Layout, confirmed: ConfirmedLayouts) -> Iterator[tuple[Decision, Answer]]:
    answers = confirmed.answers(layout.kind, layout.labels)
    for decision in layout.decisions:
        answer = answers.get((decision.topic, decision.subject))
        if answer is not None and decision.ground in ("confirmed", "open"):
            yield decision, answer


def _used(decision: Decision, answer: Answer) -> AnswerUsed:
    text = meaning_text(decision, answer.meaning)
    return AnswerUsed(
        topic=decision.topic, subject=decision.subject, meaning=answer.meaning, shown=decision.shown, text=text
    )
