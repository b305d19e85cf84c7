"""The published quarters before the one being run: of each the signed revision, else the current one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.finding_catalogue import findings_frame
from pipeline.findings import Finding
from pipeline.periods import Period
from pipeline.publish.atomic_files import passing
from pipeline.publish.published_quarters import COUNTS, PastQuarter, past_quarter, unusable
from pipeline.publish.revisions import MANIFEST, Reference, reference_revision, standing

#: a year: what is usual for a unit, without what it was before its tasks changed
MOST = 4


def load_past(out_dir: Path, period: Period) -> tuple[PastQuarter, ...]:
    """The last published quarters before `period`, newest first; gaps between them are left as they are.

    A quarter that is damaged is among them and says so. Raises OSError where a share does not answer for a moment.
    """
    found: list[PastQuarter] = []
    for before in sorted((p for p in published_periods(out_dir) if p < period), reverse=True):
        quarter = _quarter(out_dir, before)
        if quarter is not None:
            found.append(quarter)
        if len(found) == MOST:
            break
    return tuple(found)


def _quarter(out_dir: Path, period: Period) -> PastQuarter | None:
    folder = out_dir / str(period)
    reference = reference_revision(out_dir, period)
    if reference is None:
        damage = _plain(standing(folder).damage, folder)
        return unusable(period, damage) if damage else None
    damage = _plain(reference.damage, folder, reference)
    if MANIFEST in reference.altered:
        said = f"{reference.manifest.revision}: {MANIFEST} đã bị sửa sau khi {_made(reference)}"
        return unusable(period, [*damage, said], reference.manifest.revision)
    return past_quarter(period, reference.manifest, _read(reference.path / COUNTS), damage)


def _made(reference: Reference) -> str:
    return "ký" if reference.signing else "công bố"


def _plain(damage: tuple[str, ...], folder: Path, reference: Reference | None = None) -> list[str]:
    """Without paths of this machine, and without what is wrong with files of the revision that are not compared."""
    own = f"{reference.manifest.revision}: " if reference else None
    lines = [
        line.replace(f"{folder}/", "").removeprefix(f"{folder.name}: ").rstrip(".")
        for line in damage
        if own is None or not line.startswith(own)
    ]
    return list(dict.fromkeys(lines))


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError as error:
        if passing(error):  # away for a moment is not damaged
            raise
        return None


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
    return [str(message) for message in findings_frame(later_published(out_dir, period))["message"]]
