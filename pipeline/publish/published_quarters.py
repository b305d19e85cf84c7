"""Published quarters before the one that is checked, as plain data for `pipeline/validate/continuity.py`."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pandas as pd
import pandera.errors

from pipeline.findings import Finding
from pipeline.periods import Period
from pipeline.publish.fingerprint import sha256
from schemas.frames import Counts
from schemas.manifest import Manifest, PastUsed

COUNTS = "counts.csv"
_WHOLE = r"\d+"
#: errors about what offices enter beside the portal's counts: these cost a score, but the counts stand
_OF_ENTRIES = frozenset(
    {
        "contacts_do_not_add_up", "level_contacts_do_not_add_up", "part_exceeds_whole_scored", "parts_exceed_whole",
        "return_conflict", "return_row_unknown",
    }
)  # fmt: skip


@dataclass(frozen=True)
class PastQuarter:
    """One published quarter: what of it is used (as the manifest keeps it) and its Counts after corrections.

    `counts` is None where no revision of it can be used; `used.damage` then says why, in Vietnamese.
    """

    used: PastUsed
    counts: pd.DataFrame | None

    @property
    def period(self) -> Period:
        """Which quarter."""
        return Period.parse(self.used.period)

    @property
    def name(self) -> str:
        """`quý I năm 2022 (bản r2)`."""
        return f"{self.period.name} (bản {self.used.revision})"


def past_quarter(period: Period, manifest: Manifest, data: bytes | None, damage: Sequence[str] = ()) -> PastQuarter:
    """A revision's counts.csv as it was published. `data`: None where it cannot be read; `damage`: said already.

    Counts that are not the published ones, or cannot be understood, are not used: that is said, never raised.
    """
    counts, said = None, list(damage)
    if manifest.period != str(period):
        said.append(f"{manifest.revision}: là bản của kỳ {manifest.period}")
    elif data is None or sha256(data) != manifest.files.get(COUNTS):
        said.append(f"{manifest.revision}: {COUNTS} thiếu hoặc đã bị sửa sau khi công bố")
    else:
        counts = _counts(data)
        if counts is None:
            said.append(f"{manifest.revision}: không hiểu được {COUNTS}")
    used = PastUsed(
        period=str(period),
        revision=manifest.revision,
        counts_sha256=manifest.files.get(COUNTS, "") if counts is not None else "",
        in_doubt=in_doubt((s.unit_id, s.code) for s in manifest.set_aside if s.what in ("unit", "level")),
        damage="; ".join(said),
    )
    return PastQuarter(used, counts)


def in_doubt(errors: Iterable[tuple[str, str]]) -> list[str]:
    """Units and levels whose counts are not to be compared, from (unit_id, code) of what set them aside."""
    return sorted({unit for unit, code in errors if unit and code not in _OF_ENTRIES})


def unusable(period: Period, damage: Sequence[str], revision: str = "") -> PastQuarter:
    """A quarter that was published but of which nothing can be used."""
    return PastQuarter(PastUsed(period=str(period), revision=revision, damage="; ".join(damage)), None)


def about(past: Sequence[PastQuarter]) -> list[Finding]:
    """A warning for each quarter that is not as it was published: what is compared then, or that nothing is."""
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


def changed(before: Manifest, after: Manifest) -> Iterator[tuple[str, str, str]]:
    """(what, before, after), Vietnamese, of each earlier quarter that two revisions were compared with differently."""
    old, new = ({u.period: u for u in m.past} for m in (before, after))
    for period in sorted({*old, *new}):
        one, other = old.get(period), new.get(period)
        if one != other:
            newer = one is not None and other is not None and one.revision != other.revision
            what = "Kỳ trước đã có bản mới" if newer else "Kỳ trước dùng để so sánh"
            yield f"{what}: {Period.parse(period).name}", _shown(one), _shown(other)


def _shown(used: PastUsed | None) -> str:
    if used is None:
        return ""
    if not used.counts_sha256:
        return f"{used.revision} (không dùng được)".strip()
    return f"{used.revision} ({used.counts_sha256[:12]})"


def _counts(data: bytes) -> pd.DataFrame | None:
    """The Counts frame of a published table; None for one of another version."""
    columns = list(Counts.to_schema().columns)
    try:
        read = pd.read_csv(io.BytesIO(data), dtype="str", keep_default_na=False, encoding="utf-8-sig")
        frame = read[columns].copy()
        if not frame["value"].str.fullmatch(_WHOLE).all():
            return None
        for column in ("value", "original_value"):
            frame[column] = pd.to_numeric(frame[column].where(frame[column] != "")).astype("Int64")
        return Counts.validate(frame, lazy=True)
    except (KeyError, ValueError, TypeError, OverflowError, pandera.errors.SchemaErrors):
        return None
