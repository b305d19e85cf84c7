"""Random tables with measures down the rows and units across the columns, made from true counts.

One `random.Random(seed)` decides everything, so a failing file can be made again from its seed.
"""

import random
from html import escape
from typing import Any

import openpyxl
from random_exports import BANDS, LEAVES, MEASURES, UNITS, Export, shown, truth_of
from workbooks import saved

#: how the rows say which label belongs to which band
MARKS = (
    "1 1.1", "1. 1.1.", "I 1", "A 1", "1 a", "1 -", "none -", "1 none", "indent", "merged", "unmerged", "sections", "flat",
    "order",
)  # fmt: skip
_BANDS = ("received", "resolved", "pending")
_ROMAN, _SMALL = ("I", "II", "III"), "abcdefgh"
_LEAVES = {
    "received": ("online", "direct", "carried"),
    "resolved": ("early", "on_time", "late"),
    "pending": ("in_time", "overdue"),
}
#: a row before it is exchanged: ordinal, band in a column of its own, label, measure or "" for a heading, merged rows
Line = tuple[str, str, str, str, int]


def lines_of(rng: random.Random, marks: str) -> list[Line]:
    """The labelled rows of a table, top to bottom."""
    words = {band: rng.choice(texts) for band, texts in BANDS.items()}
    lines: list[Line] = []
    count = 0
    for position, band in enumerate(_BANDS):
        leaves = [(leaf, MEASURES[band, leaf]) for leaf in _LEAVES[band]]
        if band == "received" and marks == "order":
            rng.shuffle(leaves)
        total = MEASURES[band, "total"]
        upper, _, lower = marks.partition(" ")
        first = {"1": f"{position + 1}", "1.": f"{position + 1}.", "I": _ROMAN[position], "A": "ABC"[position]}
        wide = len(leaves) + 1
        if marks in ("merged", "unmerged"):
            lines.append(("", words[band], rng.choice(LEAVES["total"]), total, wide))
            lines += [("", "", rng.choice(LEAVES[leaf]), measure, 0) for leaf, measure in leaves]
        elif marks == "sections":
            lines.append(("", "", words[band], "", 0))
            lines.append(("", "", rng.choice(LEAVES["total"]), total, 0))
            lines += [("", "", rng.choice(LEAVES[leaf]), measure, 0) for leaf, measure in leaves]
        elif marks == "flat":
            lines.append((str(count + 1), "", f"{words[band]}: {rng.choice(LEAVES['total'])}", total, 0))
            for i, (leaf, measure) in enumerate(leaves, count + 2):
                lines.append((str(i), "", f"{words[band]} {rng.choice(LEAVES[leaf]).lower()}", measure, 0))
            count += wide
        else:
            lines.append((first.get(upper, ""), "", _total_label(rng, words[band]), total, 0))
            for i, (leaf, measure) in enumerate(leaves, 1):
                ordinal = {
                    "1.1": f"{position + 1}.{i}",
                    "1.1.": f"{position + 1}.{i}.",
                    "1": str(i),
                    "a": _SMALL[i - 1],
                }
                label = rng.choice(LEAVES[leaf])
                if marks == "indent":
                    label = "    " + label
                own = {"-": "-"}.get(lower, ordinal.get(lower, ""))
                lines.append((own, "", label, measure, 0))
    return lines


def damaged(rng: random.Random, lines: list[Line]) -> list[Line]:
    """The rows with one of them lost, renamed, unlabelled, or without its ordinal. Rows that begin a merged cell stay."""
    at = rng.choice([i for i, line in enumerate(lines) if not line[4]])
    ordinal, band, label, measure, wide = lines[at]
    changed: dict[str, list[Line]] = {
        "lost": [],
        "renamed": [(ordinal, band, "Chỉ tiêu lạ", measure, wide)],
        "without ordinal": [("", band, label, measure, wide)],
        "neither": [("", band, "Chỉ tiêu lạ", measure, wide)],
        "unlabelled": [(ordinal, band, "", measure, wide)],
    }
    return [*lines[:at], *rng.choice(list(changed.values())), *lines[at + 1 :]]


def _total_label(rng: random.Random, band: str) -> str:
    return (
        rng.choice([band, f"Tổng số {band[0].lower()}{band[1:]}", f"{band} (tổng số)"])
        if band != band.upper()
        else band
    )


def make(seed: int, damage: bool = False) -> Export:
    """The export of a seed; `damage`: one of its rows is changed (`damaged`)."""
    rng = random.Random(seed)
    marks = rng.choice(MARKS)
    truth = truth_of(rng)
    container = rng.choice(["xlsx", "xlsx", "html", "csv"]) if marks != "merged" else "xlsx"
    style, zero = rng.choice(["int", "float", "text", "grouped"]), rng.choice([0, 0, "", "-"])
    lines = lines_of(rng, marks)
    if damage:
        lines = damaged(random.Random(-seed), lines)
    in_column = rng.random() < 0.5 and marks != "indent"
    units = list(truth)
    names = {unit: rng.choice(UNITS[unit]) for unit in units}
    has_total = rng.random() < 0.5
    measured_in = rng.random() < 0.2
    bands = marks in ("merged", "unmerged")
    head: list[Any] = [
        *(["STT"] if in_column else []),
        *(["Nhóm"] if bands else []),
        rng.choice(["Chỉ tiêu", "Nội dung", ""]),
    ]
    head += ["Đơn vị tính"] * measured_in
    first = len(head)
    head += [names[u] for u in units] + [rng.choice(["Tổng số", "Tổng cộng", "Cộng"])] * has_total
    rows: list[list[Any]] = []
    merges: list[tuple[int, int]] = []
    for ordinal, band, label, measure, wide in lines:
        text = (
            label if in_column or not ordinal else f"{ordinal}{'' if ordinal[-1] in '.' else _after(ordinal)} {label}"
        )
        row: list[Any] = [*([ordinal or None] if in_column else []), *([band or None] if bands else []), text]
        row += ["Hồ sơ"] * measured_in if measure else [None] * measured_in
        numbers = [truth[u][measure] for u in units] if measure else []
        blank = zero if not measure.endswith("_total") and all(any(truth[u].values()) for u in units) else 0
        row += [shown(n, style, blank) for n in numbers] + [shown(sum(numbers), style, 0)] * (
            has_total and bool(measure)
        )
        if wide and marks == "merged":
            merges.append((len(rows), wide))
        rows.append(row)
    if rng.random() < 0.3:
        rows.append(
            [
                *[None] * (first - 1 - measured_in),
                "Tỷ lệ đúng hạn",
                *[None] * measured_in,
                *["99%"] * (len(head) - first),
            ]
        )
    titles = rng.sample(["TỔNG HỢP KẾT QUẢ GIẢI QUYẾT TTHC", "Quý I năm 2022", "Đơn vị tính: hồ sơ"], rng.randint(0, 3))
    above: list[list[Any]] = [[t] for t in titles] + [[]] * rng.randint(0, 2)
    if rng.random() < 0.2:
        rows.insert(0, [*[None] * (first - 1), *[f"({i})" for i in range(1, len(head) - first + 2)]])
        merges = [(top + 1, wide) for top, wide in merges]
    body = [*above, head, *rows]
    if rng.random() < 0.3:
        body += [[], ["Người lập biểu", *[None] * (first + 1), "THỦ TRƯỞNG"]]
    top = len(above) + 1
    column = int(in_column)
    data = {"xlsx": _xlsx, "html": _html, "csv": _csv}[container](rng, body, [(top + r, column, n) for r, n in merges])
    return Export(
        f"chi-tieu-{seed}.{container}", data, truth, f"seed {seed}: {marks}, {container}, {style}, {zero!r}, {body}"
    )


def _after(ordinal: str) -> str:
    return "" if ordinal == "-" or "." in ordinal else "." if ordinal.isdigit() or ordinal.isupper() else ")"


def _xlsx(rng: random.Random, body: list[list[Any]], merges: list[tuple[int, int, int]]) -> bytes:
    book = openpyxl.Workbook()
    (sheet,) = book.worksheets
    left = rng.choice([0, 0, 1])
    for r, row in enumerate(body, 1):
        for c, value in enumerate(row, 1 + left):
            if value is not None:
                sheet.cell(r, c, value)
    for row, column, size in merges:
        place = {
            "start_row": row + 1,
            "end_row": row + size,
            "start_column": column + 1 + left,
            "end_column": column + 1 + left,
        }
        sheet.merge_cells(**place)
    return saved(book)


def _html(rng: random.Random, body: list[list[Any]], merges: list[tuple[int, int, int]]) -> bytes:
    def text(value: Any) -> str:
        plain = "" if value is None else str(int(value) if isinstance(value, float) else value)
        return escape(plain).replace("    ", "&nbsp;&nbsp;")

    width = max(map(len, body))
    lines = ["".join(f"<td>{text(v)}</td>" for v in [*row, *[None] * (width - len(row))]) for row in body]
    return f"<html><body><table><tr>{'</tr><tr>'.join(lines)}</tr></table></body></html>".encode()


def _csv(rng: random.Random, body: list[list[Any]], merges: list[tuple[int, int, int]]) -> bytes:
    def text(value: Any) -> str:
        return "" if value is None else str(int(value) if isinstance(value, float) else value)

    return "\r\n".join(";".join(map(text, row)) for row in body).encode("utf-8-sig")
