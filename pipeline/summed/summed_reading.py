"""The published quarters of a half-year or year as one reading, which is checked and scored as a quarter is."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.extract.forms.read_forms import FormFrames
from pipeline.extract.period import FilesReading
from pipeline.publish.fingerprint import sha256
from pipeline.registry import UnitIndex
from pipeline.result import SourceFile
from pipeline.summed.quarter_tables import PublishedQuarter, require_same_units
from pipeline.summed.summed_counts import summed_counts
from pipeline.summed.summed_entries import (
    last_documents,
    last_fields,
    summed_assessments,
    summed_officers,
    summed_supplement,
)
from schemas.frames import (
    Appraisals,
    ClassDecisions,
    Corrections,
    Explanations,
    PortalPoints,
    Printed,
    PrintedFigures,
    Replacements,
    Returns,
    ShownCounts,
)
from schemas.rulebook import Rulebook


def summed_reading(
    quarters: Sequence[PublishedQuarter], index: UnitIndex, rulebook: Rulebook | None
) -> tuple[FilesReading, FormFrames]:
    """The counts and the entries of the period. `quarters`: oldest first; `rulebook`: that of all of them.

    Raises UnequalQuartersError if they are not of the same units, or a table of them cannot be read.
    """
    require_same_units(quarters, {unit: index.levels[unit] for unit in index.units()})
    supplement, about_supplement = summed_supplement(quarters, index)
    assessments, about_assessments = summed_assessments(quarters, index, rulebook)
    officers, about_officers = summed_officers(quarters, index)
    files = FilesReading(summed_counts(quarters, index), (), (), tuple(_sources(quarters)), ())
    forms = FormFrames(
        supplement=supplement,
        assessments=assessments,
        corrections=Corrections.empty(),
        explanations=Explanations.empty(),
        officers=officers,
        documents=last_documents(quarters[-1]),
        report_fields=last_fields(quarters[-1]),
        printed=Printed.empty(),
        printed_figures=PrintedFigures.empty(),
        appraisals=Appraisals.empty(),
        findings=(*about_supplement, *about_assessments, *about_officers),
        filled=frozenset(),
        returns=Returns.empty(),
        shown_counts=ShownCounts.empty(),
        replacements=Replacements.empty(),
        class_decisions=ClassDecisions.empty(),
        portal_points=PortalPoints.empty(),
    )
    return files, forms


def _sources(quarters: Sequence[PublishedQuarter]) -> list[SourceFile]:
    return [
        SourceFile(f"{quarter.folder}/{name}", sha256(data), "counts" if name == "counts.csv" else "form")
        for quarter in quarters
        for name, data in quarter.files.items()
    ]
