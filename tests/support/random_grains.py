"""Exports in other grains than a row a unit, made from true counts: fields of work, sections, levels, several tables.

What `random_exports` is for columns and cells this is for rows. One `random.Random(seed)` decides everything.
"""

import io
import random
import unicodedata
import zipfile
from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import openpyxl
from offices import write_header
from random_exports import UNITS, Export, columns_of, share, shown
from workbooks import saved

FIELDS = (
    *("Hộ tịch", "Chứng thực", "Đất đai", "Môi trường", "Người có công", "Bảo trợ xã hội", "Văn hóa", "Tư pháp"),
    *("Thành lập và hoạt động của hộ kinh doanh", "Giáo dục và đào tạo", "Xây dựng", "Công thương"),
)
NAMES = {"phong-a": "Phòng A", "phong-b": "Phòng B", "phong-c": "Phòng C", "xa-d": "Xã D", "xa-e": "Xã Đông Ê"}
LEVELS = {"huyen": ("phong-a", "phong-b", "phong-c"), "xa": ("xa-d", "xa-e")}
SECTIONS = {"huyen": ("Cấp huyện", "Các phòng ban"), "xa": ("Cấp xã", "UBND các xã, phường")}
NOISE = {"%": "99,9%", "note": "ghi chú"}
Counts = dict[str, int]
Columns = list[tuple[tuple[str, ...], str, int]]
#: what a row is: ("row", stt, name, counts) | ("pair", stt, unit, field, counts, rows that the unit is merged over) |
#: ("wide", text) over the whole width | ("text", text) in the column of names | ("head",) the header again
Line = tuple[Any, ...]
#: titles, headings before the counts, lines
Table = tuple[list[str], list[str], list[Line]]


class Maker:
    """What one seed decides, and the lines of its tables."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.columns, self.has_totals = columns_of(self.rng)
        self.style = self.rng.choice(["int", "int", "text", "grouped", "float"])
        self.zero: Any = self.rng.choice([0, 0, "0", "-"]) if self.has_totals else 0
        units = self.rng.sample(sorted(UNITS), self.rng.randint(2, 5))
        self.fields = {u: self.rng.sample(FIELDS, self.rng.randint(2, 6)) for u in units}
        self.of_field = {(u, f): self.counts() for u, fields in self.fields.items() for f in fields}
        self.truth = {u: added([self.of_field[u, f] for f in self.fields[u]]) for u in units}

    def counts(self) -> Counts:
        """One row whose identities hold, never of nothing at all."""
        big = self.rng.choice([2, 40, 900])
        early, on_time, late, in_time, overdue = (self.rng.randint(0, big) for _ in range(5))
        total = (early := early + 1) + on_time + late + in_time + overdue
        online = self.rng.randint(0, total)
        carried = self.rng.randint(0, total - online)
        row = {
            "received_total": total, "received_online": online, "carried_over": carried,
            "received_direct": total - online - carried, "received_in_period": total - carried,
            "resolved_total": early + on_time + late, "resolved_early": early, "resolved_on_time": on_time, "resolved_late": late,
            "pending_total": in_time + overdue, "pending_in_time": in_time, "pending_overdue": overdue,
        }  # fmt: skip
        # what a column split in two holds: a total row adds up the shares, not the whole
        return row | {f"{m}/{k}": share(v, k) for m, v in row.items() for k in (1, 2)}

    def written(self, unit: str) -> str:
        """One of the ways a unit is written."""
        name = self.rng.choice(UNITS[unit]).strip()
        return unicodedata.normalize("NFD", name) if self.rng.random() < 0.15 else name

    def total(self, parts: Sequence[Counts], name: str = "") -> Line:
        """The total row of parts."""
        return ("row", None, name or self.rng.choice(["Tổng số", "TỔNG CỘNG", "Tổng cộng:", "Cộng"]), added(parts))

    def maybe(self, chance: float) -> bool:
        """Whether something that some exports have is there."""
        return self.rng.random() < chance

    def dressed(self, lines: list[Line]) -> list[Line]:
        """The lines with what stands among the rows of real exports and counts for nobody."""
        out = list(lines)
        if self.maybe(0.15) and _is_total(out[-1]) and not any(_is_total(line) for line in out[:-1]):
            out.insert(0, out.pop())
        if self.maybe(0.2) and len(out) > 3 and out[0][0] == "row":
            middle = self.rng.randint(1, len(out) - 2)
            out[middle:middle] = [("text", "Trang 1/2"), ("head",)] if self.maybe(0.5) else [("head",)]
        if self.maybe(0.3):
            out.append(("text", self.rng.choice(["Ghi chú: số liệu tính đến ngày 14/3/2022", "(Kèm theo 3 phụ lục)"])))
        return out

    def with_details(self, lines: list[Line]) -> list[Line]:
        """Some rows of units with what they are made up of, in part, below them."""
        out: list[Line] = []
        for line in lines:
            out.append(line)
            if line[0] == "row" and isinstance(line[1], int) and self.maybe(0.3):
                part = {m: v // 2 for m, v in line[3].items()}
                out += [("text", "Trong đó:"), ("row", None, f"- {self.rng.choice(FIELDS)}", part)]
        return out

    # --- grains: the tables of the export, of the export -------------------------------------

    def sheet_a_unit(self) -> list[Table]:
        """A table for each unit, named above it, its rows fields of work."""
        tables = []
        for unit, fields in self.fields.items():
            name = self.written(unit)
            said = [f"- Đơn vị báo cáo: {name}", f"Đơn vị báo cáo: {name}", f"Đơn vị: {name}"]
            lines: list[Line] = [("row", i, f, self.of_field[unit, f]) for i, f in enumerate(fields, 1)]
            if self.maybe(0.7):
                lines.append(self.total([self.of_field[unit, f] for f in fields]))
            tables.append(
                ([self.rng.choice(said)], ["STT", self.rng.choice(["Lĩnh vực", "Lĩnh vực giải quyết"])], lines)
            )
        return tables

    def sections(self) -> list[Table]:
        """One table; each unit a row across the whole width, its fields below."""
        lines: list[Line] = []
        subtotals = self.maybe(0.4)
        for unit, fields in self.fields.items():
            lines.append(("wide", self.written(unit)))
            lines += [("row", i, f, self.of_field[unit, f]) for i, f in enumerate(fields, 1)]
            if subtotals:
                lines.append(self.total([self.of_field[unit, f] for f in fields], "Cộng"))
        if self.maybe(0.6):
            lines.append(self.total(list(self.of_field.values()), "Tổng số"))
        return [([], ["STT", "Lĩnh vực, công việc giải quyết theo cấp"], lines)]

    def headed(self) -> list[Table]:
        """Each unit's own row, with its fields of work below it in detail."""
        lines: list[Line] = []
        for i, (unit, fields) in enumerate(self.fields.items()):
            lines.append(("row", ("I", "II", "III", "IV", "V")[i], self.written(unit), self.truth[unit]))
            lines += [("row", k, f, self.of_field[unit, f]) for k, f in enumerate(fields, 1)]
        if self.maybe(0.6):
            lines.append(self.total(list(self.truth.values()), "Tổng số"))
        return [([], ["STT", "Đơn vị"], lines)]

    def pairs(self) -> list[Table]:
        """Unit and field of work in two columns; the unit in each row, in the first one, or merged over its rows."""
        lines: list[Line] = []
        how, stt = self.rng.choice(["each", "first", "merged"]), 0
        for unit, fields in self.fields.items():
            name = self.written(unit)
            for k, field in enumerate(fields):
                stt += 1
                shown = name if how == "each" or k == 0 else None
                down = len(fields) if how == "merged" and k == 0 else 1
                lines.append(("pair", stt, shown, field, self.of_field[unit, field], down))
        if self.maybe(0.6):
            lines.append(("pair", None, "Tổng số", None, added(list(self.of_field.values())), 1))
        return [([], ["STT", "Đơn vị", "Lĩnh vực"], lines)]

    def levels(self) -> list[Table]:
        """Units under the sections of their levels, which may carry sums of their own."""
        lines: list[Line] = []
        sums = self.maybe(0.5)
        for number, (level, members) in enumerate(LEVELS.items()):
            units = [u for u in self.truth if u in members]
            if not units:
                continue
            name = self.rng.choice(SECTIONS[level])
            parts = [self.truth[u] for u in units]
            lines.append(("row", "AB"[number], name, added(parts)) if sums else ("wide", name))
            lines += [("row", i, self.written(u), self.truth[u]) for i, u in enumerate(units, 1)]
        if self.maybe(0.6):
            lines.append(self.total(list(self.truth.values()), "Tổng cộng"))
        return [([], ["STT", "Đơn vị"], self.with_details(lines) if not sums else lines)]

    def several(self) -> list[Table]:
        """Units spread over two tables, each with its title and header."""
        units = list(self.truth)
        cut = self.rng.randint(1, len(units) - 1)
        tables = []
        for title, part in (("I. Bảng thứ nhất", units[:cut]), ("II. Bảng thứ hai", units[cut:])):
            lines: list[Line] = [("row", i, self.written(u), self.truth[u]) for i, u in enumerate(part, 1)]
            if self.maybe(0.5):
                lines.append(self.total([self.truth[u] for u in part]))
            tables.append(([title], ["STT", "Đơn vị"], self.with_details(lines)))
        return tables


def _is_total(line: Line) -> bool:
    return line[0] == "row" and line[1] is None


def added(parts: Sequence[Counts]) -> Counts:
    """The sums of rows."""
    return {m: sum(p[m] for p in parts) for m in parts[0]}


def make(seed: int) -> Export:
    """The export of a seed."""
    maker = Maker(seed)
    rng = maker.rng
    grain = rng.choice(["sheet_a_unit", "sections", "headed", "pairs", "levels", "several"])
    tables = [(titles, heads, maker.dressed(lines)) for titles, heads, lines in getattr(maker, grain)()]
    container = rng.choice(["xlsx", "xlsx", "sheets", "html", "csv", "zip"])
    if container == "csv" and grain in {"pairs", "sections", "levels"}:
        container = "html"  # merged cells are what these are read by
    if container in {"csv", "zip"} and len(tables) > 1:
        container = "zip"
    flat = container == "csv"
    write: dict[str, Callable[..., bytes]] = {"xlsx": _xlsx, "sheets": _xlsx, "html": _html, "csv": _csv}
    ending = {"sheets": "xlsx"}.get(container, container)
    if container == "zip":
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for i, table in enumerate(tables):
                archive.writestr(f"bieu/so-{i}.xlsx", _xlsx(maker, [table], flat=False, sheets=False))
        data = out.getvalue()
    else:
        data = write[container](maker, tables, flat=flat, sheets=container == "sheets")
    layout = f"seed {seed}: {grain}, {container}, {maker.style}, {[c[0] for c in maker.columns]}"
    return Export(f"nhom-{seed}.{ending}", data, maker.truth, layout)


def _cells(maker: Maker, counts: Counts) -> list[Any]:
    cells: list[Any] = []
    for _, measure, k in maker.columns:
        if measure in NOISE:
            cells.append(NOISE[measure])
        else:
            value = counts[f"{measure}/{k}" if k else measure]
            cells.append(shown(value, maker.style, 0 if measure.endswith("_total") or k else maker.zero))
    return cells


def _paths(maker: Maker, heads: Sequence[str], *, flat: bool) -> list[tuple[str, ...]]:
    paths = [*((h,) for h in heads), *(c[0] for c in maker.columns)]
    return [(" ".join(x for x in p if x != "Trong đó"),) for p in paths] if flat else paths


def _xlsx(maker: Maker, tables: Any, *, flat: bool, sheets: bool) -> bytes:
    book, rng = openpyxl.Workbook(), maker.rng
    sheet = book.active
    top = 1
    for number, (titles, heads, lines) in enumerate(tables):
        if sheets and number:
            sheet, top = book.create_sheet(f"Trang {number + 1}"), 1
        if top == 1:
            sheet.cell(1, rng.choice([1, 3]), "Biểu số II.06a/VPCP/KSTT")
            sheet.cell(2, 1, "Kỳ báo cáo: Quý I năm 2022")
            top = 3
        for title in titles:
            sheet.cell(top, 1, title)
            top += 1
        paths = _paths(maker, heads, flat=flat)
        top = write_header(sheet, paths, top + rng.randint(0, 1))
        if maker.maybe(0.4):
            for c in range(len(paths)):
                sheet.cell(top, c + 1, f"({c + 1})")
            top += 1
        for line in lines:
            top = write_header(sheet, paths, top) if line[0] == "head" else _xlsx_line(maker, sheet, top, line, paths)
        if maker.maybe(0.5):
            sheet.cell(top + 1, 2, "Người làm báo cáo")
            sheet.cell(top + 1, 6, "THỦ TRƯỞNG")
        top += 3
    return saved(book)


def _xlsx_line(maker: Maker, sheet: Any, row: int, line: Line, paths: Sequence[Any]) -> int:
    """Write a line; the number of the row below."""
    if line[0] in {"wide", "text"}:
        sheet.cell(row, 1 if line[0] == "wide" else 2, line[1])
        if line[0] == "wide":
            sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(paths))
        return row + 1
    values = [*line[1:3], *_cells(maker, line[3])] if line[0] == "row" else [*line[1:4], *_cells(maker, line[4])]
    for c, value in enumerate(values, 1):
        if value is not None:
            sheet.cell(row, c, value)
    if line[0] == "pair" and line[5] > 1:
        sheet.merge_cells(start_row=row, end_row=row + line[5] - 1, start_column=2, end_column=2)
    return row + 1


def _html(maker: Maker, tables: Any, *, flat: bool, sheets: bool) -> bytes:
    del sheets
    body = []
    for titles, heads, lines in tables:
        paths = _paths(maker, heads, flat=flat)
        rows = [*_html_header(paths)]
        skip = 0
        for line in lines:
            if line[0] in {"wide", "text"}:
                text = escape(line[1])
                rows.append(
                    f"<td colspan={len(paths)}>{text}</td>" if line[0] == "wide" else f"<td></td><td>{text}</td>"
                )
                continue
            if line[0] == "head":
                rows += _html_header(paths)
                continue
            counts = line[3] if line[0] == "row" else line[4]
            lead = list(line[1:3] if line[0] == "row" else line[1:4])
            cells = [f"<td>{_escaped(v)}</td>" for v in lead]
            if line[0] == "pair":
                if line[5] > 1:
                    cells[1] = f"<td rowspan={line[5]}>{_escaped(lead[1])}</td>"
                elif skip:
                    del cells[1]
                skip = line[5] - 1 if line[5] > 1 else max(0, skip - 1)
            rows.append("".join(cells) + "".join(f"<td>{_escaped(v)}</td>" for v in _cells(maker, counts)))
        body += [f"<p>{escape(t)}</p>" for t in titles]
        body.append(f"<table>{''.join(f'<tr>{r}</tr>' for r in rows)}</table>")
    return f"<html><body><h3>Kỳ báo cáo: Quý I năm 2022</h3>{''.join(body)}</body></html>".encode()


def _html_header(paths: Sequence[tuple[str, ...]]) -> list[str]:
    depth = max(len(p) for p in paths)
    lines = []
    for level in range(depth):
        cells, c = [], 0
        while c < len(paths):
            end = c
            if len(paths[c]) > level:
                upper = paths[c][: level + 1]
                while end + 1 < len(paths) and paths[end + 1][: level + 1] == upper and len(paths[c]) > level + 1:
                    end += 1
                down = depth - level if len(paths[c]) == level + 1 else 1
                cells.append(f"<th rowspan={down} colspan={end - c + 1}>{escape(paths[c][level])}</th>")
            c = end + 1
        lines.append("".join(cells))
    return lines


def _csv(maker: Maker, tables: Any, *, flat: bool, sheets: bool) -> bytes:
    del sheets
    ((titles, heads, lines),) = tables
    rows: list[list[Any]] = [["Kỳ báo cáo: Quý I năm 2022"], *([t] for t in titles)]
    head = [p[0] for p in _paths(maker, heads, flat=flat)]
    rows.append(head)
    for line in lines:
        if line[0] in {"head", "text"}:
            rows.append(head if line[0] == "head" else [None, line[1]])
        else:
            rows.append([line[1], line[2], *_cells(maker, line[3])])
    text = "\r\n".join(";".join(_plain(v) for v in row) for row in rows)
    return vn1258(text) if maker.maybe(0.5) else text.encode(maker.rng.choice(["utf-8-sig", "utf-16"]))


def vn1258(text: str) -> bytes:
    """Text in windows-1258, which has the vowels and writes most tones as marks of their own."""
    out = []
    for char in unicodedata.normalize("NFC", text):
        try:
            out.append(char.encode("cp1258"))
        except UnicodeEncodeError:
            marks = unicodedata.normalize("NFD", char)
            tones = "".join(m for m in marks if m in "\u0300\u0301\u0303\u0309\u0323")
            vowel = unicodedata.normalize("NFC", "".join(m for m in marks if m not in tones))
            out.append((vowel + tones).encode("cp1258"))
    return b"".join(out)


def _plain(value: Any) -> str:
    return "" if value is None else str(int(value) if isinstance(value, float) else value)


def _escaped(value: Any) -> str:
    return escape(_plain(value))
