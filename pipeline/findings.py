"""Findings (errors, warnings, notices) and the places in input files that they name.

Severity, message and next step belong to the code of a finding (`finding_catalogue`). The limited worker process
imports this module: nothing heavy is imported here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Consequence:
    """What follows from a finding, as one Vietnamese sentence, and where it shows ("" where it shows in no place)."""

    file: str
    sheet: str
    cell: str  # as in Place
    text: str


@dataclass(frozen=True)
class Finding:
    """One error, warning or notice. Its code determines severity, message and next step (`finding_catalogue`)."""

    code: str
    unit_id: str = ""
    file: str = ""
    sheet: str = ""
    cell: str = ""  # as in Place
    found: str = ""  # Vietnamese: what the input holds
    expected: str = ""  # Vietnamese: what it should hold
    #: values for the placeholders of the catalogue's message
    facts: Mapping[str, object] = field(default_factory=dict)
    #: ids of the units that a finding about several units concerns
    units: tuple[str, ...] = ()
    #: what follows from the finding and is no finding of its own
    consequences: tuple[Consequence, ...] = ()

    @property
    def unit_ids(self) -> list[str]:
        """The ids of the units and levels it is about, each once."""
        return [u for u in dict.fromkeys((self.unit_id, *self.units)) if u]


@dataclass(frozen=True)
class Place:
    """A place in an input file.

    `sheet`: "" for a file without sheets or for the whole file. `cell`: an address (`B7`), rows (`8:10`), several
    addresses, or Vietnamese words such as `dòng 5`; "" for the whole sheet.
    """

    file: str
    sheet: str = ""
    cell: str = ""

    def __str__(self) -> str:
        parts = (self.file, f"sheet {self.sheet}" if self.sheet else "", f"ô {self.cell}" if self.cell else "")
        return ", ".join(filter(None, parts))

    def finding(
        self,
        code: str,
        unit_id: str = "",
        *,
        found: str = "",
        expected: str = "",
        units: tuple[str, ...] = (),
        consequences: tuple[Consequence, ...] = (),
        **facts: object,
    ) -> Finding:
        """A finding at this place. The parameters are those of `Finding`."""
        return Finding(code, unit_id, self.file, self.sheet, self.cell, found, expected, facts, units, consequences)

    def consequence(self, text: str) -> Consequence:
        """What follows from a finding and shows at this place. `text`: one Vietnamese sentence."""
        return Consequence(self.file, self.sheet, self.cell, text)


#: The place of a finding about a unit, a level or a quarter as a whole.
NO_PLACE = Place("")


def source_place(row: Mapping[Any, Any], cell: str = "source_cell") -> Place:
    """Where a row of a frame was read: its columns `source_file`, `source_sheet` and `cell`."""
    return Place(str(row["source_file"]), str(row["source_sheet"]), str(row[cell]))


def unit_ids(row: Mapping[Any, Any]) -> list[str]:
    """The ids of the units and levels that a row of the Findings frame is about, each once."""
    ids = [str(row["unit_id"]), *str(row["units"]).split("; ")]
    return [i for i in dict.fromkeys(ids) if i]
