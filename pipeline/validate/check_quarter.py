"""Checks a quarter that was read: corrects the counts, checks them, and decides who is scored and who is set aside."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from pipeline.arithmetic.figure_columns import with_implied_cells
from pipeline.arithmetic.wide_counts import complete, first_places, wide
from pipeline.extract.count_records import repeated_units
from pipeline.extract.forms.read_forms import FormFrames
from pipeline.extract.outgoing import form_findings
from pipeline.extract.period import FilesReading
from pipeline.finding_catalogue import QUESTIONS, findings_frame, findings_setting_aside, units_set_aside
from pipeline.findings import Finding
from pipeline.periods import Period
from pipeline.registry import UnitIndex
from pipeline.result import Checked
from pipeline.validate.consequences import with_consequences
from pipeline.validate.consistency import check_identities
from pipeline.validate.corrections import apply_corrections
from pipeline.validate.document_dates import check_document_dates
from pipeline.validate.explanations import Explained, check_explanations, late_counts
from pipeline.validate.faulty_rows import after_corrections, named_cells, with_lacks
from pipeline.validate.figure_checks import check_contacts, check_parts
from pipeline.validate.figures import choices_frame, figures_frame, supplement_by_unit
from pipeline.validate.level_replacements import levels_with_old_rows
from pipeline.validate.level_supplement import level_supplement, supplement_differences, supplement_gaps
from pipeline.validate.level_totals import corrections_not_in_level, level_counts, level_differences
from pipeline.validate.replacements import check_replacements
from pipeline.validate.returned_counts import shown_differences
from pipeline.validate.statuses import (
    SCORED,
    USABLE,
    entities_frame,
    incomplete_levels,
    level_statuses,
    status_notices,
    unit_statuses,
    units_without_counts,
    with_status,
)
from schemas.frames import PortalPoints
from schemas.measures import SUPPLEMENT_NAMES


def check_quarter(period: Period, index: UnitIndex, files: FilesReading, forms: FormFrames) -> Checked:
    """The checked quarter: frames as in `schemas.frames`, counts after corrections, all findings so far.

    The checks run in the order of what they need: counts and corrections, explanations, figures of units, statuses of
    units, counts and supplement of levels, statuses of levels.
    """
    excluded = _files_set_aside(files, forms)
    names, level_ids = index.names, index.level_ids()
    members = {level: index.units(index.levels[level]) for level in level_ids}
    findings = [*files.findings, *forms.findings]
    read, repeated = repeated_units(files.counts, index, excluded)
    findings += repeated
    raw = read.frame(excluded)
    contested = {f.unit_id for f in repeated}
    replaced = check_replacements(files, raw, forms.replacements, _refused_declarations(forms), contested, index)
    findings += replaced.findings
    counts, corrections, explained, about_counts = _corrected_counts(raw, forms, names, members)
    findings += about_counts
    named = named_cells(files.counts.findings, counts)
    broken = check_identities(counts, names, members, named)
    findings += [*after_corrections(files.counts.findings, named, corrections, broken.units), *broken.findings]
    findings += check_document_dates(forms.documents)

    supplement = supplement_by_unit(forms.supplement)
    supplement_places = first_places(forms.supplement, "item")
    completed, derived = complete(wide(counts))
    figures = completed.join(supplement, how="outer")
    findings += check_parts(figures, {**first_places(counts), **supplement_places}, names)
    # where a row itself is wrong, its contacts cannot add up either: one cause has one finding
    sound = figures.loc[~figures.index.isin(units_set_aside(findings))]
    findings += check_contacts(sound, supplement_places, names, set(level_ids))

    points = pd.concat([forms.portal_points, files.points_frame(excluded)], ignore_index=True)
    published = frozenset(points["unit_id"])
    asked = {f.file for f in files.findings + files.counts.findings if f.code in QUESTIONS}
    findings += units_without_counts(index, completed.index, files.counts.places, excluded, asked, published)
    statuses = unit_statuses(index, completed, findings, published)
    findings += status_notices(statuses, files.counts.places, names)
    usable, scored = with_status(members, statuses, USABLE), with_status(members, statuses, SCORED)

    units = completed.loc[completed.index.isin(_all_units(members))]
    own = completed.loc[completed.index.isin(level_ids)]
    levels = level_counts(units, own, counts, members, usable, names)
    findings += levels.findings
    kept = levels_with_old_rows(units, own, replaced.counts, counts, members, names)
    findings += kept.findings
    repaired, _ = complete(with_lacks(wide(counts), broken.lacks))
    differences = level_differences(units, usable, members, own, counts, names, repaired, kept.measures)
    findings += differences.findings
    findings += corrections_not_in_level(corrections, units, own, members, names)
    # the supplement with the cells that can only be 0
    of_units = with_implied_cells(figures)[list(SUPPLEMENT_NAMES)]
    findings += supplement_differences(supplement.reindex(level_ids), of_units, scored, supplement_places, names)
    statuses |= level_statuses(index, levels, members, statuses, findings)
    scored_levels = {level: ids for level, ids in scored.items() if statuses[level].status in SCORED}
    findings += supplement_gaps(supplement, of_units, scored_levels, names)
    findings += incomplete_levels(levels, members, statuses, names)

    # every unit and level with counts, set aside or not: what is printed must be traceable too
    of_levels, summed = level_supplement(supplement, of_units, scored)
    count_table = pd.concat([completed.loc[~completed.index.isin(level_ids)], levels.table])
    supplement_table = pd.concat([supplement.loc[~supplement.index.isin(level_ids)], of_levels])
    table = count_table.join(supplement_table.reindex(count_table.index))
    all_summed = pd.concat([levels.summed, summed], axis=1)
    scored_figures = figures_frame(table, derived, all_summed, counts, forms.supplement, scored)
    findings += shown_differences(forms.shown_counts, scored_figures, names)
    return Checked(
        period=period,
        sources=tuple(files.sources),
        entities=entities_frame(index, statuses, levels.basis),
        counts=counts,
        supplement=forms.supplement,
        assessments=forms.assessments,
        corrections=corrections,
        explanations=explained.explanations,
        officers=forms.officers,
        class_decisions=forms.class_decisions,
        documents=forms.documents,
        report_fields=forms.report_fields,
        printed=forms.printed,
        printed_figures=forms.printed_figures,
        figures=scored_figures,
        choices=choices_frame(forms.supplement),
        findings=findings_frame(
            form_findings(
                with_consequences(findings, differences.consequences, names),
                {grid.file for grid in files.form_grids},
                (source.path for source in files.sources),
                index.lexicon,
            ),
            dict(index.order),
        ),
        appraisals=forms.appraisals,
        returns=forms.returns,
        replaced=replaced.counts,
        portal_points=PortalPoints.validate(points, lazy=True),
        codes=index.codes,
    )


def late_before_explanations(index: UnitIndex, files: FilesReading, forms: FormFrames) -> dict[tuple[str, str], int]:
    """(unit_id, measure) -> number of late dossiers that explanations are about, with declared corrections applied."""
    excluded = _files_set_aside(files, forms)
    raw = repeated_units(files.counts, index, excluded)[0].frame(excluded)
    return late_counts(apply_corrections(raw, forms.corrections, index.names)[0])


def _files_set_aside(files: FilesReading, forms: FormFrames) -> set[str]:
    """The files that an error sets aside as a whole: exports and forms."""
    return files.files_set_aside() | {f.file for f in findings_setting_aside(forms.findings, "file") if f.file}


def _corrected_counts(
    raw: pd.DataFrame, forms: FormFrames, names: Mapping[str, str], members: Mapping[str, list[str]]
) -> tuple[pd.DataFrame, pd.DataFrame, Explained, list[Finding]]:
    """Counts after declared corrections and accepted explanations, all corrections, the explanations, findings.

    raw: Counts frame as read. members: level -> its units.
    """
    counts, corrections, about_corrections = apply_corrections(raw, forms.corrections, names)
    explained = check_explanations(
        forms.explanations,
        counts,
        names,
        members,
        unread={f.unit_id for f in forms.findings if f.code == "explanation_unread"},
        taken=set(corrections["correction_id"]),
    )
    counts, recounts, about_recounts = apply_corrections(counts, explained.corrections, names)
    corrections = pd.concat([corrections, recounts], ignore_index=True)
    return counts, corrections, explained, [*about_corrections, *explained.findings, *about_recounts]


def _refused_declarations(forms: FormFrames) -> set[str]:
    """The names of files whose declared replacement has an error."""
    return {str(f.facts["row"]) for f in forms.findings if f.code == "replacement_declaration_refused"}


def _all_units(members: Mapping[str, list[str]]) -> list[str]:
    return [unit for ids in members.values() for unit in ids]
