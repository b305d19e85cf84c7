"""The valid files to damage, and an independent reader that finds what a damaged file states."""

from __future__ import annotations

import csv
import io
import random
import re
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
from fuzz_lists import INDEX, PARTS, PERIOD, Rows, differences, dossier_list, of_list
from lxml import html
from random_exports import columns_of, make, truth_of

from pipeline.periods import Period
from pipeline.registry import UnitIndex, read_registry

ROOT = Path(__file__).parents[1]
SAMPLE = UnitIndex(read_registry((ROOT / "data/reference/units.csv").read_bytes()), PERIOD)
Taken = tuple[str, str, str, int]  # unit, sheet, cell, number read there


@dataclass(frozen=True)
class Source:
    """A valid file. `measures`: those of its count columns from the third on (exports only)."""

    kind: str  # export | list | form
    name: str
    data: bytes
    index: UnitIndex = INDEX
    period: Period = PERIOD
    measures: tuple[str, ...] = ()
    counts: dict[str, dict[str, int]] = field(default_factory=dict)


def source(rng: random.Random, number: int) -> Source:
    """A random export (75 %), a dossier list or one of the sample's files."""
    draw = rng.random()
    if draw < 0.75:
        export, again = make(number), random.Random(number)
        counts = truth_of(again)
        columns, _ = columns_of(again)
        return Source("export", export.name, export.data, measures=tuple(c[1] for c in columns), counts=counts)
    if draw < 0.87:
        return Source("list", f"danh-sach-{number}.xlsx", dossier_list(rng))
    path = rng.choice(sorted((ROOT / "data/raw/2022-Q1").iterdir()))
    return Source("form", path.name, path.read_bytes(), SAMPLE)


# --- what a damaged file states ------------------------------------------------------------------------------------


def rows_of(name: str, data: bytes) -> Rows | None:
    """The cells of the first table, read without the project's code; None if this reader cannot read the file."""
    warnings.simplefilter("ignore")
    try:
        if data[:2] == b"PK":
            sheet = openpyxl.load_workbook(io.BytesIO(data), data_only=True).worksheets[0]
            return [[c.value for c in row] for row in sheet.iter_rows()]
        if name.endswith("html"):
            tree = html.fromstring(data.decode("utf-8-sig"))
            return [[td.text_content().strip() for td in tr.iter("td", "th")] for tr in tree.iter("tr")]
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
        delimiter = "\t" if text.count("\t") > text.count(";") else ";"
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except Exception:
        return None


def number(value: Any) -> int | None:
    """The count in a cell: 0 for a blank, None for anything else that is no count."""
    if value is None or (isinstance(value, str) and value.strip() in {"", "-", "–"}):
        return 0
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return int(value) if value >= 0 and float(value).is_integer() else None
    text = str(value).strip()
    if re.fullmatch(r"[0-9]+|[0-9]{1,3}([.,  ][0-9]{3})+", text):
        return int(re.sub(r"[^0-9]", "", text))
    return None


def verdict(src: Source, data: bytes, got: dict[str, dict[str, int]], cells: list[Taken]) -> tuple[str, list[str]]:
    """(how reading ended, accepted numbers that the file does not state). `got`: unit -> measure -> number."""
    if not got and not cells:
        return "refused", []
    if src.kind == "form":
        return _cell_by_cell(src.data, data, cells)
    before, after = rows_of(src.name, src.data), rows_of(src.name, data)
    if after is None or before is None:
        return "unread by the other reader", differences(got, src.counts) if src.kind == "export" else []
    if src.kind == "list":
        # a value that equals the one before the damage is right, whatever the independent reader finds
        was = of_list(before, {})[2]
        outcome, wrong, _ = of_list(after, {u: m for u, m in got.items() if differences({u: m}, was)})
        return outcome, wrong
    return _of_export(src, before, after, got)


def _head_and_body(rows: Rows) -> tuple[Rows, Rows]:
    first = next((i for i, r in enumerate(rows) if r and str(r[0]).strip() in {"1", "1.0"} and len(r) > 3), len(rows))
    while (
        first
        and all(re.fullmatch(r"\(?\d+\)?", str(v).strip()) for v in rows[first - 1] if v not in (None, ""))
        and any(rows[first - 1])
    ):
        first -= 1
    return rows[:first], rows[first:]


def _shown(rows: Rows) -> list[list[str]]:
    texts = [["" if v is None else str(v).strip() for v in r] for r in rows]
    return [r for r in ([*r] for r in texts) if any(r)]


def _of_export(src: Source, before: Rows, after: Rows, got: dict[str, dict[str, int]]) -> tuple[str, list[str]]:
    head, body = _head_and_body(after)
    was, _ = _head_and_body(before)
    if _shown(head) != _shown(was) or [len(r) for r in _shown(head)] != [len(r) for r in _shown(was)]:
        return "relabelled", differences(got, src.counts)
    stated: dict[str, dict[str, int]] = {}
    impossible: set[str] = set()
    rows = []
    for row in body:
        name = str(row[1]) if len(row) > 1 and row[1] is not None else ""
        unit = INDEX.resolve(name).unit_id
        values = [number(v) for v in row[2 : 2 + len(src.measures)]]
        values += [0] * (len(src.measures) - len(values))
        sums: dict[str, int] = {}
        for measure, value in zip(src.measures, values, strict=True):
            if measure in {"%", "note"}:
                continue
            if value is None:
                impossible.add(unit)
            sums[measure] = sums.get(measure, 0) + (value or 0)
        if unit:
            if unit in stated and stated[unit] != sums:
                impossible.add(unit)
            stated[unit] = sums
            if not holds(sums):
                impossible.add(unit)
            rows.append(values)
    changed = {u: m for u, m in got.items() if differences({u: m}, src.counts)}
    wrong = differences(changed, stated)
    wrong += [f"{u}: accepted, but its row contradicts itself" for u in changed if u in impossible]
    return "accepted", wrong


def holds(m: dict[str, int]) -> bool:
    """Whether the identities of one row hold, as far as its columns state them."""
    received = m.get("received_online", 0) + m.get("received_direct", 0)
    received = m.get("received_in_period", received) + m.get("carried_over", 0)
    resolved, pending = (sum(m[p] for p in PARTS if p.startswith(g) and p in m) for g in ("resolved", "pending"))
    totals = (("received_total", received), ("resolved_total", resolved), ("pending_total", pending))
    return all(m.get(t, parts) == parts for t, parts in totals) and received == resolved + pending


# --- the sample's files: each value from the cell of its source -----------------------------------------------------


def _cell_by_cell(before: bytes, data: bytes, cells: list[Taken]) -> tuple[str, list[str]]:
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    except Exception:
        return "unread by the other reader", []
    undamaged = openpyxl.load_workbook(io.BytesIO(before), data_only=True)
    wrong = []
    for unit, sheet, cell, value in cells:
        shown = book[sheet][cell].value if sheet in book.sheetnames else "(no such sheet)"
        was = undamaged[sheet][cell].value if sheet in undamaged.sheetnames else None
        if value not in {number(shown), number(was)}:
            wrong.append(f"{unit} {sheet}!{cell}: {value} read, {shown!r} stated")
    return "accepted", wrong
