"""A quarter after checking and after scoring, as frames: input of the loaders, the flows and the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from pipeline.periods import Period
from schemas.frames import (
    Appraisals,
    Appraised,
    ClassDecisions,
    GroupScores,
    PortalPoints,
    ReplacedCounts,
    Returns,
)
from schemas.manifest import LayoutUsed, Manifest, OfficeWord
from schemas.office import OfficeClasses
from schemas.rulebook import Rulebook


@dataclass(frozen=True)
class SourceFile:
    """An input file. `path`: relative to the period's raw folder; `role`: `counts`, `form` or `unread`; `tables`: the
    tables and columns that were recognised in it, Vietnamese, a line each.
    """

    path: str
    sha256: str
    role: str
    tables: str = ""


@dataclass(frozen=True)
class LevelBefore:
    """A level in the published quarter before. `figures`: measure -> dossiers; `total`: as printed, None if unscored.

    `basis`: as in LevelScores; `complete`: no unit was missing or set aside.
    """

    figures: Mapping[str, int]
    basis: str
    complete: bool
    total: float | None
    total_max: float | None


@dataclass(frozen=True)
class QuarterBefore:
    """The published quarter just before, which the report compares with. `levels`: unit_id of a level -> its figures.

    `rulebook`: id and hash of the rulebook that it was scored by; "" where its scores cannot be used.
    """

    period: Period
    revision: str
    rulebook: tuple[str, str]
    levels: Mapping[str, LevelBefore]


@dataclass(frozen=True)
class Checked:
    """The inputs of a quarter after reading, correction and checks. The frames are those of `schemas.frames`."""

    period: Period
    sources: tuple[SourceFile, ...]
    entities: pd.DataFrame  # Entities
    counts: pd.DataFrame  # Counts
    supplement: pd.DataFrame  # Supplement
    assessments: pd.DataFrame  # Assessments
    corrections: pd.DataFrame  # Corrections
    explanations: pd.DataFrame  # Explanations
    officers: pd.DataFrame  # Officers
    documents: pd.DataFrame  # Documents
    report_fields: pd.DataFrame  # ReportFields
    printed: pd.DataFrame  # Printed
    printed_figures: pd.DataFrame  # PrintedFigures
    figures: pd.DataFrame  # Figures
    choices: pd.DataFrame  # Choices
    findings: pd.DataFrame  # Findings
    returns: pd.DataFrame = field(default_factory=Returns.empty)  # Returns: workbooks that units sent back
    appraisals: pd.DataFrame = field(default_factory=Appraisals.empty)  # Appraisals
    class_decisions: pd.DataFrame = field(default_factory=ClassDecisions.empty)  # ClassDecisions
    classes: OfficeClasses | None = None  # the office's own table of thresholds
    layouts: tuple[LayoutUsed, ...] = ()  # the answers of the office that the reading of exports followed
    replaced: pd.DataFrame = field(default_factory=ReplacedCounts.empty)  # ReplacedCounts
    portal_points: pd.DataFrame = field(default_factory=PortalPoints.empty)  # PortalPoints: điểm công bố, as read
    codes: Mapping[str, str] = field(default_factory=dict)  # unit_id -> its code on the national portal, where known
    office: tuple[OfficeWord, ...] = ()  # what the report uses of the office's own file
    quarters: tuple[str, ...] = ()  # Vietnamese: the published quarters that a half-year or year is summed up from
    before: QuarterBefore | None = None  # None: the quarter just before was not published


@dataclass(frozen=True)
class Scored:
    """A checked quarter with its scores. Without a rulebook in force the frames of scores are empty."""

    checked: Checked
    rulebook: Rulebook | None
    criterion_scores: pd.DataFrame  # CriterionScores
    criterion_evidence: pd.DataFrame  # CriterionEvidence
    unit_scores: pd.DataFrame  # UnitScores
    level_scores: pd.DataFrame  # LevelScores
    officer_scores: pd.DataFrame  # OfficerScores
    comparison: pd.DataFrame  # Comparison
    findings: pd.DataFrame  # Findings, those of `checked` included
    rulebook_notices: tuple[str, ...] = field(default_factory=tuple)  # Vietnamese, such as: used outside its validity
    appraised: pd.DataFrame = field(default_factory=Appraised.empty)  # Appraised
    group_scores: pd.DataFrame = field(default_factory=GroupScores.empty)  # GroupScores
    rulebook_ground: str = ""  # Vietnamese: why this rulebook


@dataclass(frozen=True)
class Stamp:
    """The revision that is being written. The flow passes it in: the loaders read no clock and no folder.

    `program_in_fingerprint`: the fingerprint covers the program too, as in revisions of older programs. Their annex
    reports it and must not change when it is rendered again to be compared.
    """

    revision: str  # r1, r2, …
    previous: str = ""  # the revision before it, "" for none
    reason: str = ""  # why the period is published again, as entered
    code_version: str = ""
    fingerprint: str = ""
    alternative: bool = False  # scored under another rulebook than the one that applies: never the current revision
    replaces: str = ""  # the signed report that this one replaces: "Báo cáo số 85/BC-UBND ngày 18/3/2022"
    replaced_despite: str = ""  # why that report was signed although something was missing
    program_in_fingerprint: bool = False

    @classmethod
    def of(cls, manifest: Manifest) -> Stamp:
        """The stamp of the revision that a manifest describes, published or not yet."""
        return cls(
            revision=manifest.revision,
            previous=manifest.previous or "",
            reason=manifest.reason,
            code_version=manifest.code_version,
            fingerprint=manifest.fingerprint,
            alternative=manifest.alternative,
            replaces=manifest.replaces,
            replaced_despite=manifest.replaced_despite,
            program_in_fingerprint=manifest.built_with is None,
        )
