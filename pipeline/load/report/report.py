"""bao-cao.md: the report a People's Committee signs, its forms and, last and unsigned, the annex of sources.

Everything in it is computed from the frames or taken from the period's own form of report fields. `templates/` holds
the words, `report_parts`, `form_views`, `table_views` and `sources` what the words are filled with.
"""

from __future__ import annotations

from pipeline.load.content.frame_rows import figures_by_unit
from pipeline.load.content.level_forms import level_forms
from pipeline.load.content.report_text import bases, heading, level_texts, officers_text, unscored_units, whole_text
from pipeline.load.content.sources_annex import annex
from pipeline.load.content.unit_tables import COUNT_COLUMNS, count_groups, officer_form, unit_table
from pipeline.load.report.templating import environment, tidy
from pipeline.result import Scored, Stamp

#: `heading` is read by the workbook too
__all__ = ["heading", "render_report"]


def render_report(scored: Scored, stamp: Stamp) -> str:
    """The whole of bao-cao.md: GitHub Markdown without HTML, LF, one final newline; same inputs, same text."""
    checked = scored.checked
    figures = figures_by_unit(checked)
    rulebook = scored.rulebook
    officers = officer_form(scored)
    template = environment().get_template("bao-cao.md.j2")
    text = template.render(
        heading=heading(checked),
        bases=bases(checked),
        period=checked.period,
        scored=rulebook is not None,
        class_law=rulebook.unit_class if rulebook else None,
        class_local=rulebook.local_class if rulebook else None,
        class_basis={"total": "tổng điểm", "officer_average": "ĐTB CCVC"},
        whole=whole_text(checked, figures),
        levels=level_texts(scored, figures),
        unscored=unscored_units(checked),
        officers=officers_text(checked, officers),
        forms=level_forms(scored),
        officer_form=officers,
        units=unit_table(scored),
        places=rulebook.rounding.print_places if rulebook else 2,
        count_columns=tuple(COUNT_COLUMNS.values()),
        count_groups=() if rulebook else count_groups(checked, figures),
        annex=annex(scored),
        stamp=stamp,
    )
    return tidy(text)
