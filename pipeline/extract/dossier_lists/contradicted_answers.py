"""Answers of the office that the rows of a dossier list contradict: they are refused, with the rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from pipeline.extract.dossier_lists.list_decisions import ColumnChoice, named_cells
from pipeline.extract.dossier_lists.list_header import ListHeader
from pipeline.extract.dossier_lists.list_statuses import Meanings
from pipeline.extract.sheet.grid import Grid
from pipeline.extract.wording.list_words import DateKind
from pipeline.findings import Finding
from pipeline.text import vn_int

#: share of dossiers that end, or are promised, before they came in
_BACKWARDS = 0.2
#: share of the dossiers of a status whose dates contradict its meaning
_CONTRADICTED = 0.5
#: a day, and another one that it may not be before
_AFTER: Final[Sequence[tuple[DateKind, DateKind, DateKind]]] = (
    ("finished", "finished", "received"),
    ("due", "due", "received"),
    ("received", "finished", "received"),
)
#: rows that a finding names
_EXAMPLES = 5


def contradicted_columns(
    frame: pd.DataFrame, grid: Grid, header: ListHeader, choices: Mapping[DateKind, ColumnChoice]
) -> list[Finding]:
    """A finding for each column that the office named and whose days stand before the reception, or that has none.

    `frame`: row, received, due, finished.
    """
    findings = []
    for kind, later, earlier in _AFTER:
        choice = choices.get(kind, ColumnChoice(None))
        if choice.decision is None or choice.decision.ground != "confirmed" or choice.column is None:
            continue
        both = frame[later].notna() & frame[earlier].notna()
        wrong = both & (frame[later] < frame[earlier])
        if frame[kind].isna().all():
            why = "cột không có ngày nào"
        elif wrong.sum() > _BACKWARDS * both.sum():
            name = "ngày hẹn trả" if later == "due" else "ngày kết thúc"
            why = f"{vn_int(int(wrong.sum()))} trên {vn_int(int(both.sum()))} hồ sơ có {name} trước ngày tiếp nhận"
            why += _listed(frame.loc[wrong, "row"].tolist())
        else:
            continue
        place = grid.place_of(named_cells(header, [choice.column]))
        by = choice.decision.reason
        findings.append(place.finding("layout_contradicted", found=choice.decision.shown, by=by, why=why))
    return findings


def contradicted_statuses(frame: pd.DataFrame, grid: Grid, statuses: Meanings) -> dict[str, Finding]:
    """Status -> the finding that its meaning by the office contradicts the dates of most of its dossiers.

    `frame`: row, status, finished.
    """
    findings: dict[str, Finding] = {}
    for text, decision in statuses.confirmed.items():
        mine = frame.loc[frame["status"] == text]
        ended = mine["finished"].notna()
        if decision.meaning in {"open", "waiting", "not_received"} and ended.mean() > _CONTRADICTED:
            rows = mine.loc[ended, "row"].tolist()
            why = f"{vn_int(len(rows))} trên {vn_int(len(mine))} hồ sơ có ngày kết thúc"
        elif decision.meaning == "done" and not ended.any():
            rows = mine["row"].tolist()
            why = f"không hồ sơ nào trong {vn_int(len(mine))} hồ sơ có ngày kết thúc"
        else:
            continue
        place = grid.place_of(f"dòng {', '.join(map(str, rows[:_EXAMPLES]))}")
        facts: dict[str, Any] = {"by": decision.reason, "why": why + _listed(rows)}
        findings[text] = place.finding("layout_answer_refused", found=decision.shown, **facts)
    return findings


def _listed(rows: Sequence[int]) -> str:
    return f" (dòng {', '.join(map(str, rows[:_EXAMPLES]))}{', …' if len(rows) > _EXAMPLES else ''})"
