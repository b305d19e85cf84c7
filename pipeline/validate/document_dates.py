"""Checks the dates of the documents that the report cites."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from pipeline.findings import Finding, source_place
from pipeline.text import vn_day


def check_document_dates(documents: pd.DataFrame) -> list[Finding]:
    """One finding for each document dated before the document that it implements. documents: Documents frame."""
    dated = documents.loc[documents["issued_on"] != ""]
    issued = dict(zip(dated["number"], dated["issued_on"], strict=True))
    titles = dict(zip(documents["number"], documents["title"], strict=True))
    findings = []
    for row in dated.to_dict("records"):
        day, base = str(row["issued_on"]), str(row["implements"])
        if base in issued and day < issued[base]:
            findings.append(
                source_place(row).finding(
                    "document_date",
                    found=_vn_day(day),
                    expected=_vn_day(issued[base]),
                    row=f"{row['title']} {row['number']}".strip(),
                    base=f"{titles[base]} {base}".strip(),
                )
            )
    return findings


def _vn_day(iso: str) -> str:
    return vn_day(dt.date.fromisoformat(iso))
