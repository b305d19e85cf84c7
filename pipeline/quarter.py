"""The path of a quarter, walked once: files -> counts -> checks -> scores -> reports. Pure: bytes in, bytes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from pipeline import rulebooks
from pipeline.extract.forms.read_forms import FormFrames, read_form_sheets
from pipeline.extract.period import FilesReading, read_files
from pipeline.extract.wording.vocabulary import vocabulary
from pipeline.finding_catalogue import to_frame
from pipeline.findings import Finding
from pipeline.load.content.changes import changes_markdown
from pipeline.load.report.charts import render_charts
from pipeline.load.report.report import render_report
from pipeline.load.workbook.workbook import render_workbook
from pipeline.periods import Period
from pipeline.publish.csv_tables import csv_bytes
from pipeline.publish.published_quarters import PastQuarter
from pipeline.publish.revision_diff import CHANGES_FILE, Changes
from pipeline.registry import UnitIndex, read_registry
from pipeline.result import Checked, Scored, SourceFile, Stamp
from pipeline.rulebooks import RulebookChoice
from pipeline.score import appraisals
from pipeline.score.compare_printed import compare_boxes, compare_figures, compare_scores
from pipeline.score.default_notices import late_without_contacts
from pipeline.score.officers import score_officers
from pipeline.score.score import ScoreFrames, score_entities
from pipeline.validate.check_quarter import check_quarter, late_before_explanations
from pipeline.validate.continuity import check_continuity
from schemas.frames import (
    Assessments,
    Comparison,
    CriterionEvidence,
    CriterionScores,
    Findings,
    LevelScores,
    OfficerScores,
    UnitScores,
)
from schemas.rulebook import Rulebook


@dataclass(frozen=True)
class Reading:
    """The files of a period, read and sorted; nothing checked across them yet."""

    period: Period
    index: UnitIndex
    files: FilesReading
    forms: FormFrames

    @property
    def sources(self) -> tuple[SourceFile, ...]:
        """Every file with what it was taken for."""
        return tuple(self.files.sources)


def read_period(
    period: Period,
    files: Mapping[str, bytes],
    registry_csv: bytes,
    extra: tuple[Finding, ...] = (),
    done: Callable[[str], None] = lambda name: None,
) -> Reading:
    """Read the raw files of a period (name -> bytes). `extra`: findings of whoever fetched the files (links, folders);
    `done` hears the name of each file that was read.

    Raises units.RegistryError for a registry that contradicts itself. Bad files are findings, not errors.
    """
    index = UnitIndex(read_registry(registry_csv), period)
    read = read_files(files, period, index, vocabulary(), done)
    read.findings.extend(extra)
    forms = read_form_sheets(read.form_grids, period, index, rulebooks.installed())
    return Reading(period, index, read, forms)


def check(reading: Reading, past: Sequence[PastQuarter] = ()) -> Checked:
    """Correct and check the counts, decide who is scored, and compare with published quarters (newest first)."""
    checked = check_quarter(reading.period, reading.index, reading.files, reading.forms)
    said = check_continuity(checked.counts, checked.findings, reading.index, past)
    return replace(checked, findings=_with(checked.findings, said, reading.index.order)) if said else checked


def late_dossiers(reading: Reading) -> dict[tuple[str, str], int]:
    """(unit_id, measure) -> late dossiers of the units and levels that were read: what explanations account for."""
    return late_before_explanations(reading.index, reading.files, reading.forms)


def score(checked: Checked, choice: RulebookChoice) -> Scored:
    """Score units, levels and officers by the chosen rulebook, and compare with what was printed."""
    said = list(choice.findings)
    order = {u: i for i, u in enumerate(checked.entities["unit_id"])}
    names = dict(zip(checked.entities["unit_id"], checked.entities["name"], strict=True))
    levels = checked.entities.loc[checked.entities["kind"] == "level", "unit_id"].tolist()
    compared, more = compare_figures(checked.printed_figures, checked.figures, levels, names)
    said += more
    notices = tuple(to_frame(choice.findings)["message"])
    book = choice.rulebook
    if book is None:
        said += appraisals.other_rulebooks(checked.appraisals, None)
        findings = _with(checked.findings, said, order)
        return Scored(
            checked,
            None,
            CriterionScores.empty(),
            CriterionEvidence.empty(),
            UnitScores.empty(),
            LevelScores.empty(),
            OfficerScores.empty(),
            compared,
            findings,
            notices,
        )
    frames = score_entities(checked.entities, checked.figures, checked.choices, checked.assessments, book)
    weighed = _weighed(checked, frames, book, names)
    if weighed.used:  # scored again with the appraisers' options: totals, maxima and classes follow
        frames = score_entities(checked.entities, checked.figures, checked.choices, weighed.assessments, book)
        frames = replace(
            frames,
            criterion_scores=appraisals.marked(frames.criterion_scores, "basis", weighed.used),
            criterion_evidence=appraisals.marked(frames.criterion_evidence, "origin", weighed.used),
        )
    officers, about_officers = score_officers(checked.officers, checked.entities, frames.unit_scores, book)
    totals = pd.concat(
        [frames.unit_scores.drop(columns="rank"), frames.level_scores.drop(columns="basis")],
        ignore_index=True,
    )
    scores, about_scores = compare_scores(checked.printed, frames.criterion_scores, totals, book)
    boxes, about_boxes = compare_boxes(checked.printed_figures, checked.printed, frames.criterion_scores, book, names)
    said += late_without_contacts(checked, frames.criterion_scores, frames.criterion_evidence, book, names)
    said += [f for f in frames.findings if (f.unit_id, f.facts.get("criterion")) not in weighed.used]
    said += [*weighed.findings, *about_officers, *about_scores, *about_boxes]
    return Scored(
        checked,
        book,
        frames.criterion_scores,
        frames.criterion_evidence,
        frames.unit_scores,
        frames.level_scores,
        officers,
        Comparison.validate(pd.concat([scores, boxes, compared], ignore_index=True), lazy=True),
        _with(checked.findings, said, order),
        notices,
        weighed.appraised,
    )


def _weighed(
    checked: Checked, frames: ScoreFrames, book: Rulebook, names: Mapping[str, str]
) -> appraisals.WeighedAppraisals:
    """Appraisals and self-scores beside what stands without them, and beside what figures alone give."""
    alone = frames
    if len(checked.assessments) and len(checked.appraisals) + len(checked.printed):
        nothing = Assessments.empty()
        alone = score_entities(checked.entities, checked.figures, checked.choices, nothing, book)
    return appraisals.weigh_appraisals(
        checked.appraisals,
        checked.printed,
        frames.criterion_scores,
        alone.criterion_scores,
        checked.assessments,
        book,
        names,
    )


def _with(findings: pd.DataFrame, more: list[Finding], order: Mapping[str, int]) -> pd.DataFrame:
    """Findings of checking and of scoring in one order."""
    both = pd.concat([findings, to_frame(more, order)], ignore_index=True)
    keys = pd.DataFrame(
        {
            "severity": both["severity"].map({"error": 0, "warning": 1, "notice": 2}),
            "unit": both["unit_id"].map(order).fillna(len(order)),
        }
    )
    sorted_index = keys.sort_values(["severity", "unit"], kind="stable").index
    return Findings.validate(both.loc[sorted_index].reset_index(drop=True), lazy=True)


def csv_tables(scored: Scored) -> dict[str, bytes]:
    """The published tables: file name -> bytes."""
    checked = scored.checked
    tables = {
        "counts": checked.counts,
        "supplement": checked.supplement,
        "explanations": checked.explanations,
        "documents": checked.documents,
        "report_fields": checked.report_fields,
        "criterion_scores": scored.criterion_scores,
        "criterion_evidence": scored.criterion_evidence,
        "unit_scores": scored.unit_scores,
        "level_scores": scored.level_scores,
        "officer_scores": scored.officer_scores,
        "comparison": scored.comparison,
        "appraisals": scored.appraised,
        "findings": scored.findings,
    }
    return {f"{name}.csv": csv_bytes(frame) for name, frame in tables.items()}


def render(
    scored: Scored, stamp: Stamp, tables: Mapping[str, bytes] | None = None, found: Changes | None = None
) -> dict[str, bytes]:
    """Every file of a revision but its manifest: name -> bytes. `tables`: its `csv_tables`, if made already;
    `found`: what they changed since the revision before.
    """
    return {
        "bao-cao.md": render_report(scored, stamp).encode("utf-8"),
        "cham-diem.xlsx": render_workbook(scored, stamp, found),
        **(csv_tables(scored) if tables is None else tables),
        **({CHANGES_FILE: changes_markdown(found).encode("utf-8")} if found is not None else {}),
        **{name: svg.encode("utf-8") for name, svg in render_charts(scored).items()},
    }
