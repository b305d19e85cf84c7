"""The other published quarters: earlier ones, which findings compare with, and later ones, which need a warning.

Of each quarter the signed revision is used, else the current one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from flows.steps.folder_findings import LATER
from pipeline.finding_catalogue import findings_frame
from pipeline.findings import Finding
from pipeline.load.charts.trends import quarters_until
from pipeline.periods import Period
from pipeline.publish.atomic_files import readable_bytes
from pipeline.publish.published_quarters import COUNTS, PastQuarter, past_quarter, unusable_quarter
from pipeline.publish.published_scores import TABLES as SCORE_TABLES
from pipeline.publish.published_scores import PublishedScores, published_scores
from pipeline.publish.revisions import MANIFEST, current_revision, published_file
from pipeline.publish.signed_revisions import ReferenceRevision, reference_revision

#: one year: enough to know what is usual for a unit, short enough that its tasks have hardly changed
MOST_QUARTERS = 4


def load_past_quarters(out_dir: Path, period: Period) -> tuple[PastQuarter, ...]:
    """Up to four published quarters before `period`, newest first. Quarters that were not published are skipped.

    A damaged quarter is included and states its damage. Raises OSError if a share does not answer.
    """
    found: list[PastQuarter] = []
    for before in sorted((p for p in published_quarters(out_dir) if p < period), reverse=True):
        quarter = _past_quarter(out_dir, before)
        if quarter is not None:
            found.append(quarter)
        if len(found) == MOST_QUARTERS:
            break
    return tuple(found)


def _past_quarter(out_dir: Path, period: Period) -> PastQuarter | None:
    """None if no revision was ever published."""
    folder = out_dir / str(period)
    reference = reference_revision(out_dir, period)
    if reference is None:
        damage = _damage_lines(current_revision(folder).damage, folder)
        return unusable_quarter(period, damage) if damage else None
    damage = _damage_lines(reference.damage, folder, reference)
    if MANIFEST in reference.altered:
        event = "ký" if reference.signing else "công bố"
        line = f"{reference.manifest.revision}: {MANIFEST} đã bị sửa sau khi {event}"
        return unusable_quarter(period, [*damage, line], reference.manifest.revision)
    counts = readable_bytes(reference.path / COUNTS, follow=False)
    read = past_quarter(period, reference.manifest, counts, damage)
    return read if read.counts is None else replace(read, scores=_scores(reference, period))


def _damage_lines(damage: tuple[str, ...], folder: Path, reference: ReferenceRevision | None = None) -> list[str]:
    """The damage without paths of this machine and without damage to the reference's own files.

    Of the reference's files only counts and scores are used; `past_quarter` and `published_scores` check them.
    """
    own = f"{reference.manifest.revision}: " if reference else None
    lines = [
        line.replace(f"{folder}/", "").removeprefix(f"{folder.name}: ").rstrip(".")
        for line in damage
        if own is None or not line.startswith(own)
    ]
    return list(dict.fromkeys(lines))


def published_quarters(out_dir: Path) -> Iterator[Period]:
    """`published_periods` without half-years and years."""
    yield from (period for period in published_periods(out_dir) if not period.is_summed)


def load_published_scores(out_dir: Path, period: Period) -> tuple[PublishedScores, ...]:
    """The published scores of the seven quarters before `period`, oldest first; unpublished quarters are left out.

    A quarter whose tables are not as they were published states its damage. Raises OSError if a share does not answer.
    """
    wanted = set(quarters_until(period)) - {period}
    found = [reference_scores(out_dir, before) for before in published_quarters(out_dir) if before in wanted]
    return tuple(scores for scores in found if scores is not None)


def reference_scores(out_dir: Path, period: Period) -> PublishedScores | None:
    """The scores of the signed revision of a period, else of the current one; None if it has no revision."""
    reference = reference_revision(out_dir, period)
    return None if reference is None else _scores(reference, period)


def _scores(reference: ReferenceRevision, period: Period) -> PublishedScores:
    tables = {}
    if MANIFEST not in reference.altered:
        for name in SCORE_TABLES:
            data = published_file(reference.path, reference.manifest, name)
            if data is not None:
                tables[name] = data
    return published_scores(period, reference.manifest, tables, reference.signing is not None)


def published_periods(out_dir: Path) -> Iterator[Period]:
    """Periods with a folder of their own in `out_dir`, oldest first. The folder may contain no revision."""
    periods = []
    for folder in out_dir.iterdir() if out_dir.is_dir() else ():
        try:
            period = Period.parse_any(folder.name)
        except ValueError:
            continue
        if folder.is_dir() and str(period) == folder.name:
            periods.append(period)
    yield from sorted(periods)


def later_quarter_findings(out_dir: Path, period: Period) -> tuple[Finding, ...]:
    """One warning that names all later published quarters; empty if there are none."""
    if period.is_summed:  # it does not go on where others ended
        return ()
    later = [p for p in published_quarters(out_dir) if p > period and reference_revision(out_dir, p) is not None]
    if not later:
        return ()
    return (Finding(LATER, found="; ".join(p.name for p in later), facts={"first": str(later[0])}),)


def later_quarter_notes(out_dir: Path, period: Period) -> list[str]:
    """The message of `later_quarter_findings`, for a run that publishes nothing and so no findings either."""
    return [str(message) for message in findings_frame(later_quarter_findings(out_dir, period))["message"]]
