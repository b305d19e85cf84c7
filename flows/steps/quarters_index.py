"""data/out/index.html, the page of all quarters: written again after each publication and each recorded signing.

It is part of no revision and can be lost: the next publication writes it again. A page that cannot be written is
reported and fails nothing.
"""

from __future__ import annotations

from pathlib import Path

from flows.steps.other_quarters import published_quarters, reference_scores
from pipeline.load.page.quarters_page import PublishedQuarter, quarters_page
from pipeline.periods import Period
from pipeline.publish.atomic_files import replace_files, write_error_text
from pipeline.publish.ledger import head_text, read_ledger
from pipeline.publish.published_scores import PublishedScores
from pipeline.publish.revisions import current_revision
from pipeline.publish.signed_revisions import signed
from pipeline.publish.signing import report_name
from pipeline.publish.text_differences import PAGE_FILE

#: how often it is written again because another run published meanwhile
_TRIES = 3


def write_quarters_index(out_dir: Path) -> str:
    """Write the page. Returns "" or a Vietnamese note why it could not be written."""
    try:
        for _ in range(_TRIES):
            before = head_text(read_ledger(out_dir))
            quarters = [_quarter(out_dir, period) for period in published_quarters(out_dir)]
            known = [quarter for quarter in quarters if quarter is not None]
            if not known:
                return ""
            replace_files(out_dir, {PAGE_FILE: quarters_page(known)}, ())
            if head_text(read_ledger(out_dir)) == before:
                break
    except OSError as error:
        return write_error_text(
            out_dir / PAGE_FILE, error, "Trang mọi kỳ chưa được cập nhật; các bản không bị ảnh hưởng."
        )
    return ""


def _quarter(out_dir: Path, period: Period) -> PublishedQuarter | None:
    """None for a period without a readable revision. Raises OSError if a share does not answer."""
    folder = out_dir / str(period)
    notes: list[str] = []
    try:
        signing = signed(folder)
    except ValueError as error:
        signing = None
        notes.append(str(error))
    current = current_revision(folder)
    scores = reference_scores(out_dir, period)
    manifest = current.manifest
    if manifest is None or scores is None:
        return None
    notes += [line.replace(f"{folder}/", "") for line in current.damage]
    notes += [f"{scores.damage}."] if scores.damage and not notes else []
    used = manifest.rulebook
    return PublishedQuarter(
        period=period,
        current=manifest.revision,
        current_has_page=_has_page(folder, manifest.revision),
        signed=signing.revision if signing is not None else "",
        signed_has_page=signing is not None and _has_page(folder, signing.revision),
        signing=report_name(signing) if signing is not None else "",
        rulebook=(used.short or used.id) if used is not None else "",
        places=used.places if used is not None else 2,
        most=_most(scores),
        scores=scores,
        notes=tuple(notes),
    )


def _has_page(folder: Path, revision: str) -> bool:
    return (folder / revision / PAGE_FILE).is_file()


def _most(scores: PublishedScores) -> float | None:
    """The highest total that a unit or level of the quarter can reach."""
    return max((score.most for score in scores.scores.values() if score.most is not None), default=None)
