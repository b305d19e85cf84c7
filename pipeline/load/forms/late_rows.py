"""Rows of the form of explanations (GT-01) that the program fills in: who has late dossiers, and how many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pipeline.load.forms.form_sheet import Prepared
from pipeline.registry import UnitIndex
from schemas.measures import COUNT_NAMES, LATE_MEASURES

CODE = "GT-01"


def late_rows(
    late: Mapping[tuple[str, str], int], index: UnitIndex, units: Iterable[str] | None = None
) -> list[Prepared]:
    """One row a unit and kind of late dossiers, in registry order; only of `units` where they are given.

    late: (unit_id, measure) -> late dossiers.
    """
    chosen = index.units() if units is None else list(units)
    return [
        Prepared({"unit": index.names[u], "measure": COUNT_NAMES[m], "late": str(late[u, m])})
        for u in chosen
        for m in LATE_MEASURES
        if late.get((u, m), 0) > 0
    ]
