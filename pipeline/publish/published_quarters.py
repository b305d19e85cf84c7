"""Published quarters before the one that is checked, as plain data for `pipeline/validate/continuity.py`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import pandera.errors

from pipeline.findings import Finding
from pipeline.periods import Period
from pipeline.publish.csv_tables import read_csv_table
from pipeline.publish.fingerprint import sha256
from schemas.frames import Counts
from schemas.manifest import Manifest, PastUsed, RulebookUsed

#: the published table of counts
COUNTS = "counts.csv"
#: the published tables of scores that a report is compared with
UNIT_SCORES, LEVEL_SCORES = "unit_scores.csv", "level_scores.csv"
#: the columns of them that a comparison needs, and those of the units that are shown
_OF_LEVELS = ["unit_id", "level", "status", "basis", "total", "total_max"]
_OF_UNITS = ["unit_id", "level", "status"]
_SHOWN = ("unit_id", "total", "total_max", "rank", "class_printed")
_DECIMAL = r"(\d+(\.\d+)?)?"
_WHOLE = r"\d+"
#: errors in what units enter beside the portal's counts: no score, but the counts are still comparable
_OF_ENTRIES = frozenset(
    {
        "contacts_do_not_add_up", "level_contacts_do_not_add_up", "part_exceeds_whole_scored", "parts_exceed_whole",
        "form_copies_differ", "return_row_unknown",
    }
)  # fmt: skip


@dataclass(frozen=True)
class PastScores:
    """The scores of a published quarter as texts: one row a level (`levels`) or a unit (`units`), "" for no value."""

    rulebook: RulebookUsed
    levels: pd.DataFrame
    units: pd.DataFrame


@dataclass(frozen=True)
class PastQuarter:
    """One published quarter. `used`: its record in a manifest. `counts`: its Counts frame after corrections.

    `counts` is None if no revision can be used; `used.damage` states the reason, in Vietnamese. `scores` is None if it
    was not scored or its tables of scores are not as they were published. `unit_scores`: texts, the columns that are
    shown; None if the published table cannot be used. Nothing is computed from it.
    """

    used: PastUsed
    counts: pd.DataFrame | None
    scores: PastScores | None = None
    unit_scores: pd.DataFrame | None = None

    @property
    def period(self) -> Period:
        """The quarter."""
        return Period.parse(self.used.period)

    @property
    def name(self) -> str:
        """`quý I năm 2022 (bản r2)`."""
        return f"{self.period.name} (bản {self.used.revision})"


def past_quarter(
    period: Period,
    manifest: Manifest,
    data: bytes | None,
    damage: Sequence[str] = (),
    scores: bytes | None = None,
) -> PastQuarter:
    """A published quarter from the bytes of its counts.csv.

    `data`: None if the file cannot be read. `scores`: of unit_scores.csv, likewise. `damage`: Vietnamese, damage that
    is known already. If the bytes are not the published ones or not a Counts table, `counts` is None and the damage is
    extended; nothing is raised.
    """
    counts, problems = None, list(damage)
    if manifest.period != str(period):
        problems.append(f"{manifest.revision}: là bản của kỳ {manifest.period}")
    elif data is None or sha256(data) != manifest.files.get(COUNTS):
        problems.append(f"{manifest.revision}: {COUNTS} thiếu hoặc đã bị sửa sau khi công bố")
    else:
        counts = _counts(data)
        if counts is None:
            problems.append(f"{manifest.revision}: không hiểu được {COUNTS}")
    used = PastUsed(
        period=str(period),
        revision=manifest.revision,
        counts_sha256=manifest.files.get(COUNTS, "") if counts is not None else "",
        in_doubt=units_in_doubt((s.unit_id, s.code) for s in manifest.set_aside if s.what in ("unit", "level")),
        damage="; ".join(problems),
    )
    shown = _scores(manifest, scores) if counts is not None else None
    return PastQuarter(used, counts, unit_scores=shown)


def past_scores(manifest: Manifest, tables: Mapping[str, bytes | None]) -> PastScores | None:
    """The scores of a published quarter. `tables`: UNIT_SCORES and LEVEL_SCORES -> bytes as published, or None."""
    units, levels = tables.get(UNIT_SCORES), tables.get(LEVEL_SCORES)
    if manifest.rulebook is None or units is None or levels is None:
        return None
    try:
        of_levels, of_units = read_csv_table(levels)[_OF_LEVELS], read_csv_table(units)[_OF_UNITS]
        pd.to_numeric(of_levels["total"]), pd.to_numeric(of_levels["total_max"])
    except (KeyError, ValueError):
        return None
    return PastScores(manifest.rulebook, of_levels, of_units)


def units_in_doubt(errors: Iterable[tuple[str, str]]) -> list[str]:
    """Ids of units and levels whose counts must not be compared, sorted, without duplicates.

    `errors`: (unit_id, code) of the errors that set a unit or level aside.
    """
    return sorted({unit for unit, code in errors if unit and code not in _OF_ENTRIES})


def unusable_quarter(period: Period, damage: Sequence[str], revision: str = "") -> PastQuarter:
    """A published quarter of which nothing can be used. `damage`: Vietnamese reasons."""
    return PastQuarter(PastUsed(period=str(period), revision=revision, damage="; ".join(damage)), None)


def damage_findings(past: Sequence[PastQuarter]) -> list[Finding]:
    """A warning for each damaged quarter: which revision is compared instead, or that none is."""
    return [
        Finding(
            "past_damaged",
            found=q.used.damage,
            facts={
                "before": q.period.name,
                "period": q.period,
                "outcome": "không so được với quý đó" if q.counts is None else f"so với bản {q.used.revision}",
            },
        )
        for q in past
        if q.used.damage
    ]


def changed_references(before: Manifest, after: Manifest) -> Iterator[tuple[str, str, str]]:
    """The earlier quarters that differ between two manifests: Vietnamese texts (item, before, after)."""
    old, new = ({u.period: u for u in m.past} for m in (before, after))
    for period in sorted({*old, *new}):
        one, other = old.get(period), new.get(period)
        if one != other:
            newer = one is not None and other is not None and one.revision != other.revision
            what = "Kỳ trước đã có bản mới" if newer else "Kỳ trước dùng để so sánh"
            yield f"{what}: {Period.parse(period).name}", _used_text(one), _used_text(other)


def _used_text(used: PastUsed | None) -> str:
    if used is None:
        return ""
    if not used.counts_sha256:
        return f"{used.revision} (không dùng được)".strip()
    return f"{used.revision} ({used.counts_sha256[:12]})"


def _scores(manifest: Manifest, data: bytes | None) -> pd.DataFrame | None:
    """The published scores of the units; None if the bytes are not the published ones or not such a table."""
    if data is None or sha256(data) != manifest.files.get(UNIT_SCORES):
        return None
    try:
        frame = read_csv_table(data)[list(_SHOWN)]
    except (KeyError, ValueError):
        return None
    numbers = frame[["total", "total_max", "rank"]]
    known = numbers.apply(lambda column: column.str.fullmatch(_DECIMAL))
    return frame if bool(known.all(axis=None)) else None


def _counts(data: bytes) -> pd.DataFrame | None:
    """The Counts frame of a published table; None if the bytes are not one of this version."""
    columns = list(Counts.to_schema().columns)
    try:
        frame = read_csv_table(data)[columns].copy()
        if not frame["value"].str.fullmatch(_WHOLE).all():
            return None
        for column in ("value", "original_value"):
            frame[column] = pd.to_numeric(frame[column].where(frame[column] != "")).astype("Int64")
        return Counts.validate(frame, lazy=True)
    except (KeyError, ValueError, TypeError, OverflowError, pandera.errors.SchemaErrors):
        return None
