"""A quarter after checking and after scoring: what the loaders, the flow and the command line share."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from pipeline.periods import Period
from schemas.frames import Appraisals, Appraised, Returns
from schemas.manifest import Manifest
from schemas.rulebook import Rulebook


@dataclass(frozen=True)
class SourceFile:
    """An input as it was read. `path` is relative to the period's raw folder."""

    path: str
    sha256: str
    role: str  # counts | form | unread
    tables: str = ""  # Vietnamese, what was recognised in it


@dataclass(frozen=True)
class Checked:
    """Inputs read, corrected and reconciled; nothing scored yet. Frames as in `schemas.frames`."""

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
    returns: pd.DataFrame = field(default_factory=Returns.empty)  # Returns: units' own workbooks that came back
    appraisals: pd.DataFrame = field(default_factory=Appraisals.empty)  # Appraisals


@dataclass(frozen=True)
class Scored:
    """A checked quarter with its scores; without a rulebook in force every score frame is empty."""

    checked: Checked
    rulebook: Rulebook | None
    criterion_scores: pd.DataFrame  # CriterionScores
    criterion_evidence: pd.DataFrame  # CriterionEvidence
    unit_scores: pd.DataFrame  # UnitScores
    level_scores: pd.DataFrame  # LevelScores
    officer_scores: pd.DataFrame  # OfficerScores
    comparison: pd.DataFrame  # Comparison
    findings: pd.DataFrame  # Findings: those of `checked` and of scoring
    rulebook_notices: tuple[str, ...] = field(default_factory=tuple)  # e.g. used outside its validity
    appraised: pd.DataFrame = field(default_factory=Appraised.empty)  # Appraised


@dataclass(frozen=True)
class Stamp:
    """Which revision is being written: passed in by the flow, so that the loaders know no clock and no folder.

    `program_in_fingerprint`: the fingerprint covers the program too, as in revisions of older programs. Their annex
    says so, and it must not change when they are rendered again to be compared.
    """

    revision: str  # r1, r2, …
    previous: str = ""  # the revision before it, or ""
    reason: str = ""  # why the period is published again, as given
    code_version: str = ""
    fingerprint: str = ""
    alternative: bool = False  # scored under another rulebook than the applying one: never the current revision
    replaces: str = ""  # the signed report that this one replaces: "Báo cáo số 85/BC-UBND ngày 18/3/2022"
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
            program_in_fingerprint=manifest.built_with is None,
        )
