"""The first sheet of a unit's workbook (PH-01): Biểu mẫu 03 with locked grey cells and white input cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.forms.catalogue import choice_names
from pipeline.forms.unit_sheet_lines import NOTE, Line, input_columns, note_column, unit_sheet_lines
from pipeline.load.excel.cell_ranges import validate_cell
from pipeline.load.excel.form_styles import help_comment
from pipeline.load.excel.page_setup import protect_sheet, set_up_page
from pipeline.load.excel.sheet_writer import SheetWriter
from pipeline.load.excel.styles import (
    BODY,
    BOLD_LINE,
    CENTERED_LINE,
    COUNT_FORMAT,
    LINE,
    RED,
    SMALL,
    TWO_PLACES_FORMAT,
    UNIT_ENTRY,
    UNIT_FIGURE,
    UNIT_HEAD,
    UNIT_HINT,
    UNIT_REMARK,
    UNIT_SECTION,
    UNIT_TEXT,
    CellStyle,
    score_format,
    unlock_cell,
)
from pipeline.load.excel.text_size import POINTS_PER_UNIT, line_count, row_height
from pipeline.load.forms.cell_validation import column_validation, score_validation
from pipeline.text import vn_int
from schemas.forms import FormColumn, FormSheet
from schemas.measures import CONTACT_GROUPS
from schemas.rulebook import Rulebook

#: what may be done in the protected sheet
_ALLOWED = ("formatColumns", "formatRows")
#: lines of free text that a row has room for
_TEXT_LINES = 3
#: who signs the sheet, from left to right
_SIGNATURES = ("NGƯỜI LẬP PHIẾU", "THỦ TRƯỞNG ĐƠN VỊ")


@dataclass(frozen=True)
class UnitFacts:
    """A unit for its sheet. `unit`: the text of its name cell; `counts`: measure -> dossiers; `reason`: why there are
    no counts, "" if there are; `remarks`: key of an input -> what an earlier quarter had there (Vietnamese);
    `columns`: of the supplement, those that the unit is asked for.
    """

    unit: str
    level: str
    counts: Mapping[str, int]
    reason: str
    remarks: Mapping[str, str]
    columns: Sequence[FormColumn]


def write_unit_sheet(
    writer: SheetWriter,
    sheet: FormSheet,
    title: str,
    rulebook: Rulebook | None,
    facts: UnitFacts,
    choices: Mapping[str, str],
) -> None:
    """Write the sheet of a unit. `choices`: key of an input with a drop-down list -> range of the list."""
    columns = {c.key: number for number, c in enumerate(sheet.columns, 1)}
    row = _heading(writer, sheet, title, rulebook, facts)
    for key, number in columns.items():
        writer.put(row, number, sheet.column(key).header, UNIT_HEAD)
        writer.ws.cell(row, number).comment = help_comment(sheet.column(key).help)
    head = row
    validations = _Validations(writer.ws)
    heights: dict[int, float] = {}  # row -> points that the entry may need
    entry_columns = {c.key: c for c in (*input_columns(), note_column())}
    for line in unit_sheet_lines(rulebook, facts.level, facts.counts, facts.columns):
        row += 1
        if line.kind == "section":
            writer.put(row, 1, line.label, UNIT_SECTION, columns=len(columns))
            continue
        _write_line(writer, row, line, columns, facts)
        if line.kind == "input":
            column = entry_columns[line.key]
            cell = writer.ws.cell(row, columns["value"])
            cell.comment = help_comment(column.help)
            if column.kind != "count":
                heights[row] = _entry_height(column, sheet.column("value").width)
            kind = line.key if line.key in choices else column.kind
            validations.add(kind, cell.coordinate, column, choices.get(line.key, ""))
        elif line.kind in ("criterion", "total"):
            validations.add_score(writer.ws.cell(row, columns["score"]).coordinate, float(line.points or 0))
    _write_signatures(writer, row + 2, len(columns))
    writer.fit()
    for row, height in heights.items():
        writer.ws.row_dimensions[row].height = max(writer.ws.row_dimensions[row].height or 0, height)
    set_up_page(writer.ws, landscape=False, repeat=f"{head}:{head}")
    writer.ws.freeze_panes = f"A{head + 1}"
    protect_sheet(writer.ws, _ALLOWED)


def _heading(writer: SheetWriter, sheet: FormSheet, title: str, rulebook: Rulebook | None, facts: UnitFacts) -> int:
    """Title, instruction, unit, rulebook, and why there are no counts. Returns the row of the headers."""
    texts: list[tuple[str, CellStyle]] = [
        (title, BOLD_LINE.with_(size=13)),
        (sheet.lead, SMALL),
        (facts.unit, BOLD_LINE),
    ]
    if rulebook is not None:
        texts.append((f"Bộ tiêu chí: {rulebook.title}", LINE))
    if facts.reason:
        texts.append((facts.reason, BOLD_LINE.with_(color=RED)))
    return writer.put_lines(texts, len(sheet.columns))


def _write_line(writer: SheetWriter, row: int, line: Line, columns: Mapping[str, int], facts: UnitFacts) -> None:
    """A line of the sheet: number, label, points, count or input cell, score or input cell, hint."""
    scored = line.kind in ("criterion", "total")
    indent = 0 if scored or line.kind == "count" else 1
    text = UNIT_TEXT.with_(bold=scored, italic=line.kind == "band", indent=indent)
    writer.put(row, columns["stt"], line.number or None, UNIT_FIGURE.with_(bold=True))
    writer.put(row, columns["label"], line.label, text)
    points = None if line.points is None else float(line.points)
    writer.put(row, columns["points"], points, UNIT_FIGURE.with_(bold=scored, number=score_format(points, 2)))
    if line.key == NOTE:
        writer.put(row, columns["value"], None, UNIT_REMARK, columns=len(columns) - columns["value"] + 1)
        unlock_cell(writer.ws.cell(row, columns["value"]))
        return
    entered = line.kind == "input"
    value = UNIT_ENTRY if entered else UNIT_FIGURE.with_(bold=scored)
    writer.put(row, columns["value"], _line_count(line, facts.counts), value.with_(number=COUNT_FORMAT))
    score = UNIT_ENTRY if scored else UNIT_FIGURE
    writer.put(row, columns["score"], None, score.with_(number=TWO_PLACES_FORMAT))
    writer.put(row, columns["hint"], _hint(line, facts) or None, UNIT_HINT)
    if entered or scored:
        unlock_cell(writer.ws.cell(row, columns["value" if entered else "score"]))


def _line_count(line: Line, counts: Mapping[str, int]) -> int | None:
    """The signed sum of the counts of a line; None where it has none or one of them is unknown."""
    signed = [(m.removeprefix("-"), -1 if m.startswith("-") else 1) for m in line.counts]
    if not signed or any(m not in counts for m, _ in signed):
        return None
    return sum(sign * counts[m] for m, sign in signed)


def _hint(line: Line, facts: UnitFacts) -> str:
    """The help of an input with its remark, or the total that the lines of a group must add up to; "" for none."""
    if line.kind == "input":
        help_text = next((c.help for c in input_columns() if c.key == line.key), "")
        return " ".join(text for text in (help_text, facts.remarks.get(line.key, "")) if text)
    in_band = {c.key for c in input_columns() if c.band == line.label}
    if line.kind == "band" and any(in_band >= set(g) for g in CONTACT_GROUPS):
        resolved = facts.counts.get("resolved_total")
        amount = "" if resolved is None else f": {vn_int(resolved)}"
        return f"Các dòng dưới cộng lại đúng bằng số hồ sơ đã giải quyết{amount}."
    return ""


def _entry_height(column: FormColumn, width: float) -> float:
    """Points that a row needs for the longest entry of its drop-down list, or for free text. `width`: Excel's units."""
    entries = choice_names(column).values()
    lines_needed = max((line_count(e, BODY.size, width * POINTS_PER_UNIT) for e in entries), default=_TEXT_LINES)
    return row_height(lines_needed, BODY.size)


class _Validations:
    """The data validations of a sheet: one of each kind, for all the cells that it applies to."""

    def __init__(self, ws: Worksheet) -> None:
        self._ws = ws
        self._made: dict[str, DataValidation] = {}

    def add(self, kind: str, cell: str, column: FormColumn, choices: str) -> None:
        """Validate an input cell as its column in the supplement. `choices`: range of its drop-down list."""
        self._add(kind, cell, self._made.get(kind) or column_validation(column, choices))

    def add_score(self, cell: str, most: float) -> None:
        """Validate a cell as a score from 0 to `most`."""
        kind = f"score {most}"
        self._add(kind, cell, self._made.get(kind) or score_validation(most))

    def _add(self, kind: str, cell: str, check: DataValidation | None) -> None:
        if check is None:
            return
        if kind not in self._made:
            self._made[kind] = check
            self._ws.add_data_validation(check)
        validate_cell(check, cell)


def _write_signatures(writer: SheetWriter, row: int, width: int) -> None:
    """The date and the two signatures under the table, each over half of the columns."""
    half = width // 2
    places: Iterable[tuple[int, str]] = zip((1, half + 1), _SIGNATURES, strict=True)
    writer.put(
        row, half + 1, "………………, ngày …… tháng …… năm ………", CENTERED_LINE.with_(italic=True), columns=width - half
    )
    for column, text in places:
        writer.put(row + 1, column, text, CENTERED_LINE.with_(bold=True), columns=half)
        writer.put(row + 2, column, "(Ký, ghi rõ họ tên)", CENTERED_LINE.with_(italic=True), columns=half)
