"""What was read -> a checked quarter: corrected, reconciled, who is scored and who is set aside and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from pipeline.arithmetic.figure_columns import with_implied_cells
from pipeline.arithmetic.wide_counts import MEASURES, cell_of, complete, wide
from pipeline.extract.count_records import repeated_units
from pipeline.extract.forms.read_forms import FormFrames
from pipeline.extract.period import FilesReading
from pipeline.finding_catalogue import catalogue, to_frame
from pipeline.findings import Finding
from pipeline.periods import Period
from pipeline.registry import UnitIndex
from pipeline.result import Checked
from pipeline.validate.consistency import aside, check_contacts, check_documents, check_identities, check_parts
from pipeline.validate.corrections import apply_corrections
from pipeline.validate.explanations import check_explanations, late_dossiers
from pipeline.validate.figures import choices_frame, figures_frame, level_supplement, source_texts, supplement_table
from pipeline.validate.level_totals import (
    LevelCounts,
    corrections_not_in_level,
    level_counts,
    level_differences,
    supplement_differences,
    supplement_gaps,
)
from pipeline.validate.returned_counts import shown_differences
from schemas.frames import Entities
from schemas.measures import SUPPLEMENT_NAMES


def check_quarter(period: Period, index: UnitIndex, files: FilesReading, forms: FormFrames) -> Checked:
    """All checks of a quarter. Frames and findings as in `schemas.frames`."""
    excluded = _excluded(files, forms)
    findings = [*files.findings, *files.counts.findings, *forms.findings]
    findings += repeated_units(files.counts, index, excluded)
    level_ids = set(index.level_ids())
    raw = files.counts.frame(excluded)
    counts, corrections, said = apply_corrections(raw, forms.corrections, index.names)
    findings += said
    members = {lv: index.units(index.levels[lv]) for lv in index.level_ids()}
    explained = check_explanations(
        forms.explanations,
        counts,
        index.names,
        members,
        unread={f.unit_id for f in forms.findings if f.code == "explanation_unread"},
        taken=set(corrections["correction_id"]),
    )
    counts, recounted, said = apply_corrections(counts, explained.corrections, index.names)
    corrections = pd.concat([corrections, recounted], ignore_index=True)
    findings += [*explained.findings, *said]
    findings += check_identities(counts, index.names, level_ids)
    findings += check_documents(forms.documents)

    supplement = supplement_table(forms.supplement)
    form_places = _form_places(forms.supplement)
    tallied, derived = complete(wide(counts))
    both = tallied.join(supplement, how="outer")
    findings += check_parts(both, {**cell_of(counts), **form_places}, index.names)
    # where a row itself is broken, its contacts cannot add up either: one cause, one finding
    sound = both.loc[~both.index.isin(aside(findings))]
    findings += check_contacts(sound, form_places, index.names, level_ids)

    findings += _without_counts(index, files, tallied, excluded)
    bad = aside(findings)
    statuses = _unit_statuses(index, tallied, bad, findings)
    findings += _status_findings(statuses, index, files)
    standing = {
        lv: [u for u in ids if statuses[u][0] in {"scored", "no_resolved", "no_dossiers"}]
        for lv, ids in members.items()
    }
    scored = {lv: [u for u in ids if statuses[u][0] in {"scored", "no_resolved"}] for lv, ids in members.items()}
    entered = with_implied_cells(both)[list(SUPPLEMENT_NAMES)]

    units_table = tallied.loc[tallied.index.isin([u for ids in members.values() for u in ids])]
    own = tallied.loc[tallied.index.isin(level_ids)]
    levels = level_counts(
        units_table.loc[units_table.index.isin([u for ids in standing.values() for u in ids])],
        own,
        counts,
        standing,
        index.names,
    )
    findings += levels.findings
    findings += level_differences(units_table, standing, members, own, counts, index.names)
    findings += corrections_not_in_level(corrections, units_table, own, members, index.names)
    findings += supplement_differences(supplement.reindex(list(members)), entered, scored, form_places, index.names)
    statuses |= _level_statuses(index, levels, aside(findings), members, standing, findings)
    counted = {lv: ids for lv, ids in scored.items() if statuses[lv][0] in {"scored", "no_resolved"}}
    findings += supplement_gaps(supplement, entered, counted, index.names)
    findings += _incomplete_levels(index, levels, members, statuses)

    figures = _figures(counts, forms.supplement, tallied, derived, supplement, entered, levels, scored)
    order = dict(index.order)
    return Checked(
        period=period,
        sources=tuple(files.sources),
        entities=_entities(index, statuses, levels.basis),
        counts=counts,
        supplement=forms.supplement,
        assessments=forms.assessments,
        corrections=corrections,
        explanations=explained.explanations,
        officers=forms.officers,
        documents=forms.documents,
        report_fields=forms.report_fields,
        printed=forms.printed,
        printed_figures=forms.printed_figures,
        figures=figures,
        choices=choices_frame(forms.supplement),
        findings=to_frame([*findings, *shown_differences(forms.shown_counts, figures, index.names)], order),
        appraisals=forms.appraisals,
        returns=forms.returns,
    )


def late_before_explanations(index: UnitIndex, files: FilesReading, forms: FormFrames) -> dict[tuple[str, str], int]:
    """(unit_id, measure) -> late dossiers to be explained: counts with the declared corrections in force."""
    raw = files.counts.frame(_excluded(files, forms))
    return late_dossiers(apply_corrections(raw, forms.corrections, index.names)[0])


def _excluded(files: FilesReading, forms: FormFrames) -> set[str]:
    """Files set aside."""
    return files.files_set_aside() | {
        f.file for f in forms.findings if f.file and catalogue()[f.code].sets_aside == "file"
    }


def _form_places(supplement: pd.DataFrame) -> dict[tuple[str, str], tuple[str, str, str]]:
    first = supplement.drop_duplicates(["unit_id", "item"])
    places = zip(first["source_file"], first["source_sheet"], first["source_cell"], strict=True)
    return dict(zip(zip(first["unit_id"], first["item"], strict=True), places, strict=True))


def _without_counts(index: UnitIndex, files: FilesReading, tallied: pd.DataFrame, excluded: set[str]) -> list[Finding]:
    """Units of the registry nobody lists; units whose only file is set aside are said with that file."""
    in_excluded = {u: p for u, places in files.counts.places.items() for p in places if p.file in excluded}
    findings = []
    for unit_id in index.units():
        if unit_id in tallied.index or (unit_id in files.counts.places and unit_id not in in_excluded):
            continue
        place = in_excluded.get(unit_id)
        if place is None:
            findings.append(Finding("unit_missing", unit_id, found=index.names[unit_id], expected="một dòng số liệu"))
        else:
            facts = {"row": index.names[unit_id]}
            findings.append(
                Finding(
                    "unit_in_file_set_aside",
                    unit_id,
                    place.file,
                    place.sheet,
                    place.cell,
                    place.file,
                    facts=facts,
                )
            )
    return findings


def _unit_statuses(
    index: UnitIndex, tallied: pd.DataFrame, bad: set[str], findings: Iterable[Finding]
) -> dict[str, tuple[str, str]]:
    """unit -> (status, Vietnamese reason)."""
    missing = {f.unit_id for f in findings if f.code == "unit_missing"}
    reasons = _reasons(findings)
    statuses: dict[str, tuple[str, str]] = {}
    for unit_id in index.units():
        if unit_id in missing:
            statuses[unit_id] = ("missing", "Chưa có số liệu")
        elif unit_id in bad or unit_id not in tallied.index:
            statuses[unit_id] = ("set_aside", reasons.get(unit_id, "Số liệu có lỗi"))
        else:
            statuses[unit_id] = _by_counts(pd.Series(tallied.loc[unit_id]))
    return statuses


def _by_counts(row: pd.Series) -> tuple[str, str]:
    if (row[MEASURES].fillna(0) == 0).all():
        return "no_dossiers", "Không có hồ sơ phát sinh"
    if pd.notna(row["resolved_total"]) and row["resolved_total"] == 0:
        return "no_resolved", "Chưa có hồ sơ giải quyết xong"
    return "scored", ""


def _reasons(findings: Iterable[Finding]) -> dict[str, str]:
    """unit -> the titles of the errors that set it aside."""
    titles: dict[str, list[str]] = {}
    for finding in findings:
        entry = catalogue()[finding.code]
        if finding.unit_id and entry.sets_aside in {"unit", "level"}:
            titles.setdefault(finding.unit_id, []).append(entry.title)
    return {u: "; ".join(dict.fromkeys(x[0].lower() + x[1:] for x in t)) for u, t in titles.items()}


def _status_findings(statuses: Mapping[str, tuple[str, str]], index: UnitIndex, files: FilesReading) -> list[Finding]:
    findings = []
    for unit_id, (status, _) in statuses.items():
        if status in {"no_dossiers", "no_resolved"}:
            place = files.counts.places[unit_id][0]
            findings.append(
                Finding(f"unit_{status}", unit_id, place.file, place.sheet, place.cell, index.names[unit_id])
            )
    return findings


def _level_statuses(
    index: UnitIndex,
    levels: LevelCounts,
    bad: set[str],
    members: Mapping[str, list[str]],
    standing: Mapping[str, list[str]],
    findings: Iterable[Finding],
) -> dict[str, tuple[str, str]]:
    statuses: dict[str, tuple[str, str]] = {}
    reasons = _reasons(findings)
    absent = {f.unit_id for f in findings if f.code == "unit_missing"}
    for level in index.level_ids():
        row = levels.table.loc[level]
        if level in bad:
            statuses[level] = ("set_aside", reasons.get(level, "Số liệu của cấp có lỗi"))
        elif row.isna().all():
            faulty = any(u not in absent for u in members[level])
            statuses[level] = ("missing", "Số liệu của các đơn vị còn lỗi" if faulty else "Chưa có số liệu")
        else:
            statuses[level] = _by_counts(pd.Series(row))
            left_out = [index.names[u] for u in members[level] if u not in standing[level]]
            if left_out and levels.basis[level] != "own":
                statuses[level] = (
                    statuses[level][0],
                    f"Tính từ tổng các đơn vị còn lại, chưa gồm: {', '.join(left_out)}",
                )
    return statuses


def _incomplete_levels(
    index: UnitIndex,
    levels: LevelCounts,
    members: Mapping[str, list[str]],
    statuses: Mapping[str, tuple[str, str]],
) -> list[Finding]:
    findings = []
    for level, basis in levels.basis.items():
        left_out = [index.names[u] for u in members[level] if statuses[u][0] in {"set_aside", "missing"}]
        if basis != "own" and left_out and statuses[level][0] not in {"missing", "set_aside"}:
            findings.append(
                Finding(
                    "level_without_units",
                    level,
                    found=", ".join(left_out),
                    facts={"level": index.names[level]},
                )
            )
    return findings


def _entities(index: UnitIndex, statuses: Mapping[str, tuple[str, str]], basis: Mapping[str, str]) -> pd.DataFrame:
    """Units and levels of the period in registry order, without levels that have neither numbers nor units."""
    rows = []
    for row in index.current.itertuples():
        unit_id = str(row.unit_id)
        if row.kind == "level" and statuses[unit_id][0] == "missing" and not index.units(str(row.level)):
            continue
        status, reason = statuses[unit_id]
        rows.append((unit_id, row.name, row.kind, row.level, status, reason, basis.get(unit_id, "own")))
    frame = pd.DataFrame(rows, columns=list(Entities.to_schema().columns), dtype="str")
    return Entities.validate(frame, lazy=True)


def _figures(
    counts: pd.DataFrame,
    supplement_rows: pd.DataFrame,
    tallied: pd.DataFrame,
    derived: pd.DataFrame,
    supplement: pd.DataFrame,
    entered: pd.DataFrame,
    levels: LevelCounts,
    scored: Mapping[str, list[str]],
) -> pd.DataFrame:
    """Every figure of units and levels that have counts, set aside or not: what is printed must be traceable too."""
    level_own, level_summed = level_supplement(supplement, entered, scored)
    count_table = pd.concat([tallied.loc[~tallied.index.isin(list(scored))], levels.table])
    form_table = pd.concat([supplement.loc[~supplement.index.isin(list(scored))], level_own]).reindex(count_table.index)
    table = count_table.join(form_table)
    corrected = wide(counts.loc[counts["correction_id"] != ""]).reindex(index=table.index)
    origins = pd.DataFrame("entered", index=table.index, columns=table.columns, dtype="object")
    summed = pd.concat([levels.summed, level_summed], axis=1)
    sums = summed.reindex(index=table.index, columns=table.columns, fill_value=False)
    for mask, origin in (
        (derived.reindex(index=table.index, columns=table.columns, fill_value=False), "derived"),
        (corrected.reindex(columns=table.columns).notna(), "corrected"),
        (sums, "sum"),
    ):
        origins = origins.mask(mask, origin)
    sources = {**source_texts(counts, "measure"), **source_texts(supplement_rows, "item")}
    sources |= {
        (level, m): f"tổng {len(ids)} đơn vị"
        for level, ids in scored.items()
        for m in table.columns
        if level in table.index and sums.at[level, m]
    }
    ordered = table.reindex(columns=[*MEASURES, *SUPPLEMENT_NAMES])
    return figures_frame(ordered, origins, sources)
