"""The counts a unit was shown in its own workbook, beside those that are scored now."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from pipeline.findings import Finding
from pipeline.text import vn_int
from schemas.measures import COUNT_NAMES


def shown_differences(shown: pd.DataFrame, figures: pd.DataFrame, names: Mapping[str, str]) -> list[Finding]:
    """One finding a workbook whose locked counts are not the figures of today. shown: ShownCounts; figures: Figures.

    A unit without figures has its own finding; a count the workbook left blank was shown to nobody.
    """
    known = {
        (str(u), str(m)): int(v)
        for u, m, v in zip(figures["unit_id"], figures["measure"], figures["value"], strict=True)
    }
    units = {unit for unit, _ in known}
    findings = []
    for (unit_id, file, sheet), rows in shown.groupby(["unit_id", "source_file", "source_sheet"], sort=False):
        if unit_id not in units:
            continue
        wrong = [
            (COUNT_NAMES[str(r["measure"])].lower(), str(r["text"]), known.get((str(unit_id), str(r["measure"]))), r)
            for r in rows.to_dict("records")
            if pd.isna(r["value"]) or known.get((str(unit_id), str(r["measure"]))) != int(r["value"])
        ]
        if wrong:
            found = ", ".join(f"{name} {text}" for name, text, _, _ in wrong)
            now = ", ".join(f"{name} {'không có' if n is None else vn_int(n)}" for name, _, n, _ in wrong)
            cell, facts = str(wrong[0][3]["source_cell"]), {"row": names.get(str(unit_id), str(unit_id))}
            findings.append(
                Finding("return_counts_differ", str(unit_id), str(file), str(sheet), cell, found, now, facts)
            )
    return findings
