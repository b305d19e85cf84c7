"""What was found, and where. Nothing heavy is imported here: the limited worker process imports this module.

Severity, message and next step of a finding's code are in `finding_catalogue`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Finding:
    """One thing found. `facts` fill the placeholders of the catalogue's message."""

    code: str
    unit_id: str = ""
    file: str = ""
    sheet: str = ""
    cell: str = ""
    found: str = ""
    expected: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Place:
    """Where something was found: a file, a sheet of it ("" in a csv), a cell, range of rows or list of cells."""

    file: str
    sheet: str = ""
    cell: str = ""

    def __str__(self) -> str:
        parts = (self.file, f"sheet {self.sheet}" if self.sheet else "", f"ô {self.cell}" if self.cell else "")
        return ", ".join(filter(None, parts))

    def finding(self, code: str, unit_id: str = "", *, found: str = "", expected: str = "", **facts: object) -> Finding:
        """A finding at this place. `facts` fill the placeholders of the catalogue's message."""
        return Finding(code, unit_id, self.file, self.sheet, self.cell, found, expected, facts)


#: The place of a finding about a unit, a level or a quarter as a whole.
NO_PLACE = Place("")


def source_place(row: Mapping[Any, Any]) -> Place:
    """Where a row of a frame was read: its columns `source_file`, `source_sheet` and `source_cell`."""
    return Place(str(row["source_file"]), str(row["source_sheet"]), str(row["source_cell"]))
