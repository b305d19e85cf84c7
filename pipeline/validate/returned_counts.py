"""Compares the counts shown in units' returned workbooks with the counts that are scored now."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from pipeline.findings import Finding, source_place
from pipeline.text import vn_int
from schemas.measures import COUNT_NAMES


def shown_differences(shown: pd.DataFrame, figures: pd.DataFrame, names: Mapping[str, str]) -> list[Finding]:
    """One finding for each workbook that shows other counts than the figures of now, at the first such count.

    shown: ShownCounts frame; figures: Figures frame; names: unit_id -> name. Units without figures are not compared.
    """
    known = {
        (str(u), str(m)): int(v)
        for u, m, v in zip(figures["unit_id"], figures["measure"], figures["value"], strict=True)
    }
    units = {unit for unit, _ in known}
    findings = []
    for (unit_id, _file, _sheet), rows in shown.groupby(["unit_id", "source_file", "source_sheet"], sort=False):
        unit = str(unit_id)
        if unit not in units:
            continue
        records = [(r, known.get((unit, str(r["measure"])))) for r in rows.to_dict("records")]
        differing = [(r, now) for r, now in records if pd.isna(r["value"]) or now != int(r["value"])]
        if differing:
            found = ", ".join(f"{_name(r['measure'])} {r['text']}" for r, _ in differing)
            current = ", ".join(
                f"{_name(r['measure'])} {'không có' if now is None else vn_int(now)}" for r, now in differing
            )
            place = source_place(differing[0][0])
            name = names.get(unit, unit)
            findings.append(place.finding("return_counts_differ", unit, found=found, expected=current, row=name))
    return findings


def _name(measure: object) -> str:
    return COUNT_NAMES[str(measure)].lower()
