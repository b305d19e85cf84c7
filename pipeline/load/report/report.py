"""bao-cao.md: the report that a People's Committee signs, with its forms and the annex of sources, which is not signed.

The texts are in `templates/`, the values that fill them come from `load.content`: from the frames and report fields.
"""

from __future__ import annotations

from pipeline.load.content.sources_annex import sources_annex
from pipeline.load.report.report_context import report_context
from pipeline.load.report.templating import environment, tidy
from pipeline.result import Scored, Stamp


def render_report(scored: Scored, stamp: Stamp) -> str:
    """The text of bao-cao.md: GitHub Markdown without HTML, LF, one final newline. The same inputs give the same text.

    Without a rulebook it has counts and no scores.
    """
    template = environment().get_template("bao-cao.md.j2")
    return tidy(template.render(report_context(scored, stamp), annex=sources_annex(scored)))
