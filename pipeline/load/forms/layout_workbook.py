"""The workbook `cach-doc.xlsx`: how the exports were read, and white cells where the office has to say how.

A sheet a layout, to be printed on one page across. A second sheet lists the choices of the drop-downs; a hidden one
holds what the program reads back (`layouts/sheet_marks`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from pipeline.layouts.confirmed import Question
from pipeline.layouts.decisions import Decision, Option, column_subject
from pipeline.layouts.question_sheets import (
    KIND_NAMES,
    TOPIC_NAMES,
    QuestionSheet,
    SharedLayout,
    guess_text,
    meaning_text,
)
from pipeline.layouts.sheet_marks import (
    ANSWER_HEAD,
    FACTS_TITLE,
    LISTS_TITLE,
    NAME_LABEL,
    NUMBER_HEAD,
    fact_cells,
    sheet_title,
)
from pipeline.load.excel.page_setup import protect_sheet, set_up_page
from pipeline.load.excel.sheet_writer import SheetWriter
from pipeline.load.excel.styles import (
    BODY,
    BOLD_LINE,
    LINE,
    LOCKED_GREY,
    SMALL,
    UNIT_HEAD,
    UNIT_SECTION,
    WHITE,
    CellStyle,
    new_workbook,
    unlock_cell,
)
from pipeline.load.excel.text_size import POINTS_PER_UNIT, line_count, row_height
from pipeline.load.excel.xlsx_bytes import deterministic_xlsx, write_text
from pipeline.periods import Period
from pipeline.text import shortened_list, vn_int

#: headings of the columns and their widths, in Excel's units
_HEADS: Final = (
    (NUMBER_HEAD, 6.0),
    ("Tiêu đề trên tệp", 34.0),
    ("Ví dụ trên tệp", 20.0),
    (ANSWER_HEAD, 42.0),
    ("Căn cứ", 34.0),
    ("Cần làm", 18.0),
)
_ANSWER_COLUMN: Final = [head for head, _ in _HEADS].index(ANSWER_HEAD) + 1
#: what may be done in the protected sheet
_ALLOWED: Final = ("formatColumns", "formatRows")
#: places of a layout that are named
_MOST_PLACES: Final = 6
#: what stands where nothing was decided
_NOTHING: Final = "–"
#: letters of the examples that fit on one line
_SHORT: Final = 24
_BLUE: Final = "1F3864"

_TITLE: Final = BOLD_LINE.with_(size=13)
_GREY: Final = BODY.with_(size=11, fill=LOCKED_GREY)
_NUMBER: Final = _GREY.with_(horizontal="center", bold=True)
_WHITE: Final = BODY.with_(size=11, fill=WHITE)
_GUESS: Final = _WHITE.with_(italic=True, color=_BLUE)
_TO_DO: Final = _GREY.with_(bold=True)
_NAME: Final = _WHITE.with_(bold=True)
#: ground of a decision -> how the sheet says it
_GROUNDS: Final = {"known": "từ vựng", "proven": "số liệu của bảng", "confirmed": "đã trả lời", "open": "chưa rõ"}
_INSTRUCTIONS: Final = (
    "1. Xem các câu có số ở cột “Câu”: chọn câu trả lời ở ô trắng (bấm mũi tên bên phải ô). Chữ xanh nghiêng là câu "
    "chương trình đoán: đúng thì để nguyên, sai thì chọn câu khác.",
    "2. Ghi họ tên ở ô “Người trả lời”, lưu tệp, rồi chạy lại “tthc check”. Chưa có tên thì chưa câu nào được tính. "
    "Trả lời một lần, các quý sau không hỏi lại.",
)


def layout_workbook(sheets: Sequence[QuestionSheet], period: Period) -> bytes:
    """The workbook as .xlsx bytes, the same for the same sheets. `sheets`: at least one."""
    workbook = new_workbook()
    writers = [
        SheetWriter(workbook, f"{number}. {_short_name(sheet.layout)}", [width for _, width in _HEADS])
        for number, sheet in enumerate(sheets, 1)
    ]
    lists = _Lists(workbook)
    for writer, sheet in zip(writers, sheets, strict=True):
        _write_sheet(writer, sheet, period, lists)
    lists.finish()
    _write_facts(workbook, sheets)
    workbook.active = 0
    workbook.properties.creator = "tthc check"
    workbook.properties.title = f"Cách đọc tệp của cổng – {period.name}"
    return deterministic_xlsx(workbook)


def _short_name(layout: SharedLayout) -> str:
    file, sheet, _ = layout.places[0] if layout.places else ("", "", "")
    return sheet or file.rpartition(" › ")[2].rpartition(".")[0] or KIND_NAMES[layout.kind]


def _write_sheet(writer: SheetWriter, sheet: QuestionSheet, period: Period, lists: _Lists) -> None:
    """The sheet of a layout: title, places, instructions, the name, then a row for each column and question."""
    layout, width = sheet.layout, len(_HEADS)
    lines = [
        (sheet_title(layout.kind, layout.signature), _TITLE),
        (f"Kỳ {period.name}. Dùng cho: {_places(layout)}", LINE),
        *((text, SMALL) for text in _INSTRUCTIONS),
    ]
    row = writer.put_lines(lines, width)
    row = _write_name(writer, row, sheet)
    head = row
    for column, (text, _) in enumerate(_HEADS, 1):
        writer.put(head, column, text, UNIT_HEAD)
    heights: dict[int, float] = {}
    for title, lines_of_topic in groupby(_lines(sheet), key=lambda line: line[0]):
        row += 1
        writer.put(row, 1, title, UNIT_SECTION, columns=width)
        for _, decision, question in lines_of_topic:
            row += 1
            if question is None:
                _write_row(writer, row, decision)
            else:
                _write_question(writer, row, sheet, question, lists)
                heights[row] = _tallest_option(decision)
    row = _write_legend(writer, row + 2)
    writer.fit()
    for number, height in heights.items():
        dimension = writer.ws.row_dimensions[number]
        dimension.height = max(dimension.height or 0.0, height)
    set_up_page(writer.ws, landscape=True, repeat=f"{head}:{head}")
    writer.ws.freeze_panes = f"A{head + 1}"
    protect_sheet(writer.ws, _ALLOWED)


def _places(layout: SharedLayout) -> str:
    """`II.06a-phong-ban.xlsx › II.06a, tiêu đề ở dòng 8:10; …`."""
    texts = [
        " › ".join(x for x in (file, tab) if x) + (f", tiêu đề ở dòng {rows.replace(':', '–')}" if rows else "")
        for file, tab, rows in layout.places
    ]
    return shortened_list(texts, _MOST_PLACES, unit="bảng") + "."


def _write_name(writer: SheetWriter, row: int, sheet: QuestionSheet) -> int:
    """The cell of the name, and how many questions are open. Returns the row of the headings."""
    asked = len(sheet.asked)
    writer.put(row, 1, f"{NAME_LABEL}:", BOLD_LINE.with_(horizontal="right"), columns=_ANSWER_COLUMN - 1)
    writer.put(row, _ANSWER_COLUMN, sheet.by or None, _NAME)
    unlock_cell(writer.ws.cell(row, _ANSWER_COLUMN))
    count = f"← ghi họ tên. Có {vn_int(asked)} ô trắng, {vn_int(sheet.open)} câu chưa rõ."
    note = count if asked else "Không có câu nào phải trả lời."
    writer.put(row, _ANSWER_COLUMN + 1, note, SMALL, columns=len(_HEADS) - _ANSWER_COLUMN)
    return row + 2


def _lines(sheet: QuestionSheet) -> Iterator[tuple[str, Decision, Question | None]]:
    """(section, decision, question if its cell is white) in the order of the sheet: the header's columns first."""
    asked = set(sheet.asked)
    numbers = {topic: position for position, topic in enumerate(TOPIC_NAMES)}
    for decision in (*_columns(sheet.layout), *sorted(_others(sheet.layout), key=lambda d: numbers[d.topic])):
        question = (decision.topic, decision.subject)
        yield TOPIC_NAMES[decision.topic], decision, question if question in asked else None


def _others(layout: SharedLayout) -> Iterator[Decision]:
    return (d for d in layout.decisions if d.topic != "column")


def _columns(layout: SharedLayout) -> Iterator[Decision]:
    """The decisions about columns in the order of the header, with the columns about which nothing was decided."""
    decided = {d.subject: d for d in layout.decisions if d.topic == "column"}
    shown: set[str] = set()
    for path in layout.header:
        subject = column_subject(path)
        if subject and (subject not in decided or subject in shown):
            why = "cùng tiêu đề với cột trên" if subject in shown else "–"
            meaning = decided[subject].meaning if subject in decided else ""
            yield Decision("column", subject, " › ".join(path), meaning, "known", why)
        elif subject:
            yield decided[subject]
        shown.add(subject)
    yield from (d for subject, d in decided.items() if subject not in shown)


def _write_row(writer: SheetWriter, row: int, decision: Decision) -> None:
    """A row that is only to be read."""
    known = meaning_text(decision, decision.meaning) or _NOTHING
    meaning = "chưa rõ" if decision.ground == "open" else known
    texts = ("", decision.shown, _examples(decision), meaning, _ground(decision), "")
    for column, text in enumerate(texts, 1):
        writer.put(row, column, text or None, _GREY)


def _write_question(writer: SheetWriter, row: int, sheet: QuestionSheet, question: Question, lists: _Lists) -> None:
    """A row with a white cell and its drop-down."""
    decision = sheet.layout.decision(question)
    assert decision is not None  # what is asked is a decision of the layout
    text, guess = sheet.texts.get(question, ""), guess_text(decision)
    guessed = decision.ground == "open" and bool(text) and text == guess and not sheet.by
    writer.put(row, 1, sheet.asked.index(question) + 1, _NUMBER)
    writer.put(row, 2, decision.shown, _GREY)
    writer.put(row, 3, _examples(decision) or None, _GREY)
    writer.put(row, _ANSWER_COLUMN, text or None, _GUESS if guessed else _WHITE)
    writer.put(row, 5, _ground(decision), _GREY)
    writer.put(row, 6, _to_do(decision, text, guessed), _TO_DO)
    cell = writer.ws.cell(row, _ANSWER_COLUMN)
    unlock_cell(cell)
    lists.add_to(writer, cell.coordinate, decision.options)


def _to_do(decision: Decision, text: str, guessed: bool) -> str:
    if guessed:
        return "đoán: xem lại"
    if not text:
        return "chưa rõ: chọn"
    return "đã trả lời" if decision.ground == "confirmed" else "đã chọn"


def _ground(decision: Decision) -> str:
    """`khớp 8/8 dòng`, `từ vựng`, `chưa rõ: …`."""
    words = _GROUNDS[decision.ground]
    return f"{words}: {decision.reason}" if decision.ground == "open" and decision.reason else decision.reason or words


def _examples(decision: Decision) -> str:
    line = "; ".join(decision.examples)
    return line if len(line) <= _SHORT else "\n".join(decision.examples)


def _tallest_option(decision: Decision) -> float:
    """Points that the longest choice of a question needs in its cell."""
    width = dict(_HEADS)[ANSWER_HEAD] * POINTS_PER_UNIT
    lines = max((line_count(o.text, _WHITE.size, width) for o in decision.options), default=1)
    return row_height(lines, _WHITE.size)


def _write_legend(writer: SheetWriter, row: int) -> int:
    """What the looks of the cells mean. Returns the first row after it."""
    writer.put(row, 1, "Chú giải", BOLD_LINE, columns=2)
    legend: tuple[tuple[str, CellStyle, str], ...] = (
        ("chữ xanh nghiêng", _GUESS, "ô trắng, câu trả lời do chương trình đoán: xem lại, sai thì chọn câu khác"),
        ("chữ đứng", _WHITE, "ô trắng, câu trả lời đã chọn"),
        ("nền xám", _GREY, "chương trình đã rõ, đã khoá: chỉ để xem"),
        ("từ vựng", _GREY, "căn cứ: chương trình biết mọi từ của tiêu đề, số liệu không trái"),
        ("khớp 8/8 dòng", _GREY, "căn cứ: các phép cộng của bảng chỉ cho phép cách hiểu này"),
        ("xác nhận của …", _GREY, "căn cứ: câu trả lời của văn phòng; muốn đổi thì chạy “tthc layouts”"),
    )
    for offset, (sample, style, meaning) in enumerate(legend, 1):
        writer.put(row + offset, 1, sample, style, columns=2)
        writer.put(row + offset, 3, meaning, LINE.with_(size=11), columns=len(_HEADS) - 2)
    return row + len(legend) + 1


class _Lists:
    """The sheet “Danh mục”: each list of choices once, and the validations of the cells that use it."""

    def __init__(self, workbook: Workbook) -> None:
        self._writer = SheetWriter(workbook, "Danh mục", [])
        self._ranges: dict[tuple[Option, ...], str] = {}
        self._checks: dict[tuple[str, str], DataValidation] = {}

    def add_to(self, writer: SheetWriter, cell: str, options: tuple[Option, ...]) -> None:
        """Give a cell the drop-down of these options."""
        if options not in self._ranges:
            self._ranges[options] = self._write(options)
        key = (writer.ws.title, self._ranges[options])
        if key not in self._checks:
            check = DataValidation("list", formula1=self._ranges[options], allow_blank=False)
            check.errorStyle, check.showErrorMessage = "stop", True
            check.errorTitle, check.error = "Câu trả lời", "Chọn một câu trong danh sách của ô."
            self._checks[key] = check
            writer.ws.add_data_validation(check)
        self._checks[key].add(cell)

    def _write(self, options: tuple[Option, ...]) -> str:
        """Write a list into the next column. Returns its range."""
        column = len(self._ranges) + 1
        letter = get_column_letter(column)
        self._writer.widths.append(60.0)
        self._writer.ws.column_dimensions[letter].width = 60.0
        self._writer.put(3, column, f"Danh sách {column}", UNIT_HEAD)
        for row, option in enumerate(options, 4):
            self._writer.put(row, column, option.text, _GREY)
        return f"'{self._writer.ws.title}'!${letter}$4:${letter}${3 + len(options)}"

    def finish(self) -> None:
        """Complete the sheet when all lists are written."""
        write_text(self._writer.ws["A1"], LISTS_TITLE)
        self._writer.fit()
        set_up_page(self._writer.ws, landscape=True)
        protect_sheet(self._writer.ws, _ALLOWED)


def _write_facts(workbook: Workbook, sheets: Sequence[QuestionSheet]) -> None:
    """The hidden sheet that the program reads back."""
    hidden = workbook.create_sheet("Dữ liệu")
    write_text(hidden["A1"], FACTS_TITLE)
    for row, sheet in enumerate(sheets, 3):
        for column, text in enumerate(fact_cells(sheet), 1):
            write_text(hidden.cell(row, column), text)
    hidden.sheet_state = "hidden"
    protect_sheet(hidden)
