"""The opening of the page of a review: what to do, and the state of the period."""

from __future__ import annotations

from pipeline.load.review.review_summary import ReviewSummary
from pipeline.load.review.todo_list import TodoLine, shown_lines
from pipeline.markdown import escaped


def todo_page(summary: ReviewSummary, where: str) -> str:
    """Markdown: at most ten things to do, in the order to do them, then the state. `where`: the period, Vietnamese."""
    shown = shown_lines(summary.todo, "ket-qua-ra-soat.xlsx")
    lines = [f"# Việc cần làm, {escaped(where)}\n"]
    lines += [_item(number, line) for number, line in enumerate(shown, 1)] or ["Không có việc nào."]
    lines += ["", *(f"- {escaped(text)}" for text in summary.state), ""]
    return "\n".join(lines)


def _item(number: int, line: TodoLine) -> str:
    place = f" *({escaped(line.place)})*" if line.place else ""
    after = f" Kéo theo: {escaped(line.consequence)}." if line.consequence else ""
    return f"{number}. {escaped(line.cause)}{place}  \n   Cần làm: {escaped(line.action)}{after}"
