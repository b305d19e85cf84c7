"""The statuses and channels of a dossier list: what each text means, known, confirmed or open.

A deadline state ("Quá hạn 3 ngày") is no status; where the states of a list contradict its dates, the dates are in
doubt.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

import pandas as pd

from pipeline.extract.dossier_lists.list_columns import ListColumns
from pipeline.extract.wording.phrases import words
from pipeline.extract.wording.status_words import BY_DATES, StatusReading, channel_words, status_words
from pipeline.layouts.confirmed import Answer, Question
from pipeline.layouts.decisions import CHANNEL_MEANINGS, STATUS_MEANINGS, Decision, Topic, options
from pipeline.shown_text import NOT_REPEATED, general, kept_text, text_key
from pipeline.text import fold, vn_int

#: statuses of one list that are asked at most: a column of free text is no column of statuses
_MOST_ASKED = 40
#: rows that a question names
_ROWS: Final = 3
#: deadline states of an ended dossier -> whether its end (a) and its due day (b) agree with it
_AGREES: Final[Mapping[str, Callable[[pd.Series, pd.Series], pd.Series]]] = {
    "early": pd.Series.lt,
    "on_time": pd.Series.le,
    "in_time": pd.Series.le,
    "late": pd.Series.gt,
}


@dataclass(frozen=True)
class StatusColumns:
    """The texts of a list that say something of a dossier's state, one position a row."""

    columns: tuple[int, ...]  # those of statuses; () where the list has none
    text: pd.Series  # the status as written, "" for none
    deadline: pd.Series  # early | on_time | late | in_time | none | ""


def read_statuses(columns: ListColumns) -> StatusColumns:
    """The statuses of a list, from all columns that are headed so and hold more than deadline states.

    Two columns of statuses that do not mean the same are one text: only the office knows which of them stands.
    """
    reader = status_words(columns.lists)
    header = columns.header
    empty = pd.Series("", index=range(len(columns.rows)), dtype="str")
    text, deadline = empty, empty
    meaning = empty
    found: list[int] = []
    for column in (c for c in header.columns if columns.lists.key(header.path(c)) == "status"):
        texts = columns.texts(column)
        read = {t: reader.read(t) for t in texts.unique() if t}
        states = texts.map({"": "", **{t: r.deadline for t, r in read.items()}}).astype("str")
        deadline = deadline.where(deadline != "", states)
        if read and all(r.meaning == BY_DATES for t, r in read.items() if not columns.lists.key((t,))):
            continue
        mine = texts.map({"": "", **{t: r.meaning for t, r in read.items()}}).astype("str")
        same = (texts == "") | ((mine == meaning) & (mine != "")) | (texts == text) | (mine == BY_DATES)
        both = (text + "; " + texts).where(text != "", texts)
        text = both.where(~same | (text == ""), text).astype("str")
        meaning = mine.where(meaning == "", meaning)
        found.append(column)
    return StatusColumns(tuple(found), text, deadline)


def channel_column(columns: ListColumns) -> int | None:
    """The column of the ways of reception: by its heading, else by a wide heading all of whose values are such ways."""
    header, reader = columns.header, channel_words(columns.lists)
    named = next((c for c in header.columns if columns.lists.key(header.path(c)) == "channel"), None)
    if named is not None:
        return named
    wide = [c for c in header.columns if columns.lists.may_be_channel(header.path(c))]
    found = [c for c in wide if (texts := _distinct(columns, c)) and all(map(reader.read, texts))]
    return found[0] if len(found) == 1 else None


def _distinct(columns: ListColumns, column: int) -> list[str]:
    return [t for t in columns.texts(column)[columns.coded].unique() if t]


def judged_by_states(statuses: StatusColumns, ends: pd.Series, due: pd.Series, coded: pd.Series) -> tuple[int, int]:
    """(rows of ended dossiers whose days contradict their deadline state, rows that were compared)."""
    wrong = judged = 0
    ended = coded & ends.notna() & due.notna()
    for state, agrees in _AGREES.items():
        rows = ended & (statuses.deadline == state)
        judged += int(rows.sum())
        wrong += int((rows & ~agrees(ends, due)).sum())
    return wrong, judged


@dataclass(frozen=True)
class Meanings:
    """What the texts of a list mean."""

    of_text: Mapping[str, str]  # text -> meaning, "" where it is open
    decisions: tuple[Decision, ...]
    confirmed: Mapping[str, Decision]  # text -> the decision of the office that it was read by


def reopened(meanings: Meanings, refused: Mapping[str, str]) -> Meanings:
    """The meanings without refused answers, which are questions again. `refused`: text -> why (Vietnamese)."""
    asked = {
        d.subject: replace(d, meaning="", ground="open", reason=refused[text])
        for text, d in meanings.confirmed.items()
        if text in refused
    }
    return Meanings(
        {text: "" if text in refused else meaning for text, meaning in meanings.of_text.items()},
        tuple(asked.get(d.subject, d) for d in meanings.decisions),
        {text: d for text, d in meanings.confirmed.items() if text not in refused},
    )


def status_meanings(frame: pd.DataFrame, columns: ListColumns, answers: Mapping[Question, Answer]) -> Meanings:
    """The meaning of each status: a value of STATUS_MEANINGS, BY_DATES, or "" where it is open.

    `frame`: row and status of the dossiers.
    """
    reader, texts = status_words(columns.lists), frame["status"]
    read = {t: reader.read(t) for t in texts.unique() if t}
    keys = {t: _status_key(t, r) for t, r in read.items()}
    known = {t: r.meaning for t, r in read.items() if r.meaning}
    return _meanings("status", frame, keys, known, answers)


def channel_meanings(frame: pd.DataFrame, columns: ListColumns, answers: Mapping[Question, Answer]) -> Meanings:
    """The meaning of each way of reception: online, direct, or "" where it is open. `frame`: row and channel."""
    reader = channel_words(columns.lists)
    distinct = [t for t in frame["channel"].unique() if t]
    keys = {t: " ".join(words(fold(t).translate(str.maketrans("()[]", "    ")))) for t in distinct}
    known = {t: meaning for t in distinct if (meaning := reader.read(t))}
    return _meanings("channel", frame, keys, known, answers)


def _status_key(text: str, read: StatusReading) -> str:
    """The subject of a decision about a status: its words without deadline state."""
    return " ".join(read.base) or " ".join(words(text))


def _meanings(
    topic: Literal["status", "channel"],
    frame: pd.DataFrame,
    keys: Mapping[str, str],
    known: Mapping[str, str],
    answers: Mapping[Question, Answer],
) -> Meanings:
    allowed = STATUS_MEANINGS if topic == "status" else CHANNEL_MEANINGS
    texts = frame[topic]
    counts = texts.value_counts()
    of_text: dict[str, str] = dict.fromkeys(keys, "")
    confirmed: dict[str, Decision] = {}
    decisions: dict[str, Decision] = {}
    for text in sorted(keys, key=lambda t: (-int(counts[t]), t)):
        subject, shown = _shown(topic, text, keys[text])
        answer = answers.get((topic, subject))
        if text in known:
            of_text[text] = known[text]
            if known[text] in allowed:
                decision = Decision(topic, subject, shown, known[text], "known")
                decisions.setdefault(subject, decision)
        elif answer is not None and answer.meaning in allowed:
            of_text[text] = answer.meaning
            confirmed[text] = decisions[subject] = Decision(
                topic, subject, shown, answer.meaning, "confirmed", answer.reason, options(allowed)
            )
        elif len(decisions) < _MOST_ASKED:
            guess = _guess(text) if topic == "status" else ""
            rows = f"{vn_int(int(counts[text]))} hồ sơ"
            if subject != keys[text]:  # the text is withheld: the rows show it
                rows += f": dòng {', '.join(map(str, frame.loc[texts == text, 'row'].head(_ROWS)))}"
            decision = Decision(topic, subject, shown, guess, "open", rows, options(allowed))
            decisions.setdefault(subject, decision)
    return Meanings(of_text, tuple(decisions.values()), confirmed)


def _shown(topic: Topic, text: str, key: str) -> tuple[str, str]:
    """Subject and shown text of a decision. Of a text that may be personal data neither holds more than its start."""
    name = "Trạng thái" if topic == "status" else "Hình thức"
    shown = general().shown(text)
    if shown == text:
        return kept_text(key), f"{name} “{text}”"
    return text_key(key), f"{name} {shown}" if shown == NOT_REPEATED else f"{name} “{shown}”"


def _guess(text: str) -> str:
    """The best guess at the meaning of an unknown status; "" without one. An analyst has to confirm it."""
    label = words(text)
    if {"hủy", "huỷ", "chối", "lại"} & set(label) or label[:1] == ("không",):
        return "left_out"
    if label[:1] in {("đang",), ("chờ",), ("chưa",)}:
        return "open"
    return ""
