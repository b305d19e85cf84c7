"""Units whose rows a new file replaces in one revision and not, or otherwise, in the one before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from pipeline.publish.revision_tables import RevisionFrames
from schemas.measures import COUNT_NAMES

_TOLD = ("reason", "approver", "approved_on")


@dataclass(frozen=True)
class ReplacedNumber:
    """A number of an export and the one of a new file that counts instead, which may be equal.

    Texts as published, "" where a side has no number. `old_place`, `new_place`: `file › sheet › cell`. `reason`,
    `approver`, `approved_on`: "" where the new file is not declared.
    """

    unit_id: str
    name: str
    measure: str  # Vietnamese
    old_value: str
    new_value: str
    old_file: str
    new_file: str
    old_place: str
    new_place: str
    reason: str
    approver: str
    approved_on: str

    @property
    def declaration(self) -> tuple[str, str, str]:
        """Reason, who accepted it and when."""
        return self.reason, self.approver, self.approved_on


def replaced_numbers(before: RevisionFrames, after: RevisionFrames, names: dict[str, str]) -> Iterator[ReplacedNumber]:
    """All numbers of the units whose replacement is new or declared otherwise, in the published order."""
    earlier = _by_unit(before.replaced)
    for unit_id, rows in _by_unit(after.replaced).items():
        if rows == earlier.get(unit_id):
            continue
        for row in rows:
            yield ReplacedNumber(
                unit_id,
                names.get(unit_id, unit_id),
                COUNT_NAMES.get(row["measure"], row["measure"]),
                row["old_value"],
                row["new_value"],
                row["old_file"],
                row["new_file"],
                _place(row, "old"),
                _place(row, "new"),
                *(row[k] for k in _TOLD),
            )


def _by_unit(frame: pd.DataFrame) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for row in frame.to_dict("records"):
        texts = {str(k): str(v) for k, v in row.items()}
        found.setdefault(texts["unit_id"], []).append(texts)
    return found


def _place(row: dict[str, str], side: str) -> str:
    return " › ".join(x for x in (row[f"{side}_file"], row[f"{side}_sheet"], row[f"{side}_cell"]) if x)
