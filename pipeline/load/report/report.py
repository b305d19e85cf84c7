"""bao-cao.md: the report that a People's Committee signs, with its forms and the annex of sources, which is not signed.

The texts are in `templates/`, the values that fill them come from `load.content`: from the frames and report fields.
"""

from __future__ import annotations

from pipeline.load.content.frame_rows import figures_by_unit
from pipeline.load.content.level_forms import level_forms
from pipeline.load.content.officer_form import officer_form
from pipeline.load.content.report_heading import report_documents, report_heading
from pipeline.load.content.report_text import level_texts, officers_text, unscored_units, whole_text
from pipeline.load.content.sources_annex import sources_annex
from pipeline.load.content.unit_tables import COUNT_COLUMNS, count_groups, unit_table
from pipeline.load.report.templating import environment, tidy
from pipeline.result import Scored, Stamp


def render_report(scored: Scored, stamp: Stamp) -> str:
    """The text of bao-cao.md: GitHub Markdown without HTML, LF, one final newline. The same inputs give the same text.

    Without a rulebook it has counts and no scores.
    """
    checked = scored.checked
    figures = figures_by_unit(checked)
    rulebook = scored.rulebook
    officers = officer_form(scored)
    template = environment().get_template("bao-cao.md.j2")
    text = template.render(
        heading=report_heading(checked),
        documents=report_documents(checked),
        period=checked.period,
        scored=rulebook is not None,
        whole=whole_text(scored, figures),
        levels=level_texts(scored, figures),
        unscored=unscored_units(checked),
        officers=officers_text(officers),
        forms=level_forms(scored),
        officer_form=officers,
        units=unit_table(scored),
        places=rulebook.rounding.print_places if rulebook else 2,
        count_columns=tuple(COUNT_COLUMNS.values()),
        count_groups=() if rulebook else count_groups(checked, figures),
        annex=sources_annex(scored),
        stamp=stamp,
    )
    return tidy(text)
