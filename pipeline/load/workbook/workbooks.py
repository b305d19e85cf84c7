"""The workbooks of a revision: handed in, internal, public, and one for each unit."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.load.workbook.checking_workbook import CHECKING, render_checking
from pipeline.load.workbook.signed_workbook import PUBLIC, SIGNED, render_signed
from pipeline.load.workbook.unit_results import render_unit_results
from pipeline.publish.published_scores import PublishedScores
from pipeline.publish.revision_diff import Changes
from pipeline.result import Scored, Stamp


def render_workbooks(
    scored: Scored, stamp: Stamp, found: Changes | None = None, history: Sequence[PublishedScores] = ()
) -> dict[str, bytes]:
    """Path inside the revision -> .xlsx bytes, the same for the same content.

    `found`: changes against the revision before, if there is one; `history`: published scores of other quarters. An
    alternative is neither made public nor sent back to the units.
    """
    files = {SIGNED: render_signed(scored, stamp), CHECKING: render_checking(scored, stamp, found)}
    if stamp.alternative:
        return files
    return {**files, PUBLIC: render_signed(scored, stamp, public=True), **render_unit_results(scored, stamp, history)}
