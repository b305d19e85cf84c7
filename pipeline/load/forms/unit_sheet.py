"""The first sheet of a unit's workbook (PH-01): Biểu mẫu 03 down the page, grey and locked but for the white cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from openpyxl.comments import Comment
from openpyxl.styles import PatternFill, Protection
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.forms.catalogue import choice_names
from pipeline.forms.unit_sheet_lines import NOTE, Line, input_columns, note_column, unit_sheet_lines
from pipeline.load.excel import styles
from pipeline.load.excel.sheet import Sheet as Page
from pipeline.load.excel.styles import BODY, CENTER, HEAD, LINE, SECTION, Look
from pipeline.load.excel.text_size import POINTS_PER_UNIT, line_count, row_height
from pipeline.load.forms.cell_validation import validation
from pipeline.text import vn_int
from schemas.forms import FormColumn, FormSheet
from schemas.measures import CONTACT_GROUPS
from schemas.rulebook import Rulebook

#: The only cells a unit writes into.
INPUT = PatternFill("solid", start_color="FFFFFFFF", end_color="FFFFFFFF")
_LOCKED = "EDEDED"
_HINT = BODY.with_(size=10, italic=True, fill=_LOCKED)
_TEXT, _FIGURE = BODY.with_(fill=_LOCKED), CENTER.with_(fill=_LOCKED)
_ENTRY = CENTER.with_(fill="FFFFFF")
#: What the unit signs with.
_SIGNATURES = ("NGƯỜI LẬP PHIẾU", "THỦ TRƯỞNG ĐƠN VỊ")


@dataclass(frozen=True)
class UnitSheet:
    """What one unit's sheet says: its name cell, level, counts by measure, and why there are none."""

    unit: str
    level: str
    counts: Mapping[str, int]
    reason: str


def write_unit_sheet(
    page: Page, sheet: FormSheet, title: str, rulebook: Rulebook | None, facts: UnitSheet, words: Mapping[str, str]
) -> None:
    """Fill the sheet. `words`: key of an input with a drop-down -> range of its words."""
    columns = {c.key: number for number, c in enumerate(sheet.columns, 1)}
    row = _heading(page, sheet, title, rulebook, facts)
    for key, number in columns.items():
        page.put(row, number, sheet.column(key).header, HEAD.with_(fill="DDE7F0"))
        page.ws.cell(row, number).comment = _comment(sheet.column(key).help)
    head = row
    checks = _Checks(page.ws)
    room: dict[int, float] = {}  # row -> the height that what is entered there may need
    known = {c.key: c for c in (*input_columns(), note_column())}
    for line in unit_sheet_lines(rulebook, facts.level, facts.counts):
        row += 1
        if line.kind == "section":
            page.put(row, 1, line.label, SECTION.with_(fill="D0D7DE"), columns=len(columns))
            continue
        _line(page, row, line, columns, facts)
        if line.kind == "input":
            column = known[line.key]
            cell = page.ws.cell(row, columns["value"])
            cell.comment = _comment(column.help)
            if column.kind != "count":
                room[row] = _room(column, sheet.column("value").width)
            checks.add(line.key if line.key in words else column.kind, cell.coordinate, column, words.get(line.key, ""))
        elif line.kind in ("criterion", "total"):
            checks.score(page.ws.cell(row, columns["score"]).coordinate, float(line.points or 0))
    _signatures(page, row + 2, len(columns))
    page.fit()
    for row, height in room.items():
        page.ws.row_dimensions[row].height = max(page.ws.row_dimensions[row].height or 0, height)
    _set_up(page.ws, head)


def _heading(page: Page, sheet: FormSheet, title: str, rulebook: Rulebook | None, facts: UnitSheet) -> int:
    """Title, what to do, whose sheet, by which rulebook, whether the counts are there; the row of the headings."""
    texts: list[tuple[str, Look]] = [
        (title, LINE.with_(bold=True, size=13)),
        (sheet.lead, LINE.with_(italic=True, size=11)),
        (facts.unit, LINE.with_(bold=True)),
    ]
    if rulebook is not None:
        texts.append((f"Bộ tiêu chí: {rulebook.title}", LINE))
    if facts.reason:
        texts.append((facts.reason, LINE.with_(bold=True, color="C00000")))
    for row, (text, look) in enumerate(texts, 1):
        page.put(row, 1, text, look, columns=len(sheet.columns))
    return len(texts) + 1


def _line(page: Page, row: int, line: Line, columns: Mapping[str, int], facts: UnitSheet) -> None:
    strong = line.kind in ("criterion", "total")
    text = _TEXT.with_(bold=strong, italic=line.kind == "band", indent=0 if strong or line.kind == "count" else 1)
    scored = strong
    page.put(row, columns["stt"], line.number or None, _FIGURE.with_(bold=True))
    page.put(row, columns["label"], line.label, text)
    points = None if line.points is None else float(line.points)
    page.put(row, columns["points"], points, _FIGURE.with_(bold=strong, number=styles.trimmed(points, 2)))
    if line.key == NOTE:
        page.put(row, columns["value"], None, BODY.with_(fill="FFFFFF"), columns=len(columns) - columns["value"] + 1)
        _open(page.ws, row, columns["value"])
        return
    entered = line.kind == "input"
    value = _ENTRY if entered else _FIGURE.with_(bold=strong)
    page.put(row, columns["value"], _shown(line, facts.counts), value.with_(number=styles.COUNT))
    score = _ENTRY if scored else _FIGURE
    page.put(row, columns["score"], None, score.with_(number=styles.TWO_PLACES))
    page.put(row, columns["hint"], _hint(line, facts.counts) or None, _HINT)
    if entered or scored:
        _open(page.ws, row, columns["value" if entered else "score"])


def _open(ws: Worksheet, row: int, column: int) -> None:
    ws.cell(row, column).protection = Protection(locked=False)


def _shown(line: Line, counts: Mapping[str, int]) -> int | None:
    """The counts of a line added up; None where one of them is not known."""
    signed = [(m.removeprefix("-"), -1 if m.startswith("-") else 1) for m in line.counts]
    if not signed or any(m not in counts for m, _ in signed):
        return None
    return sum(sign * counts[m] for m, sign in signed)


def _hint(line: Line, counts: Mapping[str, int]) -> str:
    if line.kind == "input":
        return next((c.help for c in input_columns() if c.key == line.key), "")
    in_band = {c.key for c in input_columns() if c.band == line.label}
    if line.kind == "band" and any(in_band >= set(g) for g in CONTACT_GROUPS):
        resolved = counts.get("resolved_total")
        amount = "" if resolved is None else f": {vn_int(resolved)}"
        return f"Các dòng dưới cộng lại đúng bằng số hồ sơ đã giải quyết{amount}."
    return ""


def _room(column: FormColumn, width: float) -> float:
    """Points a row needs for the longest word of its drop-down, or for three lines of free text."""
    words = choice_names(column).values()
    most = max((line_count(w, BODY.size, width * POINTS_PER_UNIT) for w in words), default=3)
    return row_height(most, BODY.size)


def _comment(text: str) -> Comment:
    return Comment(text, "Hướng dẫn", height=90, width=260)


class _Checks:
    """Data validation by kind: one rule for all the cells it holds for."""

    def __init__(self, ws: Worksheet) -> None:
        self._ws = ws
        self._made: dict[str, DataValidation] = {}

    def add(self, kind: str, cell: str, column: FormColumn, words: str) -> None:
        """The check of an input's cell, as in the supplement."""
        if kind not in self._made:
            check = validation(column, words)
            if check is None:
                return
            self._keep(kind, check)
        self._made[kind].add(cell)

    def score(self, cell: str, most: float) -> None:
        """A score from 0 to the most its criterion gives."""
        kind = f"score {most}"
        if kind not in self._made:
            check = DataValidation("decimal", operator="between", formula1="0", formula2=f"{most:g}", allow_blank=True)
            check.errorTitle, check.showErrorMessage = "Kiểm tra ô nhập", True
            check.error = f"Nhập điểm từ 0 đến {most:g}."
            self._keep(kind, check)
        self._made[kind].add(cell)

    def _keep(self, kind: str, check: DataValidation) -> None:
        self._made[kind] = check
        self._ws.add_data_validation(check)


def _signatures(page: Page, row: int, width: int) -> None:
    half = width // 2
    places: Iterable[tuple[int, str]] = zip((1, half + 1), _SIGNATURES, strict=True)
    middle = LINE.with_(horizontal="center")
    page.put(row, half + 1, "………………, ngày …… tháng …… năm ………", middle.with_(italic=True), columns=width - half)
    for column, text in places:
        page.put(row + 1, column, text, middle.with_(bold=True), columns=half)
        page.put(row + 2, column, "(Ký, ghi rõ họ tên)", middle.with_(italic=True), columns=half)


def _set_up(ws: Worksheet, head: int) -> None:
    """A4 upright, headings on every page, everything locked but the white cells (no password)."""
    styles.page(ws, landscape=False, repeat=f"{head}:{head}")
    ws.freeze_panes = f"A{head + 1}"
    ws.protection.sheet = True
    for allowed in ("formatColumns", "formatRows"):
        setattr(ws.protection, allowed, False)  # False = not locked
