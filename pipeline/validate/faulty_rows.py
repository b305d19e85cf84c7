"""The rows that the reading found wrong by their totals, after the office's corrections."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

import pandas as pd

from pipeline.extract.sheet.cell_values import COUNT_FINDINGS, SHOWN_OTHERWISE
from pipeline.findings import Finding

#: codes of the findings about a row that its own totals and a total row contradict
_CODES = frozenset(("row_off_total", "level_row_off_total"))
#: codes of the findings about a cell of a row without a number: the row's totals tell nothing else
_NO_NUMBER = frozenset(("cell_blank_open", SHOWN_OTHERWISE, *COUNT_FINDINGS.values()))


def named_cells(findings: Iterable[Finding], counts: pd.DataFrame) -> dict[str, set[str]]:
    """unit_id -> the measures of the cells that findings of wrong rows point to. `counts`: Counts frame.

    No measures for a unit with a cell that holds no number: that is reported.
    """
    measure_at = {
        (file, sheet, cell): measure
        for file, sheet, cell, measure in zip(
            counts["source_file"], counts["source_sheet"], counts["source_cell"], counts["measure"], strict=True
        )
    }
    found: dict[str, set[str]] = {}
    for finding in findings:
        if finding.code in _NO_NUMBER and finding.unit_id:
            found.setdefault(finding.unit_id, set())
        if finding.code in _CODES:
            places = [(finding.file, finding.sheet, cell) for cell in finding.cell.split(", ")]
            found.setdefault(finding.unit_id, set()).update(measure_at[p] for p in places if p in measure_at)
    return found


def after_corrections(
    findings: Iterable[Finding], named: Collection[str], corrections: pd.DataFrame, broken: Collection[str]
) -> list[Finding]:
    """The findings; a wrong row of which the identities hold after the office's corrections is only a warning.

    `named`: the units of such findings; `corrections`: Corrections frame; `broken`: units with a broken identity.
    """
    applied = set(corrections.loc[corrections["status"] == "applied", "unit_id"])
    settled = {unit for unit in named if unit in applied and unit not in broken}
    return [
        replace(f, code="row_off_total_corrected") if f.code in _CODES and f.unit_id in settled else f for f in findings
    ]


def with_lacks(table: pd.DataFrame, lacks: Mapping[tuple[str, str], int]) -> pd.DataFrame:
    """A wide table with what some cells lack added to them. `lacks`: (unit_id, measure) -> number."""
    more = pd.DataFrame(0, index=table.index, columns=table.columns).astype("Int64")
    for (unit_id, measure), lack in lacks.items():
        more.loc[unit_id, measure] = lack
    return table + more
