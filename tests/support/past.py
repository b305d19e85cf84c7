"""Published quarters made of a few numbers a unit, as the pure part of history is given them."""

import datetime as dt
from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.finding_catalogue import to_frame
from pipeline.periods import Period
from pipeline.publish.csv_tables import csv_bytes
from pipeline.publish.fingerprint import sha256
from pipeline.publish.published_quarters import PastQuarter, past_quarter
from schemas.frames import Counts
from schemas.manifest import Manifest, SetAside, UnitCounts

Units = Mapping[str, Mapping[str, int]]


def counts(units: Units, corrected: Sequence[tuple[str, str]] = ()) -> pd.DataFrame:
    """A Counts frame: measures by unit, a row of the file a unit, a column a measure."""
    rows = [
        (u, m, v, v + 1 if (u, m) in corrected else None, "DC-01" if (u, m) in corrected else "", "a.xlsx", "S", f"{column}{line}")
        for line, (u, values) in enumerate(units.items(), 1)
        for column, (m, v) in zip("CDEFGHIJKLMNOP", values.items(), strict=False)
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=list(Counts.to_schema().columns))
    return Counts.validate(frame.astype({c: "Int64" if "value" in c else "str" for c in frame.columns}))


def unit(
    early: int = 40, on_time: int = 0, late: int = 10, online: int = 10, carried: int = 0, pending: int = 0
) -> dict[str, int]:
    """One unit's row, adding up."""
    resolved = early + on_time + late
    return {
        "received_total": resolved + pending, "received_online": online,
        "received_direct": resolved + pending - online - carried, "carried_over": carried,
        "resolved_total": resolved, "resolved_early": early, "resolved_on_time": on_time, "resolved_late": late,
        "pending_total": pending, "pending_in_time": pending, "pending_overdue": 0,
    }  # fmt: skip


def manifest(period: Period, data: bytes, revision: str = "r1", aside: Mapping[str, str] | None = None) -> Manifest:
    """`aside`: unit -> the code that set it aside."""
    return Manifest(
        period=str(period), revision=revision, previous=None, alternative=False, rulebook=None, reason="",
        fingerprint=sha256(b""), code_version="0", registry_sha256=sha256(b""), inputs=[],
        set_aside=[SetAside(what="unit", unit_id=u, code=c) for u, c in (aside or {}).items()],
        units=UnitCounts(scored=0, set_aside=0, without_dossiers=0), totals=[],
        findings={"error": 0, "warning": 0, "notice": 0}, flow_run_id=None,
        created_at=dt.datetime(2022, 3, 15, tzinfo=dt.UTC), files={"counts.csv": sha256(data)},
    )  # fmt: skip


def quarter(
    text: str, units: Units, aside: Mapping[str, str] | None = None, corrected: Sequence[tuple[str, str]] = ()
) -> PastQuarter:
    """A published quarter, read from the bytes it is published as."""
    period, data = Period.parse(text), csv_bytes(counts(units, corrected))
    return past_quarter(period, manifest(period, data, aside=aside), data)


NOTHING_SAID = to_frame([])
