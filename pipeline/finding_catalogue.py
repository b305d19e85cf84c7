"""The catalogue of everything the program can report: severity, Vietnamese message, next step, and what is excluded.

It is read from `reference/findings.toml`: all messages are in one file, which analysts and a lawyer can read.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict

from pipeline.findings import Consequence, Finding, Place
from pipeline.text import one_line
from schemas.frames import Findings

Severity = Literal["error", "warning", "notice"]

#: what is excluded from the results because of a finding: a unit, a file, a level, or the level's own row
SetsAside = Literal["none", "unit", "file", "level", "row"]

#: the form that a finding about a figure of the supplement names where it has no place
SUPPLEMENT_FILE = "bo-sung.xlsx"

SEVERITY_NAMES: dict[str, str] = {"error": "Lỗi", "warning": "Cảnh báo", "notice": "Lưu ý"}


class CatalogueEntry(BaseModel):
    """The entry of one code in findings.toml. `message` and `action` are templates (`str.format`).

    `step`: the action in short, for lists of what to do; "" where the action is short.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    severity: Severity
    sets_aside: SetsAside = "none"
    title: str
    found: str = ""  # for findings that do not set their own
    expected: str = ""
    message: str
    action: str
    step: str = ""


@cache
def catalogue() -> dict[str, CatalogueEntry]:
    """Code -> entry, for every code that the program can report."""
    text = resources.files("pipeline").joinpath("reference/findings.toml").read_text("utf-8")
    return {code: CatalogueEntry.model_validate(entry) for code, entry in tomllib.loads(text).items()}


def findings_setting_aside(findings: Iterable[Finding], what: SetsAside) -> list[Finding]:
    """The findings whose code excludes a `unit`, a `file`, a `level` or a `row`."""
    return [f for f in findings if catalogue()[f.code].sets_aside == what]


def units_set_aside(findings: Iterable[Finding]) -> set[str]:
    """The ids of units and levels that an error sets aside."""
    return {u for f in findings if catalogue()[f.code].sets_aside in {"unit", "level"} for u in f.unit_ids}


#: codes of a unit whose counts are only in a file that is set aside
IN_REFUSED_FILE = frozenset(("unit_in_file_set_aside", "replacement_waits"))
#: codes of questions that the office has to answer first: other findings may follow from them
QUESTIONS = frozenset(("layout_open", "layout_contradicted"))


def findings_frame(findings: Iterable[Finding], unit_order: Mapping[str, int] | None = None) -> pd.DataFrame:
    """The frame `schemas.frames.Findings`: one row a finding, equal findings once.

    Sorted by severity (errors first), questions to the office before what follows from them, unit (`unit_order`: unit
    id -> position in the registry), file, sheet and cell.
    Raises KeyError for an unknown code or a placeholder without a fact.
    """
    order = {"error": 0, "warning": 1, "notice": 2}
    rank = unit_order or {}
    rows = []
    for f in dict.fromkeys(_hashable(f) for f in findings):
        entry = catalogue()[f.code]
        found, expected = f.found or entry.found, f.expected or entry.expected
        facts = {
            "unit": f.unit_id,
            "file": f.file,
            "sheet": f.sheet,
            "cell": f.cell,
            "form": f.file or SUPPLEMENT_FILE,
            "found": found,
            "expected": expected,
            **dict(f.facts),
        }
        rows.append(
            {
                "severity": entry.severity,
                "code": f.code,
                "unit_id": f.unit_id,
                "file": f.file,
                "sheet": f.sheet,
                "cell": f.cell,
                "message": entry.message.format_map(facts),
                "found": found,
                "expected": expected,
                "action": entry.action.format_map(facts),
                "sets_aside": entry.sets_aside,
                "units": "; ".join(f.units),
                "consequences": " ".join(c.text for c in f.consequences),
                "consequence_places": "; ".join(places_of(f.consequences)),
            }
        )
    rows.sort(
        key=lambda r: (
            order[r["severity"]],
            r["code"] not in QUESTIONS,
            rank.get(r["unit_id"], 10**6),
            r["unit_id"],
            r["file"],
            r["sheet"],
            r["cell"],
            r["code"],
            r["message"],
            r["consequences"],
        )
    )
    rows = [{column: one_line(text) for column, text in row.items()} for row in rows]
    frame = pd.DataFrame(rows, columns=list(Findings.to_schema().columns), dtype="str")
    return Findings.validate(frame, lazy=True)


def places_of(consequences: Iterable[Consequence]) -> list[str]:
    """The places where consequences show, each once, as a finding's text writes a place."""
    places = (Place(c.file, c.sheet, c.cell) for c in consequences if c.file)
    return list(dict.fromkeys(map(str, places)))


class _HashableFacts(dict[str, object]):
    """Facts that can be part of a dictionary key, so that equal findings are kept once."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(tuple(sorted((k, str(v)) for k, v in self.items())))


def _hashable(finding: Finding) -> Finding:
    return replace(finding, facts=_HashableFacts(finding.facts))
