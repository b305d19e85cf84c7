"""Decisions about the columns of a dossier list: which column was chosen, on what ground, or what is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.extract.dossier_lists.list_header import ListHeader
from pipeline.extract.sheet.grid import Grid, column_letter
from pipeline.findings import Finding
from pipeline.layouts.confirmed import Answer, Question
from pipeline.layouts.decisions import Decision, Ground, Option, Topic

#: what an answer is about -> how a question names it
TITLES: Final[Mapping[str, str]] = {
    "received_date": "Ngày tiếp nhận",
    "due_date": "Ngày hẹn trả",
    "end_date": "Ngày kết thúc hồ sơ",
    "office": "Đơn vị của hồ sơ",
}


@dataclass(frozen=True)
class ColumnChoice:
    """Which column holds something. `column`: None where none was chosen. `columns`: those that a question is about."""

    column: int | None
    decision: Decision | None = None
    columns: tuple[int, ...] = ()
    why: str = ""  # why nothing decides, for the finding

    @property
    def open(self) -> bool:
        """Whether only the office can decide."""
        return self.decision is not None and self.decision.ground == "open"


def column_decision(
    topic: Topic,
    header: ListHeader,
    columns: Sequence[int],
    chosen: int | None,
    ground: Ground,
    *,
    reason: str = "",
    examples: tuple[str, ...] = (),
    more: tuple[Option, ...] = (),
    other: str = "",
) -> Decision:
    """A decision between columns. An answer is the subject of a column, or the value of an option of `more`.

    `other`: the value of the option that was chosen instead of a column.
    """
    named = ", ".join(header.named_column(c) for c in columns)
    asked = tuple(Option(header.subject(c), header.named_column(c)) for c in columns) + more
    meaning = header.subject(chosen) if chosen is not None else other
    has_options = ground in {"open", "confirmed"}
    return Decision(
        topic, topic, f"{TITLES[topic]}: {named}", meaning, ground, reason, asked if has_options else (), examples
    )


def answered_column(
    topic: Topic, answers: Mapping[Question, Answer], header: ListHeader, columns: Sequence[int]
) -> tuple[int | None, Answer | None]:
    """The column that an answer names, and the answer; (None, None) where there is no answer or no such column."""
    answer = answers.get((topic, topic))
    if answer is None:
        return None, None
    named = [c for c in columns if header.subject(c) == answer.meaning]
    return (named[0], answer) if len(named) == 1 else (None, None)


def open_finding(choice: ColumnChoice, grid: Grid, header: ListHeader) -> Finding:
    """The finding of an open choice, at the heads of its columns."""
    decision = choice.decision
    shown = decision.shown if decision is not None else ""
    cells = ", ".join(grid.address(header.bottom, c) for c in choice.columns)
    found = shown[:1].lower() + shown[1:]
    return grid.place_of(cells or header.rows).finding("layout_open", found=found, why=f" ({choice.why})")


def named_cells(header: ListHeader, columns: Sequence[int]) -> str:
    """The head cells of columns: `G4, H4`."""
    return ", ".join(f"{column_letter(c)}{header.bottom + 1}" for c in columns)
