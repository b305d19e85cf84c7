"""What the workbook of questions (`cach-doc.xlsx`) asks: a sheet a layout, with the texts in its white cells.

Sheets of one layout in several files are one sheet. A sheet that was written before keeps what was typed in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, cast

from pipeline.layouts.confirmed import Question
from pipeline.layouts.decisions import (
    CHANNEL_MEANINGS,
    COLUMN_MEANINGS,
    DATE_ORDERS,
    DATES_MEANINGS,
    SCOPE_MEANINGS,
    STATUS_MEANINGS,
    Decision,
    Kind,
    Layout,
    Option,
    Topic,
    WithHeader,
)

FILE_NAME: Final = "cach-doc.xlsx"
#: kind of a layout -> its Vietnamese name
KIND_NAMES: Final[Mapping[Kind, str]] = {"table": "Bảng số liệu", "list": "Danh sách hồ sơ"}
#: topic of a decision -> the question in Vietnamese, in the order of the sheet
TOPIC_NAMES: Final[Mapping[Topic, str]] = {
    "column": "Mỗi cột được hiểu là gì",
    "received_date": "Cột nào là ngày tiếp nhận",
    "due_date": "Cột nào là ngày hẹn trả",
    "end_date": "Cột nào là ngày kết thúc xử lý",
    "office": "Cột nào là đơn vị giải quyết",
    "status": "Trạng thái của hồ sơ nghĩa là gì",
    "channel": "Hình thức tiếp nhận nghĩa là gì",
    "scope": "Bảng gồm những hồ sơ nào",
    "repeat": "Bảng nào được tính, khi nhiều bảng ghi cùng những hồ sơ",
    "date_order": "Ngày, tháng ghi theo thứ tự nào",
    "dates": "Các ngày khó có thật của một số hồ sơ có đúng không",
}
_MEANINGS: Final[Mapping[Topic, Mapping[str, str]]] = {
    "column": COLUMN_MEANINGS,
    "status": STATUS_MEANINGS,
    "channel": CHANNEL_MEANINGS,
    "scope": SCOPE_MEANINGS,
    "date_order": DATE_ORDERS,
    "dates": DATES_MEANINGS,
}
_MOST_EXAMPLES: Final = 3


@dataclass(frozen=True)
class SharedLayout(WithHeader):
    """A layout with all places where it was found, and its decisions merged over them."""

    kind: Kind
    header: tuple[tuple[str, ...], ...]
    places: tuple[tuple[str, str, str], ...]  # file, sheet, rows of the header
    decisions: tuple[Decision, ...]

    def decision(self, question: Question) -> Decision | None:
        """The decision of a question; None if the layout does not have it."""
        return next((d for d in self.decisions if (d.topic, d.subject) == question), None)


@dataclass(frozen=True)
class QuestionSheet:
    """A sheet of the workbook. Nothing on it is answered while `by` is blank.

    `asked`: the questions with a white cell, in the order of their numbers; `texts`: what these cells show.
    """

    layout: SharedLayout
    asked: tuple[Question, ...]
    by: str = ""
    texts: Mapping[Question, str] = field(default_factory=dict)

    @property
    def open(self) -> int:
        """How many of its questions the office has to answer."""
        return len(self.unsettled)

    @property
    def unsettled(self) -> tuple[Question, ...]:
        """Its questions that are open, or whose answer the rows contradict."""
        return tuple(q for q in self.asked if (d := self.layout.decision(q)) is not None and d.unsettled)

    @property
    def is_typed(self) -> bool:
        """Whether it holds a name, or a text that the program did not write."""
        return bool(self.by) or any(self.texts.get(q, "") != guess_text(self.layout.decision(q)) for q in self.asked)


def guess_text(decision: Decision | None) -> str:
    """The text of the option that the program would choose; "" without one."""
    if decision is None:
        return ""
    return next((o.text for o in decision.options if o.value == decision.meaning), "")


def meaning_text(decision: Decision, meaning: str) -> str:
    """A meaning in words: of the decision's option, else of the meanings of its topic, else the value itself."""
    texts = {o.value: o.text for o in decision.options}
    return texts.get(meaning) or _MEANINGS.get(decision.topic, {}).get(meaning, meaning)


def shared_layouts(layouts: Iterable[Layout]) -> tuple[SharedLayout, ...]:
    """The layouts with equal signatures as one each, in the order of their first places."""
    groups: dict[str, list[Layout]] = {}
    for layout in layouts:
        groups.setdefault(layout.signature, []).append(layout)
    return tuple(_shared(group) for group in groups.values())


def _shared(group: Sequence[Layout]) -> SharedLayout:
    decisions: dict[Question, list[Decision]] = {}
    for layout in group:
        for decision in layout.decisions:
            decisions.setdefault((decision.topic, decision.subject), []).append(decision)
    places = dict.fromkeys((layout.file, layout.sheet, layout.rows) for layout in group)
    return SharedLayout(group[0].kind, group[0].header, tuple(places), tuple(map(_merged, decisions.values())))


def _merged(same: Sequence[Decision]) -> Decision:
    """The decisions of one question as one: the unsettled one if there is one, with the examples and options of all."""
    first = next((d for d in same if d.unsettled), same[0])
    examples = dict.fromkeys(e for d in same for e in d.examples)
    choices = dict.fromkeys(o for d in same for o in d.options)
    return replace(first, examples=tuple(examples)[:_MOST_EXAMPLES], options=tuple(choices))


def question_sheets(
    layouts: Iterable[Layout], written: Sequence[QuestionSheet] = (), *, everything: bool = False
) -> tuple[QuestionSheet, ...]:
    """The sheets to write: of every layout with an open question, and what was typed into sheets `written` before.

    `everything`: a sheet for every layout; answers given before are white too, to be changed.
    """
    before = {sheet.layout.signature: sheet for sheet in reversed(written)}
    sheets = list(_current_sheets(shared_layouts(layouts), before, everything))
    current = {sheet.layout.signature for sheet in sheets}
    kept = (s for s in before.values() if s.is_typed and s.layout.signature not in current)
    return (*sheets, *sorted(kept, key=lambda s: s.layout.places))


def _current_sheets(
    layouts: Iterable[SharedLayout], before: Mapping[str, QuestionSheet], everything: bool
) -> Iterator[QuestionSheet]:
    for layout in layouts:
        old = before.get(layout.signature)
        asked = tuple(_asked(layout, old, everything))
        sheet = QuestionSheet(layout, asked, old.by if old else "", {q: _text(layout, q, old) for q in asked})
        if everything or sheet.open or (old is not None and asked):
            yield sheet


def _asked(layout: SharedLayout, old: QuestionSheet | None, everything: bool) -> Iterator[Question]:
    """The questions with a white cell: the open ones, and the answered ones that were or are to be shown as such.

    `everything`: also what nothing hangs on, such as a column in unknown words that is not used.
    """
    for decision in sorted(layout.decisions, key=lambda d: list(TOPIC_NAMES).index(d.topic)):
        question = (decision.topic, decision.subject)
        answered = decision.ground == "confirmed" and (everything or (old is not None and question in old.asked))
        if decision.options and (decision.unsettled or answered or (everything and decision.ground == "known")):
            yield question


def _text(layout: SharedLayout, question: Question, old: QuestionSheet | None) -> str:
    """The text of a white cell: as typed before, else the answer that holds, else the guess.

    A question that is new on a sheet with a name stays blank while it is open: nobody has seen its guess under that
    name.
    """
    decision = layout.decision(question)
    guess = guess_text(decision)
    if old is None:
        return guess
    answered = decision is not None and decision.ground == "confirmed"
    if question not in old.asked:
        return guess if answered or not old.by else ""
    text = old.texts.get(question, "")
    if old.by:
        return guess if answered and not text else text
    return guess if text == guess_text(old.layout.decision(question)) else text


# --- the sheet's facts as data: what a program reads back -------------------------------------------------------------


def sheet_facts(sheet: QuestionSheet) -> dict[str, object]:
    """Everything of a sheet but what is typed into it, as values of JSON."""
    layout = sheet.layout
    return {
        "kind": layout.kind,
        "header": [list(path) for path in layout.header],
        "places": [list(place) for place in layout.places],
        "asked": [list(question) for question in sheet.asked],
        "decisions": [
            [*head, [list(o) for o in d.options], list(d.examples), d.against]
            for d in layout.decisions
            for head in [(d.topic, d.subject, d.shown, d.meaning, d.ground, d.reason)]
        ],
    }


def sheet_of_facts(facts: Mapping[str, object]) -> QuestionSheet:
    """The sheet of `sheet_facts`, without texts. Raises ValueError, TypeError or KeyError for other values."""
    decisions = tuple(map(_decision, _rows(facts["decisions"])))
    kind = facts["kind"]
    if kind not in KIND_NAMES:
        raise ValueError(kind)
    places = tuple((file, tab, rows) for file, tab, rows in _rows(facts["places"]))
    header = tuple(tuple(path) for path in _rows(facts["header"]))
    asked = tuple((topic, subject) for topic, subject in _rows(facts["asked"]))
    return QuestionSheet(SharedLayout(cast(Kind, kind), header, places, decisions), asked)


def _decision(values: list[Any]) -> Decision:
    """The decision of a row of facts. Workbooks of before do not say how the rows contradict an answer."""
    topic, subject, shown, meaning, ground, reason, choices, examples, *against = values
    asked = tuple(Option(*option) for option in choices)
    return Decision(topic, subject, shown, meaning, ground, reason, asked, tuple(examples), *against)


def _rows(values: object) -> list[Any]:
    if not isinstance(values, list):
        raise TypeError(type(values).__name__)
    return values
