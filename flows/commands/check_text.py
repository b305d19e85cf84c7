"""The text of `tthc check`: what to do and the state of the period; with `--all` everything that was read and found."""

from __future__ import annotations

import textwrap
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import pandas as pd

from flows.commands.summary import before_signature_lines
from flows.pages.findings_page import finding_place
from pipeline.finding_catalogue import SEVERITY_NAMES
from pipeline.load.content.before_signature import before_signature
from pipeline.load.content.display_names import CONSEQUENCE, ROLE_NAMES
from pipeline.load.content.sentences import lower_first
from pipeline.load.review.review_summary import ReviewSummary
from pipeline.load.review.todo_list import TodoLine, shown_lines
from pipeline.periods import Period
from pipeline.result import Checked, Scored, SourceFile
from pipeline.text import vn_decimal, vn_int
from schemas.rulebook import Rulebook

#: letters of a line, and letters of a cause and of what to do in the to-do list
_WIDTH, _LONGEST_CAUSE, _LONGEST_ACTION = 120, 150, 170
#: where the whole to-do list is
WHOLE_LIST: Final = "trang “Việc cần làm” của sổ rà soát"


def summary_lines(period: Period, summary: ReviewSummary) -> Iterator[str]:
    """The to-do list, at most ten things, and the three lines of the period's state."""
    yield f"Kiểm tra {period.name}"
    yield ""
    yield "Việc cần làm:" if summary.todo else "Việc cần làm: không có."
    for number, line in enumerate(shown_lines(summary.todo, WHOLE_LIST), 1):
        yield from _todo(number, line)
    yield ""
    for line_of_state in summary.state:
        yield from wrapped(line_of_state, others="  ")


def _todo(number: int, line: TodoLine) -> Iterator[str]:
    place = f" [{line.place}]" if line.place else ""
    yield from wrapped(f"{number:>2}. {_cut(line.cause, _LONGEST_CAUSE)}{place}")
    action = _cut(line.action, _LONGEST_ACTION)
    after = f" {CONSEQUENCE}{_cut(f'{line.consequence}.', _LONGEST_CAUSE)}" if line.consequence else ""
    yield from wrapped(f"→ {action}{after}", "    ", "      ")


def _cut(text: str, most: int) -> str:
    """A text cut at a word to so many letters."""
    return textwrap.shorten(text, most, placeholder=" …", break_on_hyphens=False, break_long_words=True)


def wrapped(text: str, first: str = "", others: str = "    ") -> list[str]:
    """A text in lines of at most 120 letters, broken between words; `first` and `others`: what lines begin with."""
    return textwrap.wrap(
        text, _WIDTH, initial_indent=first, subsequent_indent=others, break_long_words=False, break_on_hyphens=False
    )


def finding_lines(findings: pd.DataFrame) -> Iterator[str]:
    """All findings, most severe first, each with its place and next step. `findings`: a Findings frame."""
    for severity, name in SEVERITY_NAMES.items():
        rows = findings.loc[findings["severity"] == severity].to_dict("records")
        if rows:
            yield ""
            yield f"{name} ({vn_int(len(rows))}):"
            for row in rows:
                yield from _finding({str(k): str(v) for k, v in row.items()})
    if not len(findings):
        yield ""
        yield "Không có phát hiện nào."


def _finding(row: Mapping[str, str]) -> Iterator[str]:
    place = finding_place(row)
    yield f"  - {row['message']}" + (f"  [{place}]" if place else "")
    if row["consequences"]:
        yield f"    {CONSEQUENCE}{row['consequences']}"
    if row["action"] and row["severity"] != "notice":
        yield f"    → {row['action']}"


def score_lines(scored: Scored) -> Iterator[str]:
    """The provisional scores of levels and units; nothing without a rulebook."""
    if scored.rulebook is None:
        return
    rulebook = scored.rulebook
    yield ""
    ground = f" – {scored.rulebook_ground}" if scored.rulebook_ground else ""
    yield f"Điểm tạm tính, theo {rulebook.short}{ground} (chưa công bố):"
    for level in scored.level_scores.to_dict("records"):
        yield f"  {level['name']}: {_provisional(level, rulebook)}"
        units = scored.unit_scores.loc[scored.unit_scores["level"] == level["level"]]
        for unit in units.to_dict("records"):
            yield f"    {unit['name']}: {_provisional(unit, rulebook)}"


def source_lines(sources: Iterable[SourceFile]) -> Iterator[str]:
    """The role of each file, and what every column of its tables was taken for."""
    yield ""
    yield "Tệp và cách hiểu từng cột:"
    for source in sources:
        yield f"  {source.path}: {lower_first(ROLE_NAMES[source.role])}"
        yield from (f"      {line}" for line in source.tables.split("\n") if line)


def detail_lines(checked: Checked, scored: Scored | None, submissions: Sequence[str]) -> Iterator[str]:
    """Everything found and read: findings, what is missing before the signature, submissions, scores, files.

    `scored`: None if there is no count; the findings are then those of `checked`. `submissions`: the table of units.
    """
    yield from finding_lines(checked.findings if scored is None else scored.findings)
    if scored is not None:
        items = before_signature(scored)
        yield ""
        yield f"Trước khi ký ({vn_int(len(items))} việc):" if items else "Trước khi ký: đủ điều kiện ký."
        yield from before_signature_lines(items, published=False)
    if submissions:
        yield ""
        yield from submissions
    if scored is not None:
        yield from score_lines(scored)
    yield from source_lines(checked.sources)


def _provisional(row: Mapping[Hashable, Any], rulebook: Rulebook) -> str:
    """Total, officers' average, the class of a unit and the note on them; only the reason if there is no total."""
    if pd.isna(row["total"]):
        return str(row["status_reason"]) or "không chấm"
    officers = float(sum(c.max_points for c in rulebook.criteria if c.officers))
    parts = [
        _of(row["total"], row["total_max"], float(rulebook.max_total), rulebook),
        f"ĐTB {_of(row['officer_average'], row['officer_average_max'], officers, rulebook)}"
        if pd.notna(row["officer_average"])
        else "",
        f"phân loại {row['class_printed']}" if row.get("class_printed") else "",
        str(row["status_reason"]),
    ]
    return " · ".join(p for p in parts if p)


def _of(value: float, most: float, full: float, rulebook: Rulebook) -> str:
    """`9,60`, or `9,60/12` if the unit can reach fewer points than the rulebook's maximum (`full`)."""
    text = vn_decimal(value, rulebook.rounding.print_places)
    return text if most >= full else f"{text}/{vn_decimal(most, 2, trim=True)}"
