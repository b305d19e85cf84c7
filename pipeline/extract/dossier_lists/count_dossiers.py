"""Dossier lists of a period -> counts by unit, vectorised over dossiers, by the dates of each dossier as portals count.

Resolved early: before the due date. On time: on the due date, or without one. Late: after it. Withdrawn dossiers count
as resolved on time; dossiers that wait for a supplement or are paused count as pending within the deadline; "mới đăng
ký" and "không được tiếp nhận" are not received (portal practice; statuses of Thông tư 22/2019/TT-BTTTT). A unit with a
dossier of the period whose status nobody knows is not counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

import numpy as np
import pandas as pd

from pipeline.extract.count_records import CountBlock, CountReading
from pipeline.extract.dossier_lists.date_doubts import DOUBTFUL, IMPOSSIBLE
from pipeline.extract.dossier_lists.read_list import DossierList
from pipeline.findings import Finding, Place
from pipeline.periods import Period
from pipeline.registry import Resolution, UnitIndex
from pipeline.shown_text import Lexicon, ShownText, shown_code
from pipeline.text import vn_int

#: meanings of statuses whose dossiers are counted nowhere
NOT_COUNTED = ("not_received", "left_out")
#: row numbers, codes or statuses that a finding names
_EXAMPLES = 5
#: unknown names of a sheet whose starts a finding shows
_SHAPES = 3


def count_dossiers(lists: Sequence[DossierList], period: Period, index: UnitIndex) -> CountReading:
    """The counts of all lists of the period. A dossier in several lists counts once."""
    if not lists:
        return CountReading()
    frame = pd.concat([lst.frame.assign(has_channel=lst.has_channel) for lst in lists], ignore_index=True)
    units = {name: index.resolve(name) for name in frame["unit"].unique()}
    of_units = _unit_findings(frame, units, index)
    frame = frame.assign(unit_id=frame["unit"].map({n: r.unit_id for n, r in units.items()}).astype("str"))
    frame = frame.loc[frame["unit_id"] != ""].reset_index(drop=True)
    of_codes = _repeated_codes(frame, index)
    frame = frame.drop_duplicates("code").reset_index(drop=True)
    masks = measure_masks(frame, np.datetime64(period.start), np.datetime64(period.end))
    blocks = _blocks(frame, masks)
    places = {block.units[0]: [block.places[0]] for block in blocks}
    findings = (*of_units, *of_codes, *_problems(frame, masks, index))
    return CountReading(tuple(blocks), places, findings)


def listed_units(found: DossierList, index: UnitIndex) -> dict[str, list[Place]]:
    """unit_id -> the place of its first dossier in a list, whatever its dates."""
    firsts = found.frame.drop_duplicates("unit")
    units = [index.resolve(name).unit_id for name in firsts["unit"]]
    rows = zip(units, range(len(firsts)), strict=True)
    return {unit: [_place(firsts.iloc[i])] for unit, i in rows if unit}


def measure_masks(frame: pd.DataFrame, start: np.datetime64, end: np.datetime64) -> dict[str, pd.Series]:
    """Measure -> which dossiers it counts (bool, the index of `frame`); `scope`: all dossiers of the period.

    The period is [start, end]. A dossier that ends after it is pending at its end. `frame`: received, due, finished,
    meaning (of the status), way (of reception).
    """
    received, due, finished, meaning = frame["received"], frame["due"], frame["finished"], frame["meaning"]
    ended = finished.notna() & (finished <= end)
    withdrawn = meaning == "withdrawn"
    in_period = (received >= start) & (received <= end)
    # a withdrawn dossier without a date has certainly ended in the period only if it came in during the period
    ended |= withdrawn & finished.isna() & in_period
    counted = ~meaning.isin(NOT_COUNTED)
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


def _unit_findings(frame: pd.DataFrame, units: Mapping[str, Resolution], index: UnitIndex) -> list[Finding]:
    """A finding for each name that means no unit of the period; its dossiers are not counted.

    Of a name with a word that is neither in the registry nor in the vocabulary only the start is shown, and such names
    of a sheet that are near none of the registry share one finding.
    """
    findings = []
    lexicon = index.lexicon
    firsts, sizes = frame.drop_duplicates("unit").set_index("unit"), frame["unit"].value_counts()
    withheld = []
    for name, unit in units.items():
        if unit.unit_id:
            continue
        place = _place(cast(pd.Series, firsts.loc[name]))
        if unit.ignored:
            findings.append(place.finding("row_ignored", found=name))
        elif unit.candidates:
            names = ", ".join(f"{index.names[c]} ({c})" for c in unit.candidates)
            findings.append(place.finding("unit_ambiguous", found=name, expected=names))
        elif unit.outside:
            findings.append(place.finding("unit_not_in_period", found=name, expected=str(index.period)))
        elif name and not lexicon.knows(name) and not unit.near:
            withheld.append(name)
        else:
            similar = f" Gần nhất trong danh mục: {', '.join(unit.near)}." if unit.near else ""
            near = f" ({vn_int(int(sizes[name]))} hồ sơ.)" + similar
            found = lexicon.shown(name) if name else "(ô đơn vị để trống)"
            findings.append(place.finding("unit_unknown", found=found, expected="; ".join(unit.near), near=near))
    for (file, sheet), rows in frame.loc[frame["unit"].isin(withheld)].groupby(["file", "sheet"], sort=False):
        near = f" ({vn_int(len(rows))} hồ sơ, {vn_int(rows['unit'].nunique())} cách viết.)"
        shown = dict.fromkeys(map(lexicon.shown, rows["unit"].drop_duplicates().head(_SHAPES)))
        place = Place(str(file), str(sheet), f"dòng {_row_numbers(rows)}")
        findings.append(place.finding("unit_unknown", found=", ".join(shown), near=near))
    return findings


def _repeated_codes(frame: pd.DataFrame, index: UnitIndex) -> list[Finding]:
    """Findings for codes in several rows: one for all, and one for each unit whose rows of one code differ."""
    repeated = frame.loc[frame.duplicated("code", keep=False)]
    if repeated.empty:
        return []
    findings = []
    distinct = repeated.drop_duplicates(["code", "unit_id", "received", "due", "finished", "status"])
    conflicts = distinct.loc[distinct.duplicated("code", keep=False)]
    for key, rows in conflicts.groupby("unit_id", sort=False):
        unit_id = str(key)
        facts: dict[str, Any] = {
            "row": index.names[unit_id],
            "codes": _listed(rows["code"].drop_duplicates().map(shown_code)),
        }
        found = vn_int(rows["code"].nunique())
        place = _place(rows.iloc[0])
        findings.append(place.finding("list_conflict", unit_id, found=found, expected="một lần", **facts))
    extra = vn_int(len(frame) - frame["code"].nunique())
    place = _place(repeated.iloc[0])
    return [*findings, place.finding("list_repeated", found=extra, expected="mỗi mã một lần")]


def _problems(frame: pd.DataFrame, masks: Mapping[str, pd.Series], index: UnitIndex) -> list[Finding]:
    """Findings for dossiers that the dates alone do not decide, one for each unit and sheet."""
    scope = masks["scope"]
    ended = frame["meaning"].isin(["done", "withdrawn"]) & frame["finished"].isna()
    ended &= ~((frame["meaning"] == "withdrawn") & masks["received_in_period"])
    left = frame["meaning"].isin(NOT_COUNTED)
    unread = scope & (frame["meaning"] == "") & (frame["status"] != "")
    no_due = scope & frame["due"].isna() & ~frame["bad_date"]
    findings = []
    lexicon = index.lexicon
    for code, mask in (
        ("list_bad_date", (frame["bad_date"] | frame["received"].isna()) & ~left & ~frame["shown_otherwise"]),
        ("list_done_without_date", ended & ~frame["bad_date"] & (scope | frame["received"].isna())),
        ("list_shown_otherwise", frame["shown_otherwise"] & ~left),
        ("layout_open_unit", unread),
        ("list_without_due", no_due),
        ("list_channel_unknown", masks["received_in_period"] & frame["has_channel"] & (frame["way"] == "")),
    ):
        for (unit_id, file, sheet), rows in frame.loc[mask].groupby(["unit_id", "file", "sheet"], sort=False):
            place = Place(str(file), str(sheet), f"dòng {_row_numbers(rows)}")
            facts: dict[str, Any] = {
                "row": index.names[str(unit_id)],
                "what": "trạng thái",
                "statuses": _statuses(rows, lexicon),
            }
            findings.append(place.finding(code, str(unit_id), found=vn_int(len(rows)), **facts))
    return [*findings, *_date_findings(frame, index)]


def _date_findings(frame: pd.DataFrame, index: UnitIndex) -> Iterator[Finding]:
    """Findings for dates that cannot or hardly can be right, one for each unit, sheet and kind."""
    doubted = frame.loc[frame["doubt"] != ""]
    for (unit_id, file, sheet, kind), rows in doubted.groupby(["unit_id", "file", "sheet", "doubt"], sort=False):
        place = Place(str(file), str(sheet), f"dòng {_row_numbers(rows)}")
        facts: dict[str, Any] = {"row": index.names[str(unit_id)], "what": {**IMPOSSIBLE, **DOUBTFUL}[str(kind)]}
        answered = next((state for state in rows["doubt_state"] if state), "")
        facts["state"] = f" Văn phòng đã chọn chờ đơn vị sửa ({answered})." if answered else ""
        code = "list_date_impossible" if kind in IMPOSSIBLE else "list_date_doubtful"
        yield place.finding(code, str(unit_id), found=vn_int(len(rows)), **facts)


def _blocks(frame: pd.DataFrame, masks: Mapping[str, pd.Series]) -> list[CountBlock]:
    """The counts of each unit in each sheet: a block of one line. All lines of a unit have the place of its first."""
    keys = [frame["unit_id"], frame["file"], frame["sheet"]]
    counted = {m: mask.groupby(keys, sort=False).sum() for m, mask in masks.items() if m != "scope"}
    sizes = frame.groupby(["unit_id", "file", "sheet"], sort=False).size()
    # counts by channel are known for a unit whose received dossiers all have a known channel
    has_way = frame["has_channel"] & ((frame["way"] != "") | ~masks["received_in_period"])
    channels_known = has_way.groupby(frame["unit_id"]).all()
    places: dict[str, Place] = {}
    blocks = []
    for key, size in sizes.items():
        unit_id, file, sheet = cast(tuple[str, str, str], key)
        cell = f"{size} dòng"
        place = places.setdefault(unit_id, Place(file, sheet, cell))
        measures = [m for m in counted if channels_known[unit_id] or m not in {"received_online", "received_direct"}]
        values = np.array([[int(counted[m][unit_id, file, sheet]) for m in measures]], dtype=np.int64)
        everything = np.ones(values.shape, dtype=np.bool_)
        no_letters = [""] * len(measures)
        blocks.append(CountBlock(file, sheet, measures, [unit_id], [place], no_letters, [cell], values, everything))
    return blocks


def _place(dossier: pd.Series) -> Place:
    """The place of one dossier, given by its row of the frame."""
    return Place(str(dossier["file"]), str(dossier["sheet"]), f"dòng {dossier['row']}")


def _row_numbers(dossiers: pd.DataFrame) -> str:
    rows = dossiers["row"]
    return ", ".join(map(str, rows.head(_EXAMPLES))) + (", …" if len(rows) > _EXAMPLES else "")


def _statuses(dossiers: pd.DataFrame, lexicon: Lexicon) -> str:
    """Examples of their statuses, as they may be shown."""
    return _listed(dossiers["status"].drop_duplicates().map(lexicon.shown))


def _listed(shown: Iterable[ShownText]) -> str:
    distinct = list(dict.fromkeys(shown))
    return ", ".join(distinct[:_EXAMPLES]) + (", …" if len(distinct) > _EXAMPLES else "")
