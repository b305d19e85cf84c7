"""The catalogue of everything the program can report: severity, Vietnamese message, next step, what is set aside.

It is read from `reference/findings.toml`, so that analysts read one voice and a lawyer can read the list."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict

from pipeline.findings import Finding
from schemas.frames import Findings

Severity = Literal["error", "warning", "notice"]

#: What an error costs: nothing but the unit, the file or the level's own row it speaks of.
SetsAside = Literal["none", "unit", "file", "level", "row"]

SEVERITY_NAMES: dict[str, str] = {"error": "Lỗi", "warning": "Cảnh báo", "notice": "Lưu ý"}


class CatalogueEntry(BaseModel):
    """One code of findings.toml."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    severity: Severity
    sets_aside: SetsAside = "none"
    title: str
    found: str = ""  # said where the finding itself says nothing closer
    expected: str = ""
    message: str
    action: str


@cache
def catalogue() -> dict[str, CatalogueEntry]:
    """Every code the program can say, from `reference/findings.toml`."""
    text = resources.files("pipeline").joinpath("reference/findings.toml").read_text("utf-8")
    return {code: CatalogueEntry.model_validate(entry) for code, entry in tomllib.loads(text).items()}


def sets_aside(findings: Iterable[Finding], what: SetsAside) -> list[Finding]:
    """Those findings whose code sets aside a `unit`, a `file` or a `level`."""
    return [f for f in findings if catalogue()[f.code].sets_aside == what]


def units_set_aside(findings: Iterable[Finding]) -> set[str]:
    """The ids of units and levels that an error sets aside."""
    return {f.unit_id for f in findings if f.unit_id and catalogue()[f.code].sets_aside in {"unit", "level"}}


def to_frame(findings: Iterable[Finding], unit_order: Mapping[str, int] | None = None) -> pd.DataFrame:
    """Findings frame, most severe first, then by unit (registry order), file and cell; the same finding once."""
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
            }
        )
    rows.sort(
        key=lambda r: (
            order[r["severity"]],
            rank.get(r["unit_id"], 10**6),
            r["unit_id"],
            r["file"],
            r["sheet"],
            r["cell"],
            r["code"],
            r["message"],
        )
    )
    frame = pd.DataFrame(rows, columns=list(Findings.to_schema().columns), dtype="str")
    return Findings.validate(frame, lazy=True)


class _Facts(dict[str, object]):
    """A mapping that can be a dictionary key, so that equal findings fold into one."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(tuple(sorted((k, str(v)) for k, v in self.items())))


def _hashable(finding: Finding) -> Finding:
    return Finding(
        finding.code,
        finding.unit_id,
        finding.file,
        finding.sheet,
        finding.cell,
        finding.found,
        finding.expected,
        _Facts(finding.facts),
    )
