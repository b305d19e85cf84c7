"""Quarters after the one being run that are published already: they carry over what this one leaves pending."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.findings import Finding, to_frame
from pipeline.periods import Period
from pipeline.publish.revisions import reference_revision


def published_periods(out_dir: Path) -> Iterator[Period]:
    """Periods with a folder of their own in `out_dir`, in time; whether one holds a revision is not looked at."""
    periods = []
    for folder in out_dir.iterdir() if out_dir.is_dir() else ():
        try:
            period = Period.parse(folder.name)
        except ValueError:
            continue
        if folder.is_dir() and str(period) == folder.name:
            periods.append(period)
    yield from sorted(periods)


def later_published(out_dir: Path, period: Period) -> tuple[Finding, ...]:
    """One warning that names the later quarters; nothing where there is none."""
    later = [p for p in published_periods(out_dir) if p > period and reference_revision(out_dir, p) is not None]
    if not later:
        return ()
    return (Finding("later_published", found="; ".join(p.name for p in later), facts={"first": str(later[0])}),)


def later_notes(out_dir: Path, period: Period) -> list[str]:
    """The same in words: for a run that has nothing new to publish, and so no findings of its own."""
    return [str(message) for message in to_frame(later_published(out_dir, period))["message"]]
