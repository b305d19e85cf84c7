"""The revision of one office that goes into a province's table, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from pipeline.publish.csv_tables import table_or_none
from pipeline.publish.published_scores import TABLES, PublishedScores
from schemas.manifest import Manifest, Signing

#: the published tables that are read; `report_fields.csv` may be missing
NEEDED = (*TABLES, "counts.csv")
FIELDS = "report_fields.csv"


@dataclass(frozen=True)
class OfficeRevision:
    """A published revision of an office.

    `label`: as the user named the office; `name`: as its report names it; `province`: "" where it is not known;
    `signing`: None for a revision that is not signed; `newest`: the newest revision of the period; `ledger_start`: hash
    of the first entry of the office's ledger, "" without one. `counts`: (unit_id, measure) -> dossiers, summed.
    """

    label: str
    name: str
    province: str
    manifest: Manifest
    manifest_sha256: str
    signing: Signing | None
    newest: str
    ledger_start: str
    scores: PublishedScores
    counts: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @property
    def shown(self) -> str:
        """`UBND thành phố A (bản r1)`."""
        return f"{self.name} (bản {self.manifest.revision})"

    def unit_counts(self, unit_id: str) -> dict[str, int]:
        """The counts of a unit that are not 0: measure -> dossiers."""
        return {m: value for (unit, m), value in self.counts.items() if unit == unit_id and value}


def published_name(report_fields: bytes | None) -> str:
    """The office as its report names it, from the published table; "" if it is not there."""
    frame = table_or_none(report_fields)
    if frame is None or {"field", "value"} - set(frame.columns):
        return ""
    named = frame.loc[(frame["field"] == "issuing_body") & (frame["value"] != ""), "value"]
    return str(named.iloc[0]) if len(named) else ""


def published_counts(counts: bytes | None) -> dict[tuple[str, str], int] | None:
    """(unit_id, measure) -> dossiers of a published table of counts; None if the bytes are no such table."""
    frame = table_or_none(counts)
    if frame is None or {"unit_id", "measure", "value"} - set(frame.columns):
        return None
    values = pd.to_numeric(frame["value"], errors="coerce")
    if values.isna().any():
        return None
    found: dict[tuple[str, str], int] = {}
    for unit, measure, value in zip(frame["unit_id"], frame["measure"], values.astype("int64"), strict=True):
        found[unit, measure] = found.get((unit, measure), 0) + value
    return found
