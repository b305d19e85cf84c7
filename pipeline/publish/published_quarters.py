"""Published quarters before the one that is checked, as plain data for `pipeline/validate/continuity.py`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pandas as pd
import pandera.errors

from pipeline.findings import Finding
from pipeline.periods import Period
from pipeline.publish.csv_tables import read_csv_table
from pipeline.publish.fingerprint import sha256
from pipeline.publish.published_scores import PublishedScores
from schemas.frames import Counts
from schemas.manifest import Manifest, PastUsed

#: the published table of counts
COUNTS = "counts.csv"
_WHOLE = r"\d+"
#: errors in what units enter beside the portal's counts: no score, but the counts are still comparable
_OF_ENTRIES = frozenset(
    {
        "contacts_do_not_add_up", "level_contacts_do_not_add_up", "part_exceeds_whole_scored", "parts_exceed_whole",
        "form_copies_differ", "return_row_unknown",
    }
)  # fmt: skip


@dataclass(frozen=True)
class PastQuarter:
    """One published quarter. `used`: its record in a manifest. `counts`: its Counts frame after corrections.

    `counts` is None if no revision can be used; `used.damage` states the reason, in Vietnamese. `scores` is None too.
    """

    used: PastUsed
    counts: pd.DataFrame | None
    scores: PublishedScores | None = None

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
) -> PastQuarter:
    """A published quarter from the bytes of its counts.csv.

    `data`: None if the file cannot be read. `damage`: Vietnamese, damage that is known already. If the bytes are not
    the published ones or not a Counts table, `counts` is None and the damage is extended; nothing is raised.
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
    return PastQuarter(used, counts)


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
