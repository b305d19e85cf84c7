"""Which frames a revision publishes as tables, under which names, and the models of their columns."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

import pandas as pd

from pipeline.result import Scored
from schemas import frames

#: the table of units and levels that the other tables refer to; it repeats what unit_scores and level_scores say
ENTITIES: Final = "entities"
#: name of a table -> its model, in the order of a data package
MODELS: Final = MappingProxyType(
    {
        ENTITIES: frames.Entities,
        "unit_scores": frames.UnitScores,
        "level_scores": frames.LevelScores,
        "officer_scores": frames.OfficerScores,
        "group_scores": frames.GroupScores,
        "criterion_scores": frames.CriterionScores,
        "criterion_evidence": frames.CriterionEvidence,
        "counts": frames.Counts,
        "replaced": frames.ReplacedCounts,
        "portal_points": frames.PortalPoints,
        "supplement": frames.Supplement,
        "explanations": frames.Explanations,
        "appraisals": frames.Appraised,
        "comparison": frames.Comparison,
        "documents": frames.Documents,
        "report_fields": frames.ReportFields,
        "findings": frames.Findings,
    }
)


#: tables that are there only where they have a row: revisions without any such case do not hold them
_OPTIONAL: Final = frozenset({"replaced", "portal_points", "group_scores"})


def published_tables(scored: Scored) -> dict[str, pd.DataFrame]:
    """Name -> frame with the columns of its model. An optional table is there only if it has a row."""
    checked = scored.checked
    tables = {
        ENTITIES: checked.entities,
        "unit_scores": scored.unit_scores,
        "level_scores": scored.level_scores,
        "officer_scores": scored.officer_scores,
        "group_scores": scored.group_scores,
        "criterion_scores": scored.criterion_scores,
        "criterion_evidence": scored.criterion_evidence,
        "counts": checked.counts,
        "replaced": checked.replaced,
        "portal_points": checked.portal_points,
        "supplement": checked.supplement,
        "explanations": checked.explanations,
        "appraisals": scored.appraised,
        "comparison": scored.comparison,
        "documents": checked.documents,
        "report_fields": checked.report_fields,
        "findings": scored.findings,
    }
    return {name: frame for name, frame in tables.items() if name not in _OPTIONAL or len(frame)}
