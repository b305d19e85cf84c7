"""A province's tables as CSV files and as one JSON document."""

from __future__ import annotations

from pipeline.load.tables.typed_files import json_tables
from pipeline.merged.merged_tables import Merged
from pipeline.publish.csv_tables import csv_bytes


def merged_files(merged: Merged) -> dict[str, bytes]:
    """File name -> bytes: the units, the offices by level, and everything as JSON."""
    tables = {"units": merged.units, "levels": merged.levels, "sources": merged.sources, "notes": merged.notes}
    facts = {
        "period": str(merged.period),
        "rulebook": {"id": merged.rulebook.id, "sha256": merged.rulebook.sha256, "title": merged.rulebook.short},
    }
    return {
        f"don-vi-{merged.period}.csv": csv_bytes(merged.units),
        f"dia-phuong-{merged.period}.csv": csv_bytes(merged.levels),
        f"tong-hop-{merged.period}.json": json_tables(facts, tables),
    }
