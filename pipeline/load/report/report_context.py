"""The values of the report: what the templates of bao-cao.md and of bao-cao.docx can print."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.load.charts.emf import EmfImage, emf_images
from pipeline.load.charts.pictures import pictures
from pipeline.load.charts.svg import Picture
from pipeline.load.content.before_signature import before_signature
from pipeline.load.content.frame_rows import figures_by_unit
from pipeline.load.content.group_table import groups_table
from pipeline.load.content.level_forms import level_forms
from pipeline.load.content.officer_form import officer_form
from pipeline.load.content.report_heading import report_documents, report_heading
from pipeline.load.content.report_text import level_texts, officers_text, unscored_units, whole_text
from pipeline.load.content.unit_tables import COUNT_COLUMNS, count_groups, unit_table
from pipeline.result import Scored, Stamp


@dataclass(frozen=True)
class ReportPicture:
    """A picture of the annex. Markdown names its file, Word holds its images, each of them at most a page high."""

    picture: Picture

    @property
    def title(self) -> str:
        """What it shows."""
        return self.picture.title

    @property
    def name(self) -> str:
        """Its file in the revision."""
        return self.picture.name

    @property
    def images(self) -> tuple[EmfImage, ...]:
        """Its parts."""
        return emf_images(self.picture)


def report_context(scored: Scored, stamp: Stamp) -> dict[str, object]:
    """Name in the templates -> value. Without a rulebook there are counts and no scores.

    `draft`: the report is not ready to be signed; `pictures`: of this quarter alone, because earlier quarters may be
    published again.
    """
    checked, rulebook = scored.checked, scored.rulebook
    figures, officers = figures_by_unit(checked), officer_form(scored)
    return {
        "heading": report_heading(checked),
        "documents": report_documents(checked),
        "period": checked.period,
        "scored": rulebook is not None,
        "whole": whole_text(scored, figures),
        "levels": level_texts(scored, figures),
        "unscored": unscored_units(checked),
        "officers": officers_text(officers),
        "forms": level_forms(scored),
        "officer_form": officers,
        "units": unit_table(scored),
        "groups": groups_table(scored),
        "places": rulebook.rounding.print_places if rulebook else 2,
        "count_columns": tuple(COUNT_COLUMNS.values()),
        "count_groups": () if rulebook else count_groups(checked, figures),
        "pictures": tuple(map(ReportPicture, pictures(scored))),
        "stamp": stamp,
        "draft": bool(before_signature(scored)),
    }
