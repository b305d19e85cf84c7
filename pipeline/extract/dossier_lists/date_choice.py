"""Which columns of a dossier list hold the days of reception, promise and end, and on what ground.

Where several columns could be meant, the words of their headings decide if they say which is which without doubt, else
the office. A column is never taken because it stands first or is the later one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

import pandas as pd

from pipeline.extract.dossier_lists.list_columns import ListColumns
from pipeline.extract.dossier_lists.list_decisions import ColumnChoice, answered_column, column_decision
from pipeline.extract.wording.list_words import (
    DATE_KINDS,
    PASSED_ON,
    PLANNED,
    RENEWED,
    STAGE,
    UNSURE,
    DateHeading,
    DateKind,
)
from pipeline.layouts.confirmed import Answer, Question
from pipeline.layouts.decisions import Topic
from pipeline.text import vn_int

#: the days that every list must have -> their Vietnamese names
DATE_NAMES: Final[Mapping[DateKind, str]] = {
    "received": "ngày tiếp nhận",
    "due": "ngày hẹn trả",
    "finished": "ngày kết thúc xử lý",
}
TOPICS: Final[Mapping[DateKind, Topic]] = {"received": "received_date", "due": "due_date", "finished": "end_date"}
#: share of rows that contradict what the words say, from which they leave doubt
_DOUBT = 0.05
#: share of rows in which a day that nobody named has to stand on the right side of the others
_PLAUSIBLE = 0.8
#: group of a column that the words rule out -> when its days (second) contradict those of the column that is meant
_ORDER: Final[Mapping[str, Callable[[pd.Series, pd.Series], pd.Series]]] = {
    "handed_over": pd.Series.gt,
    PASSED_ON: pd.Series.gt,
    STAGE: pd.Series.lt,
    RENEWED: pd.Series.gt,
}
#: column -> (rows that its days contradict, rows that they could)
Contradictions = Callable[[int], tuple[int, int]]


class DateChoices(NamedTuple):
    """The choice of each kind of day that the header has, and the columns of one label that hold different days."""

    choices: dict[DateKind, ColumnChoice]
    unclear: tuple[int, ...] = ()


def date_candidates(columns: ListColumns) -> dict[int, DateHeading]:
    """The columns whose headings name a day of a dossier. A heading without "Ngày" has to stand over dates."""
    found = {}
    for column in columns.header.columns:
        path = columns.header.path(column)
        if column == columns.header.code or columns.lists.key(path) or columns.lists.is_personal_date(path):
            continue
        heading = columns.lists.date_heading(path)
        if heading is None:
            continue
        plain = heading.group not in UNSURE
        if (plain and heading.named) or columns.holds_dates(column, or_blank=plain):
            found[column] = heading
    return found


def choose_dates(
    columns: ListColumns,
    candidates: Mapping[int, DateHeading],
    answers: Mapping[Question, Answer],
    contradictions: Callable[[int], Contradictions],
) -> DateChoices:
    """The column of each kind of day. `contradictions`: the column of due days -> see `Contradictions`.

    A kind that neither the header nor an answer names is missing in the result.
    """
    choices: dict[DateKind, ColumnChoice] = {}
    unnamed: list[int] | None = None
    for kind in DATE_KINDS:
        taken = [c.column for c in choices.values()]
        of_kind = {c: h.group for c, h in candidates.items() if h.kind == kind and c not in taken}
        known = any(group not in UNSURE for group in of_kind.values())
        others = [c for c, h in candidates.items() if h.kind != kind and h.group == PLANNED and c not in taken]
        if not known:
            unnamed = _unnamed_dates(columns, candidates) if unnamed is None else unnamed
            others += [c for c in unnamed if c not in taken]
        column, answer = answered_column(TOPICS[kind], answers, columns.header, columns.header.columns)
        if column is not None and answer is not None:
            asked = [*of_kind, *(c for c in others if c not in of_kind)]
            decision = column_decision(TOPICS[kind], columns.header, asked, column, "confirmed", reason=answer.reason)
            choices[kind] = ColumnChoice(column, decision, (column,))
        elif known:
            due = choices["due"].column if kind == "finished" and "due" in choices else None
            proof = contradictions(due) if due is not None else None
            choice = _among_named(kind, of_kind, columns, proof)
            if choice.column is None and choice.decision is None:
                return DateChoices(choices, choice.columns)
            choices[kind] = choice
            if kind == "finished" and choice.column is not None and of_kind[choice.column] in columns.lists.weak_ends:
                unnamed = _unnamed_dates(columns, candidates) if unnamed is None else unnamed
                choices[kind] = _beside_unknown_ends(choice, _unasked(unnamed, choices), choices, columns)
        else:
            variants = [c for c, group in of_kind.items() if group != PLANNED]
            possible = variants or [c for c in others if _is_plausible(kind, c, choices, columns)]
            if possible:
                choices[kind] = _asked(kind, possible, None, columns, "tên cột không nói rõ là ngày nào")
            elif of_kind:
                return DateChoices(choices, tuple(of_kind))
    return DateChoices(choices)


def _among_named(
    kind: DateKind, of_kind: Mapping[int, str], columns: ListColumns, proof: Contradictions | None
) -> ColumnChoice:
    """The choice among columns whose headings name one kind of day, at least one of them without other words.

    Without column and decision: two columns of one label hold different days.
    """
    ordered = sorted((c for c in of_kind if of_kind[c] != PLANNED), key=lambda c: of_kind[c] in UNSURE)
    distinct: list[int] = []
    for column in ordered:
        if not any(not columns.differing(column, other).any() for other in distinct):
            distinct.append(column)
    labels = [columns.header.subject(c) for c in distinct]
    if len(set(labels)) < len(labels):
        return ColumnChoice(None, None, tuple(c for c in distinct if labels.count(columns.header.subject(c)) > 1))
    left, doubt = _by_words(kind, distinct, of_kind, columns)
    if len(left) == 1 and not doubt:
        decision = column_decision(TOPICS[kind], columns.header, ordered, left[0], "known")
        return ColumnChoice(left[0], decision, tuple(left))
    proven = _proven(left, of_kind, proof)
    if proven is not None and not doubt:
        reason = "khớp tình trạng hạn ghi trong danh sách"
        decision = column_decision(TOPICS[kind], columns.header, ordered, proven, "proven", reason=reason)
        return ColumnChoice(proven, decision, (proven,))
    rows = vn_int(int(columns.differing(distinct[0], distinct[1]).sum()))
    why = doubt or f"các cột khác nhau ở {rows} dòng"
    guess = next((c for c in distinct if of_kind[c] in {"result", "completed", "promised", "accepted"}), distinct[0])
    return _asked(kind, distinct, guess, columns, why)


def _by_words(
    kind: DateKind, distinct: Sequence[int], of_kind: Mapping[int, str], columns: ListColumns
) -> tuple[list[int], str]:
    """The columns that the words leave, and why they leave doubt; "" where they do not."""
    left = list(distinct)
    for winner, loser in columns.lists.over[kind]:
        meant = [c for c in left if of_kind[c] == winner]
        beaten = [c for c in left if of_kind[c] == loser]
        if not meant or not beaten:
            continue
        left = [c for c in left if c not in beaten]
        for column in beaten:
            doubt = _contradicted_words(of_kind[column], meant[0], column, columns)
            if doubt:
                return [*left, *beaten], doubt
    return left, ""


def _contradicted_words(group: str, meant: int, other: int, columns: ListColumns) -> str:
    """Why the rows contradict that a column is meant and the other one, of `group`, is not; "" where they do not."""
    a, b = columns.days(meant)[0], columns.days(other)[0]
    filled = columns.coded & b.notna()
    blank = int((filled & a.isna()).sum())
    # a stage of the work ends before the work does
    if group != STAGE and blank > _DOUBT * filled.sum():
        return f"{columns.header.named_column(meant)} trống ở {vn_int(blank)} dòng mà cột kia có ngày"
    both = filled & a.notna()
    order = _ORDER.get(group)
    if order is None:
        return ""
    wrong = int((both & order(a, b)).sum())
    if wrong > _DOUBT * both.sum():
        side = "trước" if group == STAGE else "sau"
        return f"{columns.header.named_column(meant)} {side} cột kia ở {vn_int(wrong)} dòng"
    return ""


def _unasked(unnamed: Sequence[int], choices: Mapping[DateKind, ColumnChoice]) -> list[int]:
    """The columns that no earlier kind of day has taken or is asked about."""
    used = {c for choice in choices.values() for c in (choice.column, *(choice.columns if choice.open else ()))}
    return [c for c in unnamed if c not in used]


def _beside_unknown_ends(
    choice: ColumnChoice, unnamed: Sequence[int], choices: Mapping[DateKind, ColumnChoice], columns: ListColumns
) -> ColumnChoice:
    """The question about a day of handing over beside a day in unknown words that can be the end: "Ngày ký"."""
    end = choice.column if choice.column is not None else 0
    rivals = [
        c
        for c in unnamed
        if not columns.lists.is_never_end(columns.header.path(c))
        and _is_plausible("finished", c, choices, columns)
        and _is_before(c, end, columns)
    ]
    if not rivals:
        return choice
    rows = vn_int(int(columns.differing(rivals[0], end).sum()))
    return _asked("finished", sorted([*rivals, end]), end, columns, f"các cột khác nhau ở {rows} dòng")


def _is_before(column: int, end: int, columns: ListColumns) -> bool:
    """Whether a column ends most dossiers no later than another one does, and some earlier."""
    a, b = columns.days(column)[0], columns.days(end)[0]
    both = columns.coded & a.notna() & b.notna()
    return bool(both.any() and (a[both] <= b[both]).mean() >= _PLAUSIBLE and columns.differing(column, end).any())


def _proven(left: Sequence[int], of_kind: Mapping[int, str], proof: Contradictions | None) -> int | None:
    """The column whose days agree with all deadline states of the list, where all others contradict them.

    The day of handing over is not proven by them: that the portal measures there does not make it right.
    """
    if proof is None:
        return None
    found = {c: proof(c) for c in left}
    agreeing = [c for c, (wrong, judged) in found.items() if judged >= 5 and not wrong]
    if len(agreeing) == 1 and of_kind[agreeing[0]] in {"result", "completed"}:
        return agreeing[0] if all(found[c][0] for c in left if c != agreeing[0]) else None
    return None


def _asked(kind: DateKind, asked: Sequence[int], guess: int | None, columns: ListColumns, why: str) -> ColumnChoice:
    decision = column_decision(
        TOPICS[kind], columns.header, asked, guess, "open", reason=why, examples=columns.day_examples(asked[:2])
    )
    return ColumnChoice(None, decision, tuple(asked), why)


def asked_again(kind: DateKind, columns: ListColumns, candidates: Sequence[int], why: str) -> ColumnChoice:
    """The open choice of a column that the words name and something else in the list contradicts."""
    return _asked(kind, candidates, candidates[0], columns, why)


def _unnamed_dates(columns: ListColumns, candidates: Mapping[int, DateHeading]) -> list[int]:
    """The columns of dates whose headings are not in the vocabulary."""
    lists, header = columns.lists, columns.header
    return [
        c
        for c in header.columns
        if c not in candidates
        and c != header.code
        and header.path(c)
        and not lists.key(header.path(c))
        and not lists.is_personal_date(header.path(c))
        and columns.holds_dates(c, or_blank=False)
    ]


def _is_plausible(kind: DateKind, column: int, choices: Mapping[DateKind, ColumnChoice], columns: ListColumns) -> bool:
    """Whether the days of a column stand on the right side of those that are known: no end before the reception."""
    received = choices.get("received")
    if kind == "received" or received is None or received.column is None:
        return True
    mine, start = columns.days(column)[0], columns.days(received.column)[0]
    both = columns.coded & mine.notna() & start.notna()
    late_enough = bool((mine[both] >= start[both]).mean() >= _PLAUSIBLE) if both.any() else False
    # a day that is the reception's own in every row is neither promise nor end
    return late_enough and not bool((mine[both] == start[both]).all())
