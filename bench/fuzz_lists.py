"""Dossier lists to damage, the counts that a damaged list states, and the comparison of read and stated counts."""

from __future__ import annotations

import datetime as dt
import io
import random
import re
from typing import Any

import openpyxl
from offices import REGISTRY

from pipeline.periods import Period
from pipeline.registry import UnitIndex, read_registry

PERIOD = Period(2022, 1)
INDEX = UnitIndex(read_registry(REGISTRY.encode()), PERIOD)
PARTS = ("resolved_early", "resolved_on_time", "resolved_late", "pending_in_time", "pending_overdue")
Rows = list[list[Any]]
LIST_HEADER = [
    "Số hồ sơ",
    "Phòng ban",
    "Ngày tiếp nhận",
    "Ngày hẹn trả",
    "Ngày kết thúc xử lý",
    "Chủ hồ sơ",
    "Trạng thái hồ sơ",
]
LIST_UNITS = ("Phòng A", "Phòng B", "Xã D")


def dossier_list(rng: random.Random) -> bytes:
    """Thirty dossiers of three units, dated around the first quarter of 2022."""
    book = openpyxl.Workbook()
    book.active.append(LIST_HEADER)
    for i in range(30):
        received = dt.date(2021, 11, 20) + dt.timedelta(days=rng.randrange(100))
        due = received + dt.timedelta(days=rng.randrange(1, 20))
        done = received + dt.timedelta(days=rng.randrange(25)) if rng.random() < 0.8 else None
        written = [f"{d:%d/%m/%Y}" if d else None for d in (received, due, done)]
        status = "Đã trả kết quả" if done else "Đang xử lý"
        book.active.append([f"H18-{i:04d}", rng.choice(LIST_UNITS), *written, "Công dân", status])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def differences(got: dict[str, dict[str, int]], stated: dict[str, dict[str, int]]) -> list[str]:
    """Read numbers that differ from the stated ones, and stated numbers that were not read, as texts.

    `got`, `stated`: unit -> measure -> number.
    """
    wrong = []
    for unit, measures in got.items():
        row = stated.get(unit)
        if row is None:
            wrong.append(f"{unit}: no such row")
            continue
        wrong += [f"{unit} {m}: nothing read, {row[m]} stated" for m in PARTS if m not in measures and row.get(m)]
        wrong += [f"{unit} {m}: {v} read, {row[m]} stated" for m, v in measures.items() if m in row and v != row[m]]
    return wrong


def _day(value: Any) -> dt.date | str | None:
    if value is None or str(value).strip() in {"", "-"}:
        return None
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, int | float) and 40179 <= value <= 51501 and not isinstance(value, bool):
        return dt.date(1899, 12, 30) + dt.timedelta(days=int(value))
    match = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", str(value).strip())
    try:
        return dt.date(int(match[3]), int(match[2]), int(match[1])) if match else "?"
    except ValueError:
        return "?"


def of_list(rows: Rows, got: dict[str, dict[str, int]]) -> tuple[str, list[str], dict[str, dict[str, int]]]:
    """(how reading ended, what was accepted wrongly, unit -> measure -> number that the rows state)."""
    heads = [i for i, r in enumerate(rows) if [str(v) for v in r[: len(LIST_HEADER)]] == LIST_HEADER]
    if not heads:
        return "relabelled", [], {}
    stated: dict[str, dict[str, int]] = {}
    impossible: set[str] = set()
    codes: dict[str, list[Any]] = {}
    for row in rows[heads[0] + 1 :]:
        code, name, *days = row[:5]
        status = row[6] if len(row) > 6 else None
        received, due, done = (_day(v) for v in days)
        unit = INDEX.resolve(str(name or "")).unit_id
        if not code or (received, due, done) == (None, None, None) or not unit:
            continue
        counts = stated.setdefault(unit, dict.fromkeys((*PARTS, "received_total"), 0))
        known = codes.setdefault(str(code).strip(), row)
        if known is not row:
            if known[1:5] != row[1:5]:
                impossible |= {unit, INDEX.resolve(str(known[1] or "")).unit_id}
            continue
        if (
            "?" in (received, due, done)
            or received is None
            or (done and done < received)
            or (status == "Đã trả kết quả" and not done)
        ):
            impossible.add(unit)
            continue
        _count(counts, received, due, done)
    wrong = [f"{u}: accepted, but a dossier of it cannot be" for u in got if u in impossible]
    sound = {u: m for u, m in got.items() if u not in impossible}
    return "accepted", wrong + differences(sound, stated), stated


def _count(counts: dict[str, int], received: Any, due: Any, done: Any) -> None:
    start, end = PERIOD.start, PERIOD.end
    if received > end or (received < start and done and done < start):
        return
    counts["received_total"] += 1
    if done and done <= end:
        part = "on_time" if due is None or done == due else "early" if done < due else "late"
        counts[f"resolved_{part}"] += 1
    else:
        counts["pending_overdue" if due and due < end else "pending_in_time"] += 1
