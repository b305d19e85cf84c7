"""The workbook `cach-doc.xlsx`: how the exports were read, and white cells where the office has to say how.

A sheet a layout, to be printed across: the questions, below them what is clear. A second sheet lists the choices of the
drop-downs; a hidden one holds what the program reads back (`layouts/sheet_marks`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
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
    signature_mark,
)
from pipeline.load.excel.cell_ranges import validate_cell
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
    new_workbook,
    unlock_cell,
)
from pipeline.load.excel.text_size import POINTS_PER_UNIT, line_count, row_height
from pipeline.load.excel.xlsx_bytes import deterministic_xlsx, write_text
from pipeline.periods import Period
from pipeline.text import row_range, shortened_list, spelling_key, vn_int

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
#: headings of the questions and of what is clear
_ASKED: Final = "CÂU HỎI"
_CLEAR: Final = "ĐÃ RÕ, CHỈ ĐỂ XEM"
#: places of a layout that are named
_MOST_PLACES: Final = 6
#: what stands where nothing was decided
_NOTHING: Final = "–"
#: letters of the examples that fit on one line
_SHORT: Final = 24
_BLUE: Final = "1F3864"

_MARK: Final = SMALL.with_(size=7, color="808080")
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
    "2. Ghi họ tên ở ô “Người trả lời”, lưu tệp; vài phút sau được rà soát lại (hoặc chạy “Rà soát số liệu”, lệnh "
    "tthc check). Chưa có tên thì chưa câu nào được tính. "
    "Trả lời một lần, các quý sau không hỏi lại. Không biết chắc thì xoá trắng ô đó: câu được hỏi lại.",
    "3. Nền xám: đã khoá, chỉ để xem. Cột “Căn cứ”: “từ vựng” là chương trình biết mọi từ của tiêu đề; “khớp 8/8 dòng” "
    "là các phép cộng của bảng chỉ cho phép cách hiểu này; “xác nhận của …” là câu trả lời của văn phòng.",
)


@dataclass(frozen=True)
class WrittenWorkbook:
    """The workbook as .xlsx bytes, and where its white cells are.

    `cells`: signature and question -> the cell (`D12`); `names`: signature -> the cell of the name; `tabs`: signature
    -> the name of the sheet.
    """

    data: bytes
    cells: Mapping[tuple[str, Question], str]
    names: Mapping[str, str]
    tabs: Mapping[str, str]


@dataclass(frozen=True)
class _Cells:
    """The white cells of a sheet."""

    name: str
    answers: Mapping[Question, str]


def layout_workbook(sheets: Sequence[QuestionSheet], period: Period) -> WrittenWorkbook:
    """The workbook, the same for the same sheets. `sheets`: at least one."""
    workbook = new_workbook()
    writers = [
        SheetWriter(workbook, f"{number}. {_short_name(sheet.layout)}", [width for _, width in _HEADS])
        for number, sheet in enumerate(sheets, 1)
    ]
    lists = _Lists(workbook)
    written = [_write_sheet(writer, sheet, period, lists) for writer, sheet in zip(writers, sheets, strict=True)]
    lists.finish()
    _write_facts(workbook, sheets)
    workbook.active = 0
    workbook.properties.creator = "tthc check"
    workbook.properties.title = f"Cách đọc tệp của cổng – {period.name}"
    signatures = [sheet.layout.signature for sheet in sheets]
    return WrittenWorkbook(
        deterministic_xlsx(workbook),
        {(s, question): cell for s, w in zip(signatures, written, strict=True) for question, cell in w.answers.items()},
        {s: w.name for s, w in zip(signatures, written, strict=True)},
        {s: writer.ws.title for s, writer in zip(signatures, writers, strict=True)},
    )


def _short_name(layout: SharedLayout) -> str:
    file, sheet, _ = layout.places[0] if layout.places else ("", "", "")
    return sheet or file.rpartition(" › ")[2].rpartition(".")[0] or KIND_NAMES[layout.kind]


def _write_sheet(writer: SheetWriter, sheet: QuestionSheet, period: Period, lists: _Lists) -> _Cells:
    """The sheet of a layout: title, places, instructions, the name, a row for each question, then what is clear."""
    layout, width = sheet.layout, len(_HEADS)
    lines = [
        (sheet_title(layout.kind), _TITLE),
        (f"Kỳ {period.name}. Dùng cho: {_places(layout)}", LINE),
        *((text, SMALL) for text in _INSTRUCTIONS),
    ]
    row = writer.put_lines(lines, width)
    name = f"{get_column_letter(_ANSWER_COLUMN)}{row}"
    head = row = _write_name(writer, row, sheet)
    for column, (text, _) in enumerate(_HEADS, 1):
        writer.put(head, column, text, UNIT_HEAD)
    heights: dict[int, float] = {}
    answers: dict[Question, str] = {}
    for title, lines_of_section in groupby(_lines(sheet), key=lambda line: line[0]):
        row += 1
        writer.put(row, 1, title, UNIT_SECTION, columns=width)
        for _, decision, question in lines_of_section:
            row += 1
            if question is None:
                _write_row(writer, row, decision)
            else:
                answers[question] = _write_question(writer, row, sheet, question, lists)
                heights[row] = _tallest_option(decision)
    writer.ws.print_area = f"A1:{get_column_letter(width)}{row}"  # not the mark below, which only the program reads
    writer.put(row + 2, 1, signature_mark(layout.signature), _MARK, columns=width)
    writer.fit()
    for number, height in heights.items():
        dimension = writer.ws.row_dimensions[number]
        dimension.height = max(dimension.height or 0.0, height)
    set_up_page(writer.ws, landscape=True, repeat=f"{head}:{head}")
    writer.ws.freeze_panes = f"A{head + 1}"
    protect_sheet(writer.ws, _ALLOWED)
    return _Cells(name, answers)


def _places(layout: SharedLayout) -> str:
    """`II.06a-phong-ban.xlsx › II.06a, tiêu đề ở dòng 8–10; …`."""
    texts = [
        " › ".join(x for x in (file, tab) if x) + (f", tiêu đề ở {row_range(rows)}" if rows else "")
        for file, tab, rows in layout.places
    ]
    return shortened_list(texts, _MOST_PLACES, unit="bảng") + "."


def _write_name(writer: SheetWriter, row: int, sheet: QuestionSheet) -> int:
    """The cell of the name, and how many questions are open. Returns the row of the headings."""
    asked = len(sheet.asked)
    writer.put(row, 1, f"{NAME_LABEL}:", BOLD_LINE.with_(horizontal="right"), columns=_ANSWER_COLUMN - 1)
    writer.put(row, _ANSWER_COLUMN, sheet.by or None, _NAME)
    unlock_cell(writer.ws.cell(row, _ANSWER_COLUMN))
    note = f"← ghi họ tên. {_count(sheet)}" if asked else "Không có câu nào phải trả lời."
    writer.put(row, _ANSWER_COLUMN + 1, note, SMALL, columns=len(_HEADS) - _ANSWER_COLUMN)
    return row + 2


def _count(sheet: QuestionSheet) -> str:
    """`Có 4 ô trắng: 2 câu chưa rõ, 1 câu trả lời trái với số liệu, 1 câu đã trả lời.`."""
    asked, against = len(sheet.asked), len(_against(sheet))
    numbers = (
        (sheet.open - against, "câu chưa rõ"),
        (against, "câu trả lời trái với số liệu"),
        (asked - sheet.open, "câu đã trả lời"),
    )
    return f"Có {vn_int(asked)} ô trắng: " + ", ".join(f"{vn_int(n)} {what}" for n, what in numbers if n) + "."


def _against(sheet: QuestionSheet) -> list[Question]:
    return [q for q in sheet.unsettled if (d := sheet.layout.decision(q)) is not None and d.against]


def _lines(sheet: QuestionSheet) -> Iterator[tuple[str, Decision, Question | None]]:
    """(section, decision, question if its cell is white) in the order of the sheet: the questions first."""
    asked = set(sheet.asked)
    numbers = {topic: position for position, topic in enumerate(TOPIC_NAMES)}
    for question in sheet.asked:
        decision = sheet.layout.decision(question)
        if decision is not None:
            yield f"{_ASKED} · {TOPIC_NAMES[decision.topic]}", decision, question
    for decision in (*_columns(sheet.layout), *sorted(_others(sheet.layout), key=lambda d: numbers[d.topic])):
        if (decision.topic, decision.subject) not in asked:
            yield f"{_CLEAR} · {TOPIC_NAMES[decision.topic]}", decision, None


def _others(layout: SharedLayout) -> Iterator[Decision]:
    return (d for d in layout.decisions if d.topic != "column")


def _columns(layout: SharedLayout) -> Iterator[Decision]:
    """The decisions about columns in the order of the header.

    Of a table also the columns about which nothing was decided; a list has many that are not read.
    """
    decided = {d.subject: d for d in layout.decisions if d.topic == "column"}
    shown: set[str] = set()
    for path in layout.header:
        subject = column_subject(path)
        if subject and (subject not in decided or subject in shown):
            if layout.kind == "list":
                continue
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


def _write_question(writer: SheetWriter, row: int, sheet: QuestionSheet, question: Question, lists: _Lists) -> str:
    """A row with a white cell and its drop-down. Returns the cell."""
    decision = sheet.layout.decision(question)
    assert decision is not None  # what is asked is a decision of the layout
    text, guess = sheet.texts.get(question, ""), guess_text(decision)
    guessed = decision.ground == "open" and bool(text) and text == guess and not sheet.by
    writer.put(row, 1, sheet.asked.index(question) + 1, _NUMBER)
    writer.put(row, 2, decision.shown, _GREY)
    writer.put(row, 3, _examples(decision) or None, _GREY)
    writer.put(row, _ANSWER_COLUMN, text or None, _GUESS if guessed else _WHITE)
    writer.put(row, 5, _ground(decision), _GREY)
    writer.put(row, 6, _to_do(decision, text, guessed=guessed, named=bool(sheet.by)), _TO_DO)
    cell = writer.ws.cell(row, _ANSWER_COLUMN)
    unlock_cell(cell)
    lists.add_to(writer, cell.coordinate, decision.options)
    return str(cell.coordinate)


def _to_do(decision: Decision, text: str, *, guessed: bool, named: bool) -> str:
    """What is left to do about a white cell. `named`: the sheet has a name."""
    if decision.ground == "confirmed" and text != guess_text(decision):
        return _changed(decision, text, named)
    if decision.against:
        return "trái với số liệu: chọn lại"
    if decision.ground == "confirmed":
        return "đã trả lời"
    if guessed:
        return "đoán: xem lại"
    return _changed(decision, text, named) if text else "chưa rõ: chọn"


def _changed(decision: Decision, text: str, named: bool) -> str:
    """Why a text is not used yet."""
    if text and spelling_key(text) not in {spelling_key(o.text) for o in decision.options}:
        return "không có trong danh sách: chọn lại"
    what = "đã chọn" if text else "đã xoá trắng"
    return f"{what}, chưa được dùng" if named else f"{what}, còn thiếu tên"


def _ground(decision: Decision) -> str:
    """`khớp 8/8 dòng`, `từ vựng`, `chưa rõ: …`, `trái với số liệu: …`."""
    if decision.against:
        return f"trái với số liệu: {decision.against}"
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
        validate_cell(self._checks[key], cell)

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
