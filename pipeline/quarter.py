"""The path of a quarter: `read_period` (files -> counts), `check`, `score`, `render` (-> the files of a revision).

Pure: bytes in, bytes out. No clock, no folder and no network is used; the flows pass in what depends on them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from pipeline import rulebooks
from pipeline.extract.forms.layout_answers import AnswerReading, read_answers
from pipeline.extract.forms.read_forms import FormFrames, read_form_sheets
from pipeline.extract.period import FilesReading, read_files
from pipeline.extract.wording.vocabulary import vocabulary
from pipeline.finding_catalogue import QUESTIONS, findings_frame
from pipeline.findings import Finding
from pipeline.layouts.confirmed import NONE_CONFIRMED, ConfirmedLayouts
from pipeline.layouts.used_layouts import used_layouts
from pipeline.load.charts.pictures import pictures
from pipeline.load.content.changes import changes_markdown
from pipeline.load.page.revision_page import revision_page
from pipeline.load.report.report import render_report
from pipeline.load.word.papers import REPORT, WordPaper, word_report
from pipeline.load.workbook.workbooks import render_workbooks
from pipeline.office_words import class_words, level_findings, with_office_words
from pipeline.periods import Period
from pipeline.publish.csv_tables import csv_bytes
from pipeline.publish.published_quarters import PastQuarter
from pipeline.publish.published_scores import PublishedScores
from pipeline.publish.revision_diff import CHANGES_FILE, Changes
from pipeline.publish.text_differences import PAGE_FILE
from pipeline.registry import UnitIndex
from pipeline.registry_file import read_registry
from pipeline.result import Checked, Scored, SourceFile, Stamp
from pipeline.rulebooks import RulebookChoice
from pipeline.score import appraisals
from pipeline.score.class_decisions import settle_classes, unused_decisions
from pipeline.score.compare_printed import compare_boxes, compare_figures, compare_scores
from pipeline.score.default_notices import late_without_contacts
from pipeline.score.officers import score_officers
from pipeline.score.score import ScoreFrames, score_entities
from pipeline.summed.quarter_tables import PublishedQuarter
from pipeline.summed.summed_reading import summed_reading
from pipeline.validate.check_quarter import check_quarter, late_before_explanations
from pipeline.validate.continuity import check_continuity
from pipeline.validate.quarter_before import quarter_before
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
from schemas.manifest import LayoutUsed, OfficeWord
from schemas.office import Office, OfficeClasses
from schemas.rulebook import Rulebook


@dataclass(frozen=True)
class Reading:
    """The files of a period after reading; they have not been checked against each other.

    `answers`: what is typed in cach-doc.xlsx; `used`: the answers of the office that the reading followed; `office`:
    what `forms` have from the office's own file; `classes`: the office's own table of thresholds; `quarters`: the
    published quarters that were summed up, Vietnamese.
    """

    period: Period
    index: UnitIndex
    files: FilesReading
    forms: FormFrames
    answers: AnswerReading = field(default_factory=AnswerReading)
    used: tuple[LayoutUsed, ...] = ()
    office: tuple[OfficeWord, ...] = ()
    classes: OfficeClasses | None = None
    quarters: tuple[str, ...] = ()

    @property
    def sources(self) -> tuple[SourceFile, ...]:
        """The files with their roles."""
        return tuple(self.files.sources)


def read_period(
    period: Period,
    files: Mapping[str, bytes],
    registry_csv: bytes,
    extra: Sequence[Finding] = (),
    done: Callable[[str], None] = lambda name: None,
    confirmed: ConfirmedLayouts = NONE_CONFIRMED,
    office: Office | None = None,
) -> Reading:
    """Read the raw files of a period. `files`: name -> bytes; `registry_csv`: the registry of units.

    `extra`: findings of the caller that collected the files (links, folders); `done` is called with the name of each
    file that was read; `confirmed`: the answers of the office that hold in the period; `office`: its own file, whose
    words are used where the forms of the period leave the report's fields blank. Answers in the files themselves are in
    the result (`answers`): whoever keeps the answers adds them and reads again. Raises registry.RegistryError
    for a registry that contradicts itself. A file that cannot be used is a finding, not an error.
    """
    index = UnitIndex(read_registry(registry_csv), period)
    reading = read_files(files, period, index, vocabulary(), done, confirmed)
    answers = read_answers(reading.question_grids, confirmed)
    levels = level_findings(office, index) if office else ()
    reading = replace(reading, findings=(*reading.findings, *answers.findings, *levels, *extra))
    forms = read_form_sheets(reading.form_grids, period, index, rulebooks.installed())
    forms, words, classes = _with_office(forms, office, index)
    return Reading(period, index, reading, forms, answers, used_layouts(reading.layouts, confirmed), words, classes)


def read_summed(
    period: Period,
    quarters: Sequence[PublishedQuarter],
    registry_csv: bytes,
    rulebook: Rulebook | None,
    office: Office | None = None,
) -> Reading:
    """The reading of a half-year or year: its published quarters, oldest first, summed up.

    `rulebook`: the one by which all of them were scored.

    Raises registry.RegistryError for a registry that contradicts itself, UnequalQuartersError (Vietnamese) if the
    quarters are not of the same units, or a table of them cannot be read.
    """
    index = UnitIndex(read_registry(registry_csv), period)
    files, forms = summed_reading(quarters, index, rulebook)
    levels = level_findings(office, index) if office else ()
    files = replace(files, findings=(*files.findings, *levels))
    forms, words, classes = _with_office(forms, office, index)
    shown = tuple(quarter.shown for quarter in quarters)
    return Reading(period, index, files, forms, office=words, classes=classes, quarters=shown)


def _with_office(
    forms: FormFrames, office: Office | None, index: UnitIndex
) -> tuple[FormFrames, tuple[OfficeWord, ...], OfficeClasses | None]:
    """The forms with the office's words where they are blank, those words, and the office's table of classes."""
    if office is None:
        return forms, (), None
    fields, documents, words = with_office_words(forms.report_fields, forms.documents, office, index)
    forms = replace(forms, report_fields=fields, documents=documents)
    return forms, words + class_words(office.classes), office.classes


def check(reading: Reading, past: Sequence[PastQuarter] = ()) -> Checked:
    """Apply corrections, reconcile the figures, decide which units are scored, compare with earlier quarters.

    `past`: published quarters before this one, newest first.
    """
    checked = check_quarter(reading.period, reading.index, reading.files, reading.forms)
    checked = replace(
        checked,
        layouts=reading.used,
        office=reading.office,
        classes=reading.classes,
        quarters=reading.quarters,
        before=quarter_before(reading.index, past),
    )
    findings = check_continuity(checked.counts, checked.findings, reading.index, past)
    if not findings:
        return checked
    return replace(checked, findings=_with_findings(checked.findings, findings, reading.index.order))


def late_to_explain(reading: Reading) -> dict[tuple[str, str], int]:
    """(unit_id, measure) -> late dossiers of the units and levels, which the form of explanations lists."""
    return late_before_explanations(reading.index, reading.files, reading.forms)


def score(checked: Checked, choice: RulebookChoice) -> Scored:
    """Score units, levels and officers by the chosen rulebook, and compare the result with printed figures and scores.

    Without a rulebook in force only the figures are compared, and the frames of scores are empty.
    """
    names = dict(zip(checked.entities["unit_id"], checked.entities["name"], strict=True))
    levels = checked.entities.loc[checked.entities["kind"] == "level", "unit_id"].tolist()
    comparison, differences = compare_figures(checked.printed_figures, checked.figures, levels, names)
    findings = [*choice.findings, *differences]
    notices = tuple(findings_frame(choice.findings)["message"])
    if choice.rulebook is None:
        return _counted_only(checked, comparison, findings, notices)
    scored = _scored(checked, choice.rulebook, names, comparison, findings, notices)
    return replace(scored, rulebook_ground=choice.ground)


def _counted_only(
    checked: Checked, comparison: pd.DataFrame, findings: Sequence[Finding], notices: tuple[str, ...]
) -> Scored:
    """A quarter without a rulebook in force."""
    names = dict(zip(checked.entities["unit_id"], checked.entities["name"], strict=True))
    findings = [
        *findings,
        *appraisals.other_rulebooks(checked.appraisals, None),
        *unused_decisions(checked.class_decisions, names),
    ]
    return Scored(
        checked=checked,
        rulebook=None,
        criterion_scores=CriterionScores.empty(),
        criterion_evidence=CriterionEvidence.empty(),
        unit_scores=UnitScores.empty(),
        level_scores=LevelScores.empty(),
        officer_scores=OfficerScores.empty(),
        comparison=comparison,
        findings=_with_findings(checked.findings, findings, _entity_order(checked)),
        rulebook_notices=notices,
    )


def _scored(
    checked: Checked,
    book: Rulebook,
    names: Mapping[str, str],
    comparison: pd.DataFrame,
    findings: Sequence[Finding],
    notices: tuple[str, ...],
) -> Scored:
    """A quarter scored by a rulebook. `comparison` and `findings`: of the figures."""
    frames = _score_entities(checked, checked.assessments, book)
    weighed = _weigh_appraisals(checked, frames, book, names)
    if weighed.used:  # scored again with the options of the appraisals, which change totals, maxima and classes
        frames = _score_entities(checked, weighed.assessments, book)
        frames = replace(
            frames,
            criterion_scores=appraisals.marked(frames.criterion_scores, "basis", weighed.used),
            criterion_evidence=appraisals.marked(frames.criterion_evidence, "origin", weighed.used),
        )
    classes = settle_classes(frames.unit_scores, checked.class_decisions, checked.classes, book)
    frames = replace(frames, unit_scores=classes.unit_scores)
    officers, officer_findings = score_officers(checked.officers, checked.entities, frames.unit_scores, book)
    totals = pd.concat(
        [frames.unit_scores.drop(columns="rank"), frames.level_scores.drop(columns="basis")],
        ignore_index=True,
    )
    scores, score_findings = compare_scores(checked.printed, frames.criterion_scores, totals, book)
    boxes, box_findings = compare_boxes(checked.printed_figures, checked.printed, frames.criterion_scores, book, names)
    findings = [
        *findings,
        *late_without_contacts(checked, frames.criterion_scores, frames.criterion_evidence, book, names),
        *(f for f in frames.findings if (f.unit_id, f.facts.get("criterion")) not in weighed.used),
        *weighed.findings,
        *classes.findings,
        *officer_findings,
        *score_findings,
        *box_findings,
    ]
    return Scored(
        checked=checked,
        rulebook=book,
        criterion_scores=frames.criterion_scores,
        criterion_evidence=frames.criterion_evidence,
        unit_scores=frames.unit_scores,
        level_scores=frames.level_scores,
        officer_scores=officers,
        group_scores=frames.group_scores,
        comparison=Comparison.validate(pd.concat([scores, boxes, comparison], ignore_index=True), lazy=True),
        findings=_with_findings(checked.findings, findings, _entity_order(checked)),
        rulebook_notices=notices,
        appraised=weighed.appraised,
    )


def _score_entities(checked: Checked, assessments: pd.DataFrame, book: Rulebook) -> ScoreFrames:
    """The scores of a checked quarter with some assessments."""
    return score_entities(checked.entities, checked.figures, checked.choices, assessments, book, checked.portal_points)


def _weigh_appraisals(
    checked: Checked, frames: ScoreFrames, book: Rulebook, names: Mapping[str, str]
) -> appraisals.WeighedAppraisals:
    """Decide which appraisals are used: they are compared with the scores, and with the scores from figures alone."""
    from_figures = frames
    if len(checked.assessments) and len(checked.appraisals) + len(checked.printed):
        from_figures = _score_entities(checked, Assessments.empty(), book)
    return appraisals.weigh_appraisals(
        checked.appraisals,
        checked.printed,
        frames.criterion_scores,
        from_figures.criterion_scores,
        checked.assessments,
        book,
        names,
    )


def _entity_order(checked: Checked) -> dict[str, int]:
    """unit_id -> position in registry order."""
    return {unit: position for position, unit in enumerate(checked.entities["unit_id"])}


def _with_findings(findings: pd.DataFrame, more: Sequence[Finding], order: Mapping[str, int]) -> pd.DataFrame:
    """Findings with further ones: most severe first, then by unit. `order`: unit_id -> position."""
    both = pd.concat([findings, findings_frame(more, order)], ignore_index=True)
    keys = pd.DataFrame(
        {
            "severity": both["severity"].map({"error": 0, "warning": 1, "notice": 2}),
            "other": ~both["code"].isin(QUESTIONS),
            "unit": both["unit_id"].map(order).fillna(len(order)),
        }
    )
    sorted_index = keys.sort_values(["severity", "other", "unit"], kind="stable").index
    return Findings.validate(both.loc[sorted_index].reset_index(drop=True), lazy=True)


def csv_tables(scored: Scored) -> dict[str, bytes]:
    """The published tables: file name -> CSV bytes."""
    checked = scored.checked
    optional = {
        "replaced": checked.replaced,
        "portal_points": checked.portal_points,
        "group_scores": scored.group_scores,
    }
    tables = {
        "counts": checked.counts,
        **{name: frame for name, frame in optional.items() if len(frame)},
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
    scored: Scored,
    stamp: Stamp,
    tables: Mapping[str, bytes] | None = None,
    found: Changes | None = None,
    word: WordPaper | None = None,
    history: Sequence[PublishedScores] = (),
) -> dict[str, bytes]:
    """The files of a revision without its manifest: name -> bytes.

    `tables`: the result of `csv_tables`, if it exists already; `found`: changes against the revision before, if there
    is one; `word`: the Word report, if it exists already: without it, it is made from the shipped template; `history`:
    the published scores of other quarters, for trends.
    """
    drawn = pictures(scored, history)
    return {
        "bao-cao.md": render_report(scored, stamp).encode("utf-8"),
        REPORT: (word or word_report(scored, stamp)).data,
        **render_workbooks(scored, stamp, found, history),
        **(csv_tables(scored) if tables is None else tables),
        **({CHANGES_FILE: changes_markdown(found).encode("utf-8")} if found is not None else {}),
        **{picture.name: picture.svg.encode("utf-8") for picture in drawn},
        PAGE_FILE: revision_page(scored, stamp, drawn, found, history),
    }
