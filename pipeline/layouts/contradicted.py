"""Marks the answers of the office that the rows of a table or list contradict, from the findings of the reading."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from pipeline.findings import Finding
from pipeline.layouts.decisions import Decision, Layout

_CODE: Final = "layout_contradicted"


def with_contradictions(layouts: Iterable[Layout], findings: Iterable[Finding]) -> tuple[Layout, ...]:
    """The layouts; `against` of a decision says why a finding refuses its answer."""
    refused = [f for f in findings if f.code == _CODE]
    return tuple(_marked(layout, [f for f in refused if _is_about(f, layout)]) for layout in layouts)


def _is_about(finding: Finding, layout: Layout) -> bool:
    in_place = layout.kind == "list" or finding.cell in {"", layout.rows}
    return (finding.file, finding.sheet) == (layout.file, layout.sheet) and in_place


def _marked(layout: Layout, findings: Sequence[Finding]) -> Layout:
    if not findings:
        return layout
    return replace(layout, decisions=tuple(_with_reason(d, findings) for d in layout.decisions))


def _with_reason(decision: Decision, findings: Sequence[Finding]) -> Decision:
    if decision.ground not in {"confirmed", "open"} or not decision.options:
        return decision
    named = re.compile(rf"(?<!\w){re.escape(decision.shown)}")
    why = next((str(f.facts.get("why", "")) for f in findings if named.search(f.found)), "")
    return replace(decision, against=why)
