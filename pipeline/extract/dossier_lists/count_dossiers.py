"""Dossier lists of a period -> counts by unit, by date as portals count (vectorised over dossiers).

early = finished before the due date; on time = on it, or no due date; late = after it. Withdrawn counts as resolved on
time; waiting for supplements or paused as pending within the deadline; "mới đăng ký" and "không được tiếp nhận" are not
received (portal practice; statuses of Thông tư 22/2019/TT-BTTTT).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np
import pandas as pd

from pipeline.extract.count_records import Block, CountReading
from pipeline.extract.dossier_lists.read_list import DossierList
from pipeline.extract.wording.phrases import words
from pipeline.extract.wording.privacy import NOT_REPEATED, is_surely_office, is_surely_status
from pipeline.extract.wording.vocabulary import Vocabulary
from pipeline.findings import Finding, Place
from pipeline.periods import Period
from pipeline.registry import UnitIndex
from pipeline.text import vn_int

_EXAMPLES = 5


def count_dossiers(
    lists: Sequence[DossierList], period: Period, index: UnitIndex, vocabulary: Vocabulary, reading: CountReading
) -> None:
    """Add the counts of all lists of the period to the reading; a dossier in several lists counts once."""
    if not lists:
        return
    frame = pd.concat([lst.frame.assign(has_channel=lst.has_channel) for lst in lists], ignore_index=True)
    frame = _with_units(frame, index, reading)
    frame = _once(frame, index, reading)
    frame["meaning"] = _by_text(frame["status"], vocabulary.dossier_status)
    frame["open"] = _begins_open(frame["status"], vocabulary)
    frame["way"] = _by_text(frame["channel"], vocabulary.dossier_channel)
    _say_unknown_statuses(frame, reading)
    masks = period_masks(frame, np.datetime64(period.start), np.datetime64(period.end))
    _say_problems(frame, masks, index, reading)
    _records(frame, masks, reading)


def period_masks(frame: pd.DataFrame, start: np.datetime64, end: np.datetime64) -> dict[str, pd.Series]:
    """measure -> which dossiers count for it. The period is [start, end]; what ends later is pending at its end."""
    received, due, finished, meaning = frame["received"], frame["due"], frame["finished"], frame["meaning"]
    ended = finished.notna() & (finished <= end)
    withdrawn = meaning == "withdrawn"
    in_period = (received >= start) & (received <= end)
    # withdrawn without a date: known to have ended only if it came in during the period
    ended |= withdrawn & finished.isna() & in_period
    counted = meaning != "not_received"
    carried = counted & (received < start) & ~(finished.notna() & (finished < start))
    new = counted & in_period
    scope = carried | new
    resolved, pending = scope & ended, scope & ~ended
    early = resolved & ~withdrawn & due.notna() & (finished < due)
    late = resolved & ~withdrawn & due.notna() & (finished > due)
    overdue = pending & (meaning != "waiting") & due.notna() & (due < end)
    return {
        "scope": scope,
        "received_total": scope,
        "carried_over": carried,
        "received_in_period": new,
        "received_online": new & (frame["way"] == "online"),
        "received_direct": new & (frame["way"] == "direct"),
        "resolved_total": resolved,
        "resolved_early": early,
        "resolved_on_time": resolved & ~early & ~late,
        "resolved_late": late,
        "pending_total": pending,
        "pending_in_time": pending & ~overdue,
        "pending_overdue": overdue,
    }


def _with_units(frame: pd.DataFrame, index: UnitIndex, reading: CountReading) -> pd.DataFrame:
    """Names resolved once each; dossiers of a name nobody knows are said and left out."""
    resolved = {name: index.resolve(name) for name in frame["unit"].unique()}
    firsts, sizes = frame.drop_duplicates("unit").set_index("unit"), frame["unit"].value_counts()
    nameless = []  # what stands where a unit should, and may be a person
    for name, found in resolved.items():
        if found.unit_id:
            continue
        first = firsts.loc[name]
        where = (str(first["file"]), str(first["sheet"]), f"dòng {first['row']}")
        if found.ignored:
            reading.findings.append(Finding("row_ignored", "", *where, f"{name}"))
        elif found.candidates:
            names = ", ".join(f"{index.names[c]} ({c})" for c in found.candidates)
            reading.findings.append(Finding("unit_ambiguous", "", *where, f"{name}", names))
        elif found.outside:
            reading.findings.append(Finding("unit_not_in_period", "", *where, f"{name}", str(index.period)))
        elif name and not found.near and not is_surely_office(name):
            nameless.append(name)
        else:
            near = f" ({vn_int(int(sizes[name]))} hồ sơ.)" + (
                f" Gần nhất trong danh mục: {', '.join(found.near)}." if found.near else ""
            )
            reading.findings.append(
                Finding(
                    "unit_unknown", "", *where, name or "(ô đơn vị để trống)", "; ".join(found.near), {"near": near}
                )
            )
    for (file, sheet), rows in frame.loc[frame["unit"].isin(nameless)].groupby(["file", "sheet"], sort=False):
        near = f" ({vn_int(len(rows))} hồ sơ, {vn_int(rows['unit'].nunique())} cách viết.)"
        where = (str(file), str(sheet), f"dòng {_lines(rows)}")
        reading.findings.append(Finding("unit_unknown", "", *where, NOT_REPEATED, "", {"near": near}))
    frame = frame.assign(unit_id=frame["unit"].map({n: r.unit_id for n, r in resolved.items()}).astype("str"))
    return frame.loc[frame["unit_id"] != ""].reset_index(drop=True)


def _once(frame: pd.DataFrame, index: UnitIndex, reading: CountReading) -> pd.DataFrame:
    """A code that repeats counts once; repeated with other dates or another unit it is a conflict of its units."""
    repeated = frame.loc[frame.duplicated("code", keep=False)]
    if repeated.empty:
        return frame
    told = ["code", "unit_id", "received", "due", "finished", "status"]
    distinct = repeated.drop_duplicates(told)
    conflicts = distinct.loc[distinct.duplicated("code", keep=False)]
    for unit_id, rows in conflicts.groupby("unit_id", sort=False):
        first = rows.iloc[0]
        reading.findings.append(
            Finding(
                "list_conflict", str(unit_id), str(first["file"]), str(first["sheet"]), f"dòng {first['row']}",
                vn_int(rows["code"].nunique()), "một lần",
                {"row": index.names[str(unit_id)], "codes": _some(rows["code"])},
            )
        )  # fmt: skip
    extra = len(frame) - frame["code"].nunique()
    first = repeated.iloc[0]
    reading.findings.append(
        Finding(
            "list_repeated",
            "",
            str(first["file"]),
            str(first["sheet"]),
            f"dòng {first['row']}",
            vn_int(extra),
            "mỗi mã một lần",
        )
    )
    return frame.drop_duplicates("code").reset_index(drop=True)


def _by_text(texts: pd.Series, groups: dict[str, set[tuple[str, ...]]]) -> pd.Series:
    known = {label: group for group, labels in groups.items() for label in labels}
    return texts.map({t: known.get(words(t), "") for t in texts.unique()}).astype("str")


def _begins_open(texts: pd.Series, vocabulary: Vocabulary) -> pd.Series:
    """Whether a status begins as those of open dossiers do ("Đang chờ ký số"), known or not."""
    return texts.map({t: words(t)[:1] in vocabulary.open_starts for t in texts.unique()}).astype(bool)


def _say_unknown_statuses(frame: pd.DataFrame, reading: CountReading) -> None:
    unknown = frame.loc[(frame["meaning"] == "") & (frame["status"] != "")]
    if unknown.empty:
        return
    first = unknown.iloc[0]
    reading.findings.append(
        Finding(
            "list_status_unknown", "", str(first["file"]), str(first["sheet"]), f"dòng {first['row']}",
            _statuses(unknown), "trạng thái theo Thông tư 22/2019/TT-BTTTT",
            {"count": vn_int(len(unknown))},
        )
    )  # fmt: skip


def _say_problems(frame: pd.DataFrame, masks: dict[str, pd.Series], index: UnitIndex, reading: CountReading) -> None:
    scope = masks["scope"]
    backwards = frame["finished"].notna() & (frame["finished"] < frame["received"])
    ended = frame["meaning"].isin(["done", "withdrawn"]) & frame["finished"].isna()
    ended &= ~((frame["meaning"] == "withdrawn") & masks["received_in_period"])
    # counted by its dates it would be pending: refused, or deleted, it is not
    unclear = scope & (frame["meaning"] == "") & (frame["status"] != "") & ~frame["open"] & frame["finished"].isna()
    no_due = scope & frame["due"].isna() & ~frame["bad_date"]
    for code, mask in (
        ("list_bad_date", frame["bad_date"] | frame["received"].isna() | backwards),
        ("list_done_without_date", ended & ~frame["bad_date"] & (scope | frame["received"].isna())),
        ("list_status_unclear", unclear),
        ("list_without_due", no_due),
        ("list_channel_unknown", masks["received_in_period"] & frame["has_channel"] & (frame["way"] == "")),
    ):
        for (unit_id, file, sheet), rows in frame.loc[mask].groupby(["unit_id", "file", "sheet"], sort=False):
            reading.findings.append(
                Finding(
                    code, str(unit_id), str(file), str(sheet), f"dòng {_lines(rows)}",
                    vn_int(len(rows)), "", {"row": index.names[str(unit_id)], "statuses": _statuses(rows)},
                )
            )  # fmt: skip


def _records(frame: pd.DataFrame, masks: dict[str, pd.Series], reading: CountReading) -> None:
    keys = [frame["unit_id"], frame["file"], frame["sheet"]]
    counted = {m: mask.groupby(keys, sort=False).sum() for m, mask in masks.items() if m != "scope"}
    rows = frame.groupby(["unit_id", "file", "sheet"], sort=False).size()
    whole = frame["has_channel"] & ((frame["way"] != "") | ~masks["received_in_period"])
    channels_known = whole.groupby(frame["unit_id"]).all()
    places: dict[str, Place] = {}
    for key, size in rows.items():
        unit_id, file, sheet = cast(tuple[str, str, str], key)
        cell = f"{size} dòng"
        place = places.setdefault(unit_id, Place(file, sheet, cell))
        known = [m for m in counted if channels_known[unit_id] or m not in {"received_online", "received_direct"}]
        values = np.array([[int(counted[m][unit_id, file, sheet]) for m in known]], dtype=np.int64)
        everything = np.ones(values.shape, dtype=np.bool_)
        no_letters = [""] * len(known)
        reading.records.append(Block(file, sheet, known, [unit_id], [place], no_letters, [cell], values, everything))
    for unit_id, place in places.items():
        reading.places[unit_id].append(place)


def _lines(rows: pd.DataFrame) -> str:
    return ", ".join(str(r) for r in rows["row"].head(_EXAMPLES)) + (", …" if len(rows) > _EXAMPLES else "")


def _statuses(rows: pd.DataFrame) -> str:
    """Their statuses, but what may be somebody's name that slipped into the column."""
    return _some(rows["status"].where(rows["status"].map(is_surely_status).astype(bool), NOT_REPEATED))


def _some(values: pd.Series) -> str:
    shown = list(dict.fromkeys(values.astype("str")))
    return ", ".join(shown[:_EXAMPLES]) + (", …" if len(shown) > _EXAMPLES else "")
