"""Exports in random layouts, made from true counts: what is read from them must be the truth, or refused.

One `random.Random(seed)` decides everything, so a failing file can be made again from its seed.
"""

import random
import unicodedata
from dataclasses import dataclass
from html import escape
from typing import Any

import openpyxl
from offices import write_header
from workbooks import saved

UNITS = {
    "phong-a": ["Phòng A", "P. A", "PHÒNG A", "- Phòng A", "Phòng  A "],
    "phong-b": ["Phòng B", "phòng B", " Phòng B"],
    "phong-c": ["Phòng C", "PHÒNG C"],
    "xa-d": ["Xã D", "UBND xã D", "XÃ D", "Ủy ban nhân dân xã D"],
    "xa-e": ["Xã Đông Ê", "UBND Xã Đông Ê", "X. Đông Ê", "xã đông ê"],
}
BANDS = {
    "received": ["Tiếp nhận", "Số hồ sơ tiếp nhận", "Hồ sơ tiếp nhận", "TIẾP NHẬN", "Tổng hợp tiếp nhận"],
    "resolved": ["Đã giải quyết", "Số lượng hồ sơ đã giải quyết", "Đã xử lý", "Hồ sơ đã giải quyết", "ĐÃ XỬ LÝ"],
    "pending": [
        "Đang giải quyết",
        "Số lượng hồ sơ đang giải quyết",
        "Đang xử lý",
        "Chưa xử lý",
        "Hồ sơ chưa giải quyết",
    ],
}
LEAVES = {
    "total": ["Tổng số", "Tổng", "Tổng cộng", "TỔNG SỐ", "Tổng số hồ sơ"],
    "online": ["Trực tuyến", "Qua mạng", "DVC trực tuyến", "Dịch vụ công trực tuyến"],
    "direct": ["Trực tiếp", "Trực tiếp, dịch vụ bưu chính", "Trực tiếp và bưu chính"],
    "carried": ["Kỳ trước", "Từ kỳ trước", "Kỳ trước chuyển qua", "Tồn kỳ trước", "ký trước chuyển qua"],
    "in_period": ["Trong kỳ", "Tiếp nhận trong kỳ", "Mới tiếp nhận"],
    "early": ["Trước hạn", "Sớm hạn", "Sớm"],
    "on_time": ["Đúng hạn", "Đúng", "Đúng hạn (Bao gồm cả hồ sơ chờ Bổ sung và Trả lại / Xin rút)"],
    "late": ["Quá hạn", "Trễ hạn", "Trễ"],
    "in_time": ["Trong hạn", "Chưa đến hạn"],
    "overdue": ["Quá hạn", "Đã quá hạn"],
}
#: true measure of each leaf of a band
MEASURES = {
    ("received", "total"): "received_total",
    ("received", "online"): "received_online",
    ("received", "direct"): "received_direct",
    ("received", "carried"): "carried_over",
    ("received", "in_period"): "received_in_period",
    ("resolved", "total"): "resolved_total",
    ("resolved", "early"): "resolved_early",
    ("resolved", "on_time"): "resolved_on_time",
    ("resolved", "late"): "resolved_late",
    ("pending", "total"): "pending_total",
    ("pending", "in_time"): "pending_in_time",
    ("pending", "overdue"): "pending_overdue",
}

Path = tuple[str, ...]


@dataclass
class Export:
    """One file and the truth it was made from: unit -> measure -> number."""

    name: str
    data: bytes
    truth: dict[str, dict[str, int]]
    layout: str


def truth_of(rng: random.Random) -> dict[str, dict[str, int]]:
    """Counts of three to five units whose identities hold; some have no dossiers at all."""
    counts = {}
    for unit in rng.sample(sorted(UNITS), rng.randint(3, 5)):
        big = rng.choice([0, 3, 40, 2500])
        early, on_time, late, in_time, overdue = (rng.randint(0, big) for _ in range(5))
        total = early + on_time + late + in_time + overdue
        online = rng.randint(0, total)
        carried = rng.randint(0, total - online)
        counts[unit] = {
            "received_total": total, "received_online": online, "carried_over": carried,
            "received_direct": total - online - carried, "received_in_period": total - carried,
            "resolved_total": early + on_time + late, "resolved_early": early, "resolved_on_time": on_time, "resolved_late": late,
            "pending_total": in_time + overdue, "pending_in_time": in_time, "pending_overdue": overdue,
        }  # fmt: skip
    return counts


def columns_of(rng: random.Random) -> tuple[list[tuple[Path, str, int]], bool]:
    """(labels, measure or noise, share) per count column; `share` k of n splits a measure. And whether totals stand."""
    totals = rng.random() < 0.75
    bands = ["received", "resolved", "pending"]
    if rng.random() < 0.3:
        rng.shuffle(bands)
    columns: list[tuple[Path, str, int]] = []
    for band in bands:
        name = rng.choice(BANDS[band])
        leaves = {
            "received": ["online", "direct", "carried"],
            "resolved": ["early", "on_time", "late"],
            "pending": ["in_time", "overdue"],
        }[band]
        if band == "received" and rng.random() < 0.25:
            leaves = ["carried", "in_period"]
        if rng.random() < 0.3:
            rng.shuffle(leaves)
        if totals:
            leaves.insert(0 if rng.random() < 0.8 else len(leaves), "total")
        within = rng.random() < 0.4
        for leaf in leaves:
            label = rng.choice(LEAVES[leaf])
            base = (name, "Trong đó", label) if within and leaf in {"online", "direct"} else (name, label)
            measure = MEASURES[band, leaf]
            if leaf == "online" and rng.random() < 0.3:
                parts = rng.choice([("Mức 3", "Mức 4"), ("Toàn trình", "Một phần"), ("Mức độ 3", "Mức độ 4")])
                columns += [((*base, part), measure, k) for k, part in enumerate(parts, 1)]
            elif leaf == "direct" and rng.random() < 0.3:
                columns += [
                    ((name, "Trực tiếp"), measure, 1),
                    ((name, rng.choice(["Qua BCCI", "Bưu chính"])), measure, 2),
                ]
            elif leaf == "late" and rng.random() < 0.2:
                columns += [((*base, "Đã có thư xin lỗi"), measure, 1), ((*base, "Chưa có thư xin lỗi"), measure, 2)]
            else:
                columns.append((base, measure, 0))
        if band == "resolved" and rng.random() < 0.3:
            columns.append(((name, "Tỷ lệ trước hạn, đúng hạn"), "%", 0))
    if rng.random() < 0.2:
        columns.append((("Ghi chú",), "note", 0))
    return columns, totals


def make(seed: int, container: str = "") -> Export:
    """The export of a seed."""
    rng = random.Random(seed)
    truth = truth_of(rng)
    columns, totals = columns_of(rng)
    style = rng.choice(["int", "int", "text", "grouped", "float"])
    zero: Any = rng.choice([0, 0, "-", None, "0"]) if totals else 0
    container = container or rng.choice(["xlsx", "xlsx", "html", "csv"])
    body = [_row(rng, i + 1, u, c, columns, style, zero) for i, (u, c) in enumerate(truth.items())]
    if rng.random() < 0.7:
        body.append(_total_row(rng, truth, columns, style, zero))
    heads: list[Path] = [
        (rng.choice(["STT", "TT"]),),
        (rng.choice(["Đơn vị", "Cơ quan", "Tên đơn vị", "Lĩnh vực, công việc giải quyết theo cấp"]),),
    ]
    paths = [*heads, *(c[0] for c in columns)]
    if container == "csv" or rng.random() < 0.15:
        # a flat header: every label carries its band, as one line
        paths = [p if len(p) == 1 else (" ".join(x for x in p if x != "Trong đó"),) for p in paths]
    titles = rng.sample(
        [
            "Biểu số II.06a/VPCP/KSTT",
            "Kỳ báo cáo: Quý I năm 2022",
            "TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH",
            "Đơn vị tính: Số hồ sơ TTHC.",
        ],
        rng.randint(0, 4),
    )
    writer = {"xlsx": _xlsx, "html": _html, "csv": _csv}[container]
    data = writer(rng, titles, paths, body)
    return Export(
        f"so-lieu-{seed}.{container}", data, truth, f"seed {seed}: {container}, {style}, zero {zero!r}, {paths}"
    )


def share(value: int, k: int) -> int:
    """The part of a count that stands in column `k` of two; all of it for 0."""
    return value if k == 0 else value // 3 if k == 1 else value - value // 3


def shown(value: int, style: str, zero: Any) -> Any:
    """A count as a cell holds it."""
    if value == 0:
        return zero
    return {"int": value, "float": float(value), "text": str(value), "grouped": f"{value:,}".replace(",", ".")}[style]


def _row(
    rng: random.Random,
    stt: int,
    unit: str,
    counts: dict[str, int],
    columns: list[tuple[Path, str, int]],
    style: str,
    zero: Any,
) -> list[Any]:
    name = rng.choice(UNITS[unit])
    if rng.random() < 0.2:
        name = unicodedata.normalize("NFD", name)
    # a row of nothing but zeros keeps them: blank throughout would say the same, but not every reader of a file agrees
    cells = [_cell(counts, measure, k, style, zero if any(counts.values()) else 0) for _, measure, k in columns]
    return [stt, name, *cells]


def _cell(counts: dict[str, int], measure: str, k: int, style: str, zero: Any) -> Any:
    if measure == "%":
        return "99,9%"
    if measure == "note":
        return "ghi chú"
    value = share(counts[measure], k)
    # a total is never left blank
    return shown(value, style, 0 if measure.endswith("_total") or k else zero)


def _total_row(
    rng: random.Random, truth: dict[str, dict[str, int]], columns: list[tuple[Path, str, int]], style: str, zero: Any
) -> list[Any]:
    cells: list[Any] = []
    for _, measure, k in columns:
        if measure in {"%", "note"}:
            cells.append("" if measure == "note" else "99,9%")
        else:
            cells.append(shown(sum(share(c[measure], k) for c in truth.values()), style, 0))
    return [None, rng.choice(["Tổng số", "TỔNG CỘNG", "Tổng", "Tổng cộng:"]), *cells]


def _xlsx(rng: random.Random, titles: list[str], paths: list[Path], body: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    for i, title in enumerate(titles):
        sheet.cell(1 + i, rng.choice([1, 3, 4]), title)
    below = write_header(sheet, paths, len(titles) + rng.randint(1, 3))
    if rng.random() < 0.6:
        for c in range(len(paths)):
            sheet.cell(below, c + 1, rng.choice([f"({c + 1})"]) if titles else c + 1)
        below += 1
    for r, row in enumerate(body):
        for c, value in enumerate(row):
            if value is not None:
                sheet.cell(below + r, c + 1, value)
    if rng.random() < 0.5:
        end = below + len(body) + 1
        sheet.cell(end, 2, "Người làm báo cáo")
        sheet.cell(end, 6, "THỦ TRƯỞNG")
    return saved(book)


def _html(rng: random.Random, titles: list[str], paths: list[Path], body: list[list[Any]]) -> bytes:
    depth = max(len(p) for p in paths)
    lines = []
    for level in range(depth):
        cells, c = [], 0
        while c < len(paths):
            path = paths[c][: level + 1]
            end = c
            if len(paths[c]) > level:
                last = len(paths[c]) == level + 1
                while end + 1 < len(paths) and paths[end + 1][: level + 1] == path and len(paths[end + 1]) > level:
                    end += 1
                down = depth - level if last else 1
                cells.append(f"<td rowspan={down} colspan={end - c + 1}>{escape(paths[c][level])}</td>")
            c = end + 1
        lines.append(f"<tr>{''.join(cells)}</tr>")
    for row in body:
        lines.append(
            "<tr>"
            + "".join(
                f"<td>{'' if v is None else escape(str(int(v) if isinstance(v, float) else v))}</td>" for v in row
            )
            + "</tr>"
        )
    head = "".join(f"<p>{escape(t)}</p>" for t in titles)
    return f"<html><body>{head}<table border=1>{''.join(lines)}</table></body></html>".encode(
        rng.choice(["utf-8", "utf-8-sig"])
    )


def _csv(rng: random.Random, titles: list[str], paths: list[Path], body: list[list[Any]]) -> bytes:
    delimiter = rng.choice([";", "\t"])
    rows: list[list[Any]] = [[t] for t in titles]
    rows.append([" ".join(p) for p in paths])
    rows += body
    text = "\r\n".join(
        delimiter.join("" if v is None else str(int(v) if isinstance(v, float) else v) for v in row) for row in rows
    )
    return text.encode(rng.choice(["utf-8", "utf-8-sig", "utf-16"]))
