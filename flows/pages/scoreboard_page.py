"""The page with the scores of a period: levels, units by rank, and units without a rank."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any

import pandas as pd

from pipeline.markdown import escaped, pipe_table
from pipeline.publish.revision_diff import Changes
from pipeline.publish.revision_state import RevisionState, item_text
from pipeline.result import Scored
from pipeline.text import vn_decimal


def scoreboard_page(
    scored: Scored, where: str, found: Changes | None = None, state: RevisionState | None = None
) -> str:
    """Markdown: for each level its units by rank with the change since a revision, then the units without a rank.

    `where`: period and revision, Vietnamese. `found`: the changes since the revision before. `state`: of a revision
    that can be signed. Units without a rank are listed below the table, because their reason is a sentence and too wide
    for a column.
    """
    parts = [f"# Bảng điểm {escaped(where)}\n", *(_state(state) if state is not None else ())]
    if scored.rulebook is None:
        return "\n".join([*parts, "Chưa có căn cứ chấm điểm cho kỳ này.\n"])
    since = [] if found is None else ["Thay đổi"]
    compared = f" Thay đổi: so với bản {found.before.revision}." if found is not None else ""
    parts.append(f"Theo {escaped(scored.rulebook.title)}.{compared}\n")
    before = {} if found is None else {c.subject: c.before for c in found.totals if c.item == "Tổng điểm"}
    places, units_scored = scored.rulebook.rounding.print_places, scored.unit_scores
    classes = ("Phân loại", "Theo quy định")  # the printed class, and for comparison the class by law
    heads = ("Hạng", "Đơn vị", "Tổng điểm", *since, "ĐTB CCVC", *classes)
    for level in scored.level_scores.to_dict("records"):
        units = units_scored.loc[units_scored["level"] == level["level"]]
        ranked = units.loc[units["rank"].notna()].sort_values("rank", kind="stable").to_dict("records")
        rows = [
            (
                u["rank"],
                u["name"],
                _score(u["total"], places),
                *(_change(before.get(u["unit_id"]), u["total"], places) for _ in since),
                _score(u["officer_average"], places),
                u["class_printed"] or "–",
                u["class_law"] or "–",
            )
            for u in ranked
        ]
        change = _change(before.get(level["unit_id"]), level["total"], places).strip("=")
        parts.append(
            f"## {escaped(level['name'])}: {_points(level['total'], places)}{f' ({change})' if change else ''}\n"
        )
        parts.append(
            pipe_table(heads, rows, right=(0, *range(2, len(heads) - len(classes))))
            if rows
            else "Chưa có đơn vị nào có điểm.\n"
        )
        parts += list(_unranked(units.loc[units["rank"].isna()].to_dict("records"), before, places))
    return "\n".join(parts)


def _state(state: RevisionState) -> Iterator[str]:
    """The state of the revision, and what is missing before it is signed."""
    yield f"Tình trạng: **{escaped(state.text)}**.\n"
    if state.signing is None and state.items:
        yield "\n".join(f"{number}. {escaped(item_text(item))}" for number, item in enumerate(state.items, 1)) + "\n"


def _unranked(units: list[dict[Hashable, Any]], before: dict[str, str], places: int) -> Iterator[str]:
    if units:
        yield "Không xếp hạng:\n"
        for u in units:
            change = _change(before.get(u["unit_id"]), u["total"], places)
            total = "" if pd.isna(u["total"]) else f" {_score(u['total'], places)} điểm;"
            changed = f" ({change})" if change.strip("=") else ""
            yield f"- {escaped(u['name'])}:{total} {escaped(u['status_reason'])}{changed}"
        yield ""


def _change(before: str | None, after: float, places: int) -> str:
    """The change of a total, `+0,25`; `=` if it did not change. `before`: None if it is not among the changes."""
    if before is None:
        return "" if pd.isna(after) else "="
    if before == "" or pd.isna(after):
        return f"trước: {vn_decimal(float(before), places)}" if before else "trước: chưa chấm"
    difference = float(after) - float(before)
    return ("+" if difference > 0 else "−") + vn_decimal(abs(difference), places)


def _score(value: float, places: int) -> str:
    return "–" if pd.isna(value) else vn_decimal(float(value), places)


def _points(value: float, places: int) -> str:
    return "không chấm" if pd.isna(value) else f"{vn_decimal(float(value), places)} điểm"
