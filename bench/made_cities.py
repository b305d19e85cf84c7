"""Makes a quarter of a random city: the files as bytes, and what they state.

One seed decides everything. The counts of a unit hold together; some units have no dossiers, nothing resolved, or no
row. Many numbers lie at a threshold of the law or next to one. Some answers of the supplement are blank, some counts
are mended by a declared correction, some levels have a row of their own.
"""

from __future__ import annotations

import datetime as dt
import html
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests/support")]

from offices import export_bytes  # noqa: E402
from workbooks import saved  # noqa: E402

from pipeline.load.forms.analyst_forms import form_workbooks  # noqa: E402
from pipeline.load.forms.fill_form import fill_form  # noqa: E402
from pipeline.periods import Period  # noqa: E402
from pipeline.registry import UnitIndex  # noqa: E402
from pipeline.registry_file import read_registry  # noqa: E402
from pipeline.rulebooks import installed  # noqa: E402
from schemas.measures import COUNT_NAMES, DISCLOSURE_NAMES  # noqa: E402

PERIOD = Period(2022, 1)
#: the columns of II.06a, in the order of the form
COLUMNS = (
    "received_total", "received_online", "received_direct", "carried_over",
    "resolved_total", "resolved_early", "resolved_on_time", "resolved_late",
    "pending_total", "pending_in_time", "pending_overdue",
)  # fmt: skip
FLAT = (
    "STT", "Đơn vị", "Tổng số hồ sơ tiếp nhận", "Tiếp nhận trực tuyến", "Tiếp nhận trực tiếp, dịch vụ bưu chính",
    "Tiếp nhận từ kỳ trước", "Tổng số đã giải quyết", "Đã giải quyết trước hạn", "Đã giải quyết đúng hạn",
    "Đã giải quyết quá hạn", "Tổng số đang giải quyết", "Đang giải quyết trong hạn", "Đang giải quyết quá hạn",
)  # fmt: skip
CONTACTS = ("contacted_never", "contacted_once", "contacted_more")
AGENCIES = ("agencies_none", "agencies_one", "agencies_more")
Counts = dict[str, int]


@dataclass
class Office:
    """A unit, or a level itself: what its files state after corrections. No `counts`: no file has a row of it."""

    id: str
    name: str
    level: str
    counts: Counts = field(default_factory=dict)
    supplement: dict[str, int | str] = field(default_factory=dict)  # what is not blank


@dataclass
class Officer:
    """A row of Biểu mẫu 01. No `score`: that of the unit."""

    name: str
    unit: str
    score: str = ""


@dataclass
class City:
    """A quarter: files (name -> bytes), registry, and what they state."""

    seed: int
    levels: list[Office]
    units: list[Office]
    officers: list[Officer]
    files: dict[str, bytes] = field(default_factory=dict)
    registry: bytes = b""


def made_city(seed: int, size: int | None = None, ending: str = "", note: str = "") -> City:
    """The city of a seed. `size`: units a level, else few; `ending`: of names; `note`: beside answers."""
    rng = random.Random(seed)
    levels = [Office("huyen", "Cấp huyện", "huyen"), Office("xa", "Cấp xã", "xa")]
    kinds = (("huyen", "phong", "Phòng"), ("xa", "xa", "Xã"))
    units = [
        Office(f"{i}-{n}", f"{name} Số {n}{ending}", lv)
        for lv, i, name in kinds
        for n in range(1, size + 1 if size else rng.randint(2, 6))
    ]
    for unit in units:
        unit.counts = _counts(rng, rng.choice(["none", "none", "open", *["edge"] * 9, *["any"] * 9]))
    if rng.random() < 0.2:
        rng.choice(units).counts = {}
    for level in levels:
        mine = [u.counts for u in units if u.level == level.id and u.counts]
        added = _with_totals({m: sum(c[m] for c in mine) for m in COLUMNS})
        if added["received_total"] and rng.random() < 0.5:
            added = level.counts = _with_totals(
                added | {"resolved_early": added["resolved_early"] + rng.choice([0, 0, 3])}
            )
        if added["received_total"]:
            level.supplement = _supplement(rng, added, rarely=True)
    for unit in units:
        if unit.counts.get("received_total"):
            unit.supplement = _supplement(rng, unit.counts, rarely=False)
    officers = [Officer(f"Công chức {i}", u.id, rng.choice(["", "4,99", "5", "3,5"])) for i, u in enumerate(units, 1)]
    city = City(seed, levels, units, officers, registry=_registry(levels, units))
    stated = {o.id: dict(o.counts) for o in (*levels, *units) if o.counts}
    corrections = [c for u in units if u.counts and rng.random() < 0.2 for c in _misstate(rng, u, stated[u.id])]
    city.files = _exports(rng, city, stated) | _forms(city, corrections, note)
    return city


# --- numbers ----------------------------------------------------------------------------------------------------------


def _with_totals(parts: Counts) -> Counts:
    """The counts with totals that are the sums of their parts; what is not pending has come in directly."""
    resolved = parts["resolved_early"] + parts["resolved_on_time"] + parts["resolved_late"]
    pending = parts["pending_in_time"] + parts["pending_overdue"]
    direct = resolved + pending - parts["received_online"] - parts["carried_over"]
    totals = {"received_total": resolved + pending, "resolved_total": resolved, "pending_total": pending}
    return {**parts, **totals, "received_direct": direct}


def _near(rng: random.Random, whole: int, *percents: int) -> int:
    """A part of a whole: at one of the shares, one below it, or any."""
    at = -(-whole * rng.choice(percents) // 100)
    return max(0, min(whole, rng.choice([at, at, at - 1, rng.randint(0, whole)])))


def _counts(rng: random.Random, kind: str) -> Counts:
    big = {"none": 0, "open": 0, "edge": rng.choice([20, 40, 200, 400, 1000]), "any": rng.choice([1, 3, 40, 900, 9000])}
    resolved = big[kind] if kind == "edge" else rng.randint(min(1, big[kind]), big[kind])
    late = rng.choice([0, 0, 0, 1, rng.randint(0, resolved)]) if resolved else 0
    on_time = min(resolved - late, rng.choice([0, 1, rng.randint(0, resolved)]))
    open_ones = 0 if kind == "none" else rng.choice([0, resolved, rng.randint(0, 9)]) + (kind == "open")
    overdue = rng.choice([0, 0, 0, rng.randint(0, open_ones)])
    received = resolved + open_ones
    online = _near(rng, received, 0, 15, 30, 100)
    parts = {"resolved_early": resolved - late - on_time, "resolved_on_time": on_time, "resolved_late": late}
    parts |= {"pending_in_time": open_ones - overdue, "pending_overdue": overdue, "received_online": online}
    return _with_totals(parts | {"carried_over": rng.randint(0, received - online) // 3})


def _supplement(rng: random.Random, counts: Counts, *, rarely: bool) -> dict[str, int | str]:
    """The answers of an office; blank ones are left out. `rarely`: most groups of answers are blank."""
    groups: list[dict[str, int | str]] = []
    resolved = counts["resolved_total"]
    for names in (CONTACTS, AGENCIES):
        once = min(resolved, rng.choice([0, 1, counts["resolved_late"], rng.randint(0, resolved)]))
        more = rng.choice([0, 0, rng.randint(0, resolved - once)])
        groups.append(dict(zip(names, (resolved - once - more, once, more), strict=True)))
    bands = ("early", "on_time", "late")
    groups.append({f"complaints_{b}": rng.choice([0, 0, _near(rng, counts[f"resolved_{b}"], 5)]) for b in bands})
    total = rng.choice([0, 5, 10, 20, 50, 100, 157, 298])
    exempt = rng.choice([0, 0, total // 5, total])
    desk, appraised = (_near(rng, total - exempt, 100, *near) for near in ((90, 99), (50, 50)))
    online = _near(rng, total, 20, 0)
    level3 = rng.randint(0, online)
    groups.append(
        {"procedures_total": total, "procedures_at_desk": desk, "procedures_appraised_at_desk": appraised,
         "procedures_exempt": exempt, "procedures_online": online, "procedures_level3": level3}
    )  # fmt: skip
    groups.append({"disclosure": rng.choice(list(DISCLOSURE_NAMES))})
    petitions = rng.choice([0, 0, 1, 10, 20, 1000])
    on_time = _near(rng, petitions, 90, 100)
    prolonged = rng.choice([0, 0, petitions - on_time])
    groups.append({"petitions_received": petitions, "petitions_on_time": on_time, "petitions_prolonged": prolonged})
    came_online = rng.choice([counts["received_online"], rng.randint(0, counts["received_online"])])
    whole = came_online + rng.randint(0, counts["received_total"] - came_online)
    late = rng.choice([0, 0, min(whole, counts["resolved_late"] + counts["pending_overdue"])])
    groups.append({"eligible_received": whole, "eligible_online": came_online})
    groups.append({"eligible_late": late, "eligible_unresolved": rng.choice([0, 0, 0, came_online // 9])})
    answers: dict[str, int | str] = {}
    for group in groups:
        if rng.random() < (0.3 if rarely else 0.8):
            # one of the eligible dossiers without the other answers nothing; of contacts only a 0 can be left out
            pair, contacts = "eligible_received" in group, bool({CONTACTS[0], AGENCIES[0]} & set(group))
            answers |= {k: v for k, v in group.items() if pair or (contacts and v) or rng.random() < 0.9}
    if not {"procedures_online", "procedures_level3"} <= set(answers):
        answers = {k: v for k, v in answers.items() if k not in ("procedures_online", "procedures_level3")}
    if "petitions_received" not in answers:
        answers = {k: v for k, v in answers.items() if not k.startswith("petitions")}
    return answers


def _misstate(rng: random.Random, unit: Office, stated: Counts) -> list[dict[str, Any]]:
    """Change what the export states of a unit. Returns the corrections that mend it."""
    early, other = "resolved_early", rng.choice(["resolved_late", "received_direct"])
    moved = min(stated[early], rng.randint(1, 9))
    if not moved:
        return []
    stated[early] -= moved
    stated[other] += moved if other == "resolved_late" else -min(moved, stated[other])
    if other == "received_direct":  # fewer came in and fewer were resolved
        moved = unit.counts[other] - stated[other]
        stated[early] = unit.counts[early] - moved
        stated["received_total"] -= moved
        stated["resolved_total"] -= moved
        if not moved:
            return []
    who = {"reason": "Đếm lại", "approver": "Công chức 1", "approved_on": dt.date(2022, 3, 16)}

    def row(measure: str) -> dict[str, Any]:
        numbers = {"expected": stated[measure], "value": unit.counts[measure]}
        return {"unit": unit.name, "measure": COUNT_NAMES[measure], **numbers, **who}

    return (
        [row(early) | {"counter_measure": COUNT_NAMES[other]}] if other == "resolved_late" else [row(early), row(other)]
    )


# --- files ------------------------------------------------------------------------------------------------------------


def _registry(levels: Sequence[Office], units: Sequence[Office]) -> bytes:
    lines = ["unit_id,name,kind,level,parent,aliases,valid_from,valid_to,successor,note"]
    lines += [f"{o.id},{o.name},level,{o.level},,,,,," for o in levels]
    return "\n".join([*lines, *(f"{o.id},{o.name},unit,{o.level},,,,,," for o in units)]).encode()


def _exports(rng: random.Random, city: City, stated: dict[str, Counts]) -> dict[str, bytes]:
    """One to three files of each level's units, and one of the levels that have a row of their own."""
    parts: list[tuple[list[Office], bool]] = [([o for o in city.levels if o.counts], False)]
    for level in city.levels:
        mine = [u for u in city.units if u.level == level.id and u.counts]
        rng.shuffle(mine)
        cut = rng.randint(0, len(mine))
        parts += [(mine[:cut], rng.random() < 0.5), (mine[cut:], rng.random() < 0.5)]
    files = {}
    for number, (offices, total) in enumerate(parts):
        rows = [[i, o.name, *(stated[o.id][m] for m in COLUMNS)] for i, o in enumerate(offices, 1)]
        if total:
            rows.append([None, "Tổng số", *(sum(int(r[c]) for r in rows) for c in range(2, len(FLAT)))])
        kind = rng.choice(["xlsx", "csv", "xls"])
        if offices:
            files[f"so-lieu-{number}.{kind}"] = _export(rng, kind, rows)
    return files


def _export(rng: random.Random, kind: str, rows: list[list[Any]]) -> bytes:
    if kind == "xlsx":
        return export_bytes(rows)
    grouped = rng.random() < 0.5

    def shown(value: Any) -> str:
        number = isinstance(value, int) and grouped
        return "" if value is None else f"{value:,}".replace(",", ".") if number else str(value)

    body = [[shown(v) for v in r] for r in rows]
    if kind == "csv":
        return "\r\n".join(";".join(f'"{v}"' for v in r) for r in [FLAT, *body]).encode(
            rng.choice(["utf-8-sig", "utf-16"])
        )
    cells = ("".join(f"<td>{html.escape(v)}</td>" for v in r) for r in [FLAT, *body])
    return f"<html><body><table border=1>{''.join(f'<tr>{c}</tr>' for c in cells)}</table></body></html>".encode()


def _forms(city: City, corrections: Sequence[dict[str, Any]], note: str) -> dict[str, bytes]:
    """The supplement and the corrections, as an analyst fills them in."""
    books = form_workbooks(PERIOD, UnitIndex(read_registry(city.registry), PERIOD), installed())
    remark = {"note": note} if note else {}
    rows = [{"unit": o.name, **_written(o.supplement), **remark} for o in (*city.levels, *city.units) if o.supplement]
    fill_form(books["bo-sung.xlsx"], "BS-01", rows)
    names = {u.id: u.name for u in city.units}
    staff = [
        {"officer": o.name, "unit": names[o.unit], **({"score": o.score} if o.score else {})} for o in city.officers
    ]
    fill_form(books["bo-sung.xlsx"], "BS-03", staff)
    fill_form(books["dieu-chinh.xlsx"], "DC-01", corrections)
    late = [("resolved_late", "Đã giải quyết quá hạn"), ("pending_overdue", "Đang giải quyết quá hạn")]
    reasons = [
        {"unit": u.name, "measure": label, "reason": "khác", "count": u.counts[measure], "detail": note}
        for u in city.units
        for measure, label in late
        if note and u.counts.get(measure)
    ]
    fill_form(books["giai-trinh.xlsx"], "GT-01", reasons)
    return {n: saved(books[n]) for n in ("bo-sung.xlsx", "dieu-chinh.xlsx", *(["giai-trinh.xlsx"] if reasons else []))}


def _written(answers: dict[str, int | str]) -> dict[str, int | str]:
    """The answers by the columns of the form, which asks for procedures online in two parts."""
    cells = dict(answers)
    if "procedures_online" in cells:
        cells["procedures_level4"] = int(cells.pop("procedures_online")) - int(cells["procedures_level3"])
    if "disclosure" in cells:
        cells["disclosure"] = DISCLOSURE_NAMES[str(cells["disclosure"])]
    return cells
