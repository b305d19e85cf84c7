"""The rows of the form of explanations (GT-01) that the program fills in: units with late dossiers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pipeline.load.forms.form_rows import PreparedRow
from pipeline.registry import UnitIndex
from schemas.measures import COUNT_NAMES, LATE_MEASURES

#: code of the sheet of explanations
EXPLANATIONS_CODE = "GT-01"


def late_rows(
    late: Mapping[tuple[str, str], int], index: UnitIndex, units: Iterable[str] | None = None
) -> list[PreparedRow]:
    """A row a unit and kind of late dossiers, in registry order, or in the order of `units`.

    `late`: (unit_id, measure) -> late dossiers; `units`: ids of the units to list, None for all.
    """
    chosen = index.units() if units is None else list(units)
    return [
        PreparedRow({"unit": index.names[u], "measure": COUNT_NAMES[m], "late": str(late[u, m])})
        for u in chosen
        for m in LATE_MEASURES
        if late.get((u, m), 0) > 0
    ]
